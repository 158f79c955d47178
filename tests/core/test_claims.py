"""An agreement is claimed as `preference`, whatever its name; idle claims are told."""

import pytest

from xborder_cli.core.pipeline import duty
from xborder_cli.core.shipment import Item, Shipment
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables
from xborder_cli.units import parse_day, parse_money


@pytest.fixture(scope="module")
def book():
    return open_tables([bundled_folder()])


def answered(book, market, origin, hs, claims, on="2026-11-01"):
    item = Item(value=parse_money("1000USD"), hs=hs, claims=claims)
    shipment = Shipment(
        origin=origin, destination=market, on=parse_day(on), items=(item,), buyer="business"
    )
    answer = duty(book, shipment, channel="freight")
    paid = sum(line.amount_minor for line in answer.lines if line.kind == "duty")
    return paid, [words for words in answer.assumptions if words.startswith("claim ")]


@pytest.mark.parametrize(
    ("market", "origin", "hs", "on"),
    [
        ("US", "MX", "610910", "2026-11-01"),
        ("US", "CA", "610910", "2024-06-01"),
        ("US", "MX", "8708305030", "2026-11-01"),
        ("CA", "MX", "610910", "2026-11-01"),
        ("MX", "US", "610910", "2026-11-01"),
    ],
)
def test_preference_is_the_agreement_that_the_origin_has(book, market, origin, hs, on):
    by_name = answered(book, market, origin, hs, ("USMCA",), on)
    assert answered(book, market, origin, hs, ("preference",), on) == by_name
    assert by_name[0] < answered(book, market, origin, hs, (), on)[0]
    assert by_name[1] == []


def test_preference_is_no_agreement_of_another_origin(book):
    without, _ = answered(book, "US", "CN", "610910", ())
    assert answered(book, "US", "CN", "610910", ("preference",)) == (
        without,
        ["claim preference: no rate in US for HS 610910 of CN asks for it"],
    )


@pytest.mark.parametrize("claim", ["USMCA", "exclusion-9903.88.69"])
def test_a_claim_that_no_rate_for_the_goods_asks_for_is_told(book, claim):
    paid, told = answered(book, "US", "CN", "610910", (claim,))
    assert paid == answered(book, "US", "CN", "610910", ())[0]
    assert told == [f"claim {claim}: no rate in US for HS 610910 of CN asks for it"]


def test_an_exclusion_takes_the_duty_of_its_list_away_until_it_ends(book):
    line, claim = "0304725000", ("exclusion-9903.88.69",)
    before, _ = answered(book, "US", "CN", line, (), "2026-11-09")
    assert answered(book, "US", "CN", line, claim, "2026-11-09") == (before - 25000, [])
    assert answered(book, "US", "CN", line, claim, "2026-11-10") == (before, [])


def test_a_preference_known_only_in_words_is_told_and_lowers_nothing(book):
    without, _ = answered(book, "DE", "VN", "640411", ())
    paid, (told,) = answered(book, "DE", "VN", "640411", ("preference",))
    assert paid == without
    assert "known only in words (" in told
    assert "the duty may be less" in told
