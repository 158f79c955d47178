"""Orders understood in columns are what the scalar reader makes of them, one by one."""

from __future__ import annotations

import random

import numpy as np
import pytest

from tests.batch.block_making import block_of, tables, told
from xborder_cli.adapters.orders import read_orders
from xborder_cli.adapters.stated import Stated
from xborder_cli.batch.catalogue import Catalogue
from xborder_cli.batch.headings import meanings_of
from xborder_cli.batch.orders import Orders
from xborder_cli.batch.understand import Understanding, names_of

TODAY = 20_780
GOOD = {
    "from": ["CN", "cn", "HK", "DE", "China"],
    "to": ["DE", "US", "GB", "fr", "AU", "Germany", "CA"],
    "weight": ["0.5kg", "850 g", "1.2kg", "16oz", "2.5 LB", "0.123456789kg", "1KG"],
    "size": ["30x20x15cm", "12.5 x 8 x 5 in", "300X200*100mm", "30cmx20cmx10cm"],
    "value": ["9.90USD", "25 EUR", "12.345", "100", "0", "7.5usd", "99999999.99"],
    "currency": ["USD", "EUR", "gbp", "JPY"],
    "goods": ["t-shirt-cotton"],
    "hs": ["610910", "6109.10", "8517130000"],
    "origin": ["CN", "vn", "Vietnam"],
    "quantity": ["1", "2", "12"],
    "incoterm": ["DDP", "dap", "DDU"],
    "buyer": ["consumer", "business"],
    "ordered_on": [
        "2026-11-20",
        "2026-11-22 10:33:12 +0800",
        "2026/11/2",
        "2021-06-30",
        "2026-07-01",
    ],
    "postcode": ["10115", "SW1A 1AA", "'06510"],
    "scheme": ["ioss", "none", "IOSS"],
    "region": ["London"],
    "options": ["signature;insurance"],
    "traits": ["liquid", "liquid;textile"],
    "units": ["litre=0.75", "pair=2;net=0.2kg"],
    "parts": ["battery=1.50"],
    "freight": ["5USD", "3.25 EUR"],
    "insurance": ["1 USD"],
    "lot": ["10", "200"],
    "storage_days": ["0", "45"],
    "return_rate": ["5 %", "0.1"],
    "fees": ["label=0.30USD"],
    "used_this_year": ["100CNY"],
    "items": ["hs=610910, value=3USD"],
    "unit_price": ["3.33", "4EUR"],
    "item_price": ["19.99", "7.005", "12EUR", "0", "1234567890.5"],
    "item_cogs": ["3.1", "9CNY", "0.000000125"],
    "sale_price": ["30", "30.00 EUR", "7usd"],
    "sale_shipping": ["4.99", "0", "3GBP"],
    "cogs": ["8", "9CNY"],
    "sku": ["A", "B", "C"],
}
BAD = {
    "from": ["XX", "Chn"],
    "to": ["ZZ", "Germny", "United"],
    "weight": ["500", "1,2kg", "-1kg", "0kg", "heavy", "1e3kg", "nan", "1kg", "1.2.3kg", "9999999t",
               "999999999999999999kg", "1 stone", ".5kg", "5.kg"],
    "size": ["30x20cm", "0x1x1cm", "axbxcm", "30x20x10", "1x1x99999m"],
    "value": ["$25", "1,234.50", "1.234,50 EUR", "-3USD", "5XXX", "9USDD", "abc", "12US",
              "1234567890123456", "99999999999999999999", "1e3USD"],
    "currency": ["XXX", "US", "dollar"],
    "goods": ["no-such"],
    "hs": ["61", "abc"],
    "origin": ["QQ"],
    "quantity": ["0", "-1", "1.5", "two", "9" * 19, "99999999999", "\u0661"],
    "incoterm": ["FOB"],
    "buyer": ["me"],
    "ordered_on": ["23/11/2026", "2026-02-30", "1999-01-01", "yesterday", "2026-11-22T"],
    "scheme": ["foo"],
    "traits": ["foo"],
    "units": ["foo=1", "litre"],
    "freight": ["5", "-1USD"],
    "lot": ["0", "x"],
    "return_rate": ["200 %"],
    "used_this_year": ["12"],
    "unit_price": ["x", "-4EUR"],
    "item_price": ["x", "-4EUR", "5XXX", "1,50", "999999999999", "$5", "1234567890123456789"],
    "item_cogs": ["-1", "3 US"],
    "sale_price": ["-3", "5XXX", "9999999999999", "1e3"],
    "sale_shipping": ["-1USD", "free"],
    "cogs": ["x"],
    "sku": ["nope"],
}  # fmt: skip
ALWAYS = ("from", "to", "weight", "value")


