"""Text to exact whole numbers and back: weights, sizes, money, days; the one half-up division.

No float ever: a number in text is a `Ratio` in lowest terms. Weights become whole milligrams,
lengths whole tenths of a millimetre, volumes their cube. What is not a whole number of these (1 oz
is 28349.523125 mg) is rounded half up, once: less than a millionth of any parcel's weight.

>>> parse_weight_mg("1.2kg"), parse_size_dmm("30x20x10cm"), parse_money("12.50 USD")
(1200000, (3000, 2000, 1000), Money(currency='USD', amount=(25, 2)))
"""

from __future__ import annotations

import re
from datetime import date
from math import gcd

from xborder_cli.core.rule import Money, Ratio

WEIGHT_MG: dict[str, Ratio] = {  # milligrams in one
    "mg": (1, 1),
    "g": (1_000, 1),
    "kg": (1_000_000, 1),
    "t": (1_000_000_000, 1),
    "oz": (45_359_237, 1_600),
    "lb": (45_359_237, 100),
}
LENGTH_DMM: dict[str, Ratio] = {"mm": (10, 1), "cm": (100, 1), "m": (10_000, 1), "in": (254, 1)}
VOLUME_DMM3: dict[str, Ratio] = {
    "mm3": (1_000, 1),
    "cm3": (1_000_000, 1),
    "ml": (1_000_000, 1),
    "in3": (254**3, 1),
    "litre": (1_000_000_000, 1),
    "cbm": (1_000_000_000_000, 1),
}
COUNTED = ("day", "item", "line", "hs6", "pair", "dozen", "package")
STATED = ("net_kg", "gross_kg", "litre_alcohol", "vol_hl")
UNITS = frozenset((*WEIGHT_MG, *LENGTH_DMM, *VOLUME_DMM3, *COUNTED, *STATED))
PLURALS = {"days": "day", "items": "item", "lines": "line", "pairs": "pair", "packages": "package"}

DECIMALS = 18  # after the point, in what we read and write
_NUMBER = rf"[+-]?\d{{1,18}}(?:\.\d{{1,{DECIMALS}}})?"
_DECIMAL = re.compile(_NUMBER)
_QUANTITY = re.compile(rf"({_NUMBER})\s*([A-Za-z][A-Za-z0-9_]*)")
_MONEY = re.compile(rf"({_NUMBER})\s*([A-Za-z]{{3}})")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_EPOCH = date(1970, 1, 1).toordinal()


class Unreadable(ValueError):  # noqa: N818 - reads as what it is: text that cannot be read
    """Text that is not what it should be: what is wrong, how to write it, and a stable code."""

    def __init__(self, what: str, fix: str = "", code: str = "bad-value") -> None:
        """Keep the words apart, so that a problem can show them on two lines."""
        super().__init__(f"{what}; {fix}" if fix else what)
        self.what = what
        self.fix = fix
        self.code = code


def ratio(numerator: int, denominator: int = 1) -> Ratio:
    """Return a fraction in lowest terms, denominator above 0.

    >>> ratio(10, -4)
    (-5, 2)
    """
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    shared = gcd(numerator, denominator)
    return numerator // shared, denominator // shared


def times(one: Ratio, other: Ratio) -> Ratio:
    """Return the product of two fractions."""
    return ratio(one[0] * other[0], one[1] * other[1])


def over(one: Ratio, other: Ratio) -> Ratio:
    """Return the quotient of two fractions."""
    return ratio(one[0] * other[1], one[1] * other[0])


