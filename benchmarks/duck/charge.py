"""A charge as expressions: base, rate, deductions, clamp, share, rounding, waiver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.duck.bands import band_value
from benchmarks.duck.expr import (
    ONE,
    ZERO,
    Unsupported,
    X,
    above,
    add,
    both,
    ceil_div,
    choose,
    compare,
    either,
    floor_div,
    half_up,
    masked,
    mul,
    negate,
    num,
    sub,
)
from benchmarks.duck.hold import holds, none_holds
from benchmarks.duck.lookup import look_up
from benchmarks.duck.route import NOTHING, Amount, Frac, frac_add, frac_times
from benchmarks.duck.terms import Worker, frac_choose, frac_where
from xborder_cli.core.parcels import PARCEL
from xborder_cli.core.rates import BandTable, DatedTable, TermsTable
from xborder_cli.core.rule import STAY, Dated, Limit, Lookup, Rounding

if TYPE_CHECKING:
    from benchmarks.duck.lookup import Found
    from benchmarks.duck.route import Route
    from xborder_cli.core.step import Node

MILLIONTHS = 1_000_000
WORST = 2**61


def execute(route: Route) -> None:
    """Write down every charge of a program; regimes are chosen once their tests can be read."""
    program = route.program
    undecided = {number for number, step in enumerate(program.steps) if step.charges.regimes}
    left = {
        number: {n.index for n in program.nodes if n.step == number and n.regime is not None}
        for number in undecided
    }
    for index in program.order:
        node = program.nodes[index]
        if node.step in undecided and node.regime is not None:
            _choose_regimes(route, node.step)
            undecided.discard(node.step)
        route.amounts[index] = work_out(route, node)
        if index in left.get(node.step, ()):
            left[node.step].discard(index)
            if not left[node.step] and program.steps[node.step].charges.select == "cheapest":
                _keep_cheapest(route, node.step)
    for number in undecided:
        _choose_regimes(route, number)


def _choose_regimes(route: Route, number: int) -> None:
    charges = route.program.steps[number].charges
    free = ONE
    for at, regime in enumerate(charges.regimes):
        tests = route.program.regime_tests(number, at)
        is_open = ZERO
        if tests is not None and free is not ZERO:
            asks = route.program.regime_asks(number, at)
            is_open = both(
                route.lane.in_force(regime.since, regime.until),
                both(holds(route, tests[0], asks), none_holds(route, tests[1], asks)),
            )
        if charges.select != "cheapest":
            is_open, free = both(is_open, free), both(free, negate(is_open))
        if regime.refuse:
            route.refuse(is_open)
        route.chosen[number, at] = is_open


def _keep_cheapest(route: Route, number: int) -> None:
    regimes = route.program.steps[number].charges.regimes
    costs = []
    for at in range(len(regimes)):
        total, gap = ZERO, ZERO
        for node in route.program.nodes:
            amount = route.amounts[node.index]
            if (
                node.step == number
                and node.regime == at
                and amount
                and node.charge.kind in ("duty", "tax", "fee")
            ):
                total, gap = add(total, amount.total), either(gap, amount.gap)
        cost = add(total, choose(gap, num(WORST // 2), ZERO))
        costs.append(choose(route.chosen[number, at], cost, num(WORST)))
    for at in range(len(regimes)):
        best = route.chosen[number, at]
        for other, cost in enumerate(costs):
            if other != at:
                best = both(best, compare("<" if other < at else "<=", costs[at], cost))
        route.chosen[number, at] = best
        for node in route.program.nodes:
            amount = route.amounts[node.index]
            if node.step == number and node.regime == at and amount is not None:
                amount.total = masked(amount.total, best)
                amount.onward = Frac(masked(amount.onward.top, best), amount.onward.bottom)
                amount.live, amount.gap = both(amount.live, best), both(amount.gap, best)
                amount.applied = both(amount.applied, best)


def work_out(route: Route, node: Node) -> Amount:
    """Return what a charge comes to for every order."""
    charge, step = node.charge, route.step_of(node)
    lot = step.lot or charge.scope == "lot"
    nothing = Amount(node.level, lot, node.currency, group_by=charge.group_by)
    if node.included:
        nothing.included = True
        return nothing
    mask = both(route.lane.in_force(charge.since, charge.until), _regime(route, node))
    mask = both(mask, holds(route, charge.when, node))
    mask = both(mask, none_holds(route, charge.unless, node))
    if mask is ZERO:
        return nothing
    whole = NOTHING
    for part in charge.base:
        value = route.read(node.refs[part.name], node, node.level, lot)
        whole = frac_add(whole, frac_times(value, *part.factor))
    base = whole
    if charge.base_less is not None:
        if charge.fill_items:
            raise Unsupported("an allowance over whole items")
        free = _money(route, node, charge.base_less, lot)
        base = Frac(above(base.top, mul(free, base.bottom)), base.bottom)
    found = look_up(route, node, charge.rate) if isinstance(charge.rate, Lookup) else None
    worker = Worker(route, node, node.level, lot, base)
    if charge.gross:
        base = _gross(route, node, worker, base)
    if charge.round_base:
        base = Frac(_stepped(base, charge.round_base, route, node))
    worker.base = base
    value, priced = _rate(route, node, worker, mask, found)
    mask = both(mask, priced)
    for less in charge.less:
        if isinstance(less, str):
            other = route.read(node.refs[f"={less}"], node, node.level, lot)
        else:
            other = Frac(_money(route, node, less, lot))
        value = _frac_above(value, other)
    value = _clamp(route, node, worker, value, whole)
    value = _times(route, node, value)
    return _amount(route, node, nothing, value, mask, worker, found)


def _regime(route: Route, node: Node) -> X:
    return ONE if node.regime is None else route.chosen.get((node.step, node.regime), ZERO)


def _frac_above(a: Frac, b: Frac) -> Frac:
    difference = frac_add(a, Frac(sub(ZERO, b.top), b.bottom))
    return Frac(above(difference.top, ZERO), difference.bottom)


def _money(route: Route, node: Node, dated: Dated, lot: bool) -> X:
    """Return a limit in money of the order's day; 0 before the first and after the end."""
    which = route.lane.since([span.since for span in dated.spans])
    total = ZERO
    for at, span in enumerate(dated.spans):
        inside, limit = compare("=", which, num(at)), span.value
        if inside is ZERO or not isinstance(limit, Limit):
            continue
        if limit.name:
            value = route.read(node.refs[limit.name], node, PARCEL, lot)
            money = frac_times(value, *limit.amount).rounded()
        else:
            minor = route.lane.money(limit.amount, limit.currency)
            money = route.lane.convert(minor, limit.currency, node.currency)
        total = add(total, masked(money, inside))
    return total


