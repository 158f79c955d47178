"""Every bundled market, on random parcels around its limits, by `xb duty`'s core and the oracle."""

from __future__ import annotations

import random
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from tests import market_limits, market_oracle, oracle
from tests.market_side import by_core, by_oracle, differences, rates_between
from tests.oracle_text import Limit
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables

CASES = 60  # a market
CHANNELS = ("postal", "express", "commercial", "freight")
BUYERS = ("consumer", "business", "private")
PLACES = ("CN", "US", "DE", "GB", "JP", "VN")
GOODS = ("610910", "640391", "950300", "490199", "330499", "330300", "910211", "851762",
         "420292", "732393", "650500", "220421", "220830", "691110", "090210")  # fmt: skip


@pytest.fixture(scope="module")
def book():
    return open_tables((bundled_folder(),))


@pytest.mark.parametrize("market", market_limits.destinations())
def test_market(market: str, book) -> None:
    random_ = random.Random(f"{market} 2026")
    compared = 0
    for _ in range(CASES):
        day, given = _given(market, random_)
        try:
            wanted = by_oracle(market, day, given)
        except oracle.NoPrice:
            continue  # a unit that the goods do not state: the core shows a gap
        found = differences(book, by_core(book, market, day, given), wanted)
        assert not found, (day, given, wanted.regime)
        compared += not wanted.refused
    assert compared > CASES // 4


@cache
def _around(market: str) -> list[Limit]:
    """The limits of money that a market ever had since 2024."""
    found = {
        place.bound
        for day in market_limits.days(market)
        for place in market_limits.limits(market, day)
        if place.bound.is_money and not place.bound.per and place.bound.amount
    }
    return sorted(found, key=str) or [Limit(Fraction(100), "EUR")]


def _given(market: str, random_: random.Random) -> tuple[str, dict[str, Any]]:
    limit = random_.choice(_around(market))
    currency = limit.unit
    step = Fraction(1, 10 ** int(market_oracle.currency_digits()[currency]))
    total = max(step, limit.amount + step * random_.choice((-1, 0, 0, 1, 137)))
    origin = random_.choice([place for place in PLACES if place != market])
    lines = []
    for part in _parts(total, step, random_.choice((1, 1, 2, 3)), random_):
        line = {
            "goods": _money(part, currency),
            "hs": random_.choice(GOODS),
            "origin": random_.choice((origin, origin, random_.choice(PLACES))),
            "qty": str(random_.choice((1, 1, 2, 5))),
            "net_kg": f"{random_.choice(('0.02', '0.2', '1.5'))} kg",
            "litre": f"{random_.choice(('0.05', '0.75'))} litre",
            "litre_alcohol": "0.1 litre",
            "pair": "1 pair",
        }
        if random_.random() < 0.2:
            line["claim"] = random_.choice((*market_limits.said(market, "claim"), "preference"))
        lines.append(line)
    own = market_limits.said(market, "channel")
    given: dict[str, Any] = {
        "currency": currency,
        "lines": lines,
        "from": origin,
        "to": market,
        "channel": random_.choice(tuple(dict.fromkeys((*CHANNELS, *own)))),
        "buyer": random_.choice(BUYERS),
        "scheme": random_.choice((*market_limits.said(market, "scheme"), "none")),
        "transport": random_.choice(("air", "air", "sea")),
        "incoterm": random_.choice(("DAP", "DDP")),
        "weight": random_.choice(("0.5 kg", "31 kg", "31.5 kg")),
        "freight": _money(Fraction(random_.choice((0, 7, 33))), currency),
        "insurance": _money(Fraction(random_.choice((0, 0, 2))), currency),
        "fx": rates_between(market),
    }
    regions = market_limits.said(market, "region")
    if regions:
        given["region"] = random_.choice(regions)
    return random_.choice(market_limits.days(market)), given


def _parts(total: Fraction, step: Fraction, count: int, random_: random.Random) -> list[Fraction]:
    """A total in so many parts, each in whole steps."""
    parts = [total]
    for _ in range(count - 1):
        cut = int(parts[-1] / step * random_.randint(1, 9) / 10) * step
        parts[-1:] = [cut, parts[-1] - cut]
    return parts


def _money(value: Fraction, currency: str) -> str:
    digits = int(market_oracle.currency_digits()[currency])
    return f"{float(value):.{digits}f} {currency}"
