"""Numbers compared with limits: money, quantities, multiples of one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core.columns import (
    SAFE,
    BoolColumn,
    Mask,
    Num,
    Value,
    add,
    both,
    either,
    mul,
    negate,
    scale,
    settle,
)
from xborder_cli.core.dated import span_of_day
from xborder_cli.core.declared import declared
from xborder_cli.core.frac import NOTHING, Frac, frac_add
from xborder_cli.core.judged import Judged, Note, narrowed
from xborder_cli.core.measures import (
    ALIASES,
    MICRO,
    WEIGHT_UNITS,
    quanta_of,
)
from xborder_cli.core.parcels import LINE, PARCEL, UNSTATED, Codes, MoneyColumn
from xborder_cli.core.rule import Dated, Limit, Ratio, Test
from xborder_cli.core.wording import number
from xborder_cli.units import times

if TYPE_CHECKING:
    from collections.abc import Callable

    from xborder_cli.core.rule import RateCard
    from xborder_cli.core.run import Run
    from xborder_cli.core.step import Node


WEIGHTS: Final = ("weight", "chargeable")


def number_holds(run: Run, test: Test, node: Node | None) -> Mask:
    """Return which parcels have a measure or an amount that keeps to a limit."""
    if test.limit is None:
        return True
    parcels = run.parcels
    card = run.step_of(node).card if node else run.program.card
    lot = bool(node and (run.step_of(node).lot or node.charge.scope == "lot"))
    return _by_day(
        run,
        test.limit,
        lambda limit: Judged(_compare(run, test, limit, node, card, lot)),
        parcels.n,
    ).mask


def _by_day(run: Run, dated: Dated, compare: Callable[[Limit], Judged], rows: int) -> Judged:
    """Apply the limit of each row's day; before the first day and after the end no row holds."""
    which = span_of_day(run, [span.since for span in dated.spans])
    if isinstance(which, int):
        value = dated.spans[which].value if which >= 0 else None
        return compare(value) if isinstance(value, Limit) else Judged(False)
    if rows != which.size:
        which = which[run.parcels.line_parcel]
    out = np.zeros(rows, dtype=bool)
    notes: list[Note] = []
    for at in range(int(which.min()), int(which.max()) + 1):
        value = dated.spans[at].value if at >= 0 else None
        if isinstance(value, Limit):
            inside = which == at
            before = run.aside()
            found = compare(value)
            run.keep(before, settle(inside), PARCEL if rows == run.parcels.n else LINE)
            out |= np.asarray(found.mask) & inside
            notes += narrowed(found.notes, settle(inside))
    return Judged(settle(out), tuple(notes))


def _compare(
    run: Run, test: Test, limit: Limit, node: Node | None, card: RateCard | None, lot: bool
) -> Mask:
    if limit.currency:
        return _money(run, test, limit, node, lot)
    value = run.measure(test.name, card, lot)
    if value is not None:
        if test.name in WEIGHTS and card is None:
            run.note_unstated("weight", settle(run.parcels.weight_mg <= 0))
        return _against(run, test, limit, value, card, lot)
    value, known = _stated(run, test.name)
    found = known is not False and _against(run, test, limit, value, card, lot)
    if known is True or not limit.name:
        return both(known, found)
    before = run.aside()
    other = _multiple(run, test, limit, node, lot)
    run.keep(before, negate(known))
    return _choose(known, found, other)


def _against(
    run: Run, test: Test, limit: Limit, value: Num, card: RateCard | None, lot: bool
) -> Mask:
    """Compare a measure with a limit, or with a multiple of another measure."""
    if not limit.name:
        return _op(test.op, value, _quanta(limit))
    other = run.measure(limit.name, card, lot)
    if other is None:
        return False
    num, den = limit.amount
    return _op(test.op, scale(value, den), scale(other, num))


def _multiple(run: Run, test: Test, limit: Limit, node: Node | None, lot: bool) -> Mask:
    """Compare an amount with a multiple of another by cross-multiplication."""
    if node is None:
        return False
    left, right = _one(run, test.name, node, lot), _one(run, limit.name, node, lot)
    num, den = limit.amount
    left_num, left_den = run.tile.fx(left.currency, node.currency)
    right_num, right_den = run.tile.fx(right.currency, node.currency)
    ours = mul(mul(scale(left.minor, den), left_num), right_den)
    theirs = mul(mul(scale(right.minor, num), right_num), left_den)
    return _op(test.op, ours, theirs)


