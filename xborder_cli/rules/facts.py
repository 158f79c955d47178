"""A sheet as a flat list of facts: one figure, condition or word each, with a stable key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xborder_cli.rules import formula
from xborder_cli.rules.words import bound, listed, measure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xborder_cli.core.rule import Day, Provenance
    from xborder_cli.rules.sheet import ChargeOfDay, RegimeOfDay, Sheet

Key = tuple[str, str, str, str]  # part, regime, code, what


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that the rules of a day say. Two days differ where facts of one key differ."""

    part: str  # market, value, entry, sale, export, programme
    regime: str = ""
    code: str = ""  # of a charge, name of a value or programme
    what: str  # rate, base, when, ...
    text: str
    name: str = ""  # of the charge, regime, value or programme, in words
    since: Day = 0
    until: Day | None = None
    owner: str = ""
    provenance: Provenance

    @property
    def key(self) -> Key:
        """What the fact is about, the same on every day."""
        return self.part, self.regime, self.code, self.what


def facts_of(sheet: Sheet) -> tuple[Fact, ...]:
    """Return all facts of a day but the rows of programmes, in the order of the page."""
    return tuple(_all(sheet))


def low_figures(sheet: Sheet) -> tuple[tuple[str, Provenance], ...]:
    """Return the names of the figures of low confidence, each with its source, once each."""
    found: dict[str, Provenance] = {}
    for charge in sheet.charges:
        for source in (charge.provenance, charge.charge.provenance):
            if source.confidence == "low":
                found.setdefault(charge.name, source)
    for value in sheet.values:
        if value.provenance.confidence == "low":
            found.setdefault(f"{value.name.replace('_', ' ')} {value.text}", value.provenance)
    for event in sheet.events:
        for regime in event.regimes:
            if regime.provenance.confidence == "low":
                found.setdefault(regime.name, regime.provenance)
    return tuple(found.items())


def _all(sheet: Sheet) -> Iterator[Fact]:
    tables, market = sheet.tables, sheet.tables.market
    source, owner = market.provenance, market.id
    fx = f"{market.fx.source or 'central bank'}, {market.fx.day.replace('_', ' ')}"
    for what, text in (
        ("currency", market.currency),
        ("tariff", market.tariff),
        ("extends", market.extends),
        ("fx", f"{fx}, {market.fx.quote.replace('_', ' ')}"),
    ):
        if text:
            yield Fact(part="market", what=what, text=text, provenance=source, owner=owner)
    if sheet.scheme:
        yield Fact(
            part="market",
            what="default_scheme",
            text=sheet.scheme,
            since=sheet.scheme_since,
            provenance=source,
            owner=owner,
        )
    for value in sheet.values:
        if value.text:
            yield Fact(
                part="value",
                code=value.name,
                what="value",
                text=value.text,
                name=value.name.replace("_", " "),
                since=value.since,
                provenance=value.provenance,
                owner=value.owner,
            )
    for event in sheet.events:
        if event.regimes:
            yield Fact(
                part=event.event,
                what="select",
                text=event.select,
                provenance=source,
                owner=tables.owner(event.regimes[0].provenance),
            )
        for charge in event.charges:
            yield from _charge(charge)
        for regime in event.regimes:
            yield from _regime(regime)
            for charge in regime.charges:
                yield from _charge(charge)
    for programme in sheet.programmes:
        yield Fact(
            part="programme",
            code=programme.id,
            what="no_row",
            text=programme.programme.default,
            name=programme.programme.name or programme.id,
            provenance=programme.programme.provenance,
            owner=programme.owner,
        )


def _regime(regime: RegimeOfDay) -> Iterator[Fact]:
    for what, text in (
        ("name", regime.name),
        ("when", regime.when),
        ("unless", regime.unless),
        ("refuse", regime.refuse),
    ):
        if text:
            yield Fact(
                part=regime.event,
                regime=regime.id,
                what=what,
                text=text,
                name=regime.name,
                since=regime.since,
                until=regime.until,
                provenance=regime.provenance,
                owner=regime.owner,
            )


def _charge(one: ChargeOfDay) -> Iterator[Fact]:
    charge = one.charge
    waiver = f"{charge.waive} {bound(charge.waive_limit)}" if charge.waive else ""
    less = [measure(part) if isinstance(part, str) else bound(part) for part in charge.less]
    for what, text in (
        ("name", one.name),
        ("kind", charge.kind),
        ("base", one.base),
        ("rate", one.rate),
        ("less", listed(less, "and")),
        ("min", one.low),
        ("max", one.high),
        ("times", formula.times_words(charge.times) if charge.times else ""),
        ("round", one.rounding),
        ("waive", waiver),
        ("when", one.when),
        ("unless", one.unless),
        ("payer", one.payer),
        ("collected", one.collected),
        ("scope", " ".join((charge.scope, *charge.group_by))),
        ("spread", charge.spread if charge.spread != "value" else ""),
        ("joins", " ".join(charge.joins)),
        ("recoverable_by", " ".join(charge.recoverable_by)),
    ):
        if text:
            yield Fact(
                part=one.event,
                regime=one.regime,
                code=charge.code,
                what=what,
                text=text,
                name=one.name,
                since=one.since if what == "rate" else charge.since,
                until=charge.until,
                provenance=one.provenance if what == "rate" else charge.provenance,
                owner=one.owner,
            )
