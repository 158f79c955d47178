"""The usual commercial entry that duties are told for, unless something else is stated.

A consignment of many pieces, declared as freight by a business: no relief for small values and no
regime of parcels stands between it and the tariff.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xborder_cli.core.book import Book

CHANNEL: Final = "freight"
BUYER: Final = "business"
VALUE: Final = "10000USD"
QUANTITY: Final = "1000"


def usual_value(book: Book, market: str) -> str:
    """Return the value of a usual consignment; in the market's money where VALUE's is unknown."""
    if VALUE[-3:] in book.digits:
        return VALUE
    head = book.market_heads.get(market)
    return f"{VALUE[:-3]}{head.currency if head is not None else next(iter(book.digits))}"
