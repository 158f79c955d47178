"""Rates by HS and origin: which row holds for each item line."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core.columns import BoolColumn, IntColumn, Mask, any_of, both, negate, settle
from xborder_cli.core.condition import lines_where
from xborder_cli.core.rates import ProgrammeTable, Row, TermsTable, terms_table
from xborder_cli.core.rule import Lookup, Terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xborder_cli.core.book import Book
    from xborder_cli.core.parcels import Thing
    from xborder_cli.core.run import Run
    from xborder_cli.core.step import Node

NONE: Final = Terms(())
UNSEEN: Final = -2  # a code that nobody has asked for yet
SHELVES_MOST: Final = 512  # kept at once: batches of ever new goods do not fill the memory


@dataclass(frozen=True, slots=True)
class Found:
    """What a lookup found for each item line."""

    table: TermsTable
    code: int | IntColumn  # into `table`; code 0 is "nothing"
    found: Mask  # a row was found
    zero: Mask  # the row says 0
    gap: Mask  # nobody knows
    rows: tuple[Row | None, ...]  # by code
    programmes: tuple[ProgrammeTable | None, ...]  # by code


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate row of one programme."""

    programme: ProgrammeTable
    row: Row

    @property
    def terms(self) -> Terms:
        """The rate of the row."""
        return self.programme.rates[self.row.code]


def look_up(run: Run, node: Node, lookup: Lookup) -> Found:
    """Return the row of each item line: the day, then the longest prefix, then a named origin.

    What is found depends on goods, day and destination alone, so it is found once for all routes.
    """
    step = run.step_of(node)
    key = ("found", lookup, step.market if step.event == "export" else "")
    return run.once((key, "said"), lambda: run.tile.once(key, lambda: _look_up(run, node, lookup)))


def _look_up(run: Run, node: Node, lookup: Lookup) -> Found:
    parcels = run.parcels
    step = run.step_of(node)
    things, lines = len(parcels.things), parcels.line_parcel
    names = parcels.destination.names
    chains = [run.program.tariffs(step, name) for name in names]
    marks = _turns(run, lookup, chains)
    days = parcels.day
    epochs = (
        int(np.searchsorted(marks, days, side="right"))
        if isinstance(days, int)
        else np.searchsorted(marks, days, side="right")
    )
    count = len(marks) + 1
    place: int | IntColumn = 0 if parcels.destination.codes is None else parcels.destination.codes
    where = place * count + epochs
    if isinstance(where, (int, np.integer)):
        combined = parcels.line_thing + int(where) * things
    else:
        combined = (where if parcels.single else where[lines]) * things + parcels.line_thing
    days_of = [
        marks[epoch - 1] if epoch else (marks[0] - 1 if marks else 0) for epoch in range(count)
    ]
    shelf = _shelf(run, lookup, chains, days_of)
    shelf.settle(run, combined)
    return shelf.found(run, combined)


