"""Laws of the core: equal to the exact oracle, whatever the schedule, the batch and the size."""

from __future__ import annotations

import os
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests import core_side, oracle
from tests.schedules import DIGITS, decimal, numbered, parcels, schedules
from xborder_cli.core.columns import Num, half_up

MORE = int(os.environ.get("XB_LAWS", "1"))  # so many times the examples, each run others
SHRINKING = ()  # may take minutes


def laws(examples: int) -> settings:
    return settings(
        deadline=None,
        derandomize=MORE == 1,
        max_examples=examples * MORE,
        phases=(Phase.explicit, Phase.reuse, Phase.generate, *SHRINKING),
        suppress_health_check=list(HealthCheck),
    )


def by_core(rule: dict[str, Any], givens: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is charged, regime and refusal; of a refused parcel nothing else counts."""
    found = []
    for row in core_side.price(rule, givens, DIGITS):
        kept = {name: value for name, value in row.items() if value and name != "chargeable_mg"}
        found.append({"refused": kept["refused"]} if "refused" in kept else kept)
    return found


def by_oracle(rule: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
    outcome = oracle.price(rule, oracle.parcel(one, rule))
    if outcome.refused:
        return {"refused": "refused"}
    kept: dict[str, Any] = {name: value for name, value in outcome.amounts.items() if value}
    return {**kept, "regime": outcome.regime} if outcome.regime else kept


# ---- the oracle


@laws(150)
@given(st.data())
def test_every_charge_equals_the_oracle(data: st.DataObject) -> None:
    rule, shared = data.draw(schedules())
    (one,) = numbered([data.draw(parcels(shared))])
    assert by_core(rule, [one]) == [by_oracle(rule, one)]


@laws(40)
@given(st.data())
def test_lots_equal_the_oracle(data: st.DataObject) -> None:
    rule, shared = data.draw(schedules(("lot", "parcel")))
    (one,) = numbered([data.draw(parcels(shared))])
    one["lot"] = str(data.draw(st.integers(1, 400)))
    assert by_core(rule, [one]) == [by_oracle(rule, one)]


@laws(60)
@given(st.data())
def test_sums_beyond_int64_equal_the_oracle(data: st.DataObject) -> None:
    rule, shared = data.draw(schedules())
    (one,) = numbered([data.draw(parcels(shared, high=10**13))])
    assert by_core(rule, [one]) == [by_oracle(rule, one)]


@laws(40)
@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(1, 4000)), min_size=1, max_size=4),
    st.integers(0, 20_000),
)
def test_allowances_of_whole_items_equal_the_oracle(
    lines: list[tuple[int, int]], allowance: int
) -> None:
    less = {"amount": f"{decimal(allowance, 2)} AAA", "fill": "items"}
    charge = {"code": "taxed", "kind": "amount", "scope": "line", "base": ["goods"]}
    tax = {"code": "tax", "kind": "tax", "base": ["taxed"], "rate": "20 %"}
    rule = {"charges": [{**charge, "base_less": less}, tax]}
    rows = [
        {"goods": f"{decimal(pieces * each, 2)} AAA", "qty": str(pieces)} for pieces, each in lines
    ]
    one = {"currency": "AAA", "lines": rows}
    assert by_core(rule, [one]) == [by_oracle(rule, one)]


def test_a_lot_whose_lines_have_rates_of_their_own() -> None:
    text = "charges: [{code: c, kind: duty, scope: lot, base: [goods], rate: {lookup: p0}}]"
    rule = yaml.load(text, yaml.BaseLoader)
    lines = [{**LINE, "rates": {"p0": rate}} for rate in ("10 %", "20 %")]
    (one,) = numbered([{"currency": "AAA", "lot": "3", "lines": lines}])
    assert by_core(rule, [one]) == [{"c": 3}]


def test_a_currency_as_unit_counts_the_exact_base() -> None:
    rate = "100 AAA / 0.01 AAA"
    charge = {"code": "c", "kind": "fee", "base": ["1/3 x goods"], "rate": rate}
    one = {"currency": "AAA", "goods": "0.04 AAA"}
    rule = {"charges": [charge]}
    assert by_core(rule, [one]) == [by_oracle(rule, one)] == [{"c": Fraction("133.33")}]


# ---- batches


LINE = {"goods": "10.00 AAA", "hs": "620610", "litre": "2 litre"}
NET = {"net_kg": "0.3"}


@laws(40)
@given(st.data())
def test_a_batch_equals_one_by_one(data: st.DataObject) -> None:
    rule, shared = data.draw(schedules(most=6))
    some = numbered(data.draw(st.lists(parcels(shared, most=3), min_size=2, max_size=6)))
    together = by_core(rule, some)
    assert together == [by_core(rule, [one])[0] for one in some]
    cut = data.draw(st.integers(1, len(some) - 1))
    assert together == by_core(rule, some[:cut]) + by_core(rule, some[cut:])
    assert together[::-1] == by_core(rule, some[::-1])


@laws(25)
@given(st.data())
def test_a_large_batch_equals_the_oracle(data: st.DataObject) -> None:
    """Above some number of rows bands are found by a table, not by a search."""
    rule, shared = data.draw(schedules(most=4, regimes=False))
    few = data.draw(st.lists(parcels(shared, most=2), min_size=3, max_size=6))
    many = numbered([few[n % len(few)] for n in range(70)])
    found = by_core(rule, many)
    once = [by_oracle(rule, one) for one in many[: len(few)]]
    assert found == [once[n % len(few)] for n in range(70)]


TRAPS = [  # found by hand: what a batch may share that its parcels do not
    ("scope: line, base: [goods], rate: 0.50 AAA / kg", {}, {"lines": [LINE, LINE]}),
    ("scope: line, base: [goods], rate: 0.50 AAA / kg", {}, {"lines": [{**LINE, **NET}]}),
    ("scope: lot, rate: 7 AAA + 0.50 AAA / item", {"lot": "3"}, {"lot": "7"}),
    ("scope: lot, rate: 7 AAA + 0.50 AAA / litre", {"lot": "3"}, {"lot": "7"}),
    ("rate: 9 AAA, round: {onward: down to 5 AAA}, waive: up to 9 AAA", {}, {"lot": "7"}),
]


@pytest.mark.parametrize(("charge", "one", "other"), TRAPS)
def test_parcels_in_a_batch_do_not_meet(
    charge: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    text = f"charges: [{{code: c, kind: duty, {charge}}}, {{code: d, kind: fee, base: [c]}}]"
    rule = yaml.load(text, yaml.BaseLoader)
    plain = {"currency": "AAA", "weight": "1 kg", "lines": [LINE]}
    some = numbered([{**plain, **one}, {**plain, **other}])
    assert by_core(rule, some) == [by_core(rule, [each])[0] for each in some]


# ---- sums


@laws(40)
@given(st.data())
def test_shares_of_lines_add_up(data: st.DataObject) -> None:
    rule, shared = data.draw(schedules(("parcel", "group"), most=4, regimes=False))
    (one,) = numbered([data.draw(parcels(shared))])
    charges = [charge for charge in rule["charges"] if "round" not in charge]
    for charge in charges:
        parts = {"kind": "amount", "base": [charge["code"]]}
        rule["charges"].append({"code": f"{charge['code']}_whole", **parts})
        rule["charges"].append({"code": f"{charge['code']}_lines", "scope": "line", **parts})
    (found,) = core_side.price(rule, [one], DIGITS)
    for charge in charges:
        code = charge["code"]
        assert found[code] == found[f"{code}_whole"] == found[f"{code}_lines"]


# ---- weights


@st.composite
def rising(draw: Any) -> dict[str, Any]:
    """A table by weight in which every price is at least the one before."""
    kind = draw(st.sampled_from(("whole", "portion", "deficit")))
    limits = sorted(draw(st.sets(st.integers(1, 600), min_size=1, max_size=6)))
    prices = sorted(draw(st.lists(st.integers(100, 9000), min_size=7, max_size=7)))
    cell = " AAA" if kind != "portion" and draw(st.booleans()) else " AAA / kg"
    ends = [f"{decimal(bound, 1)} kg" for bound in limits] + ["open"]
    rows = [[end, decimal(price, 2) + cell] for end, price in zip(ends, prices, strict=False)]
    bands = {"bands": kind, "by": "chargeable", "ends": "up_to", "rows": rows}
    weight = {"round_up_to": draw(st.sampled_from(("0.001 kg", "0.1 kg", "0.5 kg", "1 kg")))}
    if draw(st.booleans()):
        weight["divisor"] = draw(st.sampled_from(("5000 cm3/kg", "6000 cm3/kg", "12000 cm3/kg")))
    freight = {"code": "freight", "kind": "freight", "rate": bands}
    return {"weight": weight, "charges": [freight]}


@laws(40)
@given(rising(), st.lists(st.integers(1, 70_000), min_size=1, max_size=12))
def test_heavier_is_never_cheaper(rule: dict[str, Any], grams: list[int]) -> None:
    size = {"currency": "AAA", "goods": "10.00 AAA", "size": "30x20x15 cm"}
    some = [{**size, "weight": f"{weight} g"} for weight in sorted(grams)]
    found = core_side.price(rule, some * 8, DIGITS)
    prices = [row["freight"] for row in found[: len(some)]]
    assert prices == sorted(prices)
    assert found == found[: len(some)] * 8
    for one, row in zip(some, found, strict=False):
        parcel = oracle.parcel(one, rule)
        assert row["freight"] == oracle.price(rule, parcel).amounts["freight"]
        assert row["chargeable_mg"] == parcel.chargeable * 1_000_000
        assert row["chargeable_mg"] >= parcel.weight * 1_000_000  # never below the scale


# ---- the one division


NEAR = st.one_of(
    st.integers(-1000, 1000),
    st.integers(-(2**62), 2**62),
    st.integers(2**62 - 1000, 2**62 + 1000),
    st.integers(2**63 - 1000, 2**63 - 1),
)


def exactly(numerator: int, denominator: int) -> int:
    with localcontext() as context:
        context.prec = 120
        ratio = Decimal(numerator) / Decimal(denominator)
        return int(ratio.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@laws(150)
@given(st.lists(NEAR, min_size=1, max_size=5), st.integers(1, 2**62))
def test_half_up_equals_decimal(values: list[int], den: int) -> None:
    expected = [exactly(value, den) for value in values]
    column = Num.of(np.array(values, dtype=np.int64))
    assert half_up(column, den).full(len(values)).tolist() == expected
    for value, want in zip(values, expected, strict=True):
        assert half_up(Num.of(value), den).v == want


@laws(150)
@given(st.lists(st.tuples(NEAR, st.integers(1, 2**62)), min_size=1, max_size=5))
def test_half_up_by_a_column_equals_decimal(pairs: list[tuple[int, int]]) -> None:
    values = Num.of(np.array([value for value, _ in pairs], dtype=np.int64))
    dens = Num.of(np.array([den for _, den in pairs], dtype=np.int64))
    expected = [exactly(value, den) for value, den in pairs]
    assert half_up(values, dens).full(len(pairs)).tolist() == expected
