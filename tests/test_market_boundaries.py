"""Every limit of every market, one smallest step under it, at it and over it.

The limits come from the tables. The core must agree with the oracle on all three sides, and for
some parcel something must turn at the limit: one that turns nothing is dead, or is not understood.
"""

from __future__ import annotations

from fractions import Fraction as F  # noqa: N817 - stands in every line
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from tests import market_limits, market_oracle, oracle
from tests.market_side import COUNTS, by_core, by_oracle, differences, rates_between
from tests.oracle_text import Limit, comparison, quantity
from xborder_cli.core.shipment import COUNTERS
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.market_limits import Place

CHANNELS = ("postal", "express", "commercial", "freight")
BUYERS = ("consumer", "private", "business")
GOODS = ("610910", "220421", "330300", "851762", "490199", "640391", "910211")
SIDES = (-1, 0, 1)
MEASURES = {
    "qty": "1", "net_kg": "0.2 kg", "litre": "0.5 litre", "pair": "1 pair",
    "litre_alcohol": "0.2 litre",
}  # fmt: skip
DIRECT = ("goods", "unit_value", *COUNTERS)
TURNS = 2  # parcels that turn at a limit which the core is asked about
Given = dict[str, Any]


@pytest.fixture(scope="module")
def book():
    return open_tables((bundled_folder(),))


@pytest.mark.parametrize("market", market_limits.destinations())
def test_every_limit(market: str, book) -> None:
    turning: dict[Place, int] = {}
    for day in market_limits.days(market):
        for place in market_limits.limits(market, day):
            if turning.get(place) or "mode" in dict(place.facts):
                continue  # a clearance alone has no mode
            turned = 0
            for parcels in _parcels(market, day, place):
                outcomes = [_oracle(market, day, given) for given in parcels]
                if len({_shape(one) for one in outcomes}) == 1:
                    continue
                turned += 1
                for given, wanted in zip(parcels, outcomes, strict=True):
                    if wanted is not None:
                        found = differences(book, by_core(book, market, day, given), wanted)
                        assert not found, (place, day, given)
                if turned == TURNS:
                    break
            turning[place] = turned
    dead = [one for one, turned in turning.items() if not turned]
    assert not [f"{one.where}: {one.name} {one.text}" for one in dead]


def _oracle(market: str, day: str, given: Given) -> oracle.Outcome | None:
    try:
        return by_oracle(market, day, given)
    except oracle.NoPrice:
        return None


def _shape(one: oracle.Outcome | None) -> Any:
    """What of an outcome a limit can turn: the regime, and which charges there are."""
    if one is None:
        return None
    return one.regime, one.refused, frozenset(code for code, value in one.amounts.items() if value)


def _parcels(market: str, day: str, place: Place) -> Iterator[list[Given]]:
    """Parcels just under, at and over a limit, of every kind that its condition leaves open."""
    facts = dict(place.facts)
    own = market_oracle.raw_market(market)
    channels = (facts["channel"],) if "channel" in facts else _channels(market)
    buyers = (facts["buyer"],) if "buyer" in facts else BUYERS
    named = tuple(name for name in market_limits.said(market, "scheme") if name != "none")
    schemes = (facts["scheme"],) if "scheme" in facts else (*named, "none")
    origins = (facts["from"],) if "from" in facts else (facts.get("origin", "CN"), "CN", "US")
    codes = (facts["hs"].ljust(6, "0"),) if "hs" in facts else GOODS
    regions = (facts["region"],) if "region" in facts else market_limits.said(market, "region")[:1]
    fx = rates_between(market)
    worth = (f"100 {own['currency']}",)
    if not place.bound.is_money:  # what else is asked of dear goods
        worth = (*worth, *_dear(market, day))
    for hs, goods, origin, channel, scheme, buyer in product(
        codes, worth, dict.fromkeys(origins), channels, schemes, buyers
    ):
        given: Given = {
            "from": origin if len(origin) == 2 and origin not in ("EU",) else "DE",
            "to": market,
            "channel": channel,
            "buyer": buyer,
            "scheme": scheme,
            "transport": facts.get("transport", "air"),
            "incoterm": facts.get("incoterm", "DAP"),
            "weight": "0.5 kg",
            "freight": f"0 {own['currency']}",
            "insurance": f"0 {own['currency']}",
            "fx": fx,
            "goods": goods,
            **({"region": regions[0]} if regions else {}),
            **({"option": facts["option"]} if "option" in facts else {}),
        }
        if not place.bound.name or place.name == "goods":
            yield list(_around(market, day, place, given, hs))


