"""What holds on which day: spans of validity, limits and rates of each row's day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.core.columns import (
    ZERO,
    IntColumn,
    Mask,
    Num,
    add,
    half_up,
    masked,
    settle,
)
from xborder_cli.core.frac import (
    frac_mul_ratio,
)
from xborder_cli.core.parcels import PARCEL
from xborder_cli.core.rule import Dated, Limit, SpanValue

if TYPE_CHECKING:
    from xborder_cli.core.rates import DatedTable
    from xborder_cli.core.run import Run
    from xborder_cli.core.step import Node


def in_force(run: Run, since: int, until: int | None) -> Mask:
    """Return which parcels fall into a span of days."""
    day = run.parcels.day
    if isinstance(day, int):
        return since <= day and (until is None or day <= until)
    return run.tile.kept(("in force", since, until), lambda: _within(run, day, since, until))


def _within(run: Run, day: IntColumn, since: int, until: int | None) -> Mask:
    first, last = run.tile.days
    if since <= first and (until is None or last <= until):
        return True
    if since > last or (until is not None and until < first):
        return False
    mask = day >= since
    return settle(mask if until is None else mask & (day <= until))


def code_of_day(run: Run, rate: DatedTable, level: int, node: Node) -> int | IntColumn:
    """Return the code of each row's day; days before the first value read that one."""
    if len(rate.days) == 1:
        return 0
    day = run.parcels.day
    if isinstance(day, int):
        return max(0, int(np.searchsorted(rate.days, day, side="right")) - 1)
    first, last = np.searchsorted(rate.days, run.tile.days, side="right").tolist()
    if first == last:  # one value for all days
        return max(0, int(first) - 1)
    code: IntColumn = np.maximum(np.searchsorted(rate.days, day, side="right") - 1, 0)
    if level != PARCEL and not run.parcels.single:
        code = code[run.owners(level, node.charge.group_by)]
    return code


def silent_before(run: Run, rate: DatedTable, level: int, node: Node) -> Mask:
    """Return the rows whose day comes before the first value; an ended value is 0, not silence."""
    day = run.parcels.day
    first = rate.days[0]
    if isinstance(day, int):
        return day < first
    if run.tile.days[0] >= first:
        return False
    return run.expand(settle(day < first), level, node.charge.group_by)


def money_by_day(run: Run, node: Node, dated: Dated, lot: bool) -> Num:
    """Return a limit in money of each parcel's day; 0 before the first and after the end."""
    day = run.parcels.day
    starts = [span.since for span in dated.spans]

    def money(limit: SpanValue) -> Num:
        if not isinstance(limit, Limit):
            return ZERO
        if limit.name:
            value = run.read(node.refs[limit.name], node, PARCEL, lot)
            return frac_mul_ratio(value, *limit.amount).rounded()
        digits = run.tile.book.digits[limit.currency]
        num, den = limit.amount
        minor = half_up(Num(num * 10**digits, abs(num) * 10**digits), den)
        return run.tile.convert(minor, limit.currency, node.currency)

    if len(starts) == 1:
        return money(dated.spans[0].value)
    if isinstance(day, int):
        at = int(np.searchsorted(starts, day, side="right")) - 1
        return money(dated.spans[at].value) if at >= 0 else ZERO
    first, last = np.searchsorted(starts, run.tile.days, side="right").tolist()
    if first == last:
        return money(dated.spans[first - 1].value) if first else ZERO
    which = np.searchsorted(starts, day, side="right") - 1
    total = ZERO
    for at in range(int(which.min()), int(which.max()) + 1):
        if at >= 0:
            total = add(total, masked(money(dated.spans[at].value), settle(which == at)))
    return total
