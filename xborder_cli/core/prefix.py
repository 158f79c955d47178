"""The rows of a duty programme that stand at one code of the HS."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xborder_cli.core.parcels import Thing
    from xborder_cli.core.rates import Row
    from xborder_cli.core.rule import Day


class Prefix:
    """The rows of a programme that stand at one code of the HS."""

    __slots__ = ("_found", "_rows", "marks", "origins")

    def __init__(self, rows: Sequence[Row]) -> None:
        """Keep rows by the origin that they name."""
        self._rows: dict[str, list[Row]] = {}
        for row in rows:
            self._rows.setdefault(row.origin, []).append(row)
        self.origins = frozenset(self._rows)
        self.marks = turns(rows)
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


def turns(rows: Iterable[Row]) -> tuple[Day, ...]:
    """Return the days on which one of some rows begins or has just ended."""
    days: set[Day] = set()
    for row in rows:
        if row.since:
            days.add(row.since)
        if row.until is not None:
            days.add(row.until + 1)
    return tuple(sorted(days))


def claimed(row: Row, thing: Thing) -> bool:
    """Tell whether the claims that a row asks for are made; other conditions are tested by line."""
    for test in row.when:
        if test.kind == "is" and test.name == "claim" and not set(test.values) & thing.claims:
            return False
    return True
