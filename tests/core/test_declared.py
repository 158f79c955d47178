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