def _one(run: Run, name: str, node: Node, lot: bool) -> MoneyColumn:
    """Return what a name is worth as one column: its parts in the currency of the reader."""
    columns = declared(run, name, node, lot)
    if len(columns) == 1:
        return columns[0]
    total = Num(0, 0)
    for column in columns:
        total = add(total, run.tile.convert(column.minor, column.currency, node.currency))
    return MoneyColumn(total, Codes((node.currency,)))


def _stated(run: Run, name: str) -> tuple[Num, Mask]:
    """Return a unit of the goods of each parcel, in micro-units, and where any line states it."""
    column = run.parcels.line_units.get(name)
    if column is None:
        return Num(0, 0), False
    known = run.any_row(settle(column != UNSTATED), LINE)
    return run.sum_rows(Num.of(np.maximum(column, 0)), LINE), settle(known)


def _quanta(limit: Limit) -> Num:
    quanta = quanta_of(limit.amount, limit.unit)
    return Num(quanta, abs(quanta))


def _money(run: Run, test: Test, limit: Limit, node: Node | None, lot: bool) -> Mask:
    """Compare money in the limit's currency by cross-multiplication: nothing is rounded."""
    columns = declared(run, test.name, node, lot)
    if len(columns) == 1:
        return _op_money(run, test.op, columns[0], limit, None)
    return _op_sum(run, test.op, columns, limit)


def _op_sum(run: Run, op: str, columns: list[MoneyColumn], limit: Limit) -> Mask:
    """Compare a sum of amounts in several currencies."""
    total = NOTHING
    for column in columns:
        num, den = run.tile.fx(column.currency, limit.currency)
        total = frac_add(total, Frac(mul(column.minor, num), den))
    bound_num, bound_den = limit.amount
    bound_num *= 10 ** run.tile.book.digits[limit.currency]
    whole = total.den if isinstance(total.den, Num) else Num(total.den, total.den)
    return _op(op, scale(total.num, bound_den), scale(whole, bound_num))


def _op_money(run: Run, op: str, column: MoneyColumn, limit: Limit, per: Num | None) -> Mask:
    digits = run.tile.book.digits[limit.currency]
    num, den = limit.amount
    bound_num, bound_den = num * 10**digits, den
    if column.currency.one == limit.currency:
        left, right = scale(column.minor, bound_den), Num(bound_num, abs(bound_num))
    else:
        fx_num, fx_den = run.tile.fx(column.currency, limit.currency)
        fx_num, fx_den = run.tile.fit(fx_num, column.minor), run.tile.fit(fx_den, column.minor)
        left = mul(scale(column.minor, bound_den), fx_num)
        right = scale(fx_den, bound_num)
    if per is not None:
        right = mul(right, per)
    return _op(op, left, right)


def _ordered(op: str, left: Value, right: Value) -> bool | BoolColumn:
    match op:
        case "over":
            return left > right
        case "at least":
            return left >= right
        case "up to":
            return left <= right
    return left < right


def _op(op: str, left: Num, right: Num) -> Mask:
    if isinstance(left.v, int) and isinstance(right.v, int):
        return bool(_ordered(op, left.v, right.v))
    if isinstance(right.v, int) and right.v >= SAFE and left.hi < right.v:
        return bool(op in ("up to", "under"))
    if not left.neg and isinstance(right.v, int):
        # the bound often settles it without looking at a row
        if left.hi < right.v or (left.hi == right.v and op == "up to"):
            return op in ("up to", "under")
        if left.hi == right.v and op == "over":
            return False
    return settle(np.asarray(_ordered(op, left.v, right.v), dtype=bool))


def _choose(mask: Mask, this: Mask, that: Mask) -> Mask:
    """Return one answer where a mask holds, the other elsewhere."""
    return either(both(mask, this), both(negate(mask), that))


