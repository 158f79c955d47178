"""Whole-number columns that cannot overflow in silence.

A `Num` is an int64 array, or one int that stands for every row, with a bound on its size.
An operation whose result might leave int64 goes on in Python integers: slower, same answer.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

IntColumn = npt.NDArray[np.int64]
BoolColumn = npt.NDArray[np.bool_]
Mask = bool | BoolColumn
Value = int | IntColumn

SAFE: Final = 2**62
LOOSE: Final = 2**44  # no sum of money is so large: the bound is


class Num:
    """A column of whole numbers and what bounds it: |v| <= hi; `neg` when it may be below 0."""

    __slots__ = ("_half", "hi", "neg", "v")

    def __init__(self, v: Value, hi: int, neg: bool = False) -> None:
        """Keep the values as they are; `hi` must bound them."""
        self.v = v
        self.hi = hi
        self.neg = neg
        self._half: tuple[Value, int] | None = None

    def half(self) -> tuple[Value, int]:
        """Return half of a divisor, rounded down, and the least divisor; kept, since rates divide often."""
        if self._half is None:
            least = self.v if isinstance(self.v, int) else int(self.v.min()) if self.v.size else 1
            self._half = (self.v // 2, max(1, least))
        return self._half

    @staticmethod
    def of(v: Value) -> Num:
        """Measure the bound of values that came from outside."""
        if isinstance(v, int):
            return Num(v, abs(v), v < 0)
        if v.size == 0:
            return Num(v, 0)
        low, high = int(v.min()), int(v.max())
        return Num(v, max(abs(low), abs(high)), low < 0)

    def take(self, rows: IntColumn | BoolColumn) -> Num:
        """Return some rows, in the order asked for."""
        return self if isinstance(self.v, int) else Num(self.v[rows], self.hi, self.neg)

    def full(self, n: int) -> IntColumn:
        """Return n rows, also for a scalar."""
        if isinstance(self.v, int):
            return np.full(n, self.v, dtype=np.int64 if abs(self.v) < SAFE else object)
        return self.v


ZERO: Final = Num(0, 0)


def is_zero(a: Num) -> bool:
    """Tell whether every row is known to be 0."""
    return a.hi == 0


def _wide(v: Value) -> Value:
    return v if isinstance(v, int) or v.dtype == object else v.astype(object)


def _narrow(v: Value, hi: int) -> Value:
    if isinstance(v, int) or v.dtype != object or hi >= SAFE:
        return v
    return v.astype(np.int64)


def add(a: Num, b: Num) -> Num:
    """Return a + b."""
    if a.hi == 0:
        return b
    if b.hi == 0:
        return a
    hi = a.hi + b.hi
    if hi >= SAFE:
        return Num(_wide(a.v) + _wide(b.v), hi, a.neg or b.neg)
    return Num(a.v + b.v, hi, a.neg or b.neg)


def sub(a: Num, b: Num) -> Num:
    """Return a - b."""
    if b.hi == 0:
        return a
    hi = a.hi + b.hi
    if hi >= SAFE:
        return Num(_wide(a.v) - _wide(b.v), hi, True)
    return Num(a.v - b.v, hi, True)


def above(a: Num, b: Num) -> Num:
    """Return max(0, a - b)."""
    difference = sub(a, b)
    return floor_at(difference, 0) if difference.neg else difference


def floor_at(a: Num, low: int) -> Num:
    """Return max(low, a)."""
    if isinstance(a.v, int):
        v: Value = max(low, a.v)
    else:
        v = np.maximum(a.v, low)
    return Num(v, max(a.hi, abs(low)), a.neg and low < 0)


def maximum(a: Num, b: Num) -> Num:
    """Return the larger of two, row by row."""
    if isinstance(a.v, int) and isinstance(b.v, int):
        return Num(max(a.v, b.v), max(a.hi, b.hi), a.neg and b.neg)
    return Num(np.maximum(a.v, b.v), max(a.hi, b.hi), a.neg and b.neg)


def minimum(a: Num, b: Num) -> Num:
    """Return the smaller of two, row by row."""
    if isinstance(a.v, int) and isinstance(b.v, int):
        return Num(min(a.v, b.v), max(a.hi, b.hi), a.neg or b.neg)
    return Num(np.minimum(a.v, b.v), max(a.hi, b.hi), a.neg or b.neg)


def scale(a: Num, k: int) -> Num:
    """Return a * k for a plain number k."""
    if k == 1 or a.hi == 0:
        return a
    if k == 0:
        return ZERO
    hi = a.hi * abs(k)
    if hi >= SAFE:
        return Num(_wide(a.v) * k, hi, a.neg or k < 0)
    return Num(a.v * k, hi, a.neg or k < 0)


def mul(a: Num, b: Num) -> Num:
    """Return a * b."""
    if isinstance(b.v, int):
        return scale(a, b.v)
    if isinstance(a.v, int):
        return scale(b, a.v)
    hi = a.hi * b.hi
    if hi >= SAFE:
        return Num(_wide(a.v) * _wide(b.v), hi, a.neg or b.neg)
    return Num(a.v * b.v, hi, a.neg or b.neg)


def masked(a: Num, mask: Mask) -> Num:
    """Return a where the mask holds, else 0."""
    if mask is True:
        return a
    if mask is False or a.hi == 0:
        return ZERO
    return Num(a.v * mask, a.hi, a.neg)


def where(mask: Mask, a: Num, b: Num) -> Num:
    """Return a where the mask holds, else b."""
    if mask is True:
        return a
    if mask is False:
        return b
    if b.hi == 0:
        return masked(a, mask)
    return Num(np.where(mask, a.v, b.v), max(a.hi, b.hi), a.neg or b.neg)


def half_up(a: Num, den: int | Num) -> Num:
    """Return a / den rounded half away from zero; den above 0 in every row."""
    if isinstance(den, int):
        return _half_up_by_scalar(a, den)
    if isinstance(den.v, int):
        return _half_up_by_scalar(a, den.v)
    half, least = den.half()
    wide = a.hi + den.hi >= SAFE
    v, d = (_wide(a.v), _wide(den.v)) if wide else (a.v, den.v)
    if a.neg:
        size = (np.abs(v) + half) // d
        out = np.where(np.asarray(v) < 0, -size, size)
    else:
        out = v + half
        if isinstance(out, np.ndarray) and not wide:
            np.floor_divide(out, d, out=out)
        else:
            out = out // d
    bound = a.hi // least + 1
    return _tight(Num(_narrow(out, bound), bound, a.neg))


def _tight(a: Num) -> Num:
    """Return a column with a measured bound where the known one is loose: what follows stays in int64."""
    if a.hi < LOOSE or isinstance(a.v, int):
        return a
    found = Num.of(a.v)
    return Num(_narrow(a.v, found.hi), found.hi, a.neg)


def _half_up_by_scalar(a: Num, den: int) -> Num:
    if den == 1 or a.hi == 0:
        return a
    hi = (a.hi + den // 2) // den
    if isinstance(a.v, int):
        v = (abs(a.v) + den // 2) // den
        return Num(v if a.v >= 0 else -v, hi, a.v < 0)
    wide = a.hi + den // 2 >= SAFE
    source = _wide(a.v) if wide else a.v
    if a.neg:
        size = (np.abs(source) + den // 2) // den
        out = np.where(a.v < 0, -size, size)
    else:
        out = source + den // 2
        if out.dtype == object:
            out = out // den
        else:
            np.floor_divide(out, den, out=out)
    return _tight(Num(_narrow(out, hi), hi, a.neg))


def floor_div(a: Num, den: int) -> Num:
    """Return a / den rounded toward zero; a is not below 0 where it matters."""
    if den == 1 or a.hi == 0:
        return a
    hi = a.hi // den
    if isinstance(a.v, int):
        v = abs(a.v) // den
        return Num(v if a.v >= 0 else -v, hi, a.neg)
    out = np.abs(a.v) // den * np.sign(a.v) if a.neg else a.v // den
    return Num(_narrow(out, hi), hi, a.neg)


def ceil_div(a: Num, den: int) -> Num:
    """Return a / den rounded away from zero."""
    if den == 1 or a.hi == 0:
        return a
    hi = (a.hi + den - 1) // den
    if isinstance(a.v, int):
        v = -(-abs(a.v) // den)
        return Num(v if a.v >= 0 else -v, hi, a.neg)
    if a.neg:
        out = -(-np.abs(a.v) // den) * np.sign(a.v)
    else:
        out = (a.v + (den - 1)) // den if a.hi + den < SAFE else -(-_wide(a.v) // den)
    return Num(_narrow(out, hi), hi, a.neg)


def both(a: Mask, b: Mask) -> Mask:
    """Return a and b."""
    if a is True:
        return b
    if b is True:
        return a
    if a is False or b is False:
        return False
    return a & b


def either(a: Mask, b: Mask) -> Mask:
    """Return a or b."""
    if a is False:
        return b
    if b is False:
        return a
    if a is True or b is True:
        return True
    return a | b


def negate(a: Mask) -> Mask:
    """Return not a."""
    if isinstance(a, bool):
        return not a
    return ~a


def settle(mask: BoolColumn | np.bool_ | bool) -> Mask:
    """Return plain True or False when every row agrees: an empty mask skips its charge."""
    if isinstance(mask, (bool, np.bool_)):
        return bool(mask)
    if not mask.any():
        return False
    if mask.all():
        return True
    return mask


def any_of(mask: Mask) -> bool:
    """Tell whether any row holds."""
    return mask if isinstance(mask, bool) else bool(mask.any())


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


def frac_add(a: Frac, b: Frac) -> Frac:
    """Return a + b exactly."""
    if is_zero(a.num):
        return b
    if is_zero(b.num):
        return a
    if isinstance(a.den, int) and isinstance(b.den, int):
        if a.den == b.den:
            return Frac(add(a.num, b.num), a.den)
        common = int(np.lcm(a.den, b.den)) if max(a.den, b.den) < 2**31 else _lcm(a.den, b.den)
        return Frac(add(scale(a.num, common // a.den), scale(b.num, common // b.den)), common)
    den_a = a.den if isinstance(a.den, Num) else Num(a.den, a.den)
    den_b = b.den if isinstance(b.den, Num) else Num(b.den, b.den)
    return Frac(add(mul(a.num, den_b), mul(b.num, den_a)), mul(den_a, den_b))


def _lcm(a: int, b: int) -> int:
    import math

    return math.lcm(a, b)


def frac_mul_ratio(a: Frac, num: int, den: int) -> Frac:
    """Return a * num / den exactly."""
    if num == den:
        return a
    out = scale(a.num, num)
    return Frac(out, a.den * den if isinstance(a.den, int) else scale(a.den, den))


def frac_choose(a: Frac, b: Frac, *, larger: bool) -> Frac:
    """Return the larger (or smaller) of two, row by row, exactly."""
    if isinstance(a.den, int) and isinstance(b.den, int):
        common = _lcm(a.den, b.den)
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
        common = _lcm(a.den, b.den)
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
    """Return where a is at least b: by size where they differ plainly, exactly where they are close."""
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
