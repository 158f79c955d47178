"""Worked examples of methods: chargeable weights, step tariffs, conversions."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import core_side
from tests.oracle_text import half_up, limit, quantity
from xborder_cli.core.rule import Provenance, RateCard
from xborder_cli.core.single import price_step
from xborder_cli.tables.node import Page, read_page
from xborder_cli.tables.rate_card import read_rate_card
from xborder_cli.tables.reader import Reader
from xborder_cli.units import parse_ratio

FILE = Path(__file__).parent / "examples" / "weights_and_currency.yaml"
EXAMPLES = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
DIGITS = dict.fromkeys(("AUD", "CAD", "CHF", "CNY", "EUR", "INR", "SGD", "USD"), 2)
MG = 1_000_000  # a kilogram
UNCHARGED = [{"code": "nothing", "kind": "freight", "rate": "0 USD"}]


@pytest.mark.parametrize("example", EXAMPLES, ids=[one["name"] for one in EXAMPLES])
def test_example(example: dict[str, Any]) -> None:
    rule = {"charges": UNCHARGED, **example["rule"]}
    given = {"currency": "USD", "goods": "10 USD", **example["given"]}
    is_leg = "weight" in given
    (found,) = price_step(
        core_side.charge_set(rule, given["currency"]),
        core_side.shipment(given),
        currency=given["currency"],
        digits=DIGITS,
        card=_card(rule, given["currency"]) if is_leg else None,
        fx={(pair[:3], pair[4:]): parse_ratio(rate) for pair, rate in given.get("fx", {}).items()},
    )
    assert "refused" not in found
    for name, wanted in example["expect"].items():
        if name == "chargeable":
            assert _as_printed(found[name + "_mg"], example.get("to", "1 g")) == _as_printed(
                quantity(limit(wanted)) * MG, example.get("to", "1 g")
            )
        else:
            assert Fraction(found[name], 100) == Fraction(wanted), name


def _as_printed(weight_mg: Any, step: str) -> int:
    return half_up(Fraction(weight_mg) / (quantity(limit(step)) * MG))


def _card(rule: dict[str, Any], currency: str) -> RateCard:
    """The weight rule, as a rate card would hold them."""
    text = yaml.safe_dump(
        {
            "kind": "rate_card",
            "id": "tried",
            "carrier": "tried",
            "service": "tried",
            "leg": "door_to_door",
            "origins": ["AA"],
            "to": ["BB"],
            "currency": currency,
            "from": "2000-01-01",
            **{key: rule[key] for key in ("weight",) if key in rule},
        },
        sort_keys=False,
        width=10_000,
    )
    page = Page("card.yaml", "card.yaml", text)
    reader = Reader(page, [], provenance=Provenance("card.yaml", 1), currency=currency)
    (node,) = read_page(page, reader.problems)
    card = read_rate_card(reader, node)
    assert card is not None, reader.problems
    assert not reader.problems
    return card
