"""The text of a rate to its Terms: percents, flat amounts, amounts per unit, and their clamps."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from xborder_cli.core.rule import Limit, Ratio, Rounding, Term, Terms
from xborder_cli.units import (
    LENGTH_DMM,
    PLURALS,
    UNITS,
    VOLUME_DMM3,
    WEIGHT_MG,
    Unreadable,
    over,
    parse_decimal,
    parse_ratio,
    times,
)

_NUMBER = r"[+-]?\d{1,18}(?:\.\d{1,18})?"
_NAME = r"[a-z][a-z0-9_]*"
_CLAMP = re.compile(r"\s+(min|max)\s+")
_PLUS = re.compile(r"\s+\+\s+")
_SHARE = re.compile(rf"({_NUMBER})\s*%(?:\s+of\s+({_NAME}))?")
_FRACTION = re.compile(rf"({_NUMBER}\s*/\s*\d{{1,18}})(?:\s+of\s+({_NAME}))?")
_MONEY = re.compile(rf"({_NUMBER})\s*([A-Z]{{3}})(?:\s*/\s*(.+))?")
_PER = re.compile(
    rf"(started\s+)?(?:({_NUMBER})\s*)?([A-Za-z][\w]*)(?:\s+(?!over\b)([A-Za-z]\w*))?"
    rf"(?:\s+over\s+(?:(band)|(?:({_NUMBER})\s*)?([A-Za-z]\w*)))?"
)
_CURRENCY = re.compile(r"[A-Z]{3}")
_UNDERSCORED = {"net_kg": "net\0kg", "gross_kg": "gross\0kg", "litre_alcohol": "litre\0alcohol"}
_LIMIT = re.compile(rf"({_NUMBER})\s*(%|[A-Za-z]\w*)?(?:\s*/\s*([A-Za-z]\w*))?")
_TIMES_NAME = re.compile(rf"({_NUMBER}|{_NUMBER}\s*/\s*\d+|{_NUMBER}\s*%)\s*x\s+({_NAME})")
_ROUNDING = re.compile(rf"(half up|down|up)(?:\s+to\s+(?:({_NUMBER})\s*([A-Z]{{3}})|minor unit))?")
_FIX = "rates are written like 12.5 %, 16 CHF, 0.90 USD / pair, 25 CNY / 0.5 kg, joined by +"


@lru_cache(maxsize=65_536)
def parse_terms(text: str) -> Terms:
    """Return the addends of a rate and its clamp.

    Raises:
        Unreadable: the grammar of docs/tables.md, section 3, does not read it.

    >>> parse_terms("12.5 %").parts[0].amount
    (1, 8)
    >>> parse_terms("4.5 % min 0.30 EUR / item").low.parts[0].units
    ('item',)
    """
    text = text.strip()
    if text.startswith("words:"):
        return Terms((), words=text.removeprefix("words:").strip())
    pieces = _CLAMP.split(text)
    low = high = None
    for which, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if (low if which == "min" else high) is not None:
            raise Unreadable(f'"{text}" has two {which}', "", "bad-rate")
        if which == "min":
            low = _sum(piece, text)
        else:
            high = _sum(piece, text)
    parts = _sum(pieces[0], text).parts
    return Terms(parts, low, high)


def heading_term(text: str) -> Term | None:
    """Return the term of a column heading such as `CNY/started_0.01kg_over_band`, amount 1.

    None when the heading is no term at all.
    """
    spaced = text
    for name, kept in _UNDERSCORED.items():
        spaced = spaced.replace(name, kept)
    spaced = spaced.replace("vol_hl", "vol\0hl").replace("_", " ").replace("\0", "_")
    try:
        return cell_term(spaced)
    except Unreadable:
        return None


def cell_term(text: str) -> Term:
    """Return the term that a cell stands for: TERMS without the number, such as `CNY / kg`."""
    return _term(f"1 {text.strip()}", text)


def with_amount(template: Term, amount: Ratio) -> Term:
    """Return the template with a cell's number; a percent's number is in hundredths."""
    if not template.currency:
        amount = times(amount, template.amount)
    if len(template.units) == 0 and not template.of:
        return Term(amount, currency=template.currency)
    return replace(template, amount=amount)


def user_terms(name: str, unit: str, words: str) -> Terms:
    """Return the terms of a charge that exists while no public figure does."""
    template = cell_term(unit)
    return Terms((replace(template, amount=(0, 1), user=name),), words=words)


def parse_limit(text: str) -> Limit:
    """Return what a number is compared with: money, a quantity, a number, or N x NAME.

    >>> parse_limit("10 CNY / ml").per, parse_limit("2 x weight").name
    ('ml', 'weight')
    """
    text = text.strip()
    if found := _TIMES_NAME.fullmatch(text):
        return Limit(parse_ratio(found[1]), name=found[2])
    found = _LIMIT.fullmatch(text)
    if found is None:
        fix = "limits are written like 150 EUR, 10 CNY / ml, 30 kg, 60 cm, 3, 2 x weight"
        raise Unreadable(f'"{text}" is not a limit', fix, "bad-limit")
    amount = parse_decimal(found[1])
    mark, per = found[2] or "", found[3] or ""
    if mark == "%":
        return Limit(times(amount, (1, 100)))
    if _CURRENCY.fullmatch(mark):
        return Limit(amount, currency=mark, per=_unit(per) if per else "")
    if per:
        raise Unreadable(f'"{text}" is not a limit', "only money is counted per unit", "bad-limit")
    return Limit(amount, unit=_unit(mark) if mark else "")


def parse_rounding(text: str, currency: str) -> Rounding:
    """Return how and to which step; without a step it is the currency's minor unit.

    >>> parse_rounding("down to 100 JPY", "JPY")
    Rounding(how='down', step=(100, 1))
    """
    text = text.strip()
    if text == "exact":
        return Rounding("exact")
    found = _ROUNDING.fullmatch(text)
    if found is None:
        fix = "write half up to 1 CHF, down to 100 JPY, up to 1000 IDR, or exact"
        raise Unreadable(f'"{text}" is not a rounding', fix, "bad-rounding")
    if found[2] is None:
        return Rounding(found[1])
    if currency and found[3] != currency:
        what = f"rounded to a step in {found[3]}, but the table's currency is {currency}"
        raise Unreadable(what, "give the step in the table's currency", "bad-rounding")
    step = parse_decimal(found[2])
    if step[0] <= 0:
        raise Unreadable(f'"{text}" has a step of 0', "", "bad-rounding")
    return Rounding(found[1], step)


def currencies_of(terms: Terms) -> tuple[str, ...]:
    """Return the currencies that terms speak of."""
    found: list[str] = []
    for part in terms.parts:
        if part.currency:
            found.append(part.currency)
            found.extend(unit for unit in part.units if unit not in UNITS)
    for clamp in (terms.low, terms.high):
        if clamp is not None:
            found.extend(currencies_of(clamp))
    return tuple(found)


def _sum(text: str, whole: str) -> Terms:
    return Terms(tuple(_term(piece.strip(), whole) for piece in _PLUS.split(text)))


def _term(text: str, whole: str) -> Term:
    if found := _SHARE.fullmatch(text):
        return Term(times(parse_decimal(found[1]), (1, 100)), of=found[2] or "base")
    if found := _FRACTION.fullmatch(text):
        return Term(parse_ratio(found[1]), of=found[2] or "base")
    if found := _MONEY.fullmatch(text):
        amount = parse_decimal(found[1])
        if found[3] is None:
            return Term(amount, currency=found[2])
        return _per(amount, found[2], found[3].strip(), whole)
    fix = _FIX
    if re.fullmatch(_NUMBER, text):
        fix = "a number never stands alone: write its currency or %"
    elif "," in text:
        fix = "write numbers with a point, such as 1.2"
    elif text.lower() == "free":
        fix = "write 0 %"
    raise Unreadable(f'"{whole}" is not a rate', fix, "bad-rate")


def _per(amount: Ratio, currency: str, text: str, whole: str) -> Term:
    found = _PER.fullmatch(text)
    if found is None:
        raise Unreadable(f'"{whole}" is not a rate', _FIX, "bad-rate")
    units = tuple(_unit(unit, or_currency=True) for unit in (found[3], found[4]) if unit)
    step = parse_decimal(found[2]) if found[2] else (1, 1)
    if step[0] <= 0:
        raise Unreadable(f'"{whole}" counts steps of 0', "", "bad-rate")
    free: Ratio = (0, 1)
    if found[7]:
        free = _converted(parse_decimal(found[6] or "1"), _unit(found[7], or_currency=True), units)
    return Term(
        amount,
        currency=currency,
        units=units,
        step=step,
        started=bool(found[1]),
        over=free,
        over_band=bool(found[5]),
    )


def _unit(text: str, *, or_currency: bool = False) -> str:
    unit = PLURALS.get(text, text)
    if unit in UNITS or (or_currency and _CURRENCY.fullmatch(unit)):
        return unit
    fix = f"units are {' '.join(sorted(UNITS))}"
    raise Unreadable(f'"{text}" is not a unit', fix, "unknown-unit")


def _converted(amount: Ratio, unit: str, units: tuple[str, ...]) -> Ratio:
    """Return a free quantity in the unit that is counted."""
    if unit == units[0]:
        return amount
    for table in (WEIGHT_MG, LENGTH_DMM, VOLUME_DMM3):
        if unit in table and units[0] in table:
            return over(times(amount, table[unit]), table[units[0]])
    what = f'"over" speaks of {unit}, but {units[0]} is counted'
    raise Unreadable(what, "give both in the same unit", "bad-rate")
