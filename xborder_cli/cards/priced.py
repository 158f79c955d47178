"""What of a rate card's price is known: figures, or names of what its user has to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.core.rule import Bands, Dated, Terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xborder_cli.core.rule import Charge, RateCard


def price_known(card: RateCard) -> str:
    """Return how much of a price the tables know.

    A charge under a condition that wants a figure does not make the price unknown.

    Returns:
        `yes`; `part` where a charge that is always due wants a figure of its user and others have
        theirs; `user` where all do; `none` where nothing is charged.
    """
    figures, always_wanted = False, False
    for charge in card.charges:
        if charge.kind == "amount":
            continue
        for terms in _terms(charge):
            wanted = bool(terms.words) or any(term.user for term in terms.parts)
            figures = figures or not wanted
            always_wanted = always_wanted or (wanted and not charge.when)
    if always_wanted:
        return "part" if figures else "user"
    return "yes" if figures else "none"


def wanted(charges: Iterable[Charge]) -> tuple[str, ...]:
    """Return the names of figures that no public source gives (`--assume NAME=...`)."""
    found = {
        term.user: None
        for charge in charges
        for terms in _terms(charge)
        for term in terms.parts
        if term.user
    }
    return tuple(found)


def cells(charges: Iterable[Charge]) -> int:
    """Return how many figures charges have: one a term of a band, one a term of a dated rate.

    >>> from xborder_cli.tables.load import parse_charges
    >>> cells(parse_charges("[{code: a, kind: fee, rate: 2 EUR + 1 EUR / kg}]", "EUR"))
    2
    """
    return sum(
        not term.user for charge in charges for terms in _terms(charge) for term in terms.parts
    )


def _terms(charge: Charge) -> Iterator[Terms]:
    """Yield every rate that a charge may have."""
    rate = charge.rate
    if isinstance(rate, Bands):
        for row in rate.rows.values():
            yield from (band.terms for band in row)
    elif isinstance(rate, Dated):
        yield from (span.value for span in rate.spans if isinstance(span.value, Terms))
