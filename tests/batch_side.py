"""Answers as a block of orders may come to: what tests of their table and of their tally share."""

from types import SimpleNamespace

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from xborder_cli.batch.block import Block, Refused, Reject
from xborder_cli.batch.orders import OrderGroup, Orders
from xborder_cli.core.parcels import Codes
from xborder_cli.core.picked import UNKNOWN_DAYS, Picked

DIGITS = {"USD": 2, "JPY": 0, "KWD": 3, "EUR": 2}
TEXTS = ("mode", "direction", "carrier", "carrier_name", "service", "service_name", "transport")
TEXTS += ("channel", "incoterm", "scheme", "confidence", "flags", "assumptions")
MINOR = ("freight", "duty", "tax", "fees", "total", "seller_pays", "buyer_pays", "recoverable")
AMOUNT = st.integers(-(10**17), 10**17) | st.integers(-1200, 1200) | st.just(0)


def codes(draw, texts, size):
    if draw(st.booleans()):
        return Codes((draw(texts),))
    return Codes.of(draw(st.lists(texts, min_size=size, max_size=size)))


WORD = st.sampled_from(["", "air", "sea, slow", 'a "b"', "邮政", "=1+1"])


@st.composite
def answers(draw):
    """Draw orders as they might have been understood and priced, each with one fate."""
    n = draw(st.integers(0, 9))
    fates = draw(st.lists(st.sampled_from("012rx"), min_size=n, max_size=n))
    sizes = draw(st.lists(st.integers(1, 3), min_size=n, max_size=n))
    order = np.repeat(np.arange(n), np.array(sizes, dtype=np.int64)).astype(np.int64)
    cell = st.none() | st.sampled_from(["x", "y", "5"])
    cells = draw(st.lists(cell, min_size=order.size, max_size=order.size))
    block = Block(
        path="a.csv",
        cells={"SKU": pa.array(cells, pa.string()), "total": pa.array(cells, pa.string())},
        order=order,
        ids=pa.array([f"o{i}" for i in range(n)], pa.string()),
        line=np.arange(order.size) + 2,
    )
    orders = Orders(
        refused=[Refused(i, "no-option", "nobody") for i in range(n) if fates[i] == "r"],
        rejects=[
            Reject(int(row), "to", code, "bad")
            for i in range(n)
            if fates[i] == "x"
            for row in np.flatnonzero(order == i)
            for code in ("bad-country", "bad-day")[: draw(st.integers(1, 2))]
        ],
    )
    picked = []
    for name in "012":
        members = np.array(draw(st.permutations([i for i in range(n) if fates[i] == name])))
        size = len(members)
        counts = np.array(draw(st.lists(st.integers(0, 3), min_size=size, max_size=size)))
        counts = counts.astype(np.int64)
        parcel = np.repeat(np.arange(size), counts)
        m = parcel.size
        numbers = {c: draw(st.lists(AMOUNT, min_size=m, max_size=m)) for c in MINOR}
        columns = {c: np.array(v, dtype=np.int64) for c, v in numbers.items()}
        columns |= {c: codes(draw, WORD, m) for c in TEXTS}
        columns["rank"] = np.array([r for c in counts for r in range(1, c + 1)], dtype=np.int64)
        days = st.lists(st.integers(UNKNOWN_DAYS, 30), min_size=m, max_size=m)
        columns["transit_days_min"] = columns["transit_days_max"] = np.array(draw(days), np.int64)
        columns["chargeable_mg"] = np.arange(m, dtype=np.int64) * 250_500
        for c in ("complete", "pareto"):
            columns[c] = np.array(draw(st.lists(st.booleans(), min_size=m, max_size=m)), bool)
        none = np.flatnonzero(counts == 0)
        picked.append(
            Picked(
                parcel=parcel,
                columns=columns,
                none=none,
                code=codes(draw, st.sampled_from(["too-heavy", "too-long"]), none.size),
                reason=codes(draw, WORD, none.size),
            )
        )
        orders.groups.append(
            OrderGroup(
                orders=members.astype(np.int64),
                parcels=SimpleNamespace(n=size),
                currency=codes(draw, st.sampled_from([*DIGITS, "XXX"]), size),
                said=codes(draw, st.sampled_from(["", "weight assumed"]), size),
            )
        )
    return block, orders, picked


def at(column, row):
    return column.names[0] if column.codes is None else column.names[column.codes[row]]


def part(answer, first, last):
    """Return the orders from one to before another as a block of their own."""
    block, orders, picked = answer
    rows = (block.order >= first) & (block.order < last)
    start = int((block.order < first).sum())
    own = Block(
        path=block.path,
        cells={name: cells.filter(pa.array(rows)) for name, cells in block.cells.items()},
        order=block.order[rows] - first,
        ids=block.ids[first:last],
        line=block.line[rows],
    )
    found = Orders(
        refused=[
            Refused(one.order - first, one.code, one.reason)
            for one in orders.refused
            if first <= one.order < last
        ],
        rejects=[
            Reject(one.row - start, one.column, one.code, one.words)
            for one in orders.rejects
            if rows[one.row]
        ],
    )
    kept = []
    for group, one in zip(orders.groups, picked, strict=True):
        members = (group.orders >= first) & (group.orders < last)
        if not members.any():
            continue
        place = np.cumsum(members) - 1
        options, without = members[one.parcel], members[one.none]
        found.groups.append(
            OrderGroup(
                orders=group.orders[members] - first,
                parcels=SimpleNamespace(n=int(members.sum())),
                currency=_some(group.currency, members),
                said=_some(group.said, members),
            )
        )
        kept.append(
            Picked(
                parcel=place[one.parcel[options]],
                columns={name: _some(column, options) for name, column in one.columns.items()},
                none=place[one.none[without]],
                code=_some(one.code, without),
                reason=_some(one.reason, without),
            )
        )
    return own, found, kept


def _some(column, rows):
    if not isinstance(column, Codes):
        return column[rows]
    return column if column.codes is None else Codes(column.names, column.codes[rows])
