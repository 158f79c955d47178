"""Rules as JSON documents: xb.rules/1, stable."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from xborder_cli.cli.render.rows import day
from xborder_cli.rules.facts import low_figures
from xborder_cli.rules.formula import programmes_of, terms_words
from xborder_cli.rules.programmes import rows_of, span_of
from xborder_cli.rules.thresholds import thresholds_of
from xborder_cli.rules.words import Vocabulary
from xborder_cli.units import ratio_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xborder_cli.core.rule import Day, ProgrammeRow, Provenance
    from xborder_cli.rules.changes import Change, History
    from xborder_cli.rules.model import MarketTables, World
    from xborder_cli.rules.sheet import (
        ChargeOfDay,
        EventOfDay,
        Figure,
        ProgrammeOfDay,
        RegimeOfDay,
        Sheet,
    )
    from xborder_cli.rules.thresholds import Threshold

Document = dict[str, object]
LAST, NEXT = 5, 20  # days of changes that a document looks back on, and forward to


def sheet_document(sheet: Sheet, history: History) -> Document:
    """Return xb.rules/1; programmes that are not the market's own are summed up."""
    tables, market = sheet.tables, sheet.tables.market
    return {
        "schema": "xb.rules/1",
        "on": day(sheet.day),
        "tables": tables_document(tables.world),
        "market": {
            "id": market.id,
            "name": market.name,
            "currency": market.currency,
            "tariff": market.tariff,
            "extends": market.extends or None,
            "members": list(tables.members),
            "from": day(market.first_day) or None,
            "fx": {
                "source": market.fx.source or None,
                "day": market.fx.day,
                "quote": market.fx.quote,
            },
        },
        "narrowed_to": {"hs": sheet.hs or None, "origin": sheet.origin or None},
        "scheme": sheet.scheme or None,
        "scheme_since": day(sheet.scheme_since) or None,
        "schemes": list(sheet.schemes),
        "channels": list(sheet.channels),
        "thresholds": [_threshold(one) for one in thresholds_of(sheet)],
        "values": [_value(one) for one in sheet.values],
        "events": [_event(one) for one in sheet.events],
        "programmes": [_programme(sheet, one) for one in sheet.programmes],
        "gaps": sorted({one.gap for one in sheet.charges if one.gap}),
        "low_confidence": [name for name, _ in low_figures(sheet)],
        "changed": [
            {"on": day(on), "changes": [change_document(one) for one in changes]}
            for on, changes in islice(history.before(sheet.day), LAST)
        ],
        "announced": [
            {"on": day(on), "changes": [change_document(one) for one in changes]}
            for on, changes in islice(history.after(sheet.day), NEXT)
        ],
        "notes": [{"of": note.of, "text": note.text} for note in sheet.notes],
    }


def tables_document(world: World) -> Document:
    """Return which tables were read."""
    return {"digest": world.digest, "overlays": list(world.folders[1:])}


def source_document(provenance: Provenance) -> Document:
    """Return who says a figure."""
    return {
        "title": provenance.title or None,
        "url": provenance.url or None,
        "checked": day(provenance.checked) or None,
        "confidence": provenance.confidence,
        "table": provenance.table,
        "line": provenance.line,
    }


def _threshold(one: Threshold) -> Document:
    return {
        "limit": one.limit,
        "op": one.op,
        "amount": ratio_text(one.raw.amount),
        "currency": one.raw.currency or None,
        "unit": one.raw.unit or None,
        "per_unit": one.raw.per or None,
        "of": one.measure,
        "made_of": one.made_of or None,
        "kind": one.kind,
        "per": one.per,
        "decides": list(one.decides),
        "since": day(one.since) or None,
        "owner": one.owner,
        "source": source_document(one.provenance),
    }


def _value(one: Figure) -> Document:
    return {
        "name": one.name,
        "value": one.text or None,
        "since": day(one.since) or None,
        "later": one.later or None,
        "later_from": day(one.later_from) or None,
        "owner": one.owner,
        "source": source_document(one.provenance),
    }


