"""Every bundled market, on parcels around its limits, by `xb duty`'s core and by the oracle."""

from __future__ import annotations

import random
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from tests import market_oracle, oracle
from xborder_cli.core.pipeline import duty
from xborder_cli.core.rule import Money
from xborder_cli.core.shipment import Item, Shipment
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables

CASES = 100  # a market
CHANNELS = ("postal", "express", "commercial", "freight")
BUYERS = ("consumer", "business", "private")
# market: currency, schemes, days around its reforms, limits in its currency, places of dispatch
Texts = tuple[str, ...]
MARKETS: dict[str, tuple[str, Texts, Texts, Texts, Texts]] = {
    "US": ("USD", ("none",), ("2026-02-23", "2026-02-24", "2026-07-23", "2026-07-24", "2026-11-22"),
           ("100", "800", "2500"), ("CN", "VN", "DE", "JP", "GB", "BR", "MX")),
    "DE": ("EUR", ("ioss", "none"), ("2026-06-30", "2026-07-01", "2026-11-01", "2028-07-01"),
           ("5", "45", "150", "700"), ("CN", "US", "GB", "FR")),
    "FR": ("EUR", ("ioss", "none"), ("2026-02-28", "2026-03-01", "2026-07-01", "2026-11-22"),
           ("45", "150"), ("CN", "US", "DE")),
    "IT": ("EUR", ("ioss", "none"), ("2026-06-30", "2026-11-22"), ("45", "150"), ("CN",)),
    "ES": ("EUR", ("ioss", "none"), ("2026-06-30", "2026-11-22"), ("45", "150"), ("CN",)),
    "NL": ("EUR", ("ioss", "none"), ("2026-06-30", "2026-11-22"), ("45", "150"), ("CN",)),
    "PL": ("PLN", ("ioss", "none"), ("2026-06-30", "2026-11-22"), ("191.25", "637.50"), ("CN",)),
    "GB": ("GBP", ("uk_vat", "none"), ("2024-06-01", "2026-11-22"), ("39", "135", "630"),
           ("CN", "US", "VN", "DE")),
    "JP": ("JPY", ("none",), ("2026-11-22",), ("10000", "16667", "200000", "333333"),
           ("CN", "US", "VN")),
    "AU": ("AUD", ("lvig", "lvig_included", "none"), ("2024-06-30", "2026-11-22"),
           ("1000", "1100", "10000"), ("CN", "US", "IN")),
    "CA": ("CAD", ("none",), ("2026-11-22",), ("20", "40", "60", "150"), ("CN", "US", "MX")),
    "RU": ("RUB", ("none",), ("2024-03-31", "2024-04-01", "2026-06-30", "2026-07-01"),
           ("20000", "100000"), ("CN",)),
    "CN": ("CNY", ("none",), ("2024-11-30", "2024-12-01", "2026-11-22"),
           ("250", "1000", "2000", "5000", "26000"), ("JP", "HK", "US", "DE")),
    "HK": ("HKD", ("none",), ("2024-10-15", "2024-10-16"), ("200", "400"), ("CN", "FR")),
}  # fmt: skip
UNITS = ("net_kg", "litre", "pair")
GOODS = ("610910", "640391", "950300", "490199", "330499", "330300", "910211", "851762",
         "420292", "732393", "650500", "220421", "220830", "691110", "090210")  # fmt: skip


@pytest.fixture(scope="module")
def book():
    return open_tables((bundled_folder(),))


@pytest.mark.parametrize("market", MARKETS)
def test_market(market: str, book) -> None:
    random_ = random.Random(f"{market} 2026")
    compared = 0
    for _ in range(CASES):
        given = _given(market, random_)
        day = given.pop("on")
        try:
            wanted = _by_oracle(market, day, given)
        except oracle.NoPrice:
            continue  # a unit that the goods do not state: the core shows a gap
        answer = duty(book, _shipment(market, day, given), channel=given["channel"])
        minor = 10 ** book.digits[answer.currency]
        taken = [one.id for one in answer.regimes if one.taken]
        assert taken == ([wanted.regime] if wanted.regime else []), given
        assert any(flag.startswith("refused") for flag in answer.flags) == bool(wanted.refused)
        if wanted.refused:
            continue
        found: dict[str, Fraction] = {}
        for line in answer.lines:
            found[line.code] = found.get(line.code, Fraction(0)) + Fraction(
                line.amount_minor, minor
            )
        amounts = {code.removesuffix("_itself"): value for code, value in wanted.amounts.items()}
        differ = {
            code: (float(found.get(code, 0)), float(value))
            for code, value in amounts.items()
            if found.get(code, 0) != value
        }
        assert not differ, (day, given, wanted.regime)
        compared += 1
    assert compared > CASES // 4


