"""Laws of the core: equal to the exact oracle, whatever the schedule, the batch and the size."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import core_side, oracle
from tests.schedules import DIGITS, numbered, parcels, schedules
from xborder_cli.core.columns import Num, half_up

QUICK = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def by_oracle(rule: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    return dict(oracle.price(rule, oracle.parcel(given, rule)).amounts)


@QUICK
@given(st.data())
def test_core_equals_the_oracle(data: st.DataObject) -> None:
    rule, shared = data.draw(schedules())
    (one,) = numbered([data.draw(parcels(shared))])
    (found,) = core_side.price(rule, [one], DIGITS)
    assert {code: found.get(code) for code in (c["code"] for c in rule["charges"])} == by_oracle(
        rule, one
    )
