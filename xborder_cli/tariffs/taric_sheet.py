"""Rows of an official sheet, CSV or XLSX, gzip or not, under the headings of any edition."""

from __future__ import annotations

import csv
import gzip
import io
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from xborder_cli.errors import OrderError, Problem, Where
from xborder_cli.tariffs.text_encoding import encoding_of, encoding_of_pages
from xborder_cli.units import Unreadable, parse_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from xborder_cli.core.rule import Day

HEAD: Final = 20  # rows among which a heading is looked for
_PAGE: Final = 1 << 16  # bytes
_DELIMITERS: Final = ",;\t|"
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
_EMPTY: Final = "#NA"  # what the UK's tables print where a cell is empty
_NAME: Final = re.compile(r"[\W_]+")
_WHOLE: Final = re.compile(r"(\d+)\.0+")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[ T].*)?")
_SERIAL: Final = re.compile(r"[2-8]\d{4}(?:\.\d+)?")  # days since 1899-12-30, as workbooks count
_EPOCH: Final = date(1970, 1, 1) - date(1899, 12, 30)
_YEAR_FIRST: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T].*)?")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet: where it begins in the file, from 1, and its cells."""

    line: int
    cells: Sequence[str]


class Sheet:
    """A heading and the rows under it; a cell is asked for by any of the names of its column."""

    def __init__(self, path: Path, heading: Row, rows: Iterator[Row]) -> None:
        """Keep the names in small letters without signs: `measure__type__id` is measure_type_id."""
        self.path = path
        self.heading = tuple(heading.cells)
        self.names = tuple(name_of(cell) for cell in heading.cells)
        self.rows = rows
        self._place = {name: place for place, name in reversed(tuple(enumerate(self.names)))}

    def has(self, *names: str) -> bool:
        """Tell whether one of these columns is there."""
        return any(name in self._place for name in names)

    def reader(self, *names: str) -> Callable[[Row], str]:
        """Return what reads the first of these columns from a row; "" where nothing stands."""
        place = next((self._place[name] for name in names if name in self._place), -1)

        def cell(row: Row) -> str:
            text = row.cells[place].strip() if 0 <= place < len(row.cells) else ""
            return "" if text == _EMPTY else text

        return cell


def open_sheet(path: Path, wanted: Callable[[frozenset[str]], bool]) -> Sheet:
    """Return the first sheet whose heading has the wanted names.

    Raises:
        OrderError: the file cannot be read, or no row near its top is such a heading.
    """
    for rows in sheets(path):
        for _ in range(HEAD):
            row = next(rows, None)
            if row is None:
                break
            if wanted(frozenset(name_of(cell) for cell in row.cells)):
                return Sheet(path, row, rows)
    what = "no row near the top of the file is the heading that was looked for"
    raise unreadable(path, what, "give the file as it was downloaded, with its heading")


def sheets(path: Path) -> Iterator[Iterator[Row]]:
    """Return the rows of each sheet; a CSV file has one.

    Raises:
        OrderError: the file is not there, broken, or no sheet at all.
    """
    content = first_bytes(path, len(_ZIP))
    if content.startswith(_ZIP):
        yield from _workbook(path)
    else:
        yield _csv_rows(path)


def first_bytes(path: Path, size: int) -> bytes:
    """Return how a file begins, gzip taken off.

    Raises:
        OrderError: the file is not there or cannot be read.
    """
    try:
        with _stream(path) as stream:
            return stream.read(size)
    except (OSError, EOFError) as fault:
        raise unreadable(path, f"cannot be read: {fault}") from None


def whole_text(path: Path) -> str:
    """Return the whole text of a file, gzip taken off.

    Raises:
        OrderError: the file is not there or cannot be read.
    """
    try:
        with _stream(path) as stream:
            content = stream.read()
    except (OSError, EOFError) as fault:
        raise unreadable(path, f"cannot be read: {fault}") from None
    return content.decode(encoding_of(content))


def unreadable(path: Path, what: str, fix: str = "", line: int = 0, column: int = 0) -> OrderError:
    """Return the error of a tariff file that cannot be read."""
    where = Where(str(path), line, column)
    return OrderError(Problem(code="tariff-file", where=where, what=what, fix=fix))


def encoding_in(path: Path) -> str:
    """Return the codec of the text of a file, gzip taken off; "" of a workbook.

    Raises:
        OrderError: the file is not there or cannot be read.
    """
    try:
        with _stream(path) as stream:
            if stream.peek(len(_ZIP)).startswith(_ZIP):
                return ""
            return encoding_of_pages(iter(lambda: stream.read(_PAGE), b""))
    except (OSError, EOFError) as fault:
        raise unreadable(path, f"cannot be read: {fault}") from None


def name_of(cell: str) -> str:
    """Return the name of a column as it is compared.

    >>> name_of(" Meas. type code"), name_of("measure__type__id")
    ('meas_type_code', 'measure_type_id')
    """
    return _NAME.sub("_", cell.lower()).strip("_")


@lru_cache(maxsize=16_384)
def day_of(text: str) -> Day | None:
    """Return a day printed year first, or day first as Europe does; None where none is printed.

    Raises:
        Unreadable: it is no day.

    >>> day_of("31-12-2026"), day_of("2026-12-31T00:00:00.000Z"), day_of("46387")
    (20818, 20818, 20818)
    """
    if not text:
        return None
    if found := _YEAR_FIRST.fullmatch(text):
        return parse_day(found[1])
    if found := _DAY_FIRST.fullmatch(text):
        return parse_day(f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}")
    if _SERIAL.fullmatch(text):
        return int(text[:5]) - _EPOCH.days
    raise Unreadable(
        f'"{text}" is not a day', "write year-month-day, such as 2026-03-01", "bad-day"
    )


def _stream(path: Path) -> io.BufferedReader | gzip.GzipFile:
    stream = path.open("rb")
    if stream.peek(2)[:2] == _GZIP:
        return gzip.GzipFile(fileobj=stream)
    return stream


def _csv_rows(path: Path) -> Iterator[Row]:
    encoding = encoding_in(path)
    csv.field_size_limit(1 << 27)
    with (
        _stream(path) as stream,
        io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="") as text,
    ):
        reader = csv.reader(text, delimiter=_delimiter(path, encoding))
        before = 0
        try:
            for cells in reader:
                line, before = before + 1, reader.line_num
                if any(cells):
                    yield Row(line, cells)
        except (csv.Error, OSError, EOFError) as fault:
            raise unreadable(path, f"cannot be read: {fault}", line=before + 1) from None


def _delimiter(path: Path, encoding: str) -> str:
    """Return what cuts the first lines into the most cells, outside of quotes."""
    page = first_bytes(path, _PAGE).decode(encoding, errors="replace")
    head = "\n".join([line for line in page.splitlines() if line.strip()][:HEAD])
    head = re.sub(r'"[^"]*"', "", head)
    return max(_DELIMITERS, key=lambda sign: head.count(sign))


def _workbook(path: Path) -> Iterator[Iterator[Row]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with _stream(path) as stream:
            book = CalamineWorkbook.from_filelike(io.BytesIO(stream.read()))
        for name in book.sheet_names:
            cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            yield (
                Row(line, [_text(cell) for cell in row])
                for line, row in enumerate(cells, start=1)
                if any(cell != "" for cell in row)
            )
    except (CalamineError, OSError, EOFError) as fault:
        raise unreadable(path, f"is no workbook that can be read: {fault}") from None


def _text(cell: float | str | bool | time | date | datetime | timedelta) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell)
    found = _WHOLE.fullmatch(text) if isinstance(cell, float) else None
    return found[1] if found else text
