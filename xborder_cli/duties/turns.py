"""The days on which the duty of an article may turn: whatever of its rules begins or ends then."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from xborder_cli.core.lookup_rows import leaves
from xborder_cli.core.programme_lines import line_of
from xborder_cli.core.rates import DatedTable
from xborder_cli.core.rule import Charge, Dated, Lookup, Provenance, Regime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xborder_cli.core.book import Book
    from xborder_cli.core.rule import Day


def turning_days(book: Book, market: str, hs: str) -> tuple[Day, ...]:
    """Return the days on which a rule of the entry, or a row for a code, begins or has just ended.

    Between two of them nothing of the tables changes for goods of the code, whatever their origin;
    only exchange rates do.
    """
    rules = book.market(market)
    if rules is None:
        return ()
    chain = book.chains[market]
    found: set[Day] = set()
    for rule in (rules.entry, rules.default_scheme):
        found.update(_days(book, chain, hs, rule))
    return tuple(sorted(day for day in found if day))


def _days(book: Book, chain: tuple[str, ...], hs: str, rule: object) -> Iterator[Day]:
    """Yield the days that a rule, and those inside it, name."""
    if isinstance(rule, Lookup):
        for leaf in leaves(rule):
            programme = book.programme(leaf.programme, chain)
            line = line_of(book, programme, hs) if programme is not None else None
            yield from line.marks if line is not None else ()
        return
    if isinstance(rule, DatedTable):
        yield from rule.days
        return
    if isinstance(rule, (Charge, Regime)):
        yield rule.since
        if rule.until is not None:
            yield rule.until + 1
    elif isinstance(rule, Dated):
        for span in rule.spans:
            yield span.since
        return
    if isinstance(rule, tuple):
        for one in rule:
            yield from _days(book, chain, hs, one)
    elif is_dataclass(rule) and not isinstance(rule, Provenance):
        for part in fields(rule):
            yield from _days(book, chain, hs, getattr(rule, part.name))
