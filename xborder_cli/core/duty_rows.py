"""Rows of duty programmes: which of them may hold for a kind of goods on a day."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.core.book import Book
    from xborder_cli.core.parcels import Thing
    from xborder_cli.core.rates import ProgrammeTable, Row
    from xborder_cli.core.rule import Day, Lookup, Terms
    from xborder_cli.core.run import Run

LINES_MOST: Final = 100_000  # codes of a programme whose rows are kept at once
# a number of codes with the same rows, the origins that these name, the days on which they turn
Matters: TypeAlias = "tuple[int, frozenset[str], tuple[Day, ...]]"
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


class Prefix:
    """The rows of a programme that stand at one code of the HS."""

    __slots__ = ("_found", "_rows", "marks", "origins")

    def __init__(self, rows: Sequence[Row]) -> None:
        """Keep rows by the origin that they name."""
        self._rows: dict[str, list[Row]] = {}
        days: set[Day] = set()
        for row in rows:
            self._rows.setdefault(row.origin, []).append(row)
            if row.since:
                days.add(row.since)
            if row.until is not None:
                days.add(row.until + 1)
        self.origins = frozenset(self._rows)
        self.marks = tuple(sorted(days))  # on which a row begins or has just ended
        self._found: dict[tuple[str, int, str], list[Row]] = {}

    def on(self, origin: str, day: Day, by: str) -> list[Row]:
        """Return rows that may hold, best first, up to the first without a condition.

        Args:
            origin: of the goods.
            day: on which they must hold.
            by: values of other keys.
        """
        named = origin if origin in self.origins else ""
        key = (named, bisect_right(self.marks, day), by)
        known = self._found.get(key)
        if known is None:
            known = self._found[key] = self._fitting(named, day, by)
        return known

    def _fitting(self, origin: str, day: Day, by: str) -> list[Row]:
        out: list[Row] = []
        for named in (origin, "") if origin else ("",):
            rows = [
                row
                for row in self._rows.get(named, ())
                if row.since <= day and (row.until is None or day <= row.until) and row.key == by
            ]
            # rows with conditions first; then the latest
            if len(rows) > 1:
                rows.sort(key=lambda row: (not row.when, -row.since))
            for row in rows:
                out.append(row)
                if not row.when:
                    return out
        return out


class Line:
    """The rows of a programme for a code of the HS: its own, then those of a shorter code."""

    __slots__ = ("_above", "_found", "_own", "marks", "origins", "programme")

    def __init__(self, programme: ProgrammeTable, own: Prefix, above: Line | None) -> None:
        """Keep the rows of a code and the line of the next shorter one that has rows."""
        self.programme = programme
        self._own = own
        self._above = above
        self.origins, self.marks = own.origins, own.marks
        if above is not None:
            self.origins = own.origins | above.origins
            self.marks = tuple(sorted({*own.marks, *above.marks}))
        self._found: dict[tuple[str, int, str], list[Choice]] = {}

    def on(self, origin: str, day: Day, by: str) -> list[Choice]:
        """Return candidates: longest prefix, named origin, rows with conditions, the latest."""
        named = origin if origin in self.origins else ""
        key = (named, bisect_right(self.marks, day), by)
        known = self._found.get(key)
        if known is None:
            rows = self._own.on(named, day, by)
            known = [Choice(self.programme, row) for row in rows]
            if self._above is not None and (not rows or rows[-1].when):
                known += self._above.on(named, day, by)
            self._found[key] = known
        return known


class ProgrammeRows:
    """The rows of a programme as they were asked for."""

    __slots__ = ("_lines", "_programme")

    def __init__(self, programme: ProgrammeTable) -> None:
        """Begin with none."""
        self._programme = programme
        self._lines: dict[str, Line | None] = {}

    def line(self, hs: str) -> Line | None:
        """Return the rows for a code, None when there are none; codes without own rows share."""
        found = self._lines.get(hs)
        if found is None and hs not in self._lines:
            if len(self._lines) > LINES_MOST:
                self._lines.clear()
            above = self.line(hs[:-1]) if hs else None
            rows = self._programme.rows.get(hs)
            found = Line(self._programme, Prefix(rows), above) if rows else above
            self._lines[hs] = found
        return found


def line_of(book: Book, programme: ProgrammeTable, hs: str) -> Line | None:
    """Return the rows of a programme for a code, None when it has none."""
    rows = book.programme_rows.get(id(programme))
    if rows is None:
        rows = book.programme_rows[id(programme)] = ProgrammeRows(programme)
    return rows.line(hs)


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


@dataclass(slots=True)
class Chosen:
    """Candidate rows of a lookup that were found before, in places where it reads the same."""

    lookup: Lookup
    rows: dict[object, tuple[list[Choice], bool]] = field(default_factory=dict)
    matters: dict[str, Matters] = field(default_factory=dict)  # by code
    # by the identities of their lines, which are kept beside
    alike: dict[tuple[int, ...], tuple[Matters, list[Line | None]]] = field(default_factory=dict)


class Reader:
    """What a lookup reads in a place: its programmes, and what else rows are found by."""

    __slots__ = ("_alike", "_chosen", "_matters", "book", "by", "lookup", "programmes")

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
        kept = self.book.chosen.setdefault(
            (id(lookup), read, tuple(self.by.values())), Chosen(lookup)
        )
        self._chosen, self._matters, self._alike = kept.rows, kept.matters, kept.alike

    def choose(self, lookup: Lookup, thing: Thing, day: Day) -> tuple[list[Choice], bool]:
        """Return candidate rows, best first, and whether to find none is a gap.

        The last one has no condition: it holds for certain. Found once for goods and day.
        """
        if lookup is not self.lookup:
            return self._choose(lookup, thing, day)
        matters = self._matters.get(thing.hs)
        if matters is None:
            matters = self._matters[thing.hs] = self._what_matters(thing.hs)
        lines, origins, marks = matters
        origin = thing.origin if thing.origin in origins else ""
        key = (lines, origin, thing.claims, bisect_right(marks, day))
        known = self._chosen.get(key)
        if known is None:
            if len(self._chosen) > CHOSEN_MOST:
                self._chosen.clear()
            known = self._chosen[key] = self._choose(lookup, thing, day)
        return known

    def _what_matters(self, hs: str) -> Matters:
        """Return what tells codes, origins and days apart."""
        if len(self._matters) > CHOSEN_MOST:
            self._matters.clear()
        found = [
            line_of(self.book, programme, hs) if programme is not None else None
            for programme in self.programmes.values()
        ]
        lines = tuple([id(line) for line in found])
        known = self._alike.get(lines)
        if known is None:
            some = [line for line in found if line is not None]
            origins = frozenset[str]().union(*[line.origins for line in some])
            marks = tuple(sorted({day for line in some for day in line.marks}))
            known = self._alike[lines] = ((len(self._alike), origins, marks), found)
        return known[0]

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
