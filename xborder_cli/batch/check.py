"""A first look at a file: what was understood of each column, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xborder_cli.adapters.visible import visible
from xborder_cli.batch.block import Block
from xborder_cli.batch.headings import require
from xborder_cli.batch.presets import fitting
from xborder_cli.errors import OrderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.adapters.stated import Stated
    from xborder_cli.batch.block import Reject
    from xborder_cli.batch.headings import Meaning, Meanings
    from xborder_cli.batch.orders import Orders
    from xborder_cli.batch.understand import Understanding
    from xborder_cli.core.columns import IntColumn
    from xborder_cli.errors import Problem

SAMPLES: Final = 3
PRICED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """The first cell of a column that cannot be read."""

    line: int
    code: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnCheck:
    """One column of theirs."""

    meaning: Meaning
    rows: int
    filled: int  # cells that say something
    unreadable: int  # cells among them that keep their order from being priced
    samples: tuple[str, ...]  # the first different ones
    first: Fault | None  # what cannot be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was understood of the head of a file."""

    rows: int
    orders: int
    readable: int  # orders that can be priced, or for which the tables alone have no answer
    columns: tuple[ColumnCheck, ...]
    whole_rows: tuple[Fault, ...]  # rows that cannot be read at all
    missing: tuple[Problem, ...]  # columns that no order can do without
    preset: str  # whose export it looks like, when that was not said; "" for nobody's
    remarks: tuple[str, ...]
    sample: Block | None  # the first orders that can be priced


def checked(block: Block, meanings: Meanings, reader: Understanding, defaults: Stated) -> Check:
    """Return what was understood of the first block of a file.

    Args:
        block: of every column of the file, also of those that mean nothing.
        meanings: of its headings.
        reader: of the file.
        defaults: what the flags say.
    """
    found = reader.read(block)
    faults: dict[str, list[Reject]] = {}
    for reject in found.rejects:
        if reject.code != "order-incomplete":
            faults.setdefault(reject.column, []).append(reject)
    headings = [one.heading for one in meanings.columns]
    headings += [name for name in block.cells if name not in headings]
    fits = None if meanings.rules.preset_name else fitting(headings)
    return Check(
        rows=block.rows,
        orders=block.orders,
        readable=block.orders - len({int(block.order[one.row]) for one in found.rejects}),
        columns=tuple(_column(block, meanings.of(name), faults.get(name, [])) for name in headings),
        whole_rows=tuple(_fault(block, one) for one in faults.get("", [])),
        missing=_missing(block, meanings, defaults),
        preset=fits.name if fits else "",
        remarks=meanings.remarks,
        sample=_sample(block, found),
    )


def _column(block: Block, meaning: Meaning, rejects: Sequence[Reject]) -> ColumnCheck:
    cells = block.cells.get(meaning.heading)
    filled = 0 if cells is None else len(cells) - cells.null_count
    some = [] if cells is None else pc.unique(cells.drop_null()[:1000])[:SAMPLES].to_pylist()
    first = min(rejects, key=lambda one: one.row, default=None)
    return ColumnCheck(
        meaning=meaning,
        rows=block.rows,
        filled=filled,
        unreadable=len({one.row for one in rejects}),
        samples=tuple(map(visible, some)),
        first=_fault(block, first) if first else None,
    )


def _fault(block: Block, reject: Reject) -> Fault:
    return Fault(line=int(block.line[reject.row]), code=reject.code, words=reject.words)


def _missing(block: Block, meanings: Meanings, defaults: Stated) -> tuple[Problem, ...]:
    try:
        require(meanings, block.path, defaults)
    except OrderError as error:
        return error.problems
    return ()


def _sample(block: Block, found: Orders) -> Block | None:
    """Return the first orders that can be priced as a block of their own."""
    orders = sorted({order for group in found.groups for order in group.orders.tolist()})[:PRICED]
    if not orders:
        return None
    rows = np.flatnonzero(np.isin(block.order, orders))
    return block_of_rows(block, rows)


def block_of_rows(block: Block, rows: IntColumn) -> Block:
    """Return some rows of a block, of whole orders, as a block of their own."""
    kept = block.order[rows]
    known, order = np.unique(kept, return_inverse=True)
    index = pa.array(rows)
    place = {row: at for at, row in enumerate(rows.tolist())}
    return Block(
        path=block.path,
        cells={name: column.take(index) for name, column in block.cells.items()},
        order=order.astype(np.int64),
        ids=block.ids.take(pa.array(known)),
        line=block.line[rows],
        broken={place[row]: why for row, why in block.broken.items() if row in place},
        items={place[row]: lines for row, lines in block.items.items() if row in place},
    )
