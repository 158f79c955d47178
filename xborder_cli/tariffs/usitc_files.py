"""The three exports of the United States schedule (CSV, JSON, XLSX) to rows of one form."""

from __future__ import annotations

import gzip
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xborder_cli.errors import OrderError, Problem, Where
from xborder_cli.tariffs.text_encoding import encoding_of
from xborder_cli.tariffs.usitc_text import clean, clean_code, clean_rate, footnotes_of, units_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

# a heading without blanks, signs and case -> the field it is
_FIELDS = {
    "htsno": "code",
    "htsnumber": "code",
    "hts": "code",
    "htscode": "code",
    "headingsubheading": "code",
    "indent": "indent",
    "indentlevel": "indent",
    "description": "description",
    "articledescription": "description",
    "superior": "superior",
    "units": "units",
    "unit": "units",
    "unitofquantity": "units",
    "unitsofquantity": "units",
    "general": "general",
    "generalrateofduty": "general",
    "column1general": "general",
    "column1generalrateofduty": "general",
    "special": "special",
    "specialrateofduty": "special",
    "column1special": "special",
    "column1specialrateofduty": "special",
    "other": "other",
    "column2": "other",
    "column2rateofduty": "other",
    "footnotes": "footnotes",
    "footnote": "footnotes",
    "quotaquantity": "quota",
    "additionalduties": "additional",
    "addiitionalduties": "additional",  # as the JSON export spells it too
}
_CELLS: dict[str, object] = dict.fromkeys(_FIELDS.values())
_NEEDED = ("code", "indent", "description", "general", "other")
_CODE = re.compile(r"\d{4}(?:[. ]?\d{2}(?:[. ]?\d{2}(?:[. ]?\d{2})?)?)?")
_NO_DIGIT = re.compile(r"\D")
_TRUE = {"true", "1", "yes", "y", "x"}


@dataclass(slots=True)
class HtsRow:
    """A row of an export, blanks put right, no rate understood yet."""

    number: int  # from 1, the heading is none
    code: str  # as printed, with its dots
    hs: str  # digits; empty for a heading in words, and for a code that is none
    indent: int
    description: str
    superior: bool = False
    units: tuple[str, ...] = ()
    general: str = ""
    special: str = ""
    other: str = ""
    additional: str = ""
    footnotes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class HtsFile:
    """All rows of an export, and what it cannot say."""

    rows: list[HtsRow]
    has_footnotes: bool  # CSV and XLSX exports have no such column
    has_special: bool = True


def read_file(path: Path) -> HtsFile:
    """Return the rows of a CSV, JSON or XLSX export, each also packed with gzip.

    Raises:
        OrderError: the file is none of these, or lacks a column that the schedule has.
    """
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError) as fault:
            raise _unreadable(path, f"it is no whole gzip file: {fault}") from fault
    if data[:2] == b"PK":
        names, records = _sheet(path, data)
    elif data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{"):
        names, records = _json(path, data)
    else:
        names, records = _csv(path, data)
    known = {name: _FIELDS[_key(name)] for name in names if _key(name) in _FIELDS}
    present = set(known.values())
    missing = [name for name in _NEEDED if name not in present]
    if missing:
        what = f"it has no column for {', '.join(missing)}; its columns are {', '.join(names)}"
        raise _unreadable(path, what)
    rows = [_row(number, record, known) for number, record in enumerate(records, 1)]
    return HtsFile(rows, "footnotes" in present, "special" in present)


def _unreadable(path: Path, what: str) -> OrderError:
    fix = "download the schedule as CSV, JSON or XLSX from hts.usitc.gov, Export"
    return OrderError(Problem(code="tariff-file", where=Where(str(path)), what=what, fix=fix))


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _csv(path: Path, data: bytes) -> tuple[list[str], Iterable[Mapping[str, object]]]:
    import csv

    # a spreadsheet may have saved it again
    text = data.decode(encoding_of(data), errors="replace")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(max(csv.field_size_limit(), 10_000_000))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return _table(path, list(reader))
    except csv.Error as fault:
        raise _unreadable(path, f"line {reader.line_num}: {fault}") from fault


def _sheet(path: Path, data: bytes) -> tuple[list[str], Iterable[Mapping[str, object]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet = book.get_sheet_by_index(0).to_python(skip_empty_area=True)
    except (CalamineError, OSError, ValueError, IndexError) as fault:
        raise _unreadable(path, f"it is no readable workbook: {fault}") from fault
    return _table(path, sheet)


def _table(
    path: Path, table: Sequence[Sequence[object]]
) -> tuple[list[str], Iterable[Mapping[str, object]]]:
    """Return heading and records of a table, whose heading may stand below a title."""
    for at, cells in enumerate(table[:20]):
        names = [clean(cell) for cell in cells]
        if sum(_key(name) in _FIELDS for name in names) >= 3:
            return names, _records(names, table[at + 1 :])
    raise _unreadable(path, "none of its first rows is the heading of a schedule")


def _records(
    names: Sequence[str], rows: Iterable[Sequence[object]]
) -> Iterator[Mapping[str, object]]:
    for row in rows:
        if any(cell not in ("", None) for cell in row):
            yield dict(zip(names, row, strict=False))


def _json(path: Path, data: bytes) -> tuple[list[str], Iterable[Mapping[str, object]]]:
    import json

    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as fault:
        raise _unreadable(path, f"it is no whole JSON: {fault}") from fault
    if isinstance(found, dict):
        found = next((value for value in found.values() if isinstance(value, list)), [])
    records = [record for record in found if isinstance(record, dict)]
    names: dict[str, None] = {}
    for record in records:
        names.update(dict.fromkeys(record))
    if not names:
        raise _unreadable(path, "it holds no list of rows")
    return list(names), records


def _row(number: int, record: Mapping[str, object], known: Mapping[str, str]) -> HtsRow:
    cells = _CELLS.copy()
    for name, field_name in known.items():
        value = record.get(name)
        if value is not None and value != "":
            cells[field_name] = value
    code = clean_code(cells["code"])
    indent = clean(cells["indent"]).removesuffix(".0")
    return HtsRow(
        number=number,
        code=code,
        hs=_NO_DIGIT.sub("", code) if _CODE.fullmatch(code) else "",
        indent=int(indent) if indent.isdecimal() else 0,
        description=clean(cells["description"]),
        superior=clean(cells["superior"]).lower() in _TRUE,
        units=units_of(cells["units"]),
        general=clean_rate(cells["general"]),
        special=clean_rate(cells["special"]),
        other=clean_rate(cells["other"]),
        additional=clean_rate(cells["additional"]),
        footnotes=footnotes_of(cells["footnotes"]),
    )