@dataclass(slots=True)
class Shelf:
    """What a lookup finds for each kind of goods, span of days and place; filled as they occur."""

    lookup: Lookup
    things: tuple[Thing, ...]
    chains: list[tuple[str, ...]]
    days: list[int]
    codes: IntColumn  # UNSEEN until asked for; the first of `conditional` rows is negative
    gaps: BoolColumn
    table: list[Terms]
    rows: list[Row | None]
    programmes: list[ProgrammeTable | None]
    numbers: dict[tuple[int, int], int]
    conditional: dict[int, list[Choice]]

    def settle(self, run: Run, combined: IntColumn) -> None:
        """Find what nobody asked for before."""
        fresh = combined[self.codes[combined] == UNSEEN]
        if not fresh.size:
            return
        seen = np.zeros(self.codes.size, dtype=bool)
        seen[fresh] = True
        count = len(self.days)
        for key in np.flatnonzero(seen).tolist():
            goods = self.things[key % len(self.things)]
            epoch = key // len(self.things) % count
            tariffs = self.chains[key // len(self.things) // count]
            choices, gap = _choose(run, self.lookup, goods, self.days[epoch], tariffs)
            self.gaps[key] = gap
            self.codes[key] = 0
            if choices and choices[0].row.when:
                self.conditional[key] = choices
            elif choices:
                self.codes[key] = self.number(choices[0])

    def number(self, choice: Choice) -> int:
        """Return the code of a row's rate."""
        row = choice.row
        key = (id(choice.programme), row.code if not row.when else -1 - id(row))
        if key not in self.numbers:
            self.numbers[key] = len(self.table)
            self.table.append(choice.terms)
            self.rows.append(row)
            self.programmes.append(choice.programme)
        return self.numbers[key]

    def found(self, run: Run, combined: IntColumn) -> Found:
        """Return what was found for each item line."""
        code = self.codes[combined]
        gap = self.gaps[combined]
        if self.conditional:
            present = np.zeros(self.codes.size, dtype=bool)
            present[combined] = True
            for key, choices in self.conditional.items():
                if present[key]:
                    code, gap = self._conditional(run, combined == key, choices, code, gap)
        zero = np.array([False, *map(_is_zero, self.table[1:])])
        one = int(code[0]) if code.size and bool((code == code[0]).all()) else None
        return Found(
            table=_table(run, self.table),
            code=one if one is not None else code,
            found=settle(code > 0),
            zero=settle(zero[code]),
            gap=settle(gap),
            rows=tuple(self.rows),
            programmes=tuple(self.programmes),
        )

    def _conditional(
        self, run: Run, here: BoolColumn, choices: list[Choice], code: IntColumn, gap: BoolColumn
    ) -> tuple[IntColumn, BoolColumn]:
        """Try rows with conditions in turn; the first that holds for a line is its row."""
        open_: Mask = settle(here)
        settled = np.zeros(here.size, dtype=bool)
        for choice in choices:
            fits = both(open_, lines_where(run, choice.row.when)) if choice.row.when else open_
            if any_of(fits):
                code = np.where(fits, self.number(choice), code)
                settled |= np.asarray(fits)
            open_ = both(open_, negate(fits))
            if open_ is False:
                break
        return code, gap & ~(here & settled)


def _shelf(run: Run, lookup: Lookup, chains: list[tuple[str, ...]], days: list[int]) -> Shelf:
    things = run.parcels.things
    book = run.tile.book
    key = (lookup, id(things), tuple(chains), tuple(days), _by(run, lookup))
    shelf = book.shelves.get(key)
    if shelf is None:
        if len(book.shelves) > SHELVES_MOST:
            book.shelves.clear()
        size = len(chains) * len(days) * len(things)
        shelf = book.shelves[key] = Shelf(
            lookup=lookup,
            things=things,
            chains=chains,
            days=days,
            codes=np.full(size, UNSEEN, dtype=np.int64),
            gaps=np.zeros(size, dtype=bool),
            table=[NONE],
            rows=[None],
            programmes=[None],
            numbers={},
            conditional={},
        )
    return shelf


def _turns(run: Run, lookup: Lookup, chains: list[tuple[str, ...]]) -> list[int]:
    """Return the days on which some row of the programmes begins or has just ended."""
    book = run.tile.book
    found: set[int] = set()
    for name in _programmes(lookup):
        for chain in dict.fromkeys(chains):
            programme = book.programme(name, chain)
            if programme is not None:
                found.update(turning_days(book, programme))
    return sorted(found)


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


def _programmes(lookup: Lookup) -> Iterator[str]:
    if lookup.programme:
        yield lookup.programme
    for inner in (*lookup.pick, *lookup.least):
        yield from _programmes(inner)


def _table(run: Run, rates: list[Terms]) -> TermsTable:
    key = tuple(rates)
    cache = run.tile.book.terms_tables
    if key not in cache:
        cache[key] = terms_table(rates)
    return cache[key]


def _by(run: Run, lookup: Lookup) -> str:
    """Return the values of other keys than HS and origin that the lookup asks for."""
    return "|".join(_context(run, name) for name in lookup.by)


def _is_zero(terms: Terms) -> bool:
    return (
        not terms.words and all(part.amount[0] == 0 for part in terms.parts) and terms.low is None
    )


def _choose(
    run: Run, lookup: Lookup, thing: Thing, day: int, tariffs: tuple[str, ...]
) -> tuple[list[Choice], bool]:
    """Return candidate rows, best first, and whether to find none is a gap.

    The last one has no condition: it holds for certain.
    """
    if lookup.pick:
        gathered: list[Choice] = []
        gap = False
        for inner in lookup.pick:
            # rows with conditions may all fail: candidates go on until one that holds for certain
            choices, gap = _choose(run, inner, thing, day, tariffs)
            gathered += choices
            if gathered and not gathered[-1].row.when:
                return gathered, False
        return gathered, gap
    if lookup.least:
        return _least(run, lookup, thing, day, tariffs)
    programme = run.tile.book.programme(lookup.programme, tariffs)
    if programme is None:
        return [], True
    choices = _rows_on(run.tile.book, programme, thing, day, _by(run, lookup))
    certain = bool(choices) and not choices[-1].row.when
    return choices, programme.default == "gap" and not certain


def _rows_on(
    book: Book, programme: ProgrammeTable, thing: Thing, day: int, by: str
) -> list[Choice]:
    """Return a programme's candidates for goods, found once between two of its turning days."""
    epoch = bisect_right(turning_days(book, programme), day)
    key = (id(programme), thing.hs, thing.origin, epoch, by)
    found = book.rows_found.get(key)
    if found is None:
        if len(book.rows_found) > ROWS_MOST:
            book.rows_found.clear()
        found = book.rows_found[key] = list(candidates(programme, thing, day, by))
    return found


ROWS_MOST: Final = 500_000


def _least(
    run: Run, lookup: Lookup, thing: Thing, day: int, tariffs: tuple[str, ...]
) -> tuple[list[Choice], bool]:
    best: list[Choice] = []
    gap = False
    for inner in lookup.least:
        choices, missing = _choose(run, inner, thing, day, tariffs)
        choices = [c for c in choices if _claimed(c, thing)]
        if not choices:
            gap = gap or (missing and inner.programme == lookup.least[0].programme)
            continue
        if not best or _percent(choices[0].terms) < _percent(best[0].terms):
            best = choices
    return best, gap and not best


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


def _context(run: Run, name: str) -> str:
    return str(getattr(run.parcels.attributes, name, ""))


def candidates(programme: ProgrammeTable, thing: Thing, day: int, by: str) -> Iterator[Choice]:
    """Yield rows that may hold, best first, up to the first without a condition."""
    for length in range(len(thing.hs), -1, -1):
        rows = programme.rows.get(thing.hs[:length])
        if not rows:
            continue
        fitting = [
            row
            for row in rows
            if row.origin in ("", thing.origin)
            and row.since <= day
            and (row.until is None or day <= row.until)
            and row.key == by
        ]
        # named origin first; then rows with conditions; then the latest
        fitting.sort(key=lambda row: (row.origin == "", not row.when, -row.since))
        for row in fitting:
            yield Choice(programme, row)
            if not row.when:
                return
