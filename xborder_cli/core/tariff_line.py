"""A line of a tariff: which rows of a programme may hold for one code of the HS."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

from xborder_cli.core.prefix import claimed
from xborder_cli.core.rate_order import alike, size

if TYPE_CHECKING:
    from xborder_cli.core.parcels import Thing
    from xborder_cli.core.prefix import Prefix
    from xborder_cli.core.rates import ProgrammeTable, Row
    from xborder_cli.core.rule import Day, Terms


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

        Empty where the code's own rows decide, or where all longer codes say the same as they. Rows
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
            if claimed(row, thing) and (unknown or not alike(self.programme.rates[row.code], holds))
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
        least = min(rows, key=lambda row: size(self.programme.rates[row.code]))
        if size(self.programme.rates[least.code]) == inf:
            return tested
        # the least is no row of these goods: what its own goods are is not said of them
        return [*tested, Choice(self.programme, replace(least, when=(), note=""), doubtful=True)]
