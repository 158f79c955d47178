"""Orders that are not plain, read one by one by the scalar reader: the truth, and the fallback."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from xborder_cli.adapters.order_rows import OrderRow
from xborder_cli.adapters.orders import order_from_rows
from xborder_cli.batch.block import Refused, Reject
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
    known: dict[object, tuple[Fault, ...]] = field(default_factory=dict)

    def read(self, block: Block, orders: Sequence[int], rows: Sequence[range], out: Orders) -> None:
        """Add what some orders of a block come to.

        Args:
            block: text columns.
            orders: their places in the block, rising.
            rows: those of each.
            out: gets groups, refusals and rejects.
        """
        if not orders:
            return
        columns = self._columns(block, rows)
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
            at += len(span)
            self._order(block, order, span, cells, columns, made, out)
        for same in made.values():
            out.groups.append(self._group(same))

    def _columns(self, block: Block, rows: Sequence[range]) -> _Texts:
        import pyarrow as pa

        flat = pa.array([row for span in rows for row in span], pa.int64())
        found = _Texts([], [], [], [])
        for heading, cells in block.cells.items():
            meaning = self.meanings.of(heading)
            if self.meanings.wanted(heading) and meaning.ours != "order_id":
                found.texts.append(cells.take(flat).to_pylist())
                found.headings.append(heading)
                found.ours.append(meaning.ours)
                found.units.append(meaning.unit)
        return found

    def _order(
        self,
        block: Block,
        order: int,
        span: range,
        cells: tuple[tuple[tuple[int, str], ...], ...],
        columns: _Texts,
        made: dict[object, list[tuple[int, Intake, tuple[str, ...]]]],
        out: Orders,
    ) -> None:
        plain = len(span) == 1 and span[0] not in block.broken and span[0] not in block.items
        key = (cells[0], tuple(columns.headings)) if plain else None
        if key is not None and key in self.known:
            out.rejects += [Reject(span[0], *fault) for fault in self.known[key]]
            return
        lines = tuple(_row(block, row, own, columns) for row, own in zip(span, cells, strict=True))
        read = order_from_rows(block.ids[order].as_py(), lines, self.reading)
        if read.shipment is None:
            place = {line.line: row for row, line in zip(span, lines, strict=True)}
            faults = [Reject(place[r.line], r.column, r.code, r.words) for r in read.rejects]
            out.rejects += faults
            if key is not None:
                if len(self.known) >= KEPT:
                    self.known.clear()
                self.known[key] = tuple((r.column, r.code, r.words) for r in faults)
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
        import numpy as np

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
    headings: list[str]
    ours: list[str]
    units: list[str]


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
