"""Where the rows of a text begin and end, found for a whole block at once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from xborder_cli.batch.cells import joined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from xborder_cli.core.columns import IntColumn

LONG_CELL: Final = 131_072  # characters: longer cells the csv module refuses
_LF, _CR, _QUOTE = b'\n\r"'
# str.splitlines ends lines at these too; in a table they are blanks inside a cell
CONTROLS: Final = tuple(one.encode() for one in "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")


@dataclass(slots=True, kw_only=True)
class Rows:
    """Rows of an input, not yet grouped to orders."""

    cells: dict[str, pa.Array]  # heading -> n texts, stripped; null where blank
    line: IntColumn  # shape (n,): first line of each row, from 1
    broken: dict[int, str] = field(default_factory=dict)
    items: dict[int, tuple[Mapping[str, object] | str, ...]] = field(default_factory=dict)
    text: bytes  # what the rows were read from
    start: IntColumn  # shape (n,): where each row begins in it
    end: IntColumn  # shape (n,): where each ends, its line end included
    stop: int  # where reading stopped: what follows is no whole row yet
    next_line: int  # number of the line that begins there

    def __len__(self) -> int:
        """Return how many rows there are."""
        return int(self.line.size)

    def first(self, count: int) -> Rows:
        """Return the first rows."""
        return replace(
            self,
            cells={name: _compact(column, count) for name, column in self.cells.items()},
            line=self.line[:count],
            broken={row: words for row, words in self.broken.items() if row < count},
            items={row: items for row, items in self.items.items() if row < count},
            start=self.start[:count],
            end=self.end[:count],
        )

    def take(self, rows: IntColumn) -> Rows:
        """Return some of the rows, in their order."""
        place = (
            {row: at for at, row in enumerate(rows.tolist())} if self.broken or self.items else {}
        )
        return replace(
            self,
            cells={name: column.take(pa.array(rows)) for name, column in self.cells.items()},
            line=self.line[rows],
            broken={place[row]: words for row, words in self.broken.items() if row in place},
            items={place[row]: items for row, items in self.items.items() if row in place},
            start=self.start[rows],
            end=self.end[rows],
        )

    def records(self, rows: IntColumn) -> list[bytes]:
        """Return rows as they can be read again, with their line ends."""
        text = self.text
        found = [
            text[start:end]
            for start, end in zip(self.start[rows].tolist(), self.end[rows].tolist(), strict=True)
        ]
        if found and not found[-1].endswith((b"\n", b"\r")):
            found[-1] += b"\n"  # only the last row of a file lacks it
        return found

    def raw(self, row: int) -> str:
        """Return a row as it stands in the input, without its line end."""
        found = self.text[int(self.start[row]) : int(self.end[row])]
        return found.decode("utf-8", "backslashreplace").rstrip("\r\n")


def joined_rows(parts: Sequence[Rows]) -> Rows:
    """Return rows one after another; where they stood is known no more."""
    broken: dict[int, str] = {}
    items: dict[int, tuple[Mapping[str, object] | str, ...]] = {}
    at = 0
    for part in parts:
        broken |= {at + row: words for row, words in part.broken.items()}
        items |= {at + row: lines for row, lines in part.items.items()}
        at += len(part)
    return Rows(
        cells=joined([part.cells for part in parts], [len(part) for part in parts]),
        line=np.concatenate([part.line for part in parts]),
        broken=broken,
        items=items,
        text=b"",
        start=np.concatenate([part.start for part in parts]),
        end=np.concatenate([part.end for part in parts]),
        stop=0,
        next_line=0,
    )


def _compact(column: pa.Array, count: int) -> pa.Array:
    """Return the first texts; a short slice is copied, or its whole buffers would be sent on."""
    found = column.slice(0, count)
    return found if count > len(column) * 0.9 else pa.concat_arrays([found])


@dataclass(frozen=True, slots=True)
class Cut:
    """A text cut to rows."""

    start: IntColumn  # shape (n,)
    end: IntColumn  # shape (n,), line end included
    line: IntColumn  # shape (n,): line ends before each row
    stop: int
    lines: int  # line ends before `stop`
    quoted_breaks: bool  # line ends stand inside quotes


def no_controls(text: bytes) -> bytes:
    """Return a text with blanks for the signs that end lines in some programs, not in tables."""
    for control in CONTROLS:
        if control[:1] in text and control in text:  # one byte is found much sooner
            text = text.replace(control, b" ")
    return text


def cut(text: bytes, delimiter: bytes, *, final: bool) -> Cut | None:
    """Return the rows of a text whose quotes are well-formed; None when they are not.

    Well-formed quotes open where a cell begins and close where it ends, and no row is so long that
    the csv module might refuse it: every reader of CSV agrees on such rows.

    Args:
        text: begins where a row begins.
        delimiter: one byte.
        final: nothing follows: the last row may lack its line end.
    """
    codes = np.frombuffer(text, np.uint8)
    ends = line_ends(codes, b"\r" in text, final=final)
    inside = None
    if _QUOTE in text:
        quoted = quoted_bits(codes, ord(delimiter), final=final)
        if quoted is None:
            return None
        inside = _bits_at(quoted, ends - 1)
    lines = np.arange(1, ends.size + 1)
    breaks = inside is not None and bool(inside.any())
    if inside is not None and breaks:
        ends, lines = ends[~inside], lines[~inside]
    start = np.empty_like(ends)
    before = np.empty_like(ends)
    start[:1] = before[:1] = 0
    start[1:], before[1:] = ends[:-1], lines[:-1]
    stop = int(ends[-1]) if ends.size else 0
    if len(text) - stop > LONG_CELL and (final or inside is not None):
        return None
    count = int(lines[-1]) if lines.size else 0
    blank = (codes[start] == _LF) | (codes[start] == _CR)
    if blank.any():
        start, ends, before = start[~blank], ends[~blank], before[~blank]
    if start.size and int((ends - start).max()) > LONG_CELL:
        return None
    return Cut(start, ends, before, stop, count, breaks)


def line_ends(codes: npt.NDArray[np.uint8], returns: bool, *, final: bool) -> IntColumn:
    """Return where lines end: after LF, CR LF, or CR alone; the end of a last text is one."""
    found = np.flatnonzero(codes == _LF) + 1
    if returns:
        alone = np.flatnonzero(codes == _CR) + 1
        known = alone[alone < codes.size]
        alone = known[codes[known] != _LF]  # a last one may be half of CR LF
        if final and codes[-1] == _CR:
            alone = np.append(alone, codes.size)
        if alone.size:
            found = np.sort(np.concatenate([found, alone]))
    if final and codes.size and (not found.size or found[-1] != codes.size):
        found = np.append(found, codes.size)
    return found


def quoted_bits(
    codes: npt.NDArray[np.uint8], delimiter: int, *, final: bool
) -> npt.NDArray[np.uint64] | None:
    """Return a bit for each byte, least first: whether an odd number of quotes stands up to it.

    None when a quote opens elsewhere than before a cell or closes elsewhere than after it, two
    quotes inside a cell being one, or when none closes the last cell of a final text.
    """
    quote = _bits(codes == _QUOTE)
    edge = _bits((codes == delimiter) | (codes == _LF) | (codes == _CR)) | quote
    # a prefix sum without carry: first inside each word, then over the words
    odd = quote.copy()
    for step in (1, 2, 4, 8, 16, 32):
        odd ^= odd << np.uint64(step)
    carry = np.bitwise_xor.accumulate(odd >> np.uint64(63))
    odd[1:] ^= np.uint64(0) - carry[:-1]
    if final and carry[-1]:
        return None
    before = edge << np.uint64(1)
    before[1:] |= edge[:-1] >> np.uint64(63)
    before[0] |= np.uint64(1)
    after = edge >> np.uint64(1)
    after[:-1] |= edge[1:] << np.uint64(63)
    last = codes.size - 1
    after[last >> 6] |= np.uint64(1) << np.uint64(last & 63)
    if (quote & odd & ~before).any() or (quote & ~odd & ~after).any():
        return None
    return odd


def _bits(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint64]:
    packed = np.packbits(mask, bitorder="little")
    return np.concatenate([packed, np.zeros(-packed.size % 8, np.uint8)]).view(np.uint64)


def _bits_at(bits: npt.NDArray[np.uint64], places: IntColumn) -> npt.NDArray[np.bool_]:
    found = bits[places >> 6] >> (places & 63).astype(np.uint64)
    odd: npt.NDArray[np.bool_] = (found & np.uint64(1)).astype(bool)
    return odd
