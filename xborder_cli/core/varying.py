"""What differs from parcel to parcel although it is no number: where and how it is sold.

Such an attribute is VARIES, and a column beside it tells each parcel's own. Cards that take a
share of the sale are steps of one chain then, each of its own rows: a route is priced once,
whatever marketplaces and payments its parcels have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core.columns import IntColumn, Mask, either, settle
from xborder_cli.core.parcels import Codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xborder_cli.core.parcels import Parcels
    from xborder_cli.core.program import Program
    from xborder_cli.core.rule import RateCard

# attributes that may differ among parcels priced together
MAY_VARY: Final = ("platform", "payment", "category")


def named_so(parcels: Parcels, attribute: str, names: Iterable[str]) -> Mask:
    """Return which parcels have one of some names under an attribute that varies."""
    codes = parcels.varying[attribute]
    wanted = set(names)
    hit = np.array([name in wanted for name in codes.names], dtype=bool)
    return settle(hit if codes.codes is None else hit[codes.codes])


def not_this_way(parcels: Parcels, absent: Iterable[tuple[str, str]]) -> Mask:
    """Return which parcels a chain is not for: their names have no card that it would take.

    Args:
        parcels: n of them.
        absent: attributes and names.
    """
    out: Mask = False
    for attribute, name in absent:
        out = either(out, named_so(parcels, attribute, (name,)))
    return out


def own_steps(
    parcels: Parcels, program: Program, rows: IntColumn
) -> Iterator[tuple[IntColumn | None, tuple[RateCard, ...], frozenset[int]]]:
    """Yield the rows that share the steps of a route: which, their cards, steps of others.

    Args:
        parcels: of the route.
        program: the route's.
        rows: k of the parcels.

    Yields:
        Places among the rows, None for all of them.
    """
    named = {number: step for number, step in enumerate(program.steps) if step.named}
    if not named:
        yield None, _cards(program, frozenset()), frozenset()
        return
    legs = sorted({step.leg for step in named.values()})
    key = np.zeros(rows.size, dtype=np.int64)
    for leg in legs:
        codes = parcels.varying[leg]
        own = 0 if codes.codes is None else codes.codes[rows]
        key = key * len(codes.names) + own
    for one in np.unique(key).tolist():
        names, rest = {}, one
        for leg in reversed(legs):
            rest, code = divmod(rest, len(parcels.varying[leg].names))
            names[leg] = parcels.varying[leg].names[code]
        others = frozenset(at for at, step in named.items() if step.named != names[step.leg])
        yield np.flatnonzero(key == one), _cards(program, others), others


def _cards(program: Program, others: frozenset[int]) -> tuple[RateCard, ...]:
    return tuple(
        step.card
        for number, step in enumerate(program.steps)
        if step.card is not None and number not in others
    )


def present(codes: Codes) -> Codes:
    """Return the same names without those that no row has."""
    if codes.codes is None:
        return codes
    seen = np.zeros(len(codes.names), dtype=bool)
    seen[codes.codes] = True
    if seen.all():
        return codes
    kept = np.flatnonzero(seen)
    if kept.size == 1:
        return Codes((codes.names[int(kept[0])],))
    numbers = np.cumsum(seen) - 1
    return Codes(tuple(codes.names[code] for code in kept.tolist()), numbers[codes.codes])
