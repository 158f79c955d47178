"""Modes -> chains of cards and events that can serve some of the parcels."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING, Final

from xborder_cli.core.parcels import VARIES
from xborder_cli.core.rule import SELLING, Step
from xborder_cli.core.zones import EVERYWHERE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.core.book import Book, CardHead
    from xborder_cli.core.parcels import Parcels
    from xborder_cli.core.rule import (
        Day,
        Mode,
        RateCard,
    )

CHAINS_MOST: Final = 4096  # searches kept at once
# the last steps of a chain whose sale names them: whose site the buyer is on, whose account is paid
PLATFORM: Final = Step(leg="platform", at="destination")
PAYMENT: Final = Step(leg="payment", at="origin")


@dataclass(frozen=True, slots=True)
class Chain:
    """Steps of a mode's pattern with a card for each leg."""

    mode: Mode
    steps: tuple[tuple[Step, RateCard | None], ...]
    # parcels priced together may name unlike sites and accounts: which of each one's cards this
    # takes, and attributes and names that have no such card
    ways: tuple[int, ...] = ()
    absent: tuple[tuple[str, str], ...] = ()
    cards: tuple[RateCard, ...] = field(init=False, compare=False)  # of the legs, in order
    # the card that names the option: the leg that crosses the border
    main: RateCard = field(init=False, compare=False)
    id: tuple[object, ...] = field(init=False, compare=False)  # tells one chain from another
    order: tuple[str, ...] = field(init=False, compare=False)  # of equal options

    def __post_init__(self) -> None:
        """Find once what is asked for in every tile."""
        cards = tuple(card for _, card in self.steps if card is not None)
        crossing = (card for step, card in self.steps if card is not None and step.at == "lane")
        object.__setattr__(self, "cards", cards)
        object.__setattr__(self, "main", next(crossing, cards[0]))
        named = tuple(step.named for step, card in self.steps if card is not None)
        told = (*((card.id, card.since) for card in cards), *named, self.ways, self.absent)
        object.__setattr__(self, "id", (self.mode.id, *told))
        own = (card.id for card, name in zip(cards, named, strict=True) if not name)
        object.__setattr__(self, "order", (*own, *(f"{way:04}" for way in self.ways)))


def chains(book: Book, mode: Mode, parcels: Parcels) -> tuple[Chain, ...]:
    """Return the chains by which a mode can serve some of the parcels."""
    marks = _card_days(book)
    low, high = (bisect_right(marks, day) for day in _days(parcels))
    attributes = parcels.attributes
    varying = (codes.names for leg, codes in parcels.varying.items() if leg in SELLING)
    sale = (attributes.payment, attributes.platform, *varying)
    key = (mode.id, attributes.origin, parcels.destination.names, low, high, sale)
    found = book.chains_found.get(key)
    if found is None:
        if len(book.chains_found) > CHAINS_MOST:
            book.chains_found.clear()
        found = book.chains_found[key] = tuple(_chains(book, mode, parcels))
    return found


def _chains(book: Book, mode: Mode, parcels: Parcels) -> Iterator[Chain]:
    sold = list(product(*_sold(book, parcels)))
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
        for ways in sold:
            steps = [one for way in ways for one in way.steps]
            for taken in _combine(book, [*found, *steps], 0, ()):
                yield _chain(book, mode, taken, ways)


@dataclass(frozen=True, slots=True)
class _Way:
    """How a share of the sale is taken: its steps, and who takes none so."""

    steps: tuple[tuple[Step, list[CardHead]], ...]
    number: int | None = None  # of the ways of names that vary
    absent: tuple[tuple[str, str], ...] = ()


def _sold(book: Book, parcels: Parcels) -> Iterator[list[_Way]]:
    """Yield the ways in which a marketplace takes its share of the sale; then, a payment.

    One name has cards to choose from. Of names that vary each is a step of its own parcels; the
    first way has the first card of each, the second one the second of those that have two.
    """
    attributes = parcels.attributes
    # a provider's name finds its card for the place, a card's own id finds it wherever the sale is
    for step, name, places in (
        (PLATFORM, attributes.platform, parcels.destination.names),
        (PAYMENT, attributes.payment, (attributes.origin,)),
    ):
        if name != VARIES:
            found = _sellers(book, step.leg, name, places, _days(parcels))
            yield [_Way(((step, found),) if found else ())]
            continue
        cards = {
            one: sorted(_sellers(book, step.leg, one, places, _days(parcels)), key=_id)
            for one in parcels.varying[step.leg].names
        }
        yield [
            _Way(
                tuple(
                    (replace(step, named=one), [heads[number]])
                    for one, heads in cards.items()
                    if number < len(heads)
                ),
                number,
                tuple(
                    (step.leg, one) for one, heads in cards.items() if max(1, len(heads)) <= number
                ),
            )
            for number in range(max(1, *map(len, cards.values())))
        ]


