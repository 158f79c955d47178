"""The day that a cell writes, in whatever form its heading or preset names."""

from __future__ import annotations

import re
from typing import Final

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAY_FORMS: Final = {  # as a heading or a preset names it -> pattern
    "dd/mm/yyyy": re.compile(r"(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.](?P<y>\d{4})(?:[ ].*)?"),
    "mm/dd/yyyy": re.compile(r"(?P<m>\d{1,2})[-/.](?P<d>\d{1,2})[-/.](?P<y>\d{4})(?:[ ].*)?"),
    "mon-dd-yy": re.compile(r"(?P<m>[A-Za-z]{3})-(?P<d>\d{1,2})-(?P<y>\d{2})"),
}
YEAR_FIRST: Final = re.compile(
    r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})"
    r"(?:(?:[ ]+|T)\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?[ ]*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)


def plain_day(text: str, form: str = "") -> str:
    """Return the day of a text as ISO 8601 has it, where it is sure; else the text.

    It is sure when the year comes first, or when the heading says what does. The day is the one
    written: no time zone moves it.

    >>> plain_day("2026-11-22T23:33:12+08:00"), plain_day("2026/1/5 9:30"), plain_day("5/1/2026")
    ('2026-11-22', '2026-01-05', '5/1/2026')
    >>> plain_day("5/1/2026", "dd/mm/yyyy"), plain_day("Nov-22-26", "mon-dd-yy")
    ('2026-01-05', '2026-11-22')
    """
    if not text.isascii():
        return text
    if (found := YEAR_FIRST.fullmatch(text)) is not None:
        return f"{found[1]}-{int(found[3]):02}-{int(found[4]):02}"
    if form and (found := DAY_FORMS[form].fullmatch(text)) is not None:
        month = found["m"].lower()
        if month.isalpha():
            month = str(MONTHS.index(month) + 1 if month in MONTHS else 0)
        year = int(found["y"]) + (2000 if len(found["y"]) == len("26") else 0)
        return f"{year}-{int(month):02}-{int(found['d']):02}"
    return text
