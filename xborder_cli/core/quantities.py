"""Quantities: how much of a unit the rows of a charge's scope count, by what their goods state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core.columns import (
    ZERO,
    IntColumn,
    Mask,
    Num,
    both,
    either,
    mul,
    settle,
    where,
)
from xborder_cli.core.measures import (
    ALIASES,
    CBM,
    LENGTH_UNITS,
    MICRO,
    VOLUME_UNITS,
    WEIGHT_UNITS,
)
from xborder_cli.core.parcels import GROUP, LINE, PARCEL, UNSTATED
from xborder_cli.core.pieces import unit_of_lines
from xborder_cli.units import times

if TYPE_CHECKING:
    from xborder_cli.core.frac import Frac
    from xborder_cli.core.rule import Ratio
    from xborder_cli.core.run import Run
    from xborder_cli.core.step import Node

NET_NOTE: Final = "net weight not stated: the parcel's weight is taken"


class Quantities:
    """Counts units for one charge at one scope; rows that do not state what is counted are gaps."""

    __slots__ = ("base", "days", "gap", "level", "lot", "node", "run")

    def __init__(self, run: Run, node: Node, level: int, lot: bool, base: Frac) -> None:
        """Begin without gaps.

        Args:
            run: the parcels.
            node: of the charge.
            level: scope of the rows: parcel, group or line.
            lot: all parcels of a lot are counted.
            base: what money is counted of, in minor units of the charge's currency.
        """
        self.run = run
        self.node = node
        self.level = level
        self.lot = lot
        self.base = base
        self.days: Num | None = None  # instead of all days in store
        self.gap: Mask = False

    def miss(self, mask: Mask, level: int) -> None:
        """Mark rows of another scope as gaps at ours."""
        if level == self.level or isinstance(mask, bool) or self.run.parcels.single:
            self.gap = either(self.gap, mask)
        elif self.level == PARCEL:
            self.gap = either(self.gap, self.run.any_row(mask, level))
        else:
            self.gap = either(
                self.gap, self.run.expand(mask, self.level, self.node.charge.group_by)
            )

    def quanta(self, unit: str) -> tuple[Num, Ratio]:
        """Return the measure that a unit counts, in quanta, and quanta per unit."""
        run, node, level, lot = self.run, self.node, self.level, self.lot
        step = run.step_of(node)
        if unit in WEIGHT_UNITS:
            if level == PARCEL:
                if step.card is not None:
                    weight = run.chargeable(node)
                    return weight.quanta, weight.per(WEIGHT_UNITS[unit])
                unweighed = run.parcels.weight_mg <= 0
                if unweighed.any():
                    self.miss(settle(unweighed), PARCEL)
                return self._spread(run.measure("weight", None, lot)), WEIGHT_UNITS[unit]
            return self._net(), WEIGHT_UNITS[unit]
        if unit in VOLUME_UNITS or unit in LENGTH_UNITS:
            unsized = run.parcels.shortest_dmm <= 0
            if unsized.any():
                self.miss(settle(unsized), PARCEL)
        if unit in VOLUME_UNITS:
            return self._spread(run.measure("cbm", step.card, lot)), VOLUME_UNITS[unit]
        if unit in LENGTH_UNITS:
            return self._spread(run.measure("longest", step.card, lot)), LENGTH_UNITS[unit]
        if unit in run.tile.book.digits:
            digits = 10 ** run.tile.book.digits[unit]
            if unit == node.currency and isinstance(self.base.den, int):
                return self.base.num, (digits * self.base.den, 1)
            base = self.base.rounded()
            if unit != node.currency:
                base = run.tile.convert(base, node.currency, unit)
            return base, (digits, 1)
        name, factor = ALIASES.get(unit, (unit, (1, 1)))
        if self.days is not None and name in ("day", "days"):
            return self.days, factor
        if name in ("item", "items", "line", "hs6", "package", "day", "days"):
            return self._ones(name), factor
        if step.card is not None and name in step.card.measures:
            value = self._spread(run.measure(name, step.card, lot))
            return value, (CBM, 1) if step.card.measures[name].of == "cbm" else (MICRO, 1)
        if name == "gross_kg":
            return self._gross(), times(factor, (MICRO, 1))
        if name == "net_kg":
            return self._net(), times(factor, (MICRO, 1))
        return self._stated(name), times(factor, (MICRO, 1))

    def _spread(self, value: Num | None) -> Num:
        """Return a measure of parcels at our scope; a measure that is not stated counts 0."""
        if value is None:
            return ZERO
        if self.level != PARCEL and not self.run.parcels.single:
            return Num(
                value.full(self.run.parcels.n)[
                    self.run.owners(self.level, self.node.charge.group_by)
                ],
                value.hi,
            )
        return value

    def _ones(self, name: str) -> Num:
        """Return how many items, lines, packages or days there are; what else counts is 1."""
        parcels = self.run.parcels
        name = {"item": "items", "line": "lines", "day": "days"}.get(name, name)
        if self.level == PARCEL or parcels.single:
            return self.run.measure(name, None, self.lot) or Num(1, 1)
        if name == "items":
            column = Num.of(parcels.line_quantity)
            if self.level == GROUP:
                column = self.run.into_groups(column, self.node.charge.group_by)
            if not self.lot:
                return column
            lot = self.run.lot() if self.level == GROUP else self._lot_of_lines()
            if self.level == GROUP and not isinstance(lot.v, int):
                lot = lot.take(self.run.owners(GROUP, self.node.charge.group_by))
            return mul(column, lot)
        if name == "lines" and self.level == GROUP:
            return self.run.into_groups(Num(1, 1), self.node.charge.group_by)
        return Num(1, 1)

    def _stated(self, name: str) -> Num:
        """Return a unit as lines or their goods state it, in millionths; else a gap."""
        run = self.run
        column, taken = unit_of_lines(run, name)
        for lines, words in taken:
            run.note(run.any_row(settle(lines), LINE), words)
        if column is None:
            self.miss(True, PARCEL)
            return ZERO
        return self._by_line(column)

    def _by_line(self, column: IntColumn) -> Num:
        """Return a unit of the lines at our scope; lines that do not state it are gaps."""
        run = self.run
        unknown = column == UNSTATED
        if unknown.any():
            self.miss(settle(unknown), LINE)
            column = np.maximum(column, 0)
        value = Num.of(column)
        if self.lot:
            value = mul(value, self._lot_of_lines())
        if self.level == PARCEL:
            return run.sum_rows(value, LINE)
        if self.level == GROUP and not run.parcels.single:
            return run.into_groups(value, self.node.charge.group_by)
        return value

    def _lot_of_lines(self) -> Num:
        """How many parcels travel with each line's own."""
        lot = self.run.lot()
        return lot if isinstance(lot.v, int) else lot.take(self.run.parcels.line_parcel)

    def _gross(self) -> Num:
        """Return gross weights; that of a parcel whose lines state none is known."""
        run = self.run
        weight = self._spread(run.measure("weight", None, self.lot))
        column = run.parcels.line_units.get("gross_kg")
        if column is None:
            return weight
        stated = settle(run.any_row(settle(column != UNSTATED), LINE))
        if stated is False:
            return weight
        rows = run.expand(stated, self.level, self.node.charge.group_by)
        outer, self.gap = self.gap, False
        value = self._by_line(column)
        self.gap = either(outer, both(self.gap, rows))
        return where(rows, value, weight)

    def _net(self) -> Num:
        """Return net weights; a line alone in its parcel is taken to weigh what the parcel does."""
        parcels = self.run.parcels
        stated = parcels.line_units.get("net_kg")
        weight = parcels.weight_mg[parcels.line_parcel]
        alone = parcels.line_count[parcels.line_parcel] == 1
        missing = np.ones(weight.size, dtype=bool) if stated is None else stated == UNSTATED
        instead = missing & alone & (weight > 0)
        if not instead.any():
            return self._stated("net_kg")
        self.run.note(self.run.any_row(settle(instead), LINE), NET_NOTE)
        return self._by_line(np.where(instead, weight, UNSTATED if stated is None else stated))
