"""The unit that a heading names: `weight_g`, `Weight (lb)`, `value_usd`, `Price (EUR)`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xborder_cli.adapters.order_cells import OF_PIECE, SALE, SIDES
from xborder_cli.adapters.order_days import DAY_FORMS
from xborder_cli.adapters.order_rows import normal
from xborder_cli.core.shipment import MONEY_INPUTS

if TYPE_CHECKING:
    from collections.abc import Collection

WEIGHTS: Final = {
    "mg": "mg", "g": "g", "kg": "kg", "t": "t", "oz": "oz", "lb": "lb",
    "gram": "g", "grams": "g", "gr": "g", "kgs": "kg", "kilogram": "kg", "kilograms": "kg",
    "ounce": "oz", "ounces": "oz", "lbs": "lb", "pound": "lb", "pounds": "lb",
}  # fmt: skip
LENGTHS: Final = {
    "mm": "mm", "cm": "cm", "m": "m", "in": "in", "inch": "in", "inches": "in",
    "millimetres": "mm", "millimeters": "mm", "centimetres": "cm", "centimeters": "cm",
}  # fmt: skip
OF_WEIGHT: Final = ("weight",)
OF_LENGTH: Final = ("size", *SIDES)
OF_MONEY: Final = (
    "value",
    "unit_price",
    *OF_PIECE,
    *(SALE.get(name, name) for name in MONEY_INPUTS),
    "used_this_year",
    "used_this_half_year",
    "declared_this_day",
)
_BRACKETED: Final = re.compile(r"(.*\S)\s*[(\[]\s*([A-Za-z]+(?:[-/.][A-Za-z]+){0,2})\s*[)\]]")


def split_unit(heading: str) -> tuple[str, str]:
    """Return a heading as we write ours, and the word that may be its unit; "" for none.

    >>> split_unit("Weight (lb)"), split_unit("gross weight_KG"), split_unit("to")
    (('weight', 'lb'), ('gross_weight', 'kg'), ('to', ''))
    """
    found = _BRACKETED.fullmatch(heading.strip())
    if found is not None:
        return normal(found[1]).strip("_"), found[2].lower()
    base, _, last = normal(heading).rpartition("_")
    return (base, last) if base and last.isalpha() else (normal(heading), "")


def unit_of(column: str, word: str, currencies: Collection[str]) -> str:
    """Return the unit that a word means for one of our columns; "" when it means none.

    >>> unit_of("weight", "lbs", ()), unit_of("value", "usd", ["USD"]), unit_of("value", "kg", ())
    ('lb', 'USD', '')
    """
    if column in OF_WEIGHT:
        return WEIGHTS.get(word, "")
    if column in OF_LENGTH:
        return LENGTHS.get(word, "")
    if column == "ordered_on":
        return word if word in DAY_FORMS else ""
    if column in OF_MONEY and word.upper() in currencies:
        return word.upper()
    return ""