def _id(head: CardHead) -> str:
    return head.id


def _sellers(
    book: Book, leg: str, name: str, places: Sequence[str], days: tuple[int, int]
) -> list[CardHead]:
    """Return the cards that tell what a name takes of a sale."""
    found = []
    low, high = days
    any_place = named_by_id(book, leg, name)
    for head in book.cards if name else ():
        if head.leg != leg or head.since > high:
            continue
        end = book.last_day(head)
        if end is not None and end < low:
            continue
        theirs = head.carrier == name and any(place in head.origins for place in places)
        if head.id == name if any_place else theirs:
            found.append(head)
    return found


def named_by_id(book: Book, leg: str, name: str) -> bool:
    """Tell whether a payment or platform is named by the id of a card, not by its provider."""
    return bool(name) and not any(head.leg == leg and head.carrier == name for head in book.cards)


def _may_include(book: Book, heads: Sequence[CardHead], step: Step) -> bool:
    return any(step.leg in book.card(head).includes for head in heads)


def _candidates(book: Book, mode: Mode, step: Step, parcels: Parcels) -> list[CardHead]:
    origin, destinations = parcels.attributes.origin, parcels.destination.names
    low, high = _days(parcels)
    found = []
    for head, end in _heads(book, mode, step):
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


def first_list(book: Book, mode: Mode, origin: str, destination: str) -> Day:
    """Return the day on which the first price list of a mode on a lane begins, 0 for none.

    Where several legs cross the border it is the day on which all of them have one.
    """
    days = []
    for pattern in mode.patterns:
        begins = [
            min(
                (
                    head.since
                    for head, _ in _heads(book, mode, step)
                    if origin in head.origins and reaches(head, origin, (destination,))
                ),
                default=0,
            )
            for step in pattern
            if step.leg and step.at == "lane" and not step.optional
        ]
        if begins and all(begins):
            days.append(max(begins))
    return min(days, default=0)


def _heads(book: Book, mode: Mode, step: Step) -> list[tuple[CardHead, Day | None]]:
    """Return the cards that can serve a step of a mode somewhere, and their last days."""
    found = book.heads.get((mode.id, step.leg))
    if found is None:
        found = book.heads[mode.id, step.leg] = [
            (head, book.last_day(head))
            for head in book.cards
            if head.leg == step.leg and mode.id in head.modes
        ]
    return found


def _card_days(book: Book) -> list[Day]:
    """Return the days on which some card begins or has just ended: between them all days agree."""
    if not book.card_days:
        days = {head.since for head in book.cards}
        ends = (book.last_day(head) for head in book.cards)
        book.card_days.extend(sorted(days.union(end + 1 for end in ends if end is not None)))
    return book.card_days


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


def _chain(
    book: Book,
    mode: Mode,
    taken: tuple[tuple[Step, RateCard | None], ...],
    ways: Sequence[_Way],
) -> Chain:
    """Return a chain, the same one for the same steps and cards."""
    numbers = tuple(way.number for way in ways if way.number is not None)
    absent = tuple(one for way in ways for one in way.absent)
    steps = tuple([(step if step.named else id(step), id(card)) for step, card in taken])
    key = (mode.id, steps, numbers, absent)
    known = book.chains_made.get(key)
    if known is None:
        known = book.chains_made[key] = Chain(mode, taken, numbers, absent)
    return known


def _combine(
    book: Book,
    found: Sequence[tuple[Step, list[CardHead]]],
    at: int,
    taken: tuple[tuple[Step, RateCard | None], ...],
) -> Iterator[tuple[tuple[Step, RateCard | None], ...]]:
    """Yield the steps of chains, each leg with one of its cards."""
    if at == len(found):
        yield taken
        return
    step, heads = found[at]
    if not step.leg:
        yield from _combine(book, found, at + 1, (*taken, (step, None)))
        return
    included = {name for _, card in taken if card for name in card.includes}
    if step.leg in included:
        yield from _combine(book, found, at + 1, taken)
        return
    site = next((card.site for _, card in taken if card and card.site), "")
    fitting = [
        card for card in map(book.card, heads) if not card.site or not site or card.site == site
    ]
    if step.optional:
        # a card that belongs to no site of the chain is not added to it unasked
        fitting = [card for card in fitting if not card.site or card.site == site or not site]
        if not fitting:
            yield from _combine(book, found, at + 1, taken)
            return
    for card in fitting:
        yield from _combine(book, found, at + 1, (*taken, (step, card)))
