"""What a base is free of: an amount of the parcel, of each row, or whole items."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.core.columns import (
    Num,
    above,
    masked,
    scale,
    settle,
)
from xborder_cli.core.dated import money_by_day
from xborder_cli.core.frac import (
    Frac,
    frac_above,
    frac_mul_ratio,
    num_mul,
)
from xborder_cli.core.parcels import PARCEL
from xborder_cli.core.rule import Limit

if TYPE_CHECKING:
    from xborder_cli.core.run import Run
    from xborder_cli.core.step import Node


def less_allowance(run: Run, node: Node, level: int, lot: bool, base: Frac) -> Frac:
    """Return a base without what `base_less` leaves free of charge; never below 0.

    Source: docs/tables.md section 2.
    """
    charge = node.charge
    if charge.base_less is None:
        return base
    allowance = money_by_day(run, node, charge.base_less, lot)
    if charge.fill_items:
        return Frac(_fill_items(run, base.rounded(), allowance))
    if level == PARCEL or run.parcels.single:
        den = base.den
        return Frac(
            above(base.num, num_mul(allowance, den)),
            den,
        )
    named = charge.base_less.spans[0].value
    if isinstance(named, Limit) and named.name:  # every row has its own
        own = frac_mul_ratio(run.read(node.refs[named.name], node, level, lot), *named.amount)
        return frac_above(base, own)
    # over rows the allowance is spread by what they are worth, never more than they are in sum
    by, worth = charge.group_by, base.rounded()
    den = base.den
    if isinstance(den, Num):
        base, den = Frac(worth), 1
    total, covered = run.sum_rows(base.num, level, by), scale(allowance, den)
    left = settle(np.asarray(total.v > covered.v))
    used = run.share_over(allowance, worth, level, by)
    return Frac(masked(above(base.num, scale(used, den)), run.expand(left, level, by)), den)


def _fill_items(run: Run, base: Num, allowance: Num) -> Num:
    """Cover whole items with an allowance, dearest first; an item is never split.

    An item of a line costs value / quantity, not rounded: what is left is kept as a fraction.
    """
    parcels = run.parcels
    lines = parcels.line_parcel.size
    value = base.full(lines)
    quantity = np.broadcast_to(np.maximum(parcels.line_quantity, 1), (lines,))
    left = allowance.full(parcels.n).astype(object)
    left_den = np.ones(parcels.n, dtype=object)
    order = np.lexsort((np.arange(lines), -(value / quantity), parcels.line_parcel))
    rank = np.arange(lines) - parcels.starts[parcels.line_parcel[order]]
    out = value.copy()
    for place in range(int(rank.max(initial=0)) + 1):
        rows = order[rank == place]
        owner = parcels.line_parcel[rows]
        worth, pieces = value[rows].astype(object), quantity[rows].astype(object)
        price = np.maximum(worth, 1) * left_den[owner]
        fit = np.minimum(np.where(worth > 0, left[owner] * pieces // price, pieces), pieces)
        left[owner] = left[owner] * pieces - worth * fit * left_den[owner]
        left_den[owner] *= pieces
        out[rows] = (2 * worth * (pieces - fit) + pieces) // (2 * pieces)
    return Num(out, base.hi)
