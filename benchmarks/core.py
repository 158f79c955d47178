"""Route prices a second of the core, on one core, beside row-by-row Python."""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
from benchmarks.parcels import parcels_by_origin

from xborder_cli.core.book import Book
from xborder_cli.core.parcels import Codes
from xborder_cli.core.wide import price_all


def run_core(book: Book, n: int) -> tuple[int, int, float, float]:
    """Return (route prices, charges worked out, seconds, charges a route) for n parcels."""
    batches = parcels_by_origin(book, n)
    quote = Codes(("USD",))
    best_seconds = None
    for _ in range(3):
        count = charges = offered = 0
        begin = time.process_time()
        for parcels in batches:
            for column in price_all(book, parcels, currency=quote):
                refused = column.priced.refused
                out = refused * column.rows.size if isinstance(refused, bool) else int(np.count_nonzero(refused))
                good = column.rows.size - out
                count += good
                offered += column.rows.size
                charges += good * len(column.program.nodes)
        seconds = time.process_time() - begin
        best_seconds = seconds if best_seconds is None else min(best_seconds, seconds)
    print(f"offered {offered}, priced {count}")
    return count, charges, best_seconds, charges / max(1, count)
