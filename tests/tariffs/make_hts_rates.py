"""Printed rates of a made-up United States schedule, each with what it means, as exact fractions.

The counts are those measured on a real revision: see `GENERAL` and `COLUMN_2`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

# form -> lines of chapters 1 to 97: column 1 general, column 2
GENERAL = {
    "percent": 5863,
    "Free": 4315,
    "specific": 738,
    "specific + percent": 315,
    "several parts": 47,
    "words": 43,
    "other compound": 35,
    "each": 21,
    "percents on parts": 20,
    "several specifics": 15,
    "percent first": 2,
}
COLUMN_2 = {
    "percent": 7982,  # measured: 7983, one line more than has a general rate
    "thirds": 84,
    "Free": 757,
    "specific": 1214,
    "specific + percent": 1178,
    "several parts": 55,
    "words": 45,
    "other compound": 37,
    "each": 24,
    "percents on parts": 1,
    "several specifics": 35,
    "percent first": 2,
}
# unit as printed -> (unit of tables, how many of them), None: tables have no such unit; how common
UNITS: dict[str, tuple[tuple[str, Fraction] | None, int]] = {
    "kg": (("kg", Fraction(1)), 840),
    "liter": (("litre", Fraction(1)), 77),
    "bbl": (("litre", Fraction(158987294928, 10**9)), 25),
    "pr.": (("pair", Fraction(1)), 16),
    "jewel": (None, 10),
    "doz.": (("dozen", Fraction(1)), 9),
    "1000": (("item", Fraction(1000)), 5),
    "1,000 pins": (("item", Fraction(1000)), 1),
    "thou- sand": (("item", Fraction(1000)), 1),
    "gross": (("item", Fraction(144)), 7),
    "pf.liter": (("litre_alcohol", Fraction(1, 2)), 5),
    "pf. liter on ethyl alcohol content": (("litre_alcohol", Fraction(1, 2)), 2),
    "clean kg": (None, 6),
    "t": (("t", Fraction(1)), 4),
    "m²": (None, 4),
    "m3": (("litre", Fraction(1000)), 2),
    "head": (("item", Fraction(1)), 1),
    "article": (("item", Fraction(1)), 1),
    "kg on drained weight": (None, 4),
    "kg on contents and container": (None, 3),
    "t, including weight of container": (None, 1),
    "kg of total sugars": (None, 4),
    "kg on lead content": (None, 3),
}
WORDS = (
    "The rate applicable to the natural juice in heading 2009",
    "See additional U.S. note 4 to this chapter",
    "The rate of duty applicable to that article in the set subject to the highest rate of duty",
    "The rate of duty appli- cable to that article in the set subject to the highest rate of duty",
    "The rate applicable to each garment in the ensemble if separately entered",
    "The rate applicable, to each article in the absence of this subheading",
    "3.6606¢/kg less 0.020668¢/kg for each degree under 100 degrees (and fractions of a degree in "
    "proportion) but not less than 3.143854¢/kg",
)


@dataclass(frozen=True, slots=True)
class Part:
    """An addend: a share of the value or of a named part, or dollars per step of a unit."""

    amount: Fraction
    of: str = ""
    unit: str = ""
    step: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Printed:
    """A rate as printed; `parts` is None where tables cannot say it and words must stay."""

    text: str
    parts: tuple[Part, ...] | None
    form: str


Some = tuple[str, "tuple[Part, ...] | None"]


def a_rate(random: Random, form: str) -> Printed:
    """Return a rate of a form, with blanks, breaks and signs as careless as real exports have."""
    text, parts = _MAKERS[form](random)
    return Printed(_careless(random, text), parts, form)


def _percent(random: Random, on: str = "") -> Some:
    tenths = random.randint(5, 1100)
    text = f"{tenths / 10:g}%"
    return text, (Part(Fraction(tenths, 1000), of=on or "base"),)


def _thirds(random: Random) -> Some:
    whole, third = random.randint(1, 90), random.choice((1, 2))
    share = (whole + Fraction(third, 3)) / 100
    return f"{whole} {third}/3%", (Part(share, of="base"),)


def _money(random: Random) -> tuple[str, Fraction]:
    kind = random.randrange(4)
    if kind == 0:
        cents = random.randint(101, 999)
        return f"${cents / 100:.2f}", Fraction(cents, 100)
    if kind == 1:
        mils = random.randint(1, 999)
        return f"{mils / 10:g}¢", Fraction(mils, 1000)
    if kind == 2:
        mils = random.randint(1001, 3999)
        return f"${mils / 1000:g}", Fraction(mils, 1000)
    cents = random.randint(1, 99)
    return f"{cents}¢", Fraction(cents, 100)


def _specific(random: Random) -> Some:
    text, amount = _money(random)
    unit = random.choices(list(UNITS), [weight for _, weight in UNITS.values()])[0]
    known = UNITS[unit][0]
    parts = None if known is None else (Part(amount, unit=known[0], step=known[1]),)
    return f"{text}/{unit}", parts


def _each(random: Random) -> Some:
    text, amount = _money(random)
    return f"{text} each", (Part(amount, unit="item"),)


def _sum(*some: Some) -> Some:
    parts: list[Part] = []
    for _, one in some:
        if one is None:
            return " + ".join(text for text, _ in some), None
        parts += one
    return " + ".join(text for text, _ in some), tuple(parts)


def _compound(random: Random) -> Some:
    return _sum(random.choice((_specific, _each))(random), _percent(random))


def _on(random: Random, words: str, part: str) -> Some:
    text, parts = _percent(random, part)
    return f"{text} on the {words}", parts


def _watch(random: Random) -> Some:
    pieces = [_each(random), _on(random, "case", "case")]
    if random.random() < 0.6:
        pieces.append(_on(random, "strap, band or bracelet", "strap"))
    if random.random() < 0.6:
        pieces.append(_on(random, "battery", "battery"))
    return _sum(*pieces)


def _parts(random: Random) -> Some:
    chance = random.random()
    if chance < 0.1:
        text, parts = _percent(random)
        return f"{text} on the entire set", parts
    if chance < 0.7:
        text, both = _on(random, "movement and case", "movement")
        assert both is not None
        on_case = tuple(replace(part, of="case") for part in both)
        return _sum((text, (*both, *on_case)), _on(random, "battery", "battery"))
    return _sum(_on(random, "case", "case"), _on(random, "battery", "battery"))


def _odd(random: Random) -> Some:
    some = random.randrange(4)
    if some == 3:
        return (
            f"{_each(random)[0]} + {_percent(random)[0]} + {_money(random)[0]}/jewel over 7",
            None,
        )
    if some == 0:
        return f"{_money(random)[0]}/kg of total sugars + {_percent(random)[0]}", None
    if some == 1:
        return f"{_percent(random)[0]} on the value of the lead content", None
    return f"{_percent(random)[0]} + {_money(random)[0]} for each jewel, if any", None


def _specifics(random: Random) -> Some:
    chance = random.random()
    if chance < 0.5:
        return random.choice(
            ("Free, under bond, as prescribed in regulations", "Free, under bond")
        ), None
    if chance < 0.6:
        metals = ("copper", "lead", "zinc")
        return " + ".join(f"{_money(random)[0]}/kg on {metal} content" for metal in metals), None
    first, second = _money(random), _money(random)
    parts = (
        Part(first[1], unit="litre"),
        Part(second[1], unit="litre_alcohol", step=Fraction(1, 2)),
    )
    return f"{first[0]}/liter + {second[0]}/pf.liter", parts


_MAKERS = {
    "percent": _percent,
    "thirds": _thirds,
    "Free": lambda random: ("Free", (Part(Fraction(0), of="base"),)),
    "specific": _specific,
    "specific + percent": _compound,
    "several parts": _watch,
    "words": lambda random: (random.choice(WORDS), None),
    "other compound": _odd,
    "each": _each,
    "percents on parts": _parts,
    "several specifics": _specifics,
    "percent first": lambda random: _sum(_percent(random), _specific(random)),
}


def _careless(random: Random, text: str) -> str:
    chance = random.random()
    if chance < 0.03:
        return text + random.choice((" ", "\u00a0", "  "))
    if chance < 0.05 and " + " in text:
        return text.replace(" + ", random.choice(("+", " +", "+ ", "\u00a0+ ")), 1)
    if chance < 0.06 and text.endswith("%"):
        return text[:-1] + random.choice((" %", "\u00a0%", "%\u200b"))
    if chance < 0.07:
        return random.choice(("<i>{}</i>", "<p>{}</p>", "{}<br/>", "<il>{}</il>")).format(text)
    if chance < 0.09 and "/" in text and "/3%" not in text:
        return text.replace("/", "/ ", 1)
    return text
