"""What order lines say of their goods, as columns: template, quantity, value of the whole line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from xborder_cli.adapters.order_limits import MONEY
from xborder_cli.batch import near_currency
from xborder_cli.batch.coded import combinations, joined
from xborder_cli.batch.near_currency import UNKNOWN
from xborder_cli.batch.plain_numbers import TENS, half_up
from xborder_cli.batch.readings import NO_CURRENCY, amounts, counts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xborder_cli.batch.order_columns import OrderColumns
    from xborder_cli.batch.our_columns import OurColumns
    from xborder_cli.batch.shelf import Shelf
    from xborder_cli.batch.template import LineTemplate, Templates
    from xborder_cli.core.columns import BoolColumn, IntColumn, Value

FEW: Final = ("goods", "hs", "origin", "traits", "claims", "units")


@dataclass(frozen=True, slots=True)
class LineColumns:
    """n lines; what stands for lines of orders that are odd means nothing."""

    templates: list[LineTemplate]
    per_piece: BoolColumn  # shape of templates: its units are of one piece
    template: IntColumn  # shape (n,)
    quantity: IntColumn
    minor: IntColumn  # value of the whole line
    currency: IntColumn  # code


def line_columns(
    columns: OurColumns,
    orders: OrderColumns,
    templates: Templates,
    code: Mapping[str, int],
    shelf: Shelf | None,
) -> LineColumns:
    """Return what lines say of their goods; orders with one in doubt become odd.

    Args:
        columns: cells under our names.
        orders: what is known of each order.
        templates: read combinations of cells with few values.
        code: of each currency.
        shelf: the catalogue.
    """
    alone = (columns.size == 1)[columns.order]
    product = shelf.of(columns.column("sku")) if shelf else None
    if shelf is not None and product is not None:
        columns.doubt(columns.column("sku").filled & (product < 0))
    quantity = _quantity(columns, templates, alone)
    minor, currency = _value(columns, templates, code, quantity, alone, shelf, product)
    found, per_piece, which = _templates(columns, orders, templates, shelf, product, alone)
    return LineColumns(found, per_piece, which, quantity, minor, currency)


def _quantity(columns: OurColumns, templates: Templates, alone: BoolColumn) -> IntColumn:
    cells = columns.column("quantity")
    read = counts(cells.texts)
    default = templates.reading.defaults.quantity
    other = counts(pa.array([default or "1"]))
    values = np.append(read.values, other.values)[cells.codes]
    sure = np.append(read.ok, other.ok)[cells.codes]
    if default:  # a flag of one kind of goods, that several lines would have to share
        sure &= alone | cells.filled
    columns.doubt(~sure)
    return values


@dataclass(slots=True)
class _Values:
    """Values of n lines while they are gathered from columns, catalogue and flags."""

    digits: IntColumn
    places: IntColumn
    currency: IntColumn
    pieces: IntColumn  # by which the amount is multiplied
    open: BoolColumn  # lines without a value yet
    sure: BoolColumn

    def put(self, rows: BoolColumn, digits: Value, places: Value, currency: Value) -> None:
        """Set the value of some lines."""
        self.digits[rows], self.places[rows], self.currency[rows] = digits, places, currency
        self.open[rows] = False


def _value(
    columns: OurColumns,
    templates: Templates,
    code: Mapping[str, int],
    quantity: IntColumn,
    alone: BoolColumn,
    shelf: Shelf | None,
    product: IntColumn | None,
) -> tuple[IntColumn, IntColumn]:
    """Return minor units of each line and the code of its currency."""
    n = columns.n
    beside = near_currency.of_rows(columns, code)
    got = _Values(
        np.zeros(n, dtype=np.int64),
        np.zeros(n, dtype=np.int64),
        np.full(n, NO_CURRENCY, dtype=np.int64),
        np.ones(n, dtype=np.int64),
        np.ones(n, dtype=bool),
        np.ones(n, dtype=bool),
    )
    for name in ("value", "unit_price"):
        if name in columns.rows:
            _stated(columns, name, got, code, beside, quantity)
    if shelf is not None and product is not None:
        rows = got.open & (product >= 0) & shelf.priced[product]
        own = product[rows]
        got.put(rows, shelf.digits[own], shelf.places[own], shelf.currency[own])
        got.pieces[rows] = quantity[rows]
    flags = templates.reading.defaults
    default = flags.value if not flags.items else ""  # those list the goods instead
    if default and bool((got.open & alone).any()):
        read = amounts(pa.array([default]), "", code)
        rows = got.open & alone
        got.put(rows, int(read.digits[0]), int(read.places[0]), int(read.currency[0]))
        got.sure[rows] &= bool(read.ok[0])
    known = got.currency >= 0
    tens = np.array([*templates.book.digits.values(), 0], dtype=np.int64)
    minor_digits = tens[np.where(known, got.currency, -1)]
    minor, exact = half_up(got.digits, got.pieces * TENS[minor_digits], TENS[got.places])
    got.sure &= known & ~got.open & exact & (minor < MONEY * TENS[minor_digits])
    if not columns.single:
        first = got.currency[columns.starts][columns.order]
        got.sure &= got.currency == first
    columns.doubt(~got.sure)
    return minor, got.currency


def _stated(
    columns: OurColumns,
    name: str,
    got: _Values,
    code: Mapping[str, int],
    beside: IntColumn,
    quantity: IntColumn,
) -> None:
    """Take the values that a column states."""
    cells = columns.column(name)
    read = amounts(cells.texts, columns.units.get(name, ""), code)
    rows = got.open & cells.filled
    which = cells.codes[rows]
    own, near = read.currency[which], beside[rows]
    got.sure[rows] &= read.ok[which] & (
        (near == NO_CURRENCY) | (own == NO_CURRENCY) | (own == near)
    )
    got.sure[rows] &= near != UNKNOWN
    currency = np.where(own == NO_CURRENCY, near, own)
    if not columns.single and bool((currency == NO_CURRENCY).any()):
        near = near_currency.of_orders(columns, beside)[rows]
        currency = np.where(currency == NO_CURRENCY, near, currency)
    got.put(rows, read.digits[which], read.places[which], currency)
    if name == "unit_price":
        got.pieces[rows] = quantity[rows]


def _templates(
    columns: OurColumns,
    orders: OrderColumns,
    templates: Templates,
    shelf: Shelf | None,
    product: IntColumn | None,
    alone: BoolColumn,
) -> tuple[list[LineTemplate], BoolColumn, IntColumn]:
    names = [name for name in FEW if name in columns.rows]
    cells = [columns.column(name) for name in names]
    if templates.reading.defaults.units:
        columns.doubt(~alone & ~columns.column("units").filled)
    number: dict[tuple[str, str], int] = {}
    of_template = [
        number.setdefault((one.shipment.origin, one.shipment.destination), len(number))
        for one in orders.templates
    ]
    lanes = list(number)
    lane = np.array([*of_template, -1], dtype=np.int64)[orders.template][columns.order]
    facts = np.full(columns.n, -1) if shelf is None else shelf.facts_of[product]
    which, first = joined(
        [*(one.codes for one in cells), lane, facts],
        [*(len(one.texts) for one in cells), len(lanes), len(shelf.facts) if shelf else 0],
    )
    found: list[LineTemplate] = []
    per_piece = []
    place = np.full(first.size, -1, dtype=np.int64)
    keys = combinations(list(zip(names, cells, strict=True)), first)
    for combination, (row, key) in enumerate(zip(first.tolist(), keys, strict=True)):
        if lane[row] < 0:
            continue
        told = shelf.facts[int(facts[row])] if shelf and facts[row] >= 0 else ()
        template = templates.line(key, told, lanes[int(lane[row])])
        if template is not None:
            place[combination] = len(found)
            found.append(template)
            per_piece.append("units" in dict(told) and "units" not in dict(key))
    taken = place[which]
    columns.doubt(taken < 0)
    return found, np.array(per_piece, dtype=bool), taken
