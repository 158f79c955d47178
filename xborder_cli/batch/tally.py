"""What became of the rows that came in, added up block by block."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.batch.spend import SPENT, Spend, added, spend_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xborder_cli.batch.block import Block
    from xborder_cli.batch.orders import Orders
    from xborder_cli.core.columns import IntColumn
    from xborder_cli.core.parcels import Codes
    from xborder_cli.core.picked import Picked


@dataclass(slots=True, kw_only=True)
class Tally:
    """Counts of rows and orders, and what they cost; tallies of blocks add up to that of a run."""

    rows: int = 0
    orders: int = 0
    priced: int = 0  # orders with an option
    unpriceable: int = 0  # orders that no table has an answer for
    rejected: int = 0  # orders with a row that cannot be read
    priced_rows: int = 0
    unpriceable_rows: int = 0
    rejected_rows: int = 0
    output_rows: int = 0
    stale: int = 0  # orders whose newest exchange rates are older than a long weekend
    reject_codes: Counter[str] = field(default_factory=Counter)  # faults: a row may have several
    unpriceable_codes: Counter[str] = field(default_factory=Counter)  # orders
    spend: dict[tuple[str, str], Spend] = field(default_factory=dict)  # by mode and currency

    def __add__(self, other: Tally) -> Tally:
        """Return both together."""
        return Tally(
            **{name: getattr(self, name) + getattr(other, name) for name in COUNTS},
            reject_codes=self.reject_codes + other.reject_codes,
            unpriceable_codes=self.unpriceable_codes + other.unpriceable_codes,
            spend=added(self.spend, other.spend),
        )

    def check(self) -> None:
        """Raise when a row was lost or counted twice: a bug of ours, and nothing to believe."""
        rows = self.priced_rows + self.unpriceable_rows + self.rejected_rows
        orders = self.priced + self.unpriceable + self.rejected
        if (rows, orders) != (self.rows, self.orders):
            words = f"{self.rows} rows of {self.orders} orders came in"
            raise MiscountError(f"{words}, {rows} of {orders} are accounted for")

    def to_json(self) -> dict[str, object]:
        """Return the tally as JSON has it, for the journal."""
        return {
            **{name: getattr(self, name) for name in COUNTS},
            "reject_codes": dict(self.reject_codes),
            "unpriceable_codes": dict(self.unpriceable_codes),
            "spend": [
                [mode, currency, *(getattr(one, name) for name in SPENT)]
                for (mode, currency), one in self.spend.items()
            ],
        }

    @staticmethod
    def from_json(found: object) -> Tally:
        """Return what `to_json` wrote."""
        assert isinstance(found, dict), "a tally is an object"
        return Tally(
            **{name: found[name] for name in COUNTS},
            reject_codes=Counter(found["reject_codes"]),
            unpriceable_codes=Counter(found["unpriceable_codes"]),
            spend={(mode, currency): Spend(*rest) for mode, currency, *rest in found["spend"]},
        )


COUNTS: Final = tuple(
    one.name
    for one in fields(Tally)
    if one.name not in ("reject_codes", "unpriceable_codes", "spend")
)


class MiscountError(RuntimeError):
    """Rows went missing: a bug."""


def tally_of(
    block: Block,
    orders: Orders,
    picked: Sequence[Picked],
    *,
    digits: Mapping[str, int],
    stale: int = 0,
) -> Tally:
    """Return what became of the rows of a block.

    Args:
        block: the rows.
        orders: what was understood of them.
        picked: options of each of their groups; reads rank, mode, total, recoverable, complete.
        digits: of each currency's minor unit.
        stale: how many orders were priced with old exchange rates.

    Raises:
        MiscountError: an order has two fates, or none.
    """
    rows_of = np.bincount(block.order, minlength=block.orders)
    both = list(zip(orders.groups, picked, strict=True))
    refused = np.array([one.order for one in orders.refused], dtype=np.int64)
    bad_rows = np.array([one.row for one in orders.rejects], dtype=np.int64)
    priced = _joined([group.orders[_distinct(one.parcel)] for group, one in both])
    unpriceable = _joined([*(group.orders[one.none] for group, one in both), refused])
    rejected = np.unique(block.order[bad_rows])
    _judge(block, _joined([priced, unpriceable, rejected]))
    tally = Tally(
        rows=block.rows,
        orders=block.orders,
        priced=priced.size,
        unpriceable=unpriceable.size,
        rejected=rejected.size,
        priced_rows=int(rows_of[priced].sum()),
        unpriceable_rows=int(rows_of[unpriceable].sum()),
        rejected_rows=int(rows_of[rejected].sum()),
        output_rows=sum(one.parcel.size for one in picked) + unpriceable.size,
        stale=stale,
        reject_codes=Counter(one.code for one in orders.rejects),
        unpriceable_codes=Counter(one.code for one in orders.refused),
    )
    for group, one in both:
        tally.unpriceable_codes.update(_counted(one.code, one.none.size))
        tally.spend = added(tally.spend, spend_of(group.currency, one, digits))
    return tally


def _distinct(parcels: IntColumn) -> IntColumn:
    """Return each parcel once; they do not fall."""
    return parcels[np.flatnonzero(np.diff(parcels, prepend=-1))]


def _judge(block: Block, fates: IntColumn) -> None:
    """Raise when an order has not exactly one fate."""
    found = np.bincount(fates, minlength=block.orders)
    wrong = np.flatnonzero(found != 1)
    if wrong.size:
        name = block.ids[int(wrong[0])].as_py()
        fate = "is lost" if not found[wrong[0]] else "has two fates"
        more = f", as {wrong.size - 1} more" if wrong.size > 1 else ""
        raise MiscountError(f"order {name} of {block.path} {fate}{more}")


def _joined(parts: Sequence[IntColumn]) -> IntColumn:
    return np.concatenate([np.empty(0, dtype=np.int64), *parts])


def _counted(column: Codes, size: int) -> dict[str, int]:
    """Return how often each name occurs."""
    if column.codes is None:
        return {column.names[0]: size} if size else {}
    counts = np.bincount(column.codes, minlength=len(column.names))
    return {name: int(count) for name, count in zip(column.names, counts, strict=True) if count}
