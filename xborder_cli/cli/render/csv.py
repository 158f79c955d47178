"""Rows as CSV: a heading, commas, bare newlines, quotes only where needed."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


def csv_lines(rows: Iterable[Mapping[str, str]], fields: Sequence[str]) -> Iterator[str]:
    """Yield the heading, then one line a row."""
    yield csv_line(fields)
    for row in rows:
        yield csv_line([row[name] for name in fields])


def csv_line(values: Sequence[str]) -> str:
    """Return one line with its newline.

    >>> csv_line(["a", "b,c", 'd"e']).rstrip()
    'a,"b,c","d""e"'
    """
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(values)
    return buffer.getvalue()