CLEAN = {  # words that never contradict each other
    "from": ["CN", "cn", "HK", "China"],
    "to": ["DE", "US", "GB", "fr", "AU", "Germany", "AQ"],
    "value": ["9.90", "25", "12.345", "100", "0", "99999999.99"],
    "origin": ["CN", "vn", "Germany"],
    "scheme": ["none", "None"],
    "freight": ["5USD", "3.25 EUR"],
    "item_price": ["19.99", "7.005", "0", "1234567.5"],
    "item_cogs": ["9CNY", "0.000125 CNY", "3.1CNY"],
    "cogs": ["8"],
    "sale_price": ["30"],
}
PIECES = ("item_price", "item_cogs")


def clean_rows(seed: int, count: int, *, bad: float, lines: float) -> list[dict[str, str]]:
    """Return random rows that are mostly plain: every order states what it needs."""
    rng = random.Random(seed)
    pools = {**GOOD, **CLEAN}
    often = {name: rng.choice((0.0, 0.1, 0.6, 1.0)) for name in pools}
    often |= dict.fromkeys((*ALWAYS, "currency"), 1.0) | {"items": 0.0, "parts": 0.0}
    often |= {"region": 0.0, "unit_price": rng.choice((0.0, 0.5)), "freight": rng.choice((0, 0.1))}
    of_line = ("value", "quantity", "goods", "hs", "sku", "unit_price", "units", "origin", "traits")
    of_line += PIECES
    # mostly on every line or none, and not of the whole order too
    often |= {name: rng.choice((0.0, 1.0, 0.97)) for name in PIECES}
    summed = {name for name, piece in zip(("sale_price", "cogs"), PIECES, strict=True)
              if often[piece]}  # fmt: skip
    often |= {name: rng.choice((0.0, 0.05)) for name in summed}
    rows: list[dict[str, str]] = []
    for number in range(count):
        later = bool(rows) and rng.random() < lines
        row = {"order_id": rows[-1]["order_id"] if later else f"o{number}"}
        for name, pool in pools.items():
            if later and name not in of_line:
                if rng.random() < 0.5 and name in rows[-1]:
                    row[name] = rows[-1][name]
            elif rng.random() < often[name]:
                faulty = name in BAD and rng.random() < bad
                row[name] = rng.choice(BAD[name] if faulty else pool)
        if row.get("unit_price") == "4EUR":
            row["unit_price"] = "4"
        rows.append(row)
    return rows


def rows_of(seed: int, count: int, *, bad: float, lines: float, skip=()) -> list[dict[str, str]]:
    """Return random rows; `bad` is the share of cells at fault, `lines` that of later lines."""
    rng = random.Random(seed)
    names = [name for name in GOOD if name not in skip]
    often = {name: rng.choice((0.02, 0.3, 0.9)) for name in names}
    rows: list[dict[str, str]] = []
    number = 0
    for _ in range(count):
        later = rng.random() < lines and rows
        number += not later
        row = {"order_id": f"o{number}"}
        for name in names:
            share = often[name]
            if name in ALWAYS:
                share = 0.95
            if name in ("currency",):
                share = 0.7
            if name in ("items", "parts"):
                share = min(share, 0.05)
            if rng.random() > share:
                continue
            pool = BAD if name in BAD and rng.random() < bad else GOOD
            row[name] = rng.choice(pool[name])
        if later and rng.random() < 0.8:
            for name in names:  # later lines mostly repeat their order, or say nothing of it
                if name in (
                    *PIECES,
                    "value",
                    "quantity",
                    "goods",
                    "hs",
                    "sku",
                    "unit_price",
                    "units",
                ):
                    continue
                row.pop(name, None)
                if name in rows[-1] and rng.random() < 0.5:
                    row[name] = rows[-1][name]
        rows.append(row)
    return rows


def understanding(block, *, defaults=None, catalogue=None, mapped=None, **more):
    meanings = meanings_of(
        list(block.cells),
        block.path,
        mapped=mapped or {},
        currencies=tables().digits,
        catalogued=catalogue is not None,
    )
    return Understanding(
        meanings, defaults or Stated(), tables(), today=TODAY, catalogue=catalogue, **more
    )


