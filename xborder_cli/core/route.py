"""Modes -> chains of cards and events, and why a card cannot carry a parcel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core.charge import in_force
from xborder_cli.core.columns import Mask, any_of, both, negate, settle
from xborder_cli.core.condition import holds, lines_where, things_where
from xborder_cli.core.parcels import LINE
from xborder_cli.core.program import Program
from xborder_cli.core.rule import (
    Charge,
    ChargeSet,
    Mode,
    RateCard,
    Step,
    Test,
)
from xborder_cli.core.step import Node, StepSpec
from xborder_cli.core.tile import Refusal
from xborder_cli.core.zones import EVERYWHERE, NOWHERE, class_codes, zone_codes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.core.book import Book, CardHead
    from xborder_cli.core.parcels import Attributes, Parcels
    from xborder_cli.core.run import Run

MAIN_LEGS: Final = ("door_to_door", "transhipment", "first_leg", "line_haul", "bulk_line_haul")


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


CHAINS_MOST: Final = 4096


def _chains(book: Book, mode: Mode, parcels: Parcels) -> Iterator[Chain]:
    for pattern in mode.patterns:
        found = [
            (step, _candidates(book, mode, step, parcels) if step.leg else []) for step in pattern
        ]
        if any(step.leg and not heads and not step.optional for step, heads in found):
            # a leg that another's price may hold already is missing only when none holds it
            if not any(
                _may_include(book, heads, step)
                for step, _ in found
                if step.leg
                for _, heads in found
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
            step.at == "origin" or _reaches(head, origin, destinations)
        ):
            found.append(head)
    return found


def _days(parcels: Parcels) -> tuple[int, int]:
    if isinstance(parcels.day, int):
        return parcels.day, parcels.day
    return int(parcels.day.min()), int(parcels.day.max())


def _reaches(head: CardHead, origin: str, destinations: Sequence[str]) -> bool:
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


def build_program(book: Book, chain: Chain, parcels: Parcels, markets: Sequence[str]) -> Program:
    """Return the charges of a chain as a program.

    Args:
        book: the tables.
        chain: cards and events.
        parcels: for what the condition context needs: Incoterm, scheme.
        markets: the markets of the destinations; they charge alike.
    """
    attributes = parcels.attributes
    main = chain.main
    incoterm = attributes.incoterm or main.incoterms[0]
    scheme = attributes.scheme or "none"
    event_channel = next((step.channel for step, _ in chain.steps if step.event == "entry"), "")
    channel = main.channel or event_channel
    head = book.market_heads[markets[0]]
    key = (chain.id, head.entry_key, head.sale_key, incoterm, scheme, attributes)
    found = book.programs.get(key)
    if found is not None:
        return found  # type: ignore[return-value]
    included = {name for card in chain.cards for name in card.includes}
    kinds = frozenset(included & {"duty", "tax", "fee"})
    steps = []
    entry = None
    for step, card in chain.steps:
        if card is not None:
            steps.append(leg_step(book, step, card, attributes.overrides, channel))
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
    context = {
        "mode": chain.mode.id,
        "channel": channel,
        "transport": main.transport,
        "incoterm": incoterm,
        "scheme": scheme,
    }
    program = Program(
        steps,
        context,
        entry=entry,
        tariff_chains=book.chains,
        facts=book.facts.setdefault(attributes, facts_of(attributes)),
        settled=book.settled,
    )
    book.programs[key] = program
    return program


def facts_of(attributes: Attributes) -> dict[str, frozenset[str]]:
    """Return what all parcels of a batch share, by the names that conditions use."""
    facts = {
        name: frozenset({getattr(attributes, name)})
        for name in ("buyer", "seller", "region", "area", "platform", "direction")
    }
    facts["from"] = frozenset({attributes.origin})
    facts["option"] = attributes.options
    return facts


def leg_step(
    book: Book, step: Step, card: RateCard, overrides: tuple[tuple[str, object], ...], channel: str
) -> StepSpec:
    """Return a leg with its card's charges and the surcharges that join them."""
    key = ("leg", card.id, card.since, step, overrides, channel)
    known = book.specs.get(key)
    if known is not None:
        return known
    charges = [(charge, card.currency) for charge in card.charges]
    own = {charge.code for charge in card.charges}
    for surcharge in book.surcharges_of(card.carrier, card.id):
        charges += [(c, surcharge.currency) for c in surcharge.charges if c.code not in own]
    spec = book.specs[key] = StepSpec(
        key=("leg", card.id, card.since, step.scope, step.at),
        leg=step.leg,
        at=step.at,
        card=card,
        charges=ChargeSet(tuple(override(charge, dict(overrides)) for charge, _ in charges)),
        currencies=tuple(currency for _, currency in charges),
        currency=card.currency,
        channel=channel,
        transport=card.transport,
        lot=step.scope == "lot",
        value=step.value,
    )
    return spec


