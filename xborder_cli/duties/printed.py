"""Rows of tables as they are printed: the origins and the note of a row, read from its line alone.

Compiled tables keep what prices; a broker wants the heading and the words that stand beside it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from xborder_cli.core.rule import Provenance

_CELL: Final = re.compile(r'"[^"]*"(?=\s|$)|\S+(?: \S+)*')
COLUMNS: Final = ("hs", "rate")  # that a heading of rows has


@dataclass(slots=True)
class Printed:
    """The lines of tables, each table read once."""

    folders: Sequence[Path]
    _pages: dict[Path, _Page] = field(default_factory=dict)

    def cell(self, row: Provenance, hs: str, column: str) -> str:
        """Return a cell of the row of a code that stands at a place; "" where there is none.

        Folders laid over each other may have a table of one name each: the code tells whose line
        it is, the later folder speaks first.
        """
        for folder in reversed(self.folders):
            found = self._row(folder / row.table, row.line)
            if found is not None and found.get("hs", "").replace(".", "") in (hs or "*", hs):
                cell = found.get(column, "")
                return "" if cell == "-" else cell
        return ""

    def _row(self, path: Path, line: int) -> dict[str, str] | None:
        """Return the cells of a line by the names of their columns."""
        page = self._pages.get(path)
        if page is None:
            text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
            page = self._pages[path] = _Page(text.splitlines())
        return page.row(line)


class _Page:
    """The lines of a table: hundreds of rows may be asked for that stand below one heading."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        found = [at for at, line in enumerate(lines) if all(one in line for one in COLUMNS)]
        cells = {at: _cells(lines[at]) for at in found}
        self.headings = {at: row for at, row in cells.items() if set(COLUMNS) <= set(row)}
        self.places = list(self.headings)
        self.rows: dict[int, dict[str, str] | None] = {}

    def row(self, line: int) -> dict[str, str] | None:
        """Return the cells of a line, counted from 1; None where it is no row below a heading."""
        if line not in self.rows:
            self.rows[line] = self._row(line)
        return self.rows[line]

    def _row(self, line: int) -> dict[str, str] | None:
        if not 0 < line <= len(self.lines):
            return None
        above = bisect_left(self.places, line - 1)
        if not above:
            return None
        heading, cells = self.headings[self.places[above - 1]], _cells(self.lines[line - 1])
        return dict(zip(heading, cells, strict=True)) if len(heading) == len(cells) else None


def _cells(line: str) -> list[str]:
    return [cell.strip('"') for cell in _CELL.findall(line.strip())]
