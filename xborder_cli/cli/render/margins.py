"""What a sale leaves, in words for the table of a quote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.cli.render.rows import Digits, margin_percent, money

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.answer import Option, Quote


def at_most(option: Option) -> str:
    """Return the mark before a margin that a gap makes an upper bound."""
    missing = any(line.at_least and line.payer == "seller" for line in option.lines)
    return "<=" if missing else ""


def sold(quote: Quote) -> tuple[str, ...]:
    """Return the heading of the margin, where something is said of a sale."""
    return ("Margin",) if quote.sale is not None else ()


def margin_words(option: Option, quote: Quote, digits: Digits) -> str:
    """Return what the sale leaves, and its share of what is paid; more is spent than is known."""
    percent = margin_percent(option, quote)
    share = f" {percent}%" if percent else ""
    return f"{at_most(option)}{money(option.margin_minor, quote.currency, digits)}{share}"


def margin_mark(quote: Quote, options: Sequence[Option]) -> str:
    """Say what the margin is."""
    cogs = "" if quote.sale is None or quote.sale.cogs_minor is None else " less goods"
    bound = "; <= at most" if any(at_most(option) for option in options) else ""
    return (
        f"margin: price and shipping{cogs} less what the seller pays, in % of what is paid{bound}"
    )
