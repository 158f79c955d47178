"""What holds on which day: spans of validity, limits and rates of each row's day."""

from __future__ import annotations

from bisect import bisect_right
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
from xborder_cli.core.rule import Dated, Day, Limit, SpanValue

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def span_of_day(run: Run, starts: Sequence[Day]) -> int | IntColumn:
    """Return which span each parcel's day falls into, -1 before the first.

    Args:
        run: the parcels.
        starts: first days of the spans, rising.

    Returns:
        Shape (n,), or one number where it holds for all parcels.
    """
    day = run.parcels.day
    first, last = (bisect_right(starts, end) - 1 for end in run.tile.days)
    if isinstance(day, int) or first == last:
        return first
    return np.searchsorted(starts, day, side="right") - 1


def code_of_day(run: Run, rate: DatedTable, level: int, node: Node) -> int | IntColumn:
    """Return the code of each row's day; days before the first value read that one."""
    code = span_of_day(run, rate.days) if len(rate.days) > 1 else 0
    if isinstance(code, int):
        return max(0, code)
    code = np.maximum(code, 0)
    if level == PARCEL or run.parcels.single:
        return code
    rows: IntColumn = code[run.owners(level, node.charge.group_by)]
    return rows


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

    which = span_of_day(run, starts) if len(starts) > 1 else 0
    if isinstance(which, int):
        return money(dated.spans[which].value) if which >= 0 else ZERO
    total = ZERO
    for at in range(int(which.min()), int(which.max()) + 1):
        if at >= 0:
            inside, before = settle(which == at), run.aside()
            total = add(total, masked(money(dated.spans[at].value), inside))
            run.keep(before, inside)
    return total