def _event(one: EventOfDay) -> Document:
    return {
        "event": one.event,
        "select": one.select,
        "charges": [_charge(charge) for charge in one.charges],
        "regimes": [_regime(regime) for regime in one.regimes],
    }


def _regime(one: RegimeOfDay) -> Document:
    return {
        "place": one.place,
        "id": one.id,
        "name": one.name,
        "when": one.when or None,
        "unless": one.unless or None,
        "refuse": one.refuse or None,
        "from": day(one.since) or None,
        "until": day(one.until or 0) or None,
        "charges": [_charge(charge) for charge in one.charges],
        "owner": one.owner,
        "source": source_document(one.provenance),
    }


def _charge(one: ChargeOfDay) -> Document:
    charge = one.charge
    return {
        "place": one.place,
        "code": charge.code,
        "kind": charge.kind,
        "name": one.name,
        "amount": one.formula,
        "base": one.base or None,
        "rate": one.rate or None,
        "lookups": list(programmes_of(charge.rate)),
        "min": one.low or None,
        "max": one.high or None,
        "round": one.rounding or None,
        "scope": charge.scope,
        "when": one.when or None,
        "unless": one.unless or None,
        "payer": one.payer or None,
        "collected": one.collected or None,
        "recoverable_by": list(charge.recoverable_by),
        "unknown": one.gap or None,
        "since": day(one.since) or None,
        "until": day(charge.until or 0) or None,
        "owner": one.owner,
        "source": source_document(one.provenance),
    }


def _programme(sheet: Sheet, one: ProgrammeOfDay) -> Document:
    rows = rows_of(one)
    programme = one.programme
    shown = rows if one.own or sheet.hs or sheet.origin else ()
    return {
        "id": one.id,
        "name": programme.name or None,
        "tariff": programme.tariff,
        "no_row": programme.default,
        "read_by": list(one.read_by),
        "count": len(rows),
        "codes": len({row.hs for row in rows}),
        "origins": sorted({row.origin for row in rows if row.origin}),
        "rates": span_of({row.terms: None for row in rows}) or None,
        "low_confidence": sum(row.provenance.confidence == "low" for row in rows),
        "rows": [_row(sheet, row) for row in shown],
        "owner": one.owner,
        "source": source_document(programme.provenance),
    }


def _row(sheet: Sheet, row: ProgrammeRow) -> Document:
    words = Vocabulary(sheet.tables.world.unions)
    return {
        "hs": row.hs or "*",
        "origin": row.origin or None,
        "key": row.key or None,
        "rate": terms_words(row.terms),
        "when": words.all_of(row.when) or None,
        "note": row.note or None,
        "since": day(row.since) or None,
        "until": day(row.until or 0) or None,
        "source": source_document(row.provenance),
    }


def change_document(one: Change) -> Document:
    """Return one change with the rows or facts that it stands for."""
    return {
        "change": one.kind,
        "on": [day(on) for on in one.days],
        "part": one.part,
        "regime": one.regime or None,
        "code": one.code or None,
        "what": one.what or None,
        "name": one.name or None,
        "old": one.old or None,
        "new": one.new or None,
        "amounts": list(one.charges),
        "facts": [
            {"code": fact.code or None, "what": fact.what, "text": fact.text} for fact in one.inner
        ],
        "rows": [
            {
                "change": row.kind,
                "on": day(row.on),
                "hs": row.hs,
                "origin": row.origin or None,
                "key": row.key or None,
                "old": row.old or None,
                "new": row.new or None,
            }
            for row in one.rows
        ],
        "owner": one.owner,
        "source": source_document(one.provenance),
    }


def diff_document(
    tables: MarketTables, first: Day, last: Day, changes: Iterable[Change]
) -> Document:
    """Return xb.rules.diff/1."""
    return {
        "schema": "xb.rules.diff/1",
        "from": day(first),
        "to": day(last),
        "tables": tables_document(tables.world),
        "market": tables.market.id,
        "changes": [change_document(one) for one in changes],
    }