def by_scalar(one: Understanding, block) -> Orders:
    """Return what the scalar reader alone makes of a block."""
    out = Orders()
    starts = np.flatnonzero(np.diff(block.order, prepend=-1)).tolist()
    spans = [range(a, b) for a, b in zip(starts, [*starts[1:], block.rows], strict=True)]
    for order, span in enumerate(spans):
        one.scalar.known.clear()
        one.scalar.read(block, [order], [span], out)
    return out


def same(block, *, share: float = 0.0, **more) -> None:
    fast = understanding(block, **more).read(block)
    slow = by_scalar(understanding(block, **more), block)
    assert told(fast, block.orders) == told(slow, block.orders)
    assert sorted(map(repr, fast.rejects)) == sorted(map(repr, slow.rejects))
    faulty = {int(block.order[one.row]) for one in fast.rejects}
    known = {i for i, one in enumerate(told(fast, block.orders)) if one is not None}
    assert known.isdisjoint(faulty)
    assert len(known) + len(faulty) == block.orders


PRODUCTS = {
    "A": {"weight": "200g", "size": "10x10x2cm", "hs": "610910", "value": "4.5USD", "origin": "CN"},
    "B": {"weight": "1lb", "goods": "t-shirt-cotton", "units": "litre=0.75;net=90718mg"},
    "C": {"hs": "851713", "value": "120EUR", "traits": "battery"},
}  # fmt: skip
DEFAULTS = [
    Stated(),
    Stated(origin="CN", weight="700g", goods="t-shirt-cotton"),
    Stated(value="9EUR", quantity="2", units=("litre=1",), on="2026-03-01", size="1x1x1cm"),
    Stated(options=("signature",), freight="4USD", traits=("textile",), lot="7", scheme="none"),
    Stated(items=("hs=610910, value=1EUR", "hs=610910, value=2EUR"), buyer="business"),
    Stated(weight="rubbish", quantity="x", on="now"),
]


@pytest.mark.parametrize("seed", range(40))
def test_columns_say_what_the_scalar_reader_says(seed):
    rng = random.Random(seed)
    rows = rows_of(
        seed,
        120,
        bad=rng.choice((0.0, 0.02, 0.2)),
        lines=rng.choice((0.0, 0.0, 0.4)),
        skip=rng.sample(list(GOOD)[4:], rng.choice((0, 10, 20))),
    )
    catalogue = Catalogue("p.csv", PRODUCTS) if rng.random() < 0.4 else None
    same(block_of(rows), defaults=rng.choice(DEFAULTS), catalogue=catalogue)


@pytest.mark.parametrize("seed", range(40))
def test_plain_orders_are_understood_in_columns(seed):
    rng = random.Random(seed)
    bad, lines = rng.choice((0.0, 0.01)), rng.choice((0.0, 0.5))
    block = block_of(clean_rows(seed, 150, bad=bad, lines=lines))
    catalogue = Catalogue("p.csv", PRODUCTS) if rng.random() < 0.5 else None
    same(block, defaults=rng.choice(DEFAULTS[:4:3]), catalogue=catalogue)


@pytest.mark.parametrize("seed", range(8))
def test_columns_say_what_reading_a_csv_file_says(seed):
    import csv
    import io

    rng = random.Random(seed)
    rows = rows_of(seed, 80, bad=0.1, lines=rng.choice((0.0, 0.4)), skip=("sku", "unit_price"))
    headings = ["order_id", *GOOD]
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, headings)
    writer.writeheader()
    writer.writerows(rows)
    _, expected = read_orders(
        buffer.getvalue().encode(),
        "o.csv",
        mapped={},
        defaults=Stated(),
        today=TODAY,
        names=names_of(tables()),
    )
    block = block_of(rows, headings=headings)
    found = understanding(block).read(block)
    faults: dict[int, list[object]] = {}
    for one in found.rejects:
        line = int(block.line[one.row])
        faults.setdefault(int(block.order[one.row]), []).append(
            (line, one.column, one.code, one.words)
        )
    for at, order in enumerate(expected):
        assert order.id == block.ids[at].as_py()
        want = [(one.line, one.column, one.code, one.words) for one in order.rejects]
        assert sorted(faults.get(at, [])) == sorted(want)


