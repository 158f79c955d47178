"""Goods sold by the pair pay per pair for their pieces, unless an order says otherwise."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.duty_entries import book
from xborder_cli.errors import TableError
from xborder_cli.tables.load import load_tables

WORLD = Path(__file__).parents[1] / "duties" / "world" / "world.yaml"
TOLD = "a piece of tea-black taken as 1 pair (--unit pair=N otherwise)"
CHANGES = (
    ("weight\n", "weight  units\n"),
    ("090210  -        -\n", "090210  -        -       -\n"),
    ("090240  -        -\n", "090240  -        -       pair=1\n"),
    ("732393  -        -\n", "732393  -        -       -\n"),
    ("940521  battery  -\n", "940521  battery  -       -\n"),
    ("0902      -       6 %   ", "0902      -       2 XBD / pair"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    text = WORLD.read_text()
    for old, new in CHANGES:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    made = tmp_path_factory.mktemp("pairs")
    (made / "world.yaml").write_text(text)
    return made


def duty(xb, folder, *more):
    argv = ["duty", "--to", "XB", "--from", "XA", "--on", "2026-02-01", "--channel", "freight"]
    ran = xb([*argv, "--no-bundled", "--rates", str(folder), *more, "--format", "json"])
    assert ran.code in (0, 1), ran.stderr
    told = json.loads(ran.stdout)
    line = next(one for one in told["charges"] if one["code"] == "duty")
    return line["amount"], line["unknown"], TOLD in told["assumptions"]


@pytest.mark.parametrize(
    ("asked", "amount", "taken"),
    [
        (["--goods", "tea-black", "--value", "90XBD"], "2.00", True),
        (["--goods", "tea-black", "--value", "90XBD", "--quantity", "3"], "6.00", True),
        (["--goods", "tea-black", "--hs", "090240", "--value", "90XBD"], "2.00", True),
        # what is stated of the whole line wins, and nothing is taken
        (
            ["--goods", "tea-black", "--value", "90XBD", "--quantity", "3", "--unit", "pair=5"],
            "10.00",
            False,
        ),
        (
            ["--item", "goods=tea-black,qty=2,value=9XBD", "--item", "hs=090240,value=9XBD,pair=4"],
            "12.00",
            True,
        ),
    ],
)
def test_pieces_are_pairs(xb, folder, asked, amount, taken):
    assert duty(xb, folder, *asked) == (amount, None, taken)


@pytest.mark.parametrize("asked", [["--hs", "090240"], ["--goods", "tea-green"]])
def test_what_no_table_tells_stays_a_gap(xb, folder, asked):
    amount, unknown, taken = duty(xb, folder, *asked, "--value", "90XBD", "--quantity", "3")
    assert (amount, taken) == ("0.00", False)
    assert unknown.endswith("--unit pair=N")


def test_a_line_that_tells_nothing_keeps_the_gap_of_its_parcel(xb, folder):
    items = ["--item", "goods=tea-black,qty=2,value=9XBD", "--item", "hs=090240,value=9XBD"]
    amount, unknown, taken = duty(xb, folder, *items)
    assert (amount, taken) == ("4.00", True)
    assert unknown.endswith("--unit pair=N")


def test_nothing_is_told_where_no_rate_counts_pairs(xb, folder):
    early = ("--on", "2024-05-01")
    assert duty(xb, folder, "--goods", "tea-black", "--value", "90XBD", *early) == (
        "4.50",
        None,
        False,
    )


def test_orders_of_a_file_take_pieces_as_pairs(xb):
    orders = (
        "order_id,from,to,weight,value,currency,goods,hs,quantity,units,on\n"
        "a,CN,JP,2kg,100,USD,shoes-leather-mens,,3,,2026-10-30\n"
        "b,CN,JP,2kg,100,USD,shoes-leather-mens,,3,pair=1,2026-10-30\n"
        "c,CN,JP,2kg,100,USD,,640399,3,,2026-10-30\n"
    )
    ran = xb(["batch", "-", "--format", "csv"], stdin=orders.encode())
    rows = {row["order_id"]: row for row in csv.DictReader(io.StringIO(ran.stdout))}
    words = "a piece of shoes-leather-mens taken as 1 pair (--unit pair=N otherwise)"
    assert {key: words in row["assumptions"] for key, row in rows.items()} == {
        "a": True,
        "b": False,
        "c": False,
    }
    assert {key: row["complete"] for key, row in rows.items()} == {
        "a": "true",
        "b": "true",
        "c": "false",
    }
    assert float(rows["a"]["duty"]) > float(rows["b"]["duty"])


def test_goods_that_are_sold_by_the_pair():
    pairs = {slug: one for slug, one in book().goods.items() if dict(one.units).get("pair")}
    assert {dict(one.units)["pair"] for one in pairs.values()} == {(1, 1)}
    footwear = {slug for slug, one in book().goods.items() if "footwear" in one.traits}
    assert footwear
    assert set(pairs) == footwear | {"socks-cotton", "socks-synthetic", "gloves-synthetic"}


def test_a_piece_measures_something(tmp_path):
    (tmp_path / "goods.yaml").write_text(
        "kind: goods\nsource: {title: fictional}\nchecked: 2026-01-01\n"
        "goods: |\n  slug  name  hs      units\n  shoe  Shoe  640419  pair=0\n"
    )
    with pytest.raises(TableError) as caught:
        load_tables([tmp_path])
    assert [problem.code for problem in caught.value.problems] == ["bad-value"]


def test_a_page_of_goods_tells_what_a_piece_is(xb):
    told = {
        slug: xb(["goods", "show", slug, "--to", "JP", "--format", "table"]).stdout
        for slug in ("socks-cotton", "jewelry-silver")
    }
    assert "a piece taken as: 1 pair" in told["socks-cotton"]
    assert "a piece taken as" not in told["jewelry-silver"]
