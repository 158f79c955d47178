"""Rates typed by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xborder_cli.tables import terms

if TYPE_CHECKING:
    from xborder_cli.core.rule import Terms

_GLUED_PLUS = re.compile(r"(?<=[\w%])\+(?=\d)")


def parse_rate(text: str) -> Terms:
    """Return the terms of a rate as the tables write it; blanks around + may be left out.

    >>> len(parse_rate("5%+0.30EUR/item").parts)
    2
    """
    return terms.parse_terms(_GLUED_PLUS.sub(" + ", text))
