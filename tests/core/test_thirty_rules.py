"""The thirty hardest rules, each figure exact, by the oracle and by the core."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import core_side, oracle
from tests.oracle_text import half_up, limit, quantity

CASES = yaml.load(
    (Path(__file__).parents[1] / "examples" / "thirty_rules.yaml").read_text(encoding="utf-8"),
    Loader=yaml.BaseLoader,
)
DIGITS = {"JPY": "0"}
TRIES = [
    pytest.param(case["rule"], one["given"], one["expect"], id=f"{case['name']} [{n}]")
    for case in CASES
    for n, one in enumerate(case["tries"], 1)
]


@pytest.mark.parametrize(("rule", "given", "expect"), TRIES)
def test_oracle(rule: dict[str, Any], given: dict[str, Any], expect: dict[str, str]) -> None:
    parcel = oracle.parcel({"digits": DIGITS, **given}, rule)
    outcome = oracle.price(rule, parcel)
    for name, value in expect.items():
        if name == "chargeable":
            assert parcel.chargeable == quantity(limit(value))
        elif name in parcel.classes:
            assert parcel.classes[name] == value
        elif name == "regime":
            assert outcome.regime == value
        else:
            assert outcome.amounts[name] == Fraction(value), name


@pytest.mark.parametrize(("rule", "given", "expect"), TRIES)
def test_core(rule: dict[str, Any], given: dict[str, Any], expect: dict[str, str]) -> None:
    (found,) = core_side.price(rule, [given], {code: int(n) for code, n in DIGITS.items()})
    for name, value in expect.items():
        if name == "chargeable":
            assert found["chargeable_mg"] == half_up(quantity(limit(value)) * 1_000_000)
        elif name == "regime":
            assert found["regime"] == value
        elif name not in rule.get("classes", {}):
            assert found[name] == Fraction(value), name
