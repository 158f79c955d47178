"""Rates compared without goods: which come to nothing, or to the same, and which is the least."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xborder_cli.core.rule import Terms


def is_nothing(terms: Terms) -> bool:
    """Tell whether a rate is known and comes to 0, whatever it is of."""
    return (
        not terms.words and all(part.amount[0] == 0 for part in terms.parts) and terms.low is None
    )


def alike(one: Terms, other: Terms | None) -> bool:
    """Tell whether two rates come to the same; None is nothing."""
    return is_nothing(one) if other is None or is_nothing(other) else one == other


def size(terms: Terms) -> float:
    """Return what rates are put in order by, never an amount; infinite where percent say not all.

    Ties and closeness do not matter for which is the least.
    """
    if terms.words or any(part.currency for part in terms.parts):
        return inf
    return sum(part.amount[0] / part.amount[1] for part in terms.parts)
