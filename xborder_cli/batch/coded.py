"""A column of texts as codes into its distinct texts, so that each is looked at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.columns import BoolColumn, IntColumn

BLANK: Final = -1
WIDEST: Final = 2**62


@dataclass(frozen=True, slots=True)
class Coded:
    """n texts: each a code into `texts`, BLANK where there is none."""

    texts: pa.Array  # distinct, strings
    codes: IntColumn  # shape (n,)

    @staticmethod
    def of(column: pa.Array) -> Coded:
        """Return a column by its distinct texts, in order of first rows; null is blank."""
        if pa.types.is_null(column.type):
            return Coded(pa.array([], pa.string()), np.full(len(column), BLANK))
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        codes = column.indices
        if codes.null_count:
            codes = codes.fill_null(BLANK)
        return Coded(column.dictionary, codes.to_numpy(zero_copy_only=False).astype(np.int64))

    @property
    def filled(self) -> BoolColumn:
        """Which rows have a text."""
        return self.codes >= 0

    def or_else(self, other: Coded) -> Coded:
        """Return the column with its blanks from another one."""
        blank = self.codes < 0
        if not blank.any():
            return self
        texts = pa.concat_arrays([self.texts.cast(pa.string()), other.texts.cast(pa.string())])
        moved = np.where(other.codes < 0, BLANK, other.codes + len(self.texts))
        return Coded(texts, np.where(blank, moved, self.codes))

    def or_text(self, text: str) -> Coded:
        """Return the column with one text for its blanks; "" leaves them."""
        if not text or not (self.codes < 0).any():
            return self
        return self.or_else(Coded(pa.array([text]), np.zeros(self.codes.size, dtype=np.int64)))


def joined(columns: Sequence[IntColumn], sizes: Sequence[int]) -> tuple[IntColumn, IntColumn]:
    """Return (code of each row's combination, first row of each code) of some code columns.

    Args:
        columns: shape (n,) each, codes from -1.
        sizes: one more than the largest code of each.
    """
    n = columns[0].size if columns else 0
    key = np.zeros(n, dtype=np.int64)
    width = 1
    for codes, size in zip(columns, sizes, strict=True):
        if size <= 0 or (size == 1 and bool((codes == 0).all())):
            continue  # the same in every row
        if width * (size + 1) >= WIDEST:
            key, first = numbered(key)
            width = first.size
        key = key * (size + 1) + (codes + 1)
        width *= size + 1
    return numbered(key)


def combinations(
    columns: Sequence[tuple[str, Coded]], first: IntColumn
) -> list[tuple[tuple[str, str], ...]]:
    """Return the names and texts of some rows, without the blank ones.

    >>> colour = Coded.of(pa.array(["red", None]))
    >>> combinations([("colour", colour)], np.array([0, 1]))
    [(('colour', 'red'),), ()]
    """
    picked = []
    for name, column in columns:
        codes = column.codes[first]
        present, place = np.unique(codes, return_inverse=True)
        blank = int(present.size > 0 and present[0] < 0)
        texts = column.texts.take(pa.array(present[blank:])).to_pylist()
        pairs = [None] * blank + [(name, text) for text in texts]
        picked.append([pairs[at] for at in place.tolist()])
    if not picked:
        return [()] * first.size
    return [
        tuple([pair for pair in pairs if pair is not None]) for pairs in zip(*picked, strict=True)
    ]


def numbered(key: IntColumn) -> tuple[IntColumn, IntColumn]:
    """Return (code of each row's number, first row of each code), codes by first rows."""
    if not key.size:
        return key, key
    found = pa.array(key).dictionary_encode()
    codes = found.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    first = np.full(len(found.dictionary), -1, dtype=np.int64)
    # codes rise with first rows: where the running maximum rises, a code is new
    top = np.maximum.accumulate(codes)
    new = np.flatnonzero(np.diff(top, prepend=-1))
    first[codes[new]] = new
    return codes, first


def sliced(texts: pa.Array, length: int) -> pa.Array:
    """Return the first characters of each text."""
    return pc.utf8_slice_codeunits(texts, 0, length)
