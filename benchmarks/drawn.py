"""Drawn orders as the core's own columns: for pricing the core without files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.parcels import things_of
from xborder_cli.core.columns import Num
from xborder_cli.core.intake import value_on
from xborder_cli.core.parcels import Attributes, Codes, MoneyColumn, Parcels

if TYPE_CHECKING:
    from benchmarks.orders import Drawn, Market
    from xborder_cli.core.book import Book


def parcels_of_drawn(book: Book, market: Market, drawn: Drawn) -> list[tuple[np.ndarray, Parcels]]:
    """Return (rows of the draw, their parcels) for each set of attributes: consumers, one line."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    first = int(drawn.day.min())
    for code, (origin, place) in enumerate(market.lanes):
        rules = book.market(place)
        scheme = "none"
        if rules is not None and rules.default_scheme is not None:
            scheme = str(value_on(rules.default_scheme, first) or "none")
        direction = "import" if place == book.home else "export"
        groups.setdefault((origin, direction, scheme), []).append(code)
    out = []
    for (origin, direction, scheme), lanes in groups.items():
        rows = np.flatnonzero(np.isin(drawn.lane, lanes))
        if rows.size:
            attributes = Attributes(origin=origin, direction=direction, scheme=scheme)
            out.append((rows, _parcels(book, market, drawn, rows, attributes)))
    return out


def _parcels(
    book: Book, market: Market, drawn: Drawn, rows: np.ndarray, attributes: Attributes
) -> Parcels:
    sides = np.sort(drawn.sides_dmm[rows], axis=1)
    destination = Codes.of([market.lanes[code][1] for code in drawn.lane[rows]])
    origins = [made_in or attributes.origin for made_in in market.origins]
    things, begin = things_of(book, destination.names, market.goods, origins)
    first = begin[0] if destination.codes is None else begin[destination.codes]
    return Parcels(
        n=rows.size,
        attributes=attributes,
        destination=destination,
        day=drawn.day[rows],
        weight_mg=drawn.weight_mg[rows],
        longest_dmm=sides[:, 2],
        middle_dmm=sides[:, 1],
        shortest_dmm=sides[:, 0],
        line_parcel=np.arange(rows.size),
        line_goods=MoneyColumn(
            Num.of(drawn.minor[rows]), Codes(market.currencies, drawn.currency[rows])
        ),
        line_quantity=drawn.quantity[rows],
        line_thing=first + drawn.origin[rows] * len(market.goods) + drawn.goods[rows],
        things=things,
        lot=book.default_lot,
        storage_days=book.default_storage_days,
        postcode=Codes(market.postcodes, drawn.postcode[rows]),
    )
