"""A shipment as stated -> a shipment that can be priced, and every assumption that this took."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xborder_cli.core.claims import agreed, idle, unread
from xborder_cli.errors import Problem, TableError, UsageError, Where
from xborder_cli.units import day_text

if TYPE_CHECKING:
    from xborder_cli.core.book import Book
    from xborder_cli.core.rule import Dated, Day
    from xborder_cli.core.shipment import Item, Shipment


@dataclass(frozen=True, slots=True)
class Intake:
    """What was understood: goods by HS, direction, market, scheme."""

    shipment: Shipment
    direction: str
    market: str
    assumptions: tuple[str, ...]
    lot_assumed: bool
    storage_assumed: bool


def understand(book: Book, shipment: Shipment, *, need_weight: bool = True) -> Intake:
    """Return a shipment with goods resolved and defaults filled in.

    Raises:
        UsageError: with every problem of the shipment.
        TableError: the destination has no market table, or none on that day.
    """
    problems = _problems(book, shipment, need_weight=need_weight)
    if problems:
        raise UsageError(problems)
    head = book.market_heads.get(shipment.destination)
    if head is None:
        raise TableError(_no_market(book, shipment))
    if shipment.on < head.first_day:
        raise TableError(_too_early(shipment, head.first_day))
    assumptions: list[str] = []
    items = tuple(_item(book, shipment, item, assumptions) for item in shipment.items)
    direction = shipment.direction or ("import" if shipment.destination == book.home else "export")
    scheme = shipment.scheme or _default_scheme(book, shipment, assumptions)
    lot, days = shipment.lot, shipment.storage_days
    filled = replace(
        shipment,
        items=items,
        direction=direction,
        scheme=scheme,
        lot=lot or book.default_lot,
        storage_days=book.default_storage_days if days is None else days,
    )
    known = book.known_names.get("platform", ())
    if need_weight and shipment.platform and shipment.platform not in known:
        assumptions.append(f"no table has the fees of {shipment.platform}: none are added")
    if need_weight and not (shipment.length_dmm and shipment.width_dmm and shipment.height_dmm):
        assumptions.append("size not stated: volume and size limits were not looked at")
    return Intake(
        filled, direction, head.id, tuple(dict.fromkeys(assumptions)), lot is None, days is None
    )


def _problems(book: Book, shipment: Shipment, *, need_weight: bool) -> list[Problem]:
    out = []

    def add(code: str, place: str, what: str, fix: str) -> None:
        out.append(Problem(code=code, where=Where(place), what=what, fix=fix))

    for place, country in (("--from", shipment.origin), ("--to", shipment.destination)):
        if country not in book.countries:
            add(
                "unknown-country", place, f'no country "{country}"', "write two letters, such as DE"
            )
    if need_weight and shipment.weight_mg <= 0:
        add("missing", "--weight", "a weight above 0 is needed", "add --weight 0.5kg")
    if not shipment.items:
        add("missing", "--value", "nothing says what is in the parcel", "add --value 25USD")
    if shipment.origin == shipment.destination and need_weight:
        add(
            "domestic",
            "--to",
            f"{shipment.origin} to {shipment.destination} crosses no border",
            "name two countries",
        )
    currencies = {item.value.currency for item in shipment.items}
    if len(currencies) > 1:
        add(
            "mixed-currencies",
            "--item",
            f"values in {' and '.join(sorted(currencies))} stand in one parcel",
            "state all values in one currency",
        )
    for item in shipment.items:
        if item.goods and item.goods not in book.goods:
            add(
                "unknown-goods",
                "--goods",
                f'no goods "{item.goods}"',
                "name a slug of goods.yaml, or --hs",
            )
        if item.hs and not (item.hs.isascii() and item.hs.isdigit() and 6 <= len(item.hs) <= 10):
            add(
                "bad-hs",
                "--hs",
                f'"{item.hs}" is not an HS code',
                "write 6 to 10 digits, such as 610910",
            )
        if item.quantity < 1:
            add("bad-quantity", "--item", f"{item.quantity} pieces", "write a whole number from 1")
        if item.value.amount[0] < 0:
            add("bad-money", "--value", "a value below 0", "write what the goods cost")
        if item.value.currency not in book.digits:
            add(
                "unknown-currency",
                "--value",
                f'no currency "{item.value.currency}"',
                "write three letters, such as EUR",
            )
    return out


def _no_market(book: Book, shipment: Shipment) -> Problem:
    name = book.countries.get(shipment.destination, shipment.destination)
    known = ", ".join(sorted(market for market in book.market_heads if market in book.countries))
    return Problem(
        code="no-market",
        where=Where("--to"),
        what=f"no table tells what imports into {name} ({shipment.destination}) cost",
        fix=f"known are {known}; or write a table of kind market and name its folder with --rates",
    )


def _too_early(shipment: Shipment, first: Day) -> Problem:
    return Problem(
        code="before-first-value",
        where=Where("--on"),
        what=f"the tables of {shipment.destination} begin on {day_text(first)}, "
        f"asked for {day_text(shipment.on)}",
        fix=f"ask for {day_text(first)} or later",
    )


def _item(book: Book, shipment: Shipment, item: Item, assumptions: list[str]) -> Item:
    if not item.origin:
        assumptions.append(f"origin of the goods taken as {shipment.origin}")
        item = replace(item, origin=shipment.origin)
    if item.goods:
        goods = book.goods[item.goods]
        line = goods.line(book.chains.get(shipment.destination, ()))
        if not item.hs and line != goods.hs:
            taken = f"HS code of {goods.slug} in {shipment.destination} taken as {line}"
            assumptions.append(f"{taken} (--hs otherwise)")
        item = replace(
            item,
            hs=item.hs or line,
            traits=tuple(dict.fromkeys((*goods.traits, *item.traits))),
        )
    if item.claims:
        claims = agreed(book, item, shipment.destination)
        item = replace(item, claims=claims)
        assumptions.extend(idle(book, item, shipment.destination))
        assumptions.extend(unread(book, item, shipment.destination, shipment.on))
    if not item.hs and "duty" not in shipment.overrides:
        assumptions.append("no HS code and no goods stated: duty is not known")
    return item


def _default_scheme(book: Book, shipment: Shipment, assumptions: list[str]) -> str:
    """Return the scheme that a market takes for granted with consumers, said aloud."""
    market = book.market(shipment.destination)
    if market is None or market.default_scheme is None or shipment.buyer != "consumer":
        return "none"
    scheme = value_on(market.default_scheme, shipment.on)
    if not isinstance(scheme, str) or not scheme or scheme == "none":
        return "none"
    assumptions.append(
        f"scheme {scheme}: the seller or platform is taken as registered (--scheme none otherwise)"
    )
    return scheme


def value_on(dated: Dated, day: Day) -> object:
    """Return the value in force on a day, None before the first."""
    found = None
    for span in dated.spans:
        if span.since <= day:
            found = span.value
    return found
