"""A kept table to the text of its file: a head, and a grid with a remark for each chapter."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from xborder_cli.units import day_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.tariffs.kept import KeptRow, KeptTable, Revision

MADE: Final = "# Made by xb duties import; the next import of a newer edition adds to it."
SEALED: Final = "# Edited by hand, it is refused until --force says so. sha256 of all below: "
WIDEST: Final = 44  # cells longer than this move the rest of their line
_BLANKS = re.compile(r"\s+")
_OPTIONAL = ("origin", "source", "when", "note")  # columns that stand only when some row needs them


def table_text(table: KeptTable) -> str:
    """Return the file of a table, sealed with the digest of what follows the seal.

    >>> from xborder_cli.tariffs.kept import KeptRow, KeptTable, Revision
    >>> from xborder_cli.tariffs.line import Programme
    >>> rev = Revision(id="hts-1", name="2026 Rev 1", day=20454, retrieved=20500, title="HTS",
    ...     url="https://hts.usitc.gov", files=())
    >>> mfn = Programme(id="mfn", name="Column 1", currency="USD", default="gap")
    >>> rows = [KeptRow(hs="610910", rate="16.5 %", since=20454)]
    >>> table = KeptTable(tariff="US", programme=mfn, confidence="high", rows=rows, revisions=[rev])
    >>> print(table_text(table)[-120:], end="")
    checked: 2026-02-16
    confidence: high
    rows: |
      hs      rate    from        until
      # 61
      610910  16.5 %  2026-01-01  -
    """
    below = "".join(f"{line}\n" for line in (*_head(table), *_grid(table)))
    return f"{MADE}\n{SEALED}{seal_of(below)}\n{below}"


def seal_of(below: str) -> str:
    """Return the digest that is noted above a text."""
    return hashlib.sha256(below.encode()).hexdigest()


@lru_cache(maxsize=65_536)
def cell_text(text: str) -> str:
    """Return words that may stand in the last cell of a line: one blank apart, none misread.

    >>> cell_text('  of  "gold" '), cell_text("# 3"), cell_text("-")
    ("of 'gold'", 'no. 3', '')
    """
    plain = _plain(text).replace('"', "'")
    if plain.startswith("#"):
        plain = f"no. {plain.lstrip('# ')}".strip()
    return "" if plain == "-" else plain


def _head(table: KeptTable) -> Iterator[str]:
    programme, newest = table.programme, table.revisions[-1]
    for revision in table.revisions:
        yield from _revision_remarks(revision)
    yield "kind: programme"
    yield f"tariff: {table.tariff}"
    yield f"id: {programme.id}"
    yield f"name: {quoted(programme.name or programme.id)}"
    yield f"currency: {programme.currency}"
    yield f"default: {programme.default}"
    yield f"from: {day_text(table.since)}"
    # before the first day of a whole tariff the folders below hold
    yield "earlier: kept" if table.whole else "others: kept"
    yield "sources:"
    for revision in table.revisions:
        url = f", url: {quoted(revision.url)}" if revision.url else ""
        retrieved = day_text(revision.retrieved)
        yield f"  {revision.id}: {{title: {quoted(revision.title)}{url}, retrieved: {retrieved}}}"
    yield f"source: {newest.id}"
    yield f"checked: {day_text(newest.retrieved)}"
    yield f"confidence: {table.confidence}"


def _revision_remarks(revision: Revision) -> Iterator[str]:
    begins, read = day_text(revision.day), day_text(revision.retrieved)
    for file in revision.files:
        yield (
            f"# revision {revision.id}: from {begins}, read {read}, sha256 {file.sha256},"
            f" file {cell_text(file.name)}"
        )
    if revision.name:
        yield f"# revision {revision.id} is {cell_text(revision.name)}"


def quoted(text: str) -> str:
    """Return a text in double quotes as YAML reads them."""
    return '"' + _plain(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _plain(text: str) -> str:
    """Return what of a text is seen, one blank apart."""
    seen = _BLANKS.sub(" ", text)
    if not seen.isprintable():
        seen = "".join(sign for sign in seen if sign.isprintable())
    return " ".join(seen.split())


def _grid(table: KeptTable) -> Iterator[str]:
    rows = sorted(table.rows, key=lambda row: row.place)
    cells = [_cells(row) for row in rows]
    names = ["hs", "origin", "rate", "from", "until", "source", "when", "note"]
    blank = {name for at, name in enumerate(names) if all(line[at] == "-" for line in cells)}
    shown = [at for at, name in enumerate(names) if name not in blank or name not in _OPTIONAL]
    lines = [[line[at] for at in shown] for line in (names, *cells)]
    widths = [
        max((len(cell) for cell in column if len(cell) <= WIDEST), default=0)
        for column in zip(*lines, strict=True)
    ]
    yield "rows: |"
    yield _line(lines[0], widths)
    chapter = None
    for row, line in zip(rows, lines[1:], strict=True):
        if row.hs[:2] != chapter:
            chapter = row.hs[:2]
            words = cell_text(table.words.get(chapter, ""))
            yield f"  # {chapter or 'every code'} {words}".rstrip()
        yield _line(line, widths)


def _cells(row: KeptRow) -> list[str]:
    return [
        row.hs or "*",
        " ".join(row.origins) or "-",
        row.rate,
        day_text(row.since),
        "-" if row.until is None else day_text(row.until),
        row.source or "-",
        f"{{claim: {row.claim}}}" if row.claim else "-",
        row.note or "-",
    ]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    last = len(cells) - 1
    padded = [cell if at == last else cell.ljust(widths[at]) for at, cell in enumerate(cells)]
    return "  " + "  ".join(padded)
