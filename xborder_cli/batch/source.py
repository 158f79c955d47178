"""An input of orders opened: what it is, its headings, and its rows as blocks of whole orders."""

from __future__ import annotations

import glob
import re
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from xborder_cli.batch.asked import Asked
from xborder_cli.batch.csv_rows import CsvRows
from xborder_cli.batch.encoding import Text
from xborder_cli.batch.grouping import Grouping, Unnamed
from xborder_cli.batch.json_rows import JsonRows
from xborder_cli.batch.packing import (
    MAGIC,
    FileBytes,
    PipeBytes,
    head_of,
    opened,
    spooled,
    unpacked,
)
from xborder_cli.batch.parquet_rows import MAGIC as PARQUET
from xborder_cli.batch.parquet_rows import ParquetRows
from xborder_cli.batch.pipe import Pipe
from xborder_cli.batch.scatter import Scatter
from xborder_cli.batch.text_rows import TextRows
from xborder_cli.errors import OrderError, Problem, Where

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from types import TracebackType

    from xborder_cli.batch.block import Block
    from xborder_cli.batch.grouping import Elsewhere
    from xborder_cli.batch.scatter import Parses

BLOCK: Final = 16 << 20  # bytes
HEAD: Final = 1 << 20
STEP: Final = 4 << 20  # bytes in which ids are looked for
FOREIGN: Final = {  # first bytes of other files, what they are, what to do
    b"PK\x03\x04": ("a workbook or a zip archive", "save the sheet as CSV UTF-8, or unpack it"),
    b"\xd0\xcf\x11\xe0": ("an old Excel workbook", "save the sheet as CSV UTF-8"),
    b"%PDF": ("a PDF", "export the orders as CSV"),
    b"BZh": ("packed with bzip2", "unpack it; gzip and zstd are read as they are"),
    b"\xfd7zX": ("packed with xz", "unpack it; gzip and zstd are read as they are"),
}
_JSON: Final = re.compile(rb"\s*(?:\{|\[\s*(?:[\[{]|$))")


def open_source(
    path: str,
    *,
    known: Collection[str] = (),
    format: str = "",
    encoding: str = "",
    delimiter: str = "",
    stdin: BinaryIO | None = None,
) -> Source:
    """Open an input and read its head.

    Args:
        path: of a file, or - for what comes on `stdin`.
        known: headings that mean something, to tell the delimiter by.
        format: csv, jsonl or parquet; told by the first bytes when "".
        encoding: as Python knows it; looked for when "".
        delimiter: of CSV; sniffed when "".
        stdin: read when the path is -; that of the process when None.

    Raises:
        OrderError: it cannot be read, is empty, or has no heading.
        UsageError: there is no such format, encoding or delimiter.
    """
    return Source(path, Asked(known, format, encoding, delimiter), stdin)


def expand(patterns: Sequence[str]) -> list[str]:
    """Return the files that some patterns name, each pattern's in the order of their names.

    >>> expand(["-"])
    ['-']

    Raises:
        OrderError: a pattern names none.
    """
    found: list[str] = []
    problems = []
    for pattern in patterns:
        if pattern == "-" or Path(pattern).exists():
            found.append(pattern)
            continue
        files = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207  # as the shell does
        if not files:
            what = "no file has such a name"
            if not glob.has_magic(pattern):
                what = "cannot be read: No such file or directory"
            problems.append(Problem(code="no-file", where=Where(pattern), what=what))
        found += files
    if problems:
        raise OrderError(problems)
    return found


