"""The rows of a text read block by block; what is no whole row, or no whole order, comes again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from xborder_cli.batch.encoding import NoEncodingError
from xborder_cli.batch.id_keys import Keys, keys_of
from xborder_cli.batch.packing import CutOff
from xborder_cli.errors import OrderError, Problem, Where

if TYPE_CHECKING:
    from collections.abc import Callable

    from xborder_cli.batch.encoding import Text
    from xborder_cli.batch.records import Rows

LONGEST_ROW: Final = 1 << 24  # bytes; a file with a longer one is none of orders
LONG_TAIL: Final = 1 << 20  # bytes kept for the next read that are not read again for every drop


class Format(Protocol):
    """How rows stand in a text."""

    headings: tuple[str, ...]
    encoding: str  # for words about bytes

    def choose(self, wanted: Callable[[str], bool]) -> None:
        """Read only some columns from now on."""

    def head(self, text: bytes, *, final: bool) -> tuple[bytes, int] | None:
        """Read the heading; return what follows it and how many lines it takes; None is too few."""

    def keys(self, text: bytes, heading: str, *, final: bool) -> tuple[Keys, int] | None:
        """Return fingerprints of ids alone and how many bytes were read; None where it cannot."""

    def parse(self, text: bytes, line: int, *, final: bool) -> Rows:
        """Return the rows of a text that begins where a row begins, up to the last whole one."""


class TextRows:
    """Rows of one input in their order."""

    form: Format

    def __init__(self, text: Text, path: str) -> None:
        """Begin at the first line."""
        self.text = text
        self.path = path
        self.line = 1  # that `tail` begins at
        self.last = False  # whether nothing follows what was read last
        self.count = 0  # rows read, those that come again included
        self._tail = b""
        self._rows: Rows | None = None
        self._fault: OrderError | None = None
        self._fresh = False  # `tail` came with the heading, no row of it has been read
        self._stuck = False  # no row of the last read could be used

    def head(self, size: int, form_of: Callable[[bytes], Format]) -> None:
        """Read the heading.

        Args:
            size: bytes to read at a time.
            form_of: tells by the first text how rows stand in it.

        Raises:
            OrderError: there is none, or the input cannot be read.
        """
        begun = False
        while True:
            part = self._more(size)
            self._tail += part
            if not begun and (self._tail.strip() or not part):
                self.form, begun = form_of(self._tail), True
            if not begun:
                continue
            found = self.form.head(self._tail, final=not part)
            if found is not None:
                self._tail, self.line = found[0], self.line + found[1]
                self._fresh = bool(self._tail)
                return
            if not part:
                what = "the file is empty" if not self._tail.strip() else "there is no heading"
                fix = "write a heading, such as order_id,from,to,weight,value,goods, then rows"
                where = Where(self.path)
                raise OrderError(Problem(code="no-orders", where=where, what=what, fix=fix))
            if len(self._tail) > LONGEST_ROW:
                what = "there is no heading: is this a file of orders?"
                raise OrderError(Problem(code="no-heading", where=Where(self.path), what=what))

    def read(self, size: int) -> Rows | None:
        """Return what was kept and the rows after it; None when nothing is left.

        Raises:
            OrderError: the input ends in the middle, or is in no encoding; told after all rows
                that stand before.
        """
        if self.last:
            return None
        if self._fault is not None:
            raise self._fault
        part = self._enough(size)
        text = self._tail + part if self._tail else part
        self.last = self.text.ended and self._fault is None
        self.form.encoding = self.text.name or "UTF-8"
        rows = self.form.parse(text, self.line, final=self.last)
        self._tail, self.line = rows.text[rows.stop :], rows.next_line
        if len(text) > LONGEST_ROW:
            rows = self._up_to_endless(rows)
        self._rows = rows
        self._stuck = not len(rows)
        self.count += len(rows)
        return rows

    def keys(self, heading: str, size: int) -> Keys | None:
        """Return the ids of the rows that follow; None when nothing is left."""
        if self.last:
            return None
        self._tail += self._more(size)
        self.last = self.text.ended
        found = self.form.keys(self._tail, heading, final=self.last)
        if found is None:
            rows = self.form.parse(self._tail, self.line, final=self.last)
            self._tail = rows.text[rows.stop :]
            return keys_of(rows.cells[heading])
        self._tail = self._tail[found[1] :]
        return found[0]

    def _enough(self, size: int) -> bytes:
        """Return what to read next; more of it after a read that brought no whole order."""
        part = b""
        fresh, self._fresh = self._fresh, False
        if fresh and self.text.by_line:
            return part  # a pipe may give no more for long
        if self._stuck:
            size = max(size, len(self._tail))
        try:
            part = self._more(size)
            while self._stuck and LONG_TAIL < len(self._tail) > 2 * len(part):
                drop = self._more(size)
                if not drop:
                    break
                part += drop
        except OrderError as fault:  # first what was read
            if not (part or fresh):
                raise
            self._fault = fault
        return part

    def _up_to_endless(self, rows: Rows) -> Rows:
        """Return the rows before one that is longer than any of orders; it is told next."""
        long = np.flatnonzero(rows.end - rows.start > LONGEST_ROW)
        if long.size:
            row = int(long[0])
            self._tail, self.line = rows.text[int(rows.start[row]) :], int(rows.line[row])
            rows = rows.first(row)
        if long.size or len(self._tail) > LONGEST_ROW:
            self.last = False
            what = f"a row is longer than {LONGEST_ROW >> 20} MiB: is this a file of orders?"
            where = Where(self.path, self.line)
            self._fault = OrderError(Problem(code="endless-row", where=where, what=what))
        return rows

    def choose(self, wanted: Callable[[str], bool]) -> None:
        """Read only some columns from now on."""
        self.form.choose(wanted)

    @property
    def headings(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return self.form.headings

    def keep_from(self, row: int) -> None:
        """Give the rows from one on again, with those that follow."""
        rows = self._rows
        assert rows is not None
        if row < len(rows):
            self._tail, self.line = rows.text[int(rows.start[row]) :], int(rows.line[row])
            self.last = False
        self._stuck = row == 0

    def _more(self, size: int) -> bytes:
        try:
            return self.text.read(size)
        except NoEncodingError as fault:
            line = self.line + (self._tail + fault.before).count(b"\n")
            problem = Problem(
                code="bad-encoding",
                where=Where(self.path, line),
                what=str(fault),
                fix="save the file as UTF-8",
            )
        except CutOff as fault:
            line = self.line + self._tail.count(b"\n")
            problem = Problem(
                code="input-cut-off",
                where=Where(self.path, line),
                what=f"{fault}; it can be read up to line {line}",
                fix="get the whole file and run again, without --resume",
            )
        raise OrderError(problem)
