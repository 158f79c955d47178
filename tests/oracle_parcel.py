"""The oracle's parcel: what a try gives, its measures, its chargeable weight and its classes."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction as F  # noqa: N817 - stands in every line
from typing import Any

from tests.oracle_text import (
    LENGTHS,
    VOLUMES,
    WEIGHTS,
    Limit,
    Money,
    base_unit,
    comparison,
    half_up,
    holds,
    limit,
    money,
    quantity,
    ratio,
    up,
)

PARTS = ("case", "strap", "battery")
LINE_UNITS = ("pair", "litre", "net_kg", "gross_kg", "litre_alcohol", "dozen")
MONEY_INPUTS = (
    "freight", "freight_to_border", "freight_inland", "insurance", "transfer_value",
    "purchase_price", "used_this_year", "used_this_half_year", "declared_this_day",
)  # fmt: skip
COUNTS = ("parcels_this_year", "parcels_this_half_year")
RATIOS = ("return_rate", "dispute_rate", "air_share")
MG = F(1, 1_000_000)


class NoPrice(Exception):  # noqa: N818 - an answer, not a fault
    """A table that has no row for this parcel."""


@dataclass
class Line:
    goods: Money
    qty: int = 1
    hs: str = ""
    origin: str = ""
    traits: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    units: dict[str, F] = field(default_factory=dict)
    parts: dict[str, Money] = field(default_factory=dict)
    rates: dict[str, str] = field(default_factory=dict)


@dataclass
class Parcel:
    currency: str
    lines: list[Line]
    fx: dict[tuple[str, str], F] = field(
        default_factory=dict
    )  # one of the first is so many of the second
    digits: dict[str, int] = field(default_factory=dict)
    money: dict[str, Money | None] = field(default_factory=dict)  # None: said to be unknown
    ratios: dict[str, F] = field(default_factory=dict)
    facts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lot: int = 1
    days: F = F(0)
    counts: dict[str, F] = field(default_factory=lambda: dict.fromkeys(COUNTS, F(0)))
    weight: F = F(0)  # kg
    sides: tuple[F, F, F] = (F(0), F(0), F(0))  # tenths of a mm, longest first
    chargeable: F = F(0)  # kg, exact even when held in pounds
    classes: dict[str, str] = field(default_factory=dict)

    @property
    def minor(self) -> F:
        """The smallest step of the currency charges are worked in."""
        return F(1, 10 ** self.digits.get(self.currency, 2))

    def exactly(self, amount: Money, currency: str) -> F:
        """The amount in another currency, not rounded."""
        if amount.currency == currency:
            return amount.amount
        if (amount.currency, currency) in self.fx:
            return amount.amount * self.fx[amount.currency, currency]
        if (currency, amount.currency) in self.fx:
            return amount.amount / self.fx[currency, amount.currency]
        if self.currency in (amount.currency, currency):
            raise KeyError(f"no rate for {amount.currency}/{currency}")
        between = self.exactly(amount, self.currency)
        return self.exactly(Money(between, self.currency), currency)

    def converted(self, amount: Money) -> F:
        """The amount as a charge reads it: half up to the minor unit when it is foreign."""
        if amount.currency == self.currency:
            return amount.amount
        return half_up(self.exactly(amount, self.currency), self.minor)

    def measure(self, name: str) -> F | None:
        """A measure in kg, tenths of a mm, cbm or a count; None when the name is none."""
        longest, middle, shortest = self.sides
        cbm = longest * middle * shortest / F(10) ** 12
        return {
            "weight": self.weight,
            "chargeable": self.chargeable,
            "longest": longest,
            "middle": middle,
            "shortest": shortest,
            "sides_sum": longest + middle + shortest,
            "girth": 2 * (middle + shortest),
            "length_plus_girth": longest + 2 * (middle + shortest),
            "longest_plus_shortest": longest + shortest,
            "cbm": cbm,
            "items": F(sum(line.qty for line in self.lines)),
            "lines": F(len(self.lines)),
            "days": self.days,
            **self.counts,
        }.get(name)

    def goods_exact(self, currency: str, lines: tuple[int, ...] | None = None) -> F:
        """The declared value of some lines, or all, in a currency, not rounded."""
        chosen = self.lines if lines is None else [self.lines[n] for n in lines]
        return sum((self.exactly(line.goods, currency) for line in chosen), F(0))

    def stated(self, unit: str, lines: tuple[int, ...]) -> F | None:
        """What the lines say they hold of a unit; None when one of them does not say."""
        unit, _ = base_unit(unit)
        held = [self.lines[n].units.get(unit) for n in lines]
        return None if None in held else sum((h for h in held if h is not None), F(0))


def parcel(given: dict[str, Any], rule: dict[str, Any] | None = None) -> Parcel:
    """The parcel of a try, weighed and sorted by the weight and classes of a rule."""
    lines = [_line(row) for row in given.get("lines") or [given]]
    one = Parcel(given["currency"], lines)
    one.digits = {code: int(n) for code, n in given.get("digits", {}).items()}
    for pair, rate in given.get("fx", {}).items():
        base, _, quote = pair.partition("/")
        one.fx[base, quote] = F(rate)
    for name in MONEY_INPUTS:
        if name in given:
            one.money[name] = None if given[name] == "unknown" else money(given[name])
    if "freight" in one.money and "freight_to_border" not in one.money:
        one.money["freight_to_border"] = one.money["freight"]
    one.ratios = {name: ratio(given[name]) for name in RATIOS if name in given}
    one.lot = int(given.get("lot", 1))
    one.days = F(given.get("days", "0"))
    one.counts = {name: F(given.get(name, "0")) for name in COUNTS}
    one.weight = half_up(quantity(limit(given.get("weight", "0 kg"))), MG)
    one.sides = _sides(given.get("size"))
    for name in (
        "channel", "mode", "transport", "incoterm", "buyer", "scheme", "from", "to", "region",
        "area", "option", "platform", "seller",
    ):  # fmt: skip
        if name in given:
            one.facts[name] = _texts(given[name])
    one.facts["claim"] = tuple(claim for line in lines for claim in line.claims)
    rule = rule or {}
    one.chargeable = _chargeable(one, rule.get("weight"))
    for name, rows in rule.get("classes", {}).items():
        one.classes[name] = _class(one, name, rows)
    return one


def _line(row: dict[str, Any]) -> Line:
    value = money(row.get("goods", f"0 {row.get('currency', 'XXX')}"))
    return Line(
        goods=value,
        qty=int(row.get("qty", 1)),
        hs=row.get("hs", ""),
        origin=row.get("origin", ""),
        traits=_texts(row.get("trait", ())),
        claims=_texts(row.get("claim", ())),
        units=_units(row),
        parts={name: money(row[name]) for name in PARTS if name in row},
        rates=dict(row.get("rates", {})),
    )


def _units(row: dict[str, Any]) -> dict[str, F]:
    found = {u: limit(row[u]).amount for u in LINE_UNITS if u in row}
    if "litre_alcohol" in found:  # a hundredth of 100 litres
        found["vol_hl"] = found["litre_alcohol"]
    return found


def _texts(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _sides(size: str | None) -> tuple[F, F, F]:
    if not size:
        return F(0), F(0), F(0)
    figures, unit = size.split()
    sides = [half_up(F(figure) * LENGTHS[unit]) for figure in figures.split("x")]
    longest, middle, shortest = sorted(sides, reverse=True)
    return longest, middle, shortest


def small_tests_hold(one: Parcel, tests: dict[str, Any]) -> bool:
    """Conditions on measures and declared goods, all that weights and classes ask."""
    return all(small_number_holds(one, name, value) for name, value in tests.items())


def small_number_holds(one: Parcel, name: str, value: Any) -> bool:
    for text in _texts(value):
        found = comparison(text)
        assert found, f"{name}: {text}"
        how, bound = found
        if bound.is_money:
            assert name == "goods"
            have = one.goods_exact(bound.unit)
        else:
            measured = one.measure(name)
            assert measured is not None, name
            have = measured
        if not holds(have, how, small_bound(one, bound)):
            return False
    return True


def small_bound(one: Parcel, bound: Limit) -> F:
    if bound.name:
        other = one.measure(bound.name)
        assert other is not None, bound.name
        return bound.amount * other
    return quantity(bound)


def _chargeable(one: Parcel, rule: dict[str, Any] | None) -> F:
    if not rule:
        return one.weight
    one.chargeable = one.weight  # until the rule has made it
    unit = WEIGHTS[rule.get("unit", "kg")]
    weight = one.weight
    if "divisor" in rule or "density" in rule:
        sides = one.sides
        if "sides_up_to" in rule:
            step = half_up(quantity(limit(rule["sides_up_to"])))
            sides = tuple(up(side, step) for side in sides)  # type: ignore[assignment]
        cm3 = sides[0] * sides[1] * sides[2] / 1_000_000
        volumetric = up(cm3 / cm3_per_kg(rule), MG)
        if "volumetric_up_to" in rule:
            volumetric = up(volumetric, quantity(limit(rule["volumetric_up_to"])))
        if not small_tests_hold(one, rule.get("when", {})):
            volumetric = F(0)
        elif "blend" in rule:
            share = ratio(rule["blend"])
            volumetric = share * volumetric + (1 - share) * weight
        weight = max(weight, volumetric)
    floors = rule.get("at_least", [])
    for floor in [{"amount": floors}] if isinstance(floors, str) else floors:
        if small_tests_hold(one, floor.get("when", {})):
            weight = max(weight, quantity(limit(floor["amount"])))
    steps = rule.get("round_up_to")
    if steps is None:
        return weight
    if isinstance(steps, str):
        return up(weight, quantity(limit(steps)))
    for end, step in steps:
        if end in ("null", "open") or weight <= quantity(limit(end)):
            return up(weight, quantity(limit(step)))
    raise NoPrice(f"no rounding step for {weight} of {unit}")


def cm3_per_kg(rule: dict[str, Any]) -> F:
    if "divisor" in rule:
        figure, per = rule["divisor"].split()
        volume, mass = per.split("/")
        return F(figure) * VOLUMES[volume] / WEIGHTS[mass]
    figure, per = rule["density"].split()
    mass, volume = per.split("/")
    return VOLUMES[volume] / (F(figure) * WEIGHTS[mass])


def _class(one: Parcel, name: str, rows: list[dict[str, Any]]) -> str:
    for row in rows:
        ((code, tests),) = row.items()
        if small_tests_hold(one, tests or {}):
            return str(code)
    raise NoPrice(f"no {name} fits")
