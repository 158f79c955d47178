"""Answers as a block of orders may come to: what tests of their table and of their tally share."""

from random import Random
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from xborder_cli.batch.block import Block, Refused, Reject
from xborder_cli.batch.orders import OrderGroup, Orders
from xborder_cli.core.parcels import Codes
from xborder_cli.core.picked import NOT_SOLD, UNKNOWN_DAYS, Picked

DIGITS = {"USD": 2, "JPY": 0, "KWD": 3, "EUR": 2}
TEXTS = ("mode", "direction", "carrier", "carrier_name", "service", "service_name", "transport")
TEXTS += ("channel", "incoterm", "scheme", "confidence", "flags", "assumptions")
MINOR = ("freight", "duty", "tax", "fees", "total", "seller_pays", "buyer_pays", "recoverable")


def codes(chance, texts, size):
    if chance.random() < 0.5:
        return Codes((chance.choice(texts),))
    return Codes.of([chance.choice(texts) for _ in range(size)])


def amount(chance):
    """Return an amount of a usual size, an odd one or none."""
    return chance.choice([0, chance.randint(-1200, 1200), chance.randint(-(10**17), 10**17)])


WORDS = ("", "air", "sea, slow", 'a "b"', "邮政", "=1+1")


@st.composite
def answers(draw):
    """Draw orders as they might have been understood and priced, each with one fate."""
    chance = Random(draw(st.integers(0, 2**32)))  # much faster than to draw each cell
    n = draw(st.integers(0, 9))
    fates = draw(st.lists(st.sampled_from("012rx"), min_size=n, max_size=n))
    sizes = draw(st.lists(st.integers(1, 3), min_size=n, max_size=n))
    order = np.repeat(np.arange(n), np.array(sizes, dtype=np.int64)).astype(np.int64)
    cells = [chance.choice([None, "x", "y", "5"]) for _ in range(order.size)]
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
            for code in ("bad-country", "bad-day")[: chance.randint(1, 2)]
        ],
    )
    picked = []
    for name in "012":
        mine = [i for i in range(n) if fates[i] == name]
        members = np.array(chance.sample(mine, len(mine)))
        size = len(members)
        counts = np.array([chance.randint(0, 3) for _ in range(size)])
        counts = counts.astype(np.int64)
        parcel = np.repeat(np.arange(size), counts)
        m = parcel.size
        numbers = {c: [amount(chance) for _ in range(m)] for c in MINOR}
        columns = {c: np.array(v, dtype=np.int64) for c, v in numbers.items()}
        left = [NOT_SOLD if chance.random() < 0.3 else amount(chance) for _ in range(m)]
        columns["margin"] = np.array(left, dtype=np.int64)
        columns |= {c: codes(chance, WORDS, m) for c in TEXTS}
        columns["rank"] = np.array([r for c in counts for r in range(1, c + 1)], dtype=np.int64)
        days = [chance.randint(UNKNOWN_DAYS, 30) for _ in range(m)]
        columns["transit_days_min"] = columns["transit_days_max"] = np.array(days, np.int64)
        columns["chargeable_mg"] = np.arange(m, dtype=np.int64) * 250_500
        for c in ("complete", "pareto"):
            columns[c] = np.array([chance.random() < 0.5 for _ in range(m)], bool)
        none = np.flatnonzero(counts == 0)
        picked.append(
            Picked(
                parcel=parcel,
                columns=columns,
                none=none,
                code=codes(chance, ("too-heavy", "too-long"), none.size),
                reason=codes(chance, WORDS, none.size),
            )
        )
        orders.groups.append(
            OrderGroup(
                orders=members.astype(np.int64),
                parcels=SimpleNamespace(n=size),
                currency=codes(chance, (*DIGITS, "XXX"), size),
                said=codes(chance, ("", "weight assumed"), size),
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
