"""What only shows when tables are read together: names, zones, services, programmes, circles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from xborder_cli.core.rule import Bands, Charge, Provenance, RateCard
from xborder_cli.errors import Problem, Where
from xborder_cli.tables.names import (
    AMOUNTS,
    EVENT_SUMS,
    LINE_MEASURES,
    MEASURES,
    RATIOS,
    ROUTE_SUMS,
    lookups,
    of_test,
    uses,
)
from xborder_cli.tables.steps import StepCharges, circle, steps, surcharges_of
from xborder_cli.tables.tables import Tables

_CHAPTERS = frozenset(f"{number:02}" for number in range(1, 100) if number != 77)
Check = Callable[["_Place", Tables], Iterator[Problem]]


def check_tables(tables: Tables) -> tuple[Problem, ...]:
    """Return everything that is wrong between the tables, in the order of their places.

    What is wrong inside one table was refused when the tables were loaded; the warnings of the
    loader are among the problems returned.
    """
    place = _Place(tables)
    found = {
        (problem.where, problem.code, problem.what): problem
        for check in CHECKS
        for problem in check(place, tables)
    }
    for warning in tables.warnings:
        found[warning.where, warning.code, warning.what] = warning
    return tuple(
        sorted(found.values(), key=lambda p: (p.where.path, p.where.line, p.where.column, p.code))
    )


class _Place:
    """Makes problems at the place that a provenance names."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def problem(
        self, code: str, at: Provenance, what: str, fix: str = "", *,
        line: int = 0, warning: bool = False,
    ) -> Problem:  # fmt: skip
        """Return a problem at a provenance, or at another line of its table."""
        line = line or at.line
        column = self.tables.columns.get((at.table, line), 0)
        where = Where(self.tables.paths.get(at.table, at.table), line, column)
        return Problem(code=code, where=where, what=what, fix=fix, warning=warning)


def check_names(place: _Place, tables: Tables) -> Iterator[Problem]:
    """Names that a base, a condition or another field reads and nobody provides."""
    everywhere = _all_codes(tables)
    for step in steps(tables):
        measures = MEASURES | frozenset(step.card.measures if step.card else ())
        allowed = {
            "amount": AMOUNTS | everywhere,
            "number": AMOUNTS | everywhere | measures | LINE_MEASURES,
            "code": everywhere | EVENT_SUMS | ROUTE_SUMS,
            "rate": step.codes,
            "ratio": RATIOS,
        }
        for charge in step.charges:
            for use in uses(charge):
                if use.name not in allowed[use.how]:
                    yield _unknown(place, step, charge, use.name, use.how)
            for code in charge.joins:
                yield from _joins(place, step, charge, code)


def _unknown(place: _Place, step: StepCharges, charge: Charge, name: str, how: str) -> Problem:
    if how == "ratio":
        fix = f"ratios are {', '.join(sorted(RATIOS))}"
    elif how == "rate":
        fix = f"codes of this step are {', '.join(sorted(step.codes))}"
    else:
        fix = "write the code of a charge, or a name of docs/tables.md, section 5"
    what = f'"{charge.code}" reads "{name}", which the {step.words} does not have'
    return place.problem("unknown-name", charge.provenance, what, fix)


def _joins(place: _Place, step: StepCharges, charge: Charge, code: str) -> Iterator[Problem]:
    kinds = {other.kind for other in step.charges if other.code == code}
    if not kinds:
        what = f'"{charge.code}" joins "{code}", which the {step.words} does not have'
        yield place.problem("unknown-name", charge.provenance, what, "name an amount of the step")
    elif kinds != {"amount"}:
        what = f'"{charge.code}" joins "{code}", which is not of kind amount'
        yield place.problem("bad-join", charge.provenance, what, "join an amount")


def check_circles(place: _Place, tables: Tables) -> Iterator[Problem]:
    """Charges that read each other in a circle."""
    for step in steps(tables):
        found = circle(step)
        if found:
            path = " -> ".join(charge.code for charge in found)
            what = f"charges read each other in a circle: {path}"
            fix = "name the part without the other as an amount and read that"
            yield place.problem("cycle", found[0].provenance, what, fix)


def check_codes(place: _Place, tables: Tables) -> Iterator[Problem]:
    """Codes that two charges of one step share."""
    for step in steps(tables):
        seen: dict[str, Charge] = {}
        for charge in step.charges:
            first = seen.setdefault(charge.code, charge)
            if first is not charge and _overlap(first, charge):
                there = f"{first.provenance.table}:{first.provenance.line}"
                what = f'"{charge.code}" stands in {there} already, in the same {step.words}'
                yield place.problem("duplicate-code", charge.provenance, what, "rename one")


def _overlap(one: Charge, other: Charge) -> bool:
    return (one.until is None or other.since <= one.until) and (
        other.until is None or one.since <= other.until
    )


