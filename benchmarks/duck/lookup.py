"""Rates by HS and origin as expressions: which row holds for the goods of each order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.duck.expr import ZERO, both, choose, compare, either, negate, take
from benchmarks.duck.hold import lines_where
from xborder_cli.core.duty import NONE
from xborder_cli.core.lookup_rows import Reader
from xborder_cli.core.rate_order import is_nothing
from xborder_cli.core.rates import terms_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.duck.expr import X
    from benchmarks.duck.route import Route
    from xborder_cli.core.parcels import Thing
    from xborder_cli.core.rule import Lookup, Terms, Test
    from xborder_cli.core.step import Node
    from xborder_cli.core.tariff_line import Choice

Place = tuple["Thing", int]  # goods, and the first day of a span
Tried = tuple[tuple["tuple[Test, ...]", bool], ...]  # conditions by turns; whether it is doubtful


class Found:
    """What a lookup finds for the goods of each order."""

    def __init__(self, route: Route, node: Node, lookup: Lookup) -> None:
        lane = route.lane
        tariffs = route.program.tariffs(route.step_of(node), lane.destination)
        reader = Reader(lane.book, lane.attributes, lookup, tariffs)
        self.rates: list[Terms] = [NONE]
        self.numbers: dict[tuple[int, int], int] = {}
        choices: dict[Place, list[Choice]] = {}
        gaps: dict[Place, bool] = {}
        sequences: dict[Tried, set[Place]] = {}
        for day in lane.epochs:
            for thing in lane.things:
                found, gap = reader.choose(thing, day)
                choices[thing, day], gaps[thing, day] = found, gap
                if found and found[0].row.when:
                    tried = tuple((choice.row.when, choice.doubtful) for choice in found)
                    sequences.setdefault(tried, set()).add((thing, day))

        def certain(thing: Thing, day: int) -> int:
            first = choices[thing, day][:1]
            return self._number(first[0]) if first and not first[0].row.when else 0

        code = lane.by_thing_on(certain)
        unknown = lane.by_thing_on(lambda thing, day: gaps[thing, day])
        for tried, here in sequences.items():
            free = lane.by_thing_on(_among(here))
            settled = ZERO
            for at, (when, doubtful) in enumerate(tried):
                fits = both(free, lines_where(route, when))

                def numbered(thing: Thing, day: int, here: set[Place] = here, at: int = at) -> int:
                    one = (thing, day)
                    return self._number(choices[one][at]) if one in here else 0

                code = choose(fits, lane.by_thing_on(numbered), code)
                if not doubtful:
                    settled = either(settled, fits)
                free = both(free, negate(fits))
            unknown = both(unknown, negate(settled))
        self.code, self.gap = code, unknown
        self.table = terms_table(self.rates)
        self.found: X = compare("<", ZERO, code)
        self.zero: X = take([False, *map(is_nothing, self.rates[1:])], code)

    def _number(self, choice: Choice) -> int:
        row = choice.row
        key = (id(choice.programme), row.code if not row.when else -1 - id(row))
        if key not in self.numbers:
            self.numbers[key] = len(self.rates)
            self.rates.append(choice.terms)
        return self.numbers[key]


def _among(here: set[Place]) -> Callable[[Thing, int], bool]:
    return lambda thing, day: (thing, day) in here


def look_up(route: Route, node: Node, lookup: Lookup) -> Found:
    """Return what a lookup finds, once for all routes of the lane."""
    key = (lookup, route.program.tariffs(route.step_of(node), route.lane.destination))
    found = route.shelf.get(key)
    if found is None:
        found = route.shelf[key] = Found(route, node, lookup)
    return found
