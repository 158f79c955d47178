"""How sure the figures of each parcel are: the confidence of what its lines rest on, by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

import numpy as np

from xborder_cli.core.columns import IntColumn, Mask, either, settle
from xborder_cli.core.dated import code_of_day
from xborder_cli.core.flags import ORDER
from xborder_cli.core.found_rows import row_levels
from xborder_cli.core.parcels import PARCEL
from xborder_cli.core.rates import DatedTable
from xborder_cli.core.rule import Lookup, Provenance

if TYPE_CHECKING:
    from xborder_cli.core.program import Program
    from xborder_cli.core.run import Run
    from xborder_cli.core.step import Node

LOW: Final = ORDER.index("low")
Level = int | IntColumn  # index into ORDER


@dataclass(frozen=True, slots=True)
class Sources:
    """What of a program decides its confidence before any parcel is seen."""

    legs: int  # the lowest of the rate cards themselves
    low_legs: tuple[str, ...]  # services of the cards of low confidence
    asked: tuple[tuple[Node, int | None], ...]  # charges that may lower it; None: row by row


_SOURCES: WeakKeyDictionary[Program, dict[frozenset[int], Sources]] = WeakKeyDictionary()


def sources_of(program: Program, others: frozenset[int] = frozenset()) -> Sources:
    """Return what decides a program's confidence, found once.

    Args:
        program: of a route.
        others: steps that are not of the parcels in question.
    """
    known = _SOURCES.setdefault(program, {})
    found = known.get(others)
    if found is None:
        steps = [step for number, step in enumerate(program.steps) if number not in others]
        cards = [step.card for step in steps if step.card is not None]
        legs = max((level_of(card.provenance) for card in cards), default=0)
        asked = []
        for node in program.nodes:
            if node.step in others:
                continue
            level = _level_of_all(node)
            event = program.steps[node.step].card is None
            if level is None or level > legs or (level == LOW and event):
                asked.append((node, level))
        low = tuple(card.id for card in cards if level_of(card.provenance) == LOW)
        found = known[others] = Sources(legs, low, tuple(asked))
    return found


def level_of(provenance: Provenance) -> int:
    """Return how unsure a figure is: 0 is high."""
    return ORDER.index(provenance.confidence)


def _level_of_all(node: Node) -> int | None:
    """Return the level of a charge's line where it is the same for every parcel."""
    if isinstance(node.rate, Lookup):
        return None
    if isinstance(node.rate, DatedTable):
        levels = set(_dated_levels(node, node.rate))
        return levels.pop() if len(levels) == 1 else None
    return level_of(node.charge.provenance)


def _dated_levels(node: Node, rate: DatedTable) -> list[int]:
    own = level_of(node.charge.provenance)
    return [level_of(found) if found.table else own for found in rate.provenances]


@dataclass(frozen=True, slots=True)
class Sureness:
    """What the lines of an option rest on, for some rows."""

    level: Level
    low: list[tuple[Mask, str]]  # rows and the event charge that is of low confidence there


def sureness(run: Run, rows: IntColumn, others: frozenset[int] = frozenset()) -> Sureness:
    """Return the lowest confidence of the lines of some rows, and which charges are of low one.

    Args:
        run: the route worked out.
        rows: k of its parcels.
        others: steps that are not of these parcels.
    """
    program = run.program
    sources = sources_of(program, others)
    masks: dict[int, Mask] = {}
    low: list[tuple[Mask, str]] = []
    for node, fixed in sources.asked:
        amount = run.amounts[node.index]
        if amount is None or amount.included or amount.live is False:
            continue
        level = fixed if fixed is not None else _levels(run, node, rows)
        live: Mask = amount.live if isinstance(amount.live, bool) else settle(amount.live[rows])
        event = program.steps[node.step].card is None
        for one in range(sources.legs, LOW + 1):
            if isinstance(level, int):
                here: Mask = live if level == one else False
            else:
                here = settle((level == one) & live)
            if here is False:
                continue
            if one > sources.legs:
                masks[one] = either(masks.get(one, False), here)
            if one == LOW and event:
                low.append((here, node.charge.code))
    level = sources.legs
    for one in sorted(masks):
        mask = masks[one]
        level = one if mask is True else np.where(mask, one, level)
    return Sureness(level, low)


def _levels(run: Run, node: Node, rows: IntColumn) -> Level:
    rate = node.rate
    if isinstance(rate, Lookup):
        found = row_levels(run, node, rate)
        own = level_of(node.charge.provenance)
        if isinstance(found, int):
            return own if found < 0 else found
        found = found[rows]
        return np.where(found < 0, own, found)
    assert isinstance(rate, DatedTable)
    table = np.array(_dated_levels(node, rate), dtype=np.int64)
    code = code_of_day(run, rate, PARCEL, node)
    if isinstance(code, int):
        return int(table[code])
    return table[code[rows]]
