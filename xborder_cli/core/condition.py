"""Conditions as masks: what must hold for a charge, a regime, a class or a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core.columns import (
    BoolColumn,
    Mask,
    Num,
    both,
    either,
    negate,
    settle,
)
from xborder_cli.core.comparison import line_number_holds, number_holds
from xborder_cli.core.judged import Judged, all_hold, any_holds, narrowed, opposite
from xborder_cli.core.parcels import LINE, PARCEL, SHARED, UNSTATED_NAME, Codes, Thing
from xborder_cli.core.varying import named_so

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from xborder_cli.core.rule import Test
    from xborder_cli.core.run import Run
    from xborder_cli.core.step import Node

KINDS_MOST: Final = 4096  # answers kept at once


def holds(run: Run, tests: tuple[Test, ...], node: Node | None, level: int = PARCEL) -> Mask:
    """Return where all tests hold, for the rows of a scope.

    Args:
        run: the parcels and what is known about the route.
        tests: all must hold; none is True.
        node: who asks, for the step's context and for codes; None for weight rules and classes.
        level: scope of the answer.
    """
    return permits(run, tests, (), node, level)


def none_holds(run: Run, tests: tuple[Test, ...], node: Node | None, level: int = PARCEL) -> Mask:
    """Return where not one of the tests holds: what `unless` asks."""
    return permits(run, (), tests, node, level)


def permits(
    run: Run,
    when: tuple[Test, ...],
    unless: tuple[Test, ...],
    node: Node | None,
    level: int = PARCEL,
    within: Mask = True,
) -> Mask:
    """Return where all of some tests hold and none of others, and say what that rests on.

    Args:
        run: the parcels and what is known about the route.
        when: all must hold.
        unless: none may hold.
        node: who asks.
        level: scope of the answer.
        within: rows that are asked about; the others do not hold.
    """
    if within is False:
        return False
    by, before = _grouped_by(node), run.aside()
    found = _all(run, when, unless, node, level)
    run.keep(before, within, level, by)
    for said, words in narrowed(found.notes, within):
        run.note(run.any_row(said, level, by), words)
    return settle(both(within, found.mask))


def _grouped_by(node: Node | None) -> tuple[str, ...]:
    return node.charge.group_by if node else ()


def _all(
    run: Run, when: tuple[Test, ...], unless: tuple[Test, ...], node: Node | None, level: int
) -> Judged:
    """Return where all of some tests hold and none of others."""
    parts: list[Judged] = []
    mask: Mask = True
    assumed: Mask = False
    for tests, wanted in ((when, True), (unless, False)):
        for test in tests:
            before = run.aside()
            one = _one(run, test, node, level)
            run.keep(before, either(mask, assumed), level, _grouped_by(node))
            if not wanted:
                one = opposite(one)
            parts.append(one)
            mask, assumed = both(mask, one.mask), either(assumed, one.assumed)
            if mask is False and assumed is False:
                return Judged(False)
    return Judged(mask) if assumed is False else all_hold(parts)


def _one(run: Run, test: Test, node: Node | None, level: int) -> Judged:
    match test.kind:
        case "line":
            found = _lines(run, test.tests, node)
            if level == LINE or run.parcels.single:
                return found
            return _some_line(run, found, PARCEL, node)
        case "some":
            return _some_line(run, _lines(run, test.tests, node), level, node)
        case "every":
            return opposite(_some_line(run, opposite(_lines(run, test.tests, node)), level, node))
        case "any":
            return any_holds([_all(run, group, (), node, level) for group in test.groups])
    return Judged(settle(_known(run, test, node, level)))


def _known(run: Run, test: Test, node: Node | None, level: int) -> Mask:
    match test.kind:
        case "is":
            return _is(run, test, node, level)
        case "number":
            return _rows(run, number_holds(run, test, node), level, node)
        case "unknown":
            if test.name == "freight" and run.program.priced_freight:
                return False
            return _rows(run, negate(run.parcels.states(test.name)), level, node)
    return _state(run, test, node, level)


def _some_line(run: Run, lines: Judged, level: int, node: Node | None) -> Judged:
    """Return which parcels have a line that holds; a line that is known to settles it."""
    mask = _rows(run, settle(run.any_row(lines.mask, LINE)), level, node)
    if not lines.notes:
        return Judged(mask)
    certain = run.any_row(both(lines.mask, negate(lines.assumed)), LINE)
    notes = [(run.any_row(said, LINE), words) for said, words in lines.notes]
    kept = narrowed(notes, negate(certain))
    return Judged(mask, tuple([(_rows(run, said, level, node), words) for said, words in kept]))


def _rows(run: Run, mask: Mask, level: int, node: Node | None) -> Mask:
    return run.expand(mask, level, _grouped_by(node))


def _is(run: Run, test: Test, node: Node | None, level: int) -> Mask:
    attributes = run.parcels.attributes
    name, values = test.name, test.values
    if name == "to":
        return _rows(run, _names_in(run.parcels.destination, values), level, node)
    if name in ("option", "options"):
        return any(value in attributes.options for value in values)
    if name == "claim":
        mask = things_where(
            run, ("claim", values), lambda thing: any(value in thing.claims for value in values)
        )
        if level == LINE:
            return mask
        return _rows(run, run.any_row(mask, LINE), level, node)
    if name in ("from", "origin_country"):
        return attributes.origin in values
    if name == "paid_in":
        paid = run.parcels.inputs.get("price") or run.parcels.goods
        return _rows(run, _names_in(paid.currency, values), level, node)
    if name in run.parcels.varying:
        own = named_so(run.parcels, name, ("" if one == UNSTATED_NAME else one for one in values))
        return _rows(run, own, level, node)
    if name in SHARED:
        return (getattr(attributes, name) or UNSTATED_NAME) in values
    if name == "scheme":
        return (run.program.context.get("scheme") or "none") in values
    return run.program.context_of(node, name) in values


def _names_in(codes: Codes, values: Iterable[str]) -> Mask:
    hit = np.array([name in values for name in codes.names])
    if codes.codes is None:
        return bool(hit[0])
    return settle(hit[codes.codes])


def things_where(run: Run, about: tuple[object, ...], fits: Callable[[Thing], bool]) -> Mask:
    """Return which item lines are of a fitting kind.

    `about` names the question: it is asked once of each kind of goods.
    """
    things = run.parcels.things
    known = run.tile.book.kinds
    key = (id(things), about)
    found = known.get(key)
    if found is None or found[0] is not things:
        if len(known) > KINDS_MOST:
            known.clear()
        found = known[key] = (things, settle(np.array([fits(thing) for thing in things])))
    hits = found[1]
    if isinstance(hits, bool):
        return hits
    return settle(hits[run.parcels.line_thing])


def lines_where(run: Run, tests: tuple[Test, ...], within: Mask = True) -> Mask:
    """Return which item lines hold all tests, and say what that rests on.

    Args:
        run: the parcels.
        tests: about the line itself.
        within: lines that are asked about; the others do not hold.
    """
    before = run.aside()
    found = _lines(run, tests, None)
    run.keep(before, within, LINE)
    for said, words in narrowed(found.notes, within):
        run.note(run.any_row(said, LINE), words)
    return both(within, found.mask)


def _lines(run: Run, tests: tuple[Test, ...], node: Node | None) -> Judged:
    return all_hold([_line(run, test, node) for test in tests])


def _line(run: Run, test: Test, node: Node | None) -> Judged:
    if test.kind == "any":
        return any_holds([_lines(run, group, node) for group in test.groups])
    if test.kind == "number":
        return line_number_holds(run, test, node)
    return Judged(settle(_of_thing(run, test)))


def _of_thing(run: Run, test: Test) -> Mask:
    values = test.values
    match test.name:
        case "hs":
            return things_where(run, ("hs", values), lambda thing: thing.hs.startswith(values))
        case "origin":
            return things_where(run, ("origin", values), lambda thing: thing.origin in values)
        case "goods":
            return things_where(run, ("goods", values), lambda thing: thing.goods in values)
        case "trait" | "traits":
            return things_where(
                run, ("trait", values), lambda thing: any(value in thing.traits for value in values)
            )
        case "claim":
            return things_where(
                run, ("claim", values), lambda thing: any(value in thing.claims for value in values)
            )
    return False


# -- what other charges found -------------------------------------------------------------------


def _state(run: Run, test: Test, node: Node | None, level: int) -> Mask:
    if node is None:
        return False
    mask: Mask = False
    for name in test.values:
        ref = node.refs.get(name if test.kind == "due" else f"={name}")
        if ref is None:
            continue
        for index in ref.nodes:
            amount = run.amounts[index]
            if amount is None or amount.included:
                continue
            if test.kind == "due":
                found: Mask = _rows(run, _positive(amount.total), level, node)
            else:
                rows = amount.applied if test.kind == "applied" else amount.exempted
                if amount.level == level or run.parcels.single:
                    found = rows
                elif amount.level == PARCEL:
                    found = _rows(run, rows, level, node)
                else:
                    found = _rows(
                        run, run.any_row(rows, amount.level, amount.group_by), level, node
                    )
            mask = either(mask, found)
        if ref.kind == "input" and test.kind == "due":
            value = run.money_input(name, node, PARCEL, lot=False)
            mask = either(mask, _rows(run, _positive(value), level, node))
    return mask


def _positive(value: Num) -> Mask:
    if isinstance(value.v, int):
        return value.v > 0
    column: BoolColumn = value.v > 0
    return settle(column)
