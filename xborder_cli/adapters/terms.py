"""Rates typed by hand, to and from the terms of the tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xborder_cli import units
from xborder_cli.tables import terms as grammar

if TYPE_CHECKING:
    from xborder_cli.core.rule import Term, Terms

_GLUED_PLUS = re.compile(r"(?<=[\w%])\+(?=\d)")


def parse_terms(text: str) -> Terms:
    """Return the terms of a rate as the tables write it; blanks around + may be left out.

    >>> len(parse_terms("5%+0.30EUR/item").parts)
    2
    """
    return grammar.parse_terms(_GLUED_PLUS.sub(" + ", text))


def terms_text(terms: Terms) -> str:
    """Return terms as `parse_terms` reads them.

    >>> terms_text(parse_terms("4.5% min 0.30EUR/item"))
    '4.5 % min 0.3 EUR / item'
    """
    if terms.words:
        return f"words: {terms.words}"
    text = " + ".join(_term_text(part) for part in terms.parts)
    for word, clamp in (("min", terms.low), ("max", terms.high)):
        if clamp is not None:
            text += f" {word} {terms_text(clamp)}"
    return text


def _term_text(term: Term) -> str:
    if not term.currency:
        share = units.percent_text(term.amount)
        return share if term.of in ("", "base") else f"{share} of {term.of}"
    text = f"{units.ratio_text(term.amount)} {term.currency}"
    if not term.units:
        return text
    step = "" if term.step == (1, 1) else f"{units.ratio_text(term.step)} "
    text += f" / {'started ' if term.started else ''}{step}{' '.join(term.units)}"
    if term.over_band:
        return f"{text} over band"
    if term.over[0]:
        text += f" over {units.ratio_text(term.over)} {term.units[0]}"
    return text
