"""The duty of an article as flat rows, one a row of a table, and as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xborder_cli.adapters.documents import shipment_document
from xborder_cli.cli.render.rows import day, money, yes
from xborder_cli.duties.rate import percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.cli.render.rows import Row
    from xborder_cli.core.book import Book
    from xborder_cli.core.rule import Provenance
    from xborder_cli.duties.rate import Rate
    from xborder_cli.duties.rows import Competitor
    from xborder_cli.duties.verdicts import Case, ChargeCase, ProgrammeCase

Document = dict[str, object]
ROW_FIELDS: Final = (
    "place",
    "charge",
    "charge_name",
    "kind",
    "charge_result",
    "charge_why",
    "charge_percent",
    "charge_rate",
    "charge_complete",
    "charge_at_least",
    "charge_not_known",
    "programme",
    "programme_name",
    "programme_result",
    "programme_why",
    "result",
    "why",
    "hs",
    "origins",
    "rate",
    "from",
    "until",
    "when",
    "key",
    "confidence",
    "checked",
    "source",
    "url",
    "table",
    "line",
    "note",
)


def share_of(rate: Rate) -> str:
    """Return the percent of a rate that is nothing else, "" of any other."""
    return percent(rate.share).removesuffix(" %") if rate.plain else ""


def rows(case: Case) -> Iterator[Row]:
    """Yield one row a competing row; a charge or programme without any has one of its own."""
    for place, charge in enumerate(case.charges, 1):
        head = {"place": str(place), **_charge(charge)}
        if not charge.programmes:
            yield {**_blank(), **head, **_where(charge.provenance), "rate": charge.rate.text}
        for programme in charge.programmes:
            body = {**head, **_programme(programme)}
            for one in programme.rows:
                yield {**_blank(), **body, **_row(one), **_where(one.provenance)}
            if not programme.rows:
                yield {**_blank(), **body, **_where(programme.provenance)}


def _blank() -> Row:
    return dict.fromkeys(ROW_FIELDS, "")


def _charge(charge: ChargeCase) -> Row:
    return {
        "charge": charge.code,
        "charge_name": charge.name,
        "kind": charge.kind,
        "charge_result": charge.result,
        "charge_why": charge.why,
        "charge_percent": share_of(charge.rate),
        "charge_rate": "" if charge.rate.text == "?" else charge.rate.text,
        "charge_complete": yes(charge.complete),
        "charge_at_least": yes(charge.at_least),
        "charge_not_known": "; ".join(charge.not_known),
    }


def _programme(one: ProgrammeCase) -> Row:
    return {
        "programme": one.id,
        "programme_name": one.name,
        "programme_result": one.result,
        "programme_why": one.why,
    }


def _row(one: Competitor) -> Row:
    return {
        "result": one.result,
        "why": one.why,
        "hs": one.hs or "*",
        "origins": " ".join(one.origins),
        "rate": one.rate,
        "from": day(one.since),
        "until": day(one.until or 0),
        "when": one.when,
        "key": one.key,
        "note": one.note,
    }


def _where(source: Provenance) -> Row:
    return {
        "confidence": source.confidence,
        "checked": day(source.checked),
        "source": source.title,
        "url": source.url,
        "table": source.table,
        "line": str(source.line or ""),
    }


def document(case: Case, told: Sequence[str], book: Book) -> Document:
    """Return xb.duties.show/1: charges in order, each with its programmes and their rows."""
    entry = case.entry
    value = entry.customs_value_minor
    return {
        "schema": "xb.duties.show/1",
        "on": day(entry.shipment.on),
        "tables": {"digest": book.digest, "overlays": list(book.overlays)},
        "market": entry.market,
        "market_name": entry.market_name,
        "hs": entry.shipment.items[0].hs or None,
        "goods": entry.shipment.items[0].goods or None,
        "origin": entry.shipment.items[0].origin,
        "claims": list(entry.shipment.items[0].claims),
        "channel": entry.channel,
        "shipment": shipment_document(entry.shipment),
        "regimes": [
            {"id": one.id, "name": one.name, "taken": one.taken, "why": one.why}
            for one in entry.regimes
        ],
        "refused": list(entry.refused),
        "total": {
            **rate_document(case.total),
            **_known_document(case),
            "customs_value": money(value, entry.currency, book.digits) or None,
            "duty": money(entry.duty_minor, entry.currency, book.digits),
            "currency": entry.currency,
        },
        "finer_codes": [
            {"programme": programme.id, "hs": row.hs, "rate": row.rate}
            for programme, row in case.finer
        ],
        "charges": [_charge_document(one, entry.currency, book) for one in case.charges],
        "assumptions": [*told, *entry.assumptions],
    }


def rate_document(rate: Rate) -> Document:
    """Return a rate: its percent where it is nothing else, its words, what is not known."""
    return {
        "percent": share_of(rate) or None,
        "rate": None if rate.text == "?" else rate.text,
        "complete": not rate.gaps,
        "not_known": list(rate.gaps),
    }


def _known_document(one: Case | ChargeCase) -> Document:
    """Return how much is known of rate and amount together."""
    return {
        "complete": one.complete,
        "not_known": list(one.not_known),
        "at_least": one.at_least,
    }


def _charge_document(one: ChargeCase, currency: str, book: Book) -> Document:
    return {
        "code": one.code,
        "name": one.name,
        "kind": one.kind,
        "how": one.how,
        "result": one.result,
        "why": one.why or None,
        **rate_document(one.rate),
        **_known_document(one),
        "amount": money(one.amount_minor, currency, book.digits),
        "currency": currency,
        "programmes": [
            {
                "id": programme.id,
                "name": programme.name,
                "tariff": programme.tariff,
                "no_row_means": programme.default,
                "result": programme.result,
                "why": programme.why or None,
                "rate": programme.rate or None,
                "rows": [_row_document(row) for row in programme.rows],
            }
            for programme in one.programmes
        ],
        "source": source_document(one.provenance),
    }


def _row_document(one: Competitor) -> Document:
    return {
        "result": one.result,
        "why": one.why or None,
        "hs": one.hs or "*",
        "origins": list(one.origins),
        "rate": one.rate,
        "from": day(one.since) or None,
        "until": day(one.until or 0) or None,
        "when": one.when or None,
        "key": one.key or None,
        "note": one.note or None,
        "source": source_document(one.provenance),
    }


def source_document(source: Provenance) -> Document:
    """Return where a figure stands and who says so."""
    return {
        "title": source.title,
        "url": source.url or None,
        "checked": day(source.checked) or None,
        "confidence": source.confidence,
        "table": source.table or None,
        "line": source.line or None,
    }
