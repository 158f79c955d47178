"""One route worked out for a column of parcels: what charges read while they run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, ParamSpec, TypeAlias, TypeVar, cast

import numpy as np

from xborder_cli.core.columns import (
    ZERO,
    Mask,
    Num,
    any_of,
    half_up,
    is_zero,
    mul,
    negate,
)
from xborder_cli.core.frac import NOTHING, Frac, den_mul, frac_add
from xborder_cli.core.judged import narrowed
from xborder_cli.core.parcels import GROUP, LINE, PARCEL, MoneyColumn
from xborder_cli.core.scopes import Scopes
from xborder_cli.core.step import ASKED, NO_PRICE
from xborder_cli.core.tile import Amount, Missing, Refusal, Tile
from xborder_cli.core.weight import chargeable, measure

if TYPE_CHECKING:
    from collections.abc import Callable

    from xborder_cli.core.program import Program
    from xborder_cli.core.rule import RateCard
    from xborder_cli.core.step import Node, Ref, StepSpec
    from xborder_cli.core.weight import Chargeable

T = TypeVar("T")
P = ParamSpec("P")
UNSTATED: Final = "{} not stated: taken as nothing (--{})"
Aside: TypeAlias = "tuple[int, Missing]"  # how many notes there were, and rates missed till then


class Run(Scopes):
    """A route being priced: amounts by node, refusals, notes."""

    __slots__ = ("amounts", "chosen", "notes", "program", "refusals")

    def __init__(self, tile: Tile, program: Program) -> None:
        """Begin with nothing worked out."""
        super().__init__(tile)
        self.program = program
        self.amounts: list[Amount | None] = []  # by node, once they are worked out
        self.refusals: list[Refusal] = []
        self.notes: list[tuple[Mask, str]] = []
        self.chosen: dict[tuple[int, int], Mask] = {}  # (step, regime) -> parcels that take it

    def refuse(self, mask: Mask, code: str, what: str, fix: str = "") -> None:
        """Keep rows out of this route."""
        if any_of(mask):
            self.refusals.append(Refusal(mask, code, what, fix))

    def note(self, mask: Mask, words: str) -> None:
        """List something that was assumed for some rows."""
        if any_of(mask):
            self.notes.append((mask, words))

    def note_unstated(self, name: str, mask: Mask = True) -> None:
        """List that something of the buyer or seller was not stated and counts as nothing."""
        self.note(mask, UNSTATED.format(name.replace("_", " "), name.replace("_", "-")))

    def aside(self) -> Aside:
        """Put aside what was said so far, so that what follows can be kept to some parcels."""
        before = (len(self.notes), self.tile.fx_missing)
        self.tile.fx_missing = {}
        return before

    def keep(
        self, before: Aside, mask: Mask, level: int = PARCEL, by: tuple[str, ...] = ()
    ) -> None:
        """Keep what was said since to the parcels of a mask: nobody asked about the others.

        Args:
            before: what was put aside.
            mask: rows of a scope.
            level: the scope.
            by: of groups.
        """
        noted, outer = before
        missing, self.tile.fx_missing = self.tile.fx_missing, outer
        if not missing and len(self.notes) == noted:
            return
        parcels = self.any_row(mask, level, by)
        self.tile.missed(missing, parcels)
        self.notes[noted:] = narrowed(self.notes[noted:], parcels)

    def once(self, key: object, make: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Return what is made once for all routes, and say again what making it said."""
        tile = self.tile
        found = tile.cache.get(key)
        if found is None:
            refused, noted = len(self.refusals), len(self.notes)
            outer, tile.fx_missing = tile.fx_missing, {}
            made = make(*args, **named)
            missing, tile.fx_missing = tile.fx_missing, outer
            tile.missed(missing)
            tile.cache[key] = (made, self.refusals[refused:], self.notes[noted:], missing)
            return made
        made, refusals, notes, missing = cast(
            "tuple[T, list[Refusal], list[tuple[Mask, str]], Missing]", found
        )
        if refusals:
            self.refusals += refusals
        if notes:
            self.notes += notes
        if missing:
            tile.missed(missing)
        return made

    # -- reading --------------------------------------------------------------------------------

    def read(self, ref: Ref, node: Node, level: int, lot: bool) -> Frac:
        """Return what a name stands for, in the reader's currency and at the reader's scope."""
        if ref.kind == "input":
            return Frac(self.money_input(ref.name, node, level, lot))
        total = NOTHING
        for index in ref.nodes:
            amount = self.amounts[index]
            if amount is None or amount.included:
                continue
            if is_zero(amount.onward.num) and is_zero(amount.total):
                continue
            value = self._amount(amount, level, lot, node, paid=ref.kind == "sum")
            total = frac_add(total, value)
        return total

    def _amount(self, amount: Amount, level: int, lot: bool, node: Node, *, paid: bool) -> Frac:
        if level == amount.level and (level != GROUP or amount.group_by == node.charge.group_by):
            value = Frac(amount.total) if paid and level == PARCEL else amount.onward
        elif level == PARCEL:
            if amount.summed_onward and not paid:
                value = Frac(
                    self.sum_rows(amount.onward.num, amount.level, amount.group_by),
                    amount.onward.den,
                )
            else:
                value = Frac(amount.total)
        elif amount.level == PARCEL:
            value = Frac(self._down(amount, level, node.charge.group_by))
        elif self.parcels.single:
            value = amount.onward
        else:
            value = self._across(amount, level, node.charge.group_by)
        if amount.lot and not lot:
            value = Frac(half_up(value.num, den_mul(value.den, self.lot())))
        elif lot and not amount.lot:
            value = Frac(mul(value.num, self.lot()), value.den)
        if amount.currency != node.currency:
            value = Frac(self.tile.convert(value.rounded(), amount.currency, node.currency))
        return value

    def _down(self, amount: Amount, level: int, by: tuple[str, ...]) -> Num:
        whole = amount.onward.rounded()
        lines = self.share(whole, self.spread_key(amount.spread))
        if level == LINE or self.parcels.single:
            return lines
        return self.into_groups(lines, by)

    def _across(self, amount: Amount, level: int, by: tuple[str, ...]) -> Frac:
        if amount.level == LINE:  # into groups
            return Frac(self.into_groups(amount.onward.num, by), amount.onward.den)
        group, _ = self.groups(amount.group_by)
        key = self.spread_key(amount.spread)
        lines = self.share_in_groups(amount.onward.rounded(), group, key)
        return Frac(lines if level == LINE else self.into_groups(lines, by))

    def money_input(self, name: str, node: Node, level: int, lot: bool) -> Num:
        """Return a stated amount in the reader's currency; 0 when it was not stated."""
        step = self.program.steps[node.step]
        if name == "goods" and step.value != "goods" and step.value in self.parcels.inputs:
            name = step.value
        if level == GROUP and not self.parcels.single:
            return self.into_groups(self.money_input(name, node, LINE, lot), node.charge.group_by)
        unstated = negate(self.parcels.states(name))
        if unstated is not False:
            if name in ASKED:
                self.note_unstated(name, unstated)
            elif name == "price":
                self.note(True, NO_PRICE)
                name = "goods"
        key = ("input", name, node.currency, level, lot)
        return self.tile.once(key, self._money_input, name, node.currency, level, lot)

    def _money_input(self, name: str, currency: str, level: int, lot: bool) -> Num:
        parcels = self.parcels
        if name == "goods" and level != PARCEL and not parcels.single:
            column = self.lotted(parcels.line_goods, lot, by_line=True)
            return self.tile.convert(column.minor, column.currency, currency)
        if name in parcels.line_parts:
            part = parcels.line_parts[name]
            if part.minor.neg:  # of lines that do not state it: a gap, told where it is read
                known = Num(np.maximum(part.minor.v, 0), part.minor.hi)
                part = MoneyColumn(known, part.currency)
            column = self.lotted(part, lot, by_line=True)
            lines = self.tile.convert(column.minor, column.currency, currency)
            return lines if level != PARCEL else self.sum_rows(lines, LINE)
        stated = parcels.goods if name == "goods" else parcels.inputs.get(name)
        if stated is None:
            return ZERO
        column = self.lotted(stated, lot, by_line=False)
        value = self.tile.convert(column.minor, column.currency, currency)
        if level == PARCEL or parcels.single:
            return value
        return self.share(value, self.spread_key("value"))

    # -- steps ----------------------------------------------------------------------------------

    def step_of(self, node: Node) -> StepSpec:
        """Return the step that a node belongs to."""
        return self.program.steps[node.step]

    def chargeable(self, node: Node) -> Chargeable:
        """Return the chargeable weight of a node's leg; the actual weight in events."""
        step = self.step_of(node)
        return chargeable(self, step.card, step.lot or node.charge.scope == "lot")

    def measure(self, name: str, card: RateCard | None, lot: bool) -> Num | None:
        """Return a measure of each parcel (of its lot) in quanta, None when the name is none."""
        return measure(self, name, card, lot)
