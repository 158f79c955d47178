"""Orders that are not plain, read one by one by the scalar reader: the truth, and the fallback."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from xborder_cli.adapters.order_rows import OrderRow
from xborder_cli.adapters.orders import order_from_rows
from xborder_cli.batch.block import Refused, Reject
from xborder_cli.batch.fault_keys import FaultKeys, Sure
from xborder_cli.batch.orders import OrderGroup
from xborder_cli.batch.refusal import refusal_of
from xborder_cli.core.intake import understand
from xborder_cli.core.parcels import Codes
from xborder_cli.core.stacking import attributes_of, parcels_of, stated_inputs
from xborder_cli.errors import TableError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.adapters.orders import Reading
    from xborder_cli.batch.block import Block
    from xborder_cli.batch.headings import Meanings
    from xborder_cli.batch.orders import Orders
    from xborder_cli.core.book import Book
    from xborder_cli.core.intake import Intake

KEPT: Final = 50_000  # rows whose faults are remembered between blocks

Fault = tuple[str, str, str]  # column, code, words


@dataclass(slots=True)
class Scalar:
    """Reads orders one by one; equal rows that are wrong are judged once."""

    book: Book
    reading: Reading
    meanings: Meanings
    currency: str  # of the answers; each order's own when ""
    keys: FaultKeys
    known: dict[object, tuple[Fault, ...]] = field(default_factory=dict)

    def read(
        self,
        block: Block,
        orders: Sequence[int],
        rows: Sequence[range],
        out: Orders,
        sure: Sure = Sure(),  # noqa: B008  # frozen
    ) -> None:
        """Add what some orders of a block come to.

        Args:
            block: text columns.
            orders: their places in the block, rising.
            rows: those of each.
            out: gets groups, refusals and rejects.
            sure: which rows of the block have cells that are right.
        """
        if not orders:
            return
        columns = self._columns(block, rows, sure)
        made: dict[object, list[tuple[int, Intake, tuple[str, ...]]]] = {}
        at = 0
        for order, span in zip(orders, rows, strict=True):
            cells = tuple(
                tuple(
                    (place, text)
                    for place, texts in enumerate(columns.texts)
                    if (text := texts[at + row]) is not None
                )
                for row in range(len(span))
            )
            key = None
            if len(span) == 1 and not {span[0]} & (block.broken.keys() | block.items.keys()):
                key = tuple(texts[at] for texts in columns.keys)
            at += len(span)
            if key is not None and (faults := self.known.get((columns.headings, key))):
                out.rejects += [Reject(span[0], *fault) for fault in faults]
                continue
            self._order(block, order, span, cells, columns, made, out, key)
        for same in made.values():
            out.groups.append(self._group(same))

    def _columns(self, block: Block, rows: Sequence[range], sure: Sure) -> _Texts:
        place = np.array([row for span in rows for row in span], dtype=np.int64)
        headings = [
            heading
            for heading in block.cells
            if self.meanings.wanted(heading) and self.meanings.of(heading).ours != "order_id"
        ]
        taken = [block.cells[heading].take(pa.array(place)) for heading in headings]
        meant = [self.meanings.of(heading) for heading in headings]
        ours = [one.ours for one in meant]
        texts = [column.to_pylist() for column in taken]
        keys = texts
        if len(set(ours)) == len(ours):
            own = Sure(*(None if mask is None else mask[place] for mask in (sure.order, sure.line)))
            units = {one.ours: one.unit for one in meant}
            keys = self.keys.of(dict(zip(ours, taken, strict=True)), units, own)
        return _Texts(texts, tuple(headings), ours, [one.unit for one in meant], keys)

    def _order(
        self,
        block: Block,
        order: int,
        span: range,
        cells: tuple[tuple[tuple[int, str], ...], ...],
        columns: _Texts,
        made: dict[object, list[tuple[int, Intake, tuple[str, ...]]]],
        out: Orders,
        key: tuple[str | None, ...] | None,
    ) -> None:
        lines = tuple(_row(block, row, own, columns) for row, own in zip(span, cells, strict=True))
        read = order_from_rows(block.ids[order].as_py(), lines, self.reading)
        if read.shipment is None:
            place = {line.line: row for row, line in zip(span, lines, strict=True)}
            faults = [Reject(place[r.line], r.column, r.code, r.words) for r in read.rejects]
            out.rejects += faults
            if key is not None:
                if len(self.known) >= KEPT:
                    self.known.clear()
                self.known[columns.headings, key] = tuple(
                    (r.column, r.code, r.words) for r in faults
                )
            return
        try:
            intake = understand(self.book, read.shipment)
        except (UsageError, TableError) as error:
            out.refused.append(Refused(order, *refusal_of(error)))
            return
        shipment = intake.shipment
        kind = (
            attributes_of(shipment),
            stated_inputs(shipment),
            intake.lot_assumed,
            intake.storage_assumed,
        )
        made.setdefault(kind, []).append((order, intake, read.said))

    def _group(self, same: Sequence[tuple[int, Intake, tuple[str, ...]]]) -> OrderGroup:
        intakes = [intake for _, intake, _ in same]
        shipments = [intake.shipment for intake in intakes]
        wanted = [self.currency or one.items[0].value.currency for one in shipments]
        return OrderGroup(
            orders=np.array([order for order, _, _ in same], dtype=np.int64),
            parcels=parcels_of(shipments, digits=self.book.digits),
            currency=Codes.of(wanted),
            said=Codes.of(["; ".join((*said, *intake.assumptions)) for _, intake, said in same]),
            lot_assumed=intakes[0].lot_assumed,
            storage_assumed=intakes[0].storage_assumed,
        )


@dataclass(frozen=True, slots=True)
class _Texts:
    """Columns of the rows that are read one by one."""

    texts: list[list[str | None]]
    headings: tuple[str, ...]
    ours: list[str]
    units: list[str]
    keys: list[list[str | None]]  # columns by what of them decides faults


def _row(block: Block, row: int, own: tuple[tuple[int, str], ...], columns: _Texts) -> OrderRow:
    """Return a row of a block as the scalar reader wants it."""
    cells: dict[str, str] = {}
    theirs = dict(zip(columns.ours, columns.headings, strict=True))
    units: dict[str, str] = {}
    twice = []
    for place, text in own:
        ours = columns.ours[place]
        if ours in cells:
            twice.append((columns.headings[place], ours))
            continue
        cells[ours] = text
        theirs[ours] = columns.headings[place]
        if columns.units[place]:
            units[ours] = columns.units[place]
    return OrderRow(
        int(block.line[row]),
        cells,
        "",
        block.broken.get(row, ""),
        block.items.get(row, ()),
        theirs,
        units,
        tuple(twice),
    )
