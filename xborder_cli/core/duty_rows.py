"""Rows of duty programmes: which of them may hold for a kind of goods on a day."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.core.book import Book
    from xborder_cli.core.parcels import Thing
    from xborder_cli.core.rates import ProgrammeTable, Row
    from xborder_cli.core.rule import Day, Lookup, Terms
    from xborder_cli.core.run import Run

LINES_MOST: Final = 100_000  # codes of a programme whose rows are kept at once
CHOSEN_MOST: Final = 100_000  # goods and days of a lookup whose rows are kept at once


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate row of one programme."""

    programme: ProgrammeTable
    row: Row

    @property
    def terms(self) -> Terms:
        """The rate of the row."""
        return self.programme.rates[self.row.code]


class Line:
    """The rows of a programme for a code of the HS and its prefixes, the longest first."""

    __slots__ = ("found", "marks", "origins", "programme", "rows")

    def __init__(self, programme: ProgrammeTable, rows: Sequence[Sequence[Row]]) -> None:
        """Keep rows by prefix, the longest prefix first."""
        self.programme = programme
        self.rows = rows
        self.origins = frozenset(row.origin for some in rows for row in some)
        self.marks = _turns_of(rows)
        self.found: dict[tuple[str, int, str], list[Choice]] = {}

    def on(self, origin: str, day: Day, by: str) -> list[Choice]:
        """Return candidates, found once between two days on which a row begins or has ended."""
        named = origin if origin in self.origins else ""
        key = (named, bisect_right(self.marks, day), by)
        known = self.found.get(key)
        if known is None:
            rows = candidates(self.rows, named, day, by)
            known = self.found[key] = [Choice(self.programme, row) for row in rows]
        return known


def _turns_of(rows: Sequence[Sequence[Row]]) -> tuple[Day, ...]:
    days: set[Day] = set()
    for some in rows:
        for row in some:
            if row.since:
                days.add(row.since)
            if row.until is not None:
                days.add(row.until + 1)
    return tuple(sorted(days))


def candidates(line: Sequence[Sequence[Row]], origin: str, day: Day, by: str) -> Iterator[Row]:
    """Yield rows that may hold, best first, up to the first without a condition.

    Args:
        line: rows of a code and of its prefixes, the longest first.
        origin: of the goods.
        day: on which they must hold.
        by: values of other keys.
    """
    for rows in line:
        fitting = [
            row
            for row in rows
            if row.origin in ("", origin)
            and row.since <= day
            and (row.until is None or day <= row.until)
            and row.key == by
        ]
        # named origin first; then rows with conditions; then the latest
        if len(fitting) > 1:
            fitting.sort(key=lambda row: (row.origin == "", not row.when, -row.since))
        for row in fitting:
            yield row
            if not row.when:
                return


def line_of(book: Book, programme: ProgrammeTable, hs: str) -> Line | None:
    """Return the rows of a programme for a code, None when it has none."""
    lines = book.lines.setdefault(id(programme), {})
    found = lines.get(hs)
    if found is None and hs not in lines:
        prefixes = (hs[:length] for length in range(len(hs), -1, -1))
        rows = [some for prefix in prefixes if (some := programme.rows.get(prefix))]
        if len(lines) > LINES_MOST:
            lines.clear()
        found = lines[hs] = Line(programme, rows) if rows else None
    return found


def turning_days(book: Book, programme: ProgrammeTable) -> tuple[int, ...]:
    """Return the days on which rows of a programme begin or have just ended, found once."""
    known = book.turns.get(id(programme))
    if known is None:
        days: set[int] = set()
        for rows in programme.rows.values():
            for row in rows:
                if row.since:
                    days.add(row.since)
                if row.until is not None:
                    days.add(row.until + 1)
        known = tuple(sorted(days))
        book.turns[id(programme)] = known
    return known


