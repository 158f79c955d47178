"""Tables of kind payment and platform: what a sale pays to those it is made through.

They are rate cards of a leg that carries nothing. A parcel whose sale names a provider always has
one: where no table tells its fees they are a gap, never nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from xborder_cli.core.rule import SELLING, Provenance, RateCard
from xborder_cli.tables.node import Mapping
from xborder_cli.tables.rate_card import read_rate_card

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from xborder_cli.core.rule import Charge, Day
    from xborder_cli.errors import Problem
    from xborder_cli.tables.place import Place
    from xborder_cli.tables.reader import Reader
    from xborder_cli.tables.tables import Tables

Span: TypeAlias = "tuple[Day, Day | None]"  # first and last day; None: no end
ELSEWHERE: Final = "*"  # wherever no other card of the provider is for
WHERE: Final = {"payment": "accounts", "platform": "markets"}
KEYS: Final = {"provider": "carrier", "provider_name": "carrier_name"}
KINDS: Final = ("fee", "amount")
UNKNOWN: Final = (
    "[{{code: {code}, kind: fee, name: fees of {name}, base: [price, shipping],"
    " rate: {{user: {provider}-fee, unit: '%', words: fees of {name} here}}}}]"
)


def read_selling_card(reader: Reader, node: Mapping, leg: str) -> RateCard | None:
    """Return what a provider takes of a sale, None when it has no identity.

    Args:
        reader: of the table.
        node: the table.
        leg: payment or platform.
    """
    entries = {KEYS.get(name, name): value for name, value in node.entries.items()}
    keys = {KEYS.get(name, name): key for name, key in node.keys.items()}
    where = entries.pop(WHERE[leg], None)
    card = read_rate_card(reader, Mapping(node.page, node.line, node.column, entries, keys))
    if card is None:
        return None
    places: dict[str, None] = {}
    for text in reader.text_nodes(where):
        code = text.text.strip()
        found = (code,) if code == ELSEWHERE else reader.places([code], text)
        places.update(dict.fromkeys(found))
    return replace(card, leg=leg, origins=tuple(places))


def with_unknown_fees(
    cards: Sequence[RateCard], countries: Collection[str]
) -> tuple[RateCard, ...]:
    """Return all cards, and for every provider of fees a gap where and when none tells them.

    Args:
        cards: of all legs.
        countries: all there are.
    """
    found = [card for card in cards if card.leg not in SELLING]
    providers: dict[tuple[str, str], list[RateCard]] = {}
    for card in cards:
        if card.leg in SELLING:
            providers.setdefault((card.leg, card.carrier), []).append(card)
    for own in providers.values():
        found += _of_provider(own, countries)
    return tuple(found)


def _of_provider(cards: Sequence[RateCard], countries: Collection[str]) -> Iterator[RateCard]:
    named = {place for card in cards for place in card.origins} - {ELSEWHERE}
    rest = tuple(place for place in countries if place not in named)
    told: dict[str, list[Span]] = {place: [] for place in (*countries, *named)}
    issues: dict[str, list[RateCard]] = {}
    for card in cards:
        if ELSEWHERE in card.origins:
            kept = tuple(place for place in card.origins if place != ELSEWHERE)
            card = replace(card, origins=(*kept, *rest))
        issues.setdefault(card.id, []).append(card)
        yield card
    for own in issues.values():
        spans = _spans(own)
        for card, span in zip(own, spans, strict=True):
            for place in card.origins:
                told[place].append(span)
        # named by its id, wherever the sale is
        for since, until in _holes(spans):
            yield _unknown(own[0], own[0].id, (), since, until)
    silent: dict[Span, list[str]] = {}
    for place, spans in told.items():
        for hole in _holes(spans):
            silent.setdefault(hole, []).append(place)
    for number, ((since, until), places) in enumerate(silent.items(), start=1):
        yield _unknown(
            cards[0], f"{cards[0].carrier}-unknown-{number}", tuple(places), since, until
        )


def _spans(issues: list[RateCard]) -> list[Span]:
    """Return the days of each issue of one card: to its end, or to the next one's first."""
    issues.sort(key=lambda card: card.since)
    spans: list[Span] = []
    for at, card in enumerate(issues):
        ends = [issues[at + 1].since - 1] if at + 1 < len(issues) else []
        if card.until is not None:
            ends.append(card.until)
        spans.append((card.since, min(ends, default=None)))
    return spans


def _holes(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield the days that no span covers, from the first day that there is.

    >>> list(_holes([(5, 9), (12, None)]))
    [(0, 4), (10, 11)]
    """
    free = 0
    for since, until in sorted(spans, key=lambda span: span[0]):
        if since > free:
            yield free, since - 1
        if until is None:
            return
        free = max(free, until + 1)
    yield free, None


def _unknown(
    like: RateCard, name: str, origins: tuple[str, ...], since: Day, until: Day | None
) -> RateCard:
    return RateCard(
        id=name,
        carrier=like.carrier,
        carrier_name=like.carrier_name,
        service=f"{like.carrier_name}, fees not known",
        modes=(),
        leg=like.leg,
        transport="none",
        origins=origins,
        currency=like.currency,
        provenance=replace(
            like.provenance, title="no table tells these fees", url="", since=0, confidence="low"
        ),
        since=since,
        until=until,
        charges=_gap(like),
    )


def _gap(like: RateCard) -> tuple[Charge, ...]:
    from xborder_cli.tables.load import parse_charges

    code = "payment_fee" if like.leg == "payment" else "commission"
    text = UNKNOWN.format(code=code, name=like.carrier_name, provider=like.carrier)
    table, line = like.provenance.table, like.provenance.line
    provenance = Provenance(table, line, "no table tells these fees", confidence="low")
    charges = parse_charges(text, like.currency)
    return tuple(replace(charge, provenance=provenance) for charge in charges)


def check_selling(place: Place, tables: Tables) -> Iterator[Problem]:
    """Fees that are none, and two cards of a provider where one cannot know which is meant."""
    taken: dict[tuple[str, str, str], RateCard] = {}
    for card in tables.cards:
        if card.leg not in SELLING:
            continue
        for charge in card.charges:
            if charge.kind not in KINDS:
                what = f'"{charge.code}" is {charge.kind}: {card.leg} tables hold fees'
                yield place.problem("bad-kind", charge.provenance, what, "write kind: fee")
        for country in card.origins:
            first = taken.setdefault((card.leg, card.carrier, country), card)
            if first.id != card.id:
                what = f"{card.id} is for {country}, as {first.id} is: which one is meant?"
                fix = "give one of them another provider, or let a charge ask for an option"
                yield place.problem("two-fees", card.provenance, what, fix)
                break
