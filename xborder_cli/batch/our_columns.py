"""The cells of a block under our column names, as codes into distinct texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from xborder_cli.batch.coded import BLANK, Coded

if TYPE_CHECKING:
    from xborder_cli.batch.block import Block
    from xborder_cli.batch.headings import Meanings
    from xborder_cli.core.columns import BoolColumn, IntColumn


@dataclass(frozen=True, slots=True)
class OurColumns:
    """Columns of n rows and m orders, and which orders are not plain."""

    rows: dict[str, Coded]  # our column -> shape (n,)
    units: dict[str, str]  # our column -> unit of its heading
    order: IntColumn  # shape (n,)
    starts: IntColumn  # shape (m,): first row of each order
    size: IntColumn  # shape (m,): its rows
    odd: BoolColumn  # shape (m,): orders that are left to the scalar reader; grows

    @property
    def n(self) -> int:
        """Rows."""
        return self.order.size

    @property
    def m(self) -> int:
        """Orders."""
        return self.starts.size

    @property
    def single(self) -> bool:
        """Tell whether every order has one row."""
        return self.n == self.m

    def column(self, name: str) -> Coded:
        """Return a column of ours, blank where the file has none."""
        found = self.rows.get(name)
        return found if found is not None else blank_column(self.n)

    def of_orders(self, name: str) -> Coded:
        """Return what the rows of each order say of the whole; those that disagree are odd."""
        column = self.column(name)
        if self.single or not len(column.texts):
            return column if self.single else blank_column(self.m)
        most = np.maximum.reduceat(column.codes, self.starts)
        last = len(column.texts)
        least = np.minimum.reduceat(np.where(column.codes < 0, last, column.codes), self.starts)
        self.odd[:] |= (most >= 0) & (least != most)
        return Coded(column.texts, most)

    def doubt(self, rows: BoolColumn) -> None:
        """Leave the orders of some rows to the scalar reader."""
        if self.single:
            self.odd[:] |= rows
        else:
            self.odd[:] |= np.logical_or.reduceat(rows, self.starts)


def blank_column(size: int) -> Coded:
    """Return a column without any text."""
    return Coded(pa.array([], pa.string()), np.full(size, BLANK, dtype=np.int64))


def our_columns(block: Block, meanings: Meanings) -> OurColumns:
    """Return the columns of a block that mean something."""
    order = block.order.astype(np.int64, copy=False)
    starts = np.flatnonzero(np.diff(order, prepend=-1))
    size = np.diff(starts, append=order.size)
    found = OurColumns({}, {}, order, starts, size, np.zeros(starts.size, dtype=bool))
    for heading, cells in block.cells.items():
        meaning = meanings.of(heading)
        name = meaning.ours
        if not meanings.wanted(heading) or name == "order_id":
            continue
        coded = Coded.of(cells)
        if not len(coded.texts) or not bool((coded.codes >= 0).any()):
            continue
        if name not in found.rows:
            found.rows[name] = coded
            found.units[name] = meaning.unit
            continue
        # another heading says the same: where both do, or units differ, the scalar reader judges
        both = coded.filled & found.rows[name].filled
        found.doubt(coded.filled if meaning.unit != found.units[name] else both)
        found.rows[name] = found.rows[name].or_else(coded)
    for row in (*block.broken, *block.items):
        found.odd[order[row]] = True
    return found
