"""A lane's routes as one query: every mode, chain and service that the tables hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.duck.charge import execute
from benchmarks.duck.expr import (
    ONE,
    ZERO,
    Unsupported,
    X,
    add,
    both,
    choose,
    either,
    half_up,
    mul,
    negate,
    num,
    reset,
    sub,
)
from benchmarks.duck.hold import refused
from benchmarks.duck.lane import Lane, Span
from benchmarks.duck.query import layered
from benchmarks.duck.route import Route
from benchmarks.duck.weigh import chargeable
from xborder_cli.core.chains import Chain, chains
from xborder_cli.core.columns import Num
from xborder_cli.core.explain import payer
from xborder_cli.core.landed_cost import recovers
from xborder_cli.core.parcels import Codes, MoneyColumn, Parcels
from xborder_cli.core.route import build_program
from xborder_cli.core.step import probe
from xborder_cli.core.zones import zone_row

if TYPE_CHECKING:
    from xborder_cli.core.book import Book
    from xborder_cli.core.program import Program

NEVER = 10**9
ROUTES = 256  # more than any lane has
SUMS = ("freight", "duty", "tax", "fee", "seller", "buyer", "recoverable")


@dataclass
class Written:
    """One route of a lane."""

    chain: Chain
    program: Program
    days: tuple[int, int] | None
    sums: dict[str, X]
    chargeable: X
    refused: X
    incomplete: X


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


def plan_lane(
    book: Book, origin: str, destination: str, span: Span, *, everything: bool = False
) -> Plan:
    """Return the query of a lane: the best route of an order, or all with their totals."""
    reset()
    lane = Lane(book, origin, destination, span)
    parcels = stand_in(lane)
    shelf: dict[object, object] = {}
    written, left = [], []
    for mode in book.modes.values():
        if mode.direction != lane.attributes.direction:
            continue
        for chain in chains(book, mode, parcels):
            program = build_program(book, chain, parcels, (destination,))
            try:
                one = _write(lane, chain, program, shelf)
            except Unsupported as reason:
                left.append(("/".join(map(str, chain.id)), str(reason)))
                continue
            if one.refused is not ONE:
                written.append(one)
    written.sort(key=_tie)
    sql, dims = _ask(written, everything=everything) if written else ("", {})
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


def _write(lane: Lane, chain: Chain, program: Program, shelf: dict[object, object]) -> Written:
    route = Route(lane, program, shelf)
    lane.missing = ZERO
    for number, step in enumerate(program.steps):
        if step.card is not None:
            route.refuse(refused(route, probe(number), step.card))
    if route.refused is ONE:
        return Written(chain, program, None, {}, ZERO, ONE, ZERO)
    execute(route)
    sums = dict.fromkeys(SUMS, ZERO)
    incomplete = ZERO
    for node in program.nodes:
        amount = route.amounts[node.index]
        if amount is None or amount.included or amount.live is ZERO:
            continue
        if node.rate is not None:
            incomplete = either(incomplete, both(amount.gap, amount.live))
        if node.charge.kind == "amount":
            continue
        total = half_up(amount.total, route.lot) if amount.lot else amount.total
        paid = lane.convert(total, node.currency, "")
        who = payer(route, node)
        back = node.charge.recoverable_by and recovers(
            _Stated(lane), node.charge.recoverable_by, stock=amount.lot
        )
        for name in (node.charge.kind, who, *(["recoverable"] if back else [])):
            sums[name] = add(sums[name], paid)
    route.refuse(lane.missing)
    weight = chargeable(route, chain.main, False)[2]
    return Written(chain, program, _days(lane, program), sums, weight, route.refused, incomplete)


class _Stated:
    """What `recovers` asks of parcels."""

    def __init__(self, lane: Lane) -> None:
        self.attributes = lane.attributes


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


def _tie(one: Written) -> tuple[object, ...]:
    """Return what decides between routes of equal cost and total: the same for all orders."""
    latest = one.days[1] if one.days else NEVER
    return latest, one.chain.mode.id, tuple(card.id for card in one.chain.cards)


def _ask(written: list[Written], *, everything: bool) -> tuple[str, dict[str, list[X]]]:
    """Return the lane's query: the best route of each order, or all of them side by side."""
    roots: dict[str, X] = {}
    for number, one in enumerate(written):
        total = ZERO
        for name in ("freight", "duty", "tax", "fee"):
            total = add(total, one.sums[name])
        one.sums["total"] = total
        roots[f"k{number}"] = _key(one, number, written)
        roots[f"ok{number}"] = negate(one.refused)
    if everything:
        for number, one in enumerate(written):
            roots[f"t{number}"] = one.sums["total"]
            roots[f"incomplete{number}"] = one.incomplete
        sql, dims = layered(roots)
        parts = [
            f"SELECT no, {number} AS route, t{number} AS total, incomplete{number} AS incomplete FROM wide"
            f" WHERE ok{number}"
            for number in range(len(written))
        ]
        return f"WITH wide AS MATERIALIZED ({sql})\n" + "\nUNION ALL ".join(parts), dims
    picks: dict[str, list[X]] = {}
    for name in (*SUMS, "total", "weight", "incomplete"):
        values = [
            one.chargeable
            if name == "weight"
            else one.incomplete
            if name == "incomplete"
            else one.sums[name]
            for one in written
        ]
        picks[name] = list(dict.fromkeys(values))
        for at, value in enumerate(picks[name]):
            roots[f"{name}_{at}"] = value
        picks[name, "map"] = [picks[name].index(value) for value in values]
    sql, dims = layered(roots)
    keys = ", ".join(f"CASE WHEN ok{number} THEN k{number} END" for number in range(len(written)))
    best = f"SELECT *, (least({keys}, NULL) % {ROUTES})::INTEGER AS route FROM ({sql})"
    out = []
    for name in (*SUMS, "total", "weight", "incomplete"):
        columns = ", ".join(f"{name}_{at}" for at in range(len(picks[name])))
        row = ",".join(str(place + 1) for place in picks[name, "map"])
        out.append(f"([{columns}])[([{row}])[route + 1]] AS {name}")
    return f"SELECT no, route, {', '.join(out)}\nFROM ({best})", dims


def _key(one: Written, number: int, written: list[Written]) -> X:
    """Return what the best route has least of: complete, cost, total, then days and name."""
    total, back = one.sums["total"], one.sums["recoverable"]
    plain = all(other.sums["recoverable"] is ZERO for other in written)
    cost = sub(total, back)
    most = 1 << max(_bound(other).bit_length() for other in written)
    if any(x.lo < 0 for other in written for x in other.sums.values()):
        cost, most = add(cost, num(most)), 2 * most  # a key is never below 0
    key = add(mul(choose(one.incomplete, ONE, ZERO), num(most)), cost)
    if not plain:
        key = add(mul(key, num(most)), total)
    return add(mul(key, num(ROUTES)), num(number))


def _bound(one: Written) -> int:
    """Return what no total reaches: a 64 bit sum is plenty for money."""
    return min(2**40, sum(abs(x.hi) for x in one.sums.values()))


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
