"""Chargeable weights and the other measures of a box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.duck.expr import (
    ONE,
    X,
    add,
    ceil_div,
    choose,
    compare,
    greatest,
    half_up,
    mul,
    num,
    sub,
)
from xborder_cli.core.measures import LB_QUANTA, MG_PER_LB, MICRO
from xborder_cli.core.rule import WeightRule

if TYPE_CHECKING:
    from benchmarks.duck.route import Route
    from xborder_cli.core.rule import RateCard, Ratio

POUND = MG_PER_LB[1] * LB_QUANTA


def chargeable(route: Route, card: RateCard | None, lot: bool) -> tuple[X, str, X]:
    """Return (quanta, unit, mg): the larger of actual and volumetric weight, rounded up."""
    rule = card.weight if card and card.weight else WeightRule()
    return by_rule(route, rule, lot)


def by_rule(route: Route, rule: WeightRule, lot: bool) -> tuple[X, str, X]:
    """Return (quanta, unit, mg) by a rule."""
    from benchmarks.duck.hold import holds

    weight = actual = route.lane.order("weight_mg")
    if rule.divisor is not None:
        volumetric = ceil_div(
            mul(volume(route, rule.sides_up_to), num(rule.divisor[1])), num(rule.divisor[0])
        )
        if rule.volumetric_up_to[0]:
            volumetric = _step_up(volumetric, rule.volumetric_up_to, rule.unit)
        heavier = greatest(actual, volumetric)
        if rule.blend != (1, 1):
            share, whole = rule.blend
            mixed = add(mul(actual, num(whole - share)), mul(volumetric, num(share)))
            heavier = greatest(actual, ceil_div(mixed, num(whole)))
        weight = choose(holds(route, rule.when, None), heavier, actual)
    if lot:
        weight = mul(weight, route.lot)
    for floor in rule.at_least:
        weight = choose(holds(route, floor.when, None), greatest(weight, num(floor.amount)), weight)
    if rule.unit == "lb":
        quanta = ceil_div(mul(sub(mul(weight, num(2)), ONE), num(POUND)), num(2 * MG_PER_LB[0]))
        quanta = _round_up(quanta, rule, LB_QUANTA)
        return quanta, "lb", half_up(mul(quanta, num(MG_PER_LB[0])), num(POUND))
    weight = _round_up(weight, rule, MICRO)
    return weight, "mg", weight


def per(unit: str, weight_of: Ratio) -> Ratio:
    """Return quanta per unit of weight, for a chargeable weight held in mg or pounds."""
    if unit == "mg":
        return weight_of
    return weight_of[0] * POUND, weight_of[1] * MG_PER_LB[0]


def volume(route: Route, sides_up_to: int = 0) -> X:
    """Return the product of the sides, each rounded up."""
    sides = [route.lane.order(name) for name in ("longest", "middle", "shortest")]
    if sides_up_to:
        step = num(sides_up_to)
        sides = [mul(ceil_div(side, step), step) for side in sides]
    return mul(mul(sides[0], sides[1]), sides[2])


def _round_up(weight: X, rule: WeightRule, per_unit: int) -> X:
    out: X | None = None
    for upto, step in reversed(rule.round_up_to):
        stepped = _quanta_up(weight, step, per_unit)
        if out is None:  # past the last limit the last step goes on
            out = stepped
        else:
            assert upto is not None
            limit = num(upto[0] * per_unit // upto[1])
            out = choose(compare("<=", weight, limit), stepped, out)
    return weight if out is None else out


def _quanta_up(weight: X, step: Ratio, per_unit: int) -> X:
    top, bottom = step[0] * per_unit, step[1]
    if top % bottom == 0:
        return mul(ceil_div(weight, num(top // bottom)), num(top // bottom))
    return half_up(mul(ceil_div(mul(weight, num(bottom)), num(top)), num(top)), num(bottom))


def _step_up(weight: X, step: Ratio, unit: str) -> X:
    if unit == "lb":
        top, bottom = num(step[0] * MG_PER_LB[0]), num(step[1] * MG_PER_LB[1])
        return half_up(mul(ceil_div(mul(weight, bottom), top), top), bottom)
    return _quanta_up(weight, step, MICRO)


def measure(route: Route, name: str, card: RateCard | None, lot: bool) -> X | None:
    """Return a measure in quanta, None when the name is not a measure."""
    order = route.lane.order
    count = route.lot if lot else ONE
    if card is not None and name in card.measures:
        return _named(route, card.measures[name], lot)
    longest, middle, shortest = order("longest"), order("middle"), order("shortest")
    match name:
        case "weight" | "gross":
            return mul(order("weight_mg"), count)
        case "chargeable":
            return chargeable(route, card, lot)[2]
        case "cbm" | "volume":
            return mul(volume(route), count)
        case "longest":
            return longest
        case "middle":
            return middle
        case "shortest":
            return shortest
        case "sides_sum":
            return add(add(longest, middle), shortest)
        case "girth":
            return mul(num(2), add(middle, shortest))
        case "length_plus_girth":
            return add(longest, mul(num(2), add(middle, shortest)))
        case "longest_plus_shortest":
            return add(longest, shortest)
        case "items":
            return mul(order("quantity"), count)
        case "lines" | "hs6" | "sides":
            return ONE
        case "package" | "parcels":
            return count
        case "days" | "storage_days":
            return num(route.lane.book.default_storage_days)
        case "lot":
            return route.lot
        case "parcels_this_year":
            return num(route.lane.attributes.parcels_this_year or 0)
        case "parcels_this_half_year":
            return num(route.lane.attributes.parcels_this_half_year or 0)
    return None


def _named(route: Route, rule: WeightRule, lot: bool) -> X:
    if rule.of != "cbm" or rule.divisor is None:
        return by_rule(route, rule, lot)[2]
    by_weight = ceil_div(
        mul(route.lane.order("weight_mg"), num(rule.divisor[1])), num(rule.divisor[0])
    )
    value = greatest(volume(route), by_weight)
    if lot:
        value = mul(value, route.lot)
    for floor in rule.at_least:
        value = greatest(value, num(floor.amount))
    return value
