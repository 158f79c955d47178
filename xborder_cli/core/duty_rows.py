"""Rows of duty programmes: which of them may hold for a kind of goods on a day."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, runtime_checkable

from xborder_cli.core.wording import terms_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from xborder_cli.core.book import Book
    from xborder_cli.core.parcels import Thing
    from xborder_cli.core.rates import ProgrammeTable, Row
    from xborder_cli.core.rule import Day, Lookup, Terms
    from xborder_cli.core.run import Run

LINES_MOST: Final = 100_000  # codes of a programme whose rows are kept at once
# a number of codes with the same rows, the origins that these name, the days on which they turn
Matters: TypeAlias = "tuple[int, frozenset[str], tuple[Day, ...]]"
CHOSEN_MOST: Final = 100_000  # goods and days of a lookup whose rows are kept at once
HEADING: Final = 4  # digits


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate row of one programme."""

    programme: ProgrammeTable
    row: Row
    doubtful: bool = False  # the least of rows between which only a longer code decides

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

    __slots__ = ("_above", "_finer", "_found", "_own", "marks", "origins", "programme")

    def __init__(
        self,
        programme: ProgrammeTable,
        own: Prefix,
        above: Line | None,
        finer: dict[str, Prefix] | None = None,
    ) -> None:
        """Keep the rows of a code, the line of the next shorter one that has rows, longer codes."""
        self.programme = programme
        self._own = own
        self._above = above
        self._finer = finer or {}
        below = self._finer.values()
        self.origins = own.origins.union(*(one.origins for one in below))
        days: set[Day] = {*own.marks, *(day for one in below for day in one.marks)}
        if above is not None:
            self.origins |= above.origins
            days.update(above.marks)
        self.marks: tuple[Day, ...] = tuple(sorted(days))
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

    def finer(self, thing: Thing, day: Day, by: str) -> dict[str, Row]:
        """Return rows of longer codes of which one may hold instead, by code.

        None where the code's own rows decide, or where all longer codes say the same as they. Rows
        that ask for a claim which is not made do not count.
        """
        own = self._own.on(thing.origin, day, by)
        if not self._finer or (own and not own[-1].when):
            return {}
        found = self.on(thing.origin, day, by)
        holds = found[-1].terms if found and not found[-1].row.when else None
        unknown = holds is None and self.programme.default == "gap"
        return {
            code: row
            for code, prefix in self._finer.items()
            for row in prefix.on(thing.origin, day, by)
            if _claimed(row, thing)
            and (unknown or not _alike(self.programme.rates[row.code], holds))
        }

    def unsure(self, thing: Thing, day: Day, by: str) -> list[Choice] | None:
        """Return candidates where a longer code would decide, the least of them last, else None.

        Without the last one the least is nothing at all.
        """
        finer = self.finer(thing, day, by)
        if not finer:
            return None
        choices = self.on(thing.origin, day, by)
        tested = [choice for choice in choices if choice.row.when]
        if len(tested) == len(choices):
            return tested
        rows = [choices[-1].row, *finer.values()]
        least = min(rows, key=lambda row: _percent(self.programme.rates[row.code]))
        if _percent(self.programme.rates[least.code])[0] == float("inf"):
            return tested
        # the least is no row of these goods: what its own goods are is not said of them
        return [*tested, Choice(self.programme, replace(least, when=(), note=""), doubtful=True)]


@runtime_checkable
class Grouped(Protocol):
    """A mapping that lists keys which begin alike without making the others."""

    def beside(self, key: str) -> Iterable[str]:
        """Yield the keys of the heading of a key."""


class ProgrammeRows:
    """The rows of a programme as they were asked for."""

    __slots__ = ("_headings", "_lines", "_programme", "_settled")

    def __init__(self, programme: ProgrammeTable) -> None:
        """Begin with none."""
        self._programme = programme
        self._lines: dict[str, Line | None] = {}
        self._settled: dict[str, Line | None] = {}
        self._headings: dict[str, list[str]] | None = None

    def line(self, hs: str) -> Line | None:
        """Return the rows for a code, None when there are none; codes like each other share."""
        found = self._lines.get(hs)
        if found is None and hs not in self._lines:
            if len(self._lines) > LINES_MOST:
                self._lines.clear()
                self._settled.clear()
            found = self._up(hs)
            # no goods stand at a heading alone: longer codes matter from the subheading on
            finer = self.below(hs) if len(hs) > HEADING else {}
            if finer:
                own = Prefix(self._programme.rows.get(hs, ()))
                found = Line(self._programme, own, self._up(hs[:-1]), finer)
            self._lines[hs] = found
        return found

    def _up(self, hs: str) -> Line | None:
        """Return the rows of a code and of shorter ones; codes without rows of their own share."""
        found = self._settled.get(hs)
        if found is None and hs not in self._settled:
            above = self._up(hs[:-1]) if hs else None
            rows = self._programme.rows.get(hs)
            found = Line(self._programme, Prefix(rows), above) if rows else above
            self._settled[hs] = found
        return found

    def below(self, hs: str) -> dict[str, Prefix]:
        """Return the rows of each longer code."""
        rows = self._programme.rows
        return {code: Prefix(rows[code]) for code in self.under(hs)}

    def under(self, hs: str) -> list[str]:
        """Return the longer codes that have rows; of a heading or a subheading."""
        return [c for c in self._beside(hs) if len(c) > len(hs) and c.startswith(hs)]

    def _beside(self, hs: str) -> Iterable[str]:
        rows = self._programme.rows
        if isinstance(rows, Grouped):
            return rows.beside(hs)
        if self._headings is None:
            self._headings = {}
            for code in rows:
                self._headings.setdefault(code[:HEADING], []).append(code)
        return self._headings.get(hs[:HEADING], ())


