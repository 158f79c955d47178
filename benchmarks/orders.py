"""Files of realistic orders, the same for every run: CSV, JSON lines or Parquet, any size.

Two kinds. `plain`: one line an order, consumers, everything stated, nothing wrong; what speed is
measured with. `mixed`: several lines an order, half a percent of faulty rows, lanes that no table
serves, businesses, Incoterms; what an operator really gets.

    python -m benchmarks.orders 1000000 orders.csv [--mixed] [--seed 7]
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from benchmarks.parcels import lanes
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.core.book import Book

CHUNK = 100_000  # orders drawn together; a file is the beginning of any larger one
FIRST_DAY = np.datetime64("2026-08-12", "D")  # tariffs change on some days after it
DAYS = 75
CURRENCIES = {"USD": 0.42, "EUR": 0.2, "CNY": 0.18, "GBP": 0.12, "JPY": 0.08}
MADE_IN = {"": 0.86, "CN": 0.06, "VN": 0.05, "DE": 0.03}  # "" is where the parcel comes from
POSTCODES = {
    "AU": ("2000", "2600", "3000", "3550", "4000", "4870", "5000", "6000", "6450", "7000", "0800"),
    "US": ("10001", "33101", "60601", "73301", "90210", "98101"),
    "GB": ("SW1A 1AA", "M1 1AE", "EH1 1YZ", "CF10 1EP"),
    "DE": ("10115", "20095", "50667", "80331"),
}
COLUMNS = (
    "order_id",
    "ordered_on",
    "from",
    "to",
    "postcode",
    "goods",
    "quantity",
    "weight",
    "size",
    "value",
    "currency",
    "origin",
    "buyer",
    "incoterm",
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Some orders as numbers; codes are places in the tuples of `Market`."""

    number: np.ndarray  # of the order in the file, from 0
    lane: np.ndarray
    day: np.ndarray  # since 1970-01-01
    goods: np.ndarray
    origin: np.ndarray
    postcode: np.ndarray  # 0 is none
    quantity: np.ndarray
    weight_mg: np.ndarray
    sides_dmm: np.ndarray  # shape (n, 3), as stated
    minor: np.ndarray  # value of the line
    currency: np.ndarray

    def head(self, n: int) -> Drawn:
        """Return the first orders."""
        return Drawn(*(getattr(self, name)[:n] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Market:
    """What orders are drawn from."""

    lanes: tuple[tuple[str, str], ...]
    shares: np.ndarray  # of the lanes
    goods: tuple[str, ...]
    digits: dict[str, int]
    currencies: tuple[str, ...] = tuple(CURRENCIES)
    origins: tuple[str, ...] = tuple(MADE_IN)
    postcodes: tuple[str, ...] = ("", *(code for row in POSTCODES.values() for code in row))


def market_of(book: Book) -> Market:
    """Return every lane that the tables serve and every kind of goods that may be posted."""
    found = [
        (origin, place)
        for origin, place in lanes(book)
        if book.fx.pair(_currency_of(book, origin), "USD", int(FIRST_DAY.astype(int))) is not None
    ]
    weights = np.array(
        [3.0 if a == book.home else 1.5 if b == book.home else 0.5 for a, b in found]
    )
    goods = sorted(s for s, one in book.goods.items() if "battery_loose" not in one.traits)
    return Market(tuple(found), weights / weights.sum(), tuple(goods), book.digits)


def _currency_of(book: Book, place: str) -> str:
    head = book.market_heads.get(place)
    if head is not None:
        return head.currency
    cards = (book.card(one) for one in book.cards if place in one.origins)
    return next((card.currency for card in cards), "")


def draw(market: Market, n: int, seed: int = 7) -> Iterator[Drawn]:
    """Yield n orders, a chunk at a time."""
    for start in range(0, n, CHUNK):
        rng = np.random.default_rng((seed, start))
        yield _chunk(market, rng, start).head(n - start)


def _chunk(market: Market, rng: np.random.Generator, start: int) -> Drawn:
    n = CHUNK
    lane = rng.choice(len(market.lanes), n, p=market.shares)
    currency = rng.choice(len(CURRENCIES), n, p=list(CURRENCIES.values()))
    digits = np.array([market.digits[name] for name in market.currencies])[currency]
    worth = np.exp(rng.normal(3.4, 1.0, n)) + 1  # in the like of dollars
    dear = np.array([{"CNY": 7.1, "JPY": 150.0}.get(name, 1.0) for name in market.currencies])
    minor = (worth * dear[currency] * 10**digits).astype(np.int64)
    weight = np.minimum(np.exp(rng.normal(-0.6, 0.9, n)), 68)  # kg
    litres = weight * np.exp(rng.normal(1.2, 0.5, n))
    shape = rng.dirichlet((6, 4, 2), n)
    factor = np.cbrt(litres * 1000 / shape.prod(axis=1))
    sides = np.clip(np.rint(shape * factor[:, None]), 1, 180).astype(np.int64)  # whole cm
    return Drawn(
        number=np.arange(start, start + n),
        lane=lane,
        day=int(FIRST_DAY.astype(int)) + rng.integers(0, DAYS, n),
        goods=rng.integers(0, len(market.goods), n),
        origin=rng.choice(len(MADE_IN), n, p=list(MADE_IN.values())),
        postcode=_postcodes(market, rng, lane),
        quantity=np.minimum(rng.geometric(0.6, n), 20),
        weight_mg=np.maximum(np.rint(weight * 1000), 10).astype(np.int64) * 1000,
        sides_dmm=sides * 100,
        minor=minor,
        currency=currency,
    )


def _postcodes(market: Market, rng: np.random.Generator, lane: np.ndarray) -> np.ndarray:
    first, count = [], []
    for _, place in market.lanes:
        row = POSTCODES.get(place, ())
        first.append(market.postcodes.index(row[0]) if row else 0)
        count.append(len(row))
    picked = np.array(first)[lane] + rng.integers(0, 1000, lane.size) % np.maximum(
        np.array(count)[lane], 1
    )
    stated = (rng.random(lane.size) < 0.8) & (np.array(count)[lane] > 0)
    return np.where(stated, picked, 0)


# -- as text ----------------------------------------------------------------------------------


def text_of(market: Market, drawn: Drawn) -> pa.Table:
    """Return orders as people write them: text in every cell."""
    n = drawn.number.size
    names = {
        "from": [a for a, _ in market.lanes],
        "to": [b for _, b in market.lanes],
    }
    blank = pa.array([""] * n)
    columns = {
        "order_id": pc.binary_join_element_wise("A", _padded(drawn.number, 8), ""),
        "ordered_on": pc.cast(pa.array(drawn.day.astype("datetime64[D]")), pa.string()),
        "from": _taken(names["from"], drawn.lane),
        "to": _taken(names["to"], drawn.lane),
        "postcode": _taken(market.postcodes, drawn.postcode),
        "goods": _taken(market.goods, drawn.goods),
        "quantity": pc.cast(pa.array(drawn.quantity), pa.string()),
        "weight": pc.binary_join_element_wise(_decimal(drawn.weight_mg // 1000, 3), "kg", ""),
        "size": _size(drawn.sides_dmm),
        "value": _value(market, drawn),
        "currency": _taken(market.currencies, drawn.currency),
        "origin": _taken(market.origins, drawn.origin),
        "buyer": blank,
        "incoterm": blank,
    }
    return pa.table({name: columns[name] for name in COLUMNS})


def _taken(names: Sequence[str], codes: np.ndarray) -> pa.Array:
    return pa.array(list(names)).take(pa.array(codes))


def _padded(values: np.ndarray, width: int) -> pa.Array:
    return pc.utf8_lpad(pc.cast(pa.array(values), pa.string()), width, "0")


def _decimal(values: np.ndarray, places: int) -> pa.Array:
    scale = 10**places
    whole = pc.cast(pa.array(values // scale), pa.string())
    return pc.binary_join_element_wise(whole, _padded(values % scale, places), ".")


def _size(sides: np.ndarray) -> pa.Array:
    parts = [pc.cast(pa.array(sides[:, at] // 100), pa.string()) for at in range(3)]
    joined = pc.binary_join_element_wise(*parts, "x")
    return pc.binary_join_element_wise(joined, "cm", "")


def _value(market: Market, drawn: Drawn) -> pa.Array:
    whole = pc.cast(pa.array(drawn.minor), pa.string())
    digits = np.array([market.digits[name] for name in market.currencies])[drawn.currency]
    return pc.if_else(pa.array(digits == 0), whole, _decimal(drawn.minor, 2))


# -- mixed ------------------------------------------------------------------------------------

FAULTS = (  # a column, and what stands in it by mistake
    ("weight", "heavy"),
    ("weight", "0kg"),
    ("size", "20x10"),
    ("value", "12,50"),
    ("value", "-3.00"),
    ("currency", "EURO"),
    ("to", "Germany?"),
    ("from", "ZZ"),
    ("goods", "tshirt"),
    ("quantity", "two"),
    ("ordered_on", "31/12/2026"),
    ("buyer", "friend"),
    ("incoterm", "XYZ"),
    ("origin", "Chine"),
)
FAULTY = 0.005


def mixed_text(market: Market, drawn: Drawn, seed: int = 7) -> pa.Table:
    """Return orders of one to four lines, some faulty, some that no table prices."""
    first = int(drawn.number[0]) if drawn.number.size else 0
    rng = np.random.default_rng((seed, 1, first))
    n = drawn.number.size
    lines = np.minimum(rng.geometric(0.7, n), 4)
    owner = np.repeat(np.arange(n), lines)
    again = np.concatenate(([False], owner[1:] == owner[:-1]))
    rows = Drawn(*(getattr(drawn, name)[owner] for name in Drawn.__slots__))
    goods = np.where(again, rng.integers(0, len(market.goods), owner.size), rows.goods)
    minor = np.where(again, rows.minor // 3 + 100, rows.minor)
    table = text_of(
        market,
        Drawn(
            rows.number,
            rows.lane,
            rows.day,
            goods,
            rows.origin,
            rows.postcode,
            rows.quantity,
            rows.weight_mg,
            rows.sides_dmm,
            minor,
            rows.currency,
        ),
    )
    columns = {name: table.column(name).to_numpy().astype(object) for name in table.column_names}
    columns["buyer"] = rng.choice(
        np.array(["", "business", "private"], dtype=object), n, p=[0.9, 0.06, 0.04]
    )[owner]
    columns["incoterm"] = rng.choice(
        np.array(["", "DDP", "DAP"], dtype=object), n, p=[0.84, 0.1, 0.06]
    )[owner]
    nowhere = (rng.random(n) < 0.01)[owner]  # a lane without any table
    columns["from"][nowhere], columns["to"][nowhere] = "BR", "NG"
    for at in np.flatnonzero(rng.random(owner.size) < FAULTY):
        name, text = FAULTS[int(rng.integers(0, len(FAULTS)))]
        columns[name][at] = text
    return pa.table({name: pa.array(columns[name], pa.string()) for name in COLUMNS})


# -- files ------------------------------------------------------------------------------------


def write_orders(path: Path, n: int, *, mixed: bool = False, seed: int = 7) -> Path:
    """Write n orders to a file whose ending says its format: csv, jsonl or parquet."""
    book = open_tables([bundled_folder()])
    market = market_of(book)
    tables = (
        mixed_text(market, one, seed) if mixed else text_of(market, one)
        for one in draw(market, n, seed)
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        schema = pa.schema([(name, pa.string()) for name in COLUMNS])
        with pa.parquet.ParquetWriter(path, schema) as writer:
            for table in tables:
                writer.write_table(table.cast(schema))
        return path
    with path.open("wb") as file:
        if path.suffix != ".jsonl":
            file.write((",".join(COLUMNS) + "\n").encode())
        options = pa.csv.WriteOptions(
            include_header=False, quoting_style="needed" if mixed else "none"
        )
        for table in tables:
            if path.suffix == ".jsonl":
                file.write(_json_lines(table))
            else:
                pa.csv.write_csv(table, file, options)
    return path


def _json_lines(table: pa.Table) -> bytes:
    parts: list[object] = []
    for at, name in enumerate(table.column_names):
        head = "{" if not at else ", "
        parts += [f'{head}"{name}": "', table.column(name).combine_chunks(), '"']
    lines = pc.binary_join_element_wise(*parts, "}\n", "")
    return "".join(lines.to_pylist()).encode()


def main() -> int:
    """Write a file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("orders", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--mixed", action="store_true")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    write_orders(asked.file, asked.orders, mixed=asked.mixed, seed=asked.seed)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
