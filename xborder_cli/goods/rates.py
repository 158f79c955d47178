"""The duty of goods in several markets, for a usual commercial entry."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xborder_cli.core.shipment import Item, Shipment
from xborder_cli.duties.entry import work_out
from xborder_cli.duties.rate import Rate, Rates
from xborder_cli.duties.usual import BUYER, CHANNEL, QUANTITY, VALUE, usual_value
from xborder_cli.errors import XbError
from xborder_cli.units import parse_money

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xborder_cli.core.book import Book
    from xborder_cli.core.rule import Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What goods pay in a market."""

    market: str
    rate: Rate | None  # None: the market lets none in, or could not be asked
    reason: str = ""  # why there is no rate

    @property
    def text(self) -> str:
        """The rate in words, `?` where it is not known, `-` where there is none."""
        return self.rate.text if self.rate is not None else "-"

    @property
    def words(self) -> str:
        """What is not known, or why there is no rate."""
        return self.reason or ("; ".join(self.rate.gaps) if self.rate is not None else "")


def consignment(origin: str, day: Day, *, goods: str = "", hs: str = "") -> Shipment:
    """Return the goods of a usual commercial entry, without its market."""
    item = Item(value=parse_money(VALUE), quantity=int(QUANTITY), goods=goods, hs=hs)
    return Shipment(origin=origin, destination="", on=day, items=(item,), buyer=BUYER)


def duties(book: Book, shipment: Shipment, markets: Iterable[str]) -> list[Duty]:
    """Return what a consignment pays in each market."""
    return [_duty(book, shipment, market) for market in markets]


def _duty(book: Book, shipment: Shipment, market: str) -> Duty:
    item = replace(shipment.items[0], value=parse_money(usual_value(book, market)))
    shipment = replace(shipment, destination=market, items=(item,))
    if market == shipment.origin:
        return Duty(market=market, rate=None, reason="made there")
    try:
        entry = work_out(book, shipment, channel=CHANNEL)
    except XbError as error:
        return Duty(market=market, rate=None, reason="; ".join(p.what for p in error.problems))
    if entry.refused:
        return Duty(market=market, rate=None, reason=f"refused: {'; '.join(entry.refused)}")
    return Duty(market=market, rate=Rates(entry).total())
