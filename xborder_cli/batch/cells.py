"""Columns of cells as orders are read from them: stripped, null where blank."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from xborder_cli.core.columns import IntColumn

_MAY_STRIP: Final = np.zeros(256, bool)  # what a blank may begin or end with, as UTF-8 has it
_MAY_STRIP[: 0x20 + 1] = True
_MAY_STRIP[0x80:] = True


def text_parts(column: pa.Array) -> tuple[IntColumn, npt.NDArray[np.uint8]]:
    """Return where the texts of a string column begin, shape (n + 1,), and all their bytes."""
    _, offsets, data = column.buffers()
    if offsets is None:
        return np.zeros(len(column) + 1, np.int64), np.empty(0, np.uint8)
    begin = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    codes = np.frombuffer(data, np.uint8) if data is not None else np.empty(0, np.uint8)
    return begin.astype(np.int64), codes


def tidy(column: pa.Array) -> pa.Array:
    """Return a string column with its texts stripped, as `str.strip` does, and blanks null.

    >>> tidy(pa.array([" a", "", " ", "b"])).to_pylist()
    ['a', None, None, 'b']
    """
    begin, codes = text_parts(column)
    if not begin.size:
        return column
    full = np.flatnonzero(begin[1:] > begin[:-1])
    if full.size:
        first, last = begin[:-1], begin[1:]
        if full.size != len(column):
            first, last = first[full], last[full]
        if _MAY_STRIP[codes[first]].any() or _MAY_STRIP[codes[last - 1]].any():
            column = pc.utf8_trim_whitespace(column)
            begin, _ = text_parts(column)
            full = np.flatnonzero(begin[1:] > begin[:-1])
    if full.size + column.null_count == len(column):
        return column
    return pc.if_else(pc.equal(pc.binary_length(column), 0), None, column)


def strings(texts: Sequence[str | None]) -> pa.Array:
    """Return texts as a column."""
    return pa.array(texts, pa.string())


def blank(count: int) -> pa.Array:
    """Return a column of nothing."""
    return pa.nulls(count, pa.string())


def joined(parts: Sequence[Mapping[str, pa.Array]], counts: Sequence[int]) -> dict[str, pa.Array]:
    """Return columns one after another; blank where a part lacks one."""
    if len(parts) == 1:
        return dict(parts[0])
    names = dict.fromkeys(name for part in parts for name in part)
    return {
        name: pa.concat_arrays(
            [
                part[name] if name in part else blank(count)
                for part, count in zip(parts, counts, strict=True)
            ]
        )
        for name in names
    }
