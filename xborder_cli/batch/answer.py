"""Priced orders as a table: one row an option, or one for an order that has none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xborder_cli.batch.decimals import decimal_texts, weight_texts
from xborder_cli.batch.fields import AMOUNTS, NAMES, WEIGHT, WHOLE, YES_OR_NO, kept_names, type_of
from xborder_cli.batch.texts import Texts, dictionary, joined, laid_out
from xborder_cli.core.parcels import Codes
from xborder_cli.core.picked import NOT_SOLD, UNKNOWN_DAYS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xborder_cli.batch.block import Block
    from xborder_cli.batch.orders import OrderGroup, Orders
    from xborder_cli.core.columns import BoolColumn, IntColumn
    from xborder_cli.core.picked import Picked

USUAL_DIGITS: Final = 2  # of a currency that no table knows


def answer_table(
    block: Block,
    orders: Orders,
    picked: Sequence[Picked],
    *,
    fields: Sequence[str],
    keep: Sequence[str],
    digits: Mapping[str, int],
) -> pa.Table:
    """Return what the orders of a block cost, in their order, best option first.

    An order without an option has its id, problem and reason; the rest is null. Orders with rejects
    have no row.

    Args:
        block: where the orders come from.
        orders: what was understood of them.
        picked: options of each of their groups.
        fields: columns of ours that are wanted, as `fields.OURS` has them.
        keep: columns of the input carried through; each has the order's first cell that is filled,
            and is null where the input has no such column.
        digits: of each currency's minor unit.
    """
    rows = _Rows(block, orders, tuple(zip(orders.groups, picked, strict=True)), digits)
    names = kept_names(keep)
    columns = [*(rows.column(name) for name in fields), *(rows.kept(name) for name in names)]
    return pa.Table.from_arrays(columns, names=[*fields, *names.values()])


@dataclass(frozen=True)
class _Rows:
    """The rows of the output: options of group after group, then orders without, then sorted."""

    block: Block
    orders: Orders
    groups: tuple[tuple[OrderGroup, Picked], ...]
    digits: Mapping[str, int]

    @cached_property
    def _unsorted(self) -> IntColumn:
        """Order of each row, as the groups give them."""
        options = [group.orders[picked.parcel] for group, picked in self.groups]
        without = [group.orders[picked.none] for group, picked in self.groups]
        refused = np.array([one.order for one in self.orders.refused], dtype=np.int64)
        return np.concatenate([*options, *without, refused])

    @cached_property
    def _place(self) -> IntColumn | None:
        """Where each row of the output comes from; None when they are in order already.

        The options of an order stand together and best first: a stable sort keeps them so.
        """
        found = self._unsorted
        return np.argsort(found, kind="stable") if bool((np.diff(found) < 0).any()) else None

    def _sorted(self, column: IntColumn) -> IntColumn:
        return column if self._place is None else column[self._place]

    @cached_property
    def order(self) -> IntColumn:
        """Shape (m,): order of each row."""
        return self._sorted(self._unsorted)

    @cached_property
    def blank(self) -> BoolColumn:
        """Shape (m,): rows of orders without an option."""
        options = sum(picked.parcel.size for _, picked in self.groups)
        return self._sorted(np.arange(self._unsorted.size)) >= options

    def column(self, name: str) -> pa.Array:
        """Return a column of ours."""
        if name in WHOLE:
            values = self._numbers(name)
            return pa.array(values, mask=self.blank | (values == UNKNOWN_DAYS))
        if name in YES_OR_NO:
            return pa.array(self._numbers(name) != 0, mask=self.blank)
        if name == "margin":
            return self._margin()
        if name in AMOUNTS:
            return self._filled(decimal_texts(self._minor(name), self._digits))
        if name == WEIGHT:
            return self._filled(weight_texts(self._numbers("chargeable_mg")))
        if name in NAMES:
            return dictionary(self._sorted_texts(name))
        assert name == "order_id", f"no field {name}"
        return self.block.ids.take(pa.array(self.order)).cast(type_of(name))

    def _margin(self) -> pa.Array:
        """Return what sales leave, null where nothing is said of a sale."""
        minor = self._numbers("margin")
        unsold = self.blank | (minor == NOT_SOLD)
        texts = decimal_texts(np.where(unsold, 0, minor), self._digits)
        return pc.if_else(pa.array(unsold), pa.scalar(None, texts.type), texts)

    def kept(self, name: str) -> pa.Array:
        """Return a column of the input: the first filled cell of each row's order."""
        cells = self.block.cells.get(name)
        if cells is None:
            return pa.nulls(self.order.size, pa.string())
        filled = np.flatnonzero(np.asarray(cells.is_valid()))
        theirs = self.block.order[filled]
        leads = np.flatnonzero(np.diff(theirs, prepend=-1))
        first = np.full(self.block.orders, -1, dtype=np.int64)
        first[theirs[leads]] = filled[leads]
        wanted = first[self.order]
        return cells.take(pa.array(wanted, mask=wanted < 0)).cast(pa.string())

    def _filled(self, texts: pa.Array) -> pa.Array:
        """Return texts, null where there is no option."""
        if not self.blank.any():
            return texts
        _, offsets, data = texts.buffers()
        valid = pa.py_buffer(np.packbits(~self.blank, bitorder="little"))
        return pa.StringArray.from_buffers(len(texts), offsets, data, valid)

    def _minor(self, name: str) -> IntColumn:
        if name == "landed_cost":
            return self._numbers("total") - self._numbers("recoverable")
        return self._numbers(name)

    def _numbers(self, name: str) -> IntColumn:
        """Return a column of the options; 0 for orders without any."""
        found = [np.asarray(picked.columns[name]) for _, picked in self.groups]
        without = self._unsorted.size - sum(one.size for one in found)
        return self._sorted(
            np.concatenate([*found, np.zeros(without, dtype=np.int64)]).astype(np.int64, copy=False)
        )

    @cached_property
    def _digits(self) -> IntColumn | int:
        """Digits of each row's currency, one number when they are all the same."""
        texts = self._sorted_texts("currency")
        known = np.array(
            [self.digits.get(name, USUAL_DIGITS) for name in texts.names], dtype=np.int64
        )
        found = known[texts.codes]
        of_options = found[~self.blank]
        if of_options.size and bool((of_options == of_options[0]).all()):
            return int(of_options[0])
        return found

    def _sorted_texts(self, name: str) -> Texts:
        found = self._texts(name)
        return Texts(found.names, self._sorted(found.codes))

    def _texts(self, name: str) -> Texts:
        """Return a text column, not yet sorted; "" where there is nothing to say."""
        if name in ("problem", "reason"):
            return self._why(name)
        sizes = [picked.parcel.size for _, picked in self.groups]
        if name == "currency":
            parts = [_of(group.currency, picked.parcel) for group, picked in self.groups]
        else:
            parts = [cast("Codes", picked.columns[name]) for _, picked in self.groups]
        found = laid_out(parts, sizes, ())
        if name == "assumptions":
            said = [_of(group.said, picked.parcel) for group, picked in self.groups]
            found = joined(laid_out(said, sizes, ()), found, "; ")
        return found.padded(self._unsorted.size - sum(sizes))

    def _why(self, name: str) -> Texts:
        options = sum(picked.parcel.size for _, picked in self.groups)
        kept = [picked.code if name == "problem" else picked.reason for _, picked in self.groups]
        sizes = [picked.none.size for _, picked in self.groups]
        refused = [one.code if name == "problem" else one.reason for one in self.orders.refused]
        return laid_out(kept, sizes, refused).padded(options, before=True)


def _of(column: Codes, rows: IntColumn) -> Codes:
    """Return some rows; unlike `take` it does not ask which names are left."""
    return column if column.codes is None else Codes(column.names, column.codes[rows])
