"""A rate with a history, worked out over a stay in store: each day at the rate of that day.

The stay ends with the order: of `storage_days` days the last is the day before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.core.columns import Num
from xborder_cli.core.frac import NOTHING, Frac, frac_add
from xborder_cli.core.rule import STAY as STAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xborder_cli.core.columns import IntColumn
    from xborder_cli.core.rates import DatedTable
    from xborder_cli.core.run import Run
    from xborder_cli.core.terms import Worker


def stay_value(run: Run, worker: Worker, rate: DatedTable) -> Frac:
    """Return what the days of each parcel's stay come to; days before the first rate take it.

    Args:
        run: the parcels.
        worker: of the charge, at parcel scope; its `days` are put back.
        rate: terms that count days.
    """
    total = NOTHING
    for code, days in stay_days(run, rate):
        worker.days = Num(days, days if isinstance(days, int) else int(days.max()))
        total = frac_add(total, worker.value(rate.table, code))
    worker.days = None
    return total


def stay_days(run: Run, rate: DatedTable) -> Iterator[tuple[int, int | IntColumn]]:
    """Yield the rates that some day of a stay falls under, and how many days of each parcel do."""
    end, stay = run.parcels.day, run.parcels.storage_days
    begin = end - stay
    for code in range(len(rate.days)):
        last = end if code + 1 == len(rate.days) else np.minimum(end, rate.days[code + 1])
        first = begin if code == 0 else np.maximum(begin, rate.days[code])
        days = np.maximum(last - first, 0)
        if np.ndim(days) == 0:
            if days > 0:
                yield code, int(days)
        elif days.any():
            yield code, days.astype(np.int64)
