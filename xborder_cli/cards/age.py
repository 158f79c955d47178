"""How old a figure is, and which figures are too old."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import TYPE_CHECKING

from xborder_cli.cards.issues import Issues
from xborder_cli.core.flags import FICTIONAL
from xborder_cli.core.rule import Charge, Dated, ProgrammeRow, Provenance, Regime
from xborder_cli.rules.on_day import lasts, span_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xborder_cli.core.rule import Day
    from xborder_cli.tables.tables import Tables

UNCHECKED, EXPECTED_END, OLD_LIST = "unchecked", "expected-end", "old-list"
NAMED = 4  # figures that a row names
FEW_DAYS = 60  # up to here an age is told in days


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something too old: what, for which reason, since which day."""

    kind: str  # service, surcharge, market, programme, goods, mode
    id: str
    what: tuple[str, ...]  # charges or rows, when it is not the whole table
    why: str  # unchecked, expected-end, old-list
    day: Day  # last checked, expected end, first day of the list; 0: never
    figures: int
    provenance: Provenance


def findings(tables: Tables, on: Day, before: Day) -> list[Finding]:
    """Return what nobody has looked at, or published anew, since a day; the oldest first.

    Args:
        tables: all that there are.
        on: what holds on this day is judged: an issue, value or row that another has followed is
            history and cannot be out of date.
        before: a list or check of an earlier day is too old.
    """
    found = [*_lists(tables, on, before), *_values(tables, on, before)]
    for kind, name, rule in _owners(tables, on):
        found += _unchecked(kind, name, rule, on, before)
    return sorted(found, key=lambda one: (one.why, one.day, one.kind, one.id, one.what))


def _lists(tables: Tables, on: Day, before: Day) -> Iterator[Finding]:
    """Yield price lists in force that are old, or past the day on which a new one was expected."""
    issues = Issues(tables.cards)
    for card in tables.cards:
        if not issues.in_force(card, on):
            continue
        ends = card.expected_until
        for why, day, too_old in (
            (EXPECTED_END, ends or 0, ends is not None and ends < on),
            (OLD_LIST, card.since, card.since < before),
        ):
            if too_old:
                yield Finding(
                    kind="service",
                    id=card.id,
                    what=(),
                    why=why,
                    day=day,
                    figures=1,
                    provenance=card.provenance,
                )


def _values(tables: Tables, on: Day, before: Day) -> Iterator[Finding]:
    """Yield surcharges with a history of which the newest value is old."""
    for one in tables.surcharges:
        for charge in one.charges:
            span = span_on(charge.rate, on) if isinstance(charge.rate, Dated) else None
            if span and span.value is not None and 0 < span.since < before:
                yield Finding(
                    kind="surcharge",
                    id=one.id,
                    what=(charge.code,),
                    why=OLD_LIST,
                    day=span.since,
                    figures=1,
                    provenance=span.provenance,
                )


def _owners(tables: Tables, on: Day) -> Iterator[tuple[str, str, object]]:
    issues = Issues(tables.cards)
    for card in tables.cards:
        if issues.in_force(card, on):
            yield "service", card.id, card
    for one in tables.surcharges:
        yield "surcharge", one.id, one
    for market in tables.markets.values():
        yield "market", market.id, market
    for programme in tables.programmes.values():
        yield "programme", f"{programme.tariff} {programme.id}", programme
    for mode in tables.modes.values():
        yield "mode", mode.id, mode
    for goods in tables.goods.values():
        yield "goods", goods.slug, goods


def _unchecked(kind: str, name: str, rule: object, on: Day, before: Day) -> Iterator[Finding]:
    """Yield the figures of a table that were last compared with their source too long ago."""
    found: dict[tuple[str, int, str], dict[str, Provenance]] = {}
    count: dict[tuple[str, int, str], int] = {}
    for what, provenance in _figures(rule, on):
        if provenance.checked >= before or provenance.title == FICTIONAL:
            continue
        key = (provenance.table, provenance.checked, provenance.title)
        found.setdefault(key, {}).setdefault(what, provenance)
        count[key] = count.get(key, 0) + 1
    for key, named in found.items():
        whole = "" in named
        yield Finding(
            kind=kind,
            id=name,
            what=() if whole else tuple(named),
            why=UNCHECKED,
            day=key[1],
            figures=count[key],
            provenance=named[""] if whole else next(iter(named.values())),
        )


def _figures(rule: object, on: Day, name: str = "") -> Iterator[tuple[str, Provenance]]:
    """Yield who says each part of a rule that holds on a day, and which part it is."""
    if isinstance(rule, Provenance):
        yield name, rule
    elif isinstance(rule, Dated):
        span = span_on(rule, on)
        if span is not None and span.since:
            yield name, span.provenance
    elif isinstance(rule, tuple):
        for one in rule:
            if is_dataclass(one):
                yield from _figures(one, on, name)
    elif is_dataclass(rule):
        if isinstance(rule, Charge | Regime | ProgrammeRow) and not lasts(
            rule.since, rule.until, on
        ):
            return
        inner = name
        if isinstance(rule, Charge):
            inner = rule.code
        elif isinstance(rule, Regime):
            inner = rule.id
        elif isinstance(rule, ProgrammeRow):
            inner = rule.hs or "*"
        for part in fields(rule):
            yield from _figures(getattr(rule, part.name), on, inner)


def age_words(day: Day, on: Day) -> str:
    """Return how long ago a day is, in whole months once it is some.

    >>> from xborder_cli.units import parse_day
    >>> age_words(parse_day("2023-01-06"), parse_day("2026-11-23"))
    '3 years 10 months'
    >>> age_words(parse_day("2026-10-01"), parse_day("2026-11-23"))
    '53 days'
    """
    if on - day <= FEW_DAYS:
        return _count(max(0, on - day), "day")
    first, last = _date(day), _date(on)
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    words = [
        _count(number, unit)
        for number, unit in zip(divmod(months, 12), ("year", "month"), strict=True)
        if number
    ]
    return " ".join(words)


def _date(day: Day) -> date:
    return date.fromordinal(date(1970, 1, 1).toordinal() + day)


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'s' * (number != 1)}"
