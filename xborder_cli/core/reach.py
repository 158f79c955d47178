"""Which parcels a card may be asked to carry at all: its days and its places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.core.chains import named_by_id, reaches
from xborder_cli.core.columns import Mask, both, either, negate, settle
from xborder_cli.core.rule import SELLING
from xborder_cli.core.varying import named_so, not_this_way

if TYPE_CHECKING:
    from xborder_cli.core.book import Book, CardHead
    from xborder_cli.core.chains import Chain
    from xborder_cli.core.parcels import Parcels
    from xborder_cli.core.rule import Step


def takes(book: Book, head: CardHead, step: Step, parcels: Parcels) -> Mask:
    """Return which parcels have a card among the candidates for a step of their chains."""
    if step.named:
        others = negate(named_so(parcels, step.leg, (step.named,)))
        return either(others, _takes(book, head, step, parcels, step.named))
    return _takes(book, head, step, parcels, getattr(parcels.attributes, head.leg, ""))


def _takes(book: Book, head: CardHead, step: Step, parcels: Parcels, name: str) -> Mask:
    origin, places = parcels.attributes.origin, parcels.destination
    if head.leg in SELLING and named_by_id(book, head.leg, name):
        found = [True] * len(places.names)  # whatever place it is for
    elif step.at == "destination":
        found = [name in head.origins for name in places.names]
    elif origin not in head.origins:
        return False
    elif step.at == "origin":
        found = [True] * len(places.names)
    else:
        found = [reaches(head, origin, [name]) for name in places.names]
    if places.codes is None or all(found) or not any(found):
        reached: Mask = found[0]
    else:
        reached = settle(np.array(found)[places.codes])
    return both(reached, _in_force(book, head, parcels))


def _in_force(book: Book, head: CardHead, parcels: Parcels) -> Mask:
    day, until = parcels.day, book.last_day(head)
    if isinstance(day, int):
        return head.since <= day and (until is None or day <= until)
    mask = day >= head.since
    return settle(mask if until is None else mask & (day <= until))


def chain_exists(book: Book, chain: Chain, parcels: Parcels) -> Mask:
    """Return which parcels have a chain among theirs, before a card looks at the parcel itself.

    Tiles hold parcels alike in the legs that a chain may leave out; see `alike`.
    """
    out: Mask = negate(not_this_way(parcels, chain.absent))
    for step, card in chain.steps:
        if card is not None:
            out = both(out, takes(book, _head(book, card.id, card.since), step, parcels))
    return out


def _head(book: Book, card: str, since: int) -> CardHead:
    return next(head for head in book.cards if head.id == card and head.since == since)
