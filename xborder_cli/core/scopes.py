"""From parcels to their lines and groups and back: sums, shares, masks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.core.columns import (
    SAFE,
    IntColumn,
    Mask,
    Num,
    half_up,
    is_zero,
    mul,
    settle,
    where,
)
from xborder_cli.core.parcels import LINE, PARCEL, UNSTATED, MoneyColumn, Parcels

if TYPE_CHECKING:
    from xborder_cli.core.tile import Tile


class Scopes:
    """Columns of one scope as columns of another.

    A scope is PARCEL, LINE or GROUP; groups are the lines of a parcel that agree in `by`. Columns
    have a row for each row of their scope, in order of parcels.
    """

    __slots__ = ("tile",)

    def __init__(self, tile: Tile) -> None:
        """Keep the parcels."""
        self.tile = tile

    @property
    def parcels(self) -> Parcels:
        """The parcels that are priced."""
        return self.tile.parcels

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
        return self.tile.kept(("groups", by), lambda: self.parcels.group_ids(by))

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
        """Apportion a parcel's amount to the rows of a scope; groups go by their first line."""
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
            return self._net_key(parcels.line_units["net_kg"])
        if spread == "items":
            return Num.of(parcels.line_quantity)
        if spread == "equal":
            return Num(1, 1)
        return parcels.line_goods.minor

    def _net_key(self, net: IntColumn) -> Num:
        """Return net weights of lines; parcels of which no line states one go by value."""
        parcels = self.parcels
        stated = settle(self.any_row(settle(net != UNSTATED), LINE))
        key = Num.of(np.maximum(net, 0))
        return where(self.expand(stated, LINE), key, parcels.line_goods.minor)

    def into_groups(self, lines: Num, by: tuple[str, ...]) -> Num:
        """Return the sum of each group's lines."""
        group, owners = self.groups(by)
        out = np.zeros(owners.size, dtype=np.int64)
        np.add.at(out, group, lines.full(group.size))
        return Num(out, lines.hi * max(1, int(self.parcels.line_count.max())), lines.neg)

    def share_in_groups(self, value: Num, group: IntColumn, key: Num) -> Num:
        """Apportion group amounts to their lines, in line order."""
        count = int(group.max()) + 1
        order = np.argsort(group, kind="stable")
        owners = group[order]
        starts = np.searchsorted(owners, np.arange(count))
        amounts = Num(value.full(count), value.hi, value.neg)
        shares = self._share(amounts, Num(key.full(group.size)[order], key.hi), owners, starts)
        column = shares.full(group.size)
        out = np.empty_like(column)
        out[order] = column
        return Num(out, shares.hi, shares.neg)

    def lot(self) -> Num:
        """How many parcels travel as one lot."""
        lot = self.parcels.lot
        return Num(lot, lot) if isinstance(lot, int) else Num.of(lot)

    def lotted(self, column: MoneyColumn, lot: bool, *, by_line: bool) -> MoneyColumn:
        """Return amounts of a whole lot, when one is asked for: each times its parcels."""
        if not lot:
            return column
        count = self.lot()
        if by_line and not isinstance(count.v, int) and not self.parcels.single:
            count = Num(count.v[self.parcels.line_parcel], count.hi)
        return MoneyColumn(mul(column.minor, count), column.currency)
