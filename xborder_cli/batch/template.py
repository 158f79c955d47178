"""Cells with few values read once a combination, by the scalar reader: of an order, of a line."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from xborder_cli.adapters.order_rows import OrderRow
from xborder_cli.adapters.orders import OF_ITEM, Reading, order_from_rows
from xborder_cli.adapters.stated import Stated
from xborder_cli.batch.refusal import refusal_of
from xborder_cli.core.intake import understand
from xborder_cli.core.parcels import Attributes, Thing
from xborder_cli.core.shipment import COUNTERS, MONEY_INPUTS
from xborder_cli.core.stacking import attributes_of
from xborder_cli.errors import TableError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xborder_cli.core.book import Book
    from xborder_cli.core.rule import Day, Ratio
    from xborder_cli.core.shipment import Shipment

Cells = tuple[tuple[str, str], ...]  # our column and text
Lane = tuple[str, str]  # where an order leaves, and where it goes
KEPT: Final = 50_000  # combinations remembered between blocks
HS: Final = "000000"  # of an item that stands in where only the order is looked at
# read apart, as numbers: a template of an order has none of them
NUMBERS: Final = ("on", "weight", "size", "postcode")
APART: Final = (*NUMBERS, *MONEY_INPUTS, *COUNTERS)


@dataclass(frozen=True, slots=True)
class Group:
    """What parcels of one group share."""

    attributes: Attributes
    lot_assumed: bool
    storage_assumed: bool


@dataclass(frozen=True, slots=True)
class State:
    """What orders of one template come to on some days."""

    group: Group | None = None  # None when refused
    lot: int = 1
    storage_days: int = 0
    said: tuple[str, ...] = ()  # of parcels whose size is stated
    said_unsized: tuple[str, ...] = ()
    refused: tuple[str, str] | None = None  # code and reason


@dataclass(frozen=True, slots=True)
class OrderTemplate:
    """An order without its numbers, on no day yet."""

    shipment: Shipment
    turns: tuple[Day, ...]  # days from which it comes to something else, rising
    states: dict[int, State] = field(default_factory=dict)  # by turns passed
    refusals: dict[Day, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineTemplate:
    """An item line without its numbers, in a parcel that leaves one country."""

    thing: Thing
    said: tuple[str, ...]
    units: dict[str, Ratio]


@dataclass(slots=True)
class Templates:
    """What combinations of cells mean; kept between blocks, forgotten when there are too many."""

    book: Book
    reading: Reading
    orders: dict[Cells, OrderTemplate | None] = field(default_factory=dict)
    lines: dict[tuple[Cells, Cells, Lane], LineTemplate | None] = field(default_factory=dict)
    items: dict[tuple[Cells, Cells], Shipment | None] = field(default_factory=dict)

    def order(self, cells: Cells) -> OrderTemplate | None:
        """Return what cells of an order mean, None when any of them is in doubt."""
        if cells not in self.orders:
            if len(self.orders) >= KEPT:
                self.orders.clear()
            self.orders[cells] = self._order(dict(cells))
        return self.orders[cells]

    def line(self, cells: Cells, facts: Cells, lane: Lane) -> LineTemplate | None:
        """Return what cells of a line mean, None when any of them is in doubt.

        Args:
            cells: our column and text.
            facts: what the catalogue says of a piece of its SKU, as goods, hs, origin, units.
            lane: country that its parcel leaves, and where it goes.
        """
        key = cells, facts, lane
        if key not in self.lines:
            if len(self.lines) >= KEPT:
                self.lines.clear()
            self.lines[key] = self._line(cells, facts, lane)
        return self.lines[key]

    def _order(self, cells: Mapping[str, str]) -> OrderTemplate | None:
        blank = {name: getattr(Stated(), name) for name in (*OF_ITEM, *APART, "items")}
        reading = replace(
            self.reading, defaults=replace(self.reading.defaults, **blank), products=None
        )
        stand_in = {"value": f"1{self._currency}", "weight": "1kg", "hs": HS}
        made = order_from_rows("", (OrderRow(0, {**cells, **stand_in}, ""),), reading).shipment
        if made is None:
            return None
        item = replace(made.items[0], origin=made.origin)
        shipment = replace(made, items=(item,), length_dmm=1, width_dmm=1, height_dmm=1)
        head = self.book.market_heads.get(shipment.destination)
        market = self.book.market(shipment.destination)
        turns = {head.first_day} if head is not None else set()
        if market is not None and market.default_scheme is not None:
            turns |= {span.since for span in market.default_scheme.spans}
        return OrderTemplate(shipment, tuple(sorted(turns)))

    def _line(self, key: Cells, facts: Cells, lane: Lane) -> LineTemplate | None:
        origin = lane[0]
        goes = self._goes(*lane)
        shipment = self._item(key, facts)
        if goes is None or shipment is None:
            return None
        destination, on = goes
        try:
            found = understand(
                self.book, replace(shipment, origin=origin, destination=destination, on=on)
            )
        except (UsageError, TableError):
            return None
        (item,) = found.shipment.items
        thing = Thing(
            item.hs, item.origin, item.goods, frozenset(item.traits), frozenset(item.claims)
        )
        return LineTemplate(thing, found.assumptions, item.units)

    def _item(self, cells: Cells, facts: Cells) -> Shipment | None:
        """Return a shipment of one line, which leaves any country: that is put in later."""
        key = cells, facts
        if key not in self.items:
            if len(self.items) >= KEPT:
                self.items.clear()
            given = self.reading.defaults
            defaults = Stated(
                goods=given.goods, hs=given.hs, made_in=given.made_in, traits=given.traits,
                claims=given.claims, units=given.units,
            )  # fmt: skip
            stand_in = {"value": f"1{self._currency}", "weight": "1kg", "size": "1x1x1cm"}
            country = next(iter(self.book.countries))
            stand_in |= {"sku": "-", "scheme": "none", "from": country, "to": country}
            reading = replace(self.reading, defaults=defaults, products={"-": dict(facts)})
            row = OrderRow(0, {**dict(cells), **stand_in}, "")
            self.items[key] = order_from_rows("", (row,), reading).shipment
        return self.items[key]

    def _goes(self, origin: str, destination: str) -> tuple[str, Day] | None:
        """Return where goods go and a day on which they may.

        Orders to where nothing goes are refused; what their lines say is then read for any market.
        """
        for market in (destination, *self.book.market_heads):
            head = self.book.market_heads.get(market)
            if head is not None and market != origin and market in self.book.countries:
                return market, head.first_day
        return None

    @property
    def _currency(self) -> str:
        return next(iter(self.book.digits))

    def state(self, template: OrderTemplate, day: Day) -> State:
        """Return what orders of a template come to on a day, whatever the day between two turns."""
        passed = bisect_right(template.turns, day)
        if passed not in template.states:
            template.states[passed] = self._state(template.shipment, day)
        return template.states[passed]

    def refusal(self, template: OrderTemplate, day: Day) -> tuple[str, str]:
        """Return why orders of a template are refused on a day: code and reason."""
        if day not in template.refusals:
            refused = self._state(template.shipment, day).refused
            assert refused is not None, "orders refused on one day, and not on another like it"
            template.refusals[day] = refused
        return template.refusals[day]

    def _state(self, shipment: Shipment, day: Day) -> State:
        shipment = replace(shipment, on=day)
        try:
            intake = understand(self.book, shipment)
            unsized = understand(self.book, replace(shipment, length_dmm=0))
        except (UsageError, TableError) as error:
            return State(refused=refusal_of(error))
        made = intake.shipment
        return State(
            Group(attributes_of(made), intake.lot_assumed, intake.storage_assumed),
            made.lot or 1,
            made.storage_days or 0,
            intake.assumptions,
            unsized.assumptions,
        )
