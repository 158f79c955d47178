"""Modes -> chains of cards and events that can serve some of the parcels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xborder_cli.core.zones import EVERYWHERE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.core.book import Book, CardHead
    from xborder_cli.core.parcels import Parcels
    from xborder_cli.core.rule import (
        Mode,
        RateCard,
        Step,
    )

CHAINS_MOST: Final = 4096  # searches kept at once


@dataclass(frozen=True, slots=True)
class Chain:
    """Steps of a mode's pattern with a card for each leg."""

    mode: Mode
    steps: tuple[tuple[Step, RateCard | None], ...]

    @property
    def cards(self) -> tuple[RateCard, ...]:
        """The cards of the legs, in order."""
        return tuple(card for _, card in self.steps if card is not None)

    @property
    def main(self) -> RateCard:
        """The card that names the option: the leg that crosses the border."""
        for step, card in self.steps:
            if card is not None and step.at == "lane":
                return card
        return self.cards[0]

    @property
    def id(self) -> tuple[object, ...]:
        """What tells one chain from another."""
        return (self.mode.id, *((card.id, card.since) for card in self.cards))


def chains(book: Book, mode: Mode, parcels: Parcels) -> tuple[Chain, ...]:
    """Return the chains by which a mode can serve some of the parcels."""
    key = (mode.id, parcels.attributes.origin, parcels.destination.names, _days(parcels))
    found = book.chains_found.get(key)
    if found is None:
        if len(book.chains_found) > CHAINS_MOST:
            book.chains_found.clear()
        found = book.chains_found[key] = tuple(_chains(book, mode, parcels))
    return found


def _chains(book: Book, mode: Mode, parcels: Parcels) -> Iterator[Chain]:
    for pattern in mode.patterns:
        found = [
            (step, _candidates(book, mode, step, parcels) if step.leg else []) for step in pattern
        ]
        # a leg that another's price may hold already is missing only when none holds it
        missing = any(step.leg and not heads and not step.optional for step, heads in found)
        if missing and not any(
            _may_include(book, heads, step) for step, _ in found if step.leg for _, heads in found
        ):
            continue
        yield from _combine(book, mode, found, 0, ())


def _may_include(book: Book, heads: Sequence[CardHead], step: Step) -> bool:
    return any(step.leg in book.card(head).includes for head in heads)


def _candidates(book: Book, mode: Mode, step: Step, parcels: Parcels) -> list[CardHead]:
    origin, destinations = parcels.attributes.origin, parcels.destination.names
    low, high = _days(parcels)
    found = []
    for head in book.cards:
        if head.leg != step.leg or mode.id not in head.modes:
            continue
        end = book.last_day(head)
        if head.since > high or (end is not None and end < low):
            continue
        if step.at == "destination":
            if any(place in head.origins for place in destinations):
                found.append(head)
        elif origin in head.origins and (
            step.at == "origin" or reaches(head, origin, destinations)
        ):
            found.append(head)
    return found


def _days(parcels: Parcels) -> tuple[int, int]:
    if isinstance(parcels.day, int):
        return parcels.day, parcels.day
    return int(parcels.day.min()), int(parcels.day.max())


def reaches(head: CardHead, origin: str, destinations: Sequence[str]) -> bool:
    """Tell whether the zones of a card name one of some places."""
    if not head.countries or EVERYWHERE in head.countries:
        return True
    if head.zone_of == "origin":
        return origin in head.countries
    if head.zone_of == "lane":
        return any(f"{origin}-{place}" in head.countries for place in destinations)
    return any(place in head.countries for place in destinations)


def _combine(
    book: Book,
    mode: Mode,
    found: Sequence[tuple[Step, list[CardHead]]],
    at: int,
    taken: tuple[tuple[Step, RateCard | None], ...],
) -> Iterator[Chain]:
    if at == len(found):
        yield Chain(mode, taken)
        return
    step, heads = found[at]
    if not step.leg:
        yield from _combine(book, mode, found, at + 1, (*taken, (step, None)))
        return
    included = {name for _, card in taken if card for name in card.includes}
    if step.leg in included:
        yield from _combine(book, mode, found, at + 1, taken)
        return
    site = next((card.site for _, card in taken if card and card.site), "")
    fitting = [
        card for card in map(book.card, heads) if not card.site or not site or card.site == site
    ]
    if step.optional:
        # a card that belongs to no site of the chain is not added to it unasked
        fitting = [card for card in fitting if not card.site or card.site == site or not site]
        if not fitting:
            yield from _combine(book, mode, found, at + 1, taken)
            return
    for card in fitting:
        yield from _combine(book, mode, found, at + 1, (*taken, (step, card)))
