"""Rules as tables state them -> rules as the core runs them: rates become arrays."""

from __future__ import annotations

from dataclasses import replace

from xborder_cli.core.band_table import band_table
from xborder_cli.core.rates import DatedTable, ProgrammeTable, Row, terms_table
from xborder_cli.core.rule import (
    Bands,
    Charge,
    ChargeSet,
    Clamp,
    Dated,
    Market,
    Programme,
    Provenance,
    RateCard,
    Span,
    Terms,
)


def lower_card(card: RateCard) -> RateCard:
    """Return a rate card whose charges hold arrays."""
    unit = card.weight.unit if card.weight else "kg"
    return replace(card, charges=tuple(lower_charge(charge, unit) for charge in card.charges))


def lower_market(market: Market) -> Market:
    """Return a market whose charges hold arrays."""
    return replace(
        market,
        entry=lower_set(market.entry),
        sale=lower_set(market.sale),
        export=lower_set(market.export),
    )


def lower_set(charges: ChargeSet) -> ChargeSet:
    """Return a charge set whose charges hold arrays."""
    return replace(
        charges,
        charges=tuple(lower_charge(charge) for charge in charges.charges),
        regimes=tuple(
            replace(regime, charges=tuple(lower_charge(charge) for charge in regime.charges))
            for regime in charges.regimes
        ),
    )


def lower_charge(charge: Charge, weight_unit: str = "kg") -> Charge:
    """Return a charge whose rate, minimum and maximum are arrays; lookups stay as they are."""
    rate = charge.rate
    if isinstance(rate, Bands):
        rate = band_table(rate, weight_unit)
    elif isinstance(rate, Dated):
        rate = dated_table(rate)
    return replace(
        charge,
        rate=rate,
        low=_clamp(charge.low),
        high=_clamp(charge.high),
    )


def _clamp(clamp: Clamp | None) -> DatedTable | None:
    return dated_table(clamp) if isinstance(clamp, Dated) else clamp


def dated_table(dated: Dated) -> DatedTable:
    """Return rates by day. An ended rate is 0; one that is announced without a figure is words."""
    rates = []
    for span in dated.spans:
        value = span.value
        if isinstance(value, Terms):
            rates.append(value)
        elif span.expected:
            rates.append(Terms((), words="announced, not yet known"))
        else:
            rates.append(Terms(()))
    return DatedTable(
        days=tuple(span.since for span in dated.spans),
        known=tuple(isinstance(span.value, Terms) for span in dated.spans),
        table=terms_table([mark_user(rate) for rate in rates]),
        rates=tuple(rates),
        provenances=tuple(span.provenance for span in dated.spans),
    )


def mark_user(rate: Terms) -> Terms:
    """Give an unknown rate an amount of 1, so that its column tells where it stands."""
    if not any(term.user for term in rate.parts):
        return rate
    return replace(
        rate, parts=tuple(replace(t, amount=(1, 1)) if t.user else t for t in rate.parts)
    )


def lower_programme(programme: Programme) -> ProgrammeTable:
    """Return a programme as rows by prefix and rates by code."""
    codes: dict[Terms, int] = {}
    rows: dict[str, list[Row]] = {}
    for row in programme.rows:
        code = codes.setdefault(row.terms, len(codes))
        rows.setdefault(row.hs, []).append(
            Row(
                code=code,
                origin=row.origin,
                since=row.since,
                until=row.until,
                provenance=row.provenance,
                when=row.when,
                key=row.key,
                note=row.note,
            )
        )
    rates = tuple(codes)
    return ProgrammeTable(
        tariff=programme.tariff,
        id=programme.id,
        name=programme.name,
        currency=programme.currency,
        default=programme.default,
        rows={hs: tuple(found) for hs, found in rows.items()},
        rates=rates,
        provenance=programme.provenance,
    )


def flat_rate(terms: Terms, source: Provenance) -> DatedTable:
    """Return a rate that holds on every day, for what a caller states instead of a table."""
    return dated_table(Dated((Span(0, terms, source),)))
