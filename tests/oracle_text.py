"""The oracle's own small grammar: texts of a table to fractions, from the specification alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction as F  # noqa: N817 - stands in every line

NUM = r"[+-]?\d+(?:\.\d+)?"
WEIGHTS = {  # kilograms in one
    "kg": F(1),
    "g": F(1, 1000),
    "t": F(1000),
    "lb": F("0.45359237"),
    "oz": F("0.45359237") / 16,
}
LENGTHS = {"mm": F(10), "cm": F(100), "m": F(10_000), "in": F(254)}  # tenths of a millimetre
VOLUMES = {"cm3": F(1), "in3": F("16.387064"), "cbm": F(1_000_000)}  # cubic centimetres
LIQUIDS = {"ml": F(1, 1000), "litre": F(1)}


class Unreadable(ValueError):  # noqa: N818 - reads as what it is
    """Text outside of the grammar."""


@dataclass(frozen=True)
class Money:
    amount: F
    currency: str


@dataclass(frozen=True)
class Term:
    amount: F
    of: str = ""  # percent of: base, or a name
    currency: str = ""
    units: tuple[str, ...] = ()
    step: F = F(1)  # in the first unit
    started: bool = False
    over: F = F(0)  # in the first unit
    over_band: bool = False


@dataclass(frozen=True)
class Terms:
    parts: tuple[Term, ...]
    low: Terms | None = None
    high: Terms | None = None

    def above_zero(self) -> bool:
        return any(part.amount > 0 for part in self.parts)


@dataclass(frozen=True)
class Limit:
    amount: F
    unit: str = ""  # a currency, a unit, or "" for a plain number
    per: str = ""
    name: str = ""

    @property
    def is_money(self) -> bool:
        return is_currency(self.unit)


def is_currency(text: str) -> bool:
    return bool(re.fullmatch("[A-Z]{3}", text))


def ratio(text: str) -> F:
    """A number, a fraction or a percent."""
    text = text.strip()
    if found := re.fullmatch(rf"({NUM})\s*%", text):
        return F(found[1]) / 100
    if found := re.fullmatch(r"(\d+)\s*/\s*(\d+)", text):
        return F(int(found[1]), int(found[2]))
    if re.fullmatch(NUM, text):
        return F(text)
    raise Unreadable(text)


def money(text: str) -> Money:
    found = re.fullmatch(rf"({NUM})\s*([A-Z]{{3}})", text.strip())
    if not found:
        raise Unreadable(text)
    return Money(F(found[1]), found[2])


def terms(text: str) -> Terms:
    """Addends and a clamp of their own."""
    pieces = re.split(r"\s+(min|max)\s+", text.strip())
    low = high = None
    for word, clamp in zip(pieces[1::2], pieces[2::2], strict=True):
        if word == "min":
            low = terms(clamp)
        else:
            high = terms(clamp)
    return Terms(tuple(_term(part) for part in re.split(r"\s\+\s", pieces[0])), low, high)


def _term(text: str) -> Term:
    text = text.strip()
    if found := re.fullmatch(rf"({NUM})\s*%(?:\s+of\s+(\w+))?", text):
        return Term(F(found[1]) / 100, of=found[2] or "base")
    if found := re.fullmatch(r"(\d+)/(\d+)", text):
        return Term(F(int(found[1]), int(found[2])), of="base")
    found = re.fullmatch(rf"({NUM})\s*([A-Z]{{3}})(?:\s*/\s*(.+))?", text)
    if not found:
        raise Unreadable(text)
    amount, currency, per = F(found[1]), found[2], found[3]
    if not per:
        return Term(amount, currency=currency)
    counted, _, free = per.partition(" over ")
    shape = re.fullmatch(rf"(started\s+)?({NUM})?\s*([A-Za-z]\w*)(?:\s+([A-Za-z]\w*))?", counted)
    if not shape:
        raise Unreadable(text)
    unit, scale = base_unit(shape[3])
    units = [unit]
    if shape[4]:
        other, factor = base_unit(shape[4])
        units.append(other)
        scale *= factor  # one cbm day is one cbm and one day
    over, over_band = F(0), free.strip() == "band"
    if free and not over_band:
        over_found = re.fullmatch(rf"({NUM})?\s*([A-Za-z]\w*)", free.strip())
        if not over_found:
            raise Unreadable(text)
        over = F(over_found[1] or 1) * base_unit(over_found[2])[1]
    return Term(
        amount,
        currency=currency,
        units=tuple(units),
        step=F(shape[2] or 1) * scale,
        started=bool(shape[1]),
        over=over,
        over_band=over_band,
    )


def base_unit(unit: str) -> tuple[str, F]:
    """The unit that is counted, and how many of it are one of the unit given."""
    unit = {"days": "day", "items": "item", "lines": "line", "pairs": "pair"}.get(unit, unit)
    for name, scales in (("kg", WEIGHTS), ("litre", LIQUIDS)):
        if unit in scales:
            return name, scales[unit]
    return unit, F(1)


def limit(text: str) -> Limit:
    text = text.strip()
    if found := re.fullmatch(rf"({NUM}(?:\s*/\s*\d+|\s*%)?)\s*x\s+(\w+)", text):
        return Limit(ratio(found[1]), name=found[2])
    found = re.fullmatch(rf"({NUM})\s*(%|[A-Za-z]\w*)?(?:\s*/\s*([A-Za-z]\w*))?", text)
    if not found:
        raise Unreadable(text)
    if found[2] == "%":
        return Limit(F(found[1]) / 100)
    return Limit(F(found[1]), found[2] or "", found[3] or "")


def quantity(one: Limit) -> F:
    """A quantity in the oracle's own units: kg, tenths of a mm, cbm, else as it stands."""
    if one.unit in WEIGHTS:
        return one.amount * WEIGHTS[one.unit]
    if one.unit in LENGTHS:
        return one.amount * LENGTHS[one.unit]
    if one.unit in VOLUMES:
        return one.amount * VOLUMES[one.unit] / VOLUMES["cbm"]
    return one.amount


def comparison(text: str) -> tuple[str, Limit] | None:
    found = re.fullmatch(r"(over|at least|up to|under)\s+(.+)", text.strip())
    return (found[1], limit(found[2])) if found else None


def holds(value: F, how: str, bound: F) -> bool:
    return {
        "over": value > bound,
        "at least": value >= bound,
        "up to": value <= bound,
        "under": value < bound,
    }[how]


def half_up(value: F, step: F = F(1)) -> F:
    """The nearest multiple of the step; halves go away from zero."""
    scaled = abs(value) / step
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return whole * step if value >= 0 else -whole * step


def up(value: F, step: F) -> F:
    scaled = value / step
    return -(-scaled.numerator // scaled.denominator) * step


def down(value: F, step: F) -> F:
    scaled = value / step
    return scaled.numerator // scaled.denominator * step


def rounded(value: F, rule: str, minor: F) -> F:
    """`half up to 1 INR`, `down to 100 JPY`, `exact`; without a step, the minor unit."""
    if rule == "exact":
        return value
    found = re.fullmatch(rf"(half up|up|down)(?:\s+to\s+({NUM})\s*[A-Z]{{3}})?", rule.strip())
    if not found:
        raise Unreadable(rule)
    step = F(found[2]) if found[2] else minor
    return {"half up": half_up, "up": up, "down": down}[found[1]](value, step)
