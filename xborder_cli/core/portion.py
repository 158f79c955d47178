"""Rates by portion: each band's rate on the part of the measure that lies inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.core.columns import (
    ZERO,
    IntColumn,
    Mask,
    Num,
    above,
    either,
    minimum,
    mul,
    scale,
    settle,
)
from xborder_cli.core.frac import Frac, frac_add, masked_frac
from xborder_cli.core.rates import OPEN_END, BandTable
from xborder_cli.core.terms import Worker

if TYPE_CHECKING:
    from xborder_cli.core.rule import Ratio
    from xborder_cli.core.run import Run
    from xborder_cli.core.step import Node


def portion_value(
    run: Run,
    node: Node,
    table: BandTable,
    worker: Worker,
    key: int | IntColumn,
    measure: Num,
    per: Ratio,
) -> Frac:
    """Return the sum over the bands of each band's rate on the part of the measure inside it."""
    keys = [key] if isinstance(key, int) else np.unique(key).tolist()
    total = Frac(ZERO)
    for one in keys:
        rows: Mask = True if isinstance(key, int) else settle(key == one)
        part_sum = Frac(ZERO)
        for cell in range(int(table.starts[one]), int(table.starts[one + 1])):
            low, high = int(table.begin[cell]), int(table.limits[cell])
            part = _part(run, table, worker, measure, low, high)
            part_sum = frac_add(part_sum, _inside(worker, table, cell, part, per))
        total = frac_add(total, masked_frac(part_sum, rows))
    return total


def _part(run: Run, table: BandTable, worker: Worker, measure: Num, low: int, high: int) -> Num:
    factor = (
        10 ** run.tile.book.digits[table.limit_unit]
        if table.limit_unit and table.limit_unit != "lb"
        else 1
    )
    lower, upper = (
        Num(low * factor, low * factor),
        Num(high * factor, high * factor) if high != OPEN_END else None,
    )
    if table.limit_per:
        count, unit = worker.quanta(table.limit_per)
        # limits are per unit: scale both sides by quanta per unit
        measure = scale(measure, unit[0])
        lower = scale(mul(count, lower), unit[1])
        upper = scale(mul(count, upper), unit[1]) if upper else None
        inside = above(minimum(measure, upper) if upper else measure, lower)
        return Num(inside.v, inside.hi)
    return above(minimum(measure, upper) if upper else measure, lower)


def _inside(worker: Worker, table: BandTable, cell: int, part: Num, per: Ratio) -> Frac:
    inner = Worker(worker.run, worker.node, worker.level, worker.lot, worker.base)
    if table.limit_unit and table.limit_unit != "lb":
        den = table.limit_den
        if table.limit_per:
            den *= worker.quanta(table.limit_per)[1][0]
        inner.base = Frac(part, den)
    else:
        kind = {
            "chargeable": "weight",
            "weight": "weight",
            "days": "day",
            "items": "item",
            "cbm": "volume",
        }
        inner.counted = (kind.get(table.by, table.by), part, per)
    value = inner.value(table.table, cell)
    worker.gap = either(worker.gap, inner.gap)
    return value