def line_number_holds(run: Run, test: Test, node: Node | None) -> Judged:
    """Compare a number of the item line itself; say where what it counts is not stated."""
    if test.limit is None:
        return Judged(True)
    lines = run.parcels.line_parcel.size
    return _by_day(run, test.limit, lambda limit: _line_compare(run, test, limit, node), lines)


def _line_compare(run: Run, test: Test, limit: Limit, node: Node | None) -> Judged:
    parcels = run.parcels
    if limit.name:
        return Judged(_line_multiple(run, test, limit, node))
    if limit.currency and limit.per:
        return _unit_price(run, test, limit)
    if limit.currency:
        per = Num.of(parcels.line_quantity) if test.name in ("unit_value", "unit_price") else None
        part = parcels.line_parts.get(test.name)
        if part is None:
            return Judged(_op_money(run, test.op, parcels.line_goods, limit, per))
        stated = settle(np.asarray(part.minor.v) >= 0)
        found = stated is not False and _op_money(run, test.op, part, limit, per)
        if stated is True:
            return Judged(found)
        whole = _op_money(run, test.op, parcels.line_goods, limit, per)
        return Judged(_choose(stated, found, whole))
    if test.name in ("items", "quantity", "qty"):
        return Judged(_op(test.op, Num.of(parcels.line_quantity), _quanta(limit)))
    counted, known = _line_count(run, _line_unit(test.name, (1, 1))[0])
    bound = _quanta(limit)  # mg are millionths of a kg
    if not limit.unit:
        bound = scale(bound, MICRO)
    return Judged(known is not False and both(known, _op(test.op, counted, bound)))


def _line_multiple(run: Run, test: Test, limit: Limit, node: Node | None) -> Mask:
    """Compare the goods of each line with a multiple of what an amount is for that line."""
    ref = node.refs.get(limit.name) if node is not None else None
    if ref is None or node is None:
        return False
    value = run.read(ref, node, LINE, lot=False).rounded()
    goods, (num, den) = run.parcels.line_goods, limit.amount
    if goods.currency.one == node.currency:
        return _op(test.op, scale(goods.minor, den), scale(value, num))
    fx_num, fx_den = run.tile.fx(goods.currency, node.currency)
    fx_num, fx_den = run.tile.fit(fx_num, goods.minor), run.tile.fit(fx_den, goods.minor)
    ours, theirs = mul(scale(goods.minor, den), fx_num), mul(scale(value, num), fx_den)
    return _op(test.op, ours, theirs)


def _unit_price(run: Run, test: Test, limit: Limit) -> Judged:
    """Compare what a unit of the goods is worth; what is not stated is taken as within."""
    name, factor = _line_unit(*ALIASES.get(limit.per, (limit.per, (1, 1))))
    counted, known = _line_count(run, name)
    within = test.op in ("up to", "under")
    if known is not False:
        # value / (quanta / MICRO * 1/factor) against limit: multiply out
        goods = run.parcels.line_goods
        column = MoneyColumn(scale(goods.minor, MICRO * factor[0]), goods.currency)
        before = run.aside()
        found = _op_money(run, test.op, column, limit, scale(counted, factor[1]))
        run.keep(before, known, LINE)
        if known is True:
            return Judged(found)
        mask = _choose(known, found, within)
    else:
        mask = within
    bound = f"{number(limit.amount)} {limit.currency} / {limit.per}"
    words = f"{limit.per} of the goods not stated: taken as within {bound}"
    return Judged(mask, ((negate(known), words),))


def _line_unit(name: str, factor: Ratio) -> tuple[str, Ratio]:
    if name in WEIGHT_UNITS:
        return "net_kg", times(factor, (WEIGHT_UNITS[name][0], WEIGHT_UNITS[name][1] * MICRO))
    if name in ("weight", "net"):
        return "net_kg", factor
    return name, factor


def _line_count(run: Run, name: str) -> tuple[Num, Mask]:
    """Return a unit of each line, in micro-units, and where it is stated."""
    if name == "item":
        return scale(Num.of(run.parcels.line_quantity), MICRO), True
    column = run.parcels.line_units.get(name)
    if column is None:
        return Num(0, 0), False
    return Num.of(np.maximum(column, 0)), settle(column != UNSTATED)
