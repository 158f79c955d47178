"""Rows of an order file, CSV or JSON lines, as cells under our own column names."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xborder_cli.adapters.row_words import an_object, no_object, too_many_cells
from xborder_cli.errors import OrderError, Problem, Where

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

DELIMITERS = ",;\t|"
UNIT_COLUMNS = {  # column -> (our column, unit of its numbers)
    **{f"weight_{unit}": ("weight", unit) for unit in ("g", "kg", "lb", "oz")},
    **{f"size_{unit}": ("size", unit) for unit in ("cm", "mm", "in")},
}


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One row: its first line, its cells by our column names, what it looked like."""

    line: int
    cells: dict[str, str]
    raw: str
    broken: str = ""  # why the row cannot be read at all
    items: tuple[Mapping[str, object] | str, ...] = ()  # JSON lines may nest them
    theirs: Mapping[str, str] = field(default_factory=dict)  # our column -> theirs
    units: Mapping[str, str] = field(default_factory=dict)  # our column -> unit of its heading
    twice: tuple[tuple[str, str], ...] = ()  # (their column, ours) said by another column too
    sums_up: bool = False  # of several lines, and is none itself
    price: str = ""  # of a piece, as the catalogue has it; holds where the row says none


@dataclass(slots=True)
class OrderRows:
    """The rows of a file and what is told about them."""

    path: str
    rows: list[OrderRow]
    theirs: dict[str, str] = field(default_factory=dict)  # our column -> theirs
    ignored: tuple[str, ...] = ()
    remarks: list[str] = field(default_factory=list)


def decoded(raw: bytes, path: str) -> tuple[str, str]:
    """Return the text of a file and a remark on its encoding, if that is not UTF-8.

    Raises:
        OrderError: it is in none of UTF-8, UTF-16 with its mark, GB18030.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16"), f"{path} is read as UTF-16"
    try:
        return raw.decode("utf-8-sig"), ""
    except UnicodeDecodeError as error:
        bad = error.start
    try:
        return raw.decode("gb18030"), f"{path} is not UTF-8; it is read as GB18030"
    except UnicodeDecodeError:
        where = Where(path, raw[:bad].count(b"\n") + 1)
        what = f"byte {raw[bad]:#04x} is neither UTF-8 nor GB18030"
        fix = "save the file as UTF-8"
        raise OrderError(Problem(code="bad-encoding", where=where, what=what, fix=fix)) from None


def read_rows(
    raw: bytes, path: str, *, known: Sequence[str], mapped: Mapping[str, str]
) -> OrderRows:
    """Return the rows of a file.

    Args:
        raw: its bytes.
        path: its name, for messages.
        known: our column names.
        mapped: our column name -> theirs.

    Raises:
        OrderError: the file is empty, has no row, or cannot be read at all.
    """
    text, remark = decoded(raw, path)
    if not text.strip():
        raise OrderError(
            Problem(
                code="no-orders",
                where=Where(path),
                what="the file is empty",
                fix=f"write a heading, such as {','.join(known[:8])}, then one row an order",
            )
        )
    found = (_json_rows if text.lstrip().startswith("{") else _csv_rows)(text, path, known, mapped)
    if remark:
        found.remarks.append(remark)
    return found


def normal(name: str) -> str:
    """Return a heading as we write ours.

    >>> normal(" Order ID "), normal("storage-days")
    ('order_id', 'storage_days')
    """
    return re.sub(r"[\s-]+", "_", name.strip().lower())


def _columns(
    names: Sequence[str], path: str, known: Sequence[str], mapped: Mapping[str, str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return their column -> ours, and what nobody asked for.

    Raises:
        OrderError: --map names a column that is not there, or two columns mean the same.
    """
    problems = []
    theirs = {theirs: ours for ours, theirs in mapped.items()}
    for name in theirs:
        if name not in names:
            what = f'no column "{name}", which --map names'
            fix = f"columns are {', '.join(names)}"
            problems.append(Problem(code="no-column", where=Where(path, 1), what=what, fix=fix))
    found: dict[str, str] = {}
    meant: set[str] = set()
    for name in names:
        ours = theirs.get(name, normal(name))
        if name not in theirs and ours in mapped:
            continue  # --map put another column in its place
        if ours not in known and ours not in UNIT_COLUMNS:
            continue
        plain = UNIT_COLUMNS.get(ours, (ours,))[0]
        if plain in meant:
            what = f'two columns mean "{plain}"'
            fix = f"say which with --map {plain}=THEIRS"
            problems.append(Problem(code="two-columns", where=Where(path, 1), what=what, fix=fix))
        found[name] = ours
        meant.add(plain)
    if problems:
        raise OrderError(problems)
    return found, tuple(name for name in names if name not in found)


