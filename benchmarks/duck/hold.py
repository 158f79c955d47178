"""Conditions as boolean expressions: what must hold for a charge, a regime, a class, a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.duck.expr import (
    GOODS,
    ONE,
    ZERO,
    Unsupported,
    X,
    both,
    choose,
    compare,
    either,
    mul,
    negate,
    num,
    take,
)
from benchmarks.duck.weigh import measure
from xborder_cli.core.measures import ALIASES, quanta_of
from xborder_cli.core.parcels import LINE, PARCEL, SHARED, UNSTATED_NAME
from xborder_cli.core.rule import Dated, Limit, RateCard, Test
from xborder_cli.core.zones import NOWHERE, find_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.duck.route import Route
    from xborder_cli.core.parcels import Thing
    from xborder_cli.core.step import Node


def holds(route: Route, tests: Sequence[Test], node: Node | None) -> X:
    """Return where all tests hold."""
    mask = ONE
    for test in tests:
        mask = both(mask, _one(route, test, node))
    return mask


def none_holds(route: Route, tests: Sequence[Test], node: Node | None) -> X:
    """Return where not one of the tests holds."""
    mask = ONE
    for test in tests:
        mask = both(mask, negate(_one(route, test, node)))
    return mask


def _one(route: Route, test: Test, node: Node | None) -> X:
    match test.kind:
        case "is":
            return _is(route, test, node)
        case "number":
            return _number(route, test, node)
        case "line" | "some" | "every":  # orders of one line: it is all of them
            return lines_where(route, test.tests, node)
        case "any":
            mask = ZERO
            for group in test.groups:
                mask = either(mask, holds(route, group, node))
            return mask
        case "unknown":
            return num(not (test.name == "freight" and route.program.priced_freight))
    return _state(route, test, node)


def _is(route: Route, test: Test, node: Node | None) -> X:
    attributes = route.lane.attributes
    name, values = test.name, test.values
    if name == "to":
        return num(route.lane.destination in values)
    if name in ("option", "options"):
        return num(any(value in attributes.options for value in values))
    if name == "claim":
        return route.lane.by_thing(lambda thing: any(v in thing.claims for v in values))
    if name in ("from", "origin_country"):
        return num(attributes.origin in values)
    if name == "paid_in":
        return route.lane.by_money(lambda _, own: own in values)
    if name in SHARED:
        return num((getattr(attributes, name) or UNSTATED_NAME) in values)
    if name == "scheme":
        return num((route.program.context.get("scheme") or "none") in values)
    return num(route.program.context_of(node, name) in values)


def lines_where(route: Route, tests: Sequence[Test], node: Node | None = None) -> X:
    """Return whether the item line holds all tests."""
    mask = ONE
    for test in tests:
        mask = both(mask, _line(route, test, node))
    return mask


def _line(route: Route, test: Test, node: Node | None) -> X:
    if test.kind == "any":
        mask = ZERO
        for group in test.groups:
            mask = either(mask, lines_where(route, group, node))
        return mask
    if test.kind == "number":
        return _line_number(route, test, node)
    values, by_thing = test.values, route.lane.by_thing
    match test.name:
        case "hs":
            return by_thing(lambda thing: thing.hs.startswith(values))
        case "origin":
            return by_thing(lambda thing: thing.origin in values)
        case "goods":
            return by_thing(lambda thing: thing.goods in values)
        case "trait" | "traits":
            return by_thing(lambda thing: any(v in thing.traits for v in values))
        case "claim":
            return by_thing(lambda thing: any(v in thing.claims for v in values))
    return ZERO


# -- numbers ----------------------------------------------------------------------------------


def _by_day(route: Route, dated: Dated, test: Callable[[Limit], X]) -> X:
    which = route.lane.since([span.since for span in dated.spans])
    out = ZERO
    for at, span in enumerate(dated.spans):
        inside = compare("=", which, num(at))
        if inside is not ZERO and isinstance(span.value, Limit):
            out = either(out, both(inside, test(span.value)))
    return out


def _number(route: Route, test: Test, node: Node | None) -> X:
    if test.limit is None:
        return ONE
    card = route.step_of(node).card if node else route.card
    lot = bool(node and (route.step_of(node).lot or node.charge.scope == "lot"))
    return _by_day(route, test.limit, lambda limit: _compare(route, test, limit, node, card, lot))


def _compare(
    route: Route, test: Test, limit: Limit, node: Node | None, card: RateCard | None, lot: bool
) -> X:
    if limit.currency:
        minor, currency = _declared(route, test.name, node, lot)
        return _money(route, test.op, minor, currency, limit, ONE)
    value = measure(route, test.name, card, lot)
    if value is None:
        if limit.name:
            raise Unsupported("an amount compared with a multiple of another")
        return ZERO
    if limit.name:
        other = measure(route, limit.name, card, lot)
        if other is None:
            return ZERO
        return _op(test.op, mul(value, num(limit.amount[1])), mul(other, num(limit.amount[0])))
    return _op(test.op, value, num(quanta_of(limit.amount, limit.unit)))


def _declared(route: Route, name: str, node: Node | None, lot: bool) -> tuple[X, str]:
    """Return an amount and its currency, "" for that of the order."""
    ref = node.refs.get(name) if node else None
    if ref is not None and ref.kind != "input" and node is not None:
        return route.read(ref, node, PARCEL, lot).rounded(), node.currency
    if name not in GOODS:
        return ZERO, ""  # a counter that nobody stated is 0
    minor = route.lane.order("minor")
    return (mul(minor, route.lot) if lot else minor), ""


def _money(route: Route, op: str, minor: X, currency: str, limit: Limit, count: X) -> X:
    """Compare money in the limit's currency by cross-multiplication: nothing is rounded."""
    top = num(limit.amount[0] * 10 ** route.lane.book.digits[limit.currency])
    bottom = num(limit.amount[1])
    if currency == limit.currency or minor is ZERO:
        return _op(op, mul(minor, bottom), mul(top, count))
    fx_top, fx_bottom = route.lane.fx(currency, limit.currency)
    return _op(op, mul(mul(minor, bottom), fx_top), mul(mul(fx_bottom, top), count))