def test_blocks_do_not_change_what_is_understood():
    rows = rows_of(5, 90, bad=0.05, lines=0.3)
    whole = block_of(rows)
    one = understanding(whole)
    expected = told(one.read(whole), whole.orders)
    found = []
    names = list(dict.fromkeys(row["order_id"] for row in rows))
    for start in range(0, len(names), 7):
        some = set(names[start : start + 7])
        part = block_of(
            [row for row in rows if row["order_id"] in some], headings=list(whole.cells)
        )
        found += told(one.read(part), part.orders)
    assert found == expected


def test_columns_that_come_late_may_say_the_same_but_not_in_one_row():
    lane = {"from": "CN", "to": "DE", "value": "3USD", "hs": "610910"}
    rows = [
        {**lane, "weight_g": "500"},
        {**lane, "Weight (kg)": "0.5"},
        {**lane, "weight_g": "500", "Weight (kg)": "0.5"},
        {**lane, "weight": "500g"},
    ]
    block = block_of(rows)
    meanings = meanings_of(["from", "to", "value", "hs"], "o.jsonl", mapped={})
    one = Understanding(meanings, Stated(), tables(), today=TODAY)
    found = one.read(block)
    weights = [parcel and parcel[2][2] for parcel in told(found, block.orders)]
    assert weights == [500_000, 500_000, None, 500_000]
    assert [(r.row, r.column, r.code) for r in found.rejects] == [(2, "Weight (kg)", "two-columns")]


def test_rows_at_fault_alike_are_told_of_each_in_its_own_words():
    lane = {"from": "CN", "hs": "610910", "currency": "USD"}
    rows = [
        {**lane, "to": to, "weight": weight, "value": f"{at}.50", "ordered_on": day}
        for at, (to, weight, day) in enumerate(
            (to, weight, day)
            for to in ("DE", "FR", "XX")
            for weight in ("1kg", "2,5kg", "7")
            for day in ("2026-11-22", "22/11/2026")
        )
    ]
    same(block_of([*rows, *rows[::-1]]))


def test_units_of_headings_and_of_cells():
    lane = {"from": "CN", "to": "DE", "hs": "610910"}
    rows = [
        {**lane, "weight_g": "500", "value_usd": "3"},
        {**lane, "weight_g": "500 g", "value_usd": "$3"},
        {**lane, "weight_g": "0.5kg", "value_usd": "3USD"},
        {**lane, "weight_g": "500", "value_usd": "3EUR"},
        {**lane, "weight_g": "1,5", "value_usd": "3"},
    ]
    sides = {"length_cm": "30", "width_cm": "20.5", "height_cm": "4"}
    rows += [{**rows[0], **sides}, {**rows[0], **sides, "width_cm": ""}]
    rows += [
        {**rows[0], **sides, "height_cm": "0"},
        {**rows[0], "ordered_on (dd/mm/yyyy)": "3/11/2026"},
    ]
    block = block_of(rows)
    same(block)
    found = understanding(block).read(block)
    assert [(r.row, r.column, r.code) for r in found.rejects] == [
        (2, "weight_g", "two-units"),
        (3, "value_usd", "two-currencies"),
        (4, "weight_g", "bad-weight"),
        (6, "width_cm", "bad-size"),
        (7, "height_cm", "bad-size"),
    ]
    parcels = told(found, block.orders)
    assert parcels[5][2][3:6] == (3000, 2050, 400)
    assert parcels[8][2][1] == 20_760


def test_what_a_plain_order_is_understood_as():
    row = {"from": "CN", "to": "DE", "weight_g": "850", "value": "12.50", "currency": "EUR"}
    block = block_of([{**row, "hs": "610910", "ordered_on": "2026-11-22"}])
    orders = understanding(block).read(block)
    (group,) = orders.groups
    assert group.parcels.weight_mg.tolist() == [850_000]
    assert group.parcels.attributes.scheme == "ioss"
    assert group.said.names == (
        "origin of the goods taken as CN; scheme ioss: the seller or platform is taken as "
        "registered (--scheme none otherwise); size not stated: volume and size limits were not "
        "looked at",
    )


def test_orders_to_places_that_no_table_knows_are_refused():
    rows = [
        {"from": "CN", "to": "AQ", "weight": "1kg", "value": "3USD"},
        {"from": "DE", "to": "DE", "weight": "1kg", "value": "3USD"},
        {"from": "CN", "to": "DE", "weight": "1kg", "value": "3USD", "ordered_on": "1999-01-01"},
    ]
    block = block_of(rows)
    refused = understanding(block).read(block).refused
    assert [(one.order, one.code) for one in refused] == [
        (0, "no-market"),
        (1, "domestic"),
        (2, "before-first-value"),
    ]
