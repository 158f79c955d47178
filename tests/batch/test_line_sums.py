"""Prices and costs of pieces, line by line: summed up to what an order brings and costs.

The oracle is `Decimal`: price times pieces, added up, rounded once to the digits of the currency.
"""

from __future__ import annotations

import csv
import io
import random
import re
from decimal import ROUND_HALF_UP, Decimal

import pytest

from tests.batch.block_making import block_of, tables, told
from tests.batch.test_understand import same, understanding
from xborder_cli.adapters.stated import Stated
from xborder_cli.batch.scalar import Scalar

FIRST = {"from": "CN", "to": "DE", "weight": "1kg", "goods": "t-shirt-cotton"}
PRICES = ("19.99", "0.005", "7", "0", "12.3456", "1234.5", "0.0004", "99999.995")
NUMBER = re.compile(r"[0-9.]+")
SUMS = {"item_price": "price", "item_cogs": "cogs"}


def order(*lines: dict[str, str], name: str = "o1") -> list[dict[str, str]]:
    """Return the rows of an order; what is of the whole stands in its first row."""
    rows = [{"order_id": name, "value": "10", **line} for line in lines]
    return [{**FIRST, "currency": "EUR", **rows[0]}, *rows[1:]]


def read(rows, **more):
    block = block_of(rows)
    found = understanding(block, **more).read(block)
    same(block, **more)
    return found, told(found, block.orders)


def inputs(rows, **more):
    """Return the amounts of the only order."""
    found, (one,) = read(rows, **more)
    assert found.rejects == []
    return one[4]


def faults(rows, **more):
    """Return row, column and code of what is told, without the rows that go with a faulty one."""
    found, _ = read(rows, **more)
    told_of = [(one.row, one.column, one.code) for one in found.rejects]
    return [one for one in told_of if one[2] != "order-incomplete"]


def in_columns(monkeypatch) -> None:
    """Let no order be read one by one."""

    def none(self, block, orders, *rest):
        assert not orders

    monkeypatch.setattr(Scalar, "read", none)


def drawn(seed: int) -> list[dict[str, str]]:
    draw = random.Random(seed)
    rows = []
    for number in range(40):
        currency = draw.choice(("EUR", "USD", "JPY", "KWD"))
        columns = [name for name in SUMS if draw.random() < 0.8]
        own = draw.choice(("", currency, f" {currency.lower()}"))
        lines = [
            {
                "quantity": str(draw.choice((1, 1, 2, 3, 7, 144))),
                **{name: draw.choice(PRICES) + own for name in columns},
            }
            for _ in range(draw.choice((1, 1, 2, 5)))
        ]
        lines[0]["currency"] = currency
        rows += order(*lines, name=f"o{number}")
    return rows


def summed(rows: list[dict[str, str]], name: str) -> dict[str, tuple[int, str]]:
    """Return minor units of each order and their currency, by exact decimals."""
    total: dict[str, Decimal] = {}
    currency: dict[str, str] = {}
    for row in rows:
        currency.setdefault(row["order_id"], row.get("currency", ""))
        if name in row:
            amount = Decimal(NUMBER.match(row[name])[0]) * int(row["quantity"])
            total[row["order_id"]] = total.get(row["order_id"], Decimal(0)) + amount
    return {
        order: (
            int(whole.scaleb(tables().digits[currency[order]]).quantize(1, ROUND_HALF_UP)),
            currency[order],
        )
        for order, whole in total.items()
    }


@pytest.mark.parametrize("seed", range(12))
def test_sums_are_exact_and_read_in_columns(seed, monkeypatch):
    rows = drawn(seed)
    block = block_of(rows)
    same(block)
    in_columns(monkeypatch)
    found = told(understanding(block).read(block), block.orders)
    for column, name in SUMS.items():
        expected = summed(rows, column)
        assert expected
        amounts = {block.ids[at].as_py(): one[4].get(name) for at, one in enumerate(found)}
        assert {order: money for order, money in amounts.items() if money} == expected


def test_rounding_is_once_an_order_and_not_once_a_line():
    # a cent too much where each line were rounded by itself
    rows = order(*[{"quantity": "1", "item_price": "0.005", "item_cogs": "0.004"}] * 3)
    assert inputs(rows) == {"price": (2, "EUR"), "cogs": (1, "EUR")}


