"""Units and the quanta in which the core counts them.

A measure is a column of whole quanta: mg, tenths of mm, their cubes, millionths of a unit, days.
A unit is a `Ratio` of quanta, so that nothing is rounded when it is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xborder_cli.units import PLURALS, half_up, times

if TYPE_CHECKING:
    from xborder_cli.core.rule import Ratio

MICRO: Final = 1_000_000  # quanta of a unit that the goods state: pair, litre, net_kg, ...
LB_QUANTA: Final = 1600  # pounds are held in hundredths of an ounce
MG_PER_LB: Final[Ratio] = (45_359_237, 100)
CBM: Final = 10**12  # cubic tenths of a millimetre

WEIGHT_UNITS: Final[dict[str, Ratio]] = {
    "kg": (MICRO, 1),
    "g": (1000, 1),
    "t": (1000 * MICRO, 1),
    "lb": MG_PER_LB,
    "oz": (45_359_237, 1600),
}
LENGTH_UNITS: Final[dict[str, Ratio]] = {
    "mm": (10, 1),
    "cm": (100, 1),
    "m": (10_000, 1),
    "in": (254, 1),
}
VOLUME_UNITS: Final[dict[str, Ratio]] = {"cm3": (MICRO, 1), "cbm": (CBM, 1), "in3": (254**3, 1)}
COUNT_UNITS: Final = ("item", "line", "hs6", "package", "day")
# what one stated unit is in another: a dozen is 12 items, a pair its own count
ALIASES: Final[dict[str, tuple[str, Ratio]]] = {
    "ml": ("litre", (1, 1000)),
    "vol_hl": ("litre_alcohol", (1, 1)),  # 1 % vol of 100 litres is 1 litre of alcohol
    "dozen": ("item", (12, 1)),
    "net_g": ("net_kg", (1, 1000)),
    "gross_g": ("gross_kg", (1, 1000)),
}

LENGTH_MEASURES: Final = (
    "longest",
    "middle",
    "shortest",
    "sides_sum",
    "girth",
    "length_plus_girth",
    "longest_plus_shortest",
)


def quanta_of(amount: Ratio, unit: str) -> int:
    """Return a limit in quanta of what its unit measures; plain numbers and counts stay.

    >>> quanta_of((5, 2), "kg"), quanta_of((3, 1), "items"), quanta_of((1, 2), "litre")
    (2500000, 3, 500000)
    """
    for units in (WEIGHT_UNITS, LENGTH_UNITS, VOLUME_UNITS):
        if unit in units:
            return half_up(*times(amount, units[unit]))
    unit = PLURALS.get(unit, unit)
    if unit and unit not in COUNT_UNITS:
        amount = times(times(amount, ALIASES.get(unit, ("", (1, 1)))[1]), (MICRO, 1))
    return amount[0] // amount[1]


def kind_of(unit: str) -> str:
    """Return what a unit measures, to tell which factor of a rate a band cuts into parts.

    >>> kind_of("lb"), kind_of("days"), kind_of("pair")
    ('weight', 'day', 'pair')
    """
    if unit in WEIGHT_UNITS:
        return "weight"
    if unit in VOLUME_UNITS:
        return "volume"
    if unit in ("day", "days"):
        return "day"
    if unit in ("item", "items"):
        return "item"
    return unit


def quanta_per(unit: str, counted: Ratio) -> Ratio:
    """Return quanta per unit of weight or volume; other units are those that are counted.

    >>> quanta_per("t", (MICRO, 1)), quanta_per("item", (1, 1))
    ((1000000000, 1), (1, 1))
    """
    return WEIGHT_UNITS.get(unit) or VOLUME_UNITS.get(unit) or counted
