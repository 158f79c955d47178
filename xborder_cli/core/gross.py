"""Bases that contain the tax on themselves, or give it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.core.columns import (
    Num,
    is_zero,
    sub,
)
from xborder_cli.core.dated import code_of_day
from xborder_cli.core.duty import look_up
from xborder_cli.core.frac import (
    NOTHING,
    Frac,
    den_mul,
    frac_add,
    num_mul,
)
from xborder_cli.core.rates import DatedTable
from xborder_cli.core.rule import Lookup
from xborder_cli.core.terms import Worker

if TYPE_CHECKING:
    from xborder_cli.core.run import Run
    from xborder_cli.core.step import Node


def gross_base(run: Run, node: Node, worker: Worker, base: Frac) -> Frac:
    """Return a base that contains, or gives up, the tax on itself.

    up: X = (sum + specific part of the code's rate) / (1 - its percent).
    down: X = sum / (1 + its percent).
    """
    other = run.program.nodes[node.gross_node] if node.gross_node is not None else node
    percent, specific = _split_rate(run, other, node, worker)
    if node.charge.gross == "up":
        summed = frac_add(base, specific) if specific else base
        num, den = percent.num, percent.den
        whole = den if isinstance(den, Num) else Num(den, den)
        return _divide(summed, sub(whole, num), den)
    num, den = percent.num, percent.den
    return _divide(base, frac_add(percent, Frac(Num(1, 1))).num, den)


def _divide(value: Frac, divisor: Num, den: int | Num) -> Frac:
    """Return value / (divisor / den)."""
    by = divisor.v if isinstance(divisor.v, int) else Num(divisor.v, divisor.hi)
    return Frac(num_mul(value.num, den), den_mul(value.den, by))


def _split_rate(run: Run, other: Node, node: Node, worker: Worker) -> tuple[Frac, Frac | None]:
    """Return the percent part of a charge's rate as a share, and its specific part as an amount."""
    rate = other.charge.rate
    inner = Worker(run, node, worker.level, worker.lot, Frac(Num(1, 1)))
    if isinstance(rate, Lookup):
        found = look_up(run, other, rate)
        table, code = found.table, found.code
    elif isinstance(rate, DatedTable):
        table, code = rate.table, code_of_day(run, rate, worker.level, node)
    else:
        return NOTHING, None
    share, specific = NOTHING, NOTHING
    for shape in table.shapes:
        one = type(table)((shape,), table.size)
        value = inner.value(one, code)
        if shape.currency:
            specific = frac_add(specific, value)
        else:
            share = frac_add(share, value)
    worker.gap = inner.gap
    return share, None if is_zero(specific.num) else specific
