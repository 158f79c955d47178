"""A try of the thirty rules or of a law, put to the core: its tables' reader, then `price_step`."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import yaml

from tests.oracle_parcel import LINE_UNITS, PARTS
from tests.oracle_text import limit, money
from xborder_cli.core.rule import ChargeSet, Money, Provenance, RateCard, Ratio
from xborder_cli.core.shipment import Item, Shipment
from xborder_cli.core.single import price_step
from xborder_cli.tables.load import parse_charge_set
from xborder_cli.tables.node import Page, read_page
from xborder_cli.tables.rate_card import read_rate_card
from xborder_cli.tables.reader import Reader
from xborder_cli.tables.terms import parse_terms
from xborder_cli.units import parse_ratio, parse_size_dmm, parse_weight_mg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.rule import Terms

DAY = 20_000
CONTEXT = ("channel", "mode", "transport", "incoterm", "scheme")
COUNTERS = ("used_this_year", "used_this_half_year", "declared_this_day")
INPUTS = ("freight", "insurance", "transfer_value", "purchase_price")


def charge_set(rule: dict[str, Any], currency: str) -> ChargeSet:
    """The charges and regimes of a rule, as a market's event would hold them."""
    step = {key: rule[key] for key in ("select", "charges", "regimes") if key in rule}
    return parse_charge_set(yaml.safe_dump(step, sort_keys=False, width=10_000), currency)


def rate_card(rule: dict[str, Any], currency: str) -> RateCard | None:
    """The weight and classes of a rule, as a rate card would hold them."""
    if "weight" not in rule and "classes" not in rule:
        return None
    card = {
        "kind": "rate_card",
        "id": "tried",
        "carrier": "tried",
        "service": "tried",
        "leg": "door_to_door",
        "origins": ["AA"],
        "to": ["BB"],
        "currency": currency,
        "from": "2000-01-01",
        **{key: rule[key] for key in ("weight", "classes") if key in rule},
    }
    page = Page("card.yaml", "card.yaml", yaml.safe_dump(card, sort_keys=False, width=10_000))
    reader = Reader(page, [], provenance=Provenance("card.yaml", 1), currency=currency)
    (node,) = read_page(page, reader.problems)
    found = read_rate_card(reader, node)  # type: ignore[arg-type]
    assert not reader.problems, reader.problems
    return found


def shipment(given: dict[str, Any]) -> Shipment:
    """What a try gives, as a person would state it."""
    sides = parse_size_dmm(given["size"].replace(" ", "")) if "size" in given else (0, 0, 0)
    stated = {
        name: _money(given[name]) for name in INPUTS if given.get(name, "unknown") != "unknown"
    }
    return Shipment(
        origin="AA",
        destination="BB",
        on=DAY,
        items=tuple(_item(line) for line in given.get("lines") or [given]),
        weight_mg=parse_weight_mg(given["weight"].replace(" ", "")) if "weight" in given else 0,
        length_dmm=sides[0],
        width_dmm=sides[1],
        height_dmm=sides[2],
        scheme=given.get("scheme", ""),
        area=given.get("area", ""),
        options=_texts(given.get("option", ())),
        lot=int(given["lot"]) if "lot" in given else None,
        storage_days=int(given["days"]) if "days" in given else None,
        return_rate=parse_ratio(given["return_rate"]) if "return_rate" in given else None,
        air_share=parse_ratio(given["air_share"]) if "air_share" in given else None,
        counters={name: _money(given[name]) for name in COUNTERS if name in given},
        **stated,
    )


def price(
    rule: dict[str, Any], givens: Sequence[dict[str, Any]], digits: dict[str, int]
) -> list[dict[str, Any]]:
    """Every charge of each try in major units, priced in one batch."""
    first = givens[0]
    currency = first["currency"]
    found = price_step(
        charge_set(rule, currency),
        [shipment(given) for given in givens],
        currency=currency,
        digits=_Digits(digits),
        card=rate_card(rule, currency),
        fx={(pair[:3], pair[4:]): parse_ratio(rate) for pair, rate in first.get("fx", {}).items()},
        rates=[_rates(line) for given in givens for line in given.get("lines") or [given]],
        context={name: first[name] for name in CONTEXT if name in first},
    )
    scale = 10 ** digits.get(currency, 2)
    return [
        {
            name: value
            if isinstance(value, str) or name == "chargeable_mg"
            else Fraction(value, scale)  # type: ignore[call-overload]
            for name, value in row.items()
        }
        for row in found
    ]


class _Digits(dict[str, int]):
    def __missing__(self, currency: str) -> int:
        return 2


def _item(line: dict[str, Any]) -> Item:
    value = _money(line["goods"]) if "goods" in line else Money(line["currency"], (0, 1))
    return Item(
        value=value,
        quantity=int(line.get("qty", 1)),
        hs=line.get("hs", ""),
        origin=line.get("origin", ""),
        traits=_texts(line.get("trait", ())),
        claims=_texts(line.get("claim", ())),
        units={name: _pair(limit(line[name]).amount) for name in LINE_UNITS if name in line},
        parts={name: _pair(money(line[name]).amount) for name in PARTS if name in line},
    )


def _rates(line: dict[str, Any]) -> dict[str, Terms]:
    return {name: parse_terms(text) for name, text in line.get("rates", {}).items()}


def _money(text: str) -> Money:
    amount = money(text)
    return Money(amount.currency, _pair(amount.amount))


def _pair(value: Fraction) -> Ratio:
    return value.numerator, value.denominator


def _texts(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
