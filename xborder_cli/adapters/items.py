"""One item line as text, `goods=..., qty=2, value=9.90USD, litre=0.75`, and the item it means."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from xborder_cli import units
from xborder_cli.adapters.stated import Stated, flag_of
from xborder_cli.core.shipment import Item

if TYPE_CHECKING:
    from xborder_cli.adapters.names import Names
    from xborder_cli.adapters.reader import Reader
    from xborder_cli.core.rule import Money, Ratio

KEYS = {  # word -> field
    "goods": "goods",
    "hs": "hs",
    "origin": "origin",
    "qty": "quantity",
    "quantity": "quantity",
    "value": "value",
    "trait": "traits",
    "claim": "claims",
}
WEIGHT_UNITS = {"net": "net_kg", "gross": "gross_kg"}
MEASURED = {  # word -> (unit that tables count, how many of it one is)
    "pair": ("pair", (1, 1)),
    "litre": ("litre", (1, 1)),
    "ml": ("litre", (1, 1000)),
    "litre_alcohol": ("litre_alcohol", (1, 1)),
    "vol_hl": ("litre_alcohol", (1, 1)),
    "net_kg": ("net_kg", (1, 1)),
    "gross_kg": ("gross_kg", (1, 1)),
}
KNOWN = (*KEYS, *WEIGHT_UNITS, *MEASURED)
# of the whole parcel, so that none of these names a part of an article
OF_PARCEL = {flag_of(one.name) for one in fields(Stated)} | {one.name for one in fields(Stated)}
# columns of rows that are one line each -> what is stated of a whole order instead
OF_ROW = {"item_price": "sale_price", "item_cogs": "cogs"}
HS = re.compile(r"[0-9]{6,10}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemText:
    """What was said of one item line; value, units and parts are of the whole line."""

    goods: str = ""
    hs: str = ""
    origin: str = ""
    quantity: str = ""
    value: str = ""
    units: tuple[str, ...] = ()  # litre=0.75, net=0.2kg
    parts: tuple[str, ...] = ()  # battery=1.50
    traits: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str, reader: Reader) -> ItemText:
        """Return the parts of one --item; words that no field has are parts of the article."""
        single: dict[str, str] = {}
        many: dict[str, list[str]] = {"units": [], "parts": [], "traits": [], "claims": []}
        for piece in text.split(","):
            word, equals, value = (part.strip() for part in piece.partition("="))
            if not (word and equals and value):
                fix = "write goods=..., qty=2, value=9.90USD; decimals have a point"
                reader.problem("items", "bad-item", f'"{piece.strip()}" is not KEY=VALUE', fix)
            elif word in WEIGHT_UNITS or word in MEASURED:
                many["units"].append(f"{word}={value}")
            elif word not in KEYS:
                near = difflib.get_close_matches(word, KNOWN, 1, 0.75)
                if near:
                    reader.problem("items", "bad-item", f'no key "{word}"', f"write {near[0]}=")
                elif word in OF_PARCEL:
                    what = f'"{word}" is of the whole parcel, not of an item'
                    fix = "net=0.2kg states what the goods of a line weigh"
                    reader.problem("items", "bad-item", what, fix)
                elif word in OF_ROW:
                    what = f'"{word}" is a column of rows, not of an item in a list'
                    fix = f"state {OF_ROW[word]} of the whole order"
                    reader.problem("items", "bad-item", what, fix)
                many["parts"].append(f"{word}={value}")
            elif KEYS[word] in many:
                many[KEYS[word]].append(value)
            else:
                single[KEYS[word]] = value
        return cls(**single, **{key: tuple(values) for key, values in many.items()})  # type: ignore[arg-type]  # keys are our fields

    def filled_from(self, common: ItemText) -> ItemText:
        """Return this with what is blank taken from what holds for every item."""
        return replace(
            self,
            goods=self.goods or ("" if self.hs else common.goods),
            hs=self.hs or ("" if self.goods else common.hs),
            origin=self.origin or common.origin,
            traits=(*common.traits, *self.traits),
            claims=(*common.claims, *self.claims),
        )


def read_item(
    text: ItemText, reader: Reader, names: Names | None, *, place: str = "value"
) -> Item | None:
    """Return the item, or None when a problem was noted; `place` is the field that held it."""
    before = len(reader.problems)
    if not text.value:
        reader.problem(place, "missing", "an item has no value", "write value=9.90USD")
    value = reader.read("value", text.value, units.parse_money, "bad-value")
    if value is not None and value.amount[0] < 0:
        reader.problem("value", "bad-value", f"{text.value} is below 0")
    if value is not None and names is not None:
        names.judge_currency(reader, "value", value.currency)
    if text.goods and names is not None:
        names.judge_goods(reader, "goods", text.goods)
    origin = text.origin.upper()
    if names is not None:
        origin = names.country(text.origin)
        names.judge_country(reader, "made_in", origin)
    hs = read_hs(text.hs, reader)
    traits, claims = text.traits, text.claims
    if names is not None:
        traits = tuple(names.spelt(reader, "traits", "trait", one) for one in traits)
        claims = tuple(names.spelt(reader, "claims", "claim", one) for one in claims)
    quantity = text.quantity or "1"
    if not (quantity.isascii() and quantity.isdigit() and int(quantity) > 0):
        what = f'"{quantity}" is not a whole number of pieces'
        reader.problem("quantity", "bad-quantity", what, "write 1 or more")
    measured = _measured(text.units, reader)
    parts = _parts(text, value, reader)
    if len(reader.problems) > before or value is None:
        return None
    return Item(
        value=value,
        quantity=int(quantity),
        goods=text.goods,
        hs=hs,
        origin=origin,
        traits=traits,
        claims=claims,
        units=measured,
        parts=parts,
    )


def read_hs(text: str, reader: Reader) -> str:
    """Return an HS code of digits alone; `6109.10` and `6109 10` are read too."""
    digits = re.sub(r"[.\s]", "", text)
    if digits and not HS.fullmatch(digits):
        if digits.isdigit():
            what = f'"{text}" has {len(digits)} digits; an HS code has 6 to 10'
        else:
            what = f'"{text}" is not an HS code'
        reader.problem("hs", "bad-hs", what, "write at least 6 digits, such as 610910")
    return digits


def _measured(texts: tuple[str, ...], reader: Reader) -> dict[str, Ratio]:
    """Return what the line measures, in the units that tables count."""
    found: dict[str, Ratio] = {}
    for text in texts:
        word, _, value = (part.strip() for part in text.partition("="))
        if word in WEIGHT_UNITS:
            weight = reader.read("units", value, units.parse_weight_mg, "bad-weight")
            if weight is not None and _no_credit("units", "bad-weight", text, weight, reader):
                found[WEIGHT_UNITS[word]] = units.ratio(weight, 1_000_000)
        elif word in MEASURED:
            unit, factor = MEASURED[word]
            number = reader.read("units", value, units.parse_decimal, "bad-unit")
            if number is not None and _no_credit("units", "bad-unit", text, number[0], reader):
                found[unit] = units.times(number, factor)
        else:
            fix = f"known are {', '.join((*WEIGHT_UNITS, *MEASURED))}, as in litre=0.75"
            reader.problem("units", "bad-unit", f'no unit "{word}"', fix)
    return found


def _parts(item: ItemText, whole: Money | None, reader: Reader) -> dict[str, Ratio]:
    """Return the values of named parts of the article, in the currency of its value."""
    currency = whole.currency if whole else ""
    found: dict[str, Ratio] = {}
    for text in item.parts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals:
            reader.problem("parts", "bad-part", f'"{text}" has no "="', "write battery=1.50")
            continue
        number = reader.read(
            "parts", value.upper().removesuffix(currency).strip(), units.parse_decimal, "bad-part"
        )
        if number is None or not _no_credit("parts", "bad-part", text, number[0], reader):
            continue
        if whole is not None and number[0] * whole.amount[1] > whole.amount[0] * number[1]:
            what = f"{text} is more than the value of its line, {item.value}"
            reader.problem("parts", "bad-part", what, "a part is within that value")
            continue
        found[name] = number
    return found


def _no_credit(field: str, code: str, text: str, number: int, reader: Reader) -> bool:
    """Tell whether what goods hold is no less than nothing, and note a problem when it is."""
    if number < 0:
        reader.problem(field, code, f"{text} is below 0")
    return number >= 0
