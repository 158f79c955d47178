"""From a rule back to its place in a file, for problems found after loading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.errors import Problem, Where

if TYPE_CHECKING:
    from xborder_cli.core.rule import Provenance
    from xborder_cli.tables.tables import Tables


class Place:
    """Makes problems at the place that a provenance names."""

    def __init__(self, tables: Tables) -> None:
        """Keep the tables, which know their files."""
        self.tables = tables

    def problem(
        self, code: str, at: Provenance, what: str, fix: str = "", *,
        line: int = 0, warning: bool = False,
    ) -> Problem:  # fmt: skip
        """Return a problem at a provenance, or at another line of its table."""
        line = line or at.line
        column = self.tables.columns.get((at.table, line), 0)
        where = Where(self.tables.paths.get(at.table, at.table), line, column)
        return Problem(code=code, where=where, what=what, fix=fix, warning=warning)
