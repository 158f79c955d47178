"""Which option of each parcel is best: the order of `ranking.ranked`, over columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core.picked import UNKNOWN_DAYS
from xborder_cli.core.ranking import NEVER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.chains import Chain
    from xborder_cli.core.columns import IntColumn, Mask, Value

CLASS: Final = (
    2**56
)  # above any cost: what is incomplete comes after, the more is missing the later
GAPS_MOST: Final = 31  # missing figures that are told apart
INVENTED: Final = (GAPS_MOST + 1) * CLASS  # what is made up comes after all
NONE: Final = 2 * INVENTED  # no option yet
REFUSED: Final = NONE + 1  # never better than none, nor equal to it


def ordered(found: Sequence[tuple[Chain, object]]) -> list[int]:
    """Return routes in the order in which equal ones stand: mode, services, as they were found."""

    def name(at: int) -> tuple[str, tuple[str, ...]]:
        chain = found[at][0]
        return chain.mode.id, chain.order

    return sorted(range(len(found)), key=name)


KEYS: Final = {"cost": 3, "speed": 3, "value": 4, "margin": 4}


def keys_of(
    by: str,
    *,
    invented: Mask,
    gaps: Value,
    refused: Mask,
    cost: IntColumn,
    total: IntColumn,
    margin: Value,
    days: Value,
    day_minor: Value,
) -> list[Value]:
    """Return columns that rank a route's rows among their options, the first one counting most.

    Args:
        by: cost, speed, value or margin.
        invented: the route rests on made-up figures.
        gaps: figures that are missing.
        refused: rows that it does not carry.
        cost: shape (m,), minor units: what ranks.
        total: shape (m,), minor units.
        margin: what the sale leaves the seller, in minor units, for `margin`.
        days: most days in transit, UNKNOWN_DAYS where nobody says.
        day_minor: what a day costs, in minor units, for `value`.
    """
    late = _late(days)
    keys: list[Value]
    if by == "speed":
        keys = [late, cost, total]
    elif by == "value":
        never = NEVER * np.maximum(1, day_minor)
        first = np.where(late < NEVER, cost + late * day_minor, never)
        keys = [first, cost, total, late]
    elif by == "margin":
        keys = [-margin, cost, total, late]
    else:
        keys = [cost, total, late]
    head = keys[0]
    if invented is not False:
        head = head + INVENTED * np.asarray(invented, dtype=np.int64)
    if not isinstance(gaps, int) or gaps:
        head = head + CLASS * np.minimum(gaps, GAPS_MOST)
    if refused is not False:
        head = np.where(refused, REFUSED, head)
    return [np.broadcast_to(head, cost.shape), *keys[1:]]


def rank_order(parcel: IntColumn, keys: Sequence[IntColumn]) -> IntColumn:
    """Return options parcel by parcel, best first; equal ones as they came.

    Few are equal in their first key: the others are read for those alone.

    >>> keys = [np.array([5, 7, 3, 7]), np.array([1, 2, 3, 1])]
    >>> rank_order(np.array([1, 0, 0, 0]), keys).tolist()
    [2, 3, 1, 0]
    """
    order = np.lexsort((keys[0], parcel))
    owner, head = parcel[order], keys[0][order]
    same = (owner[1:] == owner[:-1]) & (head[1:] == head[:-1])
    equal = np.flatnonzero(np.concatenate(([False], same)) | np.concatenate((same, [False])))
    if equal.size:
        rows = np.sort(order[equal])
        by = [key[rows] for key in reversed(keys)]
        order[equal] = rows[np.lexsort((*by, parcel[rows]))]
    return order


@dataclass(slots=True)
class Best:
    """The best option so far of each parcel of a tile."""

    keys: list[IntColumn]  # each of shape (n,)

    @staticmethod
    def of(n: int, count: int) -> Best:
        """Begin with none.

        Args:
            n: parcels.
            count: columns that rank.
        """
        return Best([np.full(n, NONE, dtype=np.int64) for _ in range(count)])

    def found(self) -> IntColumn:
        """Return the parcels that have an option."""
        return np.flatnonzero(self.keys[0] < NONE)

    def improve(self, inside: IntColumn | None, keys: list[Value]) -> IntColumn:
        """Take what is better than before; equal options stay in the order in which they come.

        Args:
            inside: rows of the tile that the keys are of; None: all.
            keys: as `keys_of` gives them.

        Returns:
            Which rows of the keys were taken.
        """
        mine = keys[0]
        before = self.keys[0] if inside is None else self.keys[0][inside]
        better = mine < before
        same = np.flatnonzero(mine == before)
        if same.size:
            better[same] = self._earlier(same, inside, keys)
        rows = np.flatnonzero(better)
        at = rows if inside is None else inside[rows]
        for kept, key in zip(self.keys, keys, strict=True):
            kept[at] = key if isinstance(key, int) else key[rows]
        return rows

    def _earlier(self, rows: IntColumn, inside: IntColumn | None, keys: list[Value]) -> Mask:
        """Return which rows, equal in their first key, are better by the others."""
        at = rows if inside is None else inside[rows]
        better = np.zeros(rows.size, dtype=bool)
        level = np.ones(rows.size, dtype=bool)
        for kept, key in zip(self.keys[1:], keys[1:], strict=True):
            mine = key if isinstance(key, int) else key[rows]
            before = kept[at]
            better |= level & (mine < before)
            level &= mine == before
        return better


@dataclass(slots=True)
class Front:
    """The complete options of a tile, to tell later which winners one of them beats."""

    offers: list[tuple[IntColumn | None, IntColumn, Value]]

    def add(self, inside: IntColumn | None, complete: Mask, cost: IntColumn, days: Value) -> None:
        """Keep a route's options.

        Args:
            inside: rows of the tile that they are of; None: all.
            complete: where the route carries the parcel and no figure is missing.
            cost: what ranks.
            days: most days, UNKNOWN_DAYS where nobody says.
        """
        if complete is False:
            return
        kept = cost if complete is True else np.where(complete, cost, REFUSED)
        self.offers.append((inside, kept, _late(days)))

    def unbeaten(self, complete: IntColumn, cost: IntColumn, days: IntColumn) -> IntColumn:
        """Return which options no other beats; `ranking.pareto` for one option a parcel.

        Args:
            complete: shape (n,), 0 where a figure is missing.
            cost: shape (n,), of the options asked about.
            days: shape (n,), UNKNOWN_DAYS where nobody says.
        """
        late = np.where(days == UNKNOWN_DAYS, NEVER, days)
        beaten = np.zeros(cost.size, dtype=bool)
        for inside, theirs, their_days in self.offers:
            mine = cost if inside is None else cost[inside]
            my_days = late if inside is None else late[inside]
            lost = (theirs <= mine) & (their_days <= my_days)
            lost &= (theirs < mine) | (their_days < my_days)
            if inside is None:
                beaten |= lost
            else:
                beaten[inside] |= lost
        return np.where(beaten, 0, complete)


def front_of(parcel: IntColumn, complete: IntColumn, cost: IntColumn, days: IntColumn) -> IntColumn:
    """Return which of all options of some parcels no other beats; `ranking.pareto` over columns.

    Args:
        parcel: shape (m,), whose option each is, in any order.
        complete: 0 where a figure is missing.
        cost: what ranks.
        days: most days, UNKNOWN_DAYS where nobody says.

    >>> parcel, cost, days = (np.array(x) for x in ([0, 0, 0, 1], [5, 7, 9, 9], [9, 2, 3, 9]))
    >>> front_of(parcel, np.ones(4, dtype=np.int64), cost, days).tolist()
    [1, 1, 0, 1]
    """
    out = np.zeros(parcel.size, dtype=np.int64)
    rows = np.flatnonzero(complete)
    days = days[rows]
    late = np.where(days == UNKNOWN_DAYS, NEVER, days)
    order = np.lexsort((late, cost[rows], parcel[rows]))
    rows, late = rows[order], late[order]
    if not rows.size:
        return out
    owner, price = parcel[rows], cost[rows]
    fresh = np.concatenate(([True], owner[1:] != owner[:-1]))
    dearer = fresh | np.concatenate(([True], price[1:] != price[:-1]))
    number = np.cumsum(fresh)
    # a later parcel's days lie below those of all before it, so each begins anew
    least = np.minimum.accumulate(late - number * (2 * NEVER)) + number * (2 * NEVER)
    begin = np.flatnonzero(dearer)[np.cumsum(dearer) - 1]  # of those that cost the same
    cheaper = begin > np.flatnonzero(fresh)[number - 1]  # the parcel has some that cost less
    beaten = late > late[begin]
    beaten |= cheaper & (least[begin - 1] <= late)
    out[rows] = ~beaten
    return out


def _late(days: Value) -> Value:
    if isinstance(days, int):
        return NEVER if days == UNKNOWN_DAYS else days
    return np.where(days == UNKNOWN_DAYS, NEVER, days)