def check_programmes(place: _Place, tables: Tables) -> Iterator[Problem]:
    """Lookups of programmes that do not exist; HS codes of chapters that do not."""
    ids = {name for _, name in tables.programmes}
    for step in steps(tables):
        market = step.market
        for charge in step.charges:
            for name in lookups(charge):
                known = name in ids
                if market is not None:
                    known = (market.id, name) in tables.programmes or (
                        market.tariff,
                        name,
                    ) in tables.programmes
                if not known:
                    tariff = market.tariff if market else "any tariff"
                    what = f'"{charge.code}" looks up "{name}", no programme of {tariff}'
                    fix = "write the id of a table of kind: programme, or of a lookup of the market"
                    yield place.problem("unknown-programme", charge.provenance, what, fix)
    for programme in tables.programmes.values():
        for row in programme.rows:
            if len(row.hs) >= 2 and row.hs[:2] not in _CHAPTERS:
                what = f"{row.hs} is in no chapter of the Harmonized System"
                yield place.problem("unknown-hs", row.provenance, what, "mend the code")
    for goods in tables.goods.values():
        if goods.hs[:2] not in _CHAPTERS and goods.provenance is not None:
            what = f"{goods.slug}: {goods.hs} is in no chapter of the Harmonized System"
            yield place.problem("unknown-hs", goods.provenance, what, "mend the code")


def check_services(place: _Place, tables: Tables) -> Iterator[Problem]:
    """Surcharges of carriers and services that do not exist; legs that no mode of a card has."""
    carriers = {card.carrier for card in tables.cards}
    services = {card.id: card.carrier for card in tables.cards}
    for surcharge in tables.surcharges:
        if surcharge.carrier not in carriers:
            what = f'no rate card is of the carrier "{surcharge.carrier}"'
            yield place.problem("unknown-carrier", surcharge.provenance, what, "mend carrier")
        for service in surcharge.applies_to:
            if services.get(service) != surcharge.carrier:
                what = f'{surcharge.carrier} has no rate card "{service}"'
                fix = "write ids of rate cards of this carrier"
                yield place.problem("unknown-service", surcharge.provenance, what, fix)
    legs = {
        mode.id: {step.leg for steps_ in mode.patterns for step in steps_}
        for mode in tables.modes.values()
    }
    for card in tables.cards:
        for mode in card.modes:
            if mode in legs and card.leg not in legs[mode]:
                what = f'the mode {mode} has no leg "{card.leg}"'
                fix = f"its legs are {', '.join(sorted(leg for leg in legs[mode] if leg))}"
                yield place.problem("leg-not-in-mode", card.provenance, what, fix)


def check_zones(place: _Place, tables: Tables) -> Iterator[Problem]:
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


def _keys(place: _Place, card: RateCard, charge: Charge, bands: Bands) -> Iterator[Problem]:
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


def _reached(place: _Place, card: RateCard) -> Iterator[Problem]:
    whole: set[str] = set()
    for row in card.zones:
        if row.countries and whole.issuperset(row.countries):
            what = f'nothing reaches this row of zone "{row.zone}", rows above take its countries'
            fix = "put rows with postcodes or areas above the rest of their country"
            yield place.problem("unreachable-zone", card.provenance, what, fix, line=row.line)
        if not row.postcodes and not row.areas:
            whole.update(row.countries)


def check_card_tests(place: _Place, tables: Tables) -> Iterator[Problem]:
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


def check_sources(place: _Place, tables: Tables) -> Iterator[Problem]:
    """Figures of which nobody says where they come from, or when they were checked."""
    seen: set[tuple[str, str]] = set()
    for figure in _figures(tables):
        for code, missing, fix in (
            ("missing-source", not figure.title, "add source: to the table or to the figure"),
            ("missing-checked", not figure.checked and figure.title != "fictional", "add checked:"),
        ):
            if missing and (figure.table, code) not in seen:
                seen.add((figure.table, code))
                yield place.problem(code, figure, "this figure has none", fix)


def _figures(tables: Tables) -> Iterator[Provenance]:
    for step in steps(tables):
        for charge in step.charges:
            yield charge.provenance
    for programme in tables.programmes.values():
        for row in programme.rows:
            yield row.provenance
    for goods in tables.goods.values():
        if goods.provenance is not None:
            yield goods.provenance


def _all_codes(tables: Tables) -> frozenset[str]:
    charges: Iterable[Charge] = (charge for step in steps(tables) for charge in step.charges)
    return frozenset(charge.code for charge in charges)


CHECKS: tuple[Check, ...] = (
    check_names,
    check_circles,
    check_codes,
    check_programmes,
    check_services,
    check_zones,
    check_card_tests,
    check_sources,
)
