"""The sheet of a market's rules on a day, made from its tables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xborder_cli.core.rule import Charge, ChargeSet, Dated, Terms
from xborder_cli.errors import Problem, TableError, Where
from xborder_cli.rules import formula, narrow
from xborder_cli.rules.on_day import next_span, set_on, span_on
from xborder_cli.rules.order import in_order
from xborder_cli.rules.sheet import (
    ChargeOfDay,
    EventOfDay,
    Figure,
    ProgrammeOfDay,
    RegimeOfDay,
    Sheet,
)
from xborder_cli.rules.words import Vocabulary, grouped
from xborder_cli.units import day_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from xborder_cli.core.rule import Day, Provenance, Regime, Span, Test
    from xborder_cli.rules.model import MarketTables

EVENTS = ("entry", "sale", "export")


def sheet_of(tables: MarketTables, day: Day, *, hs: str = "", origin: str = "") -> Sheet:
    """Return the rules of a day, narrowed to some goods where a code or origin is given.

    Raises:
        TableError: the tables of the market begin later.
    """
    if day < tables.market.first_day:
        raise TableError(_too_early(tables, day))
    sets = {name: set_on(getattr(tables.market, name), day) for name in EVENTS}
    if hs or origin:
        sets = {name: narrow.to_goods(one, hs, origin) for name, one in sets.items()}
    maker = _Maker(tables, day)
    events = tuple(maker.event(name, one) for name, one in sets.items() if _any(one))
    read = tuple(maker.programmes(events, hs, origin))
    scheme = span_on(tables.market.default_scheme, day)
    return Sheet(
        tables=tables,
        day=day,
        scheme=scheme.value if scheme and isinstance(scheme.value, str) else "",
        scheme_since=scheme.since if scheme else 0,
        schemes=_tested(sets.values(), "scheme"),
        channels=_tested(sets.values(), "channel"),
        values=tuple(maker.values()),
        sets=sets,
        events=events,
        programmes=read,
        hs=hs,
        origin=origin,
    )


def _too_early(tables: MarketTables, day: Day) -> Problem:
    market = tables.market
    first = day_text(market.first_day)
    return Problem(
        code="before-first-value",
        where=Where("--on"),
        what=f"the tables of {market.id} begin on {first}, asked for {day_text(day)}",
        fix=f"ask for {first} or later",
    )


def _any(charges: ChargeSet) -> bool:
    return bool(charges.charges or charges.regimes)


class _Maker:
    """Puts the rules of one day into words."""

    def __init__(self, tables: MarketTables, day: Day) -> None:
        self.tables = tables
        self.day = day
        self.words = Vocabulary(tables.world.unions)

    def event(self, name: str, charges: ChargeSet) -> EventOfDay:
        """Return an event: shared charges and regimes, each in the order of computation."""
        regimes = tuple(
            self._regime(name, place, regime, charges)
            for place, regime in enumerate(charges.regimes, 1)
        )
        shared = tuple(self._charges(in_order(charges.charges), name, ""))
        return EventOfDay(event=name, select=charges.select, charges=shared, regimes=regimes)

    def _regime(self, event: str, place: int, regime: Regime, shared: ChargeSet) -> RegimeOfDay:
        codes = {one.code for one in regime.charges}
        before = [one for one in shared.charges if one.code not in codes]
        own = [one for one in in_order((*before, *regime.charges)) if one in regime.charges]
        return RegimeOfDay(
            id=regime.id,
            name=regime.name or regime.id.replace("_", " "),
            event=event,
            place=place,
            when=self.words.all_of(regime.when),
            unless=self.words.none_of(regime.unless),
            refuse=regime.refuse,
            charges=tuple(self._charges(own, event, regime.id)),
            since=regime.since,
            until=regime.until,
            provenance=regime.provenance,
            owner=self.tables.owner(regime.provenance),
        )

    def _charges(self, charges: Sequence[Charge], event: str, regime: str) -> Iterator[ChargeOfDay]:
        for place, charge in enumerate(charges, 1):
            source = self._source(charge)
            yield ChargeOfDay(
                charge=charge,
                place=place,
                event=event,
                regime=regime,
                formula=formula.formula(charge, self.tables.market.currency),
                base=formula.base_words(charge),
                rate=formula.rate_words(charge.rate),
                low=formula.clamp_words(charge.low) if charge.low else "",
                high=formula.clamp_words(charge.high) if charge.high else "",
                rounding=", ".join(formula.rounding_words(charge, self.tables.market.currency)),
                when=self.words.all_of(charge.when),
                unless=self.words.none_of(charge.unless),
                payer=payer_of(charge, event),
                collected=charge.collected if charge.kind in ("duty", "tax") else "",
                gap=formula.gap_of(charge.rate),
                lookups=formula.programmes_of(charge.rate),
                since=max(source.since, charge.since),
                provenance=source,
                owner=self.tables.owner(charge.provenance),
            )

    def _source(self, charge: Charge) -> Provenance:
        """Return who says a charge's rate: the value's own source before the charge's."""
        source = charge.provenance
        if isinstance(charge.rate, Dated) and charge.rate.spans:
            found = charge.rate.spans[-1].provenance
            source = found if found.table else source
        return source if source.since else replace(source, since=self.tables.market.first_day)

    def values(self) -> Iterator[Figure]:
        """Yield the named values in force, each with what is announced after it."""
        for name, dated in self.tables.values.items():
            span, later = span_on(dated, self.day), next_span(dated, self.day)
            if span is None and later is None:
                continue
            source = (span or later or dated.spans[0]).provenance
            yield Figure(
                name=name,
                text=_text(span),
                since=span.since if span else 0,
                provenance=source,
                owner=self.tables.owner(source),
                later=_text(later) if later else "",
                later_from=later.since if later else 0,
            )

    def programmes(
        self, events: Iterable[EventOfDay], hs: str, origin: str
    ) -> Iterator[ProgrammeOfDay]:
        """Yield the programmes that the charges of the day look up, in their order."""
        read: dict[str, list[ChargeOfDay]] = {}
        for event in events:
            for charge in event.all_charges:
                for name in charge.lookups:
                    read.setdefault(name, []).append(charge)
        for name, charges in read.items():
            programme = self.tables.programmes.get(name)
            if programme is None:
                continue
            yield ProgrammeOfDay(
                programme=programme,
                day=self.day,
                read_by=tuple(dict.fromkeys(one.charge.code for one in charges)),
                kinds=tuple(dict.fromkeys(one.charge.kind for one in charges)),
                owner=self.tables.owner(programme.provenance),
                own=name in self.tables.lookups,
                hs=hs,
                origin=origin,
            )


def payer_of(charge: Charge, event: str) -> str:
    """Return who pays, as the tables mean it when they say nothing."""
    if charge.kind == "amount":
        return ""
    if charge.payer:
        return charge.payer
    if event == "export":
        return "seller"
    return "buyer" if charge.collected == "checkout" else "importer"


def _text(span: Span | None) -> str:
    if span is None:
        return ""
    if isinstance(span.value, str):
        return grouped(span.value)
    if isinstance(span.value, Terms):
        return formula.terms_words(span.value)
    return "announced, not yet known" if span.expected else "ended"


def _tested(sets: Iterable[ChargeSet], name: str) -> tuple[str, ...]:
    """Return the values that conditions compare a name with, in their order."""
    found: dict[str, None] = {}

    def walk(tests: Iterable[Test]) -> None:
        for test in tests:
            if test.kind == "is" and test.name == name:
                found.update(dict.fromkeys(test.values))
            walk(test.tests)
            for group in test.groups:
                walk(group)

    for charges in sets:
        for charge in charges.charges:
            walk((*charge.when, *charge.unless))
        for regime in charges.regimes:
            walk((*regime.when, *regime.unless))
            for charge in regime.charges:
                walk((*charge.when, *charge.unless))
    return tuple(found)
