"""Rates by HS and origin: which row holds for each item line."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core.columns import (
    BoolColumn,
    IntColumn,
    Mask,
    any_of,
    both,
    either,
    first_of,
    negate,
    settle,
)
from xborder_cli.core.condition import lines_where
from xborder_cli.core.lookup_rows import Reader, leaves
from xborder_cli.core.programme_lines import turning_days
from xborder_cli.core.rate_order import is_nothing
from xborder_cli.core.rates import TermsTable, terms_table
from xborder_cli.core.rule import Lookup, Terms

if TYPE_CHECKING:
    from xborder_cli.core.parcels import Thing
    from xborder_cli.core.run import Run
    from xborder_cli.core.step import Node
    from xborder_cli.core.tariff_line import Choice

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


def look_up(run: Run, node: Node, lookup: Lookup) -> Found:
    """Return the row of each item line: the day, then the longest prefix, then a named origin.

    What is found depends on goods, day and destination alone, so it is found once for all routes.
    """
    step = run.step_of(node)
    key = ("found", lookup, step.market if step.event == "export" else "")
    return run.once((key, "said"), run.tile.once, key, _look_up, run, node, lookup)


def _look_up(run: Run, node: Node, lookup: Lookup) -> Found:
    shelf, combined, codes = shelved(run, node, lookup)
    return shelf.found(run, combined, codes)


def shelved(run: Run, node: Node, lookup: Lookup) -> tuple[Shelf, IntColumn, IntColumn]:
    """Return where a lookup's rows are kept, and each item line's key and code there."""
    parcels = run.parcels
    places = _places(run, node, lookup)
    codes = parcels.destination.codes
    kind: int | IntColumn = int(places.kind[0]) if codes is None else places.kind[codes]
    if len(places.kinds) == 1:
        kind = 0
    epoch = run.tile.kept(("epochs", places.marks), _epochs, parcels.day, places.marks)
    where = kind * len(places.days) + epoch
    things = len(parcels.things)
    if isinstance(where, (int, np.integer)):
        combined = parcels.line_thing + int(where) * things
    else:
        combined = (where if parcels.single else where[parcels.line_parcel]) * things
        combined += parcels.line_thing
    shelf = _shelf(run, lookup, places)
    return shelf, combined, shelf.settled(run, combined)


def _epochs(day: int | IntColumn, marks: tuple[int, ...]) -> int | IntColumn:
    if isinstance(day, int):
        return bisect_right(marks, day)
    return np.searchsorted(np.array(marks, dtype=np.int64), day, side="right")


@dataclass(frozen=True, slots=True)
class Places:
    """Destinations by the programmes that a lookup reads there, and its spans of days."""

    kinds: list[tuple[str, ...]]  # tariffs of places, alike where the same programmes are read
    kind: IntColumn  # of each destination
    marks: tuple[int, ...]  # days on which something begins or has just ended
    days: list[int]  # one of each span between marks
    by: tuple[str, ...]  # other keys that rows are found by
    tariff_chains: object  # kept: its identity is in the key


def _places(run: Run, node: Node, lookup: Lookup) -> Places:
    """Return where and when a lookup reads what; found once for all tiles."""
    step, book, names = run.step_of(node), run.tile.book, run.parcels.destination.names
    tariff_chains = run.program.tariff_chains
    key = (lookup, names, step.market, step.event == "export", id(tariff_chains))
    found = book.places.get(key)
    if found is None:
        if len(book.places) > SHELVES_MOST:
            book.places.clear()
        chains = [run.program.tariffs(step, name) for name in names]
        found = book.places[key] = _sorted_places(run, lookup, chains, tariff_chains)
    return found


def _sorted_places(
    run: Run, lookup: Lookup, chains: list[tuple[str, ...]], tariff_chains: object
) -> Places:
    programmes = [leaf.programme for leaf in leaves(lookup)]
    known: dict[tuple[int, ...], int] = {}
    kinds: list[tuple[str, ...]] = []
    kind: list[int] = []
    for chain in chains:
        read = tuple(id(run.tile.book.programme(name, chain)) for name in programmes)
        if read not in known:
            known[read] = len(kinds)
            kinds.append(chain)
        kind.append(known[read])
    marks = tuple(_turns(run, lookup, kinds))
    days = [marks[0] - 1, *marks] if marks else [0]
    by = tuple(dict.fromkeys(name for leaf in leaves(lookup) for name in leaf.by))
    return Places(kinds, np.array(kind, dtype=np.int64), marks, days, by, tariff_chains)


@dataclass(slots=True)
class Shelf:
    """What a lookup finds for each kind of goods, span of days and place; filled as they occur."""

    lookup: Lookup
    things: tuple[Thing, ...]
    places: Places
    codes: IntColumn  # UNSEEN until asked for
    gaps: BoolColumn
    table: list[Terms]
    numbers: dict[tuple[int, int], int]
    conditional: dict[int, list[Choice]]
    first: IntColumn  # the row that holds for certain, into `choices`; 0 is none
    choices: list[Choice | None]
    turns: dict[int, int]  # identity of a row -> its place in `choices`
    any_gap: bool = False
    compiled: tuple[TermsTable, BoolColumn] | None = None  # of `table` as it is, and which are 0

    def settled(self, run: Run, combined: IntColumn) -> IntColumn:
        """Return codes, having found what nobody asked for before."""
        codes = self.codes[combined]
        if not codes.size or int(codes.min()) != UNSEEN:
            return codes
        seen = np.zeros(self.codes.size, dtype=bool)
        seen[combined[codes == UNSEEN]] = True
        spans, things = len(self.places.days), len(self.things)
        readers = [
            Reader(run.tile.book, run.parcels.attributes, self.lookup, tariffs)
            for tariffs in self.places.kinds
        ]
        for key in np.flatnonzero(seen).tolist():
            where, goods = divmod(key, things)
            kind, span = divmod(where, spans)
            day = self.places.days[span]
            choices, gap = readers[kind].choose(self.things[goods], day)
            self.gaps[key] = gap
            self.any_gap = self.any_gap or gap
            self.codes[key] = 0
            if choices and choices[0].row.when:
                self.conditional[key] = choices
            elif choices:
                self.codes[key] = self.number(choices[0])
                self.first[key] = self.turn(choices[0])
        return self.codes[combined]

    def turn(self, choice: Choice) -> int:
        """Return a row's place in `choices`."""
        found = self.turns.setdefault(id(choice.row), len(self.choices))
        if found == len(self.choices):
            self.choices.append(choice)
        return found

    def number(self, choice: Choice) -> int:
        """Return the code of a row's rate."""
        row = choice.row
        key = (id(choice.programme), row.code if not row.when else -1 - id(row))
        known = self.numbers.get(key)
        if known is None:
            known = self.numbers[key] = len(self.table)
            self.table.append(choice.terms)
            self.compiled = None
        return known

    def found(self, run: Run, combined: IntColumn, code: IntColumn) -> Found:
        """Return what was found for each item line."""
        gap: Mask = settle(self.gaps[combined]) if self.any_gap else False
        if self.conditional:
            present = np.zeros(self.codes.size, dtype=bool)
            present[combined] = True
            for key, choices in self.conditional.items():
                if present[key]:
                    code, gap = self._conditional(run, combined == key, choices, code, gap)
        table, zeros = self._compiled()
        one = int(code[0]) if code.size and bool((code == code[0]).all()) else None
        return Found(
            table=table,
            code=one if one is not None else code,
            found=one > 0 if one is not None else settle(code > 0),
            zero=bool(zeros[one]) if one is not None else settle(zeros[code]),
            gap=gap,
        )

    def _compiled(self) -> tuple[TermsTable, BoolColumn]:
        if self.compiled is None:
            zeros = np.array([False, *map(is_nothing, self.table[1:])])
            self.compiled = (terms_table(self.table), zeros)
        return self.compiled

    def _conditional(
        self, run: Run, here: BoolColumn, choices: list[Choice], code: IntColumn, gap: Mask
    ) -> tuple[IntColumn, Mask]:
        """Try rows with conditions in turn; the first that holds for a line is its row."""
        open_: Mask = settle(here)
        settled: Mask = False
        for choice in choices:
            fits = lines_where(run, choice.row.when, open_)
            if any_of(fits):
                code = np.where(fits, self.number(choice), code)
                if not choice.doubtful:
                    settled = either(settled, fits)
            open_ = both(open_, negate(fits))
            if open_ is False:
                break
        return code, both(gap, negate(settled))


