"""Columns over a divisor: sums, choices and products that round nothing."""

from __future__ import annotations

from math import lcm
from typing import Final

import numpy as np

from xborder_cli.core.columns import (
    SAFE,
    ZERO,
    Mask,
    Num,
    Value,
    add,
    floor_at,
    half_up,
    is_zero,
    masked,
    maximum,
    minimum,
    mul,
    negate,
    scale,
    settle,
    where,
)


class Frac:
    """A column over a divisor: a scalar for the whole column, or one a row."""

    __slots__ = ("den", "num")

    def __init__(self, num: Num, den: int | Num = 1) -> None:
        """Keep numerator and divisor; the divisor is above 0."""
        self.num = num
        self.den = den

    def rounded(self) -> Num:
        """Return whole units, half up."""
        return half_up(self.num, self.den)


NOTHING: Final = Frac(ZERO)


def frac_add(a: Frac, b: Frac) -> Frac:
    """Return a + b exactly."""
    if is_zero(a.num):
        return b
    if is_zero(b.num):
        return a
    if isinstance(a.den, int) and isinstance(b.den, int):
        if a.den == b.den:
            return Frac(add(a.num, b.num), a.den)
        common = lcm(a.den, b.den)
        return Frac(add(scale(a.num, common // a.den), scale(b.num, common // b.den)), common)
    den_a = a.den if isinstance(a.den, Num) else Num(a.den, a.den)
    den_b = b.den if isinstance(b.den, Num) else Num(b.den, b.den)
    return Frac(add(mul(a.num, den_b), mul(b.num, den_a)), mul(den_a, den_b))


def frac_above(a: Frac, b: Frac) -> Frac:
    """Return max(0, a - b) exactly."""
    difference = frac_add(a, Frac(Num(-b.num.v, b.num.hi, True), b.den))
    return Frac(floor_at(difference.num, 0), difference.den)


def frac_mul_ratio(a: Frac, num: int, den: int) -> Frac:
    """Return a * num / den exactly."""
    if num == den:
        return a
    return Frac(scale(a.num, num), den_mul(a.den, den))


def den_mul(den: int | Num, by: int | Num) -> int | Num:
    """Return a product of divisors: a scalar as long as both are."""
    if isinstance(by, int):
        return den * by if isinstance(den, int) else scale(den, by)
    return num_mul(by, den)


def num_mul(num: Num, by: int | Num) -> Num:
    """Return a column times a divisor."""
    return scale(num, by) if isinstance(by, int) else mul(num, by)


def frac_choose(a: Frac, b: Frac, *, larger: bool) -> Frac:
    """Return the larger (or smaller) of two, row by row, exactly."""
    if isinstance(a.den, int) and isinstance(b.den, int):
        common = lcm(a.den, b.den)
        if max(a.num.hi * (common // a.den), b.num.hi * (common // b.den)) < SAFE:
            pick = maximum if larger else minimum
            return Frac(pick(scale(a.num, common // a.den), scale(b.num, common // b.den)), common)
    above_ = _greater(a, b)
    return frac_where(above_ if larger else negate(above_), a, b)


def frac_where(mask: Mask, a: Frac, b: Frac) -> Frac:
    """Return a where the mask holds, else b; divisors are picked, never multiplied."""
    if mask is True:
        return a
    if mask is False:
        return b
    if isinstance(a.den, int) and isinstance(b.den, int):
        if a.den == b.den:
            return Frac(where(mask, a.num, b.num), a.den)
        common = lcm(a.den, b.den)
        if max(a.num.hi * (common // a.den), b.num.hi * (common // b.den)) < SAFE:
            return Frac(
                where(mask, scale(a.num, common // a.den), scale(b.num, common // b.den)), common
            )
    den = Num(np.where(mask, _values(a.den), _values(b.den)), max(_high(a.den), _high(b.den)))
    num = Num(np.where(mask, a.num.v, b.num.v), max(a.num.hi, b.num.hi), a.num.neg or b.num.neg)
    return Frac(num, den)


def _values(den: int | Num) -> Value:
    return den if isinstance(den, int) else den.v


def _high(den: int | Num) -> int:
    return den if isinstance(den, int) else den.hi


def _greater(a: Frac, b: Frac) -> Mask:
    """Return where a is at least b: by size where plain, exactly where they are close."""
    size_a = np.asarray(a.num.v, dtype=np.float64) / np.asarray(_values(a.den), dtype=np.float64)
    size_b = np.asarray(b.num.v, dtype=np.float64) / np.asarray(_values(b.den), dtype=np.float64)
    out = np.asarray(size_a > size_b)
    close = np.abs(size_a - size_b) <= CLOSE * (np.abs(size_a) + np.abs(size_b))
    nothing = (size_a == 0) & (size_b == 0)  # equal without looking closer
    out |= nothing
    close &= ~nothing
    if close.any():
        shape = close.shape
        rows = np.flatnonzero(close)
        parts = [
            np.broadcast_to(np.asarray(v), shape).ravel()
            for v in (a.num.v, _values(a.den), b.num.v, _values(b.den))
        ]
        exact = [
            int(parts[0][i]) * int(parts[3][i]) >= int(parts[2][i]) * int(parts[1][i]) for i in rows
        ]
        out = out.copy()
        out.ravel()[rows] = exact
    return settle(out if out.ndim else bool(out))


CLOSE: Final = 1e-9


def masked_frac(value: Frac, mask: Mask) -> Frac:
    """Return a value where the mask holds, else 0."""
    return Frac(masked(value.num, mask), value.den)
