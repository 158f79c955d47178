"""The one rule: base, rate, minimum, rounding, condition. Everything priced passes here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core.allowance import less_allowance
from xborder_cli.core.bands import band_value
from xborder_cli.core.columns import (
    ZERO,
    Mask,
    Num,
    both,
    either,
    half_up,
    is_zero,
    masked,
    negate,
    scale,
    settle,
)
from xborder_cli.core.condition import permits
from xborder_cli.core.dated import code_of_day, in_force, money_by_day, silent_before, span_of_day
from xborder_cli.core.duty import Found, look_up
from xborder_cli.core.frac import (
    NOTHING,
    Frac,
    frac_above,
    frac_add,
    frac_choose,
    frac_mul_ratio,
    frac_where,
)
from xborder_cli.core.gross import gross_base
from xborder_cli.core.parcels import PARCEL
from xborder_cli.core.rates import BandTable, DatedTable
from xborder_cli.core.rounding import round_to_step
from xborder_cli.core.rule import STAY, Lookup, Ratio, SpanValue
from xborder_cli.core.stay import stay_value
from xborder_cli.core.terms import Worker
from xborder_cli.core.tile import Amount

if TYPE_CHECKING:
    from xborder_cli.core.run import Run
    from xborder_cli.core.step import Node

MILLIONTHS: Final = 1_000_000


def work_out(run: Run, node: Node) -> Amount:
    """Return what a charge comes to for every parcel.

    Per row of its scope: mask, base, allowance, gross, rounding of the base, rate, deductions,
    minimum and maximum, share, rounding; then the parcel's sum, its rounding and its waiver.

    Source: docs/tables.md section 2.
    """
    charge = node.charge
    step = run.step_of(node)
    level = node.level
    lot = step.lot or charge.scope == "lot"
    mask = _mask(run, node, level)
    if mask is False:
        return nothing_of(run, node)
    nothing, before = nothing_of(run, node), run.aside()
    whole = _base(run, node, level, lot)
    base = less_allowance(run, node, level, lot, whole)
    found = look_up(run, node, charge.rate) if isinstance(charge.rate, Lookup) else None
    worker = Worker(run, node, level, lot, base)
    if charge.gross:
        base = gross_base(run, node, worker, base)
    if charge.round_base:
        base = Frac(round_to_step(base, charge.round_base, run, node))
    worker.base = base
    value, priced = _rate(run, node, worker, mask, found)
    mask = both(mask, priced)
    if mask is False:
        run.keep(before, False)
        return nothing
    value = _deduct(run, node, value, level, lot)
    value = _clamp(run, node, worker, value, whole, level)
    value = _times(run, node, value)
    amount = _amount(run, node, nothing, value, mask, worker, found, base)
    # what was assumed, or could not be converted, of rows that are not charged moves no price
    run.keep(before, mask, level, charge.group_by)
    return amount


def nothing_of(run: Run, node: Node) -> Amount:
    """Return the amount of a charge that does not arise."""
    lot = run.step_of(node).lot or node.charge.scope == "lot"
    group_by = node.charge.group_by
    return Amount(node.level, lot, node.currency, NOTHING, ZERO, group_by=group_by)


def _mask(run: Run, node: Node, level: int) -> Mask:
    """Return where a charge applies; found once for all routes when no route decides it."""
    if node.mask_key is None:
        return _conditions(run, node, level)
    return run.once(node.mask_key, _conditions, run, node, level)


def _conditions(run: Run, node: Node, level: int) -> Mask:
    charge = node.charge
    mask: Mask = run.expand(in_force(run, charge.since, charge.until), level, charge.group_by)
    if node.regime is not None and mask is not False:
        mask = both(
            mask,
            run.expand(run.chosen.get((node.step, node.regime), False), level, charge.group_by),
        )
    if charge.when or charge.unless:
        mask = permits(run, charge.when, charge.unless, node, level, mask)
    return mask if isinstance(mask, bool) else settle(mask)


def _base(run: Run, node: Node, level: int, lot: bool) -> Frac:
    total = NOTHING
    for part in node.charge.base:
        value = run.read(node.refs[part.name], node, level, lot)
        total = frac_add(total, frac_mul_ratio(value, *part.factor))
    return total


def _rate(
    run: Run, node: Node, worker: Worker, mask: Mask, found: Found | None
) -> tuple[Frac, Mask]:
    rate = node.rate
    if rate is None:
        return worker.base, True
    if found is not None:
        value = worker.value(found.table, found.code)
        worker.gap = either(worker.gap, both(found.gap, mask))
        return value, True
    if isinstance(rate, BandTable):
        value, priced, _ = band_value(run, node, worker, mask)
        return value, priced
    assert isinstance(rate, DatedTable)
    if node.charge.day == STAY:
        return stay_value(run, worker, rate), True
    silent = silent_before(run, rate, worker.level, node)
    run.refuse(
        run.any_row(both(mask, silent), worker.level, node.charge.group_by)
        if silent is not False
        else False,
        "before-first-value",
        node.charge.code,
    )
    return worker.value(rate.table, code_of_day(run, rate, worker.level, node)), negate(silent)


def _deduct(run: Run, node: Node, value: Frac, level: int, lot: bool) -> Frac:
    for less in node.charge.less:
        if isinstance(less, str):
            other = run.read(node.refs[f"={less}"], node, level, lot)
        else:
            other = Frac(money_by_day(run, node, less, lot))
        value = frac_above(value, other)
    return value


def _clamp(run: Run, node: Node, worker: Worker, value: Frac, whole: Frac, level: int) -> Frac:
    charge = node.charge
    if isinstance(charge.low, DatedTable):
        low = worker.value(charge.low.table, code_of_day(run, charge.low, level, node))
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
        high = worker.value(charge.high.table, code_of_day(run, charge.high, level, node))
        value = frac_choose(value, high, larger=False)
    return value


def _times(run: Run, node: Node, value: Frac) -> Frac:
    dated = node.charge.times
    if dated is None or is_zero(value.num):
        return value
    which = span_of_day(run, [span.since for span in dated.spans]) if len(dated.spans) > 1 else 0
    if isinstance(which, int):
        return frac_mul_ratio(value, *_ratio(run, dated.spans[max(0, which)].value))
    which = np.maximum(which, 0)
    if not isinstance(value.num.v, int) and value.num.v.size != which.size:
        which = which[run.parcels.line_parcel]
    total = NOTHING
    for at in np.unique(which).tolist():
        part = frac_mul_ratio(value, *_ratio(run, dated.spans[at].value))
        total = frac_add(total, Frac(masked(part.num, settle(which == at)), part.den))
    return total


def _ratio(run: Run, value: SpanValue) -> Ratio:
    """Return a share: a plain one, or one that a shipment states by name, else the tables' own."""
    if isinstance(value, str):
        return run.parcels.attributes.ratio(value) or run.tile.book.default_ratio(value)
    return value if isinstance(value, tuple) else (0, 1)


