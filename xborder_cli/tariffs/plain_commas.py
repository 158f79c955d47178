"""Numbers of a list as much of Europe writes them: `12,5 %`, in files cut by semicolons or tabs."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Final

from xborder_cli.tariffs.taric_sheet import HEAD, encoding_in, first_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from xborder_cli.tariffs.taric_sheet import Sheet

_PAGE: Final = 1 << 16
_SIGNS: Final = (";", "\t")  # files that are cut by a comma write a point
_POINT: Final = re.compile(r"\.\d")
# three digits may be thousands, "1,000 p/st", but for those of a percent
_COMMA: Final = re.compile(r"(?<![\d,])(\d+),(?=\d{1,2}(?![\d,])|\d{4,}(?![\d,])|\d+\s*[%％])")
_WHOLE: Final = re.compile(r"(\d+),(\d+)")


def may_have_commas(path: Path, sheet: Sheet) -> bool:
    """Tell whether a sheet comes from a text whose cells are cut by semicolons or tabs."""
    page = first_bytes(path, _PAGE)
    lines = page.decode(encoding_in(path), errors="replace").splitlines()
    heading = list(sheet.heading)
    return any(
        heading in csv.reader([line for line in lines[:HEAD] if sign in line], delimiter=sign)
        for sign in _SIGNS
    )


def commas_in(rates: Iterable[str], *, percents: bool = False) -> bool:
    """Tell whether the commas of a column of rates are decimal commas: none has a point.

    Args:
        rates: of the column.
        percents: a number alone is a percent.

    >>> commas_in(["12,5 %", "3 %"]), commas_in(["12,5 %", "3.2 %"]), commas_in(["3 %"])
    (True, False, False)
    """
    found = False
    for rate in rates:
        if _POINT.search(rate):
            return False
        found = found or with_point(rate, percents=percents) != rate
    return found


def with_point(text: str, *, percents: bool = False) -> str:
    """Return a rate with points for its decimal commas.

    Args:
        text: as written.
        percents: a number alone is a percent.

    >>> with_point("12,5 % + 1,25 EUR / kg"), with_point("3,000 %"), with_point("5 GBP / 1,000 kg")
    ('12.5 % + 1.25 EUR / kg', '3.000 %', '5 GBP / 1,000 kg')
    """
    if percents and (found := _WHOLE.fullmatch(text.strip())):
        return f"{found[1]}.{found[2]}"
    return _COMMA.sub(r"\1.", text)
