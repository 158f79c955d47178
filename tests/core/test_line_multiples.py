"""A line's goods against a multiple of what a charge is for that very line."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from tests import core_side, oracle

CODES = ("CNY", "USD")
RULE = {
    "charges": [
        {
            "code": "listed",
            "kind": "amount",
            "scope": "line",
            "rate": {"lookup": "list_price"},
        },
        {
            "code": "taken",
            "kind": "amount",
            "scope": "line",
            "base": ["listed"],
            "when": {"line": {"goods": ["over 1/2 x listed", "under 2 x listed"]}},
        },
        {
            "code": "paid",
            "kind": "amount",
            "scope": "line",
            "base": ["goods"],
            "unless": {"line": {"goods": ["over 1/2 x listed", "under 2 x listed"]}},
        },
        {
            "code": "tax",
            "kind": "tax",
            "scope": "line",
            "base": ["taken", "paid"],
            "rate": "20 %",
        },
    ]
}


def line(goods, price="", pieces="1"):
    row = {"goods": goods, "qty": pieces}
    return {**row, "rates": {"list_price": f"{price} / item"}} if price else row


def both(givens):
    """The tax of each parcel by the core, all of them in one batch, after the oracle agreed."""
    found = core_side.price(RULE, givens, {})
    for given, one in zip(givens, found, strict=True):
        outcome = oracle.price(RULE, oracle.parcel(given, RULE))
        for code in ("listed", "taken", "paid", "tax"):
            assert Fraction(one[code]) == outcome.amounts[code], (code, given)
    return [one["tax"] for one in found]


@pytest.mark.parametrize(
    ("goods", "tax"),
    [
        ("100.00 CNY", "20.00"),  # half of it: the price paid
        ("100.01 CNY", "40.00"),
        ("399.99 CNY", "40.00"),
        ("400.00 CNY", "80.00"),  # twice: the price paid
    ],
)
def test_both_ends(goods, tax):
    (found,) = both([{"currency": "CNY", "lines": [line(goods, "200 CNY")]}])
    assert Fraction(found) == Fraction(tax)


def test_each_line_by_itself():
    lines = [line("100.00 CNY", "200 CNY"), line("900.00 CNY", "200 CNY", "3"), line("7.00 CNY")]
    (found,) = both([{"currency": "CNY", "lines": lines}])
    assert Fraction(found) == Fraction("20.00") + Fraction("120.00") + Fraction("1.40")


def test_a_batch_is_its_parcels():
    rng = random.Random(7)
    prices = ("", "50 CNY", "200 CNY")
    givens = [
        {
            "currency": "CNY",
            "fx": {"USD/CNY": "7.1"},
            "lines": [
                line(f"{rng.randint(1, 600)}.{rng.randint(10, 99)} {rng.choice(CODES)}", price)
                for price in rng.sample(prices, rng.randint(1, 3))
            ],
        }
        for _ in range(40)
    ]
    assert both(givens) == [both([given])[0] for given in givens]
