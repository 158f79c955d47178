"""Typed columns of a Parquet file as the texts that a CSV file would have."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xborder_cli.adapters.row_words import an_object
from xborder_cli.batch.cells import blank, strings, tidy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xborder_cli.core.columns import IntColumn

_EXACT = {pa.float64(): 2.0**53, pa.float32(): 2.0**24}  # whole numbers below are exact


def texts_of(column: pa.Array) -> pa.Array | None:
    """Return a column as texts, None when its values are lists or objects.

    >>> texts_of(pa.array([3.0, 12.5, float("nan")])).to_pylist()
    ['3', '12.5', None]
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
        return texts_of(column.dictionary_decode())
    if pa.types.is_nested(kind):
        return None
    if pa.types.is_null(kind):
        return blank(len(column))
    if pa.types.is_floating(kind):
        return _of_floats(column)
    if pa.types.is_timestamp(kind):
        return _of_times(column)
    if pa.types.is_decimal(kind):
        return _plain(column.cast(pa.string()))
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return _of_bytes(column)
    return tidy(column.cast(pa.string()))


def nested(column: pa.Array, heading: str, *, items: bool) -> Iterator[tuple[int, object, str]]:
    """Yield of each value that is no text: its row, its texts or item lines, what is wrong."""
    for row, value in enumerate(column.to_pylist()):
        if value is None:
            continue
        if isinstance(value, list) and items:
            yield row, tuple(_as_json(one) for one in value), ""
        elif isinstance(value, list) and not any(isinstance(one, tuple) for one in value):
            yield row, ";".join(str(_as_json(one)) for one in value), ""
        else:
            yield row, "", an_object(heading)


def _as_json(value: object) -> object:
    """Return a value inside a list as JSON lines would have it, numbers as texts."""
    if isinstance(value, dict):
        made: Mapping[str, object] = {
            name: _as_json(one) for name, one in value.items() if one is not None
        }
        return made
    if isinstance(value, list):
        return [_as_json(one) for one in value]
    if isinstance(value, bool) or value is None:
        return value
    kind = pa.scalar(value).type
    text = texts_of(pa.array([value], kind))
    return str(value) if text is None else text[0].as_py() or ""


def _of_floats(column: pa.Array) -> pa.Array:
    """Return the shortest text that reads back as the same number; blank for NaN."""
    if column.type == pa.float16():
        column = column.cast(pa.float32())
    column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    whole = pc.fill_null(
        pc.and_(pc.equal(pc.floor(column), column), pc.less(pc.abs(column), _EXACT[column.type])),
        False,
    )
    text = _plain(column.cast(pa.string()))
    if not pc.any(whole).as_py():
        return text
    exact = pc.if_else(whole, column, pa.scalar(0, column.type)).cast(pa.int64())
    return pc.if_else(whole, exact.cast(pa.string()), text)


def _plain(column: pa.Array) -> pa.Array:
    """Return numbers without an exponent."""
    marked = pc.fill_null(pc.match_substring(column, "e", ignore_case=True), False)
    rows = np.flatnonzero(marked.to_numpy(zero_copy_only=False))
    if not rows.size:
        return column
    made = strings([format(Decimal(column[row].as_py()), "f") for row in rows.tolist()])
    return pc.replace_with_mask(column, marked, made)


def _of_times(column: pa.Array) -> pa.Array:
    """Return days, with the time of day where it is not midnight."""
    text = column.cast(pa.string())
    text = pc.replace_substring(text, " ", "T", max_replacements=1)
    if column.type.unit != "s":
        text = pc.replace_substring_regex(text, r"\.0+(Z|[+-]|$)", r"\1")
    if column.type.tz is None:
        text = pc.replace_substring_regex(text, "T00:00:00$", "")
    return text


def _of_bytes(column: pa.Array) -> pa.Array:
    """Return bytes as UTF-8; what is none shows its bytes."""
    try:
        return tidy(column.cast(pa.string()))
    except pa.ArrowInvalid:
        made = [
            None if one is None else one.decode("utf-8", "backslashreplace")
            for one in column.to_pylist()
        ]
        return tidy(strings(made))


def numbers(first: int, count: int) -> IntColumn:
    """Return the numbers of some rows."""
    return np.arange(first, first + count, dtype=np.int64)
