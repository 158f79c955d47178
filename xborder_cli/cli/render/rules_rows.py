"""Rules and their changes as flat rows of named text. The names are API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.cli.render.rows import day
from xborder_cli.rules.facts import facts_of
from xborder_cli.rules.formula import terms_words
from xborder_cli.rules.programmes import rows_of, span_of
from xborder_cli.rules.thresholds import thresholds_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xborder_cli.cli.render.rows import Row
    from xborder_cli.core.rule import Day, Provenance
    from xborder_cli.rules.changes import Change
    from xborder_cli.rules.sheet import ProgrammeOfDay, Sheet

SOURCE_FIELDS = ("confidence", "source", "title", "checked", "table", "line")
RULE_FIELDS = (
    "market", "on", "owner", "part", "regime", "code", "what", "name", "hs", "origin", "text",
    "since", "until", *SOURCE_FIELDS,
)  # fmt: skip
CHANGE_FIELDS = (
    "market", "on", "owner", "part", "regime", "code", "what", "name", "hs", "origin", "change",
    "old", "new", *SOURCE_FIELDS,
)  # fmt: skip


def source_cells(provenance: Provenance) -> Row:
    """Return who says a figure."""
    return {
        "confidence": provenance.confidence,
        "source": provenance.url,
        "title": provenance.title,
        "checked": day(provenance.checked),
        "table": provenance.table,
        "line": str(provenance.line or ""),
    }


def rule_rows(sheet: Sheet) -> Iterator[Row]:
    """Yield a row for each fact, threshold and rate by goods; big programmes are summed up."""
    own = {"market": sheet.tables.market.id, "on": day(sheet.day), "hs": "", "origin": ""}
    for one in thresholds_of(sheet):
        yield {
            **own,
            "owner": one.owner,
            "part": "threshold",
            "regime": "",
            "code": "; ".join(one.decides),
            "what": one.kind,
            "name": one.measure,
            "text": f"{one.op} {one.limit}".strip(),
            "since": day(one.since),
            "until": "",
            **source_cells(one.provenance),
        }
    for fact in facts_of(sheet):
        yield {
            **own,
            "owner": fact.owner,
            "part": fact.part,
            "regime": fact.regime,
            "code": fact.code,
            "what": fact.what,
            "name": fact.name,
            "text": fact.text,
            "since": day(fact.since),
            "until": day(fact.until or 0),
            **source_cells(fact.provenance),
        }
    for programme in sheet.programmes:
        yield from _programme(sheet, programme, own)
    for note in sheet.notes:
        source = source_cells(sheet.tables.market.provenance)
        blank = dict.fromkeys(("regime", "code", "name", "since", "until"), "")
        yield {**own, **source, **blank, "owner": note.of, "part": "note", "what": "note",
               "text": note.text}  # fmt: skip


def _programme(sheet: Sheet, one: ProgrammeOfDay, own: Row) -> Iterator[Row]:
    rows = rows_of(one)
    programme = one.programme
    head = {
        **own,
        "owner": one.owner,
        "part": "programme",
        "regime": "",
        "code": one.id,
        "name": programme.name or one.id,
    }
    span = span_of({row.terms: None for row in rows})
    yield {
        **head,
        "what": "rows",
        "text": f"{len(rows)} rows{f', {span}' if span else ''}",
        "since": "",
        "until": "",
        **source_cells(programme.provenance),
    }
    if not (one.own or sheet.hs or sheet.origin):
        return
    for row in rows:
        yield {
            **head,
            "what": f"rate {row.key}".strip(),
            "hs": row.hs or "*",
            "origin": row.origin,
            "text": terms_words(row.terms),
            "since": day(row.since),
            "until": day(row.until or 0),
            **source_cells(row.provenance),
            "name": row.note or programme.name or one.id,
        }


def change_rows(market: str, on: Day, changes: Iterable[Change]) -> Iterator[Row]:
    """Yield a row for each change; those of programmes row by row."""
    for one in changes:
        head = {
            "market": market,
            "on": day(one.days[-1] if one.days else on),
            "owner": one.owner,
            "part": one.part,
            "regime": one.regime,
            "code": one.code,
            "what": one.what,
            "name": one.name,
            "hs": "",
            "origin": "",
            "change": one.kind,
            "old": one.old,
            "new": one.new,
            **source_cells(one.provenance),
        }
        if not one.rows:
            yield head
        for row in one.rows:
            yield {
                **head,
                "on": day(row.on),
                "what": f"rate {row.key}".strip(),
                "hs": row.hs,
                "origin": row.origin,
                "change": row.kind,
                "old": row.old,
                "new": row.new,
                **source_cells(row.provenance),
            }
