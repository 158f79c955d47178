"""The columns of parcels that are priced together, and of their item lines.

Parcels of one `Parcels` value share everything that is not a number: where they leave from, buyer,
seller, Incoterm, scheme, options. What differs is a column: destination, day, weight, sides, value
and currency.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core.columns import BoolColumn, IntColumn, Mask, Num, settle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.rule import Day, Money, Ratio, Terms


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

    def take(self, rows: IntColumn | BoolColumn) -> Codes:
        """Return some rows."""
        if self.codes is None:
            return self
        codes = self.codes[rows]
        if codes.size and bool((codes == codes[0]).all()):
            return Codes((self.names[int(codes[0])],))
        return Codes(self.names, codes)

    @staticmethod
    def of(values: Sequence[str]) -> Codes:
        """Number the names of a column."""
        names = tuple(dict.fromkeys(values))
        if len(names) <= 1:
            return Codes(names or ("",))
        index = {name: code for code, name in enumerate(names)}
        return Codes(names, np.array([index[value] for value in values], dtype=np.int64))


NO_NAME: Final = Codes(("",))
VARIES: Final = "*"  # of an attribute: a column tells it; see `Parcels.varying`
UNSTATED_NAME: Final = "none"  # what a condition calls an attribute of which nothing is said
# attributes that conditions ask for by name
SHARED: Final = (
    "buyer",
    "seller",
    "region",
    "area",
    "platform",
    "payment",
    "category",
    "direction",
)


@dataclass(frozen=True, slots=True)
class MoneyColumn:
    """Amounts in minor units of the currency beside them."""

    minor: Num
    currency: Codes

    def take(self, rows: IntColumn | BoolColumn) -> MoneyColumn:
        """Return some rows."""
        return MoneyColumn(self.minor.take(rows), self.currency.take(rows))


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
    payment: str = ""
    category: str = ""
    options: frozenset[str] = frozenset()
    return_rate: Ratio | None = None
    dispute_rate: Ratio | None = None
    air_share: Ratio | None = None
    parcels_this_year: int | None = None  # that the buyer has had before this one
    parcels_this_half_year: int | None = None
    assume: tuple[tuple[str, Terms], ...] = ()
    overrides: tuple[tuple[str, Terms], ...] = ()
    fees: tuple[tuple[str, Money], ...] = ()
    fx: tuple[tuple[tuple[str, str], Ratio], ...] = ()

    def ratio(self, name: str) -> Ratio | None:
        """Return a share that is stated under a name, None when it is not."""
        shares = {
            "return_rate": self.return_rate,
            "dispute_rate": self.dispute_rate,
            "air_share": self.air_share,
        }
        return shares.get(name)


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
    postcode: Codes = NO_NAME
    varying: dict[str, Codes] = field(default_factory=dict)  # attributes that are VARIES
    unstated: dict[str, BoolColumn] = field(
        default_factory=dict
    )  # of `inputs` that some parcels do not state: which; theirs are 0

    def states(self, name: str) -> Mask:
        """Return which parcels state an input."""
        if name not in self.inputs:
            return False
        blank = self.unstated.get(name)
        return True if blank is None else settle(~blank)

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
        """Return (group of each line, parcel of each group): lines of a parcel alike in `by`.

        Goods that nobody names are not taken for alike: each such line is a group of its own.
        """
        labels: dict[tuple[str, ...], int] = {}
        kind = np.empty(len(self.things), dtype=np.int64)
        for code, thing in enumerate(self.things):
            label = tuple(_label(thing, name) for name in by)
            kind[code] = labels.setdefault(label, len(labels))
        kinds = max(1, len(labels))
        line_kind = kind[self.line_thing]
        nameless = np.array([not thing.hs for thing in self.things], dtype=bool)[self.line_thing]
        if nameless.any() and any(name != "origin" for name in by):
            place = np.arange(line_kind.size) - self.starts[self.line_parcel]
            line_kind = np.where(nameless, kinds + place, line_kind)
            kinds += int(place.max()) + 1
        unique, group = np.unique(self.line_parcel * kinds + line_kind, return_inverse=True)
        return group.astype(np.int64), (unique // kinds).astype(np.int64)

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
            varying={name: column.take(rows) for name, column in self.varying.items()},
            unstated={name: column[rows] for name, column in self.unstated.items()},
        )


def _label(thing: Thing, name: str) -> str:
    return {"hs6": thing.hs[:6], "hs": thing.hs, "origin": thing.origin}[name]
