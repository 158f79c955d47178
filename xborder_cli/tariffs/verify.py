"""Rates of loaded tables looked up again, one by one, and compared with what a file said."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xborder_cli.errors import Problem, Where
from xborder_cli.tables.terms import parse_terms
from xborder_cli.units import day_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from xborder_cli.core.rule import Day, ProgrammeRow, Terms
    from xborder_cli.tables.tables import Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A rate that a lookup must find on a day."""

    tariff: str
    programme: str
    hs: str
    origins: tuple[str, ...]
    claim: str
    rate: str  # a cell, or what a file's reader gave
    on: Day
    file: str = ""  # that says so; empty: a table kept before
    row: int = 0  # of the file

    @property
    def place(self) -> Where:
        """Return where to look for it; rows are counted without headings, so they are no lines."""
        return Where(self.file or self.programme)

    @property
    def words(self) -> str:
        """Return the row, where there is one, and the code."""
        return f"row {self.row}, {self.hs or '*'}" if self.row else self.hs or "*"


def missed(tables: Tables, expected: Iterable[Expected]) -> list[Problem]:
    """Return a problem for each rate that a lookup does not find as it was read."""
    index = _Index(tables)
    return [problem for one in expected for problem in index.compared(one)]


class _Index:
    """Rows of programmes by code, origin and claim."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._named: dict[tuple[str, ...], tuple[str, ...]] = {}  # origins -> countries
        self._rows: dict[tuple[str, str], dict[tuple[str, str, str], list[ProgrammeRow]]] = {}

    def compared(self, one: Expected) -> Iterator[Problem]:
        """Yield what is wrong with what is found for a rate."""
        want = parse_terms(one.rate.strip().strip('"'))
        rows = self._of(one.tariff, one.programme)
        hs, claim, on = one.hs, one.claim, one.on
        for origin in self._members(one.origins):
            found = [
                row.terms
                for row in rows.get((hs, origin, claim), ())
                if row.since <= on and (row.until is None or on <= row.until)
            ]
            if len(found) == 1 and found[0] is want:
                continue  # terms are made once a text
            if len(found) != 1 or not _alike(found[0], want):
                made_in = f" from {origin}" if origin else ""
                seen = f"{len(found)} rates are" if len(found) != 1 else "another rate is"
                what = (
                    f"{one.words}: {seen} found in {one.programme}{made_in} on"
                    f" {day_text(one.on)}, where {one.rate} was written"
                )
                fix = "nothing was kept; please report it with the file"
                yield Problem(code="read-back", where=one.place, what=what, fix=fix)

    def _of(self, tariff: str, programme: str) -> Mapping[tuple[str, str, str], list[ProgrammeRow]]:
        known = self._rows.get((tariff, programme))
        if known is None:
            known = defaultdict(list)
            found = self.tables.programmes.get((tariff, programme))
            claims: dict[int, str] = {}
            for row in found.rows if found is not None else ():
                if row.when:
                    claim = claims.get(id(row.when))
                    if claim is None:  # the origins of a line share its conditions
                        claim = claims[id(row.when)] = _claim(row)
                    known[row.hs, row.origin, claim].append(row)
                else:
                    known[row.hs, row.origin, ""].append(row)
            self._rows[tariff, programme] = known
        return known

    def _members(self, origins: tuple[str, ...]) -> tuple[str, ...]:
        known = self._named.get(origins)
        if known is None:
            found: list[str] = [] if origins else [""]
            for origin in origins:
                if origin == "*":
                    found += self.tables.countries
                else:
                    found += self.tables.unions.get(origin, (origin,))
            known = self._named[origins] = tuple(found)
        return known


def _claim(row: ProgrammeRow) -> str:
    for test in row.when:
        if test.name == "claim":
            return " ".join(test.values)
    return ""


def _alike(found: Terms, want: Terms) -> bool:
    """Tell whether terms are equal; words by their letters, and none are a gap too."""
    if found.words and not found.parts and not want.parts:
        return not want.words or _letters(found.words) == _letters(want.words)
    return found == want


def _letters(words: str) -> str:
    return "".join(sign for sign in words if sign.isalnum())
