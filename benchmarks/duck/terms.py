"""Rates as expressions: what each addend counts, and the amount they make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.duck.expr import (
    GOODS,
    ONE,
    ZERO,
    X,
    above,
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
from benchmarks.duck.route import NOTHING, Frac, frac_add
from benchmarks.duck.weigh import chargeable, measure, per
from xborder_cli.core.measures import (
    ALIASES,
    CBM,
    LENGTH_UNITS,
    MICRO,
    VOLUME_UNITS,
    WEIGHT_UNITS,
    kind_of,
    quanta_per,
)
from xborder_cli.core.parcels import PARCEL
from xborder_cli.units import times

if TYPE_CHECKING:
    from benchmarks.duck.route import Route
    from xborder_cli.core.columns import IntColumn
    from xborder_cli.core.parcels import Thing
    from xborder_cli.core.rates import Shape, TermsTable
    from xborder_cli.core.rule import Ratio
    from xborder_cli.core.step import Node


class Worker:
    """Writes down terms tables for one charge."""

    def __init__(self, route: Route, node: Node, level: int, lot: bool, base: Frac) -> None:
        self.route, self.node, self.level, self.lot, self.base = route, node, level, lot, base
        self.begin: IntColumn | None = None  # start of the band of each code
        self.begin_den = 0  # of starts in whole money; 0: they are quanta
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
        if self.counted is not None and kind_of(first) == self.counted[0]:
            quanta, unit = self.counted[1], quanta_per(first, self.counted[2])
        else:
            quanta, unit = self.quanta(first, there)
        free, step = times(shape.over, unit), times(shape.step, unit)
        value = quanta
        if shape.over_band and self.begin is not None:
            starts = self.begin.tolist()
            if self.begin_den:
                starts = [one * unit[0] // (unit[1] * self.begin_den) for one in starts]
            value = above(value, take(starts, code))
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
                if self.counted is not None and kind_of(name) == self.counted[0]
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
        return self._by_goods(name, there), times(factor, (MICRO, 1))

    def _by_goods(self, name: str, there: X) -> X:
        """Return a unit in millionths by what a piece of the goods measures, else a gap."""
        book = self.route.lane.book

        def piece(thing: Thing) -> int:
            top, bottom = dict(book.goods[thing.goods].units).get(name, (0, 1))
            return (2 * top * MICRO + bottom) // (2 * bottom)

        each = self.route.lane.by_thing(piece)
        self.gap = either(self.gap, both(there, negate(compare("<", ZERO, each))))
        counted = mul(self.route.lane.order("quantity"), each)
        return mul(counted, self.route.lot) if self.lot else counted

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