def test_a_currency_stands_in_the_cell_the_heading_or_the_column():
    def lines(own="", heading="", **more):
        return order({"quantity": "2", f"item_price{heading}": f"3.50{own}", **more})

    assert inputs(lines())["price"] == (700, "EUR")
    assert inputs(lines(own="usd"))["price"] == (700, "USD")  # not that of the goods
    assert inputs(lines(heading="_usd"))["price"] == (700, "USD")
    assert inputs(lines(heading="_usd", own=" USD"))["price"] == (700, "USD")
    assert inputs(lines(heading="_usd", own="usd"))["price"] == (700, "USD")
    assert inputs(lines(heading=" (GBP)"))["price"] == (700, "GBP")
    assert faults(lines(heading="_usd", own="EUR")) == [(0, "item_price_usd", "two-units")]
    assert faults(lines(currency="", value="9EUR")) == [(0, "item_price", "bad-money")]
    assert faults(lines(currency="XXX", value="9EUR")) == [(0, "currency", "unknown-currency")]
    later = [{"quantity": "1", "item_price": "1"}, {"quantity": "1", "item_price": "2EUR"}]
    assert inputs(order(*later))["price"] == (300, "EUR")
    assert inputs(order(*later[::-1]))["price"] == (300, "EUR")


@pytest.mark.parametrize("name", ["sale_price", "sale_shipping", "cogs"])
def test_a_bare_amount_of_the_order_takes_the_currency_beside_it(name, monkeypatch):
    field = name.removeprefix("sale_")

    def amount(text, **more):
        return inputs(order({name: text, **more}, {}))[field]

    assert amount("30") == (3000, "EUR")
    assert amount("30", currency="gbp") == (3000, "GBP")
    assert amount("30 CNY") == (3000, "CNY")
    assert inputs(order({}, {name: "30"}))[field] == (3000, "EUR")  # of its order
    assert inputs(order({name: "30"}, {name: "30EUR"}))[field] == (3000, "EUR")
    assert inputs(order({f"{name}_usd": "30"}))[field] == (3000, "USD")
    nowhere = {"currency": "", "value": "9USD"}
    assert faults(order({name: "30", **nowhere}, {"value": "9USD"})) == [(0, name, "bad-money")]
    unknown = {"currency": "EUX", "value": "9USD"}
    assert faults(order({name: "30", **unknown}, {"value": "9USD"})) == [
        (0, "currency", "unknown-currency")
    ]
    assert faults(order(unknown, {name: "30", "value": "9USD"}))[-1] == (
        1,
        name,
        "unknown-currency",
    )
    rows = order({name: "3"}, {name: "3", "currency": "USD"})  # 3EUR and 3USD
    assert faults(rows) == [(1, name, "rows-disagree")]
    in_columns(monkeypatch)
    block = block_of(order({name: "30"}, {}))
    understanding(block).read(block)


def test_flags_hold_for_orders_whose_lines_say_nothing():
    rows = [
        *order({"item_price": "5", "quantity": "2"}, {"item_price": "1"}),
        *order({"quantity": "2"}, {}, name="o2"),
    ]
    defaults = Stated(price="99USD", cogs="7CNY")
    found, made = read(rows, defaults=defaults)
    assert found.rejects == []
    assert [one[4] for one in made] == [
        {"price": (1100, "EUR"), "cogs": (700, "CNY")},
        {"price": (9900, "USD"), "cogs": (700, "CNY")},
    ]


def test_pieces_of_a_flag_are_those_of_orders_of_one_row():
    rows = order({"item_price": "5"})
    assert inputs(rows, defaults=Stated(quantity="3"))["price"] == (1500, "EUR")


def test_a_row_that_only_sums_up_its_order_is_no_line():
    rows = order(
        {"line_mark": "", "value": "30", "item_price": "30", "quantity": "2"},
        {"line_mark": "x", "item_price": "12", "quantity": "1"},
        {"line_mark": "y", "item_price": "18", "quantity": "1"},
    )
    assert inputs(rows)["price"] == (3000, "EUR")


LINE = {"quantity": "1", "item_price": "5"}


