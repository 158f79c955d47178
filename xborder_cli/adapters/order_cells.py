"""The cells of one row -> the words that flags would have said."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from xborder_cli import units
from xborder_cli.adapters.order_days import plain_day
from xborder_cli.adapters.stated import FLAGS, Stated
from xborder_cli.core.shipment import MONEY_INPUTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xborder_cli.adapters.names import Names
    from xborder_cli.adapters.order_rows import OrderRow
    from xborder_cli.adapters.reader import Reader
    from xborder_cli.core.rule import Money

# what a sale brings: by their own names others' files hold other things
SALE: Final = {
    "price": "sale_price",
    "shipping": "sale_shipping",
    "payment": "sale_payment",
    "category": "sale_category",
}
FIELDS: Final = {  # our column -> field of Stated; the first ones are those of most files
    "from": "origin",
    "to": "destination",
    "weight": "weight",
    "size": "size",
    "value": "value",
    "currency": "currency",
    "goods": "goods",
    "hs": "hs",
    "origin": "made_in",
    "quantity": "quantity",
    "incoterm": "incoterm",
    "buyer": "buyer",
    "ordered_on": "on",
    **{
        SALE.get(name, name): name
        for name in Stated.__dataclass_fields__
        if name not in (*FLAGS, "on", "fx", "assume", "preference")
    },
    "units": "units",
    "parts": "parts",
    "traits": "traits",
    "claims": "claims",
    "items": "items",
    "options": "options",
    "fees": "fees",
}
SIDES: Final = ("length", "width", "height")
# of one piece, by line; summed up to what the whole order says
OF_PIECE: Final = {"item_price": "price", "item_cogs": "cogs"}
# read into fields of Stated together with others; `line_mark` is filled where a row is a line of
# its order, blank where it only sums up the others
MADE: Final = ("unit_price", *OF_PIECE, "sku", *SIDES, "line_mark")
LISTS: Final = ("units", "parts", "traits", "claims", "items", "options", "fees")
COUNTRIES: Final = ("origin", "destination", "made_in")
COUNTS: Final = {"quantity": "pieces", "lot": "parcels", "storage_days": "days"}
DIGITS: Final = 18  # of a count, as of any number
MONEY: Final = ("value", "unit_price", *OF_PIECE, *MONEY_INPUTS)
# take the currency beside them where they say none; one that they say may be another than that of
# the goods, as what is bought in China and sold in Europe
SOLD: Final = ("price", "shipping", "cogs")
OWN_CURRENCY: Final = re.compile(r"[^A-Za-z\s]\s*([A-Za-z]{3})$")  # after a number, say


@dataclass(slots=True)
class Cells:
    """The cells of one row, and what else of its order is needed to read them."""

    row: OrderRow
    reader: Reader
    names: Names | None
    currency: str = ""  # of the order, where a row says none
    quantity: str = ""  # of the flags, for orders of one row
    aliases: dict[str, str] = field(default_factory=dict)  # our column -> the one it was made of
    _near: tuple[str, str] | None = None  # see _beside

    def stated(self) -> Stated:
        """Return the words of the row; an amount without a currency takes that of its column."""
        given: dict[str, object] = {}
        for column, text in self.row.cells.items():
            field = FIELDS.get(column, "")
            unit = self.row.units.get(column, "")
            if column in OF_PIECE:
                continue  # see of_piece
            if field == "value":
                text = self._with_currency("value", text)
            elif unit and field != "on":
                text = self._with_unit(field or column, text, unit)
            elif field in SOLD:
                text = self._sold(field, text)
            if field in LISTS:
                given[field] = tuple(part.strip() for part in text.split(";") if part.strip())
            elif field in COUNTS and len(text) > DIGITS:
                what = f'"{text[:DIGITS]}..." is not a number of {COUNTS[field]}'
                self.reader.problem(field, f"bad-{field.replace('_', '-')}", what)
            elif field in COUNTRIES:
                given[field] = country_code(text, self.names)
            elif field == "on":
                given[field] = plain_day(text, unit)
            elif field == "postcode":
                given[field] = text.lstrip("'")  # which spreadsheets put before digits
            elif field and field != "currency":
                given[field] = text
        stated = Stated(**given)  # type: ignore[arg-type]  # fields of ours by construction
        if not stated.value and (price := self._price()):
            stated = replace(stated, value=self._line_value(price, stated))
        if any(side in self.row.cells for side in SIDES):
            stated = replace(stated, size=self._size(stated.size))
        return stated

    def _with_currency(self, column: str, text: str) -> str:
        """Return an amount with its currency: its own, its column's, or its heading's."""
        heading = self.row.units.get(column, "")
        beside, stand_in = self._beside()
        if heading and beside and heading != beside:
            what = f"the heading says {heading}, the currency column {beside}"
            self.reader.problem(column, "two-currencies", what, "leave one of them out")
        currency = heading or stand_in or beside or self.currency
        if heading:
            text = without_sign(text)
        found = OWN_CURRENCY.search(text)
        own = found[1].upper() if found else ""
        if own and currency and own != currency and (heading or beside):
            place = "heading" if heading else "currency column"
            what = f'"{text}" says {own}, the {place} {currency}'
            self.reader.problem(column, "two-currencies", what, "say one of them")
        # what is no number is told of as it stands
        return f"{text}{currency}" if units.is_decimal(text) else text

    def _beside(self) -> tuple[str, str]:
        """Return the currency of the row; where it is none, that is told once and any stands in."""
        if self._near is None:
            self._near = self._judged()
        return self._near

    def _judged(self) -> tuple[str, str]:
        beside = self.row.cells.get("currency", "").upper()
        if not beside or self.names is None or not self.names.currencies:
            return beside, ""
        before = len(self.reader.problems)
        self.names.judge_currency(self.reader, "currency", beside)
        if len(self.reader.problems) == before:
            return beside, ""
        return "", next(iter(self.names.currencies))

    def _sold(self, name: str, text: str) -> str:
        """Return an amount of a sale with its currency: its own, else the one beside it."""
        if not units.is_decimal(text):
            return text
        beside, stand_in = self._beside()
        currency = stand_in or beside or self.currency
        before = len(self.reader.problems)
        if currency and self.names is not None:
            self.names.judge_currency(self.reader, name, currency)  # of another row of the order
            if len(self.reader.problems) > before:
                currency = next(iter(self.names.currencies))
        return f"{text}{currency}"

    def of_piece(self, column: str, stated: Stated) -> Money | None:
        """Return an amount of one piece, times the pieces of the line; None when it is at fault."""
        text, unit = self.row.cells[column], self.row.units.get(column, "")
        text = self._with_unit(column, text, unit) if unit else self._sold(column, text)
        before = len(self.reader.problems)
        money = self.reader.read(column, text, units.parse_money, "bad-money")
        if money is not None and self.names is not None:
            self.names.judge_currency(self.reader, column, money.currency)
        if money is not None and money.amount[0] < 0:
            self.reader.problem(column, "bad-money", f"{text} is below 0")
        count = stated.quantity or self.quantity or "1"
        if money is None or len(self.reader.problems) > before or not _is_count(count):
            return None
        return replace(money, amount=units.times(money.amount, (int(count), 1)))

    def _with_unit(self, column: str, text: str, unit: str) -> str:
        """Return a number with the unit of its heading; one that it has already must be that."""
        if column in MONEY:
            text = without_sign(text)
        found = re.search(r"[A-Za-z]+$", text)
        if found is None:
            return f"{text}{unit}" if text[-1:].isdigit() else text
        known = units.WEIGHT_MG | units.LENGTH_DMM
        own = found[0] if column in MONEY else found[0].lower()
        said = own.upper() if column in MONEY else own
        if said != unit and (own in known or (column in MONEY and OWN_CURRENCY.search(text))):
            what = f'"{text}" says {own}, the heading {unit}'
            self.reader.problem(column, "two-units", what, f"leave the {own} out, or map no unit")
        return text

    def _price(self) -> str:
        """Return the price of a piece, as the row or else the catalogue has it."""
        if "unit_price" not in self.row.cells:
            return self.row.price
        self.aliases["value"] = "unit_price"
        return self._with_currency("unit_price", self.row.cells["unit_price"])

    def _line_value(self, text: str, stated: Stated) -> str:
        """Return the value of the whole line: the price of a piece, times its pieces."""
        count = stated.quantity or self.quantity or "1"
        try:
            price = units.parse_money(text)
        except units.Unreadable:
            return text  # read again as a value, and told of
        if not _is_count(count):
            return text  # the count is told of
        total = units.times(price.amount, (int(count), 1))
        return f"{units.ratio_text(total)}{price.currency}"

    def _size(self, stated: str) -> str:
        """Return three sides as one size; "" when a problem was noted."""
        cells = self.row.cells
        missing = [side for side in SIDES if side not in cells]
        if stated:
            self.reader.problem("size", "two-columns", "stated beside length, width or height")
        if missing:
            have = " and ".join(side for side in SIDES if side in cells)
            what = f"{have} without {' and '.join(missing)}"
            self.reader.problem(missing[0], "bad-size", what, "state all three sides, or none")
            return ""
        before = len(self.reader.problems)
        texts = []
        for side in SIDES:
            unit = self.row.units.get(side, "")
            text = self._with_unit(side, cells[side], unit) if unit else cells[side]
            long = self.reader.read(side, text, units.parse_length_dmm)
            if long is not None and long <= 0:
                what = f'"{text}" is a side of 0'
                self.reader.problem(side, "bad-size", what, "every side must be above 0")
            texts.append(f"{long or 0}")
        if len(self.reader.problems) > before:
            return ""
        return "x".join(f"{units.ratio_text((int(one), 10))}mm" for one in texts)


def column_of(name: str) -> str:
    """Return our column of a field of Stated.

    >>> column_of("price"), column_of("made_in")
    ('sale_price', 'origin')
    """
    return next((column for column, own in FIELDS.items() if own == name), name)


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit()


def without_sign(text: str) -> str:
    """Return an amount without a currency's sign before it, where the heading says the currency.

    >>> without_sign("$19.53"), without_sign("- 3")
    ('19.53', '- 3')
    """
    return text[1:].lstrip() if text and unicodedata.category(text[0]) == "Sc" else text


def country_code(text: str, names: Names | None) -> str:
    """Return the code of a country that is written by a name; else the text."""
    code = names.country(text) if names is not None else text
    return code if names is not None and code in names.countries else text


def order_currency(rows: tuple[OrderRow, ...], cells: tuple[Mapping[str, str], ...]) -> str:
    """Return the first currency that the rows of an order state."""
    for row, own in zip(rows, cells, strict=True):
        if not row.broken and (text := own.get("currency", "")):
            return text.upper()
    return ""
