"""The one rule: base, rate, minimum, rounding, condition. Everything priced passes here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core.bands import band_value
from xborder_cli.core.columns import (
    ZERO,
    IntColumn,
    Mask,
    Num,
    above,
    any_of,
    both,
    ceil_div,
    floor_div,
    half_up,
    is_zero,
    masked,
    maximum,
    mul,
    negate,
    scale,
    settle,
    sub,
)
from xborder_cli.core.condition import holds, none_holds
from xborder_cli.core.duty import Found, look_up
from xborder_cli.core.frac import NOTHING, Frac, frac_add, frac_choose, frac_mul_ratio, frac_where
from xborder_cli.core.parcels import GROUP, LINE, PARCEL
from xborder_cli.core.rates import BandTable, DatedTable
from xborder_cli.core.rule import Charge, Dated, Limit, Lookup, Ratio, Rounding
from xborder_cli.core.terms import Worker
from xborder_cli.core.tile import Amount

if TYPE_CHECKING:
    from xborder_cli.core.run import Run
    from xborder_cli.core.step import Node

MILLIONTHS: Final = 1_000_000
LEVELS: Final = {"parcel": PARCEL, "line": LINE, "group": GROUP, "lot": PARCEL}


def work_out(run: Run, node: Node) -> Amount:
    """Return what a charge comes to for every parcel.

    Per row of its scope: mask, base, allowance, gross, rounding of the base, rate, deductions, minimum and
    maximum, share, rounding; then the parcel's sum, its rounding and its waiver.

    Source: docs/tables.md section 2.
    """
    charge = node.charge
    step = run.step_of(node)
    level = node.level
    lot = step.lot or charge.scope == "lot"
    nothing = Amount(level, lot, node.currency, NOTHING, ZERO, group_by=charge.group_by)
    mask = _mask(run, node, level)
    if mask is False:
        return nothing
    whole = _base(run, node, level, lot)
    base = _allowed(run, node, level, lot, whole)
    found = look_up(run, node, charge.rate) if isinstance(charge.rate, Lookup) else None
    worker = Worker(run, node, level, lot, base)
    if charge.gross:
        base = _gross(run, node, worker, base, level, lot)
    if charge.round_base:
        base = Frac(_round(base, charge.round_base, run, node))
    worker.base = base
    value, priced = _rate(run, node, worker, mask, found)
    mask = both(mask, priced)
    if mask is False:
        return nothing
    value = _deduct(run, node, value, level, lot)
    value = _clamp(run, node, worker, value, whole, level)
    value = _times(run, node, value)
    return _amount(run, node, nothing, value, mask, worker, found, base)


def _mask(run: Run, node: Node, level: int) -> Mask:
    """Return where a charge applies; found once for all routes where nothing of a route decides it."""
    if node.mask_key is None:
        return _conditions(run, node, level)
    found = run.tile.cache.get(node.mask_key)
    if found is None:
        said = len(run.notes)
        found = (_conditions(run, node, level), run.notes[said:])
        run.tile.cache[node.mask_key] = found
    else:
        run.notes.extend(found[1])  # type: ignore[index]
    return found[0]  # type: ignore[index, no-any-return]


def _conditions(run: Run, node: Node, level: int) -> Mask:
    charge = node.charge
    mask: Mask = run.expand(in_force(run, charge.since, charge.until), level, charge.group_by)
    if node.regime is not None and mask is not False:
        mask = both(
            mask,
            run.expand(run.chosen.get((node.step, node.regime), False), level, charge.group_by),
        )
    if mask is not False and charge.when:
        mask = both(mask, holds(run, charge.when, node, level))
    if mask is not False and charge.unless:
        mask = both(mask, none_holds(run, charge.unless, node, level))
    return mask if isinstance(mask, bool) else settle(mask)


def in_force(run: Run, since: int, until: int | None) -> Mask:
    """Return which parcels fall into a span of days."""
    day = run.parcels.day
    if isinstance(day, int):
        return since <= day and (until is None or day <= until)
    key = ("in force", since, until)
    found = run.tile.cache.get(key)
    if found is None:
        first, last = run.tile.days
        if since <= first and (until is None or last <= until):
            found = True
        elif since > last or (until is not None and until < first):
            found = False
        else:
            mask = day >= since
            found = settle(mask & (day <= until) if until is not None else mask)
        run.tile.cache[key] = found
    return found  # type: ignore[return-value]


def _base(run: Run, node: Node, level: int, lot: bool) -> Frac:
    total = NOTHING
    for part in node.charge.base:
        value = run.read(node.refs[part.name], node, level, lot)
        total = frac_add(total, frac_mul_ratio(value, *part.factor))
    return total


def _allowed(run: Run, node: Node, level: int, lot: bool, base: Frac) -> Frac:
    charge = node.charge
    if charge.base_less is None:
        return base
    allowance = _money_by_day(run, node, charge.base_less, lot)
    if charge.fill_items:
        return Frac(_fill_items(run, base.rounded(), allowance))
    if level == PARCEL or run.parcels.single:
        den = base.den
        return Frac(
            above(base.num, mul(allowance, den) if isinstance(den, Num) else scale(allowance, den)),
            den,
        )
    named = charge.base_less.spans[0].value
    if isinstance(named, Limit) and named.name:  # every row has its own
        own = frac_mul_ratio(run.read(node.refs[named.name], node, level, lot), *named.amount)
        left_over = frac_add(base, Frac(_negative(own.num), own.den))
        return Frac(_floor(left_over.num), left_over.den)
    # over rows the allowance is spread by what they are worth, never more than they are in sum
    by, worth = charge.group_by, base.rounded()
    if isinstance(base.den, Num):
        base = Frac(worth)
    den = int(base.den)  # type: ignore[arg-type]
    total, covered = run.sum_rows(base.num, level, by), scale(allowance, den)
    left = settle(np.asarray(total.v > covered.v))
    used = run.share_over(allowance, worth, level, by)
    return Frac(masked(above(base.num, scale(used, den)), run.expand(left, level, by)), den)


def _fill_items(run: Run, base: Num, allowance: Num) -> Num:
    """Cover whole items with an allowance, dearest first; an item is never split.

    An item of a line costs value / quantity, not rounded: what is left is kept as a fraction.
    """
    parcels = run.parcels
    lines = parcels.line_parcel.size
    value = base.full(lines)
    quantity = np.broadcast_to(np.maximum(parcels.line_quantity, 1), (lines,))
    left = allowance.full(parcels.n).astype(object)
    left_den = np.ones(parcels.n, dtype=object)
    order = np.lexsort((np.arange(lines), -(value / quantity), parcels.line_parcel))
    rank = np.arange(lines) - parcels.starts[parcels.line_parcel[order]]
    out = value.copy()
    for place in range(int(rank.max(initial=0)) + 1):
        rows = order[rank == place]
        owner = parcels.line_parcel[rows]
        worth, pieces = value[rows].astype(object), quantity[rows].astype(object)
        price = np.maximum(worth, 1) * left_den[owner]
        fit = np.minimum(np.where(worth > 0, left[owner] * pieces // price, pieces), pieces)
        left[owner] = left[owner] * pieces - worth * fit * left_den[owner]
        left_den[owner] *= pieces
        out[rows] = (2 * worth * (pieces - fit) + pieces) // (2 * pieces)
    return Num(out, base.hi)


def _gross(run: Run, node: Node, worker: Worker, base: Frac, level: int, lot: bool) -> Frac:
    """Return a base that contains, or gives up, the tax on itself.

    up: X = (sum + specific part of the code's rate) / (1 - its percent). down: sum / (1 + its percent).
    """
    other = run.program.nodes[node.gross_node] if node.gross_node is not None else node
    percent, specific = _split_rate(run, other, node, worker, base)
    if node.charge.gross == "up":
        summed = frac_add(base, specific) if specific else base
        num, den = percent.num, percent.den
        return _divide(
            summed, sub(Num(den, den), num) if isinstance(den, int) else sub(den, num), den
        )
    num, den = percent.num, percent.den
    return _divide(base, frac_add(percent, Frac(Num(1, 1))).num, den)


def _divide(value: Frac, divisor: Num, den: int | Num) -> Frac:
    """Return value / (divisor / den)."""
    divisor = Num(divisor.v, divisor.hi)
    top = scale(value.num, den) if isinstance(den, int) else mul(value.num, den)
    if isinstance(divisor.v, int):
        bottom: int | Num = (
            value.den * divisor.v if isinstance(value.den, int) else scale(value.den, divisor.v)
        )
    else:
        bottom = (
            scale(divisor, value.den) if isinstance(value.den, int) else mul(divisor, value.den)
        )
    return Frac(top, bottom)


def _split_rate(
    run: Run, other: Node, node: Node, worker: Worker, base: Frac
) -> tuple[Frac, Frac | None]:
    """Return the percent part of a charge's rate as a share, and its specific part as an amount."""
    rate = other.charge.rate
    inner = Worker(run, node, worker.level, worker.lot, Frac(Num(1, 1)))
    if isinstance(rate, Lookup):
        found = look_up(run, other, rate)
        table, code = found.table, found.code
    elif isinstance(rate, DatedTable):
        table, code = rate.table, _code_of_day(run, rate, worker.level, node)
    else:
        return NOTHING, None
    share, specific = NOTHING, NOTHING
    for shape in table.shapes:
        one = type(table)((shape,), table.size)
        value = inner.value(one, code)
        if shape.currency:
            specific = frac_add(specific, value)
        else:
            share = frac_add(share, value)
    worker.gap = inner.gap
    return share, None if is_zero(specific.num) else specific


def _code_of_day(
    run: Run, rate: DatedTable, level: int, node: Node
) -> int | np.ndarray[tuple[int], np.dtype[np.int64]]:
    if len(rate.days) == 1:
        return 0
    day = run.parcels.day
    if isinstance(day, int):
        return max(0, int(np.searchsorted(rate.days, day, side="right")) - 1)
    first, last = np.searchsorted(rate.days, run.tile.days, side="right").tolist()
    if first == last:  # one value for all days
        return max(0, first - 1)
    code = np.maximum(np.searchsorted(rate.days, day, side="right") - 1, 0)
    if level != PARCEL and not run.parcels.single:
        code = code[run.owners(level, node.charge.group_by)]
    return code


def _rate(
    run: Run, node: Node, worker: Worker, mask: Mask, found: Found | None
) -> tuple[Frac, Mask]:
    rate = node.rate
    if rate is None:
        return worker.base, True
    if found is not None:
        value = worker.value(found.table, found.code)
        worker.gap = _or(worker.gap, both(found.gap, mask))
        return value, True
    if isinstance(rate, BandTable):
        value, priced, _ = band_value(run, node, worker, mask)
        return value, priced
    assert isinstance(rate, DatedTable)
    silent = _silent(run, rate, worker.level, node)
    run.refuse(
        run.any_row(both(mask, silent), worker.level, node.charge.group_by)
        if silent is not False
        else False,
        "before-first-value",
        node.charge.code,
    )
    return worker.value(rate.table, _code_of_day(run, rate, worker.level, node)), negate(silent)


def _silent(run: Run, rate: DatedTable, level: int, node: Node) -> Mask:
    """Return the rows whose day comes before the first value; an ended value is 0, not silence."""
    day = run.parcels.day
    first = rate.days[0]
    if isinstance(day, int):
        return day < first
    if run.tile.days[0] >= first:
        return False
    return run.expand(settle(day < first), level, node.charge.group_by)


def _or(a: Mask, b: Mask) -> Mask:
    if a is False:
        return b
    if b is False:
        return a
    if a is True or b is True:
        return True
    return a | b


def _deduct(run: Run, node: Node, value: Frac, level: int, lot: bool) -> Frac:
    for less in node.charge.less:
        if isinstance(less, str):
            other = run.read(node.refs[f"={less}"], node, level, lot)
        else:
            other = Frac(_money_by_day(run, node, less, lot))
        difference = frac_add(value, Frac(_negative(other.num), other.den))
        value = Frac(_floor(difference.num), difference.den)
    return value


def _negative(value: Num) -> Num:
    return Num(-value.v, value.hi, True)


def _floor(value: Num) -> Num:
    if isinstance(value.v, int):
        return Num(max(0, value.v), value.hi)
    return Num(np.maximum(value.v, 0), value.hi)


def _clamp(run: Run, node: Node, worker: Worker, value: Frac, whole: Frac, level: int) -> Frac:
    charge = node.charge
    if isinstance(charge.low, DatedTable):
        low = worker.value(charge.low.table, _code_of_day(run, charge.low, level, node))
        lifted = frac_choose(value, low, larger=True)
        if not charge.base:
            value = lifted
        else:
            due: Mask = (
                whole.num.v > 0
                if isinstance(whole.num.v, int)
                else settle(np.asarray(whole.num.v > 0))
            )
            value = frac_where(due, lifted, value)
    if isinstance(charge.high, DatedTable):
        high = worker.value(charge.high.table, _code_of_day(run, charge.high, level, node))
        value = frac_choose(value, high, larger=False)
    return value


def _times(run: Run, node: Node, value: Frac) -> Frac:
    dated = node.charge.times
    if dated is None or is_zero(value.num):
        return value
    day = run.parcels.day
    if len(dated.spans) == 1:
        return frac_mul_ratio(value, *_ratio(run, dated.spans[0].value))
    starts = [span.since for span in dated.spans]
    if isinstance(day, int):
        at = max(0, int(np.searchsorted(starts, day, side="right")) - 1)
        return frac_mul_ratio(value, *_ratio(run, dated.spans[at].value))
    which = np.maximum(np.searchsorted(starts, day, side="right") - 1, 0)
    if (
        value.num.v is not None
        and not isinstance(value.num.v, int)
        and value.num.v.size != which.size
    ):
        which = which[run.parcels.line_parcel]
    total = NOTHING
    for at in np.unique(which).tolist():
        part = frac_mul_ratio(value, *_ratio(run, dated.spans[at].value))
        total = frac_add(total, Frac(masked(part.num, settle(which == at)), part.den))
    return total


def _ratio(run: Run, value: object) -> Ratio:
    """Return a share: a plain one, or one of the shipment by name (0 for rates of chance, 1 for shares of freight)."""
    if isinstance(value, str):
        stated = getattr(run.parcels.attributes, value, None)
        if stated is not None:
            return stated  # type: ignore[no-any-return]
        return run.tile.book.default_ratio(value)
    return value if isinstance(value, tuple) else (0, 1)


def _money_by_day(run: Run, node: Node, dated: Dated, lot: bool) -> Num:
    day = run.parcels.day
    starts = [span.since for span in dated.spans]

    def money(limit: object) -> Num:
        if not isinstance(limit, Limit):
            return ZERO
        if limit.name:
            value = run.read(node.refs[limit.name], node, PARCEL, lot)
            return frac_mul_ratio(value, *limit.amount).rounded()
        digits = run.tile.book.digits[limit.currency]
        num, den = limit.amount
        minor = half_up(Num(num * 10**digits, abs(num) * 10**digits), den)
        return run.tile.convert(minor, limit.currency, node.currency)

    if len(starts) == 1:
        return money(dated.spans[0].value)
    if isinstance(day, int):
        at = int(np.searchsorted(starts, day, side="right")) - 1
        return money(dated.spans[at].value) if at >= 0 else ZERO
    first, last = np.searchsorted(starts, run.tile.days, side="right").tolist()
    if first == last:
        return money(dated.spans[first - 1].value) if first else ZERO
    which = np.searchsorted(starts, day, side="right") - 1
    total = ZERO
    for at in range(int(which.min()), int(which.max()) + 1):
        if at >= 0:
            from xborder_cli.core.columns import add

            total = add(total, masked(money(dated.spans[at].value), settle(which == at)))
    return total


def _step(rounding: Rounding, run: Run, node: Node) -> Ratio:
    """Return a rounding step in minor units."""
    digits = run.tile.book.digits[node.currency]
    num, den = rounding.step
    return (1, 1) if not num else (num * 10**digits, den)


def _round(value: Frac, rounding: Rounding, run: Run, node: Node) -> Num:
    """Return whole minor units, rounded to a step."""
    num, den = _step(rounding, run, node)
    top = scale(value.num, den)
    bottom = scale(value.den, num) if isinstance(value.den, Num) else value.den * num
    if rounding.how == "half up":
        steps = half_up(top, bottom)
    elif isinstance(bottom, Num):
        whole = half_up(top, bottom)  # settle ties exactly: compare back with the exact value
        back = mul(whole, bottom)
        if rounding.how == "down":
            steps = Num(
                _whole(whole.v - (np.asarray(back.v) > np.asarray(top.v))), whole.hi, whole.neg
            )
        else:
            steps = Num(
                _whole(whole.v + (np.asarray(back.v) < np.asarray(top.v))), whole.hi + 1, whole.neg
            )
    else:
        steps = floor_div(top, bottom) if rounding.how == "down" else ceil_div(top, bottom)
    return half_up(scale(steps, num), den)


def _whole(value: IntColumn | int) -> IntColumn | int:
    """Return a number of no rows as a plain one."""
    return value if np.ndim(value) else int(value)


def _amount(
    run: Run,
    node: Node,
    nothing: Amount,
    value: Frac,
    mask: Mask,
    worker: Worker,
    found: Found | None,
    base: Frac,
) -> Amount:
    charge, level = node.charge, nothing.level
    value = Frac(masked(value.num, mask), value.den)
    exact = charge.round_each is not None and charge.round_each.how == "exact"
    if exact and isinstance(value.den, Num):
        # a divisor a row cannot be summed: millionths of a minor unit stand in
        value = Frac(half_up(scale(value.num, MILLIONTHS), value.den), MILLIONTHS)
    if exact:
        each = value
    elif charge.round_each is not None:
        each = Frac(_round(value, charge.round_each, run, node))
    else:
        each = Frac(value.rounded())
    summed = Frac(run.sum_rows(each.num, level, charge.group_by), each.den)
    total = (
        _round(summed, charge.round_total, run, node) if charge.round_total else summed.rounded()
    )
    onward = each
    if charge.round_onward is not None and charge.round_onward.how != "exact":
        onward = Frac(_round(value, charge.round_onward, run, node))
    waived = _waived(run, node, total, nothing.lot)
    if waived is not False:
        total = masked(total, negate(waived))
        onward = Frac(
            masked(onward.num, run.expand(negate(waived), level, charge.group_by)), onward.den
        )
    applied, exempted = _states(found, mask, value) if node.asked else (False, False)
    gap = both(worker.gap, mask) if level == PARCEL or isinstance(worker.gap, bool) else worker.gap
    if gap is not False and not isinstance(gap, bool):
        gap = run.any_row(both(gap, mask), level, charge.group_by)
    elif gap is True:
        gap = run.any_row(mask, level, charge.group_by)
    return Amount(
        level=level,
        lot=nothing.lot,
        currency=node.currency,
        onward=onward,
        total=total,
        summed_onward=charge.round_onward is not None,
        applied=applied,
        exempted=exempted,
        live=run.any_row(mask, level, charge.group_by),
        gap=gap,
        base=base,
        group_by=charge.group_by,
        spread=charge.spread,
    )


def _states(found: Found | None, mask: Mask, value: Frac) -> tuple[Mask, Mask]:
    if found is None:
        positive = (
            value.num.v != 0
            if isinstance(value.num.v, int)
            else settle(np.asarray(value.num.v != 0))
        )
        return both(mask, positive), False
    return both(mask, both(found.found, negate(found.zero))), both(
        mask, both(found.found, found.zero)
    )


def _waived(run: Run, node: Node, total: Num, lot: bool) -> Mask:
    charge = node.charge
    if not charge.waive or charge.waive_limit is None:
        return False
    limit = _money_by_day(run, node, charge.waive_limit, lot)
    if isinstance(total.v, int) and isinstance(limit.v, int):
        return total.v <= limit.v if charge.waive == "up to" else total.v < limit.v
    return settle(np.asarray(total.v <= limit.v if charge.waive == "up to" else total.v < limit.v))


__all__ = ["Charge", "any_of", "maximum", "work_out"]
