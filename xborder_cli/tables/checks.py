"""What only shows when tables are read together: names, zones, services, programmes, circles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from xborder_cli.errors import Problem
from xborder_cli.tables.card_checks import check_card_tests, check_zones
from xborder_cli.tables.duty_checks import check_duties, check_overlaps
from xborder_cli.tables.load import sorted_problems
from xborder_cli.tables.names import (
    AMOUNTS,
    EVENT_SUMS,
    LINE_MEASURES,
    MEASURES,
    RATIOS,
    ROUTE_SUMS,
    lookups,
    uses,
)
from xborder_cli.tables.place import Place
from xborder_cli.tables.selling import check_selling
from xborder_cli.tables.steps import StepCharges, circle, steps
from xborder_cli.tables.tables import Tables

if TYPE_CHECKING:
    from xborder_cli.core.rule import Charge, Provenance

_CHAPTERS = frozenset(f"{number:02}" for number in range(1, 100) if number != 77)
Check = Callable[["Place", Tables], Iterator[Problem]]


def check_tables(tables: Tables) -> tuple[Problem, ...]:
    """Return everything that is wrong between the tables, in the order of their places.

    What is wrong inside one table was refused when the tables were loaded; the warnings of the
    loader are among the problems returned.
    """
    return sorted_problems((*_found(CHECKS, tables), *tables.warnings))


def faults_of(tables: Tables) -> tuple[Problem, ...]:
    """Return what `check_tables` does but for warnings, without the work that only warnings need.

    Rows of a duty programme that a shorter code shadows are looked for row by row, and are never
    more than a warning: for a whole tariff that takes longer than all other checks together.
    """
    checks = (check_overlaps if check is check_duties else check for check in CHECKS)
    return sorted_problems(one for one in _found(checks, tables) if not one.warning)


def _found(checks: Iterable[Check], tables: Tables) -> Iterator[Problem]:
    place = Place(tables)
    for check in checks:
        yield from check(place, tables)


def check_names(place: Place, tables: Tables) -> Iterator[Problem]:
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


def _unknown(place: Place, step: StepCharges, charge: Charge, name: str, how: str) -> Problem:
    if how == "ratio":
        fix = f"ratios are {', '.join(sorted(RATIOS))}"
    elif how == "rate":
        fix = f"codes of this step are {', '.join(sorted(step.codes))}"
    else:
        fix = "write the code of a charge, or a name of docs/tables.md, section 5"
    what = f'"{charge.code}" reads "{name}", which the {step.words} does not have'
    return place.problem("unknown-name", charge.provenance, what, fix)


def _joins(place: Place, step: StepCharges, charge: Charge, code: str) -> Iterator[Problem]:
    kinds = {other.kind for other in step.charges if other.code == code}
    if not kinds:
        what = f'"{charge.code}" joins "{code}", which the {step.words} does not have'
        yield place.problem("unknown-name", charge.provenance, what, "name an amount of the step")
    elif kinds != {"amount"}:
        what = f'"{charge.code}" joins "{code}", which is not of kind amount'
        yield place.problem("bad-join", charge.provenance, what, "join an amount")


def check_circles(place: Place, tables: Tables) -> Iterator[Problem]:
    """Charges that read each other in a circle."""
    for step in steps(tables):
        found = circle(step)
        if found:
            path = " -> ".join(charge.code for charge in found)
            what = f"charges read each other in a circle: {path}"
            fix = "name the part without the other as an amount and read that"
            yield place.problem("cycle", found[0].provenance, what, fix)


def check_twice(place: Place, tables: Tables) -> Iterator[Problem]:
    """Bases that hold a sum of an event and beside it a charge of that very kind."""
    for step in steps(tables):
        if step.market is None:
            continue  # in a leg a code comes before the sum of its name
        kinds = {charge.code: charge.kind for charge in step.charges}
        for charge in step.charges:
            sums = {part.name for part in charge.base} & EVENT_SUMS - {charge.kind}
            for part in charge.base:
                if part.name not in EVENT_SUMS and kinds.get(part.name) in sums:
                    what = (
                        f'"{charge.code}" counts "{part.name}" twice: "{kinds[part.name]}" has it'
                    )
                    fix = "name the sum or its charges, not both"
                    yield place.problem("counted-twice", charge.provenance, what, fix)


def check_codes(place: Place, tables: Tables) -> Iterator[Problem]:
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


def check_programmes(place: Place, tables: Tables) -> Iterator[Problem]:
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


def check_services(place: Place, tables: Tables) -> Iterator[Problem]:
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


def check_sources(place: Place, tables: Tables) -> Iterator[Problem]:
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
    check_twice,
    check_codes,
    check_programmes,
    check_duties,
    check_services,
    check_zones,
    check_card_tests,
    check_selling,
    check_sources,
)
