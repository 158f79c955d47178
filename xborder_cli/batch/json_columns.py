"""Lines of JSON looked at all together, without reading them one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json

from xborder_cli.batch.cells import blank, tidy

if TYPE_CHECKING:
    import numpy.typing as npt

    from xborder_cli.core.columns import IntColumn

_LF: Final = ord("\n")
_NUMERIC: Final = np.zeros(256, bool)  # what numbers are written with
_NUMERIC[list(b"0123456789+-.eE")] = True
_DIGIT: Final = np.zeros(256, bool)
_DIGIT[list(b"0123456789")] = True
LONGEST_NUMBER: Final = 32  # signs
_BEGINS: Final = np.zeros(256, bool)  # what they begin with
_BEGINS[list(b"0123456789-")] = True


class Objects(NamedTuple):
    """Lines that begin and end as objects do; blank ones are left out."""

    start: IntColumn  # shape (n,)
    end: IntColumn  # shape (n,), line end included
    number: IntColumn  # shape (n,): lines before
    lines: int  # blank ones included


def objects(codes: npt.NDArray[np.uint8]) -> Objects | None:
    """Return the lines of a text, None when one is no object or there is none."""
    ends = np.flatnonzero(codes == _LF) + 1
    if not ends.size or ends[-1] != codes.size:
        ends = np.append(ends, codes.size)
    start = np.zeros_like(ends)
    start[1:] = ends[:-1]
    last = _last(codes, start, ends)
    full = np.flatnonzero(last >= start)
    if not full.size or (codes[start[full]] != ord("{")).any():
        return None
    if (codes[last[full]] != ord("}")).any():
        return None
    return Objects(start[full], ends[full], full, int(ends.size))


def _last(codes: npt.NDArray[np.uint8], start: IntColumn, ends: IntColumn) -> IntColumn:
    """Return where the last byte of each line is that is no blank; before the line if none is."""
    last = ends - 1
    for _ in range(4):  # a line end, and a few blanks
        blanks = (last >= start) & (codes[np.maximum(last, 0)] <= ord(" "))
        if not blanks.any():
            break
        last = last - blanks
    return last


def numbers_quoted(codes: npt.NDArray[np.uint8]) -> bytes | None:
    """Return objects whose numbers stand in quotes, so that they keep their text.

    What looks so inside a text would be quoted too, and make the whole no JSON: it is never read
    wrong. None when a number is not a plain one, such as 01 or 1e3.
    """
    begin = np.flatnonzero((codes[1:] == ord(":")) & (codes[:-1] == ord('"'))) + 2
    top = codes.size - 1
    begin = begin[begin <= top]
    begin = begin + (codes[begin] == ord(" "))
    begin = begin[_BEGINS[codes[np.minimum(begin, top)]]]
    if not begin.size:
        return codes.tobytes()
    first = begin + (codes[begin] == ord("-"))
    if not _DIGIT[codes[np.minimum(first, top)]].all():
        return None
    end = first + 1
    zero = (codes[first] == ord("0")) & _DIGIT[codes[np.minimum(end, top)]]
    dots = np.zeros(end.size, np.int64)
    going = np.arange(end.size)
    for _ in range(LONGEST_NUMBER):
        code = codes[np.minimum(end[going], top)]
        more = _NUMERIC[code]
        going, code = going[more], code[more]
        if not going.size:
            break
        dots[going] += code == ord(".")
        if (end[going] > top).any() or not (_DIGIT[code] | (code == ord("."))).all():
            return None
        end[going] += 1
    if going.size or zero.any() or (dots > 1).any() or not _DIGIT[codes[end - 1]].all():
        return None
    return np.insert(codes, np.stack([begin, end], 1).ravel(), ord('"')).tobytes()


def only(text: bytes, heading: str) -> pa.Array | None:
    """Return one column of objects as texts, None when it is not made of texts."""
    schema = pa.schema([(heading, pa.string())])
    options = pyarrow.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")
    try:
        table = pyarrow.json.read_json(
            pa.BufferReader(text),
            read_options=pyarrow.json.ReadOptions(use_threads=False, block_size=len(text) + 1),
            parse_options=options,
        )
    except (pa.ArrowInvalid, UnicodeDecodeError):
        return None
    column = table.column(0)
    return tidy(column.chunk(0)) if column.num_chunks == 1 else None


def texts_of(column: pa.ChunkedArray, *, nested: bool) -> pa.Array | None:
    """Return a column as texts; None when it is not made of texts, truths and lists of texts."""
    if column.num_chunks != 1:
        return None
    found = column.chunk(0)
    if pa.types.is_string(found.type):
        return tidy(found)
    if pa.types.is_boolean(found.type):
        return found.cast(pa.string())
    if pa.types.is_null(found.type):
        return blank(len(found))
    if pa.types.is_list(found.type) and pa.types.is_string(found.type.value_type) and not nested:
        return None if found.flatten().null_count else tidy(pc.binary_join(found, ";"))
    return None
