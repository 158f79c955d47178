"""A parcel at a market's border, worked out by the core and by the oracle from the same words."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import permutations
from typing import TYPE_CHECKING, Any

from tests import market_limits, market_oracle, oracle
from tests.oracle_text import Money as OracleMoney
from tests.oracle_text import money as oracle_money
from xborder_cli.core.answer import REFUSED, DutyAnswer
from xborder_cli.core.pipeline import duty
from xborder_cli.core.rule import Money
from xborder_cli.core.shipment import COUNTERS, Item, Shipment

if TYPE_CHECKING:
    from xborder_cli.core.book import Book

UNITS = ("net_kg", "litre", "pair", "litre_alcohol")
COUNTS = ("parcels_this_year", "parcels_this_half_year")
# about how many US dollars one is worth: limits in several currencies keep their order
WORTH = {
    "AED": "0.27", "ARS": "0.0007", "AUD": "0.65", "BDT": "0.008", "BGN": "0.6", "BHD": "2.65",
    "BRL": "0.18", "CAD": "0.71", "CHF": "1.25", "CLP": "0.001", "CNY": "0.15", "COP": "0.00025",
    "CZK": "0.048", "DKK": "0.156", "EGP": "0.02", "ETB": "0.007", "EUR": "1.16", "GBP": "1.31",
    "GHS": "0.09", "HKD": "0.128", "HUF": "0.003", "IDR": "0.00006", "ILS": "0.3", "INR": "0.011",
    "ISK": "0.008", "JPY": "0.0064", "KES": "0.0077", "KRW": "0.0007", "KWD": "3.25",
    "KZT": "0.002", "LKR": "0.003", "MAD": "0.11", "MXN": "0.054", "MYR": "0.24", "NGN": "0.0007",
    "NOK": "0.1", "NZD": "0.57", "OMR": "2.6", "PEN": "0.29", "PHP": "0.017", "PKR": "0.0036",
    "PLN": "0.27", "QAR": "0.2747", "RON": "0.23", "RSD": "0.01", "RUB": "0.012", "SAR": "0.267",
    "SEK": "0.106", "SGD": "0.77", "THB": "0.031", "TRY": "0.024", "TWD": "0.032", "TZS": "0.0004",
    "HRK": "0.154", "UAH": "0.024", "UGX": "0.00028", "USD": "1", "VND": "0.00004", "ZAR": "0.058",
}  # fmt: skip
Given = dict[str, Any]


def rates_between(market: str) -> dict[str, str]:
    """Rounded exchange rates of the currencies that a market speaks of, exact both ways."""
    worth = {code: Fraction(WORTH.get(code, "1")) for code in market_limits.currencies(market)}
    return {f"{a}/{b}": str(worth[a] / worth[b]) for a, b in permutations(worth, 2)}


def by_oracle(market: str, day: str, given: Given) -> oracle.Outcome:
    """What the oracle makes of the rules of the day.

    Raises:
        oracle.NoPrice: a table is silent about this parcel, which the core shows as a gap.
    """
    rule = market_oracle.entry_on(market, day)
    lines = []
    for line in given["lines"]:
        rates = market_oracle.rates_of(market, day, {**line, "region": given.get("region")})
        if rule.get("select") == "cheapest" and rates.get("mfn") == "words":
            raise oracle.NoPrice("the core passes over a regime of unknown cost")
        if rates.get("us_232") == "words":  # whether it applies decides over other duties
            raise oracle.NoPrice("a gap that others ask about")
        lines.append(
            {
                **line,
                **{unit: line[unit].split()[0] for unit in UNITS if unit in line},
                **dict.fromkeys(("case", "strap", "battery"), f"0 {given['currency']}"),
                "rates": {name: "0 %" if text == "words" else text for name, text in rates.items()},
            }
        )
    # charges are worked in the currency of the market, whatever the goods are priced in
    currency = market_oracle.raw_market(market)["currency"]
    digits = market_oracle.currency_digits()
    plain = {**given, "currency": currency, "lines": lines, "digits": digits, "air_share": "1"}
    union = market_oracle.unions().get(given["from"])
    if union:
        plain["from"] = (given["from"], union)
    return oracle.price(rule, oracle.parcel(plain, {}))


def by_core(book: Book, market: str, day: str, given: Given) -> DutyAnswer:
    """What `xb duty` says."""
    return duty(
        book,
        shipment(market, day, given),
        channel=given["channel"],
        transport=given.get("transport", ""),
    )


def differences(book: Book, answer: DutyAnswer, wanted: oracle.Outcome) -> dict[str, Any]:
    """What the two say differently; nothing when they agree."""
    minor = 10 ** book.digits[answer.currency]
    taken = [one.id for one in answer.regimes if one.taken]
    if taken != ([wanted.regime] if wanted.regime else []):
        return {"regime": (taken, wanted.regime)}
    refused = any(flag.startswith(REFUSED) for flag in answer.flags)
    if refused or wanted.refused:
        return {} if refused == bool(wanted.refused) else {"refused": (refused, wanted.refused)}
    found: dict[str, Fraction] = {}
    for line in answer.lines:
        found[line.code] = found.get(line.code, Fraction(0)) + Fraction(line.amount_minor, minor)
    amounts = {code.removesuffix("_itself"): value for code, value in wanted.amounts.items()}
    return {
        code: (float(found.get(code, 0)), float(value))
        for code, value in amounts.items()
        if found.get(code, 0) != value
    }


def shipment(market: str, day: str, given: Given) -> Shipment:
    """The parcel as the program reads it."""
    counts = {name: int(given[name]) for name in COUNTS if name in given}
    return Shipment(
        origin=given["from"],
        destination=market,
        on=(date.fromisoformat(day) - date(1970, 1, 1)).days,
        items=tuple(_item(line) for line in given["lines"]),
        weight_mg=int(Fraction(given["weight"].split()[0]) * 1_000_000),
        buyer=given["buyer"],
        scheme=given["scheme"],
        incoterm=given["incoterm"],
        region=given.get("region", ""),
        options=(given["option"],) if "option" in given else (),
        freight=_amount(given["freight"]) if given["freight"] != "unknown" else None,
        insurance=_amount(given["insurance"]),
        counters={name: _amount(given[name]) for name in COUNTERS if name in given},
        fx={
            (pair[:3], pair[4:]): Fraction(rate).as_integer_ratio()
            for pair, rate in given.get("fx", {}).items()
        },
        **counts,
    )


def _item(line: Given) -> Item:
    return Item(
        value=_amount(line["goods"]),
        quantity=int(line["qty"]),
        hs=line["hs"],
        origin=line["origin"],
        claims=(line["claim"],) if "claim" in line else (),
        traits=(line["trait"],) if "trait" in line else (),
        units={
            unit: Fraction(line[unit].split()[0]).as_integer_ratio()
            for unit in UNITS
            if unit in line
        },
    )


def _amount(text: str) -> Money:
    read: OracleMoney = oracle_money(text)
    return Money(read.currency, read.amount.as_integer_ratio())
