"""Columns of plain orders -> groups of parcels that are priced together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from xborder_cli.batch.block import Refused
from xborder_cli.batch.coded import joined
from xborder_cli.batch.families import Families
from xborder_cli.batch.orders import OrderGroup
from xborder_cli.batch.plain_numbers import TENS, half_up
from xborder_cli.batch.readings import NO_CURRENCY
from xborder_cli.batch.said import said_of
from xborder_cli.core.columns import Num
from xborder_cli.core.measures import MICRO
from xborder_cli.core.parcels import NO_NAME, UNSTATED, Codes, MoneyColumn, Parcels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.batch.line_columns import LineColumns
    from xborder_cli.batch.order_columns import OrderColumns
    from xborder_cli.batch.orders import Orders
    from xborder_cli.batch.our_columns import OurColumns
    from xborder_cli.batch.packed import Packed
    from xborder_cli.batch.template import Group, State, Templates
    from xborder_cli.core.columns import BoolColumn, IntColumn
    from xborder_cli.core.rule import Ratio

T = TypeVar("T")
SALE_INPUTS: Final = ("price", "shipping", "cogs")  # any of them asks for the margin
NOTHING_UNSTATED: Final = ("shipping", "cogs")


def compact(names: Sequence[str], codes: IntColumn) -> Codes:
    """Return codes into the names that are there.

    >>> compact(["a", "b", "c"], np.array([2, 0, 2]))
    Codes(names=('a', 'c'), codes=array([1, 0, 1]))
    """
    placed, present = _present(codes, len(names))
    if present.size == 1:
        return Codes((names[int(present[0])],))
    return Codes(tuple(names[code] for code in present.tolist()), placed)


class Grouper:
    """Puts the plain orders of a block into groups."""

    def __init__(
        self,
        columns: OurColumns,
        orders: OrderColumns,
        lines: LineColumns,
        whole: Packed,
        templates: Templates,
    ) -> None:
        """Keep the columns of all orders; the odd ones among them mean nothing."""
        self.columns = columns
        self.orders = orders
        self.lines = lines
        self.whole = whole
        self.templates = templates
        self.currencies = list(templates.book.digits)
        self.tens = TENS[np.array([*templates.book.digits.values(), 0], dtype=np.int64)]
        self.destinations, self.destination = _numbered(
            [one.shipment.destination for one in orders.templates]
        )
        self.things, self.thing = _numbered([one.thing for one in lines.templates])
        one, two, three = np.ascontiguousarray(whole.sides_dmm.T)
        self.longest = np.maximum(np.maximum(one, two), three)
        self.shortest = np.minimum(np.minimum(one, two), three)
        self.middle = one + two + three - self.longest - self.shortest
        self.postcodes = ["", *orders.postcode.texts.to_pylist()]
        self.measures = [
            (name, *_ratios([one.units.get(name) for one in lines.templates]))
            for name in sorted({name for one in lines.templates for name in one.units})
        ]

    def into(self, out: Orders, currency: str) -> None:
        """Add the plain orders to what a block comes to; `currency` of the answers, or ""."""
        rows = np.flatnonzero(~self.columns.odd)
        if not rows.size:
            return
        rows, state, states = self._states(rows, out)
        if not rows.size:
            return
        said, said_code = said_of(self.columns, self.lines, self.whole, rows, state, states)
        kinds = [one.group for one in states if one.group]
        families = Families(kinds, self.templates.book, self.destinations)
        group = families.place[state]
        code, first = joined(
            [group, self._stated(rows)], [len(families.groups), 2 << len(self.orders.inputs)]
        )
        in_order = np.argsort(code, kind="stable")
        ends = np.cumsum(np.bincount(code))
        lots = np.array([one.lot for one in states], dtype=np.int64)
        storage = np.array([one.storage_days for one in states], dtype=np.int64)
        begin = 0
        for place, end in enumerate(ends.tolist()):
            at = in_order[begin:end]
            begin = end
            family = int(group[first[place]])
            own, some = families.groups[family], state[at]
            varying = families.varying(family, some)
            parcels = self._parcels(rows[at], own, varying, lots[some], storage[some])
            wanted = parcels.goods.currency if not currency else Codes((currency,))
            out.groups.append(
                OrderGroup(
                    orders=rows[at],
                    parcels=parcels,
                    currency=wanted,
                    said=compact(said, said_code[at]),
                    lot_assumed=own.lot_assumed,
                    storage_assumed=own.storage_assumed,
                )
            )

    def _states(self, rows: IntColumn, out: Orders) -> tuple[IntColumn, IntColumn, list[State]]:
        """Return the orders that can be priced and the state of each; note the refused ones."""
        found = self.orders.templates
        template, day = self.orders.template[rows], self.orders.day[rows]
        turns = sorted({turn for one in found for turn in one.turns})
        passed = np.searchsorted(turns, day, side="right")
        code, first = joined([template, passed], [len(found), len(turns) + 1])
        firsts = zip(template[first].tolist(), day[first].tolist(), strict=True)
        all_states = [self.templates.state(found[which], on) for which, on in firsts]
        refused = np.array([one.group is None for one in all_states])[code]
        if bool(refused.any()):
            self._refuse(rows[refused], template[refused], day[refused], out)
        place = np.cumsum([one.group is not None for one in all_states]) - 1
        fine = ~refused
        return rows[fine], place[code[fine]], [one for one in all_states if one.group is not None]

    def _refuse(self, rows: IntColumn, template: IntColumn, day: IntColumn, out: Orders) -> None:
        first_day = int(day.min())
        span = int(day.max()) - first_day + 1
        found = self.orders.templates
        code, first = joined([template, day - first_day], [len(found), span])
        firsts = zip(template[first].tolist(), day[first].tolist(), strict=True)
        why = [self.templates.refusal(found[which], on) for which, on in firsts]
        for order, one in zip(rows.tolist(), code.tolist(), strict=True):
            out.refused.append(Refused(order, *why[one]))

    def _parcels(
        self,
        rows: IntColumn,
        group: Group,
        varying: dict[str, Codes],
        lot: IntColumn,
        storage_days: IntColumn,
    ) -> Parcels:
        orders, lines = self.orders, self.lines
        line, line_parcel = self._lines_of(rows)
        day = orders.day[rows]
        line_thing, things = _present(self.thing[lines.template[line]], len(self.things))
        codes = orders.postcode.codes[rows]
        inputs, unstated = self._inputs(rows)
        return Parcels(
            n=rows.size,
            attributes=group.attributes,
            destination=compact(self.destinations, self.destination[orders.template[rows]]),
            day=int(day[0]) if bool((day == day[0]).all()) else day,
            weight_mg=self.whole.weight_mg[rows],
            longest_dmm=self.longest[rows],
            middle_dmm=self.middle[rows],
            shortest_dmm=self.shortest[rows],
            line_parcel=line_parcel,
            line_goods=MoneyColumn(
                Num.of(lines.minor[line]), compact(self.currencies, lines.currency[line])
            ),
            line_quantity=lines.quantity[line],
            line_thing=line_thing,
            things=tuple(self.things[at] for at in things.tolist()),
            line_units=self._units(line),
            inputs=inputs,
            lot=_one_or_all(lot),
            storage_days=_one_or_all(storage_days),
            postcode=NO_NAME if not (codes >= 0).any() else self._postcodes(codes),
            varying=varying,
            unstated=unstated,
        )

    def _stated(self, rows: IntColumn) -> IntColumn:
        """Return a number that orders share which state the same amounts.

        What is nothing where it is not stated parts no orders, as long as all or none of them are
        sold at something.
        """
        stated = np.zeros(rows.size, dtype=np.int64)
        sold = np.zeros(rows.size, dtype=bool)
        goods_cost = self.orders.inputs.get("purchase_price")  # stands in for the cost of the goods
        for bit, (name, amount) in enumerate(self.orders.inputs.items()):
            has = amount.currency[rows] != NO_CURRENCY
            if name in SALE_INPUTS:
                sold |= has
            if name in NOTHING_UNSTATED:
                if name != "cogs" or goods_cost is None:
                    continue
                has = has & (goods_cost.currency[rows] != NO_CURRENCY)
            stated |= has.astype(np.int64) << bit
        return stated | sold.astype(np.int64) << len(self.orders.inputs)

    def _lines_of(self, rows: IntColumn) -> tuple[IntColumn, IntColumn]:
        """Return the lines of some orders, and which of those orders each is of."""
        columns = self.columns
        if columns.single:
            return rows, np.arange(rows.size)
        size = columns.size[rows]
        parcel = np.repeat(np.arange(rows.size), size)
        before = np.cumsum(size) - size
        return columns.starts[rows][parcel] + np.arange(parcel.size) - before[parcel], parcel

    def _units(self, line: IntColumn) -> dict[str, IntColumn]:
        """Return what lines measure, in millionths of a unit."""
        found = {}
        template = self.lines.template[line]
        for name, top, below in self.measures:
            has = top[template] >= 0
            if bool(has.any()):
                pieces = np.where(self.lines.per_piece[template], self.lines.quantity[line], 1)
                number = np.maximum(top, 0)[template]
                quanta, _ = half_up(number, pieces * MICRO, below[template])
                found[name] = np.where(has, quanta, UNSTATED)
        return found

    def _postcodes(self, codes: IntColumn) -> Codes:
        """Return postcodes as names, "" where blank; only those that are there."""
        present, place = np.unique(codes, return_inverse=True)
        names = tuple([self.postcodes[code + 1] for code in present.tolist()])
        return Codes(names) if len(names) == 1 else Codes(names, place)

    def _inputs(self, rows: IntColumn) -> tuple[dict[str, MoneyColumn], dict[str, BoolColumn]]:
        """Return amounts that orders state, and which orders do not state them."""
        found, unstated = {}, {}
        for name, amount in self.orders.inputs.items():
            currency = amount.currency[rows]
            blank = currency == NO_CURRENCY
            if blank.all():
                continue
            digits, places = amount.digits[rows], amount.places[rows]
            if blank.any():
                unstated[name] = blank
                digits, places = np.where(blank, 0, digits), np.where(blank, 0, places)
                currency = np.where(blank, currency[~blank][0], currency)
            minor, _ = half_up(digits, self.tens[currency], TENS[places])
            found[name] = MoneyColumn(Num.of(minor), compact(self.currencies, currency))
        return found, unstated


def _present(codes: IntColumn, size: int) -> tuple[IntColumn, IntColumn]:
    """Return codes into those that are there, and which those are."""
    present = np.flatnonzero(np.bincount(codes, minlength=size))
    place = np.zeros(size, dtype=np.int64)
    place[present] = np.arange(present.size)
    return place[codes], present


def _numbered(values: Sequence[T]) -> tuple[list[T], IntColumn]:
    """Return distinct values, and the place of each value among them."""
    known: dict[T, int] = {}
    place = [known.setdefault(value, len(known)) for value in values]
    return list(known), np.array(place, dtype=np.int64)


def _ratios(values: Sequence[Ratio | None]) -> tuple[IntColumn, IntColumn]:
    """Return numerators, UNSTATED for none, and denominators."""
    pairs = [(UNSTATED, 1) if value is None else value for value in values]
    both = np.array(pairs, dtype=np.int64)
    return both[:, 0], both[:, 1]


def _one_or_all(values: IntColumn) -> int | IntColumn:
    return int(values[0]) if bool((values == values[0]).all()) else values