def _sniffed(heading: str, known: Sequence[str], mapped: Mapping[str, str]) -> str:
    """Return the delimiter under which most of the heading means something, then most columns."""
    wanted = {*known, *UNIT_COLUMNS, *mapped.values()}

    def score(delimiter: str) -> tuple[int, int]:
        names = next(csv.reader([heading], delimiter=delimiter), [])
        return sum(name in wanted or normal(name) in wanted for name in names), len(names)

    return max(DELIMITERS, key=score)


class _Lines:
    """Lines handed to the csv reader, remembered until the row they make is complete."""

    def __init__(self, text: str) -> None:
        self.lines = iter(text.splitlines(keepends=True))
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.number += 1
        self.taken.append(line)
        return line

    def row(self) -> tuple[int, str]:
        """Return the first line of the row just read and its text."""
        raw = "".join(self.taken)
        first = self.number - len(self.taken) + 1
        self.taken = []
        return first, raw.rstrip("\r\n")


def _csv_rows(text: str, path: str, known: Sequence[str], mapped: Mapping[str, str]) -> OrderRows:
    # only CR and LF end a line; str.splitlines would also break at form feeds and the like
    text = re.sub("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", " ", text)
    heading = text.lstrip("\r\n").partition("\n")[0].rstrip("\r")
    delimiter = _sniffed(heading, known, mapped)
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter)
    names: list[str] = []
    while not any(names):
        names = [name.strip() for name in next(reader)]
        lines.row()
    ours, ignored = _columns(names, path, known, mapped)
    mine, theirs, units = _dressed(ours)
    rows = []
    while True:
        try:
            values = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            line, raw = lines.row()
            rows.append(OrderRow(line, {}, raw, broken=f"not CSV: {error}"))
            continue
        line, raw = lines.row()
        if not any(value.strip() for value in values):
            continue
        broken = ""
        if len(values) > len(names):
            broken = too_many_cells(len(values), len(names), delimiter)
        pairs = zip(names, values, strict=False)
        cells = {mine[ours[n]]: v.strip() for n, v in pairs if n in ours and v.strip()}
        rows.append(OrderRow(line, cells, raw, broken, (), theirs, units))
    if not rows:
        what = "a heading and no rows"
        raise OrderError(Problem(code="no-orders", where=Where(path), what=what))
    return OrderRows(path, rows, theirs, ignored)


def _dressed(ours: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Return column as written -> ours without its unit, ours -> theirs, ours -> unit."""
    mine: dict[str, str] = {}
    theirs: dict[str, str] = {}
    units: dict[str, str] = {}
    for name, column in ours.items():
        plain, unit = UNIT_COLUMNS.get(column, (column, ""))
        mine[column] = plain
        theirs[plain] = name
        if unit:
            units[plain] = unit
    return mine, theirs, units


def _json_rows(text: str, path: str, known: Sequence[str], mapped: Mapping[str, str]) -> OrderRows:
    rows: list[OrderRow] = []
    names: dict[str, None] = {}
    documents: list[tuple[int, str, dict[str, object] | None, str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            document = json.loads(line, parse_float=str, parse_int=str)
        except ValueError as error:
            documents.append((number, line, None, no_object(error)))
            continue
        if not isinstance(document, dict):
            documents.append((number, line, None, no_object()))
            continue
        names.update(dict.fromkeys(document))
        documents.append((number, line, document, ""))
    ours, ignored = _columns(list(names), path, known, mapped)
    mine, theirs, units = _dressed(ours)
    for number, line, found, broken in documents:
        cells: dict[str, str] = {}
        items: tuple[Mapping[str, object] | str, ...] = ()
        for name, value in (found or {}).items():
            if name not in ours or value is None or value == "":
                continue
            column = mine[ours[name]]
            if column == "items" and isinstance(value, list):
                items = tuple(value)
            elif isinstance(value, list):
                cells[column] = ";".join(map(str, value)).strip()
            elif isinstance(value, dict):
                broken = broken or an_object(name, items=column == "items")
            else:
                text_value = str(value).lower() if isinstance(value, bool) else str(value)
                cells[column] = text_value.strip()
        cells = {column: text for column, text in cells.items() if text}
        rows.append(OrderRow(number, cells, line.rstrip("\r"), broken, items, theirs, units))
    return OrderRows(path, rows, theirs, ignored)
