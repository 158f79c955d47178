"""What importers claim: an agreement by its own name or as any, and claims that do not act."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from xborder_cli.core.rule import Test
from xborder_cli.core.shipment import PREFERENCE, REFUND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xborder_cli.core.book import Book
    from xborder_cli.core.rates import ProgrammeTable, Row
    from xborder_cli.core.rule import Day
    from xborder_cli.core.shipment import Item


def tested(kind: str, rule: object) -> Iterator[str]:
    """Yield the names of a kind (claim, scheme, ...) that a rule, and those inside it, test.

    >>> test = Test("line", tests=(Test("is", "claim", ("USMCA",)), Test("is", "hs", ("61",))))
    >>> list(tested("claim", (test,)))
    ['USMCA']
    """
    if isinstance(rule, Test) and rule.kind == "is" and rule.name == kind:
        yield from rule.values
    if isinstance(rule, tuple):
        for one in rule:
            yield from tested(kind, one)
    elif is_dataclass(rule):
        for part in fields(rule):
            yield from tested(kind, getattr(rule, part.name))


def agreed(book: Book, item: Item, market: str) -> tuple[str, ...]:
    """Return the claims of an item, `preference` with the names of the agreements that it means.

    A preference is claimed by one word whatever the agreement is called; rows that ask for the
    agreement by name, as for USMCA, hold for it too where they name the origin.
    """
    if PREFERENCE not in item.claims:
        return item.claims
    named = [
        name
        for programme, row in _rows(book, item, market)
        if programme.id == PREFERENCE and row.origin
        for name in tested("claim", row.when)
    ]
    return tuple(dict.fromkeys((*item.claims, *named)))


def idle(book: Book, item: Item, market: str) -> Iterator[str]:
    """Yield claims of goods that no rate for them asks for on any day, in words."""
    if not item.hs:
        return
    asked = {name for _, row in _rows(book, item, market) for name in tested("claim", row.when)}
    of_charges = set(tested("claim", book.market(market)))
    for name in item.claims:
        if name in asked or name == REFUND:
            continue
        if name == PREFERENCE and not asked.isdisjoint(item.claims):
            continue  # it is claimed by the agreement's own name
        if name not in of_charges or _of_agreements(book, name, market):
            yield f"claim {name}: no rate in {market} for HS {item.hs} of {item.origin} asks for it"


def unread(book: Book, item: Item, market: str, on: Day) -> Iterator[str]:
    """Yield claims whose rate of the day is known only in words: the rate without them is taken."""
    found: dict[str, tuple[ProgrammeTable, Row, str]] = {}
    for programme, row in _rows(book, item, market):  # longer codes come later
        if not row.since <= on or (row.until is not None and row.until < on):
            continue
        for name in tested("claim", row.when):
            if name in item.claims:
                found[programme.id] = programme, row, name
    for programme, row, name in found.values():
        rate = programme.rates[row.code]
        if rate.words and not rate.parts:
            yield (
                f"claim {name}: its rate for HS {item.hs} is known only in words ({rate.words}):"
                " the rate without it is taken, the duty may be less"
            )


def _of_agreements(book: Book, name: str, market: str) -> bool:
    """Tell whether preferential rates of some goods or origins ask for a claim."""
    programme = book.programme(PREFERENCE, book.chains.get(market, ()))
    if programme is None:
        return name == PREFERENCE
    return any(
        name in tested("claim", row.when) for rows in programme.rows.values() for row in rows
    )


def _rows(book: Book, item: Item, market: str) -> Iterator[tuple[ProgrammeTable, Row]]:
    """Yield the rows for the code and the origin of an item, of any day."""
    for programme in _programmes(book, market):
        for length in range(len(item.hs) + 1):
            for row in programme.rows.get(item.hs[:length], ()):
                if row.origin in ("", item.origin):
                    yield programme, row


def _programmes(book: Book, market: str) -> Iterator[ProgrammeTable]:
    """Yield the programmes that a market reads, each once, nearest tariff first."""
    chain = book.chains.get(market, ())
    for name in dict.fromkeys(name for tariff, name in book.programmes if tariff in chain):
        programme = book.programme(name, chain)
        if programme is not None:
            yield programme