def _op(op: str, left: X, right: X) -> X:
    match op:
        case "over":
            return compare("<", right, left)
        case "at least":
            return compare("<=", right, left)
        case "up to":
            return compare("<=", left, right)
    return compare("<", left, right)


def _line_number(route: Route, test: Test, node: Node | None) -> X:
    """Compare a number of the item line itself."""
    if test.limit is None:
        return ONE
    quantity = route.lane.order("quantity")

    def test_of(limit: Limit) -> X:
        if limit.name:
            return _line_multiple(route, test, limit, node)
        if limit.currency:
            if limit.per:
                name, _ = ALIASES.get(limit.per, (limit.per, (1, 1)))
                if name == "item":
                    raise Unsupported("a limit per item")
                return num(test.op in ("up to", "under"))  # not stated by these orders
            each = quantity if test.name in ("unit_value", "unit_price") else ONE
            return _money(route, test.op, route.lane.order("minor"), "", limit, each)
        if test.name in ("items", "quantity", "qty"):
            return _op(test.op, quantity, num(quanta_of(limit.amount, limit.unit)))
        if test.name == "item":
            raise Unsupported("items of a line counted in a condition")
        return ZERO

    return _by_day(route, test.limit, test_of)


def _line_multiple(route: Route, test: Test, limit: Limit, node: Node | None) -> X:
    """Compare the goods of a line with a multiple of what an amount is for it."""
    ref = node.refs.get(limit.name) if node is not None else None
    if ref is None or node is None:
        return ZERO
    value = route.read(ref, node, LINE, False).rounded()
    top, bottom = route.lane.fx("", node.currency)
    ours = mul(mul(route.lane.order("minor"), num(limit.amount[1])), top)
    return _op(test.op, ours, mul(mul(value, num(limit.amount[0])), bottom))


# -- what other charges found -----------------------------------------------------------------


def _state(route: Route, test: Test, node: Node | None) -> X:
    mask = ZERO
    if node is None:
        return mask
    for name in test.values:
        ref = node.refs.get(name if test.kind == "due" else f"={name}")
        if ref is None:
            continue
        for index in ref.nodes:
            amount = route.amounts[index]
            if amount is None or amount.included:
                continue
            if test.kind == "due":
                found = compare("<", ZERO, amount.total)
            else:
                found = amount.applied if test.kind == "applied" else amount.exempted
            mask = either(mask, found)
        if ref.kind == "input" and test.kind == "due":
            value = route.money_input(name, node.currency, False)
            mask = either(mask, compare("<", ZERO, value))
    return mask


# -- zones and classes ------------------------------------------------------------------------


def key_codes(route: Route, name: str, card: RateCard | None) -> tuple[tuple[str, ...], X]:
    """Return the names of a band table's key and which of them each order has."""
    if card is None:
        return ("",), ZERO
    return zone_codes(route, card) if name == "zone" else class_codes(route, card, name)


def zone_codes(route: Route, card: RateCard) -> tuple[tuple[str, ...], X]:
    """Return zones and the zone of each order; NOWHERE where the card does not go."""
    attributes = route.lane.attributes
    if not any(row.postcodes for row in card.zones):
        zone = find_zone(card, attributes.origin, route.lane.destination, "", attributes.area)
        return (zone,), ZERO
    codes = ("", *route.lane.span.postcodes.get(route.lane.destination, ()))
    zones = [
        find_zone(card, attributes.origin, route.lane.destination, code, attributes.area)
        for code in codes
    ]
    names = tuple(dict.fromkeys(zones))
    where = dict(zip(codes, zones, strict=True))
    return names, route.lane.by_postcode(lambda code: names.index(where[code]))


def class_codes(route: Route, card: RateCard, name: str) -> tuple[tuple[str, ...], X]:
    """Return classes and the first that each order fits; "" when it fits none."""
    rows = card.classes.get(name, ())
    code = num(len(rows))
    before, route.card = route.card, card
    for number in range(len(rows) - 1, -1, -1):
        code = choose(holds(route, rows[number].tests, None), num(number), code)
    route.card = before
    return (*(row.code for row in rows), ""), code


def _having(trait: str) -> Callable[[Thing], bool]:
    return lambda thing: trait in thing.traits


def refused(route: Route, asks: Node, card: RateCard) -> X:
    """Return which orders a leg's card does not take."""
    lane = route.lane
    out = negate(lane.in_force(card.since, lane.book.last_day(card)))
    if route.step_of(asks).at == "destination":
        out = either(out, num(lane.destination not in card.origins))
    names, code = zone_codes(route, card)
    out = either(out, take([name == NOWHERE for name in names], code))
    for rule in card.limits:
        applies = holds(route, rule.when, asks)
        for test in rule.tests:
            out = either(out, both(applies, negate(holds(route, (test,), asks))))
    for name in card.classes:
        names, code = class_codes(route, card, name)
        out = either(out, compare("=", code, num(len(names) - 1)))
    for trait in card.refuses:
        out = either(out, lane.by_thing(_having(trait)))
    if card.only:
        out = either(out, negate(holds(route, card.only, asks)))
    return out
