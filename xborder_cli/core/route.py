"""Modes -> chains of cards and events, and why a card cannot carry a parcel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from xborder_cli.core.card_key import context_read_by
from xborder_cli.core.overrides import override, stated_fee
from xborder_cli.core.parcels import SHARED, UNSTATED_NAME, VARIES
from xborder_cli.core.program import Program
from xborder_cli.core.rule import (
    Charge,
    ChargeSet,
    RateCard,
    Step,
    Terms,
    Test,
)
from xborder_cli.core.step import StepSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.book import Book
    from xborder_cli.core.chains import Chain
    from xborder_cli.core.parcels import Attributes, Parcels
    from xborder_cli.core.rule import Money


PROGRAMS_MOST: Final = 20_000  # kept at once


def build_program(book: Book, chain: Chain, parcels: Parcels, markets: Sequence[str]) -> Program:
    """Return the charges of a chain as a program.

    Args:
        book: the tables.
        chain: cards and events.
        parcels: for what the condition context needs: Incoterm, scheme.
        markets: the markets of the destinations; they charge alike.
    """
    attributes = parcels.attributes
    key = (id(chain), id(attributes), markets[0])
    known = book.programs_by_identity.get(key)
    if known is None or known[0] is not chain or known[1] is not attributes:
        if len(book.programs) > PROGRAMS_MOST or len(book.programs_by_identity) > PROGRAMS_MOST:
            _forget(book)
        known = (chain, attributes, _program(book, chain, attributes, markets))
        book.programs_by_identity[key] = known
    return known[2]


def _forget(book: Book) -> None:
    """Let go of all programs: ever new attributes of orders must not fill the memory."""
    book.programs_by_identity.clear()
    book.programs.clear()
    book.specs.clear()
    book.facts.clear()
    book.graphs.clear()


def _program(book: Book, chain: Chain, attributes: Attributes, markets: Sequence[str]) -> Program:
    main = chain.main
    incoterm = attributes.incoterm or main.incoterms[0]
    scheme = attributes.scheme or "none"
    event_channel = next((step.channel for step, _ in chain.steps if step.event == "entry"), "")
    channel = main.channel or event_channel
    head = book.market_heads[markets[0]]
    key = (chain.id, head.entry_key, head.sale_key, incoterm, scheme, attributes)
    found = book.programs.get(key)
    if found is not None:
        return found
    included = {name for card in chain.cards for name in card.includes}
    kinds = frozenset(included & {"duty", "tax", "fee"})
    context = {
        "mode": chain.mode.id,
        "channel": channel,
        "transport": main.transport,
        "incoterm": incoterm,
        "scheme": scheme,
    }
    steps = []
    entry = None
    for step, card in chain.steps:
        if card is not None:
            steps.append(leg_step(book, step, card, attributes.overrides, context))
        else:
            spec = event_step(
                book,
                step,
                attributes.origin if step.event == "export" else markets[0],
                channel,
                main.transport,
                kinds,
                attributes,
            )
            if spec is None:
                continue
            if step.event == "entry":
                entry = len(steps)
            steps.append(spec)
    program = Program(
        steps,
        context,
        entry=entry,
        tariff_chains=book.chains,
        facts=book.facts.setdefault(attributes, facts_of(attributes)),
        graphs=book.graphs,
        absent=chain.absent,
    )
    book.programs[key] = program
    return program


def facts_of(attributes: Attributes) -> dict[str, frozenset[str]]:
    """Return what all parcels of a batch share, by the names that conditions use."""
    facts = {
        name: frozenset({own or UNSTATED_NAME})
        for name in SHARED
        if (own := getattr(attributes, name)) != VARIES
    }
    facts["from"] = frozenset({attributes.origin})
    facts["option"] = attributes.options
    return facts


def leg_step(
    book: Book,
    step: Step,
    card: RateCard,
    overrides: tuple[tuple[str, Terms], ...],
    context: dict[str, str],
) -> StepSpec:
    """Return a leg with its card's charges and the surcharges that join them."""
    channel = context["channel"]
    read = tuple([context[name] for name in context_read_by(card)])
    key = ("leg", card.id, card.since, step, overrides, channel, read)
    known = book.specs.get(key)
    if known is not None:
        return known
    charges = [(charge, card.currency) for charge in card.charges]
    own = {charge.code for charge in card.charges}
    for surcharge in book.surcharges_of(card.carrier, card.id):
        charges += [(c, surcharge.currency) for c in surcharge.charges if c.code not in own]
    stated = dict(overrides)
    set_ = book.graphs.charge_sets.setdefault(
        ("leg", card.id, card.since, overrides, step.leg, step.named),
        ChargeSet(tuple(override(_of_named(charge, step), stated) for charge, _ in charges)),
    )
    spec = book.specs[key] = StepSpec(
        key=("leg", card.id, card.since, step.scope, step.at, step.named, *read),
        leg=step.leg,
        at=step.at,
        card=card,
        charges=set_,
        currencies=tuple(currency for _, currency in charges),
        currency=card.currency,
        channel=channel,
        transport=card.transport,
        lot=step.scope == "lot",
        value=step.value,
        named=step.named,
    )
    return spec


def _of_named(charge: Charge, step: Step) -> Charge:
    """Return a charge that arises only for the parcels that a step is of."""
    if not step.named:
        return charge
    return replace(charge, when=(Test("is", step.leg, (step.named,)), *charge.when))


def event_step(
    book: Book,
    step: Step,
    market_id: str,
    channel: str,
    transport: str,
    included: frozenset[str],
    attributes: Attributes,
) -> StepSpec | None:
    """Return an event with its market's charges, None when nobody tells what the event costs."""
    known_key = (step, market_id, channel, transport, included, attributes)
    known = book.specs.get(known_key)
    if known is not None:
        return known
    market = book.market(market_id)
    if market is None:
        return None
    charges: ChargeSet = getattr(market, step.event)
    fees = attributes.fees if step.event == "entry" else ()
    if attributes.overrides or fees:
        charges = book.graphs.charge_sets.setdefault(
            (step.event, market_id, attributes.overrides, fees),
            _as_stated(charges, dict(attributes.overrides), fees),
        )
    spec = book.specs[known_key] = StepSpec(
        key=(step.event, step.scope, step.value, market_id if step.event == "export" else ""),
        event=step.event,
        market=market_id,
        charges=charges,
        currency=market.currency,
        channel=channel if step.event == "entry" else step.channel,
        transport=transport,
        lot=step.scope == "lot",
        value=step.value,
        includes=included if step.event == "entry" else frozenset(),
    )
    return spec


def _as_stated(
    charges: ChargeSet, overrides: dict[str, Terms], fees: tuple[tuple[str, Money], ...]
) -> ChargeSet:
    """Return an event's charges with the rates and fees that the caller states."""
    extra = tuple(stated_fee(code, money) for code, money in fees)
    regimes = tuple(
        replace(regime, charges=tuple(override(charge, overrides) for charge in regime.charges))
        for regime in charges.regimes
    )
    shared = tuple(override(charge, overrides) for charge in charges.charges)
    return replace(charges, charges=shared + extra, regimes=regimes)
