"""What a name in a condition is worth as declared, where its parts are stated line by line."""

from __future__ import annotations

import pytest

from tests import core_side, oracle

CURRENCY = {"currency": "USD"}


@pytest.mark.parametrize("name", ["case", "alone", "whole"])
def test_a_part_of_an_article_counts_in_conditions(name):
    charges = [
        {"code": "alone", "kind": "amount", "base": ["case"]},
        {"code": "whole", "kind": "amount", "base": ["case", "goods"]},
        {
            "code": "tax",
            "kind": "tax",
            "base": ["goods"],
            "when": {name: "over 40 USD"},
            "rate": "10 %",
        },
    ]
    given = {**CURRENCY, "goods": "50 USD", "case": "45 USD"}
    (found,) = core_side.price({"charges": charges}, [given], {})
    wanted = oracle.price({"charges": charges}, oracle.parcel(given, {"charges": charges}))
    assert found["tax"] == wanted.amounts["tax"] == 5


def test_a_sum_of_lines_with_a_claim_is_compared_without_the_others():
    charges = [
        {
            "code": "claimed",
            "kind": "amount",
            "scope": "line",
            "base": ["goods"],
            "when": {"claim": "paid"},
        },
        {
            "code": "tax",
            "kind": "tax",
            "base": ["claimed"],
            "when": {"claimed": "up to 50 USD"},
            "rate": "10 %",
        },
    ]
    lines = [{"goods": "40 USD", "claim": "paid"}, {"goods": "60 USD"}]
    (found,) = core_side.price({"charges": charges}, [{**CURRENCY, "lines": lines}], {})
    assert (found["claimed"], found["tax"]) == (40, 4)


@pytest.mark.parametrize(("limit", "due"), [("1000000 VND", 0), ("2000000 VND", 100_000)])
def test_parts_in_several_currencies_keep_to_a_limit_at_long_rates(limit, due):
    charges = [
        {"code": "customs_value", "kind": "amount", "base": ["goods", "freight"]},
        {
            "code": "tax",
            "kind": "tax",
            "base": [],
            "when": {"customs_value": f"up to {limit}"},
            "rate": "100000 VND",
        },
    ]
    given = {
        "currency": "VND",
        "goods": "50.79 USD",
        "freight": "18.64 CNY",
        "fx": {"USD/VND": "26317.123456789012", "CNY/VND": "3906.924123456789"},
    }
    (found,) = core_side.price({"charges": charges}, [given], {"VND": 0})
    assert found["tax"] == due
