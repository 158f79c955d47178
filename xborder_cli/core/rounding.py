"""Rounding to a step of the table's currency."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.core.columns import (
    IntColumn,
    Num,
    ceil_div,
    floor_div,
    half_up,
    mul,
    scale,
)
from xborder_cli.core.frac import (
    Frac,
    den_mul,
)

if TYPE_CHECKING:
    from xborder_cli.core.rule import Ratio, Rounding
    from xborder_cli.core.run import Run
    from xborder_cli.core.step import Node


def _step(rounding: Rounding, run: Run, node: Node) -> Ratio:
    """Return a rounding step in minor units."""
    digits = run.tile.book.digits[node.currency]
    num, den = rounding.step
    return (1, 1) if not num else (num * 10**digits, den)


def round_to_step(value: Frac, rounding: Rounding, run: Run, node: Node) -> Num:
    """Return whole minor units, rounded to a step."""
    num, den = _step(rounding, run, node)
    top = scale(value.num, den)
    bottom = den_mul(value.den, num)
    if rounding.how == "half up":
        steps = half_up(top, bottom)
    elif isinstance(bottom, Num):
        whole = half_up(top, bottom)  # settle ties exactly: compare back with the exact value
        back = mul(whole, bottom)
        if rounding.how == "down":
            steps = Num(
                _whole(whole.v - (np.asarray(back.v) > np.asarray(top.v))), whole.hi, whole.neg
            )
        else:
            steps = Num(
                _whole(whole.v + (np.asarray(back.v) < np.asarray(top.v))), whole.hi + 1, whole.neg
            )
    else:
        steps = floor_div(top, bottom) if rounding.how == "down" else ceil_div(top, bottom)
    return half_up(scale(steps, num), den)


def _whole(value: IntColumn | int) -> IntColumn | int:
    """Return a number of no rows as a plain one."""
    return value if np.ndim(value) else int(value)