def line_of(book: Book, programme: ProgrammeTable, hs: str) -> Line | None:
    """Return the rows of a programme for a code, None when it has none."""
    return rows_of(book, programme).line(hs)


def rows_of(book: Book, programme: ProgrammeTable) -> ProgrammeRows:
    """Return the rows of a programme as they were asked for."""
    rows = book.programme_rows.get(id(programme))
    if rows is None:
        rows = book.programme_rows[id(programme)] = ProgrammeRows(programme)
    return rows


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
            return self._pick(lookup, thing, day)
        if lookup.least:
            return self._least(lookup, thing, day)
        programme = self.programmes[lookup.programme]
        if programme is None:
            return [], True
        line = line_of(self.book, programme, thing.hs)
        if line is None:
            return [], programme.default == "gap"
        by = self.by[lookup.by]
        unsure = line.unsure(thing, day, by)
        if unsure is not None:
            return unsure, True
        choices = line.on(thing.origin, day, by)
        if programme.default != "gap":
            return choices, False
        return choices, not choices or bool(choices[-1].row.when)

    def _pick(self, lookup: Lookup, thing: Thing, day: Day) -> tuple[list[Choice], bool]:
        gathered: list[Choice] = []
        gap = unsure = False
        for inner in lookup.pick:
            # rows with conditions may all fail: candidates go on until one holds for certain
            choices, gap = self._choose(inner, thing, day)
            gathered += choices
            if gathered and not gathered[-1].row.when:
                last = gathered[-1]
                unsure = unsure or last.doubtful
                return [*gathered[:-1], replace(last, doubtful=unsure)], unsure
            # a longer code may have a row here, and then nothing further is looked up
            unsure = unsure or (gap and self._known_below(inner, thing, day))
        return gathered, gap or unsure

    def finer(self, thing: Thing, day: Day) -> dict[str, str]:
        """Return the longer codes that decide, and their rates in words."""
        found: dict[str, str] = {}
        for leaf in leaves(self.lookup):
            programme = self.programmes[leaf.programme]
            line = line_of(self.book, programme, thing.hs) if programme is not None else None
            if programme is not None and line is not None:
                rows = line.finer(thing, day, self.by[leaf.by])
                found |= {code: terms_text(programme.rates[one.code]) for code, one in rows.items()}
        return found

    def _known_below(self, lookup: Lookup, thing: Thing, day: Day) -> bool:
        """Tell whether longer codes have rows that the code does not have."""
        programme = self.programmes.get(lookup.programme)
        line = line_of(self.book, programme, thing.hs) if programme is not None else None
        return line is not None and bool(line.finer(thing, day, self.by[lookup.by]))

    def _least(self, lookup: Lookup, thing: Thing, day: Day) -> tuple[list[Choice], bool]:
        best: list[Choice] = []
        gap = False
        for inner in lookup.least:
            choices, missing = self._choose(inner, thing, day)
            choices = [c for c in choices if _claimed(c.row, thing)]
            if not choices:
                gap = gap or (missing and inner.programme == lookup.least[0].programme)
                continue
            if not best or _percent(choices[0].terms) < _percent(best[0].terms):
                best = choices
        return best, bool(best[-1].doubtful if best else gap)


def leaves(lookup: Lookup) -> Iterator[Lookup]:
    """Yield the lookups of single programmes in a lookup."""
    if lookup.programme:
        yield lookup
    for inner in (*lookup.pick, *lookup.least):
        yield from leaves(inner)


def _claimed(row: Row, thing: Thing) -> bool:
    """Tell whether the claims that a row asks for are made; other conditions are tested by line."""
    for test in row.when:
        if test.kind == "is" and test.name == "claim" and not set(test.values) & thing.claims:
            return False
    return True


def is_nothing(terms: Terms) -> bool:
    """Tell whether a rate is known and comes to 0, whatever it is of."""
    return (
        not terms.words and all(part.amount[0] == 0 for part in terms.parts) and terms.low is None
    )


def _alike(one: Terms, other: Terms | None) -> bool:
    """Tell whether two rates come to the same; None is nothing."""
    return is_nothing(one) if other is None or is_nothing(other) else one == other


def _percent(terms: Terms) -> tuple[float, int]:
    if terms.words or any(part.currency for part in terms.parts):
        return (float("inf"), 0)
    # an order of size, never an amount: ties and closeness do not matter for which is least
    return (sum(part.amount[0] / part.amount[1] for part in terms.parts), 1)
