"""Row by row: the same core, asked for one order at a time, as a loop over a file would."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from xborder_cli.core.pipeline import quote
from xborder_cli.core.rule import Money
from xborder_cli.core.shipment import Item, Shipment
from xborder_cli.units import ratio

if TYPE_CHECKING:
    from benchmarks.orders import Drawn, Market
    from xborder_cli.core.answer import Quote
    from xborder_cli.core.book import Book


def shipment_of(market: Market, drawn: Drawn, at: int) -> Shipment:
    """Return one drawn order as `xb quote` knows it."""
    origin, destination = market.lanes[int(drawn.lane[at])]
    currency = market.currencies[int(drawn.currency[at])]
    length, width, height = (int(side) for side in drawn.sides_dmm[at])
    item = Item(
        goods=market.goods[int(drawn.goods[at])],
        origin=market.origins[int(drawn.origin[at])],
        quantity=int(drawn.quantity[at]),
        value=Money(currency, ratio(int(drawn.minor[at]), 10 ** market.digits[currency])),
    )
    return Shipment(
        id=f"A{int(drawn.number[at]):08}",
        origin=origin,
        destination=destination,
        on=int(drawn.day[at]),
        weight_mg=int(drawn.weight_mg[at]),
        length_dmm=length,
        width_dmm=width,
        height_dmm=height,
        postcode=market.postcodes[int(drawn.postcode[at])],
        items=(item,),
    )


def one_by_one(
    book: Book, market: Market, drawn: Drawn, sample: int
) -> tuple[float, dict[str, Quote]]:
    """Return processor seconds an order, and the answers of a sample spread over the orders."""
    step = max(1, drawn.number.size // sample)
    shipments = [shipment_of(market, drawn, at) for at in range(0, drawn.number.size, step)]
    for one in shipments[:50]:  # what is made once for all orders is no part of it
        quote(book, one)
    begin = time.process_time()
    quotes = {one.id: quote(book, one) for one in shipments}
    return (time.process_time() - begin) / len(shipments), quotes
