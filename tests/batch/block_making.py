"""Blocks made by hand, and what orders of a block came to, one by one, to compare."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from xborder_cli.batch.block import Block
from xborder_cli.core.parcels import UNSTATED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.batch.orders import OrderGroup, Orders
    from xborder_cli.tables.compile import Compiled


@cache
def tables() -> Compiled:
    """Return the bundled tables."""
    from xborder_cli.tables.bundled import bundled_folder
    from xborder_cli.tables.compile import open_tables

    return open_tables([bundled_folder()])


def block_of(
    rows: Sequence[dict[str, str]], order_id: str = "order_id", headings: Sequence[str] = ()
) -> Block:
    """Return a block of rows as a source would make it: orders together, blanks null."""
    headings = list(headings) or list(dict.fromkeys(name for row in rows for name in row))
    names = [row.get(order_id, "") or f"line-{at + 2}" for at, row in enumerate(rows)]
    place = {name: at for at, name in enumerate(dict.fromkeys(names))}
    order = np.array([place[name] for name in names], dtype=np.int64)
    sort = np.argsort(order, kind="stable")
    cells = {
        heading: pa.array([rows[at].get(heading, "").strip() or None for at in sort], pa.string())
        for heading in headings
    }
    return Block(
        path="o.csv",
        cells=cells,
        order=order[sort],
        ids=pa.array(list(place), pa.string()),
        line=sort + 2,
    )


def told(orders: Orders, count: int) -> list[object]:
    """Return for each order everything that was understood of it, as plain values."""
    out: list[object] = [None] * count
    for group in orders.groups:
        for order, parcel in _parcels(group):
            assert out[order] is None
            out[order] = parcel
    for one in orders.refused:
        assert out[one.order] is None
        out[one.order] = ("refused", one.code, one.reason)
    return out


def _parcels(group: OrderGroup) -> list[tuple[int, object]]:
    p = group.parcels
    n = p.n

    def names(codes, size):
        whole = codes.codes if codes.codes is not None else np.zeros(size, dtype=np.int64)
        return [codes.names[code] for code in whole]

    def money(column, size):
        return list(
            zip(column.minor.full(size).tolist(), names(column.currency, size), strict=True)
        )

    def each(value):
        return [value] * n if isinstance(value, int) else value.tolist()

    size = p.line_parcel.size
    goods = money(p.line_goods, size)
    parts = {name: money(column, size) for name, column in p.line_parts.items()}
    lines: list[list[object]] = [[] for _ in range(n)]
    for line, parcel in enumerate(p.line_parcel.tolist()):
        measured = {name: int(column[line]) for name, column in p.line_units.items()}
        lines[parcel].append(
            (
                goods[line],
                int(p.line_quantity[line]),
                p.things[int(p.line_thing[line])],
                {name: quanta for name, quanta in measured.items() if quanta != UNSTATED},
                {name: amounts[line] for name, amounts in parts.items() if amounts[line][0] >= 0},
            )
        )
    inputs = {name: money(column, n) for name, column in p.inputs.items()}
    said = {name: np.broadcast_to(p.states(name), (n,)) for name in inputs}
    varying = {name: names(column, n) for name, column in p.varying.items()}
    columns = zip(
        names(p.destination, n),
        each(p.day),
        p.weight_mg.tolist(),
        p.longest_dmm.tolist(),
        p.middle_dmm.tolist(),
        p.shortest_dmm.tolist(),
        each(p.lot),
        each(p.storage_days),
        names(p.postcode, n),
        names(group.currency, n),
        names(group.said, n),
        strict=True,
    )
    assumed = (group.lot_assumed, group.storage_assumed)
    return [
        (
            int(order),
            (
                replace(p.attributes, **{name: own[at] for name, own in varying.items()}),
                assumed,
                column,
                lines[at],
                {name: amounts[at] for name, amounts in inputs.items() if said[name][at]},
            ),
        )
        for at, (order, column) in enumerate(zip(group.orders.tolist(), columns, strict=True))
    ]
