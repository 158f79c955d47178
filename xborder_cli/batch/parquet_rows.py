"""Rows of Parquet; the first row is line 1, there being no heading."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from xborder_cli.batch.cells import strings
from xborder_cli.batch.id_keys import Keys, keys_of
from xborder_cli.batch.parquet_cells import nested, numbers, texts_of
from xborder_cli.batch.records import Rows, joined_rows
from xborder_cli.errors import OrderError, Problem, Where

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from xborder_cli.core.columns import IntColumn

MAGIC = b"PAR1"
LEAST, MOST = 1 << 10, 1 << 20  # rows read at a time


class ParquetRows:
    """Rows of one Parquet file in their order."""

    def __init__(self, file: str | BinaryIO, path: str, size: int) -> None:
        """Read what columns there are.

        Raises:
            OrderError: it is no Parquet, or ends in the middle.
        """
        self.path = path
        self.size = size
        try:
            self.file = pyarrow.parquet.ParquetFile(file)
        except (pa.ArrowException, OSError) as error:
            raise self._fault(error, 0) from None
        self.schema = self.file.schema_arrow
        self.headings = tuple(self.schema.names)
        self.items: Collection[str] = ()
        self.last = False
        self.count = 0  # rows read, those that come again included
        self._columns: list[str] = []
        self._line = 1
        self._kept: Rows | None = None
        self._rows: Rows | None = None
        self._batches: Iterator[pa.RecordBatch] | None = None

    @property
    def position(self) -> int:
        """Return about how many bytes have been read."""
        rows: int = self.file.metadata.num_rows
        return self.size * (self._line - 1) // max(1, rows)

    def choose(self, wanted: Callable[[str], bool]) -> None:
        """Read only some columns."""
        self._columns = [name for name in dict.fromkeys(self.headings) if wanted(name)]

    def read(self, size: int) -> Rows | None:
        """Return what was kept and the rows after it; None when nothing is left.

        Raises:
            OrderError: the file is damaged; told after all rows that can be read.
        """
        if self.last:
            return None
        rows = self._more(size)
        self.last = rows is None
        parts = [one for one in (self._kept, rows) if one is not None]
        self._kept = None
        if not parts:
            return None
        self._rows = parts[0] if len(parts) == 1 else _table(joined_rows(parts), self._items_as)
        return self._rows

    def keep_from(self, row: int) -> None:
        """Give the rows from one on again, with those that follow."""
        assert self._rows is not None
        if row < len(self._rows):
            self._kept = self._rows.take(np.arange(row, len(self._rows)))
            self.last = False

    def keys(self, heading: str, size: int) -> Keys | None:
        """Return the ids of the rows that follow; None when nothing is left."""
        rows = self._more(size)
        return None if rows is None else keys_of(rows.cells[heading])

    def _more(self, size: int) -> Rows | None:
        if self._batches is None:
            data = self.file.metadata
            total = sum(data.row_group(one).total_byte_size for one in range(data.num_row_groups))
            each = max(1, total // max(1, data.num_rows))
            columns = self._columns or list(self.headings[:1])
            self._batches = self.file.iter_batches(
                min(max(size // each, LEAST), MOST), columns=columns, use_threads=False
            )
        try:
            batch = next(self._batches, None)
        except (pa.ArrowException, OSError) as error:
            raise self._fault(error, self._line - 1) from None
        if batch is None:
            return None
        rows = self._read(batch)
        self._line += len(rows)
        self.count += len(rows)
        return rows

    def _read(self, batch: pa.RecordBatch) -> Rows:
        cells: dict[str, pa.Array] = {}
        broken: dict[int, str] = {}
        items: dict[int, tuple[Mapping[str, object] | str, ...]] = {}
        for name in self._columns:
            column = batch.column(name)
            texts = texts_of(column)
            if texts is None:
                found: dict[int, str] = {}
                for row, value, words in nested(column, name, items=name in self.items):
                    if words:
                        broken.setdefault(row, words)
                    elif isinstance(value, tuple):
                        items[row] = value
                    else:
                        found[row] = str(value)
                texts = strings([found.get(row) or None for row in range(batch.num_rows)])
            cells[name] = texts
        line = numbers(self._line, batch.num_rows)
        return _Table(
            cells=cells,
            line=line,
            broken=broken,
            items=items,
            text=b"",
            start=line,
            end=line,
            stop=0,
            next_line=0,
            items_as=self._items_as,
        )

    @property
    def _items_as(self) -> str:
        return next((name for name in self.headings if name in self.items), "")

    def _fault(self, error: Exception, line: int) -> OrderError:
        words = str(error).splitlines()[0]
        what = f"the Parquet file is damaged or ends in the middle: {words}"
        fix = "get the whole file and run again, without --resume"
        where = Where(self.path, line)
        return OrderError(Problem(code="input-cut-off", where=where, what=what, fix=fix))


@dataclass(slots=True, kw_only=True)
class _Table(Rows):
    """Rows that have no text of their own: JSON stands for it."""

    items_as: str = ""  # heading of the item lines

    def records(self, rows: IntColumn) -> list[bytes]:
        """Return rows as they can be read again."""
        columns = {name: column.take(pa.array(rows)) for name, column in self.cells.items()}
        texts = zip(*(column.to_pylist() for column in columns.values()), strict=True)
        return [
            self._line(row, dict(zip(columns, cells, strict=True))).encode() + b"\n"
            for row, cells in zip(rows.tolist(), texts, strict=True)
        ]

    def raw(self, row: int) -> str:
        """Return the cells of a row that were read."""
        return self._line(row, {name: column[row].as_py() for name, column in self.cells.items()})

    def _line(self, row: int, cells: Mapping[str, str | None]) -> str:
        found: dict[str, object] = {name: one for name, one in cells.items() if one is not None}
        if row in self.items:
            found[self.items_as] = list(self.items[row])
        return json.dumps(found, ensure_ascii=False)


def _table(rows: Rows, items_as: str) -> _Table:
    kept = {one.name: getattr(rows, one.name) for one in fields(Rows)}
    return _Table(**kept, items_as=items_as)
