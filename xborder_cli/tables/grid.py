"""A printed grid in a literal block to rows of cells that know their line and column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xborder_cli.errors import Where
from xborder_cli.units import Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.tables.node import Page, Text

_CELL = re.compile(r'"[^"]*"(?=\s|$)|\S+(?: \S+)*')


@dataclass(slots=True)
class Row:
    """One line of a grid: its cells, and where each begins."""

    page: Page
    line: int
    cells: tuple[str, ...]
    columns: tuple[int, ...]

    def where(self, index: int) -> Where:
        """Return the place of a cell, of the row's last one when there are fewer."""
        column = self.columns[min(index, len(self.columns) - 1)]
        return Where(self.page.path, self.line, column)


@dataclass(slots=True)
class Grid:
    """The heading and the rows under it, all of one length."""

    heading: Row
    rows: list[Row]

    def index(self, name: str) -> int | None:
        """Return the number of the column with this heading."""
        try:
            return self.heading.cells.index(name)
        except ValueError:
            return None


class GridFault(Unreadable):
    """A line of a grid that does not fit, and where."""

    def __init__(self, where: Where, what: str, fix: str = "", code: str = "grid-cells") -> None:
        """Keep the place beside the words."""
        super().__init__(what, fix, code)
        self.where = where


def read_grid(node: Text) -> tuple[Grid | None, Sequence[GridFault]]:
    """Return the grid of a literal block and what is wrong with its lines.

    Cells are separated by two blanks or more; `-` is an empty cell and read as "". Lines that begin
    with `#` are remarks, and so is the rest of a line from a cell that begins with `#`.
    """
    if not node.block:
        fix = "begin a literal block: put | after the key and the grid on the next lines, indented"
        return None, [GridFault(node.where, "a grid must be a literal block", fix, "not-a-grid")]
    rows: list[Row] = []
    faults: list[GridFault] = []
    raw_lines = node.page.lines
    for number, content in enumerate(node.text.split("\n"), start=node.line + 1):
        stripped = content.strip()
        if not stripped or stripped[0] == "#":
            continue
        raw = raw_lines[number - 1] if number <= len(raw_lines) else content
        shift = max(raw.find(content.rstrip()), 0) + 1
        cells, columns = _split(content, shift)
        row = Row(node.page, number, cells, columns)
        if rows and len(cells) != len(rows[0].cells):
            faults.append(_wrong_length(row, rows[0]))
        else:
            rows.append(row)
    if not rows:
        return None, [GridFault(node.where, "a grid without a heading", "", "not-a-grid")]
    heading = rows[0]
    for place, name in enumerate(heading.cells):
        if name in heading.cells[:place]:
            what = f'two columns are named "{name}"'
            faults.append(GridFault(heading.where(place), what, "rename or drop one"))
    return Grid(heading, rows[1:]), faults


def _split(content: str, shift: int) -> tuple[tuple[str, ...], tuple[int, ...]]:
    cells: list[str] = []
    columns: list[int] = []
    for found in _CELL.finditer(content):
        cell = found[0]
        if cell[0] == "#":
            break
        if cell[0] == '"' and cell[-1] == '"' and len(cell) > 1:
            cell = cell[1:-1]
        cells.append("" if cell == "-" else cell)
        columns.append(found.start() + shift)
    return tuple(cells), tuple(columns)


def _wrong_length(row: Row, heading: Row) -> GridFault:
    have, want = len(row.cells), len(heading.cells)
    what = f"the heading has {want} cells, this line has {have}"
    fix = "separate cells by two blanks or more and write - for an empty one"
    return GridFault(row.where(want if have > want else have), what, fix)
