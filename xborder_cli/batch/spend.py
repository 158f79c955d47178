"""What the best options of a file cost, by mode and currency."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final, cast

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xborder_cli.core.columns import IntColumn
    from xborder_cli.core.parcels import Codes
    from xborder_cli.core.picked import Picked

USUAL_DIGITS: Final = 2  # of a currency that no table knows
_HALF: Final = 32
_LOW: Final = (1 << _HALF) - 1


@dataclass(slots=True)
class Spend:
    """What the best options of some orders cost, less what is got back."""

    digits: int
    orders: int = 0
    minor: int = 0
    incomplete_orders: int = 0
    incomplete_minor: int = 0  # at least: something in them is not known

    def __add__(self, other: Spend) -> Spend:
        """Return both together."""
        return Spend(
            self.digits,
            self.orders + other.orders,
            self.minor + other.minor,
            self.incomplete_orders + other.incomplete_orders,
            self.incomplete_minor + other.incomplete_minor,
        )


SPENT: Final = tuple(one.name for one in fields(Spend))


def added(
    one: Mapping[tuple[str, str], Spend], other: Mapping[tuple[str, str], Spend]
) -> dict[tuple[str, str], Spend]:
    """Return both together."""
    found = dict(one)
    for where, more in other.items():
        found[where] = found[where] + more if where in found else more
    return found


def spend_of(
    currency: Codes, picked: Picked, digits: Mapping[str, int]
) -> dict[tuple[str, str], Spend]:
    """Return what the best options cost, by mode and currency.

    Args:
        currency: of each parcel's answer.
        picked: its options.
        digits: of each currency's minor unit.
    """
    spend: dict[tuple[str, str], Spend] = {}
    best = np.flatnonzero(picked.columns["rank"] == 1)
    if not best.size:
        return spend
    mode = cast("Codes", picked.columns["mode"])
    total = cast("IntColumn", picked.columns["total"])[best]
    minor = total - cast("IntColumn", picked.columns["recoverable"])[best]
    complete = cast("IntColumn", picked.columns["complete"])[best].astype(np.int64)
    modes = _codes(mode, best)
    currencies = _codes(currency, picked.parcel[best])
    key = (modes * len(currency.names) + currencies) * 2 + complete
    sorting = np.argsort(key, kind="stable")
    keys, starts, counts = np.unique(key[sorting], return_index=True, return_counts=True)
    # in two halves: a sum of a million amounts may be larger than any of them can be
    low = np.add.reduceat((minor & _LOW)[sorting], starts)
    high = np.add.reduceat((minor >> _HALF)[sorting], starts)
    for number, one in enumerate(keys):
        place, whole = divmod(int(one), 2)
        of_mode, of_currency = divmod(place, len(currency.names))
        name = currency.names[of_currency]
        amount = (int(high[number]) << _HALF) + int(low[number])
        found = Spend(digits.get(name, USUAL_DIGITS))
        if whole:
            found.orders, found.minor = int(counts[number]), amount
        else:
            found.incomplete_orders, found.incomplete_minor = int(counts[number]), amount
        where = mode.names[of_mode], name
        spend[where] = spend[where] + found if where in spend else found
    return spend


def _codes(column: Codes, rows: IntColumn) -> IntColumn:
    return np.zeros(rows.size, dtype=np.int64) if column.codes is None else column.codes[rows]
