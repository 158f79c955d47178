"""Rows of tables as they are printed: the origins and the note of a row, read from its line alone.

Compiled tables keep what prices; a broker wants the heading and the words that stand beside it.
"""

from __future__ import annotations

import re
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
    _pages: dict[Path, list[str]] = field(default_factory=dict)

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
        lines = self._lines(path)
        if not 0 < line <= len(lines):
            return None
        cells = _cells(lines[line - 1])
        for at in range(line - 2, -1, -1):
            heading = _cells(lines[at])
            if set(COLUMNS) <= set(heading):
                same = len(heading) == len(cells)
                return dict(zip(heading, cells, strict=True)) if same else None
        return None

    def _lines(self, path: Path) -> list[str]:
        if path not in self._pages:
            text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
            self._pages[path] = text.splitlines()
        return self._pages[path]


def _cells(line: str) -> list[str]:
    return [cell.strip('"') for cell in _CELL.findall(line.strip())]
