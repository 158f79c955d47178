"""What lines of an order state of a piece, summed up: its sale price and the cost of its goods."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xborder_cli import units
from xborder_cli.adapters.order_cells import OF_PIECE, column_of
from xborder_cli.adapters.order_items import any_amount
from xborder_cli.adapters.order_limits import MONEY
from xborder_cli.core.rule import Money

if TYPE_CHECKING:
    from xborder_cli.adapters.names import Names
    from xborder_cli.adapters.order_cells import Cells
    from xborder_cli.adapters.order_faults import Refused
    from xborder_cli.adapters.order_rows import OrderRow
    from xborder_cli.adapters.stated import Stated


@dataclass(slots=True)
class LineSum:
    """One column of a piece while its lines are gathered."""

    first: OrderRow | None = None  # the first row that states it
    blank: list[OrderRow] = field(default_factory=list)  # lines that do not
    total: Money | None = None
    sound: bool = True


@dataclass(slots=True)
class LineSums:
    """Amounts of pieces, times their pieces, summed by order."""

    reader: Refused
    names: Names | None
    sums: dict[str, LineSum] = field(
        default_factory=lambda: {column: LineSum() for column in OF_PIECE}
    )

    def add(self, cells: Cells, stated: Stated, *, listed: bool) -> None:
        """Add a line.

        Args:
            cells: of its row.
            stated: the words of its row.
            listed: its goods are a list of items, so that nothing tells how many pieces it has.
        """
        for column, one in self.sums.items():
            if column not in cells.row.cells:
                one.blank.append(cells.row)
                continue
            one.first = one.first or cells.row
            if listed:
                what = "is of one piece of a single kind of goods, and items are listed"
                fix = f"state {column_of(OF_PIECE[column])} of the whole order"
                self.reader.problem(column, "goods-twice", what, fix)
                one.sound = False
                continue
            self._add(column, one, cells.of_piece(column, stated))

    def _add(self, column: str, one: LineSum, money: Money | None) -> None:
        if money is None or (one.total is not None and one.total.currency != money.currency):
            if money is not None and one.total is not None:
                what = f"{money.currency} here, {one.total.currency} in an earlier row of the order"
                fix = "say all lines of an order in one currency"
                self.reader.problem(column, "two-currencies", what, fix)
            one.sound = False
            return
        one.total = money if one.total is None else _plus(one.total, money)

    def into(self, common: dict[str, object], said_in: dict[str, OrderRow]) -> None:
        """Add the sums to what holds for the whole order.

        Args:
            common: words of the whole order by field of Stated; grows.
            said_in: the row that says each first; grows.
        """
        for column, name in OF_PIECE.items():
            one = self.sums[column]
            if one.first is None:
                continue
            if name in common:
                self.reader.row = said_in[name]
                theirs = one.first.theirs.get(column, column)
                what = f"stated beside {theirs}, which is summed up to it"
                self.reader.problem(name, "two-columns", what, "leave one of them out")
                continue
            for row in one.blank:
                self.reader.row = row
                what = "blank, and other lines of the order state it"
                fix = "fill it in, with 0 for what costs nothing"
                self.reader.problem(column, "missing", what, fix)
            self.reader.row = said_in[name] = one.first
            common[name] = any_amount(self.names)  # so that nothing else is told of a sum at fault
            if not one.sound or one.total is None:
                continue
            if one.total.amount[0] > MONEY * one.total.amount[1]:
                what = f"an amount above {MONEY}: more than xb reckons with"
                self.reader.problem(column, "bad-money", what, "look at the unit")
                continue
            common[name] = f"{units.ratio_text(one.total.amount)}{one.total.currency}"


def _plus(one: Money, other: Money) -> Money:
    (top, below), (more, under) = one.amount, other.amount
    return Money(one.currency, units.ratio(top * under + more * below, below * under))
