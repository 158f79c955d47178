"""Notes that stand beside the rows of tables: people read them, pricing has no use for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.tables.node import Text

if TYPE_CHECKING:
    from xborder_cli.core.rule import Provenance
    from xborder_cli.tables.node import Node
    from xborder_cli.tables.reader import Reader


class Remarks:
    """The notes of grids; a grid is read for them when somebody first asks for one of its rows."""

    def __init__(self) -> None:
        """Begin with none."""
        self._grids: dict[str, list[tuple[Reader, Text]]] = {}
        self._read: dict[str, dict[int, str]] = {}

    def add(self, reader: Reader, node: Node | None) -> None:
        """Keep a grid that has notes."""
        if isinstance(node, Text) and "note" in node.text.partition("\n")[0]:
            self._grids.setdefault(reader.page.table, []).append((reader, node))

    def of(self, row: Provenance) -> str:
        """Return the note of a row, "" when it has none."""
        if row.table not in self._grids:
            return ""
        if row.table not in self._read:
            self._read[row.table] = self._notes(row.table)
        return self._read[row.table].get(row.line, "")

    def _notes(self, table: str) -> dict[int, str]:
        found: dict[int, str] = {}
        for reader, node in self._grids[table]:
            grid = reader.grid(node)
            place = grid.index("note") if grid is not None else None
            if grid is not None and place is not None:
                found |= {row.line: row.cells[place] for row in grid.rows if row.cells[place]}
        return found
