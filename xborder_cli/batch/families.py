"""Groups of orders that may be priced together although some of what they share differs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from xborder_cli.core.parcels import VARIES, Codes
from xborder_cli.core.rule import SELLING, Lookup
from xborder_cli.core.varying import MAY_VARY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from xborder_cli.batch.template import Group
    from xborder_cli.core.book import Book
    from xborder_cli.core.columns import IntColumn


class Families:
    """Groups by what must be the same; what may vary is a column."""

    def __init__(self, groups: Sequence[Group], book: Book, markets: Collection[str]) -> None:
        """Put groups together.

        Args:
            groups: of some states, equal ones among them.
            book: the tables.
            markets: of their destinations, whether a table knows them or not.
        """
        known: dict[object, list[int]] = {}
        distinct = set(groups)
        free: list[str] = []
        if len(distinct) > 1:
            origins = {one.attributes.origin for one in distinct}
            held = _held(distinct, book) | _looked_up_by(book, origins.union(markets))
            free = [name for name in MAY_VARY if name not in held]
        keys = {one: _key(one, free) for one in distinct}
        for at, group in enumerate(groups):
            known.setdefault(keys[group], []).append(at)
        self.place = np.zeros(len(groups), dtype=np.int64)  # state -> family
        self._member = np.zeros(len(groups), dtype=np.int64)  # state -> which of its family
        self.groups: list[Group] = []
        self._codes: list[dict[str, Codes]] = []
        for number, members in enumerate(known.values()):
            self.place[members] = number
            self._member[members] = np.arange(len(members))
            names = _differing([groups[at] for at in members])
            first = groups[members[0]]
            vary: dict[str, Any] = dict.fromkeys(names, VARIES)
            shared = replace(first.attributes, **vary)
            self.groups.append(replace(first, attributes=shared))
            own = [groups[at].attributes for at in members]
            self._codes.append(
                {
                    name: Codes(
                        tuple(values),
                        np.array([values.index(getattr(one, name)) for one in own], dtype=np.int64),
                    )
                    for name, values in names.items()
                }
            )

    def varying(self, family: int, state: IntColumn) -> dict[str, Codes]:
        """Return what varies among orders of a family.

        Args:
            family: its number.
            state: shape (n,), of each order.
        """
        return {
            name: codes.take(self._member[state]) for name, codes in self._codes[family].items()
        }


def _key(group: Group, free: Sequence[str]) -> Group:
    """Return what groups of one family share.

    Args:
        group: of orders.
        free: attributes that may vary.
    """
    alike: dict[str, Any] = dict.fromkeys(free, "")
    if group.attributes.payment and "payment" in alike:
        alike["payment"] = VARIES  # who states none may ask for no margin
    return replace(group, attributes=replace(group.attributes, **alike))


def _held(groups: Iterable[Group], book: Book) -> set[str]:
    """Return the attributes that may not vary: a card of theirs decides about other legs."""
    named = {(leg, getattr(one.attributes, leg)) for one in groups for leg in SELLING}
    return set(SELLING) if any(_takes_more(book, *one) for one in named) else set()


def _looked_up_by(book: Book, markets: Iterable[str]) -> set[str]:
    """Return what rates of some markets are looked up by, beside goods and origin."""
    found: set[str] = set()
    for name in markets:
        market = book.market(name)
        for step in (market.export, market.entry, market.sale) if market is not None else ():
            shared = (step.charges, *(regime.charges for regime in step.regimes))
            rates = (charge.rate for charges in shared for charge in charges)
            for rate in rates:
                if isinstance(rate, Lookup):
                    found.update(_keys(rate))
    return found


def _keys(rate: Lookup) -> Iterator[str]:
    """Yield what a rate, or any that it chooses from, is looked up by."""
    yield from rate.by
    for inner in (*rate.pick, *rate.least):
        yield from _keys(inner)


def _takes_more(book: Book, leg: str, name: str) -> bool:
    """Tell whether a name has a card that decides about other legs of its chain."""
    heads = (head for head in book.cards if name and head.leg == leg)
    cards = (book.card(head) for head in heads if name in (head.id, head.carrier))
    return any(card.includes or card.site for card in cards)


def _differing(groups: Sequence[Group]) -> dict[str, list[str]]:
    """Return what differs among groups of one family, and its values in their own order."""
    found = {name: sorted({getattr(one.attributes, name) for one in groups}) for name in MAY_VARY}
    return {name: values for name, values in found.items() if len(values) > 1}
