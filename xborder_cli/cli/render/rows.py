"""Answers as flat rows of named text: what csv, jsonl and --fields show. The names are API."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from xborder_cli import units
from xborder_cli.core.answer import REFUSED

if TYPE_CHECKING:
    from xborder_cli.core.answer import ChargeLine, DutyAnswer, Excluded, Option, Quote

Digits = Mapping[str, int]  # currency -> digits of its minor unit
Row = dict[str, str]


def money(minor: int | None, currency: str, digits: Digits) -> str:
    """Return an amount with the digits of its currency; "" for none."""
    return "" if minor is None else units.minor_text(minor, digits.get(currency, 2))


def day(since_1970: int) -> str:
    """Return an ISO day, "" when none is known."""
    return units.day_text(since_1970) if since_1970 else ""


def yes(value: bool) -> str:
    """Return `true` or `false`, as JSON writes them."""
    return "true" if value else "false"


OPTION_FIELDS: dict[str, Callable[[Quote, Option, Digits], str]] = {
    "order_id": lambda q, o, d: q.shipment.id,
    "rank": lambda q, o, d: str(o.rank),
    "mode": lambda q, o, d: o.mode,
    "direction": lambda q, o, d: o.direction,
    "carrier": lambda q, o, d: o.carrier,
    "carrier_name": lambda q, o, d: o.carrier_name,
    "service": lambda q, o, d: o.service,
    "service_name": lambda q, o, d: o.service_name,
    "transport": lambda q, o, d: transport(o),
    "channel": lambda q, o, d: o.channel,
    "incoterm": lambda q, o, d: o.incoterm,
    "scheme": lambda q, o, d: o.scheme,
    "transit_days_min": lambda q, o, d: str(o.transit_days[0]) if o.transit_days else "",
    "transit_days_max": lambda q, o, d: str(o.transit_days[1]) if o.transit_days else "",
    "chargeable_weight_kg": lambda q, o, d: units.weight_text(o.chargeable_mg),
    "currency": lambda q, o, d: q.currency,
    "freight": lambda q, o, d: money(o.freight_minor, q.currency, d),
    "duty": lambda q, o, d: money(o.duty_minor, q.currency, d),
    "tax": lambda q, o, d: money(o.tax_minor, q.currency, d),
    "fees": lambda q, o, d: money(o.fees_minor, q.currency, d),
    "total": lambda q, o, d: money(o.total_minor, q.currency, d),
    "seller_pays": lambda q, o, d: money(o.seller_minor, q.currency, d),
    "buyer_pays": lambda q, o, d: money(o.buyer_minor, q.currency, d),
    "recoverable": lambda q, o, d: money(o.recoverable_minor, q.currency, d),
    "landed_cost": lambda q, o, d: money(o.total_minor - o.recoverable_minor, q.currency, d),
    "complete": lambda q, o, d: yes(o.complete),
    "confidence": lambda q, o, d: o.confidence,
    "pareto": lambda q, o, d: yes(o.pareto),
    "flags": lambda q, o, d: "; ".join(o.flags),
    "assumptions": lambda q, o, d: "; ".join((*q.assumptions, *o.assumptions)),
    "margin": lambda q, o, d: money(o.margin_minor, q.currency, d),
}
# what an order file's output has beside the fields of an option
ORDER_FIELDS = (*OPTION_FIELDS, "problem", "reason")

LINE_FIELDS: dict[str, Callable[[ChargeLine, str, Digits], str]] = {
    "step": lambda c, q, d: str(c.step),
    "leg": lambda c, q, d: "" if c.leg is None else str(c.leg),
    "event": lambda c, q, d: c.event,
    "kind": lambda c, q, d: c.kind,
    "code": lambda c, q, d: c.code,
    "name": lambda c, q, d: c.name,
    "payer": lambda c, q, d: c.payer,
    "collected": lambda c, q, d: c.collected,
    "regime": lambda c, q, d: c.regime,
    "base": lambda c, q, d: c.base,
    "rate": lambda c, q, d: c.rate,
    "amount": lambda c, q, d: money(c.amount_minor, c.currency, d),
    "currency": lambda c, q, d: c.currency,
    "in_quote_currency": lambda c, q, d: "" if c.kind == "amount" else money(counted(c), q, d),
    "quote_currency": lambda c, q, d: q,
    "included": lambda c, q, d: yes(c.included),
    "recoverable": lambda c, q, d: yes(c.recoverable),
    "unknown": lambda c, q, d: c.unknown,
    "table": lambda c, q, d: c.provenance.table,
    "line": lambda c, q, d: str(c.provenance.line or ""),
    "source": lambda c, q, d: c.provenance.url,
    "title": lambda c, q, d: c.provenance.title,
    "since": lambda c, q, d: day(c.provenance.since),
    "checked": lambda c, q, d: day(c.provenance.checked),
    "confidence": lambda c, q, d: c.provenance.confidence,
    "note": lambda c, q, d: c.note,
}


def told(one: Excluded) -> str:
    """Return what is excluded and why, naming it once."""
    name = one.service_name or one.service or one.mode.replace("_", " ")
    return one.reason if name in one.reason else f"{name}: {one.reason}"


def refusals(answer: DutyAnswer) -> tuple[str, ...]:
    """Return why a clearance is refused; () when it is not. A refused one has no sum."""
    return tuple(flag.removeprefix(REFUSED) for flag in answer.flags if flag.startswith(REFUSED))


def silent(answer: DutyAnswer) -> bool:
    """Tell whether an exchange rate is missing, so that not even its bases mean anything."""
    return any(reason.startswith("no exchange rate") for reason in refusals(answer))


def duty_lines(answer: DutyAnswer) -> tuple[ChargeLine, ...]:
    """Return the lines that mean something: of a refused clearance none that is to be paid."""
    if silent(answer):
        return ()
    refused = bool(refusals(answer))
    return tuple(line for line in answer.lines if line.kind == "amount" or not refused)


def counted(line: ChargeLine) -> int:
    """Return what a line adds to the sums: nothing when another line's price holds it."""
    return 0 if line.included else line.quote_minor


