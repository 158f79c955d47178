"""A lane's routes as one query: every mode, chain and service that the tables hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.duck.ask import ASK, SUMS, Written
from benchmarks.duck.charge import execute
from benchmarks.duck.expr import (
    ONE,
    ZERO,
    Unsupported,
    X,
    add,
    both,
    half_up,
    reset,
)
from benchmarks.duck.hold import refused
from benchmarks.duck.lane import Lane
from benchmarks.duck.route import Route, Shelf
from benchmarks.duck.weigh import chargeable
from xborder_cli.core.chains import Chain, chains
from xborder_cli.core.columns import Num
from xborder_cli.core.landed_cost import recovers
from xborder_cli.core.parcels import Codes, MoneyColumn, Parcels
from xborder_cli.core.payers import payer
from xborder_cli.core.route import build_program
from xborder_cli.core.step import probe
from xborder_cli.core.zones import zone_row

if TYPE_CHECKING:
    from benchmarks.duck.span import Span
    from xborder_cli.core.book import Book
    from xborder_cli.core.program import Program

NEVER = 10**9


@dataclass
class Plan:
    """A lane's query and the tables it joins."""

    origin: str
    destination: str
    sql: str
    dims: dict[str, list[X]]
    epochs: list[int]
    things: int
    routes: list[dict[str, object]]
    untranslated: list[tuple[str, str]] = field(default_factory=list)


def plan_lane(book: Book, origin: str, destination: str, span: Span, way: str = "shared") -> Plan:
    """Return the query of a lane; `way` is one of `ask.ASK`."""
    reset()
    lane = Lane(book, origin, destination, span)
    parcels = stand_in(lane)
    shelf: Shelf = {}
    written, left = [], []
    for mode in book.modes.values():
        if mode.direction != lane.attributes.direction:
            continue
        for chain in chains(book, mode, parcels):
            program = build_program(book, chain, parcels, (destination,))
            try:
                one = _write(lane, parcels, chain, program, shelf)
            except Unsupported as reason:
                left.append(("/".join(map(str, chain.id)), str(reason)))
                continue
            if one.refused is not ONE:
                written.append(one)
    written.sort(key=_tie)
    for one in written:
        one.sums["total"] = _total(one)
    sql, dims = ASK[way](written) if written else ("", {})
    return Plan(
        origin,
        destination,
        sql,
        dims,
        lane.epochs,
        len(lane.things),
        [_described(number, one) for number, one in enumerate(written)],
        left,
    )


def stand_in(lane: Lane) -> Parcels:
    """Return parcels of the lane over all its days: what a search for routes looks at."""
    days = np.array([lane.span.first, lane.span.last])
    ones = np.ones(2, dtype=np.int64)
    return Parcels(
        n=2,
        attributes=lane.attributes,
        destination=Codes((lane.destination,)),
        day=days,
        weight_mg=ones,
        longest_dmm=ones,
        middle_dmm=ones,
        shortest_dmm=ones,
        line_parcel=np.arange(2),
        line_goods=MoneyColumn(Num(1, 1), Codes((lane.span.currencies[0],))),
        line_quantity=ones,
        line_thing=ones * 0,
        things=lane.things[:1],
    )


def _write(lane: Lane, parcels: Parcels, chain: Chain, program: Program, shelf: Shelf) -> Written:
    route = Route(lane, program, shelf)
    lane.missing = ZERO
    for number, step in enumerate(program.steps):
        if step.card is not None:
            route.refuse(refused(route, probe(number), step.card))
    if route.refused is ONE:
        return Written(chain, program, None, {}, ZERO, ONE, ZERO)
    execute(route)
    sums = dict.fromkeys(SUMS, ZERO)
    gaps = ZERO
    for node in program.nodes:
        amount = route.amounts[node.index]
        if amount is None or amount.included or amount.live is ZERO:
            continue
        if node.rate is not None:
            gaps = add(gaps, both(amount.gap, amount.live))
        if node.charge.kind == "amount":
            continue
        total = half_up(amount.total, route.lot) if amount.lot else amount.total
        paid = lane.convert(total, node.currency, "")
        who = payer(program, node)
        back = bool(node.charge.recoverable_by) and recovers(
            parcels, node.charge.recoverable_by, stock=amount.lot
        )
        for name in (node.charge.kind, who, *(["recoverable"] if back else [])):
            sums[name] = add(sums[name], paid)
    route.refuse(lane.missing)
    weight = chargeable(route, chain.main, False)[2]
    return Written(chain, program, _days(lane, program), sums, weight, route.refused, gaps)


def _days(lane: Lane, program: Program) -> tuple[int, int] | None:
    """Return the days in transit that the legs state together."""
    low = high = 0
    moving = False
    for step in program.steps:
        card = step.card
        if card is None or card.transport == "none":
            continue
        if step.lot and any(s.event == "sale" for s in program.steps):
            continue
        found = set()
        for code in ("", *lane.span.postcodes.get(lane.destination, ())):
            row = zone_row(card, lane.origin, lane.destination, code, "")
            found.add((row.transit_days if row else None) or card.transit_days)
        if len(found) > 1:
            raise Unsupported("days in transit by postcode")
        days = found.pop()
        if days is None:
            return None
        moving = True
        low, high = low + days[0], high + days[1]
    return (low, high) if moving else None


def _total(one: Written) -> X:
    total = ZERO
    for name in ("freight", "duty", "tax", "fee"):
        total = add(total, one.sums[name])
    return total


def _tie(one: Written) -> tuple[object, ...]:
    """Return what decides between routes of equal cost and total: the same for all orders."""
    latest = one.days[1] if one.days else NEVER
    return latest, one.chain.mode.id, tuple(card.id for card in one.chain.cards)


def _described(number: int, one: Written) -> dict[str, object]:
    main, context = one.chain.main, one.program.context
    transports = [c.transport for c in one.chain.cards if c.transport not in ("", "none")]
    far = [name for name in transports if name != "road"]
    return {
        "route": number,
        "chain": repr(one.chain.id),
        "mode": one.chain.mode.id,
        "direction": one.chain.mode.direction,
        "carrier": main.carrier,
        "carrier_name": main.carrier_name,
        "service": main.id,
        "service_name": main.service,
        "transport": next(iter(far or transports), ""),
        "channel": context["channel"],
        "incoterm": context["incoterm"],
        "scheme": context["scheme"],
        "days_min": one.days[0] if one.days else None,
        "days_max": one.days[1] if one.days else None,
    }
