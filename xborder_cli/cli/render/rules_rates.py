"""Rates by goods: the market's own lookups row by row, duty programmes summed up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.cli.render.rows import day
from xborder_cli.rules.programmes import groups_of, rows_of, span_of
from xborder_cli.rules.words import Vocabulary, hs_list, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.cli.render.paper import Paper
    from xborder_cli.cli.render.rules_sources import Sources
    from xborder_cli.core.rule import ProgrammeRow
    from xborder_cli.rules.programmes import RateGroup
    from xborder_cli.rules.sheet import ProgrammeOfDay, Sheet

SHOWN_ROWS = 60  # of a lookup that is printed row by row
NO_ROW = {"gap": "no row: not known, named in the answer", "zero": "no row: nothing due"}


def rate_lines(sheet: Sheet, sources: Sources, paper: Paper) -> None:
    """Add the market's own lookups: VAT by goods and their like."""
    for one in sheet.programmes:
        if one.own:
            _grouped(sheet, one, rows_of(one), sources, paper)


def programme_lines(sheet: Sheet, sources: Sources, paper: Paper) -> None:
    """Add the duty programmes that lookups read."""
    shared = [one for one in sheet.programmes if not one.own]
    if not shared:
        return
    if sheet.hs or sheet.origin:
        for one in shared:
            _grouped(sheet, one, rows_of(one), sources, paper)
        return
    paper.heading("Duty programmes")
    for one in shared:
        rows = rows_of(one)
        programme = one.programme
        title = one.id if programme.name in ("", one.id) else f"{one.id}: {programme.name}"
        paper.words(title, 2, mark=sources.mark(programme.provenance, one.owner))
        codes = len({row.hs for row in rows})
        origins = len({row.origin for row in rows if row.origin})
        told = [f"{len(rows)} rows of tariff {programme.tariff} hold"]
        if rows:
            told[0] += f", {codes} code{'s' * (codes != 1)}"
            if origins:
                told[0] += f", {origins} origin{'s' * (origins != 1)} named"
            told.append(span_of({row.terms: None for row in rows}))
        told.append(NO_ROW[programme.default])
        for row in rows:
            sources.number(row.provenance)
        low = sum(row.provenance.confidence == "low" for row in rows)
        if low:
            told.append(f"{low} of low confidence")
        paper.words("; ".join(told), 6, hang=0)
        paper.words(f"read by {listed(one.read_by, 'and')}", 6, hang=0, style="dim")


def _grouped(
    sheet: Sheet,
    one: ProgrammeOfDay,
    rows: Sequence[ProgrammeRow],
    sources: Sources,
    paper: Paper,
) -> None:
    """Add a programme with all its rows in force, those of one rate together."""
    programme = one.programme
    title = programme.name or f"{one.id.replace('_', ' ')} rates by goods"
    paper.heading(
        f"{title[:1].upper()}{title[1:]} ({one.id}), read by {listed(one.read_by, 'and')}"
    )
    groups = groups_of(rows)
    table = []
    for group in groups:
        marks = list(dict.fromkeys(sources.mark(row.provenance, one.owner) for row in group.rows))
        mark = f"{' '.join(marks[:3])}{' ...' * (len(marks) > 3)}"
        where = _where(sheet, group)
        table.append((group.key, group.rate, where, _codes(sheet, group), mark))
    paper.columns(table)
    paper.words(NO_ROW[programme.default], 2, style="dim")


def _where(sheet: Sheet, group: RateGroup) -> str:
    if not group.origins:
        return ""
    return f"made in {Vocabulary(sheet.tables.world.unions).places(group.origins)}"


def _codes(sheet: Sheet, group: RateGroup) -> str:
    """Return the codes of a group; notes and low confidence stand with theirs."""
    if len(group.rows) > SHOWN_ROWS:
        codes = [row.hs for row in group.rows]
        return f"{len(codes)} codes from {codes[0] or 'all'} to {codes[-1]}"
    words = Vocabulary(sheet.tables.world.unions)
    told: list[str] = []
    plain: list[str] = []

    def flush() -> None:
        if plain:
            told.append(hs_list(plain, ","))
            plain.clear()

    for row in group.rows:
        remark = sheet.tables.remarks.get((row.provenance.table, row.provenance.line), "")
        extra = [remark] if remark else []
        if row.when:
            extra.append(f"if {words.all_of(row.when)}")
        if row.provenance.confidence == "low":
            extra.append("low")
        if not row.hs:
            told.append(
                "all goods without a row of their own" + (f" ({', '.join(extra)})" if extra else "")
            )
        elif extra:
            flush()
            told.append(f"{row.hs} ({', '.join(extra)})")
        else:
            plain.append(row.hs)
    flush()
    since = {row.since for row in group.rows if row.since}
    tail = f", since {day(since.pop())}" if len(since) == 1 else ""
    return ", ".join(told).replace(" , ", ", ") + tail
