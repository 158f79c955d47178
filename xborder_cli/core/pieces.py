"""What pieces of goods measure by the goods tables, where lines do not state it: a shoe's pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.core.measures import MICRO
from xborder_cli.core.parcels import UNSTATED
from xborder_cli.core.wording import number
from xborder_cli.units import PLURALS

if TYPE_CHECKING:
    from xborder_cli.core.columns import BoolColumn, IntColumn
    from xborder_cli.core.rule import Ratio
    from xborder_cli.core.run import Run

_PLURAL = {one: many for many, one in PLURALS.items()}


def unit_of_lines(run: Run, name: str) -> tuple[IntColumn | None, list[tuple[BoolColumn, str]]]:
    """Return what lines measure in a unit: as stated, else by what a piece of their goods is.

    Args:
        run: the parcels.
        name: of a unit that goods state, such as pair or litre.

    Returns:
        Millionths of the unit, shape (lines,), UNSTATED where neither tells; None without any.
        And what was taken by goods: for which lines, in words.
    """
    parcels = run.parcels
    column = parcels.line_units.get(name)
    if column is not None and not bool((column == UNSTATED).any()):
        return column, []
    taken = []
    for slug in dict.fromkeys(thing.goods for thing in parcels.things if thing.goods):
        goods = run.tile.book.goods.get(slug)
        piece = dict(goods.units).get(name) if goods is not None else None
        if piece is None:
            continue
        own = np.array([thing.goods == slug for thing in parcels.things])[parcels.line_thing]
        lines = own if column is None else own & (column == UNSTATED)
        if not bool(lines.any()):
            continue
        micro = (2 * piece[0] * MICRO + piece[1]) // (2 * piece[1])
        before = np.full(parcels.line_thing.size, UNSTATED) if column is None else column
        column = np.where(lines, parcels.line_quantity * micro, before)
        taken.append((lines, _words(slug, name, piece)))
    return column, taken


def _words(slug: str, name: str, piece: Ratio) -> str:
    unit = name if piece == (1, 1) else _PLURAL.get(name, name)
    return f"a piece of {slug} taken as {number(piece)} {unit} (--unit {name}=N otherwise)"