def event_step(
    book: Book,
    step: Step,
    market_id: str,
    channel: str,
    transport: str,
    included: frozenset[str],
    attributes: object,
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
    overrides = dict(getattr(attributes, "overrides", ()))
    fees = getattr(attributes, "fees", ()) if step.event == "entry" else ()
    extra = tuple(stated_fee(market, code, money) for code, money in fees)
    shared = tuple(override(charge, overrides) for charge in charges.charges) + extra
    regimes = tuple(
        replace(regime, charges=tuple(override(charge, overrides) for charge in regime.charges))
        for regime in charges.regimes
    )
    spec = book.specs[known_key] = StepSpec(
        key=(step.event, step.scope, step.value, market_id if step.event == "export" else ""),
        event=step.event,
        market=market_id,
        charges=replace(charges, charges=shared, regimes=regimes),
        currency=market.currency,
        channel=channel if step.event == "entry" else step.channel,
        transport=transport,
        lot=step.scope == "lot",
        value=step.value,
        includes=included if step.event == "entry" else frozenset(),
    )
    return spec


def stated_fee(market: object, code: str, money: object) -> Charge:
    """Return a fee that the caller states, as a charge like any other."""
    from xborder_cli.core.lower import dated_table
    from xborder_cli.core.rule import Dated, Money, Provenance, Span, Term, Terms

    assert isinstance(money, Money)
    source = Provenance("", 0, title="stated by the caller")
    terms = Terms((Term(money.amount, currency=money.currency),))
    rate = dated_table(Dated((Span(0, terms, source),)))
    return Charge(code=code, kind="fee", provenance=source, name="stated fee", rate=rate)  # type: ignore[arg-type]


def override(charge: Charge, overrides: dict[str, object]) -> Charge:
    """Return a charge with the rate that the caller states instead of the table's.

    `duty` sets the ordinary duty and `vat` the tax on the sale or import, whatever a market calls them;
    any other name is a charge's code, or the programme that its rate is looked up in.
    """
    if not overrides or charge.kind == "amount":
        return charge
    from xborder_cli.core.lower import flat_rate
    from xborder_cli.core.rule import Lookup, Terms

    names = [charge.code]
    if isinstance(charge.rate, Lookup):
        names += [charge.rate.programme, *_programmes(charge.rate)]
    words = set(charge.code.split("_"))
    if charge.kind == "duty" and (
        "mfn" in names or charge.code in ("duty", "basic_duty", "import_duty")
    ):
        names.append("duty")
    if charge.kind == "tax" and words & {"vat", "gst", "hst"}:
        names.append("vat")
    for name in names:
        terms = overrides.get(name)
        if isinstance(terms, Terms):
            return replace(charge, rate=flat_rate(terms, charge))  # type: ignore[arg-type]
    return charge


def _programmes(lookup: object) -> list[str]:
    found = []
    for inner in (*getattr(lookup, "pick", ()), *getattr(lookup, "least", ())):
        found += [inner.programme, *_programmes(inner)]
    return [name for name in found if name]


# -- what a card does not take ------------------------------------------------------------------

CODES: Final = {
    "weight": "too-heavy",
    "chargeable": "too-heavy",
    "longest": "too-large",
    "middle": "too-large",
    "shortest": "too-large",
    "sides_sum": "too-large",
    "girth": "too-large",
    "length_plus_girth": "too-large",
    "longest_plus_shortest": "too-large",
    "cbm": "too-large",
    "goods": "value-limit",
}


def refusals(run: Run, number: int) -> list[Refusal]:
    """Return which parcels a leg's card does not take, and why."""
    step = run.program.steps[number]
    card = step.card
    if card is None:
        return []
    seen = tuple(
        run.program.context_of(_probe(number), name) for name in ("channel", "mode", "incoterm")
    )
    key = ("refusals", step.key, seen)
    found = run.tile.cache.get(key)
    if found is None:
        found = _refusals(run, number, card)
        run.tile.cache[key] = found
    return found  # type: ignore[return-value]


def _probe(number: int) -> Node:
    return Node(-1, number, _NO_CHARGE, "", None)


_NO_CHARGE: Final = Charge(code="", kind="amount", provenance=None)  # type: ignore[arg-type]


def _refusals(run: Run, number: int, card: RateCard) -> list[Refusal]:
    out: list[Refusal] = []
    probe = _probe(number)

    def add(mask: Mask, code: str, what: str, fix: str = "") -> None:
        if any_of(mask):
            out.append(Refusal(mask, code, what, fix))

    add(
        _not_in_force(run, card),
        "not-in-force",
        "this edition of the list does not hold on that day",
    )
    if run.program.steps[number].at == "destination":
        places = run.parcels.destination
        abroad = np.array([name not in card.origins for name in places.names])
        elsewhere = settle(abroad[places.codes]) if places.codes is not None else bool(abroad[0])
        add(elsewhere, "not-served", "does not work there")
    codes = zone_codes(run, card)
    nowhere = np.array([name == NOWHERE for name in codes.names])
    add(
        settle(nowhere[codes.codes]) if codes.codes is not None else bool(nowhere[0]),
        "not-served",
        "does not go there",
    )
    for rule in card.limits:
        applies = holds(run, rule.when, probe) if rule.when else True
        if applies is False:
            continue
        for test in rule.tests:
            fits = holds(run, (test,), probe)
            add(both(applies, negate(fits)), _limit_code(test), test.name, _limit_text(test))
    for name in card.classes:
        classes = class_codes(run, card, name)
        unfit = np.array([code == "" for code in classes.names])
        add(
            settle(unfit[classes.codes]) if classes.codes is not None else bool(unfit[0]),
            "fits-no-class",
            name,
        )
    for trait in card.refuses:
        has = things_where(
            run, ("trait", (trait,)), lambda thing, trait=trait: trait in thing.traits
        )  # type: ignore[misc]
        add(run.any_row(has, LINE), "goods-refused", trait)
    if card.only:
        fits = holds(run, card.only, probe)
        add(negate(fits), "not-for-this", _only_text(card.only))
    return out


def _limit_code(test: Test) -> str:
    """Return the code of a limit: too heavy and too large are above it, anything else is just a limit."""
    return CODES.get(test.name, "limit") if test.op in ("up to", "under") else "limit"


def _not_in_force(run: Run, card: RateCard) -> Mask:
    end = run.tile.book.last_day(card)
    return negate(in_force(run, card.since, end))


def _limit_text(test: Test) -> str:
    from xborder_cli.core.wording import limit_text

    limit = test.limit.spans[-1].value if test.limit else None
    return f"{test.op} {limit_text(limit)}" if limit is not None else ", ".join(test.values)  # type: ignore[arg-type]


def _only_text(tests: tuple[Test, ...]) -> str:
    from xborder_cli.core.wording import tests_text

    return tests_text(tests)


__all__ = ["Chain", "build_program", "chains", "event_step", "leg_step", "lines_where", "refusals"]
