"""Rows grouped to orders, and orders to blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xborder_cli.batch.block import Block
from xborder_cli.batch.cells import strings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xborder_cli.batch.id_keys import Keys
    from xborder_cli.batch.records import Rows
    from xborder_cli.core.columns import BoolColumn, IntColumn


BY_LINE: Final = "line-"  # what an order without an id is named by
AGAIN: Final = "-unnamed"  # added while another order is named so


class Reads(Protocol):
    """Gives rows in their order; those of an order that is not whole again, with more."""

    last: bool

    def read(self, size: int) -> Rows | None:
        """Return what was kept and rows after it; None when nothing is left."""

    def keep_from(self, row: int) -> None:
        """Give the rows from one on again, with those that follow."""

    def keys(self, heading: str, size: int) -> Keys | None:
        """Return the ids of the rows that follow; None when nothing is left."""


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


class Run(NamedTuple):
    """Rows whose runs are whole."""

    rows: Rows
    begins: BoolColumn  # shape (n,): where a run of rows with one id begins
    ids: pa.Array


def whole_runs(reads: Reads, order_id: str, size: int) -> Iterator[Run]:
    """Yield rows of which no run is cut; a run that may go on is read again with what follows."""
    while (rows := reads.read(size)) is not None:
        count = len(rows)
        if not count:
            continue
        ids = rows.cells[order_id]
        begins = runs_of(ids)
        if not reads.last and ids[count - 1].is_valid:
            count = int(np.flatnonzero(begins)[-1])
            reads.keep_from(count)
        if count == len(rows):
            yield Run(rows, begins, ids)
        elif count:
            yield Run(rows.first(count), begins[:count], ids.slice(0, count))


@dataclass(slots=True)
class Unnamed:
    """Rows without the id that others have: how many, and how the first one is named."""

    count: int = 0
    first: str = ""


@dataclass(slots=True)
class Gathered:
    """Rows of whole orders, some of them from elsewhere in the input."""

    rows: Rows
    begins: BoolColumn  # shape (n,): where an order begins
    raw: Callable[[int], str]
    names: pa.Array | None = None  # one an order, where they are made already


class Elsewhere(Protocol):
    """Knows of the rows of an order that stand apart from its first ones."""

    def taken(self, name: str) -> bool:
        """Tell whether an order of the input has such a name."""

    def gather(self, found: Run) -> Gathered:
        """Return the orders that begin among some rows; asked for all rows, in order."""


class Grouping:
    """Groups the rows of an input to orders, and orders to blocks."""

    def __init__(
        self, reads: Reads, path: str, order_id: str | None, elsewhere: Elsewhere | None
    ) -> None:
        """Name orders by a column, or by their number."""
        self.reads = reads
        self.path = path
        self.order_id = order_id
        self.elsewhere = elsewhere
        self.unnamed = Unnamed()

    def blocks(
        self, size: int, skip: int, number: int
    ) -> Iterator[tuple[Block, Callable[[int], str]]]:
        """Yield blocks, each with what gives the raw text of its rows.

        Args:
            size: bytes of input a block, about.
            skip: orders at the start that are not given.
            number: of the first order given.
        """
        for found in self._orders(size):
            starts = np.flatnonzero(found.begins)
            if not starts.size:
                continue
            names = self._names(found, starts)
            if skip >= starts.size:
                skip -= starts.size
                continue
            if skip:
                found, names = _without_first(found, names, starts, skip)
                skip = 0
            if names is None:
                count = int(found.begins.sum())
                names = pa.array(np.arange(number, number + count)).cast(pa.string())
                number += count
            rows = found.rows
            block = Block(
                path=self.path,
                cells=rows.cells,
                order=np.cumsum(found.begins) - 1,
                ids=names,
                line=rows.line,
                broken=rows.broken,
                items=rows.items,
            )
            yield block, found.raw

    def _orders(self, size: int) -> Iterator[Gathered]:
        """Yield whole orders."""
        if self.order_id is None:
            while (rows := self.reads.read(size)) is not None:
                yield Gathered(rows, np.ones(len(rows), bool), rows.raw)
            return
        assert self.elsewhere is not None, "orders of several rows need to know of their rows"
        for found in whole_runs(self.reads, self.order_id, size):
            yield self.elsewhere.gather(found)

    def _names(self, found: Gathered, starts: IntColumn) -> pa.Array | None:
        """Return the names of orders, None where their numbers name them."""
        if self.order_id is None:
            return None
        ids = found.rows.cells[self.order_id]
        if starts.size < len(ids):
            ids = ids.take(pa.array(starts))
        if not ids.null_count:
            return ids
        names = found.names if found.names is not None else self._by_line(found.rows, ids, starts)
        nameless = np.flatnonzero(ids.is_null().to_numpy(zero_copy_only=False))
        rows = starts[nameless]
        sound = [one for one, row in enumerate(rows.tolist()) if row not in found.rows.broken]
        self.unnamed.count += len(sound)
        if sound and not self.unnamed.first:
            self.unnamed.first = names[int(nameless[sound[0]])].as_py()
        return names

    def _by_line(self, rows: Rows, ids: pa.Array, starts: IntColumn) -> pa.Array:
        """Return ids, those that are missing by line, as no order of the file is named."""
        nameless = ids.is_null().to_numpy(zero_copy_only=False)
        names = []
        for line in rows.line[starts[nameless]].tolist():
            name = by_line(line)
            while self.elsewhere is not None and self.elsewhere.taken(name):
                name += AGAIN
            names.append(name)
        return pc.replace_with_mask(ids, pa.array(nameless), strings(names))


def by_line(line: int) -> str:
    """Return what names an order without an id."""
    return f"{BY_LINE}{line}"


def _without_first(
    found: Gathered, names: pa.Array | None, starts: IntColumn, skip: int
) -> tuple[Gathered, pa.Array | None]:
    """Return what is left without some orders at the start."""
    row = int(starts[skip])
    rows = found.rows.take(np.arange(row, len(found.rows)))
    return (
        Gathered(rows, found.begins[row:], lambda one: found.raw(one + row)),
        None if names is None else names.slice(skip),
    )
