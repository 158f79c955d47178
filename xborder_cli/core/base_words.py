"""What a charge is worked out from, in words: an amount of money, a weight, a count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.core.bands import banded_measure
from xborder_cli.core.columns import first_of
from xborder_cli.core.dated import code_of_day
from xborder_cli.core.line_parts import base_borne, counted
from xborder_cli.core.measures import WEIGHT_UNITS
from xborder_cli.core.parcels import LINE, PARCEL
from xborder_cli.core.rates import BandTable, DatedTable
from xborder_cli.core.rule import Lookup
from xborder_cli.core.terms import Worker
from xborder_cli.core.weight import chargeable
from xborder_cli.core.wording import exact_text, number

if TYPE_CHECKING:
    from xborder_cli.core.frac import Frac
    from xborder_cli.core.run import Run
    from xborder_cli.core.step import Node
    from xborder_cli.core.tile import Amount


def base_text(run: Run, node: Node, amount: Amount) -> str:
    """Return what a rate was applied to, in words."""
    if isinstance(node.rate, BandTable):
        worker = Worker(run, node, node.level, amount.lot, amount.base)
        if not node.rate.by:
            return ""
        measure, per = banded_measure(run, node, node.rate, worker)
        if node.rate.by == "chargeable":
            return _weight(run, node)
        value = measure.first()
        unit = node.rate.limit_unit or {"days": "days", "items": "items", "cbm": "cbm"}.get(
            node.rate.by, node.rate.by
        )
        if node.rate.limit_unit and node.rate.limit_unit != "lb":
            return f"{number((value, node.rate.limit_den * per[0]))} {unit}"
        return f"{number((value * per[1], per[0]), 9)} {unit}"
    if isinstance(node.rate, Lookup):
        return base_borne(run, node, node.rate, amount)
    if node.charge.base or node.charge.gross:
        total = _sum(run, amount.base, node)
        return f"{total} {node.currency}"
    shapes = node.rate.table.shapes if isinstance(node.rate, DatedTable) else ()
    if any(unit in WEIGHT_UNITS for shape in shapes for unit in shape.units):
        return _weight(run, node)
    if isinstance(node.rate, DatedTable) and node.level in (PARCEL, LINE):
        return counted(run, node, amount, node.rate.rates[code_at_day(run, node, node.rate)])
    return ""


def code_at_day(run: Run, node: Node, rate: DatedTable) -> int:
    """Return the place of a rate's value on the day of the one parcel."""
    return first_of(code_of_day(run, rate, PARCEL, node))


def _sum(run: Run, base: Frac, node: Node) -> str:
    num, den = (base.num, base.den) if isinstance(base.den, int) else (base.rounded(), 1)
    summed = run.sum_rows(num, node.level, node.charge.group_by)
    return exact_text(summed.first(), den, run.tile.book.digits[node.currency])


def _weight(run: Run, node: Node) -> str:
    step = run.program.steps[node.step]
    if step.card is None or node.level != PARCEL:
        weight = int(run.parcels.weight_mg[0])
        return f"{number((weight, 10**6))} kg"
    found = chargeable(run, step.card, step.lot or node.charge.scope == "lot")
    if found.unit == "lb":
        quanta = found.quanta.first()
        return f"{number((quanta, 1600))} lb"
    return f"{number((found.mg.first(), 10**6))} kg"
