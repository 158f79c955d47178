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
    """The lines of tables, each table read once; a later folder speaks before an earlier one."""

    folders: Sequence[Path]
    _pages: dict[str, list[str]] = field(default_factory=dict)

    def cell(self, row: Provenance, column: str) -> str:
        """Return a cell of the row that stands at a place; "" where there is none."""
        lines = self._lines(row.table)
        if not 0 < row.line <= len(lines):
            return ""
        cells = _cells(lines[row.line - 1])
        for at in range(row.line - 2, -1, -1):
            heading = _cells(lines[at])
            if set(COLUMNS) <= set(heading):
                same = column in heading and len(heading) == len(cells)
                found = cells[heading.index(column)] if same else ""
                return "" if found == "-" else found
        return ""

    def _lines(self, table: str) -> list[str]:
        if table not in self._pages:
            self._pages[table] = []
            for folder in reversed(self.folders):
                path = folder / table
                if path.is_file():
                    text = path.read_text(encoding="utf-8", errors="replace")
                    self._pages[table] = text.splitlines()
                    break
        return self._pages[table]


def _cells(line: str) -> list[str]:
    return [cell.strip('"') for cell in _CELL.findall(line.strip())]