def _exactly(value: Frac) -> Frac:
    """Return an amount that nothing rounds; millionths of a minor unit where divisors differ."""
    if isinstance(value.den, int):
        return value
    return Frac(half_up(scale(value.num, MILLIONTHS), value.den), MILLIONTHS)


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
    if charge.round_each is not None and charge.round_each.how == "exact":
        value = each = _exactly(value)
    elif charge.round_each is not None:
        each = Frac(round_to_step(value, charge.round_each, run, node))
    else:
        each = Frac(value.rounded())
    summed = Frac(run.sum_rows(each.num, level, charge.group_by), each.den)
    total = (
        round_to_step(summed, charge.round_total, run, node)
        if charge.round_total
        else summed.rounded()
    )
    if charge.round_onward is None:
        onward = each
    elif charge.round_onward.how == "exact":
        onward = _exactly(value)
    else:
        onward = Frac(round_to_step(value, charge.round_onward, run, node))
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
        each=each,
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
    limit = money_by_day(run, node, charge.waive_limit, lot)
    if isinstance(total.v, int) and isinstance(limit.v, int):
        return total.v <= limit.v if charge.waive == "up to" else total.v < limit.v
    return settle(np.asarray(total.v <= limit.v if charge.waive == "up to" else total.v < limit.v))
