"""Checks of one rate card: its zones, its prices, and the names that its rules read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.core.rule import Bands, Charge, RateCard
from xborder_cli.tables.names import AMOUNTS, LINE_MEASURES, MEASURES, of_test
from xborder_cli.tables.steps import surcharges_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xborder_cli.errors import Problem
    from xborder_cli.tables.place import Place
    from xborder_cli.tables.tables import Tables


def check_zones(place: Place, tables: Tables) -> Iterator[Problem]:
    """Zones without prices, prices without zones, zones that nobody reaches."""
    for card in tables.cards:
        zones = {row.zone for row in card.zones}
        priced: set[str] = set()
        keyed = False
        joined = (c for s in surcharges_of(tables, card) for c in s.charges)
        for charge in (*card.charges, *joined):
            if isinstance(charge.rate, Bands):
                yield from _keys(place, card, charge, charge.rate)
                if "zone" in charge.rate.keys and charge.kind == "freight":
                    keyed = True
                    number = charge.rate.keys.index("zone")
                    priced |= {key.split("|")[number] for key in charge.rate.rows}
        for row in card.zones:
            if keyed and row.zone not in priced:
                what = f'the zone "{row.zone}" of {card.id} has no price'
                fix = "add its prices, or drop the zone"
                yield place.problem("zone-without-price", card.provenance, what, fix, line=row.line)
        yield from _reached(place, card)
        for country, zone in card.assumed_zones.items():
            if zone not in zones:
                what = f'{country} is assumed to lie in "{zone}", which {card.id} does not have'
                yield place.problem("unknown-zone", card.provenance, what, "name one of its zones")


def _keys(place: Place, card: RateCard, charge: Charge, bands: Bands) -> Iterator[Problem]:
    for number, key in enumerate(bands.keys):
        known = (
            {row.zone for row in card.zones}
            if key == "zone"
            else {row.code for row in card.classes.get(key, ())}
        )
        if key != "zone" and key not in card.classes:
            what = f'"{charge.code}" has the key "{key}", but {card.id} has no such classes'
            fix = "write zone or the name of one of the classes of the card"
            yield place.problem("unknown-class", charge.provenance, what, fix)
            continue
        for joined, rows in bands.rows.items():
            value = joined.split("|")[number]
            line = rows[0].line if rows else charge.provenance.line
            if value not in known:
                kind = "zone" if key == "zone" else "class"
                what = f'"{charge.code}" has prices for "{value}", which is no {kind} of {card.id}'
                fix = f"it has {', '.join(sorted(known)) or 'none'}"
                code = f"price-without-{kind}"
                yield place.problem(code, charge.provenance, what, fix, line=line)


def _reached(place: Place, card: RateCard) -> Iterator[Problem]:
    whole: set[str] = set()
    for row in card.zones:
        if row.countries and whole.issuperset(row.countries):
            what = f'nothing reaches this row of zone "{row.zone}", rows above take its countries'
            fix = "put rows with postcodes or areas above the rest of their country"
            yield place.problem("unreachable-zone", card.provenance, what, fix, line=row.line)
        if not row.postcodes and not row.areas:
            whole.update(row.countries)


def check_card_tests(place: Place, tables: Tables) -> Iterator[Problem]:
    """Names that the limits, classes and weight rules of a card read and nobody provides."""
    for card in tables.cards:
        known = MEASURES | AMOUNTS | LINE_MEASURES | frozenset(card.measures)
        known |= frozenset(charge.code for charge in card.charges)
        rules = list(card.measures.values())
        if card.weight is not None:
            rules.append(card.weight)
        found = [(card.provenance.line, test) for test in card.only]
        found += [(r.line, test) for r in card.limits for test in (*r.tests, *r.when)]
        found += [
            (card.provenance.line, test)
            for rows in card.classes.values()
            for row in rows
            for test in row.tests
        ]
        for rule in rules:
            line = rule.provenance.line if rule.provenance else card.provenance.line
            inner = (*rule.when, *(test for floor in rule.at_least for test in floor.when))
            found += [(line, test) for test in inner]
        for line, test in found:
            for use in of_test(test):
                if use.name not in known:
                    what = f'{card.id} tests "{use.name}", which is no measure'
                    fix = f"measures are {', '.join(sorted(MEASURES))}"
                    yield place.problem("unknown-name", card.provenance, what, fix, line=line)
