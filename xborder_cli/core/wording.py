"""Rates, limits and conditions in words, as tables write them."""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING

from xborder_cli.core.rule import Limit, Ratio, Term, Terms, Test
from xborder_cli.units import minor_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xborder_cli.core.rates import TermsTable
    from xborder_cli.core.rule import Day


def number(ratio: Ratio, places: int = 6) -> str:
    """Return a ratio as a decimal where it is one, else as a fraction.

    >>> number((1, 4)), number((9, 1)), number((22, 78))
    ('0.25', '9', '22/78')
    """
    num, den = ratio
    if den == 1:
        return str(num)
    scaled, rest = divmod(abs(num) * 10**places, den)
    if rest:
        return f"{num}/{den}"
    digits = str(scaled).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")
    return f"-{text}" if num < 0 else text


def exact_text(minor: int, den: int, digits: int) -> str:
    """Return minor / den in major units: whole where decimals say it, else rounded half up.

    >>> exact_text(2500, 1, 2), exact_text(1001, 2, 2), exact_text(1000, 3, 2)
    ('25.00', '5.005', '3.33')
    """
    if den != 1:
        text = number((minor, den * 10**digits), 8)
        if "/" not in text:
            return text
        minor = (2 * minor + den) // (2 * den)
    return minor_text(minor, digits)


def terms_text(terms: Terms) -> str:
    """Return a rate as a table writes it.

    >>> terms_text(Terms((Term((1, 8), of="base"), Term((2, 1), currency="EUR", units=("kg",)))))
    '12.5 % + 2 EUR / kg'
    """
    if terms.words:
        return terms.words
    text = " + ".join(term_text(term) for term in terms.parts) or "0"
    if terms.low:
        text += f" min {terms_text(terms.low)}"
    if terms.high:
        text += f" max {terms_text(terms.high)}"
    return text


def with_bounds(terms: Terms) -> Iterator[Terms]:
    """Yield a rate, and what it is at least and at most."""
    yield terms
    for bound in (terms.low, terms.high):
        if bound is not None:
            yield from with_bounds(bound)


def term_text(term: Term) -> str:
    """Return one addend of a rate."""
    if term.user:
        unit = f" {term.currency}" if term.currency else ""
        return f"user {term.user}{unit}{_per(term)}"
    if not term.currency:
        share = number((term.amount[0] * 100, term.amount[1]))
        share = f"{share} %" if "/" not in share else number(term.amount)
        return share if term.of in ("", "base") else f"{share} of {term.of}"
    return f"{number(term.amount)} {term.currency}{_per(term)}"


def _per(term: Term) -> str:
    if not term.units:
        return ""
    step = "" if term.step == (1, 1) else f"{number(term.step)} "
    text = f" / {'started ' if term.started else ''}{step}{' '.join(term.units)}"
    if term.over[0]:
        text += f" over {number(term.over)} {term.units[0]}"
    if term.over_band:
        text += " over the band's start"
    return text


def terms_at(table: TermsTable, code: int) -> Terms:
    """Return one rate of a table."""
    parts = []
    for shape in table.shapes:
        amount = int(shape.amounts[code])
        if amount or len(table.shapes) == 1:
            shared = gcd(amount, shape.den) or 1
            parts.append(
                Term(
                    (amount // shared, shape.den // shared),
                    shape.of,
                    shape.currency,
                    shape.units,
                    shape.step,
                    shape.started,
                    shape.over,
                    shape.over_band,
                    shape.user,
                )
            )
    low = (
        terms_at(table.low, code)
        if table.low and table.has_low is not None and table.has_low[code]
        else None
    )
    high = (
        terms_at(table.high, code)
        if table.high and table.has_high is not None and table.has_high[code]
        else None
    )
    return Terms(tuple(parts), low, high, table.words[code] if table.words else "")


def limit_text(limit: Limit) -> str:
    """Return a limit as a table writes it."""
    text = number(limit.amount)
    if limit.name:
        return f"{text} x {limit.name}"
    if limit.currency:
        text += f" {limit.currency}"
    elif limit.unit:
        text += f" {limit.unit}"
    return f"{text} / {limit.per}" if limit.per else text


def tests_text(tests: Iterable[Test], day: Day | None = None) -> str:
    """Return conditions in words, joined by `and`."""
    return " and ".join(test_text(test, day) for test in tests)


def test_text(test: Test, day: Day | None = None) -> str:
    """Return one condition in words, with the limits of a day, or else the newest."""
    match test.kind:
        case "is":
            return f"{test.name} {' or '.join(test.values)}"
        case "number":
            spans = test.limit.spans if test.limit else ()
            limit = next((s.value for s in reversed(spans) if day is None or s.since <= day), None)
            bound = limit_text(limit) if isinstance(limit, Limit) else "a limit not in force"
            return f"{test.name.replace('_', ' ')} {test.op} {bound}"
        case "line" | "every" | "some":
            where = {"line": "the line has", "every": "every line has", "some": "some line has"}[
                test.kind
            ]
            return f"{where} {tests_text(test.tests, day)}"
        case "any":
            return " or ".join(f"({tests_text(group, day)})" for group in test.groups)
        case "unknown":
            return f"{test.name} is not stated"
    verb = {"applied": "applies", "exempted": "is exempt", "due": "is due"}.get(
        test.kind, test.kind
    )
    return f"{' or '.join(test.values)} {verb}"
