"""What the orders of a file are like: queries are written for these days, currencies, goods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.orders import DAYS, FIRST_DAY, POSTCODES

if TYPE_CHECKING:
    from benchmarks.orders import Market

MOST = {  # no order of the files is larger: what lets a query keep to 64 bits
    "weight_mg": 10**8,
    "longest": 20_000,
    "middle": 20_000,
    "shortest": 20_000,
    "minor": 10**9,
    "quantity": 100,
}


@dataclass(frozen=True, slots=True)
class Span:
    """What the orders of a file are like: made out before the queries are written."""

    first: int  # days since 1970-01-01
    last: int
    currencies: tuple[str, ...]
    origins: tuple[str, ...]  # "" is that of the lane
    goods: tuple[str, ...]
    postcodes: dict[str, tuple[str, ...]]  # by country
    most: dict[str, int]  # largest of weight_mg, longest, middle, shortest, minor, quantity


def span_of(market: Market) -> Span:
    """Return what the queries are written for: the days, currencies and goods of the orders."""
    first = int(FIRST_DAY.astype(int))
    return Span(
        first,
        first + DAYS - 1,
        market.currencies,
        market.origins,
        market.goods,
        POSTCODES,
        MOST,
    )
