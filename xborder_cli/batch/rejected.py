"""Rows that were not priced, as the lines of their file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from xborder_cli.batch.encode import csv_heading, encoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

REJECT_FIELDS: Final = ("line", "column", "code", "words", "row", "file")


def reject_heading(*, for_excel: bool = False) -> bytes:
    """Return the first line of a file of rejected rows."""
    return csv_heading(REJECT_FIELDS, for_excel=for_excel)


def reject_lines(rejected: Iterable[Sequence[str]], *, for_excel: bool = False) -> bytes:
    r"""Return rejected rows as lines, one a fault: its line, ..., the row as it was, its file.

    >>> reject_lines([("7", "to", "bad-country", "no XX", "1,XX", "a.csv")])
    b'7,to,bad-country,no XX,"1,XX",a.csv\n'
    """
    rows = list(rejected)
    if not rows:
        return b""
    columns = [_texts(column) for column in zip(*rows, strict=True)]
    return encoded(pa.table(columns, names=list(REJECT_FIELDS)), "csv", for_excel=for_excel)


def _texts(column: Sequence[str]) -> pa.Array:
    try:
        return pa.array(column, pa.string())
    except UnicodeEncodeError:  # bytes that are no text in any encoding
        plain = [text.encode("utf-8", "replace").decode() for text in column]
        return pa.array(plain, pa.string())
