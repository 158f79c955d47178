"""Which kind of tariff a file is, told by what is in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xborder_cli.errors import OrderError, Problem, Where
from xborder_cli.tariffs import plain, taric, uk
from xborder_cli.tariffs.taric_sheet import HEAD, first_bytes, name_of, sheets
from xborder_cli.tariffs.text_encoding import encoding_of

if TYPE_CHECKING:
    from pathlib import Path

_PAGE: Final = 1 << 16
_ZIP: Final = b"PK\x03\x04"
# keys of a row of USITC's own exports
_HTS: Final = frozenset({"hts_number", "general_rate_of_duty"})
_HTS_JSON: Final = re.compile(r'"htsno"\s*:')
_UK_JSON: Final = re.compile(
    r'"type"\s*:\s*"(?:commodity|heading|subheading|chapter|geographical_area|measure)"'
)
KNOWN: Final = (
    "known are exports of the US HTS (CSV, JSON, XLSX), the UK tariff (measures and commodities"
    " CSV, JSON of a commodity, the global tariff of 2021), sheets of the EU's TARIC (XLSX, CSV),"
    " and a CSV with columns hs and rate; all may be gzipped"
)
# signs that no text has: of a binary file
_NO_TEXT: Final = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\ufffd]")
# what a file of no known kind looks like, by how it begins
_LOOKS: Final = (
    (re.compile(rb"%PDF"), "a PDF: its tables cannot be read"),
    (re.compile(rb"\s*<(?:!doctype html|html)", re.IGNORECASE), "a web page, perhaps an error"),
    (re.compile(rb"\s*<\?xml|\s*<"), "XML"),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "an old Excel workbook (XLS): save it as XLSX"),
    (re.compile(rb"\x00\x01\x00\x00Standard (?:Jet|ACE)"), "an Access database"),
    (re.compile(rb"PK"), "a ZIP archive: take the file out of it"),
    (re.compile(rb"PAR1"), "a Parquet file: save it as CSV"),
)


def recognise(path: Path) -> str:
    """Return usitc, uk, taric or csv.

    Raises:
        OrderError: it cannot be read or is none of them; says what it looks like and what is known.
    """
    page = first_bytes(path, _PAGE)
    if not page.strip():
        raise _unknown(path, "is empty")
    start = page[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in (b"{", b"["):
        return _of_json(path, page.decode(encoding_of(page), errors="replace"))
    headings: list[tuple[str, ...]] = []
    if page.startswith(_ZIP) or not any(found.match(page) for found, _ in _LOOKS):
        try:
            headings = _headings(path)
        except OrderError:
            if not page.startswith(_ZIP):
                raise
    for heading in headings:
        if kind := _of_heading(frozenset(heading)):
            return kind
    raise _unknown(path, _looks(page, headings))


def _of_heading(names: frozenset[str]) -> str:
    if names >= _HTS:
        return "usitc"
    if taric.known_heading(names):
        return "taric"
    if uk.known_heading(names):
        return "uk"
    return "csv" if plain.known_heading(names) else ""


def _of_json(path: Path, text: str) -> str:
    if _HTS_JSON.search(text):
        return "usitc"
    if _UK_JSON.search(text):
        return "uk"
    raise _unknown(path, "looks like JSON without HTS rows or an answer of the UK tariff's API")


def _headings(path: Path) -> list[tuple[str, ...]]:
    """Return the first rows of each sheet as names of columns."""
    found: list[tuple[str, ...]] = []
    for rows in sheets(path):
        for _, row in zip(range(HEAD), rows, strict=False):
            found.append(tuple(name_of(cell) for cell in row.cells))
    return found


def _looks(page: bytes, headings: list[tuple[str, ...]]) -> str:
    for start, words in _LOOKS:
        if start.match(page) and not headings:
            return f"looks like {words}"
    text = page.decode(encoding_of(page), errors="replace")
    if _NO_TEXT.search(text[:-1]) and not page.startswith(_ZIP):
        return "looks like no workbook, and like no text in UTF-8, UTF-16 or GB18030"
    first = next((cells for cells in headings if sum(map(bool, cells)) > 1), ())
    if first:
        columns = ", ".join(name for name in first[:8] if name)
        return f"looks like a table with the columns {columns}"
    line = text.strip().splitlines()[0][:60]
    return f'looks like text that begins "{line}"'


def _unknown(path: Path, what: str) -> OrderError:
    where = Where(str(path))
    return OrderError(Problem(code="unknown-file", where=where, what=what, fix=KNOWN))
