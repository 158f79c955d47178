"""Fingerprints of the ids in plain CSV, found without reading any other cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from xborder_cli.batch.fingerprint import LONG, WORD, Fingerprints, fingerprints, mixed, words_of
from xborder_cli.batch.records import line_ends

if TYPE_CHECKING:
    import pyarrow as pa

    from xborder_cli.core.columns import BoolColumn, IntColumn

FAR: Final = 3  # columns before that of the ids; further right all cells are read
_LOW: Final = np.uint64(0x0101010101010101)
_HIGH: Final = np.uint64(0x8080808080808080)
_BLANK: Final = 0x20


class Keys(NamedTuple):
    """Ids of some rows, as fingerprints."""

    keys: Fingerprints  # shape (n,)
    named: BoolColumn  # shape (n,): whether there is an id at all


def keys_of(ids: pa.Array) -> Keys:
    """Return the fingerprints of ids."""
    return Keys(fingerprints(ids), ids.is_valid().to_numpy(zero_copy_only=False))


def plain_keys(
    text: bytes, delimiter: bytes, column: int, *, final: bool
) -> tuple[Keys, int] | None:
    """Return the ids of whole rows and where these end; None where cells must be read properly.

    Blank rows are among them as rows without an id.

    Args:
        text: begins where a row begins.
        delimiter: one byte.
        column: place of the ids in a row.
        final: nothing follows.
    """
    if column > FAR or b'"' in text or not text.isascii():
        return None
    codes = np.frombuffer(text, np.uint8)
    ends = line_ends(codes, b"\r" in text, final=final)
    if not ends.size:
        return Keys(np.empty(0, np.uint64), np.empty(0, bool)), 0
    start = np.zeros_like(ends)
    start[1:] = ends[:-1]
    full = codes[start] > _BLANK  # others are blank, or not plain
    if (codes[start[~full]] == _BLANK).any():
        return None
    start, stop = start[full], ends[full]
    words = words_of(codes)
    fill = np.uint64(ord(delimiter)) * _LOW
    for _ in range(column):
        found = _cell(words, start, stop, fill)
        if found is None:
            return None
        start = found[1] + 1
    found = _cell(words, start, stop, fill)
    if found is None:
        return None
    keys, end = found
    named = end > start
    inner = codes[np.concatenate([start[named], end[named] - 1])]
    if (inner <= _BLANK).any():
        return None
    return Keys(keys, named), int(ends[-1])


def _cell(
    words: Fingerprints, start: IntColumn, stop: IntColumn, fill: Fingerprints | np.uint64
) -> tuple[Fingerprints, IntColumn] | None:
    """Return the fingerprints of cells and where they end; None when one is long or the last."""
    keys = np.zeros(start.size, np.uint64)
    end = np.zeros(start.size, np.int64)
    rows = np.arange(start.size)
    for at in range(0, LONG + WORD, WORD):
        place = start[rows] + at
        if (place >= stop[rows]).any():
            return None
        word = words[place]
        other = word ^ fill
        # the lowest high bit is that of the first byte that is the delimiter
        hits = (other - _LOW) & ~other & _HIGH
        lowest = hits & (~hits + np.uint64(1))
        here = hits != 0
        size = np.full(rows.size, WORD, np.int64)
        size[here] = _places(lowest[here])
        mask = np.where(here, (lowest >> np.uint64(7)) - np.uint64(1), ~np.uint64(0))
        some = size > 0
        if at:
            keys[rows[some]] = mixed(keys[rows[some]] ^ (word[some] & mask[some]))
        else:
            keys = mixed(word & mask)
        end[rows[here]] = place[here] + size[here]
        rows = rows[~here]
        if not rows.size:
            return None if (end >= stop).any() else (keys, end)
    return None


def _places(lowest: Fingerprints) -> IntColumn:
    """Return which byte of a word has its high bit as the only one."""
    exponent = np.frexp(lowest.astype(np.float64))[1]
    return (exponent.astype(np.int64) - 8) // 8