def _dear(market: str, day: str) -> list[str]:
    """Values above each limit of money that the market's conditions have."""
    found = {}
    for place in market_limits.limits(market, day):
        if place.bound.is_money and not place.bound.per and place.name not in COUNTERS:
            found[_money(place.bound.amount * F(6, 5), place.bound.unit)] = None
    return list(found)


def _channels(market: str) -> tuple[str, ...]:
    own = tuple(name for name in market_limits.said(market, "channel") if name not in CHANNELS)
    return (*CHANNELS, *own)


def _around(market: str, day: str, place: Place, given: Given, hs: str) -> Iterator[Given]:
    """A parcel one smallest step under a limit, at it, and over it."""
    facts, bound = dict(place.facts), place.bound
    line: Given = {"hs": hs, "origin": facts.get("origin", given["from"]), **MEASURES}
    line |= {key: facts[key] for key in ("claim", "trait") if key in facts}
    line["goods"] = given["goods"]
    made = {**given, "lines": [line]}
    for name, text in place.beside:
        inside = comparison(text)
        assert inside is not None
        how, limit = inside
        _set(made, name, limit, limit.amount * (2 if how in ("over", "at least") else F(1, 2)))
    if bound.name:  # a multiple of what a charge is for the line
        found = _oracle(market, day, {**made, "currency": line["goods"].split()[1]})
        whole = found.amounts.get(bound.name, F(0)) if found is not None else F(0)
        bound = Limit(bound.amount * whole, market_oracle.raw_market(market)["currency"])
    step = F(1)
    if bound.is_money:
        step = F(1, 10 ** int(market_oracle.currency_digits()[bound.unit]))
    elif place.name in ("weight", "chargeable"):
        step = F(1, 1_000_000) / quantity(Limit(F(1), bound.unit))
    amount = bound.amount
    if bound.is_money and place.name not in DIRECT:
        amount = _declared(market, day, made, place, step)
    for side in SIDES:
        if amount + side * step >= 0:
            _set(made, place.name, bound, amount + side * step)
            currency = line["goods"].split()[1]
            yield {**made, "currency": currency, "lines": [dict(line)]}


def _declared(market: str, day: str, made: Given, place: Place, step: F) -> F:
    """The least value of goods, in whole steps, from which a named amount is over a limit."""
    how, bound = comparison(place.text) or ("", Limit(F(0)))
    own = market_oracle.raw_market(market)["currency"]
    end = bound.amount * F(made["fx"][f"{bound.unit}/{own}"] if bound.unit != own else 1)
    least, most = 0, int(64 * bound.amount / step) + 1
    while least < most:
        middle = (least + most) // 2
        _set(made, place.name, bound, middle * step)
        currency = made["lines"][0]["goods"].split()[1]
        found = _oracle(market, day, {**made, "currency": currency})
        value = _worth(found, place.name)
        beyond = found is not None and found.refused  # by this limit or a higher one
        if beyond or value > end or (value == end and how in ("at least", "under")):
            most = middle
        else:
            least = middle + 1
    return least * step


def _worth(found: oracle.Outcome | None, name: str) -> F:
    """What a name is worth; a charge that is called like a sum stands for the sum."""
    if found is None:
        return F(0)
    return found.amounts.get(name, found.amounts.get(f"{name}_itself", F(0)))


def _set(made: Given, name: str, bound: Limit, amount: F) -> None:
    """Give the parcel so much of something that a limit speaks of."""
    (line,) = made["lines"]
    if name in COUNTERS:
        made[name] = _money(amount, bound.unit)
    elif name in COUNTS:
        made[name] = str(int(amount))
    elif bound.is_money:
        per = {"kg": F(1, 5), "g": F(200), "ml": F(500), "litre": F(1, 2)}
        line["goods"] = _money(amount * per.get(bound.per, F(1)), bound.unit)
    elif name in ("weight", "chargeable"):
        made["weight"] = f"{float(quantity(Limit(amount, bound.unit))):.6f} kg"
    elif name == "items":
        line["qty"] = str(max(1, int(amount)))
    elif name == "lines" and amount >= 1:
        made["lines"] = [line]  # several lines are tried by the random parcels


def _money(value: F, currency: str) -> str:
    digits = int(market_oracle.currency_digits()[currency])
    return f"{float(value):.{digits}f} {currency}"
