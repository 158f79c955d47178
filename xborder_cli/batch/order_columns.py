"""What orders say of the whole parcel, as columns: their template, day, weight, size, inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xborder_cli import units
from xborder_cli.adapters.order_cells import FIELDS, SALE, SIDES, SOLD
from xborder_cli.adapters.order_limits import MONEY
from xborder_cli.adapters.orders import OF_ITEM
from xborder_cli.batch.coded import BLANK, Coded, combinations, joined
from xborder_cli.batch.near_currency import or_near
from xborder_cli.batch.plain_numbers import TENS
from xborder_cli.batch.readings import (
    NO_CURRENCY,
    Amounts,
    Numbers,
    amounts,
    days,
    lengths,
    sizes,
    weights,
)
from xborder_cli.batch.template import APART
from xborder_cli.core.shipment import COUNTERS, MONEY_INPUTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xborder_cli.adapters.stated import Stated
    from xborder_cli.batch.our_columns import OurColumns
    from xborder_cli.batch.template import OrderTemplate, Templates
    from xborder_cli.core.columns import BoolColumn, IntColumn

# columns with few values: read once a combination
FEW: Final = tuple(
    column for column, name in FIELDS.items() if name not in (*OF_ITEM, *APART, "currency", "items")
)


@dataclass(frozen=True, slots=True)
class Amount:
    """One money input of m orders."""

    digits: IntColumn
    places: IntColumn
    currency: IntColumn  # NO_CURRENCY where not stated


@dataclass(frozen=True, slots=True)
class OrderColumns:
    """m orders; what stands for orders that are odd means nothing."""

    templates: list[OrderTemplate]
    template: IntColumn  # shape (m,)
    day: IntColumn
    weight_mg: IntColumn  # 0 where not stated
    sides_dmm: IntColumn  # shape (m, 3), 0 where not stated
    postcode: Coded
    inputs: dict[str, Amount]  # by their name in Parcels


def order_columns(
    columns: OurColumns,
    templates: Templates,
    code: Mapping[str, int],
    days_read: dict[tuple[str, str], int],
) -> OrderColumns:
    """Return what orders say of the whole parcel; those in doubt become odd.

    Args:
        columns: cells under our names.
        templates: read combinations of cells with few values.
        code: of each currency.
        days_read: texts of days read before.
    """
    defaults = templates.reading.defaults
    found, which = _templates(columns, templates)
    inputs = {}
    for name in (*MONEY_INPUTS, *COUNTERS):
        amount = _amount(columns, name, getattr(defaults, name), code)
        if amount is not None:
            inputs[name] = amount
    if len(days_read) > _KEPT:
        days_read.clear()
    weight = _numbers(columns, "weight", defaults.weight, weights, units.parse_weight_mg)
    day = _days(columns, templates, days_read)
    return OrderColumns(
        templates=found,
        template=which,
        day=day,
        weight_mg=weight,
        sides_dmm=_sizes(columns, defaults),
        postcode=_postcodes(columns).or_text(defaults.postcode),
        inputs=inputs,
    )


_KEPT: Final = 100_000


def _postcodes(columns: OurColumns) -> Coded:
    """Return postcodes without the mark that spreadsheets put before digits."""
    cells = columns.of_orders("postcode")
    plain = Coded.of(pc.utf8_ltrim(cells.texts.cast(pa.string()), characters="'"))
    return Coded(plain.texts, np.append(plain.codes, BLANK)[cells.codes])


def _templates(columns: OurColumns, templates: Templates) -> tuple[list[OrderTemplate], IntColumn]:
    names = [name for name in FEW if name in columns.rows]
    cells = [columns.of_orders(name) for name in names]
    if not cells:
        which, first = np.zeros(columns.m, dtype=np.int64), np.zeros(1, dtype=np.int64)
    else:
        which, first = joined([one.codes for one in cells], [len(one.texts) for one in cells])
    found: list[OrderTemplate] = []
    place = np.full(first.size, -1, dtype=np.int64)
    keys = combinations(list(zip(names, cells, strict=True)), first)
    for combination, key in enumerate(keys):
        template = templates.order(key)
        if template is not None:
            place[combination] = len(found)
            found.append(template)
    taken = place[which]
    columns.odd[:] |= taken < 0
    return found, taken


def _default(text: str, parse: Callable[[str], int]) -> int | None:
    """Return what a flag says, 0 when it says nothing, None when it cannot be read."""
    if not text:
        return 0
    try:
        return parse(text)
    except units.Unreadable:
        return None


def _taken(columns: OurColumns, cells: Coded, numbers: Numbers, default: int | None) -> IntColumn:
    """Return the number of each order; blanks are the default, what is not sure is odd."""
    values = np.append(numbers.values, default or 0)[cells.codes]
    columns.odd[:] |= ~np.append(numbers.ok, default is not None)[cells.codes]
    return values


def _numbers(
    columns: OurColumns,
    name: str,
    default: str,
    read: Callable[..., Numbers],
    parse: Callable[[str], int],
) -> IntColumn:
    cells = columns.of_orders(name)
    numbers = read(cells.texts, columns.units.get(name, ""))
    return _taken(columns, cells, numbers, _default(default, parse))


def _days(
    columns: OurColumns, templates: Templates, days_read: dict[tuple[str, str], int]
) -> IntColumn:
    text = templates.reading.defaults.on
    default = _default(text, units.parse_day) if text else templates.reading.today
    cells = columns.of_orders("ordered_on")
    return _taken(
        columns, cells, days(cells.texts, columns.units.get("ordered_on", ""), days_read), default
    )


def _sizes(columns: OurColumns, defaults: Stated) -> IntColumn:
    found = np.zeros((columns.m, 3), dtype=np.int64)
    if defaults.size:
        try:
            found[:] = units.parse_size_dmm(defaults.size)
        except units.Unreadable:
            columns.odd[:] = True
    whole = columns.of_orders("size")
    stated = whole.filled
    if stated.any():
        numbers = sizes(whole.texts, columns.units.get("size", ""))
        found[stated] = numbers.values[whole.codes[stated]]
        columns.odd[stated] |= ~numbers.ok[whole.codes[stated]]
    if any(side in columns.rows for side in SIDES):
        _three_sides(columns, found, stated)
    return found


def _three_sides(columns: OurColumns, found: IntColumn, stated: BoolColumn) -> None:
    """Put length, width and height where a row states all three."""
    rows = [columns.column(side).filled for side in SIDES]
    columns.doubt((rows[0] != rows[1]) | (rows[0] != rows[2]))
    for place, side in enumerate(SIDES):
        cells = columns.of_orders(side)
        some = cells.filled
        columns.odd[:] |= some & stated
        if some.any():
            numbers = lengths(cells.texts, columns.units.get(side, ""))
            found[some, place] = numbers.values[cells.codes[some]]
            columns.odd[some] |= ~numbers.ok[cells.codes[some]]


def _amount(columns: OurColumns, name: str, default: str, code: Mapping[str, int]) -> Amount | None:
    """Return a money input; None where no order states it."""
    column = SALE.get(name, name)
    if column not in columns.rows and not default:
        return None
    cells = columns.of_orders(column)
    read = amounts(cells.texts, columns.units.get(column, ""), code)
    digits, places, currency, fine = 0, 0, NO_CURRENCY, True
    if default:
        mine = amounts(pa.array([default]), "", code)
        digits, places = int(mine.digits[0]), int(mine.places[0])
        currency, fine = int(mine.currency[0]), bool(mine.ok[0])
        fine = fine and currency != NO_CURRENCY
    own = np.append(read.currency, currency)[cells.codes]
    if name in SOLD and bool((read.currency == NO_CURRENCY).any()):
        own = np.where(cells.filled, _sold(columns, column, read, code), own)
    sure = np.append(read.ok, fine)[cells.codes] & (~cells.filled | (own >= 0))
    digits_of = np.append(read.digits, digits)[cells.codes]
    places_of = np.append(read.places, places)[cells.codes]
    columns.odd[:] |= ~(sure & (digits_of // TENS[places_of] < MONEY))
    return Amount(digits_of, places_of, own)


def _sold(columns: OurColumns, column: str, read: Amounts, code: Mapping[str, int]) -> IntColumn:
    """Return the currency of an amount of each order, that beside it where it says none."""
    cells = columns.column(column)
    own = or_near(columns, np.append(read.currency, NO_CURRENCY)[cells.codes], code)
    most = np.maximum.reduceat(np.where(cells.filled, own, NO_CURRENCY), columns.starts)
    columns.doubt(cells.filled & (own != most[columns.order]))
    return most