def _shelf(run: Run, lookup: Lookup, places: Places) -> Shelf:
    things = run.parcels.things
    book = run.tile.book
    attributes = run.parcels.attributes
    key = (id(places), id(things), *[getattr(attributes, name, "") for name in places.by])
    shelf = book.shelves.get(key)
    if shelf is None:
        if len(book.shelves) > SHELVES_MOST:
            book.shelves.clear()
        size = len(places.kinds) * len(places.days) * len(things)
        shelf = book.shelves[key] = Shelf(
            lookup=lookup,
            things=things,
            places=places,
            codes=np.full(size, UNSEEN, dtype=np.int64),
            gaps=np.zeros(size, dtype=bool),
            table=[NONE],
            numbers={},
            conditional={},
            first=np.zeros(size, dtype=np.int64),
            choices=[None],
            turns={},
        )
    return shelf


def _turns(run: Run, lookup: Lookup, chains: list[tuple[str, ...]]) -> list[int]:
    """Return the days on which some row of the programmes begins or has just ended."""
    book = run.tile.book
    found: set[int] = set()
    for leaf in leaves(lookup):
        for chain in dict.fromkeys(chains):
            programme = book.programme(leaf.programme, chain)
            if programme is not None:
                found.update(turning_days(book, programme))
    return sorted(found)


def finer_codes(run: Run, node: Node, lookup: Lookup, thing: Thing) -> dict[str, str]:
    """Return longer codes that decide what goods of a lone parcel pay, and their rates in words.

    Empty where the code that is stated decides.
    """
    tariffs = run.program.tariffs(run.step_of(node), run.parcels.destination.names[0])
    day = first_of(run.parcels.day)
    return Reader(run.tile.book, run.parcels.attributes, lookup, tariffs).finer(thing, day)
