"""Plain decimals read a column at a time: what `units.parse_decimal` reads, where it is short."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from xborder_cli.core.columns import BoolColumn, IntColumn

LONGEST: Final = 16  # characters of a number read in columns; a longer one goes the slow way
DIGITS: Final = 15
TENS: Final = 10 ** np.arange(19, dtype=np.int64)
SAFE: Final = 2**61
_DOT: Final = ord(".")


@dataclass(frozen=True, slots=True)
class Decimals:
    """n numbers at the head of n texts: `digits / 10**places`, then the text that follows each."""

    digits: IntColumn  # shape (n,), int64
    places: IntColumn  # shape (n,), digits after the point
    rest: pa.Array  # shape (n,), what follows the number
    ok: BoolColumn  # shape (n,), False where no plain unsigned number stands at the head


def decimals(texts: pa.Array) -> Decimals:
    """Return the numbers at the head of texts, such as 12.50 of `12.50 USD`.

    >>> found = decimals(pa.array(["12.50 USD", "-1", "3kg", ".5", "1.", "7"]))
    >>> found.digits[found.ok].tolist(), found.rest.to_pylist()[0], found.ok.tolist()
    ([1250, 3, 7], ' USD', [True, False, True, False, False, True])
    """
    texts = texts.cast(pa.string())
    n = len(texts)
    rest = pc.utf8_ltrim(texts, characters="0123456789.")
    if not n:
        none = np.zeros(0, dtype=np.int64)
        return Decimals(none, none, rest, none.astype(bool))
    begin, data = _bytes(texts)
    ends, _ = _bytes(rest)
    long = np.diff(begin) - np.diff(ends)
    ok = (long > 0) & (long <= LONGEST)
    digits = np.zeros(n, dtype=np.int64)
    count = np.zeros(n, dtype=np.int64)
    points = np.zeros(n, dtype=np.int64)
    at_point = np.zeros(n, dtype=np.int64)
    widest = int(long[ok].max()) if bool(ok.any()) else 0
    last = max(0, data.size - 1)
    for place in range(widest):
        inside = ok & (place < long)
        byte = data[np.minimum(begin[:-1] + place, last)].astype(np.int64)
        point = inside & (byte == _DOT)
        digit = inside & ~point
        digits = np.where(digit, digits * 10 + (byte - 48), digits)
        count += digit
        points += point
        at_point = np.where(point, place, at_point)
    pointed = points == 1
    ok &= (points == 0) | (pointed & (at_point > 0) & (at_point < long - 1))
    ok &= count <= DIGITS
    places = np.where(pointed, long - 1 - at_point, 0)
    return Decimals(digits, np.where(ok, places, 0), rest, ok)


def half_up(digits: IntColumn, top: IntColumn, below: IntColumn) -> tuple[IntColumn, BoolColumn]:
    """Return digits * top / below to the nearest, halves up; and where that is sure to hold.

    Args:
        digits: shape (n,), 0 or more.
        top: shape (n,), above 0.
        below: shape (n,), above 0 and at most 2**61.
    """
    sure = (digits <= SAFE // np.maximum(top, 1)) & (below <= SAFE)
    number = np.where(sure, digits, 0) * top
    below = np.where(sure, below, 1)
    return (number * 2 + below) // (below * 2), sure


def _bytes(column: pa.Array) -> tuple[IntColumn, np.ndarray[tuple[int], np.dtype[np.uint8]]]:
    """Return where texts begin, shape (n + 1,), and all their bytes."""
    _, offsets, data = column.buffers()
    begin = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    if data is None:
        return begin.astype(np.int64), np.zeros(1, dtype=np.uint8)
    codes = np.frombuffer(data, np.uint8)
    return begin.astype(np.int64), codes if codes.size else np.zeros(1, dtype=np.uint8)
