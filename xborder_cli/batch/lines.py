"""Columns of written cells put together to lines, a whole block at a time.

Neighbours that take few different values together are joined once for each combination: of thirty
columns ten or so are left to go through row by row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xborder_cli.batch.texts import distinct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.columns import IntColumn

AT_ONCE: Final = 8192  # rows: their text stays in the cache of the processor
MANY: Final = 8  # rows a combination, at least, for joining combinations to pay
GAP: Final = (
    "\x01\x01"  # a null among texts, with its quotes as long as the word null; JSON never has it
)


@dataclass(frozen=True, slots=True)
class Coded:
    """A cell a row, as it is written: a code into `texts`."""

    codes: IntColumn
    texts: pa.StringArray

    def beside(self, before: str, after: str) -> Coded:
        """Return the cells with the same text before and after each."""
        if not before and not after:
            return self
        return Coded(self.codes, pc.binary_join_element_wise(before, self.texts, after, ""))


Part: TypeAlias = "str | Coded | pa.Array"


def lines_of(parts: Sequence[Part], rows: int, gap: str) -> bytes:
    """Return rows as bytes.

    Args:
        parts: what stands in a line, from left to right.
        rows: how many there are.
        gap: what stands for a null in a column of plain text, the quotes around it included.
    """
    fewer = merged(parts)
    return b"".join(
        _lines([_rows(one, start, min(AT_ONCE, rows - start)) for one in fewer], gap)
        for start in range(0, rows, AT_ONCE)
    )


def _lines(pieces: Sequence[str | pa.Array], gap: str) -> memoryview:
    nulls = bool(gap) and any(not isinstance(p, str) and p.null_count for p in pieces)
    whole = pc.binary_join_element_wise(
        *pieces, "", null_handling="replace", null_replacement=GAP if nulls else ""
    )
    _, _, data = whole.buffers()
    size = pc.sum(pc.binary_length(whole)).as_py()
    return _filled(data, size, gap) if nulls else memoryview(data)[:size]


def _filled(data: pa.Buffer, size: int, gap: str) -> memoryview:
    """Return text with the gaps and the quotes around them written over: they are as long."""
    found = np.frombuffer(data, np.uint8, size).copy()
    first = np.flatnonzero(found == ord(GAP[0]))[::2]
    for place, sign in enumerate(gap.encode(), -1):
        found[first + place] = sign
    return found.data


def _rows(part: Part, start: int, count: int) -> str | pa.Array:
    if isinstance(part, Coded):
        return part.texts.take(pa.array(part.codes[start : start + count]))
    return part if isinstance(part, str) else part.slice(start, count)


def merged(parts: Sequence[Part]) -> list[Part]:
    """Return fewer parts that make the same lines."""
    found: list[Part] = []
    held = ""  # text that is the same in every row and has no place yet
    for part in parts:
        if isinstance(part, str):
            held += part
        elif isinstance(part, Coded):
            last = found[-1] if found else None
            both = _both(last, held, part) if isinstance(last, Coded) else None
            if both is None:
                found.append(part.beside(held, ""))
            else:
                found[-1] = both
            held = ""
        else:
            _add(found, held)
            found.append(part)
            held = ""
    _add(found, held)
    return found


def _add(found: list[Part], held: str) -> None:
    if not held:
        return
    last = found[-1] if found else None
    if isinstance(last, Coded):
        found[-1] = last.beside("", held)
    else:
        found.append(held)


def _both(one: Coded, between: str, other: Coded) -> Coded | None:
    """Return two neighbours as one; None when they take too many values together."""
    rows, width = one.codes.size, len(other.texts)
    size = len(one.texts) * width
    if max(len(one.texts), width) * MANY > max(rows, 1024):
        return None
    pairs, codes = distinct(one.codes * width + other.codes, size)
    if pairs.size * MANY > max(rows, 1024):
        return None
    texts = pc.binary_join_element_wise(
        one.texts.take(pa.array(pairs // width)), other.texts.take(pa.array(pairs % width)), between
    )
    return Coded(codes, texts)