def _rate(route: Route, node: Node, worker: Worker, mask: X, found: Found | None) -> tuple[Frac, X]:
    rate = node.rate
    if rate is None:
        return worker.base, ONE
    if found is not None:
        value = worker.value(found.table, found.code)
        worker.gap = either(worker.gap, both(found.gap, mask))
        return value, ONE
    if isinstance(rate, BandTable):
        return band_value(route, node, worker, mask)
    assert isinstance(rate, DatedTable)
    if node.charge.day == STAY:
        return _stay(route, worker, rate), ONE
    known = route.lane.in_force(rate.days[0], None)
    route.refuse(both(mask, negate(known)))
    return worker.value(rate.table, _day_code(route, rate)), known


def _stay(route: Route, worker: Worker, rate: DatedTable) -> Frac:
    """Return what a stay comes to: its days under each rate, which the day of the order tells."""
    stay = route.lane.book.default_storage_days
    ends = [*rate.days[1:], None]
    total = NOTHING
    for code, (start, end) in enumerate(zip(rate.days, ends, strict=True)):
        first = start if code else None  # days before the first rate take it

        def inside(day: int, first: int | None = first, end: int | None = end) -> int:
            begin = day - stay if first is None else max(day - stay, first)
            return max(0, (day if end is None else min(day, end)) - begin)

        worker.days = route.lane.by_day(inside)
        if worker.days is not ZERO:
            total = frac_add(total, worker.value(rate.table, num(code)))
    worker.days = None
    return total


def _day_code(route: Route, rate: DatedTable) -> X:
    return route.lane.since(list(rate.days), 0)


def _clamp(route: Route, node: Node, worker: Worker, value: Frac, whole: Frac) -> Frac:
    charge = node.charge
    if isinstance(charge.low, DatedTable):
        low = worker.value(charge.low.table, _day_code(route, charge.low))
        lifted = frac_choose(value, low, larger=True)
        due = compare("<", ZERO, whole.top) if charge.base else ONE
        value = frac_where(due, lifted, value)
    if isinstance(charge.high, DatedTable):
        high = worker.value(charge.high.table, _day_code(route, charge.high))
        value = frac_choose(value, high, larger=False)
    return value


