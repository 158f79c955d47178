"""A Shopify export as its columns are, priced with one command: what a seller sees.

`priced.csv` beside the export is what this command writes; `pytest --update` writes it again when
the tables change.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from xborder_cli.batch.presets import fitting

FOLDER = Path(__file__).parents[2] / "docs" / "examples" / "shopify"
COMMAND = [
    *("batch", "orders_export.csv", "--preset", "shopify", "--catalog", "products_export.csv"),
    *("--map", "region=Shipping Province", "--from", "CN"),
]
FIELDS = "order_id,service,total,currency,problem"
SHOPS = 79  # columns of an orders export


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture(scope="module")
def orders() -> list[dict[str, str]]:
    return rows_of((FOLDER / "orders_export.csv").read_bytes().decode())


@pytest.fixture(scope="module")
def ran(xb, tmp_path_factory):
    rejects = tmp_path_factory.mktemp("shopify") / "rejects.csv"
    flags = ["--format", "csv", "--fields", f"{FIELDS},assumptions,complete", "--workers", "1"]
    found = xb([*COMMAND, *flags, "--rejects", str(rejects)], folder=FOLDER)
    return found, rows_of(rejects.read_bytes().decode())


def test_the_export_is_as_the_shop_writes_it(orders):
    assert len(orders[0]) == SHOPS
    assert fitting(orders[0].keys()).name == "shopify"
    ids = Counter(row["Name"] for row in orders)
    assert len(ids) == 40 and max(ids.values()) == 3
    first = set()
    for row in orders:  # columns of the whole order stand in its first row alone
        assert bool(row["Currency"]) == (row["Name"] not in first)
        first.add(row["Name"])
    assert {row["Financial Status"] for row in orders} >= {"paid", "refunded", "voided"}
    assert any("\n" in row["Notes"] for row in orders)
    assert any(row["Notes"].startswith("=") for row in orders)
    assert all(row["Email"].endswith("@example.com") for row in orders)


def test_prices_are_exact(ran, request):
    found, _ = ran
    own = FIELDS.split(",")
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    write(own)
    for row in rows_of(found.stdout):
        write([row[name] for name in own])
    path = FOLDER / "priced.csv"
    if request.config.getoption("--update"):
        path.write_text(out.getvalue())
    assert out.getvalue() == path.read_text()


def test_what_cannot_be_priced_is_told_where_it_stands(ran):
    found, rejects = ran
    assert found.code == 1
    assert [(r["line"], r["column"], r["code"]) for r in rejects] == [
        ("23", "Shipping Country", "missing"),  # a gift card goes nowhere
        ("23", "Lineitem sku", "missing"),  # and weighs nothing
        ("24", "Lineitem sku", "unknown-sku"),
        ("25", "order_id", "order-incomplete"),
        ("26", "Lineitem sku", "missing"),  # a tip has no SKU
        ("48", "Lineitem sku", "missing"),
        ("49", "order_id", "order-incomplete"),
    ]
    assert "40 orders in 54 rows: 35 priced\n" in found.stderr
    assert "14 prices without a currency, not used" in found.stderr
    assert all("weight summed from the catalogue" in r["assumptions"] for r in rows_of(found.stdout)
               if not r["problem"])  # fmt: skip


@pytest.mark.parametrize(
    ("order", "flags"),
    [
        (
            "#1002",
            "--to US --on 2026-10-05 --weight 470g --postcode 97201 --region OR"
            " --item hs=610910,qty=2,value=48USD --item hs=611595,qty=1,value=12USD",
        ),
        (
            "#1024",
            "--to DE --on 2026-10-14 --weight 250g --postcode 01067"
            " --item hs=711311,qty=1,value=57.60EUR --item hs=392690,qty=1,value=12.60EUR"
            " --item hs=610910,qty=1,value=21.60EUR",
        ),
        (
            "#1029",
            "--to CA --on 2026-10-16 --weight 1850g --region QC --value 100.80CAD"
            " --hs 940521 --postcode H2Y",
        ),
    ],
)
def test_a_quote_typed_by_hand_says_the_same(xb, ran, order, flags):
    row = next(r for r in rows_of(ran[0].stdout) if r["order_id"] == order)
    argv = ["quote", "--from", "CN", *flags.split(), "--top", "1", "--format", "csv"]
    (typed,) = rows_of(xb([*argv, "--fields", "service,total,currency,complete"]).stdout)
    assert typed == {name: row[name] for name in typed}
