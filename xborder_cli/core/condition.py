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
from xborder_cli.core.parcels import LINE, PARCEL, Codes, Thing

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
    mask: Mask = True
    for test in tests:
        mask = both(mask, settle(_one(run, test, node, level)))
        if mask is False:
            return False
    return mask


def none_holds(run: Run, tests: tuple[Test, ...], node: Node | None, level: int = PARCEL) -> Mask:
    """Return where not one of the tests holds: what `unless` asks."""
    mask: Mask = True
    for test in tests:
        mask = both(mask, negate(settle(_one(run, test, node, level))))
        if mask is False:
            return False
    return mask


def _one(run: Run, test: Test, node: Node | None, level: int) -> Mask:
    match test.kind:
        case "is":
            return _is(run, test, node, level)
        case "number":
            return _rows(run, number_holds(run, test, node), level, node)
        case "line":
            mask = lines_where(run, test.tests)
            return mask if level == LINE or run.parcels.single else run.any_row(mask, LINE)
        case "some":
            return _rows(run, run.any_row(lines_where(run, test.tests), LINE), level, node)
        case "every":
            fails = run.any_row(negate(lines_where(run, test.tests)), LINE)
            return _rows(run, negate(fails), level, node)
        case "any":
            mask = False
            for group in test.groups:
                mask = either(mask, holds(run, group, node, level))
            return mask
        case "unknown":
            return test.name not in run.parcels.inputs and not (
                test.name == "freight" and run.program.priced_freight
            )
    return _state(run, test, node, level)


def _rows(run: Run, mask: Mask, level: int, node: Node | None) -> Mask:
    return run.expand(mask, level, node.charge.group_by if node else ())


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
    if name in ("buyer", "seller", "region", "area", "platform", "direction"):
        return getattr(attributes, name) in values
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


def lines_where(run: Run, tests: tuple[Test, ...]) -> Mask:
    """Return which item lines hold all tests."""
    mask: Mask = True
    for test in tests:
        mask = both(mask, settle(_line(run, test)))
    return mask


def _line(run: Run, test: Test) -> Mask:
    if test.kind == "any":
        mask: Mask = False
        for group in test.groups:
            mask = either(mask, lines_where(run, group))
        return mask
    if test.kind == "number":
        return line_number_holds(run, test)
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


# -- numbers ------------------------------------------------------------------------------------


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
