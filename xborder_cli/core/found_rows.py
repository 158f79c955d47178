"""Which row of a duty table a lookup found for each item line, and how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.core.columns import IntColumn, Mask, both, negate
from xborder_cli.core.condition import lines_where
from xborder_cli.core.duty import shelved
from xborder_cli.core.flags import ORDER

if TYPE_CHECKING:
    from xborder_cli.core.rule import Lookup
    from xborder_cli.core.run import Run
    from xborder_cli.core.step import Node
    from xborder_cli.core.tariff_line import Choice

NO_ROW = -1


def row_levels(run: Run, node: Node, lookup: Lookup) -> IntColumn:
    """Return the confidence of the row that a lookup found, as an index into ORDER.

    Of several item lines with different rows the line's explanation names one: see `named_row`.

    Returns:
        Shape (n,); NO_ROW where none was found, or the row leaves it to its charge.
    """
    key = _key("levels", run, node, lookup)
    return run.tile.kept(key, lambda: _Rows(run, node, lookup).levels())


def rows_of_lines(run: Run, node: Node, lookup: Lookup) -> tuple[Choice, ...]:
    """Return the rows found for the item lines of the one parcel, in their order, each once."""
    rows = _rows(run, node, lookup)
    found = [rows.choices[one] for one in dict.fromkeys(rows.line.tolist())]
    return tuple(choice for choice in found if choice is not None)


def choices_of_lines(run: Run, node: Node, lookup: Lookup) -> tuple[Choice | None, ...]:
    """Return the row found for each item line of the one parcel; None where there is none."""
    rows = _rows(run, node, lookup)
    return tuple(rows.choices[one] for one in rows.line.tolist())


def named_row(run: Run, node: Node, lookup: Lookup) -> Choice | None:
    """Return the row that the charge of the one parcel names: that of the rate met last."""
    rows = _rows(run, node, lookup)
    lines = tuple(zip(rows.key.tolist(), rows.line.tolist(), strict=True))
    return rows.choices[rows.last(lines)] if any(rows.line.tolist()) else None


def _rows(run: Run, node: Node, lookup: Lookup) -> _Rows:
    return run.tile.kept(_key("rows", run, node, lookup), _Rows, run, node, lookup)


def _key(what: str, run: Run, node: Node, lookup: Lookup) -> tuple[object, ...]:
    step = run.step_of(node)
    return what, lookup, step.market if step.event == "export" else ""


class _Rows:
    """The rows that a lookup found for each item line of a tile."""

    def __init__(self, run: Run, node: Node, lookup: Lookup) -> None:
        self.run = run
        self.shelf, self.key, _ = shelved(run, node, lookup)
        self.choices = self.shelf.choices
        # key -> row with a condition -> its turn
        self.places: dict[int, dict[int, int]] = {}
        self.line = self._find()

    def _find(self) -> IntColumn:
        """Return the place of each line's row among `choices`."""
        shelf = self.shelf
        line = shelf.first[self.key]
        if not shelf.conditional:
            return line
        present = np.zeros(shelf.first.size, dtype=bool)
        present[self.key] = True
        for one, choices in shelf.conditional.items():
            if present[one]:
                self.places[one] = {shelf.turn(choice): turn for turn, choice in enumerate(choices)}
                line = self._first_that_holds(self.key == one, choices, line)
        return line

    def _first_that_holds(
        self,
        here: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
        choices: list[Choice],
        line: IntColumn,
    ) -> IntColumn:
        before = self.run.aside()
        open_: Mask = here
        for choice in choices:
            fits = lines_where(self.run, choice.row.when, open_)
            line = np.where(fits, self.shelf.turn(choice), line)
            open_ = both(open_, negate(fits))
        self.run.keep(before, False)  # the lookup itself has said it already
        return line

    def levels(self) -> IntColumn:
        """Return the level of each parcel."""
        parcels = self.run.parcels
        of = np.array([_level(choice) for choice in self.choices], dtype=np.int64)
        levels = of[self.line]
        if parcels.single:
            return levels
        # lines without a row say nothing; those with one mostly agree
        found = self.line > 0
        low = np.where(found, levels, len(ORDER))
        high = np.where(found, levels, NO_ROW - 1)
        least = np.minimum.reduceat(low, parcels.starts)
        most = np.maximum.reduceat(high, parcels.starts)
        out = np.where(most > NO_ROW, most, NO_ROW)
        unlike = np.flatnonzero((least != most) & (most >= NO_ROW))
        if unlike.size:
            self._decide(unlike, out, of)
        return out

    def _decide(self, unlike: IntColumn, out: IntColumn, of: IntColumn) -> None:
        """Set the level of parcels whose lines disagree."""
        parcels = self.run.parcels
        known: dict[tuple[tuple[int, int], ...], int] = {}
        starts, counts = parcels.starts, parcels.line_count
        for parcel in unlike.tolist():
            span = slice(int(starts[parcel]), int(starts[parcel] + counts[parcel]))
            lines = tuple(zip(self.key[span].tolist(), self.line[span].tolist(), strict=True))
            if lines not in known:
                known[lines] = int(of[self.last(lines)])
            out[parcel] = known[lines]

    def last(self, lines: tuple[tuple[int, int], ...]) -> int:
        """Return the row of the rate met last when these lines are all there is.

        Rows that hold for certain are met first, in order of the lines, and equal rates of a
        programme are one; then rows with conditions, kind of goods by kind, best first.
        """
        keys = list(dict.fromkeys(key for key, _ in lines))
        certain = [row for key, row in lines if key not in self.places and row]
        tested = sorted(
            {
                (keys.index(key), self.places[key][row], row)
                for key, row in lines
                if key in self.places and row
            }
        )
        met: dict[tuple[int, int], int] = {}
        for row in [*certain, *(row for _, _, row in tested)]:
            choice = self.choices[row]
            assert choice is not None
            met.setdefault(_rate_key(choice), row)
        return list(met.values())[-1]


def _rate_key(choice: Choice) -> tuple[int, int]:
    """Return what tells one rate from another, as a lookup numbers them."""
    row = choice.row
    return id(choice.programme), -1 - id(row) if row.when else row.code


def _level(choice: Choice | None) -> int:
    if choice is None or not choice.row.provenance.table:
        return NO_ROW
    return ORDER.index(choice.row.provenance.confidence)
