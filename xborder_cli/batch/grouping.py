"""Rows grouped to orders, and orders to blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xborder_cli.batch.block import Block
from xborder_cli.batch.cells import strings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xborder_cli.batch.records import Rows
    from xborder_cli.core.columns import BoolColumn, IntColumn


class Reads(Protocol):
    """Gives rows in their order; those of an order that is not whole again, with more."""

    last: bool

    def read(self, size: int) -> Rows | None:
        """Return what was kept and rows after it; None when nothing is left."""

    def keep_from(self, row: int) -> None:
        """Give the rows from one on again, with those that follow."""


def runs_of(ids: pa.Array) -> BoolColumn:
    """Return where a run of rows with one id begins; a row without id is one of its own.

    >>> runs_of(strings(["a", "a", None, None, "a"])).tolist()
    [True, False, True, True, True]
    """
    begins = np.ones(len(ids), bool)
    if len(ids) > 1:
        other = pc.fill_null(pc.not_equal(ids.slice(1), ids.slice(0, len(ids) - 1)), True)
        begins[1:] = other.to_numpy(zero_copy_only=False)
    return begins


@dataclass(slots=True)
class Unnamed:
    """Rows without the id that others have: how many, and how the first one is named."""

    count: int = 0
    first: str = ""


class Elsewhere(Protocol):
    """Knows of the rows of an order that stand apart from its first ones."""

    def taken(self, name: str) -> bool:
        """Tell whether an order of the input has such a name."""

    def gather(self, rows: Rows, begins: BoolColumn, ids: pa.Array) -> Gathered:
        """Return rows with those that belong to their orders; asked for all rows, in order."""


@dataclass(slots=True)
class Gathered:
    """Rows of whole orders, some of them from elsewhere in the input."""

    rows: Rows
    begins: BoolColumn  # shape (n,): where an order begins
    raw: Callable[[int], str]


class Grouping:
    """Groups the rows of an input to orders, and orders to blocks."""

    def __init__(
        self,
        reads: Reads,
        path: str,
        *,
        order_id: str | None,
        elsewhere: Elsewhere | None = None,
        first_number: int = 1,
    ) -> None:
        """Name orders by a column, or by their number."""
        self.reads = reads
        self.path = path
        self.order_id = order_id
        self.elsewhere = elsewhere
        self.number = first_number
        self.unnamed = Unnamed()

    def blocks(self, size: int) -> Iterator[tuple[Block, Callable[[int], str]]]:
        """Yield blocks of about so many bytes, each with what gives the raw text of its rows."""
        while (rows := self.reads.read(size)) is not None:
            found = self._whole(rows)
            if found is None or not len(found.rows):
                continue
            yield self._block(found), found.raw

    def _whole(self, rows: Rows) -> Gathered | None:
        """Return the orders that are whole, None when none is."""
        count = len(rows)
        if self.order_id is None or not count:
            return Gathered(rows, np.ones(count, bool), rows.raw)
        ids = rows.cells[self.order_id]
        begins = runs_of(ids)
        if not self.reads.last and ids[count - 1].is_valid:
            count = int(np.flatnonzero(begins)[-1])
            self.reads.keep_from(count)
            if not count:
                return None
            rows, begins, ids = rows.first(count), begins[:count], ids.slice(0, count)
        if self.elsewhere is None:
            return Gathered(rows, begins, rows.raw)
        return self.elsewhere.gather(rows, begins, ids)

    def _block(self, found: Gathered) -> Block:
        rows, begins = found.rows, found.begins
        starts = np.flatnonzero(begins)
        if self.order_id is None:
            numbers = np.arange(self.number, self.number + starts.size)
            ids = pa.array(numbers).cast(pa.string())
        else:
            ids = self._named(rows.cells[self.order_id], starts, rows)
        self.number += starts.size
        return Block(
            path=self.path,
            cells=rows.cells,
            order=np.cumsum(begins) - 1,
            ids=ids,
            line=rows.line,
            broken=rows.broken,
            items=rows.items,
        )

    def _named(self, ids: pa.Array, starts: IntColumn, rows: Rows) -> pa.Array:
        """Return the names of orders; those without one are named by line, as no other is."""
        if starts.size < len(ids):
            ids = ids.take(pa.array(starts))
        if not ids.null_count:
            return ids
        names = []
        nameless = ids.is_null().to_numpy(zero_copy_only=False)
        for row in starts[nameless].tolist():
            name = f"line-{int(rows.line[row])}"
            while self.elsewhere is not None and self.elsewhere.taken(name):
                name += "-unnamed"
            if row not in rows.broken:
                self.unnamed.count += 1
                self.unnamed.first = self.unnamed.first or name
            names.append(name)
        return pc.replace_with_mask(ids, pa.array(nameless), strings(names))
