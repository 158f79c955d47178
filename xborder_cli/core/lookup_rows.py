"""The rows of duty programmes that a lookup chooses between, for a kind of goods on a day."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from xborder_cli.core.prefix import claimed
from xborder_cli.core.programme_lines import line_of
from xborder_cli.core.rate_order import size
from xborder_cli.core.wording import terms_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xborder_cli.core.book import Book
    from xborder_cli.core.parcels import Attributes, Thing
    from xborder_cli.core.rates import ProgrammeTable
    from xborder_cli.core.rule import Day, Lookup
    from xborder_cli.core.tariff_line import Choice, Line

# a number of codes with the same rows, the origins that these name, the days on which they turn
Matters: TypeAlias = "tuple[int, frozenset[str], tuple[Day, ...]]"
CHOSEN_MOST: Final = 100_000  # goods and days of a lookup whose rows are kept at once


class Chosen:
    """Candidate rows of a lookup that were found before, in places where it reads the same."""

    __slots__ = ("alike", "lookup", "matters", "rows")

    def __init__(self, lookup: Lookup) -> None:
        """Begin with none."""
        self.lookup = lookup
        self.rows: dict[object, tuple[list[Choice], bool]] = {}
        self.matters: dict[str, Matters] = {}  # by code
        # by the identities of their lines, which are kept beside
        self.alike: dict[tuple[int, ...], tuple[Matters, list[Line | None]]] = {}


class Reader:
    """What a lookup reads in a place: its programmes, and what else rows are found by."""

    __slots__ = ("_alike", "_chosen", "_matters", "book", "by", "lookup", "programmes")

    def __init__(
        self, book: Book, attributes: Attributes, lookup: Lookup, tariffs: tuple[str, ...]
    ) -> None:
        """Find the programmes that a lookup and those inside it name.

        Args:
            book: the tables.
            attributes: of the parcels; rows may be found by them.
            lookup: of one programme or several.
            tariffs: whose programmes are read, nearest first.
        """
        self.book = book
        self.lookup = lookup
        self.programmes: dict[str, ProgrammeTable | None] = {}
        self.by: dict[tuple[str, ...], str] = {}
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

    def choose(self, thing: Thing, day: Day) -> tuple[list[Choice], bool]:
        """Return candidate rows, best first, and whether to find none is a gap.

        The last one has no condition: it holds for certain. Found once for goods and day.
        """
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
            known = self._chosen[key] = self._choose(self.lookup, thing, day)
        return known

    def _what_matters(self, hs: str) -> Matters:
        """Return what tells codes, origins and days apart."""
        if len(self._matters) > CHOSEN_MOST:
            self._matters.clear()
        found = [self._line(name, hs) for name in self.programmes]
        lines = tuple([id(line) for line in found])
        known = self._alike.get(lines)
        if known is None:
            some = [line for line in found if line is not None]
            origins = frozenset[str]().union(*[line.origins for line in some])
            marks = tuple(sorted({day for line in some for day in line.marks}))
            known = self._alike[lines] = ((len(self._alike), origins, marks), found)
        return known[0]

    def _line(self, name: str, hs: str) -> Line | None:
        """Return the rows of a programme for a code; None where it has none, or is not known."""
        programme = self.programmes.get(name)
        return line_of(self.book, programme, hs) if programme is not None else None

    def _choose(self, lookup: Lookup, thing: Thing, day: Day) -> tuple[list[Choice], bool]:
        if lookup.pick:
            return self._pick(lookup, thing, day)
        if lookup.least:
            return self._least(lookup, thing, day)
        programme = self.programmes[lookup.programme]
        if programme is None:
            return [], True
        line = self._line(lookup.programme, thing.hs)
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
            line = self._line(leaf.programme, thing.hs)
            if line is not None:
                rates = line.programme.rates
                rows = line.finer(thing, day, self.by[leaf.by])
                found |= {code: terms_text(rates[one.code]) for code, one in rows.items()}
        return found

    def _known_below(self, lookup: Lookup, thing: Thing, day: Day) -> bool:
        """Tell whether longer codes have rows that the code does not have."""
        line = self._line(lookup.programme, thing.hs)
        return line is not None and bool(line.finer(thing, day, self.by[lookup.by]))

    def _least(self, lookup: Lookup, thing: Thing, day: Day) -> tuple[list[Choice], bool]:
        best: list[Choice] = []
        gap = False
        for inner in lookup.least:
            choices, missing = self._choose(inner, thing, day)
            choices = [c for c in choices if claimed(c.row, thing)]
            if not choices:
                gap = gap or (missing and inner.programme == lookup.least[0].programme)
                continue
            if not best or size(choices[0].terms) < size(best[0].terms):
                best = choices
        return best, bool(best[-1].doubtful if best else gap)


def leaves(lookup: Lookup) -> Iterator[Lookup]:
    """Yield the lookups of single programmes in a lookup."""
    if lookup.programme:
        yield lookup
    for inner in (*lookup.pick, *lookup.least):
        yield from leaves(inner)
