"""How sure an answer is: confidence, age, exchange rates, what was assumed on a route."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xborder_cli.core.answer import LOW, REFUSED
from xborder_cli.core.columns import any_of
from xborder_cli.core.fx import STALE_DAYS, STATED
from xborder_cli.core.rates import BandTable, DatedTable
from xborder_cli.core.rule import Dated, Terms
from xborder_cli.core.wording import terms_text
from xborder_cli.core.zones import zone_row
from xborder_cli.units import day_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.answer import ChargeLine, FxUse, Leg
    from xborder_cli.core.book import Book
    from xborder_cli.core.chains import Chain
    from xborder_cli.core.intake import Intake
    from xborder_cli.core.landed_cost import Priced
    from xborder_cli.core.rule import Day, RateCard
    from xborder_cli.core.tile import Tile

FICTIONAL: Final = "fictional"
ORDER: Final = ("high", "medium", "low")
YEAR: Final = 365
# what is assumed on a route, in words
LOT_ASSUMED: Final = "a lot of {} travels together (--lot)"
STORAGE_ASSUMED: Final = "{} days in the warehouse (--storage-days)"
VALUE_ASSUMED: Final = "declared at its value in the bulk entry (--transfer-value)"
SELLER_ASSUMED: Final = "the seller is registered for tax where the stock lies (--seller none)"


def confidence_of(lines: Sequence[ChargeLine], legs: Sequence[Leg]) -> str:
    """Return the lowest confidence among the figures that an option rests on."""
    levels = [line.provenance.confidence for line in lines if not line.included]
    levels += [leg.provenance.confidence for leg in legs]
    return max(levels, key=ORDER.index, default="high")


def low_figures(lines: Sequence[ChargeLine], legs: Sequence[Leg]) -> tuple[str, ...]:
    """Name the figures of low confidence."""
    names = [leg.service for leg in legs if leg.provenance.confidence == "low"]
    names += [
        line.code
        for line in lines
        if line.provenance.confidence == "low" and not line.included and line.leg is None
    ]
    return (f"{LOW}{', '.join(dict.fromkeys(names))}",) if names else ()


def age_flags(cards: Sequence[RateCard], on: Day) -> tuple[str, ...]:
    """Say which lists are old: past their expected end, or not checked for a year."""
    out = [f"fictional: {c.id} is invented" for c in cards if c.provenance.title == FICTIONAL]
    for card in cards:
        if not prints_prices(card):
            continue
        if card.expected_until is not None and on > card.expected_until:
            out.append(
                f"stale: the list of {card.id} was expected to end on "
                f"{day_text(card.expected_until)}"
            )
        elif card.provenance.checked and on - card.provenance.checked > YEAR:
            out.append(f"stale: {card.id} was last checked on {day_text(card.provenance.checked)}")
        elif card.since and on - card.since > YEAR:
            out.append(f"old-list: {card.id} holds since {day_text(card.since)}")
    return tuple(out)


def prints_prices(card: RateCard) -> bool:
    """Tell whether a card has figures: one of gaps alone cannot be out of date."""
    return any(map(_figures, (charge.rate for charge in card.charges)))


def _figures(rate: object) -> bool:
    if isinstance(rate, DatedTable):
        return any(not shape.user for shape in rate.table.shapes)
    if isinstance(rate, Dated):  # as its table has it
        terms = (span.value for span in rate.spans if isinstance(span.value, Terms))
        return any(not part.user for one in terms for part in one.parts)
    return rate is not None


def fx_flags(uses: Sequence[FxUse], on: Day) -> tuple[str, ...]:
    """Say which rates were set for a time, and which are older than a long weekend or past it."""
    told = [
        f"fx-period: {span.base}/{span.quote} is not the day's but set for "
        f"{day_text(span.since)} to {day_text(span.until)}: {span.source}"
        for span in dict.fromkeys(span for use in uses for span in use.spans)
    ]
    old = [
        use
        for use in uses
        if on - use.until > STALE_DAYS or any(on > span.until for span in use.spans)
    ]
    pairs: dict[Day, dict[str, None]] = {}
    for use in sorted(old, key=lambda use: use.on):
        pairs.setdefault(use.on, {})[f"{use.base}/{use.quote}"] = None
    if pairs:
        (first, named), *more = ((day_text(day), ", ".join(found)) for day, found in pairs.items())
        words = [f"newest known rates for {named} are of {first}"]
        told.append(f"fx-stale: {', '.join([*words, *(f'for {p} of {d}' for d, p in more)])}")
    return tuple(told)


def substitute_flags(book: Book, market: str, uses: Sequence[FxUse]) -> tuple[str, ...]:
    """Say where other rates stand in for the rates that a customs authority publishes."""
    rules = book.market(market)
    if rules is None or rules.fx.source in ("", book.fx.name):
        return ()
    published = [use for use in uses if use.source != STATED]
    local = [use for use in published if rules.currency in (use.base, use.quote)]
    if not local:
        return ()
    spans = any(use.spans for use in local)
    whose = "rates set for a time" if spans else "central-bank rates of the day"
    return (
        f"fx-substitute: {rules.id} customs converts at rates of its own ({rules.fx.source}, by "
        f"{rules.fx.day}); {whose} stand in",
    )


def refused_flags(priced: Priced) -> tuple[str, ...]:
    """Say why a clearance is refused."""
    reasons = [
        f"no exchange rate {refusal.what} near that day is known"
        if refusal.code == "no-exchange-rate"
        else refusal.what
        for refusal in priced.run.refusals
        if any_of(refusal.mask)
    ]
    return tuple(f"{REFUSED}{reason}" for reason in dict.fromkeys(reasons))


def route_assumptions(tile: Tile, intake: Intake, chain: Chain, priced: Priced) -> tuple[str, ...]:
    """List what was assumed on one route beyond the shipment itself."""
    out = []
    parcels = tile.parcels
    attributes = parcels.attributes
    destination = parcels.destination.names[0]
    for card in chain.cards:
        assumed = card.assumed_zones.get(destination)
        if assumed is not None and not attributes.area:
            row = zone_row(card, attributes.origin, destination, parcels.postcode.names[0], "")
            if row is None or row.zone == assumed:
                out.append(zone_assumed(card, assumed))
        held = held_dues(card)
        if held:
            out.append(held)
    steps = priced.run.program.steps
    if any(step.lot for step in steps):
        lot = parcels.lot
        if intake.lot_assumed:
            out.append(LOT_ASSUMED.format(lot))
        if (
            any(step.value == "transfer_value" for step in steps)
            and "transfer_value" not in parcels.inputs
        ):
            out.append(VALUE_ASSUMED)
    if intake.storage_assumed and any(counts_days(card) for card in chain.cards):
        out.append(STORAGE_ASSUMED.format(parcels.storage_days))
    if any(step.lot and step.event for step in steps) and not attributes.seller:
        out.append(SELLER_ASSUMED)
    for name, terms in attributes.assume:
        if any(reads_assumed(card, name) for card in chain.cards):
            out.append(f"{name} = {terms_text(terms)}, as you assumed")
    for mask, words in priced.run.notes:
        if any_of(mask):
            out.append(words)
    return tuple(dict.fromkeys(out))


def zone_assumed(card: RateCard, zone: str) -> str:
    """Say that a zone is taken for want of a place."""
    return f"zone {zone} of {card.id} taken: nothing stated tells another (--area, --postcode)"


def held_dues(card: RateCard) -> str:
    """Say which dues a card's price holds; "" when none."""
    held = [name for name in ("duty", "tax") if name in card.includes]
    return f"{' and '.join(held)} inside the price of {card.id}, at any value" if held else ""


def counts_days(card: RateCard) -> bool:
    """Tell whether a card charges by the day, whatever its leg is called."""
    for charge in card.charges:
        rate = charge.rate
        if isinstance(rate, BandTable) and rate.by == "days":
            return True
        if isinstance(rate, (DatedTable, BandTable)) and any(
            "day" in shape.units for shape in rate.table.shapes
        ):
            return True
    return False


def reads_assumed(card: RateCard, name: str) -> bool:
    """Tell whether a card leaves a rate of a name to whoever asks."""
    for charge in card.charges:
        rate = charge.rate
        if isinstance(rate, (DatedTable, BandTable)) and any(
            shape.user == name for shape in rate.table.shapes
        ):
            return True
    return False
