"""Text cells that a spreadsheet neither runs as a formula nor turns into something else.

A spreadsheet that opens a CSV file runs a cell that begins with = + - or @, reads 00123 as 123,
an id of sixteen digits as 1.23E+15 with its last digits lost, 1E5 as a hundred thousand and 3-4 as
a day. Such a cell gets an apostrophe in front. It is seen, where a tab would not be and would spoil
look-ups in silence; `="..."` would be a formula itself. Who reads the file back takes the one
apostrophe off. Columns of numbers are left alone and open as numbers.

A comma-separated file opened where the list separator is a semicolon is cut at semicolons and
line ends inside of cells too: what follows them is made safe as well.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from xborder_cli.batch.fields import DECIMALS

_SIGNS: Final = "=+\\-@\uff1d\uff0b\uff0d\uff20"  # also full-width
_SKIPPED: Final = "[\\s\\p{Z}\\x{feff}\\x{200b}\"'\u2018\u2019\u201c\u201d\uff02\uff07]*"
_MONTH: Final = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_CHANGED: Final = "|".join(
    (
        r"0\d[\d.]*",  # zeros in front are lost
        r"\d{12,}(?:\.\d*)?",  # shown as 1.23E+11, wrong past the fifteenth digit
        r"\d+(?:\.\d*)?e[+\-]?\d+",
        r"\d{1,4}[\-/]\d{1,4}",  # a day of this year, or a month
        rf"\d{{1,4}}[ \-/]?{_MONTH}",
        rf"{_MONTH}[ \-/]?\d{{1,4}}",
    )
)
_NUMBER: Final = r"^-(?:0|[1-9]\d{0,10})(?:\.\d{1,4})?$"  # below zero, and nothing more than that
_RISKY: Final = rf"(?i)^(?:[\t\r]|{_SKIPPED}[{_SIGNS}]|(?:{_CHANGED})$)"
_INSIDE: Final = rf"([;\t\r\n]{_SKIPPED})([{_SIGNS}])"


def guarded(table: pa.Table) -> pa.Table:
    """Return the table with its text cells made safe; amounts, counts and weights as they are."""
    columns = [
        column if name in DECIMALS else _guarded_column(column.combine_chunks())
        for name, column in zip(table.column_names, table.columns, strict=True)
    ]
    return pa.Table.from_arrays(
        columns, names=guarded_texts(pa.array(table.column_names)).to_pylist()
    )


def _guarded_column(cells: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(cells.type):
        return pa.DictionaryArray.from_arrays(cells.indices, guarded_texts(cells.dictionary))
    return guarded_texts(cells) if pa.types.is_string(cells.type) else cells


def guarded_texts(texts: pa.Array) -> pa.Array:
    """Return texts with an apostrophe before what a spreadsheet would not leave as it is.

    >>> guarded_texts(pa.array(["=1+1", "00123", "-5.00", "12", "a;=1"])).to_pylist()
    ["'=1+1", "'00123", '-5.00', '12', "a;'=1"]
    """
    risky = pc.and_not(
        pc.match_substring_regex(texts, _RISKY), pc.match_substring_regex(texts, _NUMBER)
    ).fill_null(False)
    inside = pc.match_substring_regex(texts, _INSIDE).fill_null(False)
    if inside.true_count:
        safe = pc.replace_substring_regex(texts.filter(inside), _INSIDE, r"\1'\2")
        texts = pc.replace_with_mask(texts, inside, safe)
    if risky.true_count:
        safe = pc.binary_join_element_wise("'", texts.filter(risky), "")
        texts = pc.replace_with_mask(texts, risky, safe)
    return texts
