"""The lines of a duty programme, made when a code is asked for."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from xborder_cli.core.prefix import Prefix, turns
from xborder_cli.core.tariff_line import Line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xborder_cli.core.book import Book
    from xborder_cli.core.rates import ProgrammeTable
    from xborder_cli.core.rule import Day

LINES_MOST: Final = 100_000  # codes of a programme whose rows are kept at once
HEADING: Final = 4  # digits


@runtime_checkable
class Grouped(Protocol):
    """A mapping that lists keys which begin alike without making the others."""

    def beside(self, key: str) -> Iterable[str]:
        """Yield the keys of the heading of a key."""


class ProgrammeLines:
    """The lines of a programme that were asked for."""

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
            finer = self._below(hs) if len(hs) > HEADING else {}
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

    def _below(self, hs: str) -> dict[str, Prefix]:
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
    return lines_of(book, programme).line(hs)


def lines_of(book: Book, programme: ProgrammeTable) -> ProgrammeLines:
    """Return the lines of a programme that were asked for."""
    lines = book.programme_lines.get(id(programme))
    if lines is None:
        lines = book.programme_lines[id(programme)] = ProgrammeLines(programme)
    return lines


def turning_days(book: Book, programme: ProgrammeTable) -> tuple[Day, ...]:
    """Return the days on which rows of a programme begin or have just ended, found once."""
    known = book.turns.get(id(programme))
    if known is None:
        known = book.turns[id(programme)] = turns(chain.from_iterable(programme.rows.values()))
    return known
