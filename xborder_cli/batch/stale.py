"""How many orders of a block were priced with exchange rates older than a long weekend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.core.fx import STALE_DAYS

if TYPE_CHECKING:
    from xborder_cli.batch.orders import OrderGroup
    from xborder_cli.core.book import Book
    from xborder_cli.core.columns import BoolColumn, IntColumn
    from xborder_cli.core.parcels import Codes


def stale_orders(book: Book, group: OrderGroup) -> int:
    """Return how many orders of a group have a currency, of the sums or the market, without news.

    Rates that the caller states are always new.
    """
    parcels = group.parcels
    stated = {currency for pair, _ in parcels.attributes.fx for currency in pair}
    days = np.broadcast_to(np.asarray(parcels.day, dtype=np.int64), (parcels.n,))
    heads = book.market_heads
    markets = [heads[name].currency if name in heads else "" for name in parcels.destination.names]
    found = np.zeros(parcels.n, dtype=bool)
    for names, codes in ((markets, parcels.destination.codes), _named(group.currency)):
        found |= _old(book, [name if name not in stated else "" for name in names], codes, days)
    return int(found.sum())


def _named(currency: Codes) -> tuple[list[str], IntColumn | None]:
    return list(currency.names), currency.codes


def _old(book: Book, names: list[str], codes: IntColumn | None, days: IntColumn) -> BoolColumn:
    """Return where the newest rate of a row's currency is older than a long weekend."""
    which = np.zeros(days.size, dtype=np.int64) if codes is None else codes
    pairs, inverse = np.unique(np.stack([which, days]), axis=1, return_inverse=True)
    old = [_is_old(book, names[code], day) for code, day in pairs.T.tolist()]
    return np.array(old, dtype=bool)[inverse.reshape(-1)]


def _is_old(book: Book, currency: str, day: int) -> bool:
    rate = book.fx.per_anchor(currency, day) if currency else None
    return rate is not None and day - rate.until > STALE_DAYS