def _times(route: Route, node: Node, value: Frac) -> Frac:
    dated = node.charge.times
    if dated is None or value.top is ZERO:
        return value
    which = route.lane.since([span.since for span in dated.spans], 0)
    total = NOTHING
    for at, span in enumerate(dated.spans):
        inside = compare("=", which, num(at))
        if inside is ZERO:
            continue
        share = span.value
        if isinstance(share, str):
            share = route.lane.attributes.ratio(share) or route.lane.book.default_ratio(share)
        part = frac_times(value, *(share if isinstance(share, tuple) else (0, 1)))
        total = frac_add(total, Frac(masked(part.top, inside), part.bottom))
    return total


def _gross(route: Route, node: Node, worker: Worker, base: Frac) -> Frac:
    """Return a base that contains, or gives up, the tax on itself."""
    other = route.program.nodes[node.gross_node] if node.gross_node is not None else node
    rate = other.charge.rate
    inner = Worker(route, node, worker.level, worker.lot, Frac(ONE))
    share, specific = NOTHING, NOTHING
    if isinstance(rate, Lookup):
        found = look_up(route, other, rate)
        table, code = found.table, found.code
    elif isinstance(rate, DatedTable):
        table, code = rate.table, _day_code(route, rate)
    else:
        table, code = TermsTable((), 0), ZERO
    for shape in table.shapes:
        value = inner.value(TermsTable((shape,), table.size), code)
        if shape.currency:
            specific = frac_add(specific, value)
        else:
            share = frac_add(share, value)
    worker.gap = either(worker.gap, inner.gap)
    if node.charge.gross == "up":
        whole = frac_add(base, specific)
        return Frac(mul(whole.top, share.bottom), mul(whole.bottom, sub(share.bottom, share.top)))
    return Frac(mul(base.top, share.bottom), mul(base.bottom, add(share.bottom, share.top)))


def _stepped(value: Frac, rounding: Rounding, route: Route, node: Node) -> X:
    """Return whole minor units, rounded to a step."""
    digits = route.lane.book.digits[node.currency]
    top, bottom = rounding.step
    step, parts = (1, 1) if not top else (top * 10**digits, bottom)
    over, under = mul(value.top, num(parts)), mul(value.bottom, num(step))
    how = {"half up": half_up, "down": floor_div, "up": ceil_div}[rounding.how]
    return half_up(mul(how(over, under), num(step)), num(parts))


def _amount(
    route: Route,
    node: Node,
    nothing: Amount,
    value: Frac,
    mask: X,
    worker: Worker,
    found: Found | None,
) -> Amount:
    charge = node.charge
    value = Frac(masked(value.top, mask), value.bottom)
    if charge.round_each is not None and charge.round_each.how == "exact":
        each = value
        if not each.bottom.const:
            each = Frac(half_up(mul(value.top, num(MILLIONTHS)), value.bottom), num(MILLIONTHS))
    elif charge.round_each is not None:
        each = Frac(_stepped(value, charge.round_each, route, node))
    else:
        each = Frac(value.rounded())
    total = (
        _stepped(each, charge.round_total, route, node) if charge.round_total else each.rounded()
    )
    onward = each
    if charge.round_onward is not None and charge.round_onward.how != "exact":
        onward = Frac(_stepped(value, charge.round_onward, route, node))
    if charge.waive and charge.waive_limit is not None:
        limit = _money(route, node, charge.waive_limit, nothing.lot)
        waived = compare("<=" if charge.waive == "up to" else "<", total, limit)
        total = masked(total, negate(waived))
        onward = Frac(masked(onward.top, negate(waived)), onward.bottom)
    nothing.onward, nothing.total = onward, total
    nothing.summed_onward = charge.round_onward is not None
    nothing.live, nothing.gap = mask, both(worker.gap, mask)
    if node.asked and found is None:
        nothing.applied = both(mask, negate(compare("=", value.top, ZERO)))
    elif node.asked and found is not None:
        nothing.applied = both(mask, both(found.found, negate(found.zero)))
        nothing.exempted = both(mask, both(found.found, found.zero))
    return nothing
