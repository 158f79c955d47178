"""The duty of an article through time: spans of days without a hole, each with what changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xborder_cli.core.fx import held_on
from xborder_cli.duties.entry import with_day, work_out
from xborder_cli.duties.rate import ZERO, Rate, Rates
from xborder_cli.duties.turns import turning_days
from xborder_cli.errors import Problem, TableError, Where
from xborder_cli.units import day_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.core.book import Book
    from xborder_cli.core.rule import Day, Provenance
    from xborder_cli.core.shipment import Shipment


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one charge takes on a day."""

    code: str
    name: str
    rate: Rate
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A charge that takes something else than on the day before; "" is nothing at all."""

    code: str
    name: str
    old: str
    new: str
    provenance: Provenance  # of what is new; of what is old where nothing is


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days on which the duty is the same."""

    first: Day
    last: Day | None  # None: as far as the tables know
    total: Rate
    refused: str  # why nothing is let in, "" when it is
    regime: str
    parts: tuple[Part, ...]
    changes: tuple[Change, ...] = ()  # on the first day; none of the first span


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Spans of an article, in order of time, without a hole."""

    shipment: Shipment
    market: str
    market_name: str
    channel: str
    hs: str
    spans: tuple[Span, ...]
    assumptions: tuple[str, ...]

    @property
    def first(self) -> Day:
        """The first day."""
        return self.spans[0].first

    @property
    def last(self) -> Day | None:
        """The last day; None when the last span has no end."""
        return self.spans[-1].last


def history_of(
    book: Book,
    shipment: Shipment,
    *,
    channel: str,
    since: Day | None = None,
    until: Day | None = None,
) -> History:
    """Return the duty of a shipment's goods day after day.

    Args:
        book: compiled tables.
        shipment: with one item line; its day is the one whose exchange rates hold throughout.
        channel: of the entry.
        since: the first day; None is the first that the market's tables know.
        until: the last day; None is as far as the tables know.

    Raises:
        TableError: no table knows the market, or none so early.
    """
    book = book.with_fx(held_on(book.fx, shipment.on))
    head = book.market_heads.get(shipment.destination)
    now = work_out(book, _not_before(shipment, head.first_day if head else 0), channel=channel)
    assert head is not None, "an entry into a market that no table knows"
    hs = now.shipment.items[0].hs
    days = turning_days(book, head.id, hs)
    if since is not None and since < head.first_day:
        raise TableError(_too_early(head.id, head.first_day, since))
    first = since if since is not None else head.first_day or min(days, default=shipment.on)
    begins = sorted({first, *(day for day in days if first < day <= (until or day))})
    spans = tuple(_merged(_spans(book, shipment, channel, begins, until)))
    return History(
        shipment=now.shipment,
        market=now.market,
        market_name=now.market_name,
        channel=now.channel,
        hs=hs,
        spans=spans,
        assumptions=now.assumptions,
    )


def _not_before(shipment: Shipment, first: Day) -> Shipment:
    return shipment if shipment.on >= first else with_day(shipment, first)


def _spans(
    book: Book, shipment: Shipment, channel: str, begins: Sequence[Day], until: Day | None
) -> Iterator[Span]:
    ends = [*(day - 1 for day in begins[1:]), until]
    for first, last in zip(begins, ends, strict=True):
        entry = work_out(book, with_day(shipment, first), channel=channel)
        rates = Rates(entry)
        parts = []
        for node in entry.nodes:
            line = entry.line(node)
            rate = rates.of(node)
            if node.charge.kind == "duty" and rate != ZERO and line is not None:
                name = node.charge.name or node.charge.code.replace("_", " ")
                code = node.charge.code
                parts.append(Part(code=code, name=name, rate=rate, provenance=line.provenance))
        taken = next((one for one in entry.regimes if one.taken), None)
        yield Span(
            first=first,
            last=last,
            total=sum((part.rate for part in parts), ZERO),
            refused="; ".join(entry.refused),
            regime=taken.name if taken is not None else "",
            parts=tuple(parts),
        )


def _merged(spans: Iterator[Span]) -> Iterator[Span]:
    """Yield spans that differ from the one before, with the changes between the two."""
    kept: Span | None = None
    for span in spans:
        if kept is not None and _same(kept, span):
            kept = replace(kept, last=span.last)
            continue
        if kept is not None:
            yield kept
            span = replace(span, changes=tuple(_changes(kept, span)))
        kept = span
    if kept is not None:
        yield kept


def _same(one: Span, other: Span) -> bool:
    return (
        one.refused == other.refused
        and one.regime == other.regime
        and {part.code: part.rate for part in one.parts}
        == {part.code: part.rate for part in other.parts}
    )


def _changes(before: Span, after: Span) -> Iterator[Change]:
    old = {part.code: part for part in before.parts}
    new = {part.code: part for part in after.parts}
    for code in dict.fromkeys((*new, *old)):
        was, now = old.get(code), new.get(code)
        if was is not None and now is not None and was.rate == now.rate:
            continue
        told = now or was
        assert told is not None
        yield Change(
            code=code,
            name=told.name,
            old=was.rate.words if was is not None else "",
            new=now.rate.words if now is not None else "",
            provenance=told.provenance,
        )


def _too_early(market: str, first: Day, since: Day) -> Problem:
    return Problem(
        code="before-first-value",
        where=Where("--since"),
        what=f"the tables of {market} begin on {day_text(first)}, asked for {day_text(since)}",
        fix=f"ask for {day_text(first)} or later",
    )
