"""A price list as a JSON document: xb.rates.show/1, stable, every figure a decimal text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.cards.age import age_words
from xborder_cli.cards.priced import price_known, wanted
from xborder_cli.cards.weights import weight_words
from xborder_cli.cli.render.card_grid import PER_CENT
from xborder_cli.cli.render.card_rows import base_text
from xborder_cli.cli.render.rows import day
from xborder_cli.core.rule import Bands, Dated, Limit, Terms
from xborder_cli.rules.formula import formula
from xborder_cli.rules.on_day import charge_on, span_on
from xborder_cli.tables.words import limit_words, rate_words
from xborder_cli.units import length_text, ratio_text, times, weight_text

if TYPE_CHECKING:
    from xborder_cli.cards.sheet import CardSheet
    from xborder_cli.core.rule import Charge, Provenance, Span, Term, WeightRule

Document = dict[str, object]


def card_document(sheet: CardSheet) -> Document:
    """Return xb.rates.show/1."""
    card, words = sheet.card, sheet.words
    joined = [(one.id, one.currency, charges) for one, charges in sheet.surcharges]
    return {
        "schema": "xb.rates.show/1",
        "on": day(sheet.on),
        "tables": {"digest": sheet.tables.digest, "overlays": list(sheet.tables.folders[1:])},
        "service": {
            "id": card.id,
            "name": card.service,
            "carrier": card.carrier,
            "carrier_name": card.carrier_name,
            "modes": list(card.modes),
            "leg": card.leg,
            "transport": card.transport,
            "channel": card.channel or None,
            "origins": list(card.origins),
            "site": card.site or None,
            "site_name": card.site_name or None,
            "currency": card.currency,
            "incoterms": list(card.incoterms),
            "transit_days": list(card.transit_days) if card.transit_days else None,
            "includes": list(card.includes),
            "refuses": list(card.refuses),
            "note": card.note or None,
        },
        "issue": {
            "from": day(card.since),
            "until": next(
                (
                    day(one.last or 0) or None
                    for one in sheet.issues
                    if one.card.since == card.since
                ),
                None,
            ),
            "expected_until": day(card.expected_until or 0) or None,
            "in_force": sheet.in_force,
            "age_days": sheet.on - card.since if card.since <= sheet.on else None,
            "age": age_words(card.since, sheet.on) if card.since <= sheet.on else None,
            "flags": list(sheet.flags),
        },
        "issues": [
            {
                "from": day(one.card.since),
                "until": day(one.last or 0) or None,
                "table": one.card.provenance.table,
            }
            for one in sheet.issues
        ],
        "price": price_known(card),
        "wanted": list(wanted(sheet.all_charges)),
        "weight": {"words": weight_words(card.weight, words), **_weight(sheet, card.weight)},
        "measures": {
            name: {"words": weight_words(rule, words), **_weight(sheet, rule)}
            for name, rule in card.measures.items()
        },
        "classes": {
            name: [{"class": row.code, "when": words.all_of(row.tests) or None} for row in rows]
            for name, rows in card.classes.items()
        },
        "zone_of": card.zone_of,
        "narrowed_to": sheet.to or None,
        "zones": [
            {
                "zone": row.zone or None,
                "countries": list(row.countries),
                "postcodes": list(row.postcodes),
                "areas": list(row.areas),
                "transit_days": list(row.transit_days) if row.transit_days else None,
            }
            for row in card.zones
        ],
        "assumed_zones": dict(card.assumed_zones),
        "limits": [
            {"must": words.all_of(one.tests), "when": words.all_of(one.when) or None}
            for one in card.limits
        ],
        "only": words.all_of(card.only) or None,
        "charges": [
            *(_charge(sheet, one, None, card.currency) for one in sheet.charges),
            *(
                _charge(sheet, one, name, currency)
                for name, currency, charges in joined
                for one in charges
            ),
        ],
        "source": source(card.provenance),
    }


def source(provenance: Provenance) -> Document:
    """Return who says a figure."""
    return {
        "title": provenance.title or None,
        "url": provenance.url or None,
        "checked": day(provenance.checked) or None,
        "confidence": provenance.confidence,
        "table": provenance.table,
        "line": provenance.line or None,
    }


def _weight(sheet: CardSheet, rule: WeightRule | None) -> Document:
    if rule is None:
        return {"divisor_cm3_per_kg": None, "unit": "kg", "round_up_to": [], "at_least": []}
    words = sheet.words
    return {
        "divisor_cm3_per_kg": ratio_text(rule.divisor) if rule.divisor else None,
        "volume_counts_when": words.all_of(rule.when) or None,
        "sides_up_to_cm": length_text(rule.sides_up_to) if rule.sides_up_to else None,
        "blend": ratio_text(rule.blend),
        "unit": rule.unit,
        "round_up_to": [
            {"up_to": ratio_text(upper) if upper else None, "step": ratio_text(step)}
            for upper, step in rule.round_up_to
        ],
        "at_least": [
            {"kg": weight_text(one.amount), "when": words.all_of(one.when) or None}
            for one in rule.at_least
        ],
    }


def _charge(sheet: CardSheet, charge: Charge, surcharge: str | None, currency: str) -> Document:
    today = charge_on(charge, sheet.day)
    words = sheet.words
    rate = charge.rate
    now = span_on(rate, sheet.day) if isinstance(rate, Dated) else None
    return {
        "code": charge.code,
        "kind": charge.kind,
        "name": charge.name or None,
        "surcharge": surcharge,
        "currency": currency,
        "payer": charge.payer or None,
        "scope": charge.scope,
        "base": base_text(charge) or None,
        "formula": None if isinstance(rate, Bands) else formula(today, currency) or None,
        "when": words.all_of(today.when) or None,
        "unless": words.none_of(today.unless) or None,
        "joins": list(charge.joins),
        "from": day(charge.since) or None,
        "until": day(charge.until or 0) or None,
        "values": [_span(one, one is now) for one in rate.spans] if isinstance(rate, Dated) else [],
        "bands": _bands(rate) if isinstance(rate, Bands) else None,
        "source": source(charge.provenance),
    }


def _span(span: Span, in_force: bool) -> Document:
    value = span.value
    return {
        "from": day(span.since) or None,
        "in_force": in_force,
        "expected": span.expected,
        "rate": rate_words(value) if isinstance(value, Terms) else None,
        "terms": _terms(value) if isinstance(value, Terms) else [],
        "source": source(span.provenance),
    }


def _bands(bands: Bands) -> Document:
    return {
        "kind": bands.kind,
        "by": bands.by or None,
        "ends": bands.ends,
        "keys": list(bands.keys),
        "cells": [
            {
                **dict(zip(bands.keys, key.split("|"), strict=False)),
                "limit": _limit(band.limit),
                "rate": rate_words(band.terms),
                "terms": _terms(band.terms),
                "line": band.line or None,
            }
            for key, row in bands.rows.items()
            for band in row
        ],
    }


def _limit(limit: Limit | None) -> Document | None:
    if limit is None:
        return None
    unit = limit.currency or limit.unit
    return {
        "amount": ratio_text(limit.amount),
        "unit": f"{unit} / {limit.per}" if limit.per else unit,
        "words": limit_words(limit),
    }


def _terms(terms: Terms) -> list[Document]:
    return [_term(one) for one in terms.parts]


def _term(term: Term) -> Document:
    """Return an addend; what few have stands there only where it is so."""
    money = bool(term.currency)
    found: Document = {
        "amount": ratio_text(term.amount, 2) if money and not term.user else None,
        "currency": term.currency or None,
        "percent": ratio_text(times(term.amount, PER_CENT)) if not (money or term.user) else None,
        "of": None if money else term.of or "base",
        "per": list(term.units),
    }
    for name, value in (
        ("step", ratio_text(term.step) if term.step != (1, 1) else None),
        ("started", term.started or None),
        ("over", ratio_text(term.over) if term.over[0] else None),
        ("over_band", term.over_band or None),
        ("wanted", term.user or None),
    ):
        if value is not None:
            found[name] = value
    return found
