"""Rates as expressions: what each addend counts, bands, portions, rates by HS and origin."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.duck.expr import (
    GOODS,
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
    greatest,
    half_up,
    least,
    mul,
    negate,
    num,
    take,
)
from benchmarks.duck.hold import key_codes, lines_where
from benchmarks.duck.route import NOTHING, Frac, frac_add
from benchmarks.duck.weigh import chargeable, measure, per
from xborder_cli.core.band_index import build_index
from xborder_cli.core.duty import NONE, Choice, _choose, _is_zero
from xborder_cli.core.measures import (
    ALIASES,
    CBM,
    LB_QUANTA,
    LENGTH_UNITS,
    MICRO,
    VOLUME_UNITS,
    WEIGHT_UNITS,
)
from xborder_cli.core.parcels import PARCEL
from xborder_cli.core.rates import OPEN_END, BandTable, Shape, TermsTable, terms_table
from xborder_cli.core.terms import _kind, _unit, _unit_base
from xborder_cli.units import over, times

if TYPE_CHECKING:
    from benchmarks.duck.route import Route
    from xborder_cli.core.rule import Lookup, Ratio, Terms
    from xborder_cli.core.step import Node

LIST_MOST = 4096  # entries of a list of cells by measure


class Worker:
    """Writes down terms tables for one charge."""

    def __init__(self, route: Route, node: Node, level: int, lot: bool, base: Frac) -> None:
        self.route, self.node, self.level, self.lot, self.base = route, node, level, lot, base
        self.begin = None
        self.counted: tuple[str, X, Ratio] | None = None
        self.days: X | None = None  # instead of all days in store
        self.gap: X = ZERO

    def value(self, table: TermsTable, code: X) -> Frac:
        """Return the amount in minor units of the charge's currency, not yet rounded."""
        total = NOTHING
        for shape in table.shapes:
            amount = take(shape.amounts.tolist(), code)
            if amount is not ZERO:
                total = frac_add(total, self._shape(shape, amount, code))
        if table.words:
            self.gap = either(self.gap, take([bool(words) for words in table.words], code))
        for bound, has, larger in (
            (table.low, table.has_low, True),
            (table.high, table.has_high, False),
        ):
            if bound is not None and has is not None:
                total = frac_where(
                    take(has.tolist(), code),
                    frac_choose(total, self.value(bound, code), larger=larger),
                    total,
                )
        return total

    def _shape(self, shape: Shape, amount: X, code: X) -> Frac:
        there = negate(compare("=", amount, ZERO))
        if shape.user:
            self.gap = either(self.gap, there)
            return NOTHING
        if not shape.currency:
            whole = self.base if shape.of in ("", "base") else self._named(shape.of, there)
            return Frac(mul(whole.top, amount), mul(whole.bottom, num(shape.den)))
        digits = self.route.lane.book.digits
        money = mul(amount, num(10 ** digits[shape.currency]))
        own = shape.currency == self.node.currency
        if not shape.units:
            if own:
                return Frac(money, num(shape.den))
            rounded = half_up(money, num(shape.den))
            return Frac(self.route.lane.convert(rounded, shape.currency, self.node.currency))
        count = self._count(shape, code, there)
        value = Frac(mul(count.top, money), mul(count.bottom, num(shape.den)))
        if not own:
            top, bottom = self.route.lane.fx(shape.currency, self.node.currency)
            value = Frac(mul(value.top, top), mul(value.bottom, bottom))
        return value

    def _named(self, name: str, there: X) -> Frac:
        ref = self.node.refs.get(name)
        if ref is None or (ref.kind == "input" and name not in GOODS):
            self.gap = either(self.gap, there)
            return NOTHING
        return self.route.read(ref, self.node, self.level, self.lot)

    # -- counting -----------------------------------------------------------------------------

    def _count(self, shape: Shape, code: X, there: X) -> Frac:
        first = shape.units[0]
        if self.counted is not None and _kind(first) == self.counted[0]:
            quanta, unit = self.counted[1], over(_unit(first), _unit_base(first, self.counted[2]))
        else:
            quanta, unit = self.quanta(first, there)
        free, step = times(shape.over, unit), times(shape.step, unit)
        value = quanta
        if shape.over_band and self.begin is not None:
            value = above(value, take(self.begin.tolist(), code))
        top, bottom = free[1] * step[1], free[1] * step[0]
        if free[0]:
            value = above(mul(value, num(free[1])), num(free[0]))
            top = step[1]
        shared = int(np.gcd(top, bottom))
        top, bottom = top // shared, bottom // shared
        if shape.started:
            out = Frac(ceil_div(mul(value, num(top)), num(bottom)))
        else:
            out = Frac(mul(value, num(top)), num(bottom))
        for name in shape.units[1:]:
            more, unit = (
                self.counted[1:]
                if self.counted is not None and _kind(name) == self.counted[0]
                else self.quanta(name, there)
            )
            out = Frac(mul(mul(out.top, num(unit[1])), more), mul(out.bottom, num(unit[0])))
        return out

    def quanta(self, unit: str, there: X = ONE) -> tuple[X, Ratio]:
        """Return the measure that a unit counts, in quanta, and quanta per unit."""
        route, node, lot = self.route, self.node, self.lot
        card = route.step_of(node).card
        if unit in WEIGHT_UNITS:
            if self.level == PARCEL and card is not None:
                quanta, held, _ = chargeable(
                    route, card, route.step_of(node).lot or node.charge.scope == "lot"
                )
                return quanta, per(held, WEIGHT_UNITS[unit])
            return self._required("weight"), WEIGHT_UNITS[unit]
        if unit in VOLUME_UNITS:
            return self._required("cbm"), VOLUME_UNITS[unit]
        if unit in LENGTH_UNITS:
            return self._required("longest"), LENGTH_UNITS[unit]
        if unit in route.lane.book.digits:
            digits = 10 ** route.lane.book.digits[unit]
            if unit == node.currency and self.base.bottom.const:
                return self.base.top, (digits * self.base.bottom.value, 1)
            base = route.lane.convert(self.base.rounded(), node.currency, unit)
            return base, (digits, 1)
        name, factor = ALIASES.get(unit, (unit, (1, 1)))
        if name in ("item", "items", "line", "hs6", "package", "day", "days"):
            name = {"item": "items", "line": "lines", "day": "days"}.get(name, name)
            if name == "days" and self.days is not None:
                return self.days, factor
            return measure(route, name, None, lot) or ONE, factor
        if card is not None and name in card.measures:
            value = self._required(name)
            return value, (CBM, 1) if card.measures[name].of == "cbm" else (MICRO, 1)
        if name in ("gross_kg", "net_kg"):  # a line alone weighs what its parcel does
            return self._required("weight"), times(factor, (MICRO, 1))
        self.gap = either(self.gap, there)
        return ZERO, times(factor, (MICRO, 1))

    def _required(self, name: str) -> X:
        value = measure(self.route, name, self.route.step_of(self.node).card, self.lot)
        return ZERO if value is None else value


