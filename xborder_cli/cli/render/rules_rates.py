"""Rates by goods: the market's own lookups row by row, duty programmes summed up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xborder_cli.cli.render.rows import day
from xborder_cli.rules.programmes import groups_of, rows_of, span_of
from xborder_cli.rules.words import Vocabulary, hs_list, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.cli.render.paper import Paper
    from xborder_cli.cli.render.rules_sources import Sources
    from xborder_cli.core.rule import Programme, ProgrammeRow
    from xborder_cli.rules.programmes import RateGroup
    from xborder_cli.rules.sheet import ProgrammeOfDay, Sheet

SHOWN_ROWS = 60  # of a lookup that is printed row by row
SOME_ROWS = 12  # of one that is cut short
FEW_SOURCES = 3  # that stand beside rows of one rate
FEW_GROUPS = 4  # rates of a big programme that are named one by one
FEW_CODES = 12  # codes of such a rate
ALL_GOODS = "all goods without a row of their own"
LONG = 40  # letters of a list of countries that is not counted instead
NO_ROW = {"gap": "no row: not known, named in the answer", "zero": "no row: nothing due"}


class Rates:
    """Adds rates by goods to a page; cut short unless `whole`."""

    def __init__(self, sheet: Sheet, sources: Sources, paper: Paper, *, whole: bool) -> None:
        """Keep what is written, and where to."""
        self.sheet = sheet
        self.sources = sources
        self.paper = paper
        self.narrowed = bool(sheet.hs or sheet.origin)
        self.whole = whole or self.narrowed
        self._cut = False

    def own(self) -> None:
        """Add the market's own lookups: VAT by goods and their like."""
        for one in self.sheet.programmes:
            if one.own:
                self._grouped(one, rows_of(one))
        if self._cut:
            words = "--all names every code, --hs CODE what its goods bear"
            self.paper.words(words, 2, style="dim")

    def programmes(self) -> None:
        """Add the duty programmes that lookups read."""
        shared = [one for one in self.sheet.programmes if not one.own]
        if not shared:
            return
        if self.narrowed:
            self._narrowed(shared)
            return
        self.paper.heading("Duty programmes: --hs CODE --origin COUNTRY prints what goods bear")
        for one in shared:
            self._summed_up(one)
        if any(one.programme.default == "zero" for one in shared):
            words = (
                "Goods without a row in a programme bear nothing by it, unless it says otherwise."
            )
            self.paper.words(words, 2, hang=0, style="dim")

    def _summed_up(self, one: ProgrammeOfDay) -> None:
        """Add a programme in a sentence: its rates, how many codes, what no row means."""
        rows, programme, sheet = rows_of(one), one.programme, self.sheet
        further = {_who(row) for row in rows} - {_who(programme)}
        if self.whole:
            for row in rows:
                self.sources.number(row.provenance)
        title = one.id if programme.name in ("", one.id) else f"{one.id}: {programme.name}"
        self.paper.words(title, 2, mark=self.sources.mark(programme.provenance, one.owner))
        told = [span_of({row.terms: None for row in rows})] if rows else []
        told.append(_counted(sheet, rows))
        if low := sum(row.provenance.confidence == "low" for row in rows):
            told.append("all of low confidence" if low == len(rows) else f"{low} of low confidence")
        if programme.default == "gap" and not any(_certain(sheet, row) for row in rows):
            told.append(NO_ROW["gap"])
        if further and not self.whole:
            told.append(f"{len(further)} further source{'s' * (len(further) != 1)} (--all)")
        if one.read_by != (one.id,):
            told.append(f"read by {listed(one.read_by, 'and')}")
        self.paper.words("; ".join(told), 6, hang=0)
        groups = groups_of(rows) if rows else ()
        if len(groups) <= FEW_GROUPS and (self.whole or _short(groups)):
            lines = [
                (
                    ", ".join(group.keys),
                    group.rate,
                    _where(sheet, group),
                    _codes(sheet, group, most=FEW_CODES),
                )
                for group in groups
            ]
            self.paper.columns(lines, indent=8)

    def _marks(self, one: ProgrammeOfDay, rows: Sequence[ProgrammeRow]) -> str:
        """Return the sources of some rows; of many the first few."""
        first = {_who(row): row.provenance for row in reversed(rows)}
        found = list(reversed(first.values()))
        kept = found if self.whole else found[:FEW_SOURCES]
        marks = dict.fromkeys(self.sources.mark(source, one.owner) for source in kept)
        shown = list(marks)[:FEW_SOURCES]
        return f"{' '.join(shown)}{' ...' * (len(found) > len(shown))}"

    def _narrowed(self, shared: Sequence[ProgrammeOfDay]) -> None:
        """Add the programmes that have rows for the goods; of the others what no row means."""
        silent: dict[str, list[str]] = {}
        for one in shared:
            rows = rows_of(one)
            if rows:
                self._grouped(one, rows)
            else:
                silent.setdefault(NO_ROW[one.programme.default], []).append(one.id)
        if silent:
            self.paper.heading("Programmes without a row for these goods")
            for words, names in silent.items():
                self.paper.words(f"{', '.join(names)} ({words})", 2)

    def _grouped(self, one: ProgrammeOfDay, rows: Sequence[ProgrammeRow]) -> None:
        """Add a programme with its rows in force, those of one rate together."""
        programme, sheet = one.programme, self.sheet
        title = one.id if programme.name in ("", one.id) else f"{one.id} ({programme.name})"
        self.paper.heading(f"Rates by goods: {title}, read by {listed(one.read_by, 'and')}")
        table = []
        for group in groups_of(rows):
            shown = group.rows if self.whole else group.rows[:SOME_ROWS]
            mark = self._marks(one, shown)
            codes = _codes(sheet, replace(group, rows=shown))
            if left := len(group.rows) - len(shown):
                codes += f"; and {left} more"
                self._cut = True
            table.append((", ".join(group.keys), group.rate, _where(sheet, group), codes, mark))
        self.paper.columns(table)
        if not any(_certain(sheet, row) for row in rows):
            self.paper.words(NO_ROW[programme.default], 2, style="dim")


def _who(one: ProgrammeRow | Programme) -> tuple[str, str, str]:
    return one.provenance.title, one.provenance.url, one.provenance.confidence


def _short(groups: Sequence[RateGroup]) -> bool:
    """Tell whether rates and their goods take few lines, and say more than their sum."""
    if (
        len(groups) == 1
        and not groups[0].rows[0].terms.words
        and not any(row.hs for row in groups[0].rows)
    ):
        return False
    return sum(len(group.rows) + len(group.origins) for group in groups) <= FEW_CODES


def _counted(sheet: Sheet, rows: Sequence[ProgrammeRow]) -> str:
    """Return how many codes and origins there are."""
    codes = len({row.hs for row in rows if row.hs})
    origins = {row.origin for row in rows if row.origin}
    told = f"{codes} code{'s' * (codes != 1)}" if codes else "every code"
    if not rows:
        told = "no row on this day"
    if not origins:
        return told
    if len(origins) <= FEW_GROUPS or "" not in {row.origin for row in rows}:
        made_in = Vocabulary(sheet.tables.world.unions).places(sorted(origins), "and")
        if len(made_in) <= LONG:
            return f"{told}, goods made in {made_in}"
    return f"{told}, {len(origins)} origins named"


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
        extra = [row.note] if row.note else []
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
