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
FEW_GROUPS = 4  # rates of a big programme that are named one by one
FEW_CODES = 12  # codes of such a rate
ALL_GOODS = "all goods without a row of their own"
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
        _narrowed(sheet, shared, sources, paper)
        return
    paper.heading("Duty programmes")
    for one in shared:
        rows, programme = rows_of(one), one.programme
        title = one.id if programme.name in ("", one.id) else f"{one.id}: {programme.name}"
        paper.words(title, 2, mark=sources.mark(programme.provenance, one.owner))
        told = [_counted(programme.tariff, rows)]
        if rows:
            told.append(span_of({row.terms: None for row in rows}))
        if low := sum(row.provenance.confidence == "low" for row in rows):
            told.append(f"{low} of low confidence")
        told.append(NO_ROW[programme.default])
        paper.words("; ".join(told), 6, hang=0)
        for row in rows:
            sources.number(row.provenance)
        groups = groups_of(rows) if rows else ()
        if len(groups) <= FEW_GROUPS:
            lines = [
                (
                    ", ".join(group.keys),
                    group.rate,
                    _where(sheet, group),
                    _codes(sheet, group, most=FEW_CODES),
                )
                for group in groups
            ]
            paper.columns(lines, indent=8)
        paper.words(f"read by {listed(one.read_by, 'and')}", 6, hang=0, style="dim")


def _narrowed(
    sheet: Sheet, shared: Sequence[ProgrammeOfDay], sources: Sources, paper: Paper
) -> None:
    """Add the programmes that have rows for the goods; of the others say what no row means."""
    silent: dict[str, list[str]] = {}
    for one in shared:
        rows = rows_of(one)
        if rows:
            _grouped(sheet, one, rows, sources, paper)
        else:
            silent.setdefault(NO_ROW[one.programme.default], []).append(one.id)
    if silent:
        paper.heading("Programmes without a row for these goods")
        for words, names in silent.items():
            paper.words(f"{', '.join(names)} ({words})", 2)


def _counted(tariff: str, rows: Sequence[ProgrammeRow]) -> str:
    """Return how many rows, codes and origins there are."""
    codes = len({row.hs for row in rows})
    origins = len({row.origin for row in rows if row.origin})
    told = f"{len(rows)} row{'s' * (len(rows) != 1)} of tariff {tariff}"
    if rows:
        told += f", {codes} code{'s' * (codes != 1)}"
    return told + (f", {origins} origin{'s' * (origins != 1)} named" if origins else "")


def _grouped(
    sheet: Sheet,
    one: ProgrammeOfDay,
    rows: Sequence[ProgrammeRow],
    sources: Sources,
    paper: Paper,
) -> None:
    """Add a programme with all its rows in force, those of one rate together."""
    programme = one.programme
    title = one.id if programme.name in ("", one.id) else f"{one.id} ({programme.name})"
    paper.heading(f"Rates by goods: {title}, read by {listed(one.read_by, 'and')}")
    groups = groups_of(rows)
    table = []
    for group in groups:
        marks = list(dict.fromkeys(sources.mark(row.provenance, one.owner) for row in group.rows))
        mark = f"{' '.join(marks[:3])}{' ...' * (len(marks) > 3)}"
        where = _where(sheet, group)
        table.append((", ".join(group.keys), group.rate, where, _codes(sheet, group), mark))
    paper.columns(table)
    if not any(_certain(sheet, row) for row in rows):
        paper.words(NO_ROW[programme.default], 2, style="dim")


def _certain(sheet: Sheet, row: ProgrammeRow) -> bool:
    """Tell whether a row holds for all goods of the page, so that none is without."""
    made_in = not row.origin or row.origin == sheet.origin
    return sheet.hs.startswith(row.hs) and made_in and not row.when and not row.key


def _where(sheet: Sheet, group: RateGroup) -> str:
    if not group.origins:
        return ""
    return f"made in {Vocabulary(sheet.tables.world.unions).places(group.origins)}"


def _codes(sheet: Sheet, group: RateGroup, most: int = SHOWN_ROWS) -> str:
    """Return the codes of a group; notes and low confidence stand with theirs."""
    if len(group.rows) > most:
        codes = [row.hs for row in group.rows]
        return f"{len(codes)} codes from {codes[0] or 'all'} to {codes[-1]}"
    words = Vocabulary(sheet.tables.world.unions)
    all_low = all(row.provenance.confidence == "low" for row in group.rows)
    found: dict[str, list[str]] = {}
    for row in group.rows:
        remark = sheet.tables.remarks.of(row.provenance)
        extra = [remark] if remark else []
        if row.when:
            extra.append(f"if {words.all_of(row.when)}")
        if row.provenance.confidence == "low" and not all_low:
            extra.append("low")
        found.setdefault(", ".join(extra), []).append(row.hs)
    told = []
    for extra_words, codes in found.items():
        some = [ALL_GOODS] * ("" in codes) + [hs_list([c for c in codes if c], ",")]
        text = ", ".join(part for part in some if part)
        told.append(f"{text} ({extra_words})" if extra_words else text)
    since = {row.since for row in group.rows if row.since}
    tail = f", since {day(since.pop())}" if len(since) == 1 else ""
    return "; ".join(told) + tail
