"""An input of orders opened: what it is, its headings, and its rows as blocks of whole orders."""

from __future__ import annotations

import glob
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from xborder_cli.batch.csv_rows import CsvRows
from xborder_cli.batch.encoding import Text
from xborder_cli.batch.grouping import Grouping, Unnamed
from xborder_cli.batch.packing import FileBytes, PipeBytes, unpacked
from xborder_cli.batch.pipe import Pipe
from xborder_cli.batch.scatter import Scatter
from xborder_cli.batch.text_rows import TextRows
from xborder_cli.errors import OrderError, Problem, Where

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from types import TracebackType

    from xborder_cli.batch.block import Block
    from xborder_cli.batch.grouping import Elsewhere

BLOCK: Final = 16 << 20  # bytes
HEAD: Final = 1 << 20


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
    """
    return Source(path, known, format, encoding, delimiter, stdin)


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

    def __init__(
        self,
        path: str,
        known: Collection[str],
        form: str,
        encoding: str,
        delimiter: str,
        stdin: BinaryIO | None,
    ) -> None:
        """Read the head; see `open_source`."""
        self.path = "stdin" if path == "-" else path
        self.known = known
        self.encoding = encoding
        self.delimiter = delimiter
        self.remarks: list[str] = []
        self.size: int | None = None
        self.kind = "csv"
        self.seekable = False
        self.unnamed = Unnamed()
        self._stdin = stdin
        self._named = path
        self._raw_of: tuple[Block, Callable[[int], str]] | None = None
        self._bytes: FileBytes | PipeBytes
        self._rows = self._begin()
        self.headings: tuple[str, ...] = self._rows.form.headings

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
        return self._bytes.position

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
        """Yield the orders of the input, each whole, in the order of their first rows.

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
        rows.form.choose(lambda name: name == order_id or wanted(name))
        elsewhere: Elsewhere | None = None
        if order_id is not None:
            elsewhere = Pipe() if not self.seekable else self._scatter(order_id)
        grouping = Grouping(rows, self.path, order_id, elsewhere)
        self.unnamed = grouping.unnamed
        for block, raw in grouping.blocks(block_bytes, skip_orders, first_number):
            self._raw_of = block, raw
            yield block
        if not rows.count:
            what = "a heading and no rows"
            raise OrderError(Problem(code="no-orders", where=Where(self.path), what=what))

    def _scatter(self, order_id: str) -> Scatter:
        """Return the orders of the file whose rows do not stand together."""
        opened: list[FileBytes] = []

        def again() -> TextRows:
            opened.append(FileBytes(Path(self._named)))
            rows = self._read_from(opened[-1])
            rows.form.choose(lambda name: name == order_id)
            return rows

        found = Scatter(again, self._rows.form, order_id, self.path, 1 << 22)
        for one in opened:
            one.close()
        return found

    def raw(self, block: Block) -> Callable[[int], str]:
        """Return what gives the raw text of a row of a block; asked before the next block is."""
        assert self._raw_of is not None and self._raw_of[0] is block, "another block was read since"
        return self._raw_of[1]

    def _begin(self) -> TextRows:
        try:
            self._bytes = self._opened()
        except OSError as error:
            what = f"cannot be read: {error.strerror}"
            where = Where(self.path)
            raise OrderError(Problem(code="no-file", where=where, what=what)) from None
        return self._read_from(self._bytes)

    def _read_from(self, raw: FileBytes | PipeBytes) -> TextRows:
        text = Text(unpacked(raw), self.encoding, by_line=not self.seekable)
        rows = TextRows(text, CsvRows(self.known, self.delimiter), self.path)
        rows.head(HEAD)
        return rows

    def _opened(self) -> FileBytes | PipeBytes:
        if self._named == "-":
            return PipeBytes(self._stdin or sys.stdin.buffer)
        path = Path(self._named)
        state = path.stat()
        self.seekable = stat.S_ISREG(state.st_mode)
        if self.seekable:
            self.size = state.st_size
            return FileBytes(path)
        return PipeBytes(path.open("rb", buffering=0))
