"""What only shows when the rows of a duty programme are read side by side, and by whom."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xborder_cli.tables.grid import read_grid
from xborder_cli.tables.names import lookups
from xborder_cli.tables.node import Mapping, Page, Text, read_page
from xborder_cli.tables.steps import steps
from xborder_cli.units import day_text, ratio_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xborder_cli.core.rule import Day, Programme, ProgrammeRow, Provenance, Terms
    from xborder_cli.errors import Problem
    from xborder_cli.tables.node import Node
    from xborder_cli.tables.place import Place
    from xborder_cli.tables.tables import Tables

_NEVER: Final = 10**9  # a day after all others: a row without an end
_NAMED: Final = 5  # further lines that one warning names


def check_duties(place: Place, tables: Tables) -> Iterator[Problem]:
    """Programmes nobody looks up, rows that overlap or say nothing new, rates above 100 %."""
    yield from _unused(place, tables)
    notes = _Notes(tables)
    for programme in tables.programmes.values():
        yield from _overlaps(place, programme)
        yield from _shadowed(place, programme)
        yield from _high(place, programme, notes)


def check_overlaps(place: Place, tables: Tables) -> Iterator[Problem]:
    """Of what `check_duties` finds, all that is more than a warning."""
    for programme in tables.programmes.values():
        yield from _overlaps(place, programme)


def _unused(place: Place, tables: Tables) -> Iterator[Problem]:
    """Programmes that no charge looks up: nothing says whether they add, replace or exclude.

    A warning: an imported tariff may bring a programme before a market has a charge for it.
    """
    used: set[tuple[str, str]] = set()
    anywhere: set[str] = set()  # looked up by cards, in whatever country they are used
    misspelt: set[str] = set()  # whose lookups name what is not there: that fault comes first
    for step in steps(tables):
        market = step.market
        for name in (name for charge in step.charges for name in lookups(charge)):
            if market is None:
                anywhere.add(name)
            elif (market.id, name) in tables.programmes:
                used.add((market.id, name))
            elif (market.tariff, name) in tables.programmes:
                used.add((market.tariff, name))
            else:
                misspelt |= {market.id, market.tariff}
    tariffs = {name for market in tables.markets.values() for name in (market.id, market.tariff)}
    for (tariff, name), programme in tables.programmes.items():
        if (tariff, name) in used or name in anywhere or tariff in misspelt:
            continue
        who = f"no charge of a market of {tariff}" if tariff in tariffs else "no market"
        what = f"{who} looks up {tariff} {name}: nothing of it is ever charged"
        fix = f"say in a charge of the market how it stacks: rate: {{lookup: {name}}}; or drop it"
        yield place.problem("unused-programme", programme.provenance, what, fix, warning=True)


def _overlaps(place: Place, programme: Programme) -> Iterator[Problem]:
    """Two rows of one code, origin, key and condition that both claim a day.

    A row without `until` holds up to the next one and claims no day of that.
    """
    groups: dict[tuple[object, ...], list[ProgrammeRow]] = {}
    for row in programme.rows:
        groups.setdefault((row.hs, row.origin, row.key, row.when), []).append(row)
    told: set[tuple[Provenance, Provenance]] = set()
    for rows in groups.values():
        if len(rows) < 2:
            continue
        rows.sort(key=lambda row: row.since)
        latest = rows[0]  # of the rows so far the one whose claim ends last
        for row in rows[1:]:
            end = _claimed(latest)
            pair = (latest.provenance, row.provenance)
            if row.since <= end and pair not in told:
                told.add(pair)
                yield _overlap(place, latest, row)
            if _claimed(row) >= end:
                latest = row


def _claimed(row: ProgrammeRow) -> Day:
    return row.since if row.until is None else row.until


def _overlap(place: Place, first: ProgrammeRow, row: ProgrammeRow) -> Problem:
    same = first.terms == row.terms
    code, rates = ("row-repeated", "the same rate") if same else ("row-overlap", "another rate")
    there = f"{first.provenance.table}:{first.provenance.line}"
    what = f"{_words(row)} has {rates} in {there}, which holds {_days(first)} too"
    fix = "drop one" if same else "end the earlier row on the day before this one begins"
    return place.problem(code, row.provenance, what, fix, warning=same)


def _words(row: ProgrammeRow) -> str:
    return f"{row.hs or '*'} {row.origin or 'any origin'}"


def _days(row: ProgrammeRow) -> str:
    since = f"from {day_text(row.since)}" if row.since else "from the first day"
    return since if row.until is None else f"{since} until {day_text(row.until)}"


@dataclass(slots=True)
class _Level:
    """The rows of one code and key, by origin, those of an origin in the order of their days."""

    rows: dict[str, list[ProgrammeRow]] = field(default_factory=dict)
    named: set[Terms] = field(default_factory=set)  # rates of rows that name an origin
    below: set[Terms] = field(default_factory=set)  # rates of the longer codes under this one

    def add(self, row: ProgrammeRow) -> None:
        self.rows.setdefault(row.origin, []).append(row)
        if row.origin:
            self.named.add(row.terms)

    def end_of(self, row: ProgrammeRow) -> Day:
        """Return the last day on which a row answers; a later one of its condition follows."""
        rows = self.rows[row.origin]
        end = _end(row)
        for other in rows[bisect_right(rows, row.since, key=lambda one: one.since) :]:
            if other.since > end:
                break
            if other.when == row.when and _end(other) >= end:
                return other.since - 1
        return end

    def stands_in(self, row: ProgrammeRow, end: Day) -> bool:
        """Tell whether another row of this very code would answer in the place of a row."""
        if row.origin and any(_meets(one, row.since, end) for one in self.rows.get("", ())):
            return True
        return any(
            one is not row
            and _meets(one, row.since, end)
            and (one.since <= row.since or (bool(row.when) and not one.when))
            for one in self.rows[row.origin]
        )

    def speaks(self, row: ProgrammeRow, end: Day) -> bool:
        """Tell whether a row of this shorter code may answer for some goods of a row."""
        if not row.origin and self.named:
            return True
        rows = (*self.rows.get(row.origin, ()), *self.rows.get("", ()))
        return any(_meets(one, row.since, end) for one in rows)

    def same(self, row: ProgrammeRow, end: Day) -> ProgrammeRow | None:
        """Return the row of this shorter code that says the same, for all goods and days."""
        if self.below - {row.terms} or (not row.origin and self.named - {row.terms}):
            return None
        own = [
            one
            for one in self.rows.get(row.origin, ())
            if one.since <= end and row.since <= self.end_of(one)
        ]
        if any(one.terms != row.terms for one in own):
            return None
        for one in own:
            if one.when == row.when and one.since <= row.since and end <= _end(one):
                return one if _sources(one) == _sources(row) else None
        return None


def _end(row: ProgrammeRow) -> Day:
    return _NEVER if row.until is None else row.until


def _meets(row: ProgrammeRow, since: Day, end: Day) -> bool:
    return row.since <= end and since <= _end(row)


def _sources(row: ProgrammeRow) -> tuple[str, str, str]:
    return row.provenance.title, row.provenance.url, row.provenance.confidence


def _shadowed(place: Place, programme: Programme) -> Iterator[Problem]:
    """Rows that a shorter code answers alike, told once for a table.

    A row of another source or confidence is left alone: the answer shows those. So is one beside
    others that differ under the shorter code: where lines differ, a list names all of them.
    """
    levels: dict[tuple[str, str], _Level] = {}
    for row in sorted(programme.rows, key=lambda row: row.since):
        levels.setdefault((row.hs, row.key), _Level()).add(row)
    for row in programme.rows:
        for length in range(len(row.hs)):
            level = levels.get((row.hs[:length], row.key))
            if level is not None:
                level.below.add(row.terms)
    of_line = Counter((row.provenance.table, row.provenance.line) for row in programme.rows)
    found: dict[tuple[str, int], tuple[ProgrammeRow, ProgrammeRow]] = {}
    for row in programme.rows:
        shorter = _shorter(levels, row)
        if shorter is not None:
            at = (row.provenance.table, row.provenance.line)
            of_line[at] -= 1  # a line of many origins says nothing new when none of them does
            found.setdefault(at, (row, shorter))
    tables: dict[str, list[tuple[ProgrammeRow, ProgrammeRow]]] = {}
    for (table, line), pair in sorted(found.items()):
        if not of_line[table, line]:
            tables.setdefault(table, []).append(pair)
    for (row, shorter), *rest in tables.values():
        there = f"{shorter.provenance.table}:{shorter.provenance.line}"
        more = _more(one for one, _ in rest)
        what = f"{_words(row)} says what {shorter.hs or '*'} says in {there}{more}"
        fix = "drop the longer code, unless its rate is about to change"
        yield place.problem("row-shadowed", row.provenance, what, fix, warning=True)


def _more(rows: Iterable[ProgrammeRow]) -> str:
    lines = [str(row.provenance.line) for row in rows]
    if len(lines) < 2:
        return f"; so does line {lines[0]}" if lines else ""
    named = f"{', '.join(lines[:_NAMED])}{', ...' if len(lines) > _NAMED else ''}"
    return f"; so do {len(lines)} more rows of this programme here: lines {named}"


def _shorter(levels: dict[tuple[str, str], _Level], row: ProgrammeRow) -> ProgrammeRow | None:
    own = levels[row.hs, row.key]
    end: Day | None = None
    for length in range(len(row.hs) - 1, -1, -1):
        level = levels.get((row.hs[:length], row.key))
        if level is None:
            continue
        if end is None:
            end = own.end_of(row)
            if own.stands_in(row, end):
                return None
        if level.speaks(row, end):
            return level.same(row, end)
    return None


def _high(place: Place, programme: Programme, notes: _Notes) -> Iterator[Problem]:
    """Rates above 100 % of which no note says that they are meant: often a lost decimal point."""
    tables: dict[str, dict[int, ProgrammeRow]] = {}
    for row in programme.rows:
        if _above_whole(row.terms) and not notes.has(row.provenance):
            tables.setdefault(row.provenance.table, {}).setdefault(row.provenance.line, row)
    for row, *rest in (tuple(rows.values()) for rows in tables.values()):
        percent = ratio_text((_above_whole(row.terms) * 100).as_integer_ratio())
        what = f"{_words(row)} costs {percent} %, and no note says why{_more(rest)}"
        fix = "check the decimal point; if it is right, say so in a column note"
        yield place.problem("rate-over-value", row.provenance, what, fix, warning=True)


def _above_whole(terms: Terms) -> Fraction:
    """Return the share of the base that the percents of a rate add up to; 0 up to the whole."""
    shares = [term.amount for term in terms.parts if term.of == "base" and not term.currency]
    if len(shares) == 1 and shares[0][0] <= shares[0][1]:
        return Fraction(0)  # nearly all rows: no sum is made for them
    share = sum((Fraction(*share) for share in shares), Fraction(0))
    return share if share > 1 else Fraction(0)


class _Notes:
    """Which rows have a note. Loaded rows keep none, so that their files are looked at again."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.known: dict[str, frozenset[int]] = {}

    def has(self, at: Provenance) -> bool:
        """Tell whether the row at a place has a note; of a text without a file nobody can see."""
        if at.table not in self.known:
            self.known[at.table] = frozenset(self._lines(at.table))
        return at.line in self.known[at.table]

    def _lines(self, table: str) -> Iterator[int]:
        path = self.tables.paths.get(table, table)
        try:
            text = Path(path).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            return
        for node in _blocks(read_page(Page(path, table, text), [])):
            grid, _ = read_grid(node)
            column = grid.index("note") if grid else None
            if grid is not None and column is not None:
                yield from (row.line for row in grid.rows if row.cells[column])


def _blocks(nodes: Iterable[Node]) -> Iterator[Text]:
    """Return the grids of a page that may be rows of duties, wherever they stand."""
    for node in nodes:
        if isinstance(node, Mapping):
            yield from _blocks(node.entries.values())
        elif isinstance(node, Text) and node.block:
            yield node
