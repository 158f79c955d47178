"""Rates worked out over columns: the steps that each addend counts, and the amount they make."""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.core.columns import (
    BoolColumn,
    IntColumn,
    Mask,
    Num,
    above,
    both,
    ceil_div,
    either,
    half_up,
    is_zero,
    mul,
    scale,
    settle,
)
from xborder_cli.core.frac import (
    NOTHING,
    Frac,
    den_mul,
    frac_add,
    frac_choose,
    frac_where,
    masked_frac,
)
from xborder_cli.core.measures import kind_of, quanta_per
from xborder_cli.core.parcels import LINE, PARCEL, Codes
from xborder_cli.core.quantities import Quantities
from xborder_cli.core.rates import Shape, TermsTable, terms_table
from xborder_cli.units import times

if TYPE_CHECKING:
    from xborder_cli.core.rule import Ratio
    from xborder_cli.core.run import Aside, Run
    from xborder_cli.core.step import Node

Code = int | IntColumn


class Worker(Quantities):
    """Works out terms tables for one charge at one scope."""

    __slots__ = ("begin", "begin_den", "counted")

    def __init__(self, run: Run, node: Node, level: int, lot: bool, base: Frac) -> None:
        """Begin outside bands, see `Quantities`."""
        super().__init__(run, node, level, lot, base)
        self.begin: IntColumn | None = None  # start of the band of each code
        self.begin_den = 0  # of starts in whole money; 0: they are quanta
        # inside a portion: unit kind, quanta, per unit
        self.counted: tuple[str, Num, Ratio] | None = None

    def value(self, table: TermsTable, code: Code) -> Frac:
        """Return the amount in minor units of the charge's currency, not yet rounded."""
        total = NOTHING
        for shape in table.shapes:
            amount = _pick(shape, code)
            if is_zero(amount):
                continue
            outer, self.gap = self.gap, False
            before = self.run.aside()
            total = frac_add(total, self._shape(shape, amount, code))
            self._only_of(amount, before)
            self.gap = either(outer, self.gap)
        if table.words:
            unread = np.array([bool(words) for words in table.words])
            self.gap = either(
                self.gap, settle(unread[code]) if not isinstance(code, int) else bool(unread[code])
            )
        if table.low is not None and table.has_low is not None:
            total = self._clamp(total, table.low, table.has_low, code, larger=True)
        if table.high is not None and table.has_high is not None:
            total = self._clamp(total, table.high, table.has_high, code, larger=False)
        return total

    def _only_of(self, amount: Num, before: Aside) -> None:
        """Keep what was said to the rows that have a term of a shape: others do not count it."""
        if isinstance(amount.v, int):
            self.run.keep(before, True)
            return
        present = settle(amount.v != 0)
        self.gap = both(self.gap, present)
        self.run.keep(before, present, self.level, self.node.charge.group_by)

    def _clamp(
        self, total: Frac, table: TermsTable, has: BoolColumn, code: Code, *, larger: bool
    ) -> Frac:
        bound = self.value(table, code)
        chosen = frac_choose(total, bound, larger=larger)
        if has.all():
            return chosen
        if isinstance(code, int):
            return chosen if has[code] else total
        return frac_where(settle(has[code]), chosen, total)

    def _shape(self, shape: Shape, amount: Num, code: Code) -> Frac:
        if shape.user:
            return self._assumed(shape, amount)
        if not shape.currency:
            whole = self.base if shape.of in ("", "base") else self._named(shape.of)
            return Frac(mul(whole.num, amount), den_mul(whole.den, shape.den))
        digits = self.run.tile.book.digits
        money = scale(amount, 10 ** digits[shape.currency])
        if not shape.units:
            if shape.currency == self.node.currency:
                return Frac(money, shape.den)
            return Frac(self._convert(half_up(money, shape.den), shape.currency))
        count = self._count(shape, code)
        value = Frac(mul(count.num, money), den_mul(count.den, shape.den))
        if shape.currency != self.node.currency:
            num, den = self._fx(shape.currency)
            value = Frac(mul(value.num, num), den_mul(value.den, den))
        return value

    def _convert(self, money: Num, currency: str) -> Num:
        num, den = self._fx(currency)
        return half_up(mul(money, num), den)

    def _fx(self, currency: str) -> tuple[Num, Num]:
        num, den = self.run.tile.fx(Codes((currency,)), self.node.currency)
        if self.level == PARCEL or self.run.parcels.single:
            return num, den
        owners = self.run.owners(self.level, self.node.charge.group_by)
        return num.take(owners), den.take(owners)

    def _named(self, name: str) -> Frac:
        parcels = self.run.parcels
        if name in parcels.line_parts:
            unknown = parcels.line_parts[name].minor
            if unknown.neg:
                self.miss(settle(np.asarray(unknown.v) < 0), LINE)
        ref = self.node.refs.get(name)
        if ref is None or (
            ref.kind == "input"
            and name not in parcels.line_parts
            and name not in parcels.inputs
            and name not in ("goods", "price")  # the price is the goods' value unless stated
        ):
            self.miss(True, PARCEL)
            return NOTHING
        if ref.kind == "input" and name in parcels.unstated:
            self.miss(settle(parcels.unstated[name]), PARCEL)
        return self.run.read(ref, self.node, self.level, self.lot)

    def _assumed(self, shape: Shape, amount: Num) -> Frac:
        present: Mask = amount.v > 0 if isinstance(amount.v, int) else settle(amount.v > 0)
        for name, terms in self.run.parcels.attributes.assume:
            if name == shape.user:
                inner = Worker(self.run, self.node, self.level, self.lot, self.base)
                value = inner.value(terms_table([terms]), 0)
                self.gap = either(self.gap, inner.gap)
                return masked_frac(value, present)
        self.gap = either(self.gap, present)
        return NOTHING

    def _count(self, shape: Shape, code: Code) -> Frac:
        """Return how many steps are counted, exactly."""
        first = shape.units[0]
        if self.counted is not None and kind_of(first) == self.counted[0]:
            quanta, per = self.counted[1], quanta_per(first, self.counted[2])
        else:
            quanta, per = self.quanta(first)
        free = times(shape.over, per)
        step = times(shape.step, per)
        value = quanta
        if shape.over_band and self.begin is not None:
            start = self.begin[code] if not isinstance(code, int) else int(self.begin[code])
            if self.begin_den:
                start = start * per[0] // (per[1] * self.begin_den)
            value = above(
                value, Num(start, start if isinstance(start, int) else int(start.max(initial=0)))
            )
        num, den = free[1] * step[1], free[1] * step[0]
        # (q - free) / step = (q * free_den - free_num) * step_den / (free_den * step_num)
        if free[0]:
            value = above(scale(value, free[1]), Num(free[0], free[0]))
            num = step[1]
        if shape.started:
            out = Frac(ceil_div(scale(value, num), den))
        else:
            shared = gcd(num, den)
            out = Frac(scale(value, num // shared), den // shared)
        for unit in shape.units[1:]:
            more, per = (
                (self.counted[1], self.counted[2])
                if self.counted is not None and kind_of(unit) == self.counted[0]
                else self.quanta(unit)
            )
            out = Frac(mul(scale(out.num, per[1]), more), den_mul(out.den, per[0]))
        return out


def _pick(shape: Shape, code: Code) -> Num:
    amounts = shape.amounts
    if isinstance(code, int):
        return Num(int(amounts[code]), abs(int(amounts[code])), bool(amounts[code] < 0))
    if amounts.size == 1:
        return Num(int(amounts[0]), abs(int(amounts[0])), bool(amounts[0] < 0))
    return Num(amounts.take(code), max(abs(shape.low), abs(shape.high)), shape.low < 0)
