"""Rows of CSV whose quotes or bytes are not in order, read one by one as the csv module does."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from xborder_cli.batch.records import LONG_CELL

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_QUOTED: Final = 1 << 20  # characters; a quote that does not close sooner never does
UNCLOSED: Final = "a quote opens here and does not close; close it, or take it out"
FOREIGN: Final = re.compile("[\udc80-\udcff]")  # a byte that is not in the encoding


class _Unfinished(Exception):  # noqa: N818  # not an error: more text is to come
    """A row goes on after the last line there is."""


@dataclass(slots=True)
class LooseRows:
    """Rows read one by one; a row that is broken may have some of its cells."""

    values: list[list[str]] = field(default_factory=list)
    raws: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)  # lines before each row
    counts: list[int] = field(default_factory=list)  # lines of each row
    broken: dict[int, str] = field(default_factory=dict)
    taken: int = 0  # lines read

    def add(self, first: int, lines: list[str], values: list[str], broken: str = "") -> None:
        """Keep a row that begins at a line."""
        if broken:
            self.broken[len(self.values)] = broken
        self.values.append(values)
        self.raws.append("".join(lines))
        self.lines.append(first)
        self.counts.append(len(lines))
        self.taken = first + len(lines)


class _Lines:
    """Lines handed to the csv module; `first` is that of the row it is at."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.next = self.first = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.next == len(self.lines):
            if self.next > self.first:
                raise _Unfinished
            raise StopIteration
        self.next += 1
        return self.lines[self.next - 1]


def loose_rows(lines: list[str], delimiter: str, *, final: bool) -> LooseRows:
    """Return the rows that some lines make, up to the first that is not whole.

    Args:
        lines: whole ones, with their ends.
        delimiter: one character.
        final: no line follows.
    """
    found = LooseRows()
    given = _Lines(lines)
    reader = csv.reader(given, delimiter=delimiter)
    while True:
        first = given.first = given.next
        try:
            values = next(reader)
        except StopIteration:
            return found
        except (_Unfinished, csv.Error) as fault:
            if not _mended(found, given, delimiter, str(fault), final=final):
                return found
            continue
        found.add(first, lines[first : given.next], values)


def _mended(found: LooseRows, given: _Lines, delimiter: str, fault: str, *, final: bool) -> bool:
    """Keep a row that the csv module cannot read as broken; False when it needs more lines."""
    first, lines = given.first, given.lines
    size, count = 0, 0
    seen = sum(map(len, lines[first : given.next])) + LONGEST_QUOTED + 1
    while size < seen and first + count < len(lines):
        size += len(lines[first + count])
        count += 1
    text = "".join(lines[first : first + count])
    bad, end = _scanned(text, delimiter)
    if end < 0:
        if len(text) - bad <= LONGEST_QUOTED and not final:
            return False
        end = _line_end(text, bad)
        fault = UNCLOSED
    else:
        fault = f"not CSV: {fault}"
    # what stands before the bad cell tells whose row it is
    values = next(csv.reader(text[:bad].splitlines(True), delimiter=delimiter), [])[:-1]
    taken = 0
    given.next = first
    while taken < end:
        taken += len(lines[given.next])
        given.next += 1
    found.add(first, lines[first : given.next], values, fault)
    return True


def _scanned(text: str, delimiter: str) -> tuple[int, int]:
    """Return where the cell begins that cannot be read, and where its row ends.

    The end is -1 when the cell opens with a quote that does not close.
    """
    edge = re.compile(f"{re.escape(delimiter)}|\r\n|\r|\n")
    at, bad = 0, -1
    while at < len(text):
        opened = at
        if text[at] == '"':
            while (at := text.find('"', at + 1)) >= 0 and text[at + 1 : at + 2] == '"':
                at += 1
            if at < 0 or at - opened > LONGEST_QUOTED:
                return opened, -1
        found = edge.search(text, at)
        at = found.end() if found else len(text)
        if bad < 0 and at - opened > LONG_CELL:
            bad = opened
        if found is None or found.group() != delimiter:
            break
    return max(bad, 0), at


def _line_end(text: str, at: int) -> int:
    found = re.compile("\r\n|\r|\n").search(text, at)
    return found.end() if found else len(text)


def foreign(raw: str, encoding: str) -> str:
    """Say where a row holds a byte that is not in its encoding; "" when all are.

    >>> foreign("a," + chr(0xDCFF), "UTF-8")
    'byte 0xff at column 3 is not UTF-8; save the file as UTF-8'
    """
    found = FOREIGN.search(raw)
    if found is None:
        return ""
    before = raw[: found.start()].splitlines(True)
    line = before[-1] if before and not before[-1].endswith(("\r", "\n")) else ""
    where = f"column {len(line) + 1}"
    if count := len(before) - bool(line):
        where += f", {count} line{'s' * (count > 1)} further,"
    byte = ord(found.group()) - 0xDC00
    return f"byte {byte:#04x} at {where} is not {encoding}; save the file as UTF-8"
