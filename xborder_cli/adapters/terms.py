"""Rates typed by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xborder_cli.tables import terms

if TYPE_CHECKING:
    from xborder_cli.core.rule import Terms

_NOTHING = re.compile(r"0+(\.0+)?")
_GLUED_PLUS = re.compile(r"(?<=[\w%])\+(?=\d)")


def parse_rate(text: str) -> Terms:
    """Return the terms of a rate as the tables write it; blanks around + may be left out.

    Nothing needs no unit: 0 is 0 %.

    >>> len(parse_rate("5%+0.30EUR/item").parts), parse_rate("0") == parse_rate("0%")
    (2, True)
    """
    if _NOTHING.fullmatch(text.strip()):
        text = "0 %"
    return terms.parse_terms(_GLUED_PLUS.sub(" + ", text))
