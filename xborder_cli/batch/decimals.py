"""Whole numbers of minor units written as decimals, a column at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from xborder_cli.core.columns import IntColumn

_POINT, _ZERO = ord("."), ord("0")
_TENS: Final = 10 ** np.arange(19, dtype=np.int64)
_GRAM, _MILLIGRAM = 3, 6  # digits of a kilogram


def decimal_texts(values: IntColumn, digits: IntColumn | int) -> pa.StringArray:
    """Return amounts in major units, each as `units.minor_text` writes it.

    The digits of all numbers are written at once and the points put between them after.

    Args:
        values: shape (n,), in minor units.
        digits: behind the point, 0 to 18; shape (n,) or the same for all.

    >>> decimal_texts(np.array([1250, -5, 120]), np.array([2, 2, 0])).to_pylist()
    ['12.50', '-0.05', '120']
    """
    if values.size and int(values.min()) == int(values.max()) and isinstance(digits, int):
        return pa.repeat(decimal_texts(values[:1], np.array([digits]))[0], values.size)
    values = values.astype(np.int64, copy=False)
    unit = _TENS[digits]
    short = np.flatnonzero((values < unit) & (values > -unit))  # no digit before the point
    if short.size:  # a 1 holds its place
        unit = np.broadcast_to(unit, values.shape)[short]
        values = values.copy()
        values[short] += np.where(values[short] < 0, -unit, unit)
    written = pa.array(values).cast(pa.string())
    _, ends, data = written.buffers()
    offsets = np.frombuffer(ends, dtype=np.int32)[: values.size + 1]
    plain = np.frombuffer(data, dtype=np.uint8)[: offsets[-1]] if values.size else _NOTHING
    if short.size:
        plain = plain.copy()
        plain[offsets[short] + (values[short] < 0)] = _ZERO
    points = np.broadcast_to(np.asarray(digits) > 0, values.shape)
    moved = offsets.copy()
    moved[1:] += np.cumsum(points, dtype=np.int32)
    out = np.insert(plain, (offsets[1:] - digits)[points], _POINT)
    return pa.StringArray.from_buffers(values.size, pa.py_buffer(moved), pa.py_buffer(out))


_NOTHING: Final = np.empty(0, dtype=np.uint8)


def weight_texts(milligrams: IntColumn) -> pa.StringArray:
    """Return kilograms, each as `units.weight_text` writes it.

    >>> weight_texts(np.array([800_000, 453_592])).to_pylist()
    ['0.800', '0.453592']
    """
    grams, rest = np.divmod(milligrams, 1_000)
    finer = rest != 0
    return decimal_texts(
        np.where(finer, milligrams, grams), np.where(finer, _MILLIGRAM, _GRAM).astype(np.int64)
    )