def margin_percent(option: Option, quote: Quote) -> str:
    """Return the margin in percent of what the seller is paid, "" when nothing says what that is.

    Half up to one digit.
    """
    if quote.sale is None or option.margin_minor is None or quote.sale.paid_minor <= 0:
        return ""
    paid = quote.sale.paid_minor
    return units.minor_text((2000 * option.margin_minor + paid) // (2 * paid), 1)


def transport(option: Option) -> str:
    """Return by what the option travels between countries: that of its long leg."""
    found = [leg.transport for leg in option.legs if leg.transport not in ("", "none")]
    far = [one for one in found if one != "road"]
    return next(iter(far or found), "")


def days(option: Option) -> str:
    """Return days in transit, `?` when no source says."""
    if option.transit_days is None:
        return "?"
    first, last = option.transit_days
    return str(first) if first == last else f"{first}-{last}"


def option_rows(quote: Quote, options: tuple[Option, ...], digits: Digits) -> Iterator[Row]:
    """Yield one row an option."""
    for option in options:
        yield {name: make(quote, option, digits) for name, make in OPTION_FIELDS.items()}


def charge_rows(quote: Quote, options: tuple[Option, ...], digits: Digits) -> Iterator[Row]:
    """Yield one row a charge line, of every option."""
    for option in options:
        own = {"rank": str(option.rank), "mode": option.mode, "service": option.service}
        for line in option.lines:
            yield {**own, **line_row(line, quote.currency, digits)}


def duty_rows(answer: DutyAnswer, digits: Digits) -> Iterator[Row]:
    """Yield one row a charge line of a clearance."""
    own = {"market": answer.market, "channel": answer.channel, "scheme": answer.scheme}
    for line in duty_lines(answer):
        yield {**own, **line_row(line, answer.currency, digits)}


def line_row(line: ChargeLine, currency: str, digits: Digits) -> Row:
    """Return a charge line as a row."""
    return {name: make(line, currency, digits) for name, make in LINE_FIELDS.items()}


CHARGE_FIELDS = ("rank", "mode", "service", *LINE_FIELDS)
DUTY_FIELDS = ("market", "channel", "scheme", *LINE_FIELDS)
EXCLUDED_FIELDS = ("mode", "service", "carrier_name", "service_name", "code", "reason", "fix")
