"""Route prices a second of the core, on one core, beside the same work one parcel at a time."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.parcels import parcels_by_origin
from xborder_cli.core.parcels import Codes, Parcels
from xborder_cli.core.wide import RouteColumn, price_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.core.book import Book

QUOTE = Codes(("USD",))
Totals = dict[tuple[int, tuple[object, ...]], int]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one way of pricing took."""

    parcels: int
    prices: int  # routes that can carry their parcel, all charges worked out
    charges: int
    seconds: float  # of processor time

    @property
    def rate(self) -> float:
        """Route prices a second."""
        return self.prices / self.seconds


def measure_wide(book: Book, n: int, times: int = 3) -> Measured:
    """Price n varied parcels over all their routes; the best of several runs."""
    batches = parcels_by_origin(book, n)
    return min((_once(book, batches, n) for _ in range(times)), key=lambda one: one.seconds)


def _once(book: Book, batches: Sequence[Parcels], n: int) -> Measured:
    prices = charges = 0
    begin = time.process_time()
    for column in _columns(book, batches):
        carried = column.rows.size - _refused(column)
        prices += carried
        charges += carried * len(column.program.nodes)
    return Measured(n, prices, charges, time.process_time() - begin)


def _columns(book: Book, batches: Sequence[Parcels]) -> Iterator[RouteColumn]:
    for parcels in batches:
        yield from price_all(book, parcels, currency=QUOTE)


def _refused(column: RouteColumn) -> int:
    refused = column.priced.refused
    return (
        int(refused) * column.rows.size
        if isinstance(refused, bool)
        else int(np.count_nonzero(refused))
    )


def measure_singly(book: Book, n: int, batch: int) -> tuple[Measured, int]:
    """Price the first n of `batch` parcels one at a time; count totals unlike the wide ones.

    Returns:
        What it took, and the number of route prices that differ (0, or something is wrong).
    """
    batches = parcels_by_origin(book, batch)
    chosen = [
        (parcels, row) for parcels in batches for row in range(0, parcels.n, max(1, batch // n))
    ][:n]
    wide = [totals(price_all(book, parcels, currency=QUOTE)) for parcels in batches]
    begin = time.process_time()
    singles = [
        totals(price_all(book, p.take(np.array([row])), currency=QUOTE)) for p, row in chosen
    ]
    seconds = time.process_time() - begin
    differ = prices = 0
    for (parcels, row), found in zip(chosen, singles, strict=True):
        whole = wide[next(i for i, one in enumerate(batches) if one is parcels)]
        expected = {chain: total for (at, chain), total in whole.items() if at == row}
        mine = {chain: total for (_, chain), total in found.items()}
        prices += len(mine)
        differ += sum(
            mine.get(chain) != expected.get(chain) for chain in mine.keys() | expected.keys()
        )
    return Measured(len(chosen), prices, 0, seconds), differ


def totals(columns: Iterator[RouteColumn]) -> Totals:
    """Return the total of every row and route that can carry it, in minor units."""
    out: Totals = {}
    for column in columns:
        n = column.rows.size
        refused = np.broadcast_to(np.asarray(column.priced.refused), (n,))
        total = column.priced.total.full(n)
        for place, row in enumerate(column.rows.tolist()):
            if not refused[place]:
                out[row, column.chain.id] = int(total[place])
    return out


def peak_megabytes() -> float:
    """Return the most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
