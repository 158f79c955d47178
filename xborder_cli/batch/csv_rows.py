"""Rows of CSV as columns: at once where every reader of CSV agrees on them, else one by one."""

from __future__ import annotations

import csv
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv

from xborder_cli.adapters.order_rows import DELIMITERS, normal
from xborder_cli.adapters.row_words import too_many_cells
from xborder_cli.batch.cells import strings, tidy
from xborder_cli.batch.id_keys import Keys, plain_keys
from xborder_cli.batch.loose import FOREIGN, foreign, loose_rows
from xborder_cli.batch.records import Cut, Rows, cut, joined_rows, no_controls

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

PIECE: Final = 1 << 15  # bytes read one way or the other when a block cannot be read at once
_BOM: Final = b"\xef\xbb\xbf"


def sniffed(heading: str, known: Collection[str]) -> str:
    """Return the delimiter under which most of a heading means something, then most columns.

    >>> sniffed("order;to,the point;value", ["order", "value"])
    ';'
    """

    def score(delimiter: str) -> tuple[int, int]:
        names = next(csv.reader([heading], delimiter=delimiter), [])
        return sum(name in known or normal(name) in known for name in names), len(names)

    return max(DELIMITERS, key=score)


class CsvRows:
    """Reads rows under a heading."""

    def __init__(self, known: Collection[str], delimiter: str = "") -> None:
        """Sniff the delimiter among known words unless it is given."""
        self.known = known
        self.delimiter = delimiter
        self.sniffed = not delimiter
        self.headings: tuple[str, ...] = ()
        self.encoding = "UTF-8"  # for words about bytes
        self._columns: dict[str, int] = {}

    def head(self, text: bytes, *, final: bool) -> tuple[bytes, int] | None:
        """Read the heading; return what follows it, and how many lines it takes.

        Nothing is returned when more text is needed.
        """
        text = no_controls(text)
        for size in (1 << 14, len(text)):  # most headings are short
            found = self._head(text[:size], final=final and size >= len(text))
            if found is not None:
                return text[found[0] :], found[1]
        return None

    def _head(self, text: bytes, *, final: bool) -> tuple[int, int] | None:
        lines = _lines(text, final=final)
        first = next((line for line in lines if line.strip("\r\n")), None)
        if first is None:
            return None
        delimiter = self.delimiter or sniffed(first.rstrip("\r\n"), self.known)
        found = loose_rows(lines, delimiter, final=final)
        for row, values in enumerate(found.values):
            names = tuple(name.strip() for name in values)
            if any(names):
                count = found.lines[row] + found.counts[row]
                self.headings = tuple(FOREIGN.sub("\ufffd", name) for name in names)
                self.delimiter = delimiter
                return sum(len(_bytes(line)) for line in lines[:count]), count
        return None

    def choose(self, wanted: Callable[[str], bool]) -> None:
        """Read only some columns from now on; of two with one heading the last."""
        self._columns = {name: at for at, name in enumerate(self.headings) if wanted(name)}

    def keys(self, text: bytes, heading: str, *, final: bool) -> tuple[Keys, int] | None:
        """Return fingerprints of ids alone and how many bytes were read; None where it cannot."""
        column = self._columns[heading]
        return plain_keys(no_controls(text), self.delimiter.encode(), column, final=final)

    def parse(self, text: bytes, line: int, *, final: bool) -> Rows:
        """Return the rows of a text that begins where a row begins, up to the last whole one."""
        text = no_controls(text)
        rows = self._at_once(text, line, final=final)
        if rows is not None:
            return rows
        parts: list[Rows] = []
        at, size = 0, PIECE
        while at < len(text):
            whole = at + size >= len(text)
            piece = text[at : at + size]
            rows = self._at_once(piece, line, final=final and whole)
            if rows is None:
                rows = self._one_by_one(piece, line, final=final and whole)
            if not rows.stop:
                if whole:
                    break
                size *= 2
                continue
            rows.start, rows.end = rows.start + at, rows.end + at
            parts.append(rows)
            at, line, size = at + rows.stop, rows.next_line, PIECE
        if not parts:
            parts.append(self._one_by_one(b"", line, final=False))
        return replace(joined_rows(parts), text=text, stop=at, next_line=line)

    def _at_once(self, text: bytes, line: int, *, final: bool) -> Rows | None:
        """Return rows by columns, None when they are not the csv module's beyond doubt."""
        found = cut(text, self.delimiter.encode(), final=final)
        if found is None or text.startswith(_BOM):
            return None
        try:
            if not text.isascii():
                str(memoryview(text)[: found.stop], "utf-8")
            table = self._table(text, found) if found.start.size else None
        except (UnicodeDecodeError, pa.ArrowInvalid):  # ragged rows are among the latter
            return None
        cells = {name: strings([]) for name in self._columns}
        if table is not None:
            if table.num_rows != found.start.size:
                return None
            columns = {name: table.column(str(at)) for name, at in self._columns.items()}
            if any(column.num_chunks != 1 for column in columns.values()):
                return None
            cells = {name: tidy(column.chunk(0)) for name, column in columns.items()}
        rows = Rows(
            cells=cells,
            line=found.line + line,
            text=text,
            start=found.start,
            end=found.end,
            stop=found.stop,
            next_line=line + found.lines,
        )
        return self._without_blank(rows)

    def _table(self, text: bytes, found: Cut) -> pa.Table:
        body = pa.py_buffer(memoryview(text)[: found.stop])
        wanted = [str(at) for at in self._columns.values()] or ["0"]
        return pyarrow.csv.read_csv(
            pa.BufferReader(body),
            read_options=pyarrow.csv.ReadOptions(
                use_threads=False,
                block_size=max(found.stop, 1) + 1,
                column_names=[str(at) for at in range(len(self.headings))],
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=self.delimiter, newlines_in_values=found.quoted_breaks
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                check_utf8=False,
                include_columns=wanted,
                column_types=dict.fromkeys(wanted, pa.string()),
                null_values=[],
                strings_can_be_null=False,
            ),
        )

    def _without_blank(self, rows: Rows) -> Rows:
        """Return the rows that have a cell that is not blank, whichever columns are read."""
        doubtful = np.ones(len(rows), bool)
        for column in rows.cells.values():
            if not column.null_count:
                return rows
            doubtful &= column.is_null().to_numpy(zero_copy_only=False)
        empty = [row for row in np.flatnonzero(doubtful).tolist() if self._blank(rows.raw(row))]
        if not empty:
            return rows
        keep = np.ones(len(rows), bool)
        keep[empty] = False
        return rows.take(np.flatnonzero(keep))

    def _blank(self, raw: str) -> bool:
        reader = csv.reader(raw.splitlines(True), delimiter=self.delimiter)
        return not any(value.strip() for value in next(reader, []))

    def _one_by_one(self, text: bytes, line: int, *, final: bool) -> Rows:
        lines = _lines(text, final=final)
        found = loose_rows(lines, self.delimiter, final=final)
        ends = np.cumsum([0, *(len(_bytes(one)) for one in lines)])
        plain = text.isascii()
        keep: list[int] = []
        kept: list[list[str]] = []
        broken: dict[int, str] = {}
        for row, cells in enumerate(found.values):
            words = found.broken.get(row, "")
            if not words and not "".join(cells).strip():
                continue
            if not plain and (wrong := foreign(found.raws[row], self.encoding)):
                words = words or wrong
                cells = ["" if FOREIGN.search(cell) else cell for cell in cells]
            if not words and len(cells) > len(self.headings):
                words = too_many_cells(len(cells), len(self.headings), self.delimiter)
            if words:
                broken[len(keep)] = words
            keep.append(row)
            kept.append(cells)
        first = np.array([found.lines[row] for row in keep], np.int64)
        counts = np.array([found.counts[row] for row in keep], np.int64)
        return Rows(
            cells={
                name: tidy(strings([cells[at] if at < len(cells) else None for cells in kept]))
                for name, at in self._columns.items()
            },
            line=first + line,
            broken=broken,
            text=text,
            start=ends[first],
            end=ends[first + counts],
            stop=int(ends[found.taken]),
            next_line=line + found.taken,
        )


def _lines(text: bytes, *, final: bool) -> list[str]:
    """Return the whole lines of a text; a CR at its end may be half of a line end."""
    lines = text.decode("utf-8", "surrogateescape").splitlines(keepends=True)
    if lines and not final and not lines[-1].endswith("\n"):
        lines.pop()
    return lines


def _bytes(line: str) -> bytes:
    return line.encode("utf-8", "surrogateescape")
