"""Rows that cannot be read: what is wrong with each, in which cell, and what to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from xborder_cli.adapters.order_cells import column_of
from xborder_cli.adapters.order_rows import OrderRow
from xborder_cli.adapters.reader import Reader
from xborder_cli.adapters.visible import visible
from xborder_cli.errors import Problem, Where

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADING_AGAIN: Final = ("heading-again", "this is the heading again; take the row out")
FILL: Final = {  # where something is missing -> what to do
    "from": "fill it in, or give --from for all rows",
    "to": "fill it in, or give --to for all rows",
    "weight": "fill it in, or give --weight for all rows; packed, such as 0.8kg",
    "sku": "the catalogue has no weight for this line; add it there, or give --weight for all rows",
}


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not priced."""

    line: int
    column: str
    code: str
    words: str
    raw: str


@dataclass(slots=True)
class Refused(Reader):
    """Gathers problems as rejected rows."""

    path: str = ""
    row: OrderRow = field(default_factory=lambda: OrderRow(0, {}, ""))
    aliases: Mapping[str, str] = field(default_factory=dict)  # our column -> what it was made of
    said_in: Mapping[str, OrderRow] = field(default_factory=dict)  # what of the order -> its row
    rejects: list[Reject] = field(default_factory=list)

    def problem(self, name: str, code: str, what: str, fix: str = "") -> None:
        """Note one thing to fix in a row."""
        row = self.said_in.get(name, self.row)
        column = column_of(name)
        column = self.aliases.get(column, column)
        fix = FILL.get(column, fix) if code == "missing" else fix
        column = row.theirs.get(column, column)
        what, fix = visible(what), visible(fix)
        where = Where(self.path, row.line)
        self.problems.append(Problem(code=code, where=where, what=f"{column}: {what}", fix=fix))
        words = f"{what}; {fix}" if fix else what
        self.rejects.append(Reject(row.line, column, code, words, row.raw))


def is_heading(row: OrderRow) -> bool:
    """Tell whether a row is the heading once more, as in files put one after another."""
    cells = [(column, text) for column, text in row.cells.items() if column != "postcode"]
    return len(cells) > 1 and all(row.theirs.get(column) == text for column, text in cells)