def frac_where(mask: X, a: Frac, b: Frac) -> Frac:
    """Return a where the mask holds, else b."""
    if mask is ONE:
        return a
    if mask is ZERO:
        return b
    if a.bottom is b.bottom:
        return Frac(choose(mask, a.top, b.top), a.bottom)
    if a.bottom.const and b.bottom.const:
        common = int(np.lcm(a.bottom.value, b.bottom.value))
        one, other = (mul(f.top, num(common // f.bottom.value)) for f in (a, b))
        return Frac(choose(mask, one, other), num(common))
    return Frac(choose(mask, a.top, b.top), choose(mask, a.bottom, b.bottom))


def frac_choose(a: Frac, b: Frac, *, larger: bool) -> Frac:
    """Return the larger (or smaller) of two, exactly."""
    pick = greatest if larger else least
    if a.bottom is b.bottom:
        return Frac(pick(a.top, b.top), a.bottom)
    if a.bottom.const and b.bottom.const:
        common = int(np.lcm(a.bottom.value, b.bottom.value))
        one, other = (mul(f.top, num(common // f.bottom.value)) for f in (a, b))
        return Frac(pick(one, other), num(common))
    left, right = mul(a.top, b.bottom), mul(b.top, a.bottom)
    first = compare("<=", right, left) if larger else compare("<=", left, right)
    return frac_where(first, a, b)


# -- bands ------------------------------------------------------------------------------------


def band_value(route: Route, node: Node, worker: Worker, mask: X) -> tuple[Frac, X]:
    """Return the amount of a banded rate, and which orders have one."""
    table = node.rate
    assert isinstance(table, BandTable)
    key, has_key = _key(route, node, table)
    route.refuse(both(mask, negate(has_key)))
    if has_key is ZERO:
        return NOTHING, ZERO
    if not table.by:
        return worker.value(table.table, take(table.starts.tolist(), key)), has_key
    quanta, unit = _banded(route, node, table, worker)
    if table.kind == "portion":
        return _portion(route, table, worker, key, quanta, unit), has_key
    if table.limit_unit and table.limit_unit != "lb":
        raise Unsupported("whole bands by money")
    cell = _cell(table, key, quanta)
    priced = take([False, *table.priced.tolist()], add(cell, ONE))
    route.refuse(both(both(mask, has_key), negate(priced)))
    code = greatest(cell, ZERO)
    worker.begin = table.begin
    value = worker.value(table.table, code)
    if table.caps is not None:
        cap = worker.value(table.caps, code)
        value = frac_where(
            compare("<", ZERO, cap.top), frac_choose(value, cap, larger=False), value
        )
    return value, both(has_key, priced)


def _key(route: Route, node: Node, table: BandTable) -> tuple[X, X]:
    if not table.keys:
        return ZERO, ONE
    card = route.step_of(node).card
    numbers = {name: number for number, name in enumerate(table.names)}
    joined, code = [""], ZERO
    for position, name in enumerate(table.keys):
        names, codes = key_codes(route, name, card)
        joined = [f"{head}|{tail}" if position else tail for head in joined for tail in names]
        code = add(mul(code, num(len(names))), codes)
    key = take([numbers.get(name, -1) for name in joined], code)
    return greatest(key, ZERO), compare("<=", ZERO, key)


def _banded(route: Route, node: Node, table: BandTable, worker: Worker) -> tuple[X, Ratio]:
    step = route.step_of(node)
    if table.by == "chargeable":
        quanta, held, mg = chargeable(route, step.card, step.lot or node.charge.scope == "lot")
        return (quanta, (LB_QUANTA, 1)) if held == "lb" else (mg, (MICRO, 1))
    if table.limit_unit and table.limit_unit != "lb":
        ref = node.refs.get(table.by)
        value = route.read(ref, node, worker.level, worker.lot).rounded() if ref else ZERO
        value = route.lane.convert(value, node.currency, table.limit_unit)
        digits = route.lane.book.digits[table.limit_unit]
        return mul(value, num(table.limit_den)), (10**digits, 1)
    found = measure(route, table.by, step.card, worker.lot)
    if found is not None:
        if table.by in ("cbm", "volume"):
            return found, (CBM, 1)
        return found, (MICRO, 1) if table.by in ("weight", "gross", "net") else (1, 1)
    return worker.quanta({"weight": "kg", "items": "item", "days": "day"}.get(table.by, table.by))


def _cell(table: BandTable, key: X, quanta: X) -> X:
    """Return the cell of the key's bands that a measure falls into, -1 for none."""
    index = build_index(table)
    keys = [key.value] if key.const else list(range(len(table.names)))
    if index is not None and index.width * len(keys) <= LIST_MOST:
        step = num(index.step)
        mark = quanta if index.step == 1 else None
        if mark is None and table.ends == "from":
            mark = least(_floor(quanta, index.step), num(index.width - 1))
        elif mark is None:
            mark = least(ceil_div(quanta, step), num(index.width - 1))
        else:
            mark = least(mark, num(index.width - 1))
        cells = index.cells.tolist()
        if key.const:
            cells = cells[key.value * index.width : (key.value + 1) * index.width]
        else:
            mark = add(mark, mul(key, num(index.width)))
        return take(cells, mark)
    out = num(-1)
    for one in keys:
        out = choose(compare("=", key, num(one)), _by_limits(table, one, quanta), out)
    return out


def _floor(value: X, step: int) -> X:
    from benchmarks.duck.expr import floor_div

    return floor_div(value, num(step))


def _by_limits(table: BandTable, key: int, quanta: X) -> X:
    start, end = int(table.starts[key]), int(table.starts[key + 1])
    if table.ends == "from":
        out = num(-1)
        for cell in range(start, end):
            out = choose(compare("<=", num(int(table.begin[cell])), quanta), num(cell), out)
        return out
    out = num(-1)
    for cell in range(end - 1, start - 1, -1):
        limit = int(table.limits[cell])
        fits = ONE if limit == OPEN_END else compare("<=", quanta, num(limit))
        out = choose(fits, num(cell), out)
    return out


def _portion(
    route: Route, table: BandTable, worker: Worker, key: X, quanta: X, unit: Ratio
) -> Frac:
    total = NOTHING
    for one in [key.value] if key.const else range(len(table.names)):
        summed = NOTHING
        for cell in range(int(table.starts[one]), int(table.starts[one + 1])):
            summed = frac_add(summed, _inside(route, worker, table, cell, quanta, unit))
        total = frac_add(
            total, Frac(choose(compare("=", key, num(one)), summed.top, ZERO), summed.bottom)
        )
    return total


def _inside(
    route: Route, worker: Worker, table: BandTable, cell: int, quanta: X, unit: Ratio
) -> Frac:
    low, high = int(table.begin[cell]), int(table.limits[cell])
    money = bool(table.limit_unit and table.limit_unit != "lb")
    factor = 10 ** route.lane.book.digits[table.limit_unit] if money else 1
    lower = num(low * factor)
    upper = num(high * factor) if high != OPEN_END else None
    bottom = table.limit_den
    if table.limit_per:
        count, per_unit = worker.quanta(table.limit_per)
        quanta = mul(quanta, num(per_unit[0]))
        lower = mul(mul(count, lower), num(per_unit[1]))
        upper = mul(mul(count, upper), num(per_unit[1])) if upper else None
        bottom *= per_unit[0]
    part = above(least(quanta, upper) if upper else quanta, lower)
    inner = Worker(worker.route, worker.node, worker.level, worker.lot, worker.base)
    if money:
        inner.base = Frac(part, num(bottom))
    else:
        kind = {"chargeable": "weight", "days": "day", "items": "item", "cbm": "volume"}
        inner.counted = (kind.get(table.by, table.by), part, unit)
    value = inner.value(table.table, num(cell))
    worker.gap = either(worker.gap, inner.gap)
    return value


# -- rates by HS and origin -------------------------------------------------------------------


class Found:
    """What a lookup finds for the goods of each order."""

    def __init__(self, route: Route, node: Node, lookup: Lookup) -> None:
        lane = route.lane
        tariffs = route.program.tariffs(route.step_of(node), lane.destination)
        asks = SimpleNamespace(
            tile=SimpleNamespace(book=lane.book),
            parcels=SimpleNamespace(attributes=lane.attributes),
        )
        self.rates: list[Terms] = [NONE]
        self.numbers: dict[tuple[int, int], int] = {}
        choices, gaps, sequences = {}, {}, {}
        for day in lane.epochs:
            for thing in lane.things:
                found, gap = _choose(asks, lookup, thing, day, tariffs)
                choices[thing, day], gaps[thing, day] = found, gap
                if found and found[0].row.when:
                    tests = tuple(choice.row.when for choice in found)
                    sequences.setdefault(tests, []).append((thing, day))
        code = lane.by_thing_on(
            lambda thing, day: self._number(choices[thing, day][0])
            if choices[thing, day] and not choices[thing, day][0].row.when
            else 0
        )
        gap = lane.by_thing_on(lambda thing, day: gaps[thing, day])
        for tests, where in sequences.items():
            here = set(where)
            free = lane.by_thing_on(lambda thing, day, here=here: (thing, day) in here)
            settled = ZERO
            for at, when in enumerate(tests):
                fits = both(free, lines_where(route, when))
                theirs = lane.by_thing_on(
                    lambda thing, day, here=here, at=at: self._number(choices[thing, day][at])
                    if (thing, day) in here
                    else 0
                )
                code = choose(fits, theirs, code)
                settled = either(settled, fits)
                free = both(free, negate(fits))
            gap = both(gap, negate(settled))
        self.code, self.gap = code, gap
        self.table = terms_table(self.rates)
        self.found = compare("<", ZERO, code)
        self.zero = take([False, *map(_is_zero, self.rates[1:])], code)

    def _number(self, choice: Choice) -> int:
        row = choice.row
        key = (id(choice.programme), row.code if not row.when else -1 - id(row))
        if key not in self.numbers:
            self.numbers[key] = len(self.rates)
            self.rates.append(choice.terms)
        return self.numbers[key]


def look_up(route: Route, node: Node, lookup: Lookup) -> Found:
    """Return what a lookup finds, once for all routes of the lane."""
    key = (lookup, route.program.tariffs(route.step_of(node), route.lane.destination))
    found = route.shelf.get(key)
    if found is None:
        found = route.shelf[key] = Found(route, node, lookup)
    return found
