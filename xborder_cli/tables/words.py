"""Rules back to the text of tables: terms, limits, roundings as docs/tables.md writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.units import percent_text, ratio_text

if TYPE_CHECKING:
    from xborder_cli.core.rule import Limit, Rounding, Term, Terms


def rate_words(terms: Terms) -> str:
    """Return terms as a table writes them.

    >>> from xborder_cli.tables.terms import parse_terms
    >>> rate_words(parse_terms("4.5 % + 0.3 EUR/item max 0.80 EUR/item"))
    '4.5 % + 0.30 EUR / item max 0.80 EUR / item'
    """
    if not terms.parts:
        return f"words: {terms.words}"
    text = " + ".join(term_words(part) for part in terms.parts)
    if terms.low is not None:
        text += f" min {rate_words(terms.low)}"
    if terms.high is not None:
        text += f" max {rate_words(terms.high)}"
    return text


def term_words(term: Term) -> str:
    """Return one addend as a table writes it.

    >>> from xborder_cli.tables.terms import parse_terms
    >>> term_words(parse_terms("1.29 HKD / started 0.01 kg over 0.19 kg").parts[0])
    '1.29 HKD / started 0.01 kg over 0.19 kg'
    """
    if not term.currency:
        share = percent_text(term.amount)
        text = share if term.of in ("", "base") else f"{share} of {term.of}"
        return f"{term.user}: %" if term.user else text
    amount = "?" if term.user else ratio_text(term.amount, 2)
    text = f"{amount} {term.currency}"
    if term.units:
        started = "started " if term.started else ""
        step = "" if term.step == (1, 1) else f"{ratio_text(term.step)} "
        text += f" / {started}{step}{' '.join(term.units)}"
    if term.over_band:
        text += " over band"
    elif term.over[0]:
        text += f" over {ratio_text(term.over)} {term.units[0]}"
    return text


def limit_words(limit: Limit) -> str:
    """Return a limit as a table writes it."""
    number = ratio_text(limit.amount)
    if limit.name:
        return f"{number} x {limit.name}"
    text = " ".join(part for part in (number, limit.currency or limit.unit) if part)
    return f"{text} / {limit.per}" if limit.per else text


def rounding_words(rounding: Rounding, currency: str) -> str:
    """Return a rounding as a table writes it."""
    if rounding.how == "exact":
        return "exact"
    if not rounding.step[0]:
        return f"{rounding.how} to minor unit"
    return f"{rounding.how} to {ratio_text(rounding.step)} {currency}"