@pytest.mark.parametrize(
    ("lines", "told_of"),
    [
        ([LINE, {"quantity": "1"}, LINE], [(1, "item_price", "missing")]),
        ([{}, LINE, {}], [(0, "item_price", "missing"), (2, "item_price", "missing")]),
        ([{**LINE, "sale_price": "5"}], [(0, "sale_price", "two-columns")]),
        ([LINE, {**LINE, "sale_price": "10"}], [(1, "sale_price", "two-columns")]),
        ([{**LINE, "item_cogs": "2", "cogs": "2"}], [(0, "cogs", "two-columns")]),
        ([LINE, {**LINE, "item_price": "5USD"}], [(1, "item_price", "two-currencies")]),
        ([LINE, {**LINE, "item_price": "-5"}], [(1, "item_price", "bad-money")]),
        ([LINE, {**LINE, "item_price": "5,00"}], [(1, "item_price", "bad-money")]),
        ([LINE, {**LINE, "item_price": "5EUX"}], [(1, "item_price", "unknown-currency")]),
        ([LINE, {**LINE, "quantity": "x"}], [(1, "quantity", "bad-quantity")]),
        ([{**LINE, "item_price": "", "quantity": "x"}], [(0, "quantity", "bad-quantity")]),
        (
            [{**LINE, "item_price": "x", "price_with_tax": "yes"}],
            [(0, "item_price", "bad-money")],
        ),
        (
            [{"value": "", "items": "goods=t-shirt-cotton, value=3EUR", "item_price": "5"}],
            [(0, "goods", "goods-twice"), (0, "item_price", "goods-twice")],
        ),
        (
            [{**LINE, "item_price": "900000000000"}, {**LINE, "item_price": "200000000000"}],
            [(0, "item_price", "bad-money")],
        ),
        ([{"sale_price": "20"}, {"sale_price": "30"}], [(1, "sale_price", "rows-disagree")]),
        ([{"cogs": "2"}, {"cogs": "3CNY"}], [(1, "cogs", "rows-disagree")]),
    ],
)
def test_what_is_at_fault_is_told_in_its_row(lines, told_of):
    assert faults(order(*lines)) == told_of


def test_what_to_do_names_the_column_of_a_piece():
    found, _ = read(order({"Paid": "20"}, {"Paid": "30"}), mapped={"sale_price": "Paid"})
    (words,) = (one.words for one in found.rejects if one.code == "rows-disagree")
    assert words.endswith("where it is of one piece, it is item_price (--map 'item_price=Paid')")
    found, _ = read(order({**LINE, "sale_price": "5"}))
    assert [one.words for one in found.rejects] == [
        "stated beside item_price, which is summed up to it; leave one of them out"
    ]
    listed = {"value": "", "goods": "", "items": "goods=t-shirt-cotton, value=3EUR, item_price=5"}
    found, _ = read(order(listed))
    assert [one.words for one in found.rejects] == [
        'item 1: "item_price" is a column of rows, not of an item in a list; '
        "state sale_price of the whole order"
    ]


@pytest.mark.parametrize(
    ("price", "count", "total"),
    [
        ("999999999999.99", "1", 99_999_999_999_999),
        ("1000", "1000000000", 100_000_000_000_000),
        ("0.000000000000001", "1000000000", 0),
        ("0.000005", "1000", 1),  # half a cent, up
        ("123456789.123456789", "8", 98_765_431_299),
    ],
)
def test_long_numbers_are_exact_too(price, count, total):
    rows = order({"item_price": price, "quantity": count})
    assert inputs(rows)["price"] == (total, "EUR")
    exact = Decimal(price) * int(count)
    assert total == int(exact.scaleb(2).quantize(1, ROUND_HALF_UP))


def test_equal_rows_at_fault_differ_by_their_pieces():
    # the price is too much for many pieces only, the scheme is unknown in any case
    rows = [
        {**FIRST, "value": "1EUR", "size": "9x9x9cm", "order_id": f"o{count}", "quantity": count,
         "item_price": "20000000EUR", "scheme": scheme}
        for count in ("100000", "1") for scheme in ("", "foo")
    ]  # fmt: skip
    for at, row in enumerate(rows):
        row["order_id"] = f"o{at}"
    same(block_of(rows))


def csv_of(rows: list[dict[str, str]]) -> bytes:
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def test_lines_give_the_bytes_of_their_sums_stated(xb):
    rows = drawn(3)
    sums = {name: summed(rows, column) for column, name in SUMS.items()}
    stated, seen = [], set()
    for row in rows:
        own = {name: text for name, text in row.items() if name not in SUMS}
        if row["order_id"] not in seen:
            for name, column in (("price", "sale_price"), ("cogs", "cogs")):
                if row["order_id"] in sums[name]:
                    minor, currency = sums[name][row["order_id"]]
                    amount = Decimal(minor).scaleb(-tables().digits[currency])
                    own[column] = f"{amount:f}{currency}"
        seen.add(row["order_id"])
        stated.append(own)
    flags = ["--payment", "paypal", "--platform", "amazon", "--all", "--by", "margin"]
    argv = ["batch", "-", "--format", "csv", "--workers", "1", *flags]
    by_line, by_order = (xb(argv, stdin=csv_of(one)) for one in (rows, stated))
    assert by_line.stdout == by_order.stdout
    margins = [row["margin"] for row in csv.DictReader(io.StringIO(by_line.stdout))]
    assert sum(bool(one) for one in margins) > len(margins) // 2


def test_headings_in_another_dress_are_told_of():
    block = block_of(order({"item-price": "5", "item_cogs": "2"}))
    assert understanding(block).meanings.remarks == (
        '"item-price" is taken for what the buyer pays for one piece; --map says otherwise',
    )
