"""Goods and places numbered alike in every block: what was looked up for one serves all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core.parcels import Codes, Parcels

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xborder_cli.core.parcels import Thing

MOST: Final = 20_000  # kinds of goods numbered at once: files of ever new goods fill no memory


class Numbering:
    """Numbers of goods, in the order in which a run met them."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._number: dict[Thing, int] = {}
        self._things: tuple[Thing, ...] = ()

    def learn(self, groups: Iterable[Parcels]) -> None:
        """Number the goods of a block before any of it is priced."""
        things = dict.fromkeys(thing for parcels in groups for thing in parcels.things)
        if len(self._number) + len(things) > MOST:
            self._number.clear()
            self._things = ()
        for thing in things:
            self._number.setdefault(thing, len(self._number))
        if len(self._things) != len(self._number):
            self._things = tuple(self._number)

    def renumbered(self, parcels: Parcels) -> Parcels:
        """Return the same parcels under the numbers of the run."""
        codes = [self._number[thing] for thing in parcels.things]
        return replace(
            parcels,
            things=self._things,
            line_thing=np.array(codes, dtype=np.int64)[parcels.line_thing],
            destination=_sorted(parcels.destination),
        )


def _sorted(column: Codes) -> Codes:
    """Return the same names a row, numbered in their own order; none that no row has."""
    if column.codes is None:
        return column
    used = np.flatnonzero(np.bincount(column.codes, minlength=len(column.names)))
    names = sorted(column.names[code] for code in used.tolist())
    if len(names) == 1:
        return Codes((names[0],))
    place = {name: code for code, name in enumerate(names)}
    codes = np.array([place.get(name, 0) for name in column.names], dtype=np.int64)
    return Codes(tuple(names), codes[column.codes])
