"""Answers as JSON documents: xb.quote/1 and xb.duty/1, stable, every amount a decimal text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from xborder_cli import units
from xborder_cli.adapters.documents import shipment_document
from xborder_cli.cli.render.rows import (
    Digits,
    counted,
    day,
    duty_lines,
    margin_percent,
    money,
    refusals,
    silent,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.answer import (
        ChargeLine,
        Clearance,
        DutyAnswer,
        FxUse,
        Option,
        Quote,
        RegimeChoice,
        Sale,
    )

Document = dict[str, object]


def text(document: object, *, one_line: bool = False) -> str:
    """Return JSON with a newline at its end; the same bytes for the same answer."""
    if one_line:
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def quote_document(
    quote: Quote, options: Sequence[Option], request: Document, digits: Digits
) -> Document:
    """Return xb.quote/1; `request` is what was asked, before anything was assumed."""
    return {
        "schema": "xb.quote/1",
        "on": day(quote.on),
        "tables": {"digest": quote.digest, "overlays": list(quote.overlays)},
        "shipment": shipment_document(quote.shipment),
        "request": request,
        "currency": quote.currency,
        "fx": [_fx(use) for use in quote.fx],
        "options": [_option(one, quote, digits) for one in options],
        "excluded": [
            {
                "mode": one.mode,
                "carrier": one.carrier_name,
                "service": one.service,
                "code": one.code,
                "reason": one.reason,
                "fix": one.fix,
            }
            for one in quote.excluded
        ],
        "clearances": [_clearance(one, quote.currency, digits) for one in quote.clearances],
        "sale": _sale(quote.sale, quote.currency, digits),
        "flags": list(quote.flags),
        "assumptions": list(quote.assumptions),
    }


def _sale(sale: Sale | None, currency: str, digits: Digits) -> Document | None:
    if sale is None:
        return None
    return {
        "price": money(sale.price_minor, currency, digits),
        "shipping": money(sale.shipping_minor, currency, digits),
        "cogs": money(sale.cogs_minor, currency, digits) or None,
    }


def _clearance(one: Clearance, currency: str, digits: Digits) -> Document:
    def amount(minor: int) -> str | None:
        return None if one.refused else money(minor, currency, digits)

    return {
        "channel": one.channel,
        "regime": one.regime or None,
        "name": one.name or None,
        "option": one.option or None,
        "refused": one.refused or None,
        "complete": one.complete and not one.refused,
        "duty": amount(one.duty_minor),
        "tax": amount(one.tax_minor),
        "fees": amount(one.fees_minor),
        "total": amount(one.total_minor),
    }


def duty_document(answer: DutyAnswer, request: Document, digits: Digits) -> Document:
    """Return xb.duty/1; a refused clearance has no sums."""
    currency = answer.currency
    lines = duty_lines(answer)
    refused = bool(refusals(answer))

    def summed(minor: int) -> str | None:
        return None if refused else money(minor, currency, digits)

    return {
        "schema": "xb.duty/1",
        "on": day(answer.on),
        "tables": {"digest": answer.digest, "overlays": list(answer.overlays)},
        "shipment": shipment_document(answer.shipment),
        "request": request,
        "market": answer.market,
        "channel": answer.channel,
        "scheme": answer.scheme,
        "currency": currency,
        "fx": [_fx(use) for use in answer.fx],
        "customs_value": None
        if silent(answer)
        else money(answer.customs_value_minor, currency, digits) or None,
        "regimes": [_regime(one) for one in answer.regimes],
        "charges": [_charge(line, currency, digits) for line in lines if line.kind != "amount"],
        "bases": [_charge(line, currency, digits) for line in lines if line.kind == "amount"],
        "duty": summed(answer.duty_minor),
        "tax": summed(answer.tax_minor),
        "fees": summed(answer.fees_minor),
        "total": summed(answer.total_minor),
        "complete": answer.complete and not refused,
        "confidence": None if refused else answer.confidence,
        "clearances": [_clearance(one, currency, digits) for one in answer.clearances],
        "flags": list(answer.flags),
        "assumptions": list(answer.assumptions),
    }


def _option(option: Option, quote: Quote, digits: Digits) -> Document:
    currency = quote.currency
    return {
        "rank": option.rank,
        "mode": option.mode,
        "direction": option.direction,
        "carrier": option.carrier,
        "service": option.service,
        "service_name": option.service_name,
        "legs": [
            {
                "kind": leg.kind,
                "carrier": leg.carrier,
                "service": leg.service,
                "transport": leg.transport,
                "site": leg.site or None,
                "zone": leg.zone or None,
                "chargeable_weight_kg": units.weight_text(leg.chargeable_mg),
                "card_from": day(leg.card_from),
            }
            for leg in option.legs
        ],
        "channel": option.channel,
        "incoterm": option.incoterm,
        "scheme": option.scheme or None,
        "chargeable_weight_kg": units.weight_text(option.chargeable_mg),
        "transit_days": list(option.transit_days) if option.transit_days else None,
        "charges": [
            _charge(line, currency, digits) for line in option.lines if line.kind != "amount"
        ],
        "regimes": [_regime(one) for one in option.regimes],
        "freight": money(option.freight_minor, currency, digits),
        "duty": money(option.duty_minor, currency, digits),
        "tax": money(option.tax_minor, currency, digits),
        "fees": money(option.fees_minor, currency, digits),
        "total": money(option.total_minor, currency, digits),
        "seller_pays": money(option.seller_minor, currency, digits),
        "buyer_pays": money(option.buyer_minor, currency, digits),
        "recoverable": money(option.recoverable_minor, currency, digits),
        "margin": money(option.margin_minor, currency, digits) or None,
        "margin_percent": margin_percent(option, quote) or None,
        "complete": option.complete,
        "confidence": option.confidence,
        "pareto": option.pareto,
        "flags": list(option.flags),
        "assumptions": list(option.assumptions),
    }


def _charge(line: ChargeLine, currency: str, digits: Digits) -> Document:
    return {
        "kind": line.kind,
        "code": line.code,
        "name": line.name,
        "leg": line.leg,
        "event": line.event or None,
        "regime": line.regime or None,
        "payer": line.payer,
        "collected": line.collected or None,
        "base": line.base,
        "rate": line.rate,
        "amount": money(line.amount_minor, line.currency, digits),
        "currency": line.currency,
        "in_quote_currency": None
        if line.kind == "amount"
        else money(counted(line), currency, digits),
        "included": line.included,
        "recoverable": line.recoverable,
        "unknown": line.unknown or None,
        "at_least": line.at_least,
        "table": line.provenance.table,
        "line": line.provenance.line,
        "source": line.provenance.url or line.provenance.title,
        "title": line.provenance.title,
        "since": day(line.provenance.since) or None,
        "checked": day(line.provenance.checked) or None,
        "confidence": line.provenance.confidence,
        "note": line.note or None,
        "parts": [
            {
                "item": part.item,
                "hs": part.hs or None,
                "origin": part.origin,
                "base": part.base,
                "rate": part.rate or None,
                "amount": part.amount,
                "currency": part.currency,
                "at_least": part.at_least,
            }
            for part in line.parts
        ],
    }


def _fx(use: FxUse) -> Document:
    return {
        "pair": f"{use.base}/{use.quote}",
        "rate": use.rate,
        "on": day(use.on),
        "source": use.source,
    }


def _regime(one: RegimeChoice) -> Document:
    return {"event": one.event, "id": one.id, "taken": one.taken, "why": one.why}
