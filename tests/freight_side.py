"""What one rate card charges for one parcel: in every option of a quote, and by itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from xborder_cli.adapters.shipments import read_shipment
from xborder_cli.adapters.stated import Stated
from xborder_cli.core.chains import PAYMENT, PLATFORM, Chain
from xborder_cli.core.explain import charge_lines
from xborder_cli.core.intake import understand
from xborder_cli.core.landed_cost import price_route
from xborder_cli.core.outline import legs_of
from xborder_cli.core.parcels import Codes
from xborder_cli.core.pipeline import quote
from xborder_cli.core.route import build_program
from xborder_cli.core.stacking import parcels_of
from xborder_cli.core.tile import Tile
from xborder_cli.core.zones import class_codes
from xborder_cli.errors import TableError
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xborder_cli.core.answer import ChargeLine, Leg, Option
    from xborder_cli.core.book import Book
    from xborder_cli.core.rule import RateCard, Step
    from xborder_cli.core.shipment import Shipment

FIELDS = {"from": "origin", "to": "destination"}  # words of a flag that are no names in Python


@cache
def book() -> Book:
    """The bundled tables, opened once."""
    return open_tables((bundled_folder(),))


@dataclass(frozen=True)
class Charged:
    """A leg's charges in its card's currency, and what they rest on."""

    chargeable_mg: int
    zone: str
    amounts: dict[str, tuple[Decimal, str]]  # code -> amount, currency
    unknown: tuple[str, ...]  # codes of gaps


def shipment(given: dict[str, Any], on: str) -> Shipment:
    """What an example gives, as a person would type it."""
    stated: dict[str, Any] = {FIELDS.get(name, name): value for name, value in given.items()}
    stated["assume"] = tuple(f"{name}={rate}" for name, rate in given.get("assume", {}).items())
    stated["options"] = tuple(given.get("options", ()))
    stated.setdefault("value", "25 USD")
    return read_shipment(Stated(on=on, **stated), today=0, weighed=True)


def quoted(service: str, parcel: Shipment) -> list[Charged]:
    """What a service charges in each option that it is a leg of; none where no option can be."""
    if parcel.origin == parcel.destination:
        return []  # a leg inside one country is priced alone
    try:
        answer = quote(book(), parcel, services=(service,))
    except TableError:
        return []  # no market table yet; its freight can be priced all the same
    found = []
    for option in answer.options:
        for at, leg in enumerate(option.legs):
            if leg.service == service:
                found.append(_charged(leg, (line for line in option.lines if line.leg == at)))
    return found


def option_of(legs: tuple[str, ...], parcel: Shipment) -> Option | None:
    """The option of a quote that runs over these services in this order."""
    answer = quote(book(), parcel, services=legs)
    for option in answer.options:
        if tuple(leg.service for leg in option.legs) == legs:
            return option
    return None


def sums_by_leg(option: Option) -> tuple[list[Counter[str]], Counter[str]]:
    """What each leg costs by currency, and what the border costs, in money that is paid."""
    legs: list[Counter[str]] = [Counter() for _ in option.legs]
    border: Counter[str] = Counter()
    for line in option.lines:
        if line.kind == "amount" or line.included:
            continue
        amount = _major(line)
        if line.leg is not None and line.kind not in ("duty", "tax"):
            legs[line.leg][line.currency] += amount  # type: ignore[assignment]
        elif line.event == "entry":
            border[line.currency] += amount  # type: ignore[assignment]
    return legs, border


def alone(service: str, parcel: Shipment) -> tuple[Charged | None, dict[str, str]]:
    """What a service charges by itself, None when it refuses; and the parcel's classes."""
    tables = book()
    parcel = _understood(tables, parcel)
    card = _card(tables, service, parcel.on)
    step, mode = _step(tables, card)
    chain = Chain(mode, ((step, card),))
    parcels = parcels_of([parcel], digits=tables.digits)
    tile = Tile(parcels, tables, quote_currency=Codes((card.currency,)))
    market = next(iter(tables.market_heads))  # a leg by itself asks no market
    priced = price_route(tile, build_program(tables, chain, parcels, [market]))
    classes = {name: class_codes(priced.run, card, name).names[0] for name in card.classes}
    refused = priced.refused
    if refused if isinstance(refused, bool) else refused.any():
        return None, classes
    legs, places = legs_of(priced)
    return _charged(legs[0], charge_lines(priced, legs=places)), classes


def _understood(tables: Book, parcel: Shipment) -> Shipment:
    try:
        return understand(tables, parcel, need_weight=False).shipment
    except TableError:
        return parcel


def _card(tables: Book, service: str, day: int) -> RateCard:
    heads = [
        head
        for head in tables.cards
        if head.id == service and head.since <= day and (head.until is None or day <= head.until)
    ]
    return tables.card(max(heads, key=lambda head: head.since))


def _step(tables: Book, card: RateCard) -> tuple[Step, Any]:
    selling = {one.leg: one for one in (PAYMENT, PLATFORM)}
    for mode in tables.modes.values():
        if card.leg in selling:
            return selling[card.leg], mode
        for pattern in mode.patterns:
            for step in pattern:
                if mode.id in card.modes and step.leg == card.leg:
                    return step, mode
    raise AssertionError(f"{card.id} is a leg of no mode")


def _charged(leg: Leg, lines: Iterable[ChargeLine]) -> Charged:
    kept = list(lines)
    return Charged(
        leg.chargeable_mg,
        leg.zone,
        {line.code: (_major(line), line.currency) for line in kept},
        tuple(line.code for line in kept if line.unknown),
    )


def _major(line: ChargeLine) -> Decimal:
    return Decimal(line.amount_minor).scaleb(-book().digits[line.currency])