class Reader:
    """What a lookup reads in a place: its programmes, and what else rows are found by."""

    __slots__ = ("_chosen", "book", "by", "lookup", "programmes")

    def __init__(self, run: Run, lookup: Lookup, tariffs: tuple[str, ...]) -> None:
        """Find the programmes that a lookup and those inside it name.

        Args:
            run: the parcels.
            lookup: of one programme or several.
            tariffs: whose programmes are read, nearest first.
        """
        self.book = run.tile.book
        self.lookup = lookup
        self.programmes: dict[str, ProgrammeTable | None] = {}
        self.by: dict[tuple[str, ...], str] = {}
        attributes = run.parcels.attributes
        for inner in leaves(lookup):
            if inner.programme not in self.programmes:
                self.programmes[inner.programme] = self.book.programme(inner.programme, tariffs)
            self.by[inner.by] = "|".join(str(getattr(attributes, name, "")) for name in inner.by)
        read = tuple(id(programme) for programme in self.programmes.values())
        # the lookup is kept beside: its identity is in the key
        self._chosen = self.book.chosen.setdefault(
            (id(lookup), read, tuple(self.by.values())), (lookup, {})
        )[1]

    def choose(self, lookup: Lookup, thing: Thing, day: Day) -> tuple[list[Choice], bool]:
        """Return candidate rows, best first, and whether to find none is a gap.

        The last one has no condition: it holds for certain. Found once for goods and day.
        """
        if lookup is not self.lookup:
            return self._choose(lookup, thing, day)
        key = (thing.hs, thing.origin, thing.claims, day)
        known = self._chosen.get(key)
        if known is None:
            if len(self._chosen) > CHOSEN_MOST:
                self._chosen.clear()
            known = self._chosen[key] = self._choose(lookup, thing, day)
        return known

    def _choose(self, lookup: Lookup, thing: Thing, day: Day) -> tuple[list[Choice], bool]:
        if lookup.pick:
            gathered: list[Choice] = []
            gap = False
            for inner in lookup.pick:
                # rows with conditions may all fail: candidates go on until one holds for certain
                choices, gap = self._choose(inner, thing, day)
                gathered += choices
                if gathered and not gathered[-1].row.when:
                    return gathered, False
            return gathered, gap
        if lookup.least:
            return self._least(lookup, thing, day)
        programme = self.programmes[lookup.programme]
        if programme is None:
            return [], True
        line = line_of(self.book, programme, thing.hs)
        choices = line.on(thing.origin, day, self.by[lookup.by]) if line is not None else []
        if programme.default != "gap":
            return choices, False
        return choices, not choices or bool(choices[-1].row.when)

    def _least(self, lookup: Lookup, thing: Thing, day: Day) -> tuple[list[Choice], bool]:
        best: list[Choice] = []
        gap = False
        for inner in lookup.least:
            choices, missing = self._choose(inner, thing, day)
            choices = [c for c in choices if not c.row.when or _claimed(c, thing)]
            if not choices:
                gap = gap or (missing and inner.programme == lookup.least[0].programme)
                continue
            if not best or _percent(choices[0].terms) < _percent(best[0].terms):
                best = choices
        return best, gap and not best


def leaves(lookup: Lookup) -> Iterator[Lookup]:
    """Yield the lookups of single programmes in a lookup."""
    if lookup.programme:
        yield lookup
    for inner in (*lookup.pick, *lookup.least):
        yield from leaves(inner)


def _claimed(choice: Choice, thing: Thing) -> bool:
    """Tell whether the claims that a row asks for are made; other conditions are tested by line."""
    for test in choice.row.when:
        if test.kind == "is" and test.name == "claim" and not set(test.values) & thing.claims:
            return False
    return True


def _percent(terms: Terms) -> tuple[float, int]:
    if terms.words or any(part.currency for part in terms.parts):
        return (float("inf"), 0)
    # an order of size, never an amount: ties and closeness do not matter for which is least
    return (sum(part.amount[0] / part.amount[1] for part in terms.parts), 1)
