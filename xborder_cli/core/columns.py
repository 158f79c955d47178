"""Whole-number columns that cannot overflow in silence.

A `Num` is an int64 array, or one int that stands for every row, with a bound on its size.
An operation whose result might leave int64 goes on in Python integers: slower, same answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, overload

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable


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
        """Return half of a divisor, rounded down, and the least one; kept: rates divide often."""
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

    def first(self) -> int:
        """Return the first row: the amount of a parcel that is priced alone."""
        return first_of(self.v)

    def full(self, n: int) -> IntColumn:
        """Return n rows, also for a scalar."""
        if isinstance(self.v, int):
            return np.full(n, self.v, dtype=np.int64 if abs(self.v) < SAFE else object)
        return self.v


def first_of(v: Value) -> int:
    """Return the first row, also of a scalar."""
    return v if isinstance(v, int) else int(v[0])


ZERO: Final = Num(0, 0)


def is_zero(a: Num) -> bool:
    """Tell whether every row is known to be 0."""
    return a.hi == 0


@overload
def _wide(v: int) -> int: ...


@overload
def _wide(v: IntColumn) -> IntColumn: ...


def _wide(v: Value) -> Value:
    """Return Python integers of any size."""
    return v if isinstance(v, int) or v.dtype == object else v.astype(object)


def _narrow(v: Value, hi: int) -> Value:
    """Return int64 again where the bound allows it."""
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
        out: Value = np.where(np.asarray(v) < 0, -size, size)
    else:
        out = v + half
        if isinstance(out, np.ndarray) and not wide:
            np.floor_divide(out, d, out=out)
        else:
            out = out // d
    bound = a.hi // least + 1
    return _tight(Num(_narrow(out, bound), bound, a.neg))


def _tight(a: Num) -> Num:
    """Return a column with a measured bound where the known one is loose, back in int64."""
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
        out: IntColumn = np.where(a.v < 0, -size, size)
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
        out: IntColumn = -(-np.abs(a.v) // den) * np.sign(a.v)
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
    holding = np.count_nonzero(mask)  # one pass where any() and all() take two
    if not holding:
        return False
    return True if holding == mask.size else mask


def any_of(mask: Mask) -> bool:
    """Tell whether any row holds."""
    return mask if isinstance(mask, bool) else bool(mask.any())


def union(masks: Iterable[Mask]) -> Mask:
    """Return where any of the masks holds."""
    out: Mask = False
    for mask in masks:
        out = either(out, mask)
    return out
