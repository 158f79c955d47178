"""One issue of a service with all that a reader of its page wants beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xborder_cli.cards.issues import Issues
from xborder_cli.cards.lanes import destinations
from xborder_cli.core.flags import age_flags
from xborder_cli.core.rule import Bands
from xborder_cli.core.zones import EVERYWHERE
from xborder_cli.rules.on_day import lasts
from xborder_cli.rules.words import Vocabulary
from xborder_cli.tables.steps import surcharges_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.core.rule import Charge, Day, Provenance, RateCard, Surcharge, ZoneRow
    from xborder_cli.tables.tables import Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One issue of a price list and its last day, None while it holds on."""

    card: RateCard
    last: Day | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSheet:
    """A rate card on a day; charges keep their history, those that are over are left out."""

    tables: Tables
    card: RateCard
    on: Day
    to: str  # the country that zones and prices are narrowed to, "" for all
    issues: tuple[Issue, ...]
    in_force: bool
    charges: tuple[Charge, ...]
    surcharges: tuple[tuple[Surcharge, tuple[Charge, ...]], ...]
    flags: tuple[str, ...]

    @property
    def day(self) -> Day:
        """Return the day whose values are shown: the one asked for, or the issue's nearest."""
        last = next(one.last for one in self.issues if one.card.since == self.card.since)
        day = max(self.on, self.card.since)
        return day if last is None else min(day, last)

    @property
    def all_charges(self) -> tuple[Charge, ...]:
        """Return the card's own charges, then those that join it."""
        return (*self.charges, *(one for _, found in self.surcharges for one in found))

    @property
    def words(self) -> Vocabulary:
        """Return what names mean in this world."""
        return Vocabulary(self.tables.unions)

    def country(self, code: str) -> str:
        """Return a country by name and code."""
        name = self.tables.countries.get(code, "")
        return f"{name} ({code})" if name else code


def sheet_of(tables: Tables, service: str, on: Day, to: str = "") -> CardSheet | None:
    """Return the issue of a service in force on a day, or else the nearest; None without any.

    Args:
        tables: all that there are.
        service: id of the service.
        on: the day.
        to: only zones and prices of this country, "" for all.
    """
    issues = Issues(tables.cards)
    found = issues.nearest(service, on)
    if found is None:
        return None
    card = narrowed(found, to) if to else found
    return CardSheet(
        tables=tables,
        card=card,
        on=on,
        to=to,
        issues=tuple(Issue(card=one, last=issues.last_day(one)) for one in issues.of(service)),
        in_force=issues.in_force(found, on),
        charges=tuple(one for one in _living(card.charges, on) if _may(one, card, to)),
        surcharges=tuple(
            (one, charges)
            for one in surcharges_of(tables, found)
            if (charges := tuple(c for c in _living(one.charges, on) if _may(c, card, to)))
        ),
        flags=age_flags((found,), on),
    )


def _living(charges: Sequence[Charge], on: Day) -> Iterator[Charge]:
    """Yield charges that are not over, those to come too."""
    for one in charges:
        if lasts(one.since, one.until, max(on, one.since)):
            yield one


def _may(charge: Charge, card: RateCard, to: str) -> bool:
    """Tell whether a charge can ever be due on a card: it may be of other lanes or transports."""
    ends = (to,) if to else destinations(card)
    if not ends or EVERYWHERE in ends or not places_decide(card):
        ends = (to,) if to else ()
    known = {"from": card.origins, "to": ends, "transport": (card.transport,)}
    for test in charge.when:
        here = known.get(test.name, ()) if test.kind == "is" else ()
        if here and EVERYWHERE not in here and not set(here) & set(test.values):
            return False
    for test in charge.unless:
        here = known.get(test.name, ()) if test.kind == "is" else ()
        if here and EVERYWHERE not in here and set(here) <= set(test.values):
            return False
    return True


def places_decide(card: RateCard) -> bool:
    """Tell whether the countries of a card's zones are where its parcels go."""
    return card.zone_of != "origin"


def goes_to(card: RateCard, country: str) -> bool:
    """Tell whether a card names a country as an end, or names none at all."""
    named = destinations(card)
    return not named or EVERYWHERE in named or country in named


def narrowed(card: RateCard, country: str) -> RateCard:
    """Return a card with the zones of one country and their prices alone."""
    if card.zone_of == "origin" or not card.zones:
        return card
    zones = tuple(row for row in card.zones if _names(row, country, card.zone_of))
    kept = {row.zone for row in zones}
    charges = tuple(_of_zones(charge, kept) for charge in card.charges)
    return replace(card, zones=zones, charges=charges)


def _names(row: ZoneRow, country: str, zone_of: str) -> bool:
    if zone_of == "lane":
        return any(lane.endswith(f"-{country}") for lane in row.countries)
    return country in row.countries or EVERYWHERE in row.countries


def _of_zones(charge: Charge, zones: set[str]) -> Charge:
    bands = charge.rate
    if not isinstance(bands, Bands) or "zone" not in bands.keys:
        return charge
    place = bands.keys.index("zone")
    rows = {key: row for key, row in bands.rows.items() if key.split("|")[place] in zones}
    return replace(charge, rate=replace(bands, rows=rows))


def sources(sheet: CardSheet) -> dict[tuple[str, str], list[tuple[str, Provenance]]]:
    """Return who says the figures: title and address -> what of it, the list itself first."""
    found: dict[tuple[str, str], list[tuple[str, Provenance]]] = {}

    def add(what: str, one: Provenance) -> None:
        found.setdefault((one.title, one.url), []).append((what, one))

    add("", sheet.card.provenance)
    for charge in sheet.all_charges:
        spans = getattr(charge.rate, "spans", ())
        for one in dict.fromkeys((charge.provenance, *(span.provenance for span in spans))):
            add(charge.code, one)
    return found
