"""The row of a duty table that a charge names: that of the day and the goods, with its note."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from xborder_cli.core.pipeline import duty
from xborder_cli.core.shipment import Item, Shipment
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables
from xborder_cli.units import day_text, parse_day, parse_money

WORLD = (Path(__file__).parents[1] / "duties" / "world" / "world.yaml").read_text(encoding="utf-8")
TAXES = """
---
kind: programme
tariff: XB
id: tea_tax
name: Action on tea
currency: XBD
source: {title: fictional}
checked: 2026-01-01
rows: |
  hs      origin  rate  from        until       when                       note
  0902    XA      7 %   2024-01-01  2025-12-31  -                          first list, heading 1.01
  0902    XA      7 %   2026-01-01  -           -                          second list, heading 1.02
  090240  XA      7 %   2024-01-01  -           -                          heading 1.03
  0902    XD      7 %   2024-01-01  -           -                          -
  090240  XD      7 %   2024-01-01  -           {unit_value: up to 9 XBD}  cheap
"""
CHARGE = (
    "        - {code: tea_tax, kind: duty, name: Duty on tea, scope: line, base: [customs_value],"
    " rate: {lookup: tea_tax}}\n"
)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rates")
    before, after = WORLD.split("        - {code: vat,", 1)
    (folder / "world.yaml").write_text(
        f"{before}{CHARGE}        - {{code: vat,{after}{TAXES}", encoding="utf-8"
    )
    return open_tables([folder])


def shipment(*codes, on="2026-05-05", origin="XA", value="900XBD"):
    items = tuple(Item(value=parse_money(value), hs=hs) for hs in codes)
    return Shipment(origin=origin, destination="XB", on=parse_day(on), items=items)


def tax(book, one, code="tea_tax"):
    return next(line for line in duty(book, one, channel="freight").lines if line.code == code)


def told(book, one, code="tea_tax"):
    line = tax(book, one, code)
    return line.rate, line.note, day_text(line.provenance.since)


def test_a_charge_tells_the_heading_and_the_day_of_its_row(book):
    assert told(book, shipment("090210")) == ("7 %", "second list, heading 1.02", "2026-01-01")
    assert told(book, shipment("090210"), "duty")[1] == "heading, after the reform"


def test_a_row_of_another_day_with_the_same_rate_is_never_named(book):
    one = shipment("090210")
    for on, note, since in (
        ("2025-05-05", "first list, heading 1.01", "2024-01-01"),
        ("2026-05-05", "second list, heading 1.02", "2026-01-01"),
        ("2025-05-06", "first list, heading 1.01", "2024-01-01"),
    ):
        assert told(book, replace(one, on=parse_day(on))) == ("7 %", note, since)


def test_lines_of_one_rate_tell_the_headings_of_both_rows(book):
    rate, note, _ = told(book, shipment("090240", "090210"))
    assert (rate, note) == ("7 %", "heading 1.03 / second list, heading 1.02")


def test_the_same_row_of_several_lines_is_told_once(book):
    assert told(book, shipment("090210", "090220"))[1] == "second list, heading 1.02"


@pytest.mark.parametrize(("value", "note"), [("9XBD", "cheap"), ("9.01XBD", "")])
def test_a_row_is_told_only_when_its_condition_holds(book, value, note):
    assert told(book, shipment("090240", origin="XD", value=value))[1] == note


def test_a_charge_that_finds_no_row_has_no_note(book):
    line = tax(book, shipment("732393"))
    assert (line.rate, line.note, line.amount_minor) == ("no row", "", 0)


def test_a_note_comes_back_from_the_cache(book, tmp_path, monkeypatch):
    monkeypatch.setenv("XB_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "rates"
    folder.mkdir()
    (folder / "world.yaml").write_text(WORLD, encoding="utf-8")
    first = told(open_tables([folder]), shipment("090210"), "duty")
    assert told(open_tables([folder]), shipment("090210"), "duty") == first
    assert first[1] == "heading, after the reform"
    assert list((tmp_path / "cache").glob("*.tables"))


@pytest.mark.parametrize(
    ("hs", "market", "flags"),
    [
        ("640391", "JP", "--unit pair=N"),
        ("910211", "US", "--part case=AMOUNT, --part strap=AMOUNT, --part battery=AMOUNT"),
    ],
)
def test_what_goods_do_not_state_is_told_with_its_flags(hs, market, flags):
    item = Item(value=parse_money("300USD"), hs=hs)
    one = Shipment(
        origin="CN", destination=market, on=parse_day("2026-11-01"), items=(item,), buyer="business"
    )
    answer = duty(open_tables([bundled_folder()]), one, channel="freight")
    told = [line.unknown for line in answer.lines if line.kind == "duty" and line.unknown]
    assert any(words.endswith(f"the goods do not state what it counts: {flags}") for words in told)
