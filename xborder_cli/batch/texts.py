"""Text columns as codes into their distinct texts, gathered from groups of orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.columns import IntColumn
    from xborder_cli.core.parcels import Codes

SPARSE: Final = 4  # possible codes a row, beyond which sorting is cheaper than a table of them all


@dataclass(frozen=True, slots=True)
class Texts:
    """A text a row: a code into `names`, of which the first is always ""."""

    names: list[str]
    codes: IntColumn  # shape (n,)

    def padded(self, blanks: int, *, before: bool = False) -> Texts:
        """Return the column with blank rows after it, or before it."""
        if not blanks:
            return self
        none = np.zeros(blanks, dtype=np.int64)
        return Texts(
            self.names, np.concatenate([none, self.codes] if before else [self.codes, none])
        )


def laid_out(parts: Sequence[Codes], sizes: Sequence[int], more: Sequence[str]) -> Texts:
    """Return the columns of groups one after the other, then some more rows.

    Args:
        parts: one a group.
        sizes: rows of each.
        more: texts of further rows.
    """
    index = {"": 0}
    numbered: dict[int, IntColumn] = {}  # by names that groups share: numbered once
    found: list[IntColumn] = []
    for part, size in zip(parts, sizes, strict=True):
        if part.codes is None:
            code = index.setdefault(part.names[0], len(index))
            found.append(np.full(size, code, dtype=np.int64))
            continue
        ours = numbered.get(id(part.names))
        if ours is None:
            ours = np.array([index.setdefault(n, len(index)) for n in part.names], dtype=np.int64)
            numbered[id(part.names)] = ours
        found.append(ours[part.codes])
    rest = np.array([index.setdefault(name, len(index)) for name in more], dtype=np.int64)
    return Texts(list(index), np.concatenate([*found, rest]))


def joined(one: Texts, other: Texts, between: str) -> Texts:
    """Return both texts of each row with something between them where neither is blank.

    >>> one = Texts(["", "a"], np.array([1, 0, 1]))
    >>> both = joined(one, Texts(["", "b"], np.array([1, 1, 0])), "; ")
    >>> [both.names[code] for code in both.codes]
    ['a; b', 'b', 'a']
    """
    if len(one.names) == 1:
        return other
    size = len(one.names) * len(other.names)
    pairs, codes = distinct(one.codes * len(other.names) + other.codes, size)
    index = {"": 0}
    ours = np.array(
        [
            index.setdefault(
                between.join(t for t in (one.names[a], other.names[b]) if t), len(index)
            )
            for a, b in (divmod(int(pair), len(other.names)) for pair in pairs)
        ],
        dtype=np.int64,
    )
    return Texts(list(index), ours[codes])


def distinct(codes: IntColumn, size: int) -> tuple[IntColumn, IntColumn]:
    """Return which codes below `size` occur, rising, and the place of each row's among them.

    >>> [one.tolist() for one in distinct(np.array([7, 2, 7]), 9)]
    [[2, 7], [1, 0, 1]]
    """
    if size > SPARSE * codes.size:
        found, places = np.unique(codes, return_inverse=True)
        return found, places
    present = np.zeros(size, dtype=np.bool_)
    present[codes] = True
    return np.flatnonzero(present), (np.cumsum(present) - 1)[codes]


def dictionary(texts: Texts) -> pa.DictionaryArray:
    """Return an Arrow column, null where the text is blank."""
    codes = (texts.codes - 1).astype(np.int32)
    return pa.DictionaryArray.from_arrays(
        pa.array(codes, mask=codes < 0), pa.array(texts.names[1:], pa.string())
    )
