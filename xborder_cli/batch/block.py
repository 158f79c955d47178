"""Some whole orders of an input as text, and what became of their rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from xborder_cli.core.columns import IntColumn


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Rows of one input: whole orders only, as text under the file's own headings.

    Rows of an order stand together in the order of the file, orders in the order of their first
    rows. A block can be sent to another process.
    """

    path: str  # the input's name, for messages
    cells: dict[str, pa.Array]  # their heading -> n texts, stripped; null where blank
    order: IntColumn  # shape (n,): place of each row's order in this block, 0, 0, 1, 2, ...
    ids: pa.Array  # one text an order: its name
    line: IntColumn  # shape (n,): first line of each row in its file, from 1
    broken: Mapping[int, str] = field(default_factory=dict)  # row -> why it cannot be read at all
    items: Mapping[int, tuple[Mapping[str, object] | str, ...]] = field(
        default_factory=dict
    )  # row -> item lines nested in it, as JSON has them

    @property
    def rows(self) -> int:
        """Rows in this block."""
        return int(self.line.size)

    @property
    def orders(self) -> int:
        """Orders in this block."""
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Reject:
    """A fault of a row that kept its order from being priced; a row may have several."""

    row: int  # of the block
    column: str  # as the file calls it; "" when the whole row is meant
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An order that can be read, and that no table has an answer for."""

    order: int  # of the block
    code: str
    reason: str