def _given(market: str, random_: random.Random) -> dict[str, Any]:
    currency, schemes, days, limits, origins = MARKETS[market]
    step = Fraction(1) if currency == "JPY" else Fraction(1, 100)
    total = Fraction(random_.choice(limits)) + step * random_.choice((-1, 0, 0, 1, 137))
    count = random_.choice((1, 1, 2, 3))
    origin = random_.choice(origins)
    parts = [total]
    for _ in range(count - 1):
        cut = int(parts[-1] / step * random_.randint(1, 9) / 10) * step
        parts[-1:] = [cut, parts[-1] - cut]
    lines = []
    for part in parts:
        line = {
            "goods": f"{_figure(part)} {currency}",
            "currency": currency,
            "hs": random_.choice(GOODS),
            "origin": random_.choice((origin, origin, random_.choice(origins))),
            "qty": str(random_.choice((1, 1, 2, 5))),
            "net_kg": f"{random_.choice(('0.02', '0.2', '1.5'))} kg",
            "litre": f"{random_.choice(('0.05', '0.75'))} litre",
            "pair": "1 pair",
        }
        if random_.random() < 0.2:
            line["claim"] = random_.choice(("preference", "USMCA"))
        lines.append(line)
    channels = (*CHANNELS, "personal", "9610", "1210") if market == "CN" else CHANNELS
    given: dict[str, Any] = {
        "on": random_.choice(days),
        "currency": currency,
        "lines": lines,
        "from": origin,
        "to": market,
        "channel": random_.choice(channels),
        "buyer": random_.choice(BUYERS),
        "scheme": random_.choice(schemes),
        "transport": "air",
        "incoterm": "DAP",
        "weight": random_.choice(("0.5 kg", "31 kg", "31.5 kg")),
        "freight": f"{random_.choice((0, 7, 33))} {currency}",
        "insurance": f"{random_.choice((0, 0, 2))} {currency}",
    }
    if market == "CA":
        given["region"] = random_.choice(("ON", "QC", "BC", "AB", "NS"))
    if currency in ("PLN", "RUB"):
        given["fx"] = {f"EUR/{currency}": "4.25" if currency == "PLN" else "100"}
    if currency == "CNY":
        given["fx"] = {"USD/CNY": "7.1"}
    return given


def _figure(value: Fraction) -> str:
    return f"{float(value):.2f}" if value.denominator != 1 else str(value.numerator)


def _by_oracle(market: str, day: str, given: dict[str, Any]) -> oracle.Outcome:
    """What the oracle makes of the rules of the day."""
    rule = market_oracle.entry_on(market, day)
    lines = []
    for line in given["lines"]:
        rates = market_oracle.rates_of(market, day, {**line, "region": given.get("region")})
        if rates.get("us_232") == "words":  # whether it applies decides over other duties
            raise oracle.NoPrice("a gap that others ask about")
        lines.append(
            {
                **line,
                **{unit: line[unit].split()[0] for unit in UNITS},
                **dict.fromkeys(("case", "strap", "battery"), f"0 {given['currency']}"),
                "rates": {name: "0 %" if text == "words" else text for name, text in rates.items()},
            }
        )
    plain = {**given, "lines": lines, "digits": {"JPY": "0"}, "air_share": "1"}
    if given["from"] in market_oracle.members():
        plain["from"] = (given["from"], "EU")
    return oracle.price(rule, oracle.parcel(plain, {}))


def _shipment(market: str, day: str, given: dict[str, Any]) -> Shipment:
    def amount(text: str) -> Money:
        figure, currency = text.split()
        return Money(currency, Fraction(figure).as_integer_ratio())

    return Shipment(
        origin=given["from"],
        destination=market,
        on=(date.fromisoformat(day) - date(1970, 1, 1)).days,
        items=tuple(
            Item(
                value=amount(line["goods"]),
                quantity=int(line["qty"]),
                hs=line["hs"],
                origin=line["origin"],
                claims=(line["claim"],) if "claim" in line else (),
                units={unit: Fraction(line[unit].split()[0]).as_integer_ratio() for unit in UNITS},
            )
            for line in given["lines"]
        ),
        weight_mg=int(Fraction(given["weight"].split()[0]) * 1_000_000),
        buyer=given["buyer"],
        scheme=given["scheme"],
        incoterm=given["incoterm"],
        region=given.get("region", ""),
        freight=amount(given["freight"]),
        insurance=amount(given["insurance"]),
        fx={
            (pair[:3], pair[4:]): Fraction(rate).as_integer_ratio()
            for pair, rate in given.get("fx", {}).items()
        },
    )
