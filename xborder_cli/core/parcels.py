"""The columns of parcels that are priced together, and of their item lines.

Parcels of one `Parcels` value share everything that is not a number: where they leave from, buyer, seller,
Incoterm, scheme, options. What differs is a column: destination, day, weight, sides, value and currency.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from xborder_cli.core.columns import IntColumn, Num
from xborder_cli.core.measures import MICRO
from xborder_cli.core.rule import Day, Money, Ratio, Terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.shipment import Item, Shipment

PARCEL, LINE, GROUP = 0, 1, 2
UNSTATED = -1  # quanta of a unit that the goods do not state


@dataclass(frozen=True, slots=True)
class Thing:
    """What a duty table needs to know of an item line."""

    hs: str
    origin: str
    goods: str
    traits: frozenset[str]
    claims: frozenset[str]


@dataclass(frozen=True, slots=True)
class Codes:
    """Names a row: one name for all rows, or a code into `names` for each."""

    names: tuple[str, ...]
    codes: IntColumn | None = None  # None: names[0] for every row

    @property
    def one(self) -> str | None:
        """Return the name that every row shares, if there is one."""
        return self.names[0] if self.codes is None else None

    def take(self, rows: npt.NDArray[np.generic]) -> Codes:
        """Return some rows."""
        if self.codes is None:
            return self
        codes = self.codes[rows]
        present = np.unique(codes)
        if present.size == 1:
            return Codes((self.names[int(present[0])],))
        return Codes(self.names, codes)

    @staticmethod
    def of(values: Sequence[str]) -> Codes:
        """Number the names of a column."""
        names = tuple(dict.fromkeys(values))
        if len(names) <= 1:
            return Codes(names or ("",))
        index = {name: code for code, name in enumerate(names)}
        return Codes(names, np.array([index[value] for value in values], dtype=np.int64))


@dataclass(frozen=True, slots=True)
class MoneyColumn:
    """Amounts in minor units of the currency beside them."""

    minor: Num
    currency: Codes

    def take(self, rows: npt.NDArray[np.generic]) -> MoneyColumn:
        """Return some rows."""
        return MoneyColumn(self.minor.take(rows), self.currency.take(rows))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributes:
    """What all parcels of one `Parcels` value share; also the key they are grouped by."""

    origin: str
    direction: str = ""
    buyer: str = "consumer"
    seller: str = ""
    incoterm: str = ""
    scheme: str = ""
    area: str = ""
    region: str = ""
    platform: str = ""
    options: frozenset[str] = frozenset()
    return_rate: Ratio | None = None
    dispute_rate: Ratio | None = None
    air_share: Ratio | None = None
    assume: tuple[tuple[str, Terms], ...] = ()
    overrides: tuple[tuple[str, Terms], ...] = ()
    fees: tuple[tuple[str, Money], ...] = ()
    fx: tuple[tuple[tuple[str, str], Ratio], ...] = ()


@dataclass(frozen=True)
class Parcels:
    """n parcels and their L item lines, in columns; lines of a parcel stand together, in order."""

    n: int
    attributes: Attributes
    destination: Codes
    day: Day | IntColumn
    weight_mg: IntColumn
    longest_dmm: IntColumn
    middle_dmm: IntColumn
    shortest_dmm: IntColumn
    line_parcel: IntColumn  # shape (L,): which parcel
    line_goods: MoneyColumn  # value of the whole line, as declared
    line_quantity: IntColumn
    line_thing: IntColumn  # code into `things`
    things: tuple[Thing, ...]
    line_units: dict[str, IntColumn] = field(
        default_factory=dict
    )  # micro-units; UNSTATED where unknown
    line_parts: dict[str, MoneyColumn] = field(default_factory=dict)
    inputs: dict[str, MoneyColumn] = field(
        default_factory=dict
    )  # freight, insurance, transfer_value, ...
    lot: int | IntColumn = 1
    storage_days: int | IntColumn = 0
    postcode: Codes = Codes(("",))

    @cached_property
    def single(self) -> bool:
        """Tell whether every parcel has exactly one item line: then lines are parcels."""
        return self.line_parcel.size == self.n

    @cached_property
    def starts(self) -> IntColumn:
        """Where each parcel's lines begin."""
        return np.searchsorted(self.line_parcel, np.arange(self.n))

    @cached_property
    def goods(self) -> MoneyColumn:
        """Value of each parcel, as declared."""
        if self.single:
            return self.line_goods
        total = Num.of(
            np.add.reduceat(self.line_goods.minor.full(self.line_parcel.size), self.starts)
        )
        return MoneyColumn(total, self.line_goods.currency.take(self.starts))

    @cached_property
    def items(self) -> IntColumn:
        """Pieces in each parcel."""
        return (
            self.line_quantity if self.single else np.add.reduceat(self.line_quantity, self.starts)
        )

    @cached_property
    def line_count(self) -> IntColumn:
        """Item lines of each parcel."""
        return np.bincount(self.line_parcel, minlength=self.n).astype(np.int64)

    def group_ids(self, by: tuple[str, ...]) -> tuple[IntColumn, IntColumn]:
        """Return (group of each line, parcel of each group) for lines alike in `by` within a parcel."""
        labels = {}
        kind = np.empty(len(self.things), dtype=np.int64)
        for code, thing in enumerate(self.things):
            label = tuple(_label(thing, name) for name in by)
            kind[code] = labels.setdefault(label, len(labels))
        key = self.line_parcel * max(1, len(labels)) + kind[self.line_thing]
        unique, group = np.unique(key, return_inverse=True)
        return group.astype(np.int64), (unique // max(1, len(labels))).astype(np.int64)

    def take(self, rows: IntColumn) -> Parcels:
        """Return some parcels, in the order asked for."""
        if self.single:
            line_rows = rows
            line_parcel = np.arange(rows.size)
        else:
            counts = self.line_count[rows]
            line_parcel = np.repeat(np.arange(rows.size), counts)
            first = np.concatenate(([0], np.cumsum(counts)))[:-1]
            line_rows = (
                self.starts[rows][line_parcel] + np.arange(line_parcel.size) - first[line_parcel]
            )
        day = self.day if isinstance(self.day, int) else self.day[rows]
        if not isinstance(day, int) and day.size and bool((day == day[0]).all()):
            day = int(day[0])
        return replace(
            self,
            n=int(rows.size),
            destination=self.destination.take(rows),
            day=day,
            weight_mg=self.weight_mg[rows],
            longest_dmm=self.longest_dmm[rows],
            middle_dmm=self.middle_dmm[rows],
            shortest_dmm=self.shortest_dmm[rows],
            line_parcel=line_parcel,
            line_goods=self.line_goods.take(line_rows),
            line_quantity=self.line_quantity[line_rows],
            line_thing=self.line_thing[line_rows],
            line_units={name: column[line_rows] for name, column in self.line_units.items()},
            line_parts={name: column.take(line_rows) for name, column in self.line_parts.items()},
            inputs={name: column.take(rows) for name, column in self.inputs.items()},
            lot=self.lot if isinstance(self.lot, int) else self.lot[rows],
            storage_days=self.storage_days
            if isinstance(self.storage_days, int)
            else self.storage_days[rows],
            postcode=self.postcode.take(rows),
        )


def _label(thing: Thing, name: str) -> str:
    return {"hs6": thing.hs[:6], "hs": thing.hs, "origin": thing.origin}[name]


def to_minor(amount: Ratio, digits: int) -> int:
    """Return whole minor units of an amount in major units, half away from zero.

    >>> to_minor((1249, 100), 2), to_minor((1249, 100), 0)
    (1249, 12)
    """
    num, den = amount[0] * 10**digits, amount[1]
    size = (2 * abs(num) + den) // (2 * den)
    return size if num >= 0 else -size


def attributes_of(shipment: Shipment) -> Attributes:
    """Return what decides which parcels may be priced together."""
    return Attributes(
        origin=shipment.origin,
        direction=shipment.direction,
        buyer=shipment.buyer,
        seller=shipment.seller,
        incoterm=shipment.incoterm,
        scheme=shipment.scheme,
        area=shipment.area,
        region=shipment.region,
        platform=shipment.platform,
        options=frozenset(shipment.options),
        return_rate=shipment.return_rate,
        dispute_rate=shipment.dispute_rate,
        air_share=shipment.air_share,
        assume=tuple(sorted(shipment.assume.items(), key=lambda pair: pair[0])),
        overrides=tuple(sorted(shipment.overrides.items(), key=lambda pair: pair[0])),
        fees=shipment.fees,
        fx=tuple(sorted(shipment.fx.items())),
    )


def parcels_of(
    shipments: Sequence[Shipment],
    *,
    digits: dict[str, int],
    things_of: dict[Item, Thing] | None = None,
) -> Parcels:
    """Return the columns of shipments that share their attributes and which inputs they state.

    Args:
        shipments: at least one; all with equal `attributes_of` and equal sets of stated inputs.
        digits: minor digits of every currency.
        things_of: unused hook for callers that have resolved goods already.
    """
    first = shipments[0]
    lines = [(index, item) for index, shipment in enumerate(shipments) for item in shipment.items]
    things: dict[Thing, int] = {}
    thing_codes = []
    for index, item in lines:
        thing = Thing(
            item.hs,
            item.origin or shipments[index].origin,
            item.goods,
            frozenset(item.traits),
            frozenset(item.claims),
        )
        thing_codes.append(things.setdefault(thing, len(things)))
    sides = np.sort(
        np.array([(s.length_dmm, s.width_dmm, s.height_dmm) for s in shipments], dtype=np.int64),
        axis=1,
    )
    days = np.array([s.on for s in shipments], dtype=np.int64)
    return Parcels(
        n=len(shipments),
        attributes=attributes_of(first),
        destination=Codes.of([s.destination for s in shipments]),
        day=int(days[0]) if bool((days == days[0]).all()) else days,
        weight_mg=np.array([s.weight_mg for s in shipments], dtype=np.int64),
        longest_dmm=sides[:, 2],
        middle_dmm=sides[:, 1],
        shortest_dmm=sides[:, 0],
        line_parcel=np.array([index for index, _ in lines], dtype=np.int64),
        line_goods=_money([item.value for _, item in lines], digits),
        line_quantity=np.array([item.quantity for _, item in lines], dtype=np.int64),
        line_thing=np.array(thing_codes, dtype=np.int64),
        things=tuple(things),
        line_units=_units([item for _, item in lines]),
        line_parts=_parts([item for _, item in lines], digits),
        inputs=_inputs(shipments, digits),
        lot=_same_or_column([s.lot or 1 for s in shipments]),
        storage_days=_same_or_column([s.storage_days or 0 for s in shipments]),
        postcode=Codes.of([s.postcode for s in shipments]),
    )


def _same_or_column(values: Sequence[int]) -> int | IntColumn:
    return values[0] if len(set(values)) == 1 else np.array(values, dtype=np.int64)


def _money(values: Sequence[Money], digits: dict[str, int]) -> MoneyColumn:
    minor = np.array([to_minor(v.amount, digits[v.currency]) for v in values], dtype=np.int64)
    return MoneyColumn(Num.of(minor), Codes.of([v.currency for v in values]))


def _units(items: Sequence[Item]) -> dict[str, IntColumn]:
    names = {name for item in items for name in item.units}
    columns = {}
    for name in sorted(names):
        column = np.full(len(items), UNSTATED, dtype=np.int64)
        for row, item in enumerate(items):
            if name in item.units:
                num, den = item.units[name]
                column[row] = (2 * num * MICRO + den) // (2 * den)
        columns[name] = column
    return columns


def _parts(items: Sequence[Item], digits: dict[str, int]) -> dict[str, MoneyColumn]:
    names = {name for item in items for name in item.parts}
    none: Ratio = (-1, 1)
    return {
        name: _money(
            [Money(item.value.currency, item.parts.get(name, none)) for item in items], digits
        )
        for name in sorted(names)
    }


INPUT_NAMES = ("freight", "insurance", "transfer_value", "purchase_price")


def stated_inputs(shipment: Shipment) -> tuple[str, ...]:
    """Return the names of the money inputs that a shipment states."""
    named = tuple(name for name in INPUT_NAMES if getattr(shipment, name) is not None)
    return named + tuple(sorted(shipment.counters))


def _inputs(shipments: Sequence[Shipment], digits: dict[str, int]) -> dict[str, MoneyColumn]:
    columns = {}
    for name in stated_inputs(shipments[0]):
        values: list[Money] = []
        for shipment in shipments:
            value = (
                shipment.counters.get(name)
                if name in shipment.counters
                else getattr(shipment, name)
            )
            values.append(value)
        columns[name] = _money(values, digits)
    return columns
