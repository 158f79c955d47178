"""What pieces of goods measure by the goods tables, where lines do not state it: a shoe's pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core.measures import MICRO
from xborder_cli.core.parcels import UNSTATED
from xborder_cli.core.wording import number
from xborder_cli.units import PLURALS

if TYPE_CHECKING:
    from xborder_cli.core.book import Book
    from xborder_cli.core.columns import BoolColumn, IntColumn
    from xborder_cli.core.parcels import Thing
    from xborder_cli.core.rule import Ratio
    from xborder_cli.core.run import Run

KEPT: Final = 64  # files or quotes whose goods are remembered, by unit
_PLURAL = {one: many for many, one in PLURALS.items()}


@dataclass(frozen=True, slots=True)
class Piece:
    """What a piece of some goods measures, and which kinds of goods of all lines it is."""

    slug: str
    measure: Ratio
    things: BoolColumn


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
    for piece in _pieces_of(run.tile.book, parcels.things, name):
        own = piece.things[parcels.line_thing]
        lines = own if column is None else own & (column == UNSTATED)
        if not bool(lines.any()):
            continue
        many, of = piece.measure
        micro = (2 * many * MICRO + of) // (2 * of)
        before = np.full(parcels.line_thing.size, UNSTATED) if column is None else column
        column = np.where(lines, parcels.line_quantity * micro, before)
        taken.append((lines, _words(piece.slug, name, piece.measure)))
    return column, taken


def _pieces_of(book: Book, things: tuple[Thing, ...], name: str) -> list[Piece]:
    """Return the goods whose pieces measure a unit; found once for all blocks of a file."""
    key = (id(things), name)
    known = book.pieces.get(key)
    if known is None:
        if len(book.pieces) > KEPT:
            book.pieces.clear()
        found = []
        for slug in dict.fromkeys(thing.goods for thing in things if thing.goods):
            goods = book.goods.get(slug)
            measure = dict(goods.units).get(name) if goods is not None else None
            if measure is not None:
                own = np.array([thing.goods == slug for thing in things])
                found.append(Piece(slug, measure, own))
        known = book.pieces[key] = (things, found)  # kept: its identity is in the key
    return known[1]


def _words(slug: str, name: str, piece: Ratio) -> str:
    unit = name if piece == (1, 1) else _PLURAL.get(name, name)
    return f"a piece of {slug} taken as {number(piece)} {unit} (--unit {name}=N otherwise)"
