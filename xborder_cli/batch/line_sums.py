"""What lines state of a piece, as columns: summed up to the sale price and cost of their order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.adapters.order_cells import OF_PIECE, column_of
from xborder_cli.adapters.order_limits import MONEY
from xborder_cli.batch.near_currency import or_near
from xborder_cli.batch.order_columns import Amount
from xborder_cli.batch.plain_numbers import SAFE, TENS
from xborder_cli.batch.readings import NO_CURRENCY, amounts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xborder_cli.batch.coded import Coded
    from xborder_cli.batch.order_columns import OrderColumns
    from xborder_cli.batch.our_columns import OurColumns
    from xborder_cli.core.columns import IntColumn

MINOR: Final = 10_000  # minor units in one: no currency has more


def summed(
    columns: OurColumns, orders: OrderColumns, quantity: IntColumn, code: Mapping[str, int]
) -> OrderColumns:
    """Return what is known of orders, with the sums of what their lines state of a piece.

    Orders with a line in doubt become odd.

    Args:
        columns: cells under our names.
        orders: what the cells of the whole order say.
        quantity: pieces of each line.
        code: of each currency.
    """
    inputs = dict(orders.inputs)
    for column, name in OF_PIECE.items():
        if column not in columns.rows:
            continue
        cells = columns.rows[column]
        some = np.logical_or.reduceat(cells.filled, columns.starts)
        columns.doubt(some[columns.order] & ~cells.filled)
        columns.doubt(some[columns.order] & columns.column(column_of(name)).filled)
        own = _sums(columns, column, cells, quantity, code)
        before = inputs.get(name)
        if before is not None:  # of orders whose lines say nothing
            own = Amount(
                np.where(some, own.digits, before.digits),
                np.where(some, own.places, before.places),
                np.where(some, own.currency, before.currency),
            )
        inputs[name] = own
    return replace(orders, inputs=inputs)


def _sums(
    columns: OurColumns, column: str, cells: Coded, quantity: IntColumn, code: Mapping[str, int]
) -> Amount:
    """Return the sum of each order, exact; NO_CURRENCY where no line states it."""
    filled = cells.filled
    read = amounts(cells.texts, columns.units.get(column, ""), code)
    digits = np.append(read.digits, 0)[cells.codes]
    places = np.append(read.places, 0)[cells.codes]
    own = np.append(read.currency, NO_CURRENCY)[cells.codes]
    currency = np.where(filled, or_near(columns, own, code), NO_CURRENCY)
    sure = np.append(read.ok, True)[cells.codes] & (~filled | (currency >= 0))
    most = np.maximum.reduceat(places, columns.starts)
    of_order = currency[columns.starts]
    sure &= currency == of_order[columns.order]
    # with as many places as the longest, and times the pieces, where sums stay whole numbers
    most_of_line = SAFE // MINOR // columns.size[columns.order]
    tens = TENS[most[columns.order] - places]
    pieces = np.maximum(quantity, 1)
    fits = digits <= most_of_line // tens // pieces
    total = np.add.reduceat(np.where(fits, digits, 0) * tens * pieces, columns.starts)
    columns.doubt(~(sure & fits))
    columns.odd[:] |= total // TENS[most] >= MONEY
    return Amount(total, most, of_order)