def half_up(numerator: int, denominator: int) -> int:
    """Return numerator / denominator to the nearest whole number, halves away from zero.

    >>> half_up(5, 2), half_up(-5, 2), half_up(7, 3)
    (3, -3, 2)
    """
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    if numerator < 0:
        return -((-2 * numerator + denominator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


def is_decimal(text: str) -> bool:
    """Return whether the text is a plain decimal number."""
    return _DECIMAL.fullmatch(text) is not None


def parse_decimal(text: str, what: str = "number") -> Ratio:
    """Return an exact fraction from plain decimal text.

    Raises:
        Unreadable: anything else, such as a decimal comma or an exponent.

    >>> parse_decimal("12.50"), parse_decimal("-13")
    ((25, 2), (-13, 1))
    """
    text = text.strip()
    if not text.isascii() or _DECIMAL.fullmatch(text) is None:
        raise Unreadable(f'"{text}" is not a {what}', _comma_hint(text, "1.2"))
    whole, _, fraction = text.partition(".")
    if not fraction:
        return int(whole), 1
    return ratio(int(whole + fraction), 10 ** len(fraction))


def parse_ratio(text: str) -> Ratio:
    """Return a fraction from a decimal, a percent or two whole numbers.

    >>> parse_ratio("11/12"), parse_ratio("78 %"), parse_ratio("0.7")
    ((11, 12), (39, 50), (7, 10))
    """
    text = text.strip()
    if text.endswith("%"):
        return times(parse_decimal(text[:-1], "percent"), (1, 100))
    above, slash, below = text.partition("/")
    if not slash:
        return parse_decimal(text)
    top, bottom = parse_decimal(above), parse_decimal(below)
    if not bottom[0]:
        raise Unreadable(f'"{text}" divides by 0', "write a fraction such as 11/12")
    return over(top, bottom)


def parse_quantity(text: str, what: str = "quantity", example: str = "1.2kg") -> tuple[Ratio, str]:
    """Return number and unit of a text such as `0.5 kg`; the unit is one that tables know.

    >>> parse_quantity("0.5 kg"), parse_quantity("30 days")
    (((1, 2), 'kg'), ((30, 1), 'day'))
    """
    found = _QUANTITY.fullmatch(text.strip()) if text.isascii() else None
    if found is None:
        hint = _comma_hint(text, example)
        if is_decimal(text.strip()):
            hint = f"write the unit too, such as {example}"
        raise Unreadable(f'"{text}" is not a {what}', hint)
    unit = PLURALS.get(found[2], found[2])
    if unit not in UNITS:
        unit = PLURALS.get(unit.lower(), unit.lower())
    if unit not in UNITS:
        fix = f"units are {' '.join(sorted(UNITS))}"
        raise Unreadable(f'"{found[2]}" is not a unit', fix, "unknown-unit")
    return parse_decimal(found[1]), unit


def parse_weight_mg(text: str) -> int:
    """Return whole milligrams, half up, from `1.2kg`, `850 g`, `2.5 lb`, `16oz`.

    >>> parse_weight_mg("16oz"), parse_weight_mg("1 lb")
    (453592, 453592)
    """
    return _measure(text, WEIGHT_MG, "weight", "1.2kg")


def parse_length_dmm(text: str) -> int:
    """Return whole tenths of a millimetre, half up, from `30 cm`, `12.5in`."""
    return _measure(text, LENGTH_DMM, "length", "30cm")


def parse_volume_dmm3(text: str) -> int:
    """Return whole cubic tenths of a millimetre, half up, from `0.005 cbm`, `2 litre`."""
    return _measure(text, VOLUME_DMM3, "volume", "0.005cbm")


def parse_size_dmm(text: str) -> tuple[int, int, int]:
    """Return three sides in tenths of a millimetre from `30x20x10cm` or `12.2 x 8.1 x 5 in`.

    A side may have a unit of its own; the last one's holds for those without.
    """
    fix = "write length x width x height with a unit, such as 30x20x10cm"
    sides = [side.strip() for side in re.split(r"[xX*×]", text.strip())]
    unit = re.search(r"[A-Za-z]+$", sides[-1])
    if len(sides) != 3 or unit is None:
        raise Unreadable(f'"{text}" is not a size', _comma_hint(text, "30x20x10cm", fix))
    try:
        found = [
            parse_length_dmm(f"{side}{unit[0]}" if side and side[-1].isdigit() else side)
            for side in sides
        ]
    except Unreadable as problem:
        raise Unreadable(f'"{text}" is not a size', problem.fix or fix) from None
    if min(found) <= 0:
        raise Unreadable(f'"{text}" has a side of 0', "every side must be above 0")
    return found[0], found[1], found[2]


def parse_money(text: str) -> Money:
    """Return currency and amount from `12.50 USD` or, as command lines have it, `25USD`."""
    found = _MONEY.fullmatch(text.strip()) if text.isascii() else None
    if found is None:
        fix = "write the currency too, such as 25USD"
        if not is_decimal(text.strip()):
            fix = _comma_hint(text, "12.50USD", "write amount, then currency, such as 12.50USD")
        raise Unreadable(f'"{text}" is not an amount of money', fix)
    return Money(found[2].upper(), parse_decimal(found[1]))


def parse_day(text: str) -> int:
    """Return days since 1970-01-01 from `2026-03-01`.

    >>> parse_day("1970-01-02"), day_text(parse_day("2026-03-01"))
    (1, '2026-03-01')
    """
    found = _DAY.fullmatch(text.strip())
    fix = "write year-month-day, such as 2026-03-01"
    if found is None:
        raise Unreadable(f'"{text}" is not a day', fix, "bad-day")
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).toordinal() - _EPOCH
    except ValueError:
        raise Unreadable(f'"{text}" is not in the calendar', fix, "bad-day") from None


def day_text(day: int) -> str:
    """Return `2026-03-01` from days since 1970-01-01."""
    return date.fromordinal(day + _EPOCH).isoformat()


def to_minor(amount: Ratio, digits: int) -> int:
    """Return whole minor units, half up, of an amount in major units."""
    return half_up(amount[0] * 10**digits, amount[1])


def minor_text(minor: int, digits: int) -> str:
    """Return an amount in major units as text, with all of the currency's digits.

    >>> minor_text(1250, 2), minor_text(-5, 2), minor_text(120, 0)
    ('12.50', '-0.05', '120')
    """
    if not digits:
        return str(minor)
    sign = "-" if minor < 0 else ""
    whole, fraction = divmod(abs(minor), 10**digits)
    return f"{sign}{whole}.{fraction:0{digits}}"


def weight_text(milligrams: int) -> str:
    """Return kilograms with three digits, six where grams do not tell it all.

    >>> weight_text(800_000), weight_text(453_592)
    ('0.800', '0.453592')
    """
    if milligrams % 1_000:
        return minor_text(milligrams, 6)
    return minor_text(milligrams // 1_000, 3)


def length_text(tenths: int) -> str:
    """Return centimetres without needless zeros, from tenths of a millimetre.

    >>> length_text(3000), length_text(1254)
    ('30', '12.54')
    """
    return ratio_text(ratio(tenths, 100))


def ratio_text(value: Ratio, least_digits: int = 0) -> str:
    """Return the shortest exact decimal of a fraction, or `11/12` where none is, or none is read.

    >>> ratio_text((25, 2)), ratio_text((11, 12)), ratio_text((25, 2), 2)
    ('12.5', '11/12', '12.50')
    """
    top, bottom = value
    rest, twos, fives = bottom, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1 or max(twos, fives) > DECIMALS:
        return f"{top}/{bottom}"
    digits = max(twos, fives, least_digits)
    return minor_text(top * 10**digits // bottom, digits)


def percent_text(share: Ratio) -> str:
    """Return a share as a percent: `12.5 %`, or the fraction where no decimal is exact.

    >>> percent_text((1, 8)), percent_text((11, 39))
    ('12.5 %', '11/39')
    """
    text = ratio_text(times(share, (100, 1)))
    return ratio_text(share) if "/" in text else f"{text} %"


def _measure(text: str, units: dict[str, Ratio], what: str, example: str) -> int:
    number, unit = parse_quantity(text, what, example)
    if unit not in units:
        raise Unreadable(f'"{text}" is not a {what}', f"write it in {' '.join(units)}: {example}")
    top, bottom = units[unit]
    return half_up(number[0] * top, number[1] * bottom)


def _comma_hint(text: str, example: str, otherwise: str = "") -> str:
    if "," in text:
        return f"write {example}, with a point"
    return otherwise or f"write it like {example}"
