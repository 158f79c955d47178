"""The item lines of one row of an order file: its own goods, or those nested in it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from xborder_cli.adapters.items import ItemText, read_item
from xborder_cli.adapters.reader import Reader
from xborder_cli.adapters.stated import Stated, flag_of
from xborder_cli.errors import Where

if TYPE_CHECKING:
    from xborder_cli.adapters.names import Names
    from xborder_cli.adapters.order_rows import OrderRow
    from xborder_cli.adapters.reader import Place
    from xborder_cli.core.shipment import Item


def items_of(
    row: OrderRow,
    stated: Stated,
    defaults: Stated,
    shared: ItemText,
    reader: Reader,
    names: Names | None,
    *,
    alone: bool,
) -> list[Item]:
    """Return the item lines of one row.

    Args:
        row: with the item lines nested in it.
        stated: its words.
        defaults: those of the flags.
        shared: what the flags say of every line.
        reader: gathers problems.
        names: what the tables know; None judges nothing.
        alone: it is the only row of its order.
    """
    listed: list[object] = [*stated.items, *row.items]
    if listed:
        reader.one_kind(stated)
        own = ItemText(origin=stated.made_in, traits=stated.traits, claims=stated.claims)
        shared = own.filled_from(shared)
    elif alone and not stated.value:
        listed += defaults.items
    if not listed:
        plain = item_text(stated).filled_from(shared)
        if alone:
            plain = _whole(plain, defaults)
        else:
            _single(plain, defaults, reader)
        if not plain.value:
            fix = "fill it in; --value holds for orders of one row"
            reader.problem("value", "missing", "no value of the goods", fix)
            plain = replace(plain, value=any_amount(names))
        item = read_item(plain, reader, names)
        return [] if item is None else [item]
    read = []
    for number, one in enumerate(listed, 1):
        within = Reader(place=_of_item(number))
        words = one if isinstance(one, str) else _joined(one, within)
        text = ItemText() if within.problems else ItemText.of(words, within)
        if not within.problems:
            _single(text, defaults, within)
            read.append(read_item(text.filled_from(shared), within, names, place="items"))
        for fault in within.problems:  # they stand in the column of the items
            reader.problem("items", fault.code, fault.what, fault.fix)
    return [item for item in read if item is not None]


def any_amount(names: Names | None) -> str:
    """Return an amount that stands for none, so that the rest is read."""
    return f"0{next(iter(names.currencies), 'AAA') if names is not None else 'AAA'}"


def _of_item(number: int) -> Place:
    """Return what tells which of several items, and what of it, a problem is about."""

    def place(name: str) -> tuple[Where, str]:
        return Where(), f"item {number}: " if name == "items" else f"item {number}, {name}: "

    return place


LISTED = 'list objects, such as {"goods": "toy", "value": "9.90USD"}'
OF_A_LINE = ("quantity", "units", "parts")


def _whole(text: ItemText, defaults: Stated) -> ItemText:
    """Return the only line, and what the flags say of one kind of goods where it is silent."""
    return replace(
        text,
        value=text.value or defaults.value,
        quantity=text.quantity or defaults.quantity,
        units=text.units or defaults.units,
        parts=text.parts or defaults.parts,
    )


def _single(text: ItemText, defaults: Stated, reader: Reader) -> None:
    """Note flags of a single kind of goods that one of several lines would have to share."""
    for name in OF_A_LINE:  # a line without a value says so itself
        if getattr(defaults, name) and not getattr(text, name):
            what = f"--{flag_of(name)} belongs to a single kind of goods; this order has several"
            reader.problem(name, "goods-twice", what, "state it in each line")


def item_text(stated: Stated) -> ItemText:
    """Return the words that are of an item line."""
    return ItemText(
        goods=stated.goods,
        hs=stated.hs,
        origin=stated.made_in,
        quantity=stated.quantity,
        value=stated.value,
        units=stated.units,
        parts=stated.parts,
        traits=stated.traits,
        claims=stated.claims,
    )


def _joined(item: object, reader: Reader) -> str:
    """Return a nested JSON item as the text of --item."""
    if not isinstance(item, dict):
        reader.problem("items", "bad-item", f'"{_written(item)}" is not an item', LISTED)
        return ""
    aliases = {"traits": "trait", "claims": "claim"}
    pieces = []
    currency = str(item.get("currency") or "")
    for key, value in item.items():
        if value is None:
            continue
        word = aliases.get(key, key)
        for one in value if isinstance(value, list) else [value]:
            text = _written(one)
            if word == "value" and not text[-3:].isalpha():
                text += currency
            if word != "currency":
                pieces.append(f"{word}={text}")
    return ", ".join(pieces)


def _written(value: object) -> str:
    """Return a value as it stands in JSON, a text and a number without quotes."""
    if value is None or isinstance(value, bool | list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
