"""One route worked out for a column of parcels: what charges read while they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.core.columns import (
    SAFE,
    ZERO,
    IntColumn,
    Mask,
    Num,
    any_of,
    half_up,
    is_zero,
    mul,
    scale,
)
from xborder_cli.core.frac import NOTHING, Frac, frac_add
from xborder_cli.core.parcels import GROUP, LINE, PARCEL, MoneyColumn, Parcels
from xborder_cli.core.tile import Amount, Refusal, Tile

if TYPE_CHECKING:
    from xborder_cli.core.program import Program
    from xborder_cli.core.step import Node, Ref, StepSpec
    from xborder_cli.core.weight import Chargeable


class Run:
    """A route being priced: amounts by node, refusals, notes."""

    __slots__ = ("amounts", "chosen", "notes", "program", "refusals", "tile")

    def __init__(self, tile: Tile, program: Program) -> None:
        """Begin with nothing worked out."""
        self.tile = tile
        self.program = program
        self.amounts: list[Amount | None] = [None] * len(program.nodes)
        self.refusals: list[Refusal] = []
        self.notes: list[tuple[Mask, str]] = []
        self.chosen: dict[tuple[int, int], Mask] = {}  # (step, regime) -> parcels that take it

    @property
    def parcels(self) -> Parcels:
        """The parcels of this run."""
        return self.tile.parcels

    def refuse(self, mask: Mask, code: str, what: str, fix: str = "") -> None:
        """Keep rows out of this route."""
        if any_of(mask):
            self.refusals.append(Refusal(mask, code, what, fix))

    def note(self, mask: Mask, words: str) -> None:
        """List something that was assumed for some rows."""
        if any_of(mask):
            self.notes.append((mask, words))

    # -- scopes ---------------------------------------------------------------------------------

    def expand(self, mask: Mask, level: int, by: tuple[str, ...] = ()) -> Mask:
        """Return a parcel mask for the rows of a scope."""
        if isinstance(mask, bool) or level == PARCEL or self.parcels.single:
            return mask
        return mask[self.owners(level, by)]

    def owners(self, level: int, by: tuple[str, ...] = ()) -> IntColumn:
        """Return the parcel of each row of a scope."""
        if level == LINE:
            return self.parcels.line_parcel
        return self.groups(by)[1]

    def groups(self, by: tuple[str, ...]) -> tuple[IntColumn, IntColumn]:
        """Return (group of each line, parcel of each group)."""
        key = ("groups", by)
        found = self.tile.cache.get(key)
        if found is None:
            found = self.parcels.group_ids(by)
            self.tile.cache[key] = found
        return found  # type: ignore[return-value]

    def any_row(self, mask: Mask, level: int, by: tuple[str, ...] = ()) -> Mask:
        """Return which parcels have a row where the mask holds."""
        if isinstance(mask, bool) or level == PARCEL or self.parcels.single:
            return mask
        return np.bincount(self.owners(level, by), weights=mask, minlength=self.parcels.n) > 0

    def sum_rows(self, value: Num, level: int, by: tuple[str, ...] = ()) -> Num:
        """Return the sum of a scope's rows for each parcel."""
        parcels = self.parcels
        if level == PARCEL or parcels.single:
            return value
        owners = self.owners(level, by)
        rows = value.full(owners.size)
        hi = value.hi * max(1, int(parcels.line_count.max()))
        if rows.dtype == object or hi >= SAFE:
            out = np.zeros(parcels.n, dtype=object)
            np.add.at(out, owners, rows.astype(object))
            return Num(out, hi, value.neg)
        running = np.concatenate(([0], np.cumsum(rows)))
        ends = np.searchsorted(owners, np.arange(parcels.n), side="right")
        begins = np.searchsorted(owners, np.arange(parcels.n))
        return Num(running[ends] - running[begins], hi, value.neg)

    def share(self, value: Num, key: Num) -> Num:
        """Apportion a parcel's amount to its lines; shares add up to it exactly.

        Each share is a difference of rounded running sums; keys that sum to 0 share equally.
        """
        parcels = self.parcels
        if is_zero(value):
            return Num(0, 0)  # a scalar: as long as lines and as parcels
        if parcels.single:
            return value
        return self._share(value, key, parcels.line_parcel, parcels.starts)

    def share_over(self, value: Num, key: Num, level: int, by: tuple[str, ...]) -> Num:
        """Apportion a parcel's amount to the rows of a scope; groups take turns by their first line."""
        if level == LINE or self.parcels.single or is_zero(value):
            return self.share(value, key)
        group, owners = self.groups(by)
        first = np.full(owners.size, group.size)
        np.minimum.at(first, group, np.arange(group.size))
        order = np.argsort(first)
        starts = np.searchsorted(owners[order], np.arange(self.parcels.n))
        shares = self._share(
            value, Num(key.full(owners.size)[order], key.hi), owners[order], starts
        )
        out = np.empty_like(shares.v)
        out[order] = shares.v
        return Num(out, shares.hi, shares.neg)

    def _share(self, value: Num, key: Num, owners: IntColumn, starts: IntColumn) -> Num:
        parcels = self.parcels
        keys = key.full(owners.size).copy()
        sums = np.add.reduceat(keys, starts)
        empty = (sums == 0)[owners]
        if empty.any():
            keys[empty] = 1
            sums = np.add.reduceat(keys, starts)
        running = np.cumsum(keys)
        before = (running - keys)[starts][owners]
        upto = running - before
        whole = Num(value.full(parcels.n)[owners], value.hi, value.neg)
        share_hi = int(sums.max())
        done = half_up(mul(whole, Num(upto, share_hi)), Num(sums[owners], share_hi))
        column = done.full(owners.size)
        previous = np.concatenate(([0], column[:-1])).astype(column.dtype)
        previous[starts] = 0
        return Num(
            column - previous, value.hi + 1, True if value.neg else bool((column < previous).any())
        )

    def spread_key(self, spread: str) -> Num:
        """Return what lines share an amount by."""
        parcels = self.parcels
        if spread == "weight" and "net_kg" in parcels.line_units:
            return Num.of(np.maximum(parcels.line_units["net_kg"], 0))
        if spread == "items":
            return Num.of(parcels.line_quantity)
        if spread == "equal":
            return Num(1, 1)
        return parcels.line_goods.minor

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
            value = Frac(half_up(value.num, _times(value.den, self.lot())))
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
        return self._into_groups(lines, by)

    def _across(self, amount: Amount, level: int, by: tuple[str, ...]) -> Frac:
        if amount.level == LINE:  # into groups
            return Frac(self._into_groups(amount.onward.num, by), amount.onward.den)
        group, _ = self.groups(amount.group_by)
        key = self.spread_key(amount.spread)
        lines = self._share_in_groups(amount.onward.rounded(), group, key)
        return Frac(lines if level == LINE else self._into_groups(lines, by))

    def _into_groups(self, lines: Num, by: tuple[str, ...]) -> Num:
        group, owners = self.groups(by)
        out = np.zeros(owners.size, dtype=np.int64)
        np.add.at(out, group, lines.full(group.size))
        return Num(out, lines.hi * max(1, int(self.parcels.line_count.max())), lines.neg)

    def _share_in_groups(self, value: Num, group: IntColumn, key: Num) -> Num:
        """Apportion group amounts to their lines, in line order."""
        keys = key.full(group.size)
        amounts = value.full(int(group.max()) + 1)
        sums = np.zeros(amounts.size, dtype=np.int64)
        np.add.at(sums, group, keys)
        done: dict[int, tuple[int, int]] = {}
        counts = np.bincount(group)
        out = np.zeros(group.size, dtype=np.int64)
        for line, owner in enumerate(group.tolist()):  # only parcels of several lines come here
            part, total = (
                (int(keys[line]), int(sums[owner])) if sums[owner] else (1, int(counts[owner]))
            )
            upto, given = done.get(owner, (0, 0))
            upto += part
            now = (2 * abs(int(amounts[owner])) * upto + total) // (2 * total)
            now = now if amounts[owner] >= 0 else -now
            out[line] = now - given
            done[owner] = (upto, now)
        return Num(out, value.hi + 1, value.neg)

    def lot(self) -> Num:
        """How many parcels travel as one lot."""
        lot = self.parcels.lot
        return Num(lot, lot) if isinstance(lot, int) else Num.of(lot)

    def money_input(self, name: str, node: Node, level: int, lot: bool) -> Num:
        """Return a stated amount in the reader's currency; 0 when it was not stated."""
        step = self.program.steps[node.step]
        if name == "goods" and step.value != "goods" and step.value in self.parcels.inputs:
            name = step.value
        if level == GROUP and not self.parcels.single:
            return self._into_groups(self.money_input(name, node, LINE, lot), node.charge.group_by)
        key = ("input", name, node.currency, level, lot)
        return self.tile.once(key, lambda: self._money_input(name, node.currency, level, lot))

    def _money_input(self, name: str, currency: str, level: int, lot: bool) -> Num:
        parcels = self.parcels
        if name == "goods" and level != PARCEL and not parcels.single:
            column = self._lotted(parcels.line_goods, lot, by_line=True)
            return self.tile.convert(column.minor, column.currency, currency)
        if name in parcels.line_parts:
            column = self._lotted(parcels.line_parts[name], lot, by_line=True)
            lines = self.tile.convert(column.minor, column.currency, currency)
            return lines if level != PARCEL else self.sum_rows(lines, LINE)
        stated = parcels.goods if name == "goods" else parcels.inputs.get(name)
        if stated is None:
            return ZERO
        column = self._lotted(stated, lot, by_line=False)
        value = self.tile.convert(column.minor, column.currency, currency)
        if level == PARCEL or parcels.single:
            return value
        return self.share(value, self.spread_key("value"))

    def _lotted(self, column: MoneyColumn, lot: bool, *, by_line: bool) -> MoneyColumn:
        if not lot:
            return column
        count = self.lot()
        if by_line and not isinstance(count.v, int) and not self.parcels.single:
            count = Num(count.v[self.parcels.line_parcel], count.hi)
        return MoneyColumn(mul(column.minor, count), column.currency)

    # -- steps ----------------------------------------------------------------------------------

    def step_of(self, node: Node) -> StepSpec:
        """Return the step that a node belongs to."""
        return self.program.steps[node.step]

    def chargeable(self, node: Node) -> Chargeable:
        """Return the chargeable weight of a node's leg; the actual weight in events."""
        from xborder_cli.core.weight import chargeable

        step = self.step_of(node)
        return chargeable(self, step.card, step.lot or node.charge.scope == "lot")


def _times(den: int | Num, count: Num) -> Num:
    if isinstance(den, int):
        return scale(count, den)
    return mul(den, count)