class Source:
    """An input that is open."""

    def __init__(self, path: str, asked: Asked, stdin: BinaryIO | None) -> None:
        """Read the head; see `open_source`."""
        self.path = "stdin" if path == "-" else path
        self.asked = asked
        self.kind = asked.format  # csv, jsonl or parquet
        self.unnamed = Unnamed()  # rows without an id, once they have been read
        self._named = path
        self._raw_of: tuple[Block, Callable[[int], str]] | None = None
        try:
            self._bytes = opened(path, stdin)
        except OSError as error:
            what = f"cannot be read: {error.strerror}"
            where = Where(self.path)
            raise OrderError(Problem(code="no-file", where=where, what=what)) from None
        self._rows = self._read_from(self._bytes)

    @property
    def headings(self) -> tuple[str, ...]:
        """Return the names of the columns, as the input has them."""
        return self._rows.headings

    @property
    def delimiter(self) -> str:
        """Return what stands between the cells of CSV."""
        form = getattr(self._rows, "form", None)
        return form.delimiter if isinstance(form, CsvRows) else ""

    @property
    def size(self) -> int | None:
        """Return how many bytes there are, None of a pipe."""
        return self._bytes.size

    @property
    def remarks(self) -> list[str]:
        """Return what is to be said of the input; its encoding may show only late."""
        text = getattr(self._rows, "text", None)
        if not isinstance(text, Text) or self.asked.encoding or text.name in ("", "UTF-8"):
            return []
        if text.marked:
            return [f"{self.path} is read as {text.name}"]
        return [f"{self.path} is not UTF-8; it is read as {text.name}"]

    def __enter__(self) -> Source:
        """Return the source itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the file; a pipe is its owner's."""
        self._bytes.close()

    def position(self) -> int:
        """Return how many bytes of the input have been read, packed as they are."""
        rows = self._rows
        return rows.position if isinstance(rows, ParquetRows) else self._bytes.position

    def blocks(
        self,
        *,
        order_id: str | None,
        wanted: Callable[[str], bool],
        items: Collection[str] = (),
        block_bytes: int = BLOCK,
        skip_orders: int = 0,
        first_number: int = 1,
    ) -> Iterator[Block]:
        """Yield the orders of the input, each whole, in the order of their first rows; once only.

        Args:
            order_id: heading that names orders; without one every row is an order.
            wanted: tells which headings are read.
            items: headings whose lists, in JSON, are item lines.
            block_bytes: of text, about, a block.
            skip_orders: orders at the start that are not given.
            first_number: of the first order given, where numbers name them.

        Raises:
            OrderError: the input ends in the middle; told after all orders before.
        """
        rows = self._rows

        def read(name: str) -> bool:
            return name == order_id or wanted(name)

        _choose(rows, read, items)
        elsewhere: Elsewhere | None = None
        if order_id is not None:
            elsewhere = Pipe()
            if isinstance(self._bytes, FileBytes):
                elsewhere = scatter = self._scatter(order_id, read, items)
                # rows that come from elsewhere are in addition to those read
                block_bytes = max(1, int(block_bytes * scatter.together()))
        grouping = Grouping(rows, self.path, order_id, elsewhere)
        self.unnamed = grouping.unnamed
        for block, raw in grouping.blocks(block_bytes, skip_orders, first_number):
            self._raw_of = block, raw
            yield block
        if not rows.count:
            what = "a heading and no rows"
            raise OrderError(Problem(code="no-orders", where=Where(self.path), what=what))

    def raw(self, block: Block) -> Callable[[int], str]:
        """Return what gives the raw text of a row of a block; asked before the next block is."""
        assert self._raw_of is not None and self._raw_of[0] is block, "another block was read since"
        return self._raw_of[1]

    def _read_from(self, raw: FileBytes | PipeBytes) -> TextRows | ParquetRows:
        """Return the rows of the input, its head read."""
        head, whole = head_of(raw, MAGIC)
        if self.kind == "parquet" or (not self.kind and head.startswith(PARQUET)):
            self.kind = "parquet"
            if isinstance(raw, PipeBytes):
                raw = self._bytes = spooled(whole)
            return ParquetRows(raw.anywhere(), self.path, raw.size)
        for mark, (what, fix) in FOREIGN.items():
            if head.startswith(mark):
                what = f"it is {what}"
                where = Where(self.path)
                raise OrderError(Problem(code="bad-format", where=where, what=what, fix=fix))
        text = Text(unpacked(whole), self.asked.encoding, by_line=isinstance(raw, PipeBytes))
        rows = TextRows(text, self.path)
        rows.head(HEAD, self._form)
        return rows

    def _form(self, text: bytes) -> CsvRows | JsonRows:
        if not self.kind:
            self.kind = "jsonl" if _JSON.match(text) else "csv"
        if self.kind == "jsonl":
            return JsonRows(self.path, by_line=isinstance(self._bytes, PipeBytes))
        return CsvRows(self.asked.known, self.asked.delimiter)

    def _scatter(
        self, order_id: str, read: Callable[[str], bool], items: Collection[str]
    ) -> Scatter:
        """Return the orders of the file whose rows do not stand together."""
        files: list[FileBytes] = []

        def again(whole: bool) -> TextRows | ParquetRows:
            assert isinstance(self._bytes, FileBytes)
            files.append(self._bytes.reopened())
            rows = self._read_from(files[-1])
            # the text of a row is whole whatever is read of it, a row of Parquet is not
            whole = whole and isinstance(rows, ParquetRows)
            _choose(rows, read if whole else lambda name: name == order_id, items)
            return rows

        form: Parses
        if isinstance(self._rows, TextRows):
            form = self._rows.form
        else:
            form = of_json = JsonRows(self.path, by_line=False)
            of_json.headings, of_json.items = self.headings, items
            of_json.choose(read)
        try:
            return Scatter(again, form, order_id, self.path, STEP)
        finally:
            for one in files:
                one.close()


def _choose(
    rows: TextRows | ParquetRows, read: Callable[[str], bool], items: Collection[str]
) -> None:
    rows.choose(read)
    if isinstance(rows, ParquetRows):
        rows.items = items
    elif isinstance(rows.form, JsonRows):
        rows.form.items = items
