"""The tables as pandas frames: for show, for the Python API, for whoever wants to look."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from xborder_cli.core.rule import Band, Bands, Charge, Dated, Limit, Lookup, Provenance, Terms
from xborder_cli.tables.steps import steps
from xborder_cli.tables.words import limit_words, rate_words, term_words
from xborder_cli.units import day_text, ratio_text, weight_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xborder_cli.tables.tables import Tables

Record = dict[str, object]


@dataclass(frozen=True)
class Frames:
    """Frames of checked tables, each built when first asked for; numbers are exact text."""

    tables: Tables

    @cached_property
    def services(self) -> pd.DataFrame:
        """One row an issue of a rate card."""
        rows: list[Record] = [
            {
                "service": card.id,
                "carrier": card.carrier,
                "name": card.service,
                "modes": " ".join(card.modes),
                "leg": card.leg,
                "transport": card.transport,
                "origins": " ".join(card.origins),
                "currency": card.currency,
                "from": _day(card.since),
                "until": _day(card.until),
                **_source(card.provenance),
            }
            for card in self.tables.cards
        ]
        return _frame(rows, ("service", "carrier"))

    @cached_property
    def zones(self) -> pd.DataFrame:
        """One row a country or lane of a zone."""
        rows: list[Record] = [
            {
                "service": card.id,
                "from": _day(card.since),
                "zone": row.zone,
                "country": country,
                "postcodes": " ".join(row.postcodes),
                "areas": " ".join(row.areas),
                "days": "-".join(str(day) for day in row.transit_days or ()),
                "table": card.provenance.table,
                "line": row.line,
            }
            for card in self.tables.cards
            for row in card.zones
            for country in row.countries
        ]
        return _frame(rows, ("service", "from", "zone", "country"))

    @cached_property
    def prices(self) -> pd.DataFrame:
        """One row a term of a band: service, charge, key, limit, amount and what it counts."""
        rows: list[Record] = []
        for card in self.tables.cards:
            for charge in card.charges:
                if isinstance(charge.rate, Bands):
                    head: Record = {
                        "service": card.id,
                        "from": _day(card.since),
                        "charge": charge.code,
                    }
                    rows.extend(_band_rows(head, charge.rate, charge.provenance.table))
        return _frame(rows, ("service", "from", "charge", "key", "limit", "amount"))

    @cached_property
    def charges(self) -> pd.DataFrame:
        """One row a charge of a card or of an event of a market."""
        rows: list[Record] = []
        seen: set[tuple[str, str, int]] = set()
        for step in steps(self.tables):
            owner = step.card.id if step.card else step.market.id if step.market else ""
            for charge in step.charges:
                key = (owner, charge.provenance.table, charge.provenance.line)
                if key not in seen:
                    seen.add(key)
                    rows.append(_charge_row(owner, step.words, charge))
        return _frame(rows, ("owner", "step", "code"))

    @cached_property
    def programmes(self) -> pd.DataFrame:
        """One row a rate of a programme or of a market's lookup."""
        rows: list[Record] = [
            {
                "tariff": programme.tariff,
                "programme": programme.id,
                "hs": row.hs or "*",
                "origin": row.origin,
                "rate": rate_words(row.terms),
                "from": _day(row.since),
                "until": _day(row.until),
                **_source(row.provenance),
            }
            for programme in self.tables.programmes.values()
            for row in programme.rows
        ]
        return _frame(rows, ("tariff", "programme", "hs", "origin", "rate"))

    @cached_property
    def goods(self) -> pd.DataFrame:
        """One row a thing people sell."""
        rows: list[Record] = [
            {
                "slug": goods.slug,
                "name": goods.name,
                "name_zh": goods.name_zh,
                "hs": goods.hs,
                "lines": " ".join(f"{market}:{code}" for market, code in goods.lines),
                "traits": " ".join(goods.traits),
                "units": " ".join(f"{name}={ratio_text(one)}" for name, one in goods.units),
                "weight_kg": weight_text(goods.weight_mg) if goods.weight_mg else "",
                **(_source(goods.provenance) if goods.provenance else {}),
            }
            for goods in self.tables.goods.values()
        ]
        return _frame(rows, ("slug", "name", "hs"))

    @cached_property
    def fx(self) -> pd.DataFrame:
        """One row an exchange rate."""
        rows: list[Record] = [
            {
                "day": day_text(row.day),
                "base": row.base,
                "quote": row.quote,
                "rate": ratio_text(row.rate),
                "peg": row.peg,
                "until": day_text(row.until) if row.until is not None else "",
                "source": row.source,
                "table": row.table,
                "line": row.line,
            }
            for row in self.tables.fx_rows
        ]
        return _frame(rows, ("day", "base", "quote", "rate"))


def _charge_row(owner: str, words: str, charge: Charge) -> Record:
    return {
        "owner": owner,
        "step": words,
        "code": charge.code,
        "kind": charge.kind,
        "name": charge.name,
        "scope": charge.scope,
        "base": " + ".join(
            part.name if part.factor == (1, 1) else f"{ratio_text(part.factor)} x {part.name}"
            for part in charge.base
        ),
        "rate": _rate(charge),
        "from": _day(charge.since),
        "until": _day(charge.until),
        **_source(charge.provenance),
    }


def _rate(charge: Charge) -> str:
    rate = charge.rate
    if isinstance(rate, Bands):
        return f"bands by {rate.by or ', '.join(rate.keys)}"
    if isinstance(rate, Lookup):
        return f"lookup {rate.programme}" if rate.programme else "lookup, a choice"
    if isinstance(rate, Dated):
        return "; ".join(
            (f"{day_text(span.since)}: " if len(rate.spans) > 1 else "")
            + (rate_words(span.value) if isinstance(span.value, Terms) else "none")
            for span in rate.spans
        )
    return ""


def _band_rows(head: Record, bands: Bands, table: str) -> Iterator[Record]:
    for key, rows in bands.rows.items():
        for band in rows:
            yield from _term_rows({**head, "key": key, "ends": bands.ends}, band, table)


def _term_rows(head: Record, band: Band, table: str) -> Iterator[Record]:
    limit: Limit | None = band.limit
    for part in band.terms.parts:
        yield {
            **head,
            "limit": "open" if limit is None else limit_words(limit),
            "amount": ratio_text(part.amount, 2 if part.currency else 0),
            "currency": part.currency,
            "term": term_words(part),
            "table": table,
            "line": band.line,
        }


def _source(provenance: Provenance) -> Record:
    return {
        "confidence": provenance.confidence,
        "checked": _day(provenance.checked),
        "source": provenance.title,
        "url": provenance.url,
        "table": provenance.table,
        "line": provenance.line,
    }


def _day(day: int | None) -> str:
    return day_text(day) if day else ""


def _frame(rows: list[Record], columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=list(columns))
