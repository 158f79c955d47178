"""A program worked out: charges in order, regimes chosen once their conditions can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.core.charge import nothing_of, work_out
from xborder_cli.core.columns import ZERO, Mask, Num, add, both, either, masked, negate, settle
from xborder_cli.core.condition import permits
from xborder_cli.core.dated import in_force
from xborder_cli.core.frac import NOTHING
from xborder_cli.core.tile import Amount

if TYPE_CHECKING:
    from xborder_cli.core.rule import Regime
    from xborder_cli.core.run import Run
    from xborder_cli.core.step import Node


def execute(run: Run) -> None:
    """Work out every charge of a program; regimes are chosen once their conditions can be read."""
    program = run.program
    run.amounts = [None] * len(program.nodes)
    waiting = program.undecided
    undecided = set(waiting)
    left = {
        number: set(inside)
        for number, inside in waiting.items()
        if program.steps[number].charges.select == "cheapest"
    }
    for index in program.order:
        node = program.nodes[index]
        if node.regime is not None and node.step in undecided:
            choose_regimes(run, node.step)
            undecided.discard(node.step)
        run.amounts[index] = _node(run, node)
        inside = left.get(node.step)
        if inside and index in inside:
            inside.discard(index)
            if not inside:
                keep_cheapest(run, node.step)
    for number in waiting:
        if number in undecided:
            choose_regimes(run, number)


def _node(run: Run, node: Node) -> Amount:
    """Return a charge's amount: shared with other routes where nothing of this route enters it."""
    if node.included:
        return Amount(node.level, False, node.currency, NOTHING, ZERO, included=True)
    if node.regime is not None and run.chosen.get((node.step, node.regime), False) is False:
        return nothing_of(run, node)
    found = work_out(run, node) if node.key is None else run.once(node.key, _shared, run, node)
    if run.tile.fx_missing:
        _refuse_unconverted(run)
    return found


def _shared(run: Run, node: Node) -> Amount:
    """Work out a charge with what it has to say about exchange rates kept apart from this route."""
    before = run.aside()
    found = work_out(run, node)
    _refuse_unconverted(run)
    run.keep(before, True)
    return found


def _refuse_unconverted(run: Run) -> None:
    """Keep out the parcels for which an exchange rate was missing."""
    for (source, target), mask in run.tile.fx_missing.items():
        run.refuse(mask, "no-exchange-rate", f"{source} to {target}")
    run.tile.fx_missing.clear()


def choose_regimes(run: Run, number: int) -> None:
    """Settle which regime of a step each parcel takes; `cheapest` keeps all open ones for now."""
    key = run.program.regime_keys.get(number)
    shared = key is not None  # with routes in which the same decides it
    found = run.once(key, _choices, run, number) if shared else _choices(run, number)
    for at, mask in enumerate(found):
        run.chosen[number, at] = mask


def _choices(run: Run, number: int) -> list[Mask]:
    step = run.program.steps[number]
    free: Mask = True
    out = []
    for at, regime in enumerate(step.charges.regimes):
        is_open = regime_open(run, number, at, regime, free)
        if step.charges.select != "cheapest":
            free = both(free, negate(is_open))
        if regime.refuse:
            run.refuse(is_open, "refused", regime.refuse)
        out.append(is_open)
    return out


def regime_open(run: Run, number: int, at: int, regime: Regime, free: Mask) -> Mask:
    """Return which parcels of those that are free a regime is open for."""
    tests = run.program.regime_tests(number, at)
    if tests is None:
        return False
    when, unless = tests
    asks = run.program.regime_asks(number, at)
    return permits(
        run, when, unless, asks, within=both(free, in_force(run, regime.since, regime.until))
    )


def keep_cheapest(run: Run, number: int) -> None:
    """Keep the regime with the least duty, tax and fee for the parcel; ties go to the first."""
    program, parcels = run.program, run.parcels
    regimes = program.steps[number].charges.regimes
    worst = np.iinfo(np.int64).max // 4
    costs: list[np.ndarray[tuple[int, ...], np.dtype[np.int64]]] = []
    gaps: list[Mask] = []
    for at in range(len(regimes)):
        total: Num = Num(0, 0)
        gap: Mask = False
        for node in program.nodes:
            amount = run.amounts[node.index]
            if (
                node.step == number
                and node.regime == at
                and amount
                and node.charge.kind in ("duty", "tax", "fee")
            ):
                total = add(total, amount.total)
                gap = either(gap, amount.gap)
        closed = np.broadcast_to(np.asarray(negate(run.chosen[number, at])), (parcels.n,))
        # what is not known is not cheap: a regime with a gap only wins when no complete one is open
        penalty = np.broadcast_to(np.asarray(gap), (parcels.n,)) * (worst // 2)
        costs.append(np.where(closed, worst, total.full(parcels.n) + penalty))
        gaps.append(gap)
    best = np.argmin(np.stack(costs), axis=0)
    for at, regime in enumerate(regimes):
        taken = best == at
        if gaps[at] is not False:
            unsure = both(run.chosen[number, at], both(gaps[at], settle(~taken)))
            words = f"{regime.name or regime.id} might cost less: a rate of it is not known"
            run.note(unsure, words)
        mask: Mask = both(
            run.chosen[number, at], bool(taken.all()) or (taken if taken.any() else False)
        )
        run.chosen[number, at] = mask
        for node in program.nodes:
            amount = run.amounts[node.index]
            if node.step == number and node.regime == at and amount is not None:
                rows = run.expand(mask, node.level, node.charge.group_by)
                amount.total = masked(amount.total, mask)
                amount.onward = type(amount.onward)(
                    masked(amount.onward.num, rows), amount.onward.den
                )
                amount.live = both(amount.live, mask)
                amount.gap = both(amount.gap, mask)
                amount.applied = both(amount.applied, rows)
