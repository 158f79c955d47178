"""Shipments of one kind stacked into columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.core.columns import IntColumn, Num
from xborder_cli.core.fx import with_user_rates
from xborder_cli.core.measures import MICRO
from xborder_cli.core.rule import Money, Ratio
from xborder_cli.core.shipment import MONEY_INPUTS
from xborder_cli.core.tile import Tile
from xborder_cli.units import to_minor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.book import Book
    from xborder_cli.core.shipment import Item, Shipment
from xborder_cli.core.parcels import (
    UNSTATED,
    Attributes,
    Codes,
    MoneyColumn,
    Parcels,
    Thing,
)


def tile_of(book: Book, shipment: Shipment, currency: str) -> Tile:
    """Return one shipment as a tile, at the exchange rates that it states.

    Args:
        book: compiled tables.
        shipment: as understood.
        currency: of the sums.
    """
    if shipment.fx:
        book = book.with_fx(with_user_rates(book.fx, shipment.fx))
    parcels = parcels_of([shipment], digits=book.digits)
    return Tile(parcels, book, quote_currency=Codes((currency,)))


def attributes_of(shipment: Shipment) -> Attributes:
    """Return what decides which parcels may be priced together."""
    return Attributes(
        origin=shipment.origin,
        direction=shipment.direction,
        buyer=shipment.buyer,
        seller=shipment.seller,
        incoterm=shipment.incoterm,
        scheme=shipment.scheme,
        area=shipment.area,
        region=shipment.region,
        platform=shipment.platform,
        payment=shipment.payment,
        category=shipment.category,
        options=frozenset(shipment.options),
        return_rate=shipment.return_rate,
        dispute_rate=shipment.dispute_rate,
        air_share=shipment.air_share,
        parcels_this_year=shipment.parcels_this_year,
        parcels_this_half_year=shipment.parcels_this_half_year,
        assume=tuple(sorted(shipment.assume.items(), key=lambda pair: pair[0])),
        overrides=tuple(sorted(shipment.overrides.items(), key=lambda pair: pair[0])),
        fees=shipment.fees,
        fx=tuple(sorted(shipment.fx.items())),
    )


def parcels_of(
    shipments: Sequence[Shipment],
    *,
    digits: dict[str, int],
    things_of: dict[Item, Thing] | None = None,
) -> Parcels:
    """Return the columns of shipments that share their attributes and which inputs they state.

    Args:
        shipments: at least one; all with equal `attributes_of` and equal sets of stated inputs.
        digits: minor digits of every currency.
        things_of: unused hook for callers that have resolved goods already.
    """
    first = shipments[0]
    lines = [(index, item) for index, shipment in enumerate(shipments) for item in shipment.items]
    things: dict[Thing, int] = {}
    thing_codes = []
    for index, item in lines:
        thing = Thing(
            item.hs,
            item.origin or shipments[index].origin,
            item.goods,
            frozenset(item.traits),
            frozenset(item.claims),
        )
        thing_codes.append(things.setdefault(thing, len(things)))
    sides = np.sort(
        np.array([(s.length_dmm, s.width_dmm, s.height_dmm) for s in shipments], dtype=np.int64),
        axis=1,
    )
    days = np.array([s.on for s in shipments], dtype=np.int64)
    return Parcels(
        n=len(shipments),
        attributes=attributes_of(first),
        destination=Codes.of([s.destination for s in shipments]),
        day=int(days[0]) if bool((days == days[0]).all()) else days,
        weight_mg=np.array([s.weight_mg for s in shipments], dtype=np.int64),
        longest_dmm=sides[:, 2],
        middle_dmm=sides[:, 1],
        shortest_dmm=sides[:, 0],
        line_parcel=np.array([index for index, _ in lines], dtype=np.int64),
        line_goods=_money([item.value for _, item in lines], digits),
        line_quantity=np.array([item.quantity for _, item in lines], dtype=np.int64),
        line_thing=np.array(thing_codes, dtype=np.int64),
        things=tuple(things),
        line_units=_units([item for _, item in lines]),
        line_parts=_parts([item for _, item in lines], digits),
        inputs=_inputs(shipments, digits),
        lot=_same_or_column([s.lot or 1 for s in shipments]),
        storage_days=_same_or_column([s.storage_days or 0 for s in shipments]),
        postcode=Codes.of([s.postcode for s in shipments]),
    )


def _same_or_column(values: Sequence[int]) -> int | IntColumn:
    return values[0] if len(set(values)) == 1 else np.array(values, dtype=np.int64)


def _money(values: Sequence[Money], digits: dict[str, int]) -> MoneyColumn:
    minor = np.array([to_minor(v.amount, digits[v.currency]) for v in values], dtype=np.int64)
    return MoneyColumn(Num.of(minor), Codes.of([v.currency for v in values]))


def _units(items: Sequence[Item]) -> dict[str, IntColumn]:
    names = {name for item in items for name in item.units}
    columns = {}
    for name in sorted(names):
        column = np.full(len(items), UNSTATED, dtype=np.int64)
        for row, item in enumerate(items):
            if name in item.units:
                num, den = item.units[name]
                column[row] = (2 * num * MICRO + den) // (2 * den)
        columns[name] = column
    return columns


def _parts(items: Sequence[Item], digits: dict[str, int]) -> dict[str, MoneyColumn]:
    names = {name for item in items for name in item.parts}
    none: Ratio = (-1, 1)
    return {
        name: _money(
            [Money(item.value.currency, item.parts.get(name, none)) for item in items], digits
        )
        for name in sorted(names)
    }


def stated_inputs(shipment: Shipment) -> tuple[str, ...]:
    """Return the names of the money inputs that a shipment states."""
    named = tuple(name for name in MONEY_INPUTS if getattr(shipment, name) is not None)
    return named + tuple(sorted(shipment.counters))


def _inputs(shipments: Sequence[Shipment], digits: dict[str, int]) -> dict[str, MoneyColumn]:
    columns = {}
    for name in stated_inputs(shipments[0]):
        columns[name] = _money([_stated(shipment, name) for shipment in shipments], digits)
    return columns


def _stated(shipment: Shipment, name: str) -> Money:
    value = shipment.counters[name] if name in shipment.counters else getattr(shipment, name)
    assert isinstance(value, Money), f"shipments in one batch that do not all state {name}"
    return value
