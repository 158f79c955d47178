"""Rates as the United States schedule prints them, to the grammar of tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from xborder_cli.tariffs.usitc_data import read_data

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_MONEY = rf"(?:\$\s*(?P<dollars>{_NUMBER})|(?P<cents>{_NUMBER})\s*(?:¢|cents?\b))"
_PER = re.compile(rf"{_MONEY}\s*(?:(?:/|\bper\b)\s*(?P<unit>\S.*)|(?P<each>each))", re.I)
_PERCENT = r"(?P<whole>\d+(?:\.\d+)?)(?:\s+(?P<above>\d)/(?P<below>[2-8]))?"
_SHARE = re.compile(
    rf"{_PERCENT}\s*(?:%|percent\b)(?:\s*ad\s+val(?:orem)?\.?)?(?:\s*on\s*(?P<part>\S.*))?", re.I
)
_CLAMP = re.compile(
    r"(?P<sum>.+?)[,;]?\s*\bbut\s+not\s+(?P<way>less|more)\s+than\s+(?P<limit>.+)", re.I
)
_PLUS = re.compile(r"\s*\+\s*")
_STRAP = r"strap,?\s*band,?\s*(?:or|and)\s*bracelet"
_PARTS = {  # of a watch or clock, as tables name them
    "case": re.compile(r"(?:the\s*)?cases?", re.I),
    "strap": re.compile(rf"(?:the\s*)?(?:{_STRAP}|straps?)", re.I),
    "battery": re.compile(r"(?:the\s*)?batter(?:y|ies)", re.I),
    "movement": re.compile(r"(?:the\s*)?movements?", re.I),
    "apparatus": re.compile(r"(?:the\s*)?apparatus", re.I),
}
_WHOLE = re.compile(r"(?:the\s*)?(?:entire|whole)\s*set", re.I)  # of a set: its whole value
_REFERENCE = re.compile(r"(?:the )?(?:rates?|duty|duties)\b|see\b|a rate\b|same\b", re.I)


@dataclass(frozen=True, slots=True)
class Rate:
    """A printed rate: TERMS of tables, or its own words in quotes with the reason."""

    text: str
    form: str  # what it looks like, for counting
    why: str = ""  # empty when it is read

    @property
    def free(self) -> bool:
        """Nothing is due."""
        return self.form == "Free" or self.text == "0 %"


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    kind: str  # each, specific, percent, part
    part: str = ""


class _WordsError(ValueError):
    """The rate, or a piece of it, says more than tables can."""


@lru_cache(maxsize=65_536)
def read_rate(printed: str) -> Rate:
    """Return a rate that stands in column 1 or 2, with blanks already put right.

    Whatever is not wholly understood stays in words: nothing is guessed, and nothing becomes 0.

    >>> read_rate("$1.035/kg +14.9%").text, read_rate("33 1/3%").text
    ('1.035 USD / kg + 14.9 %', '1/3')
    >>> read_rate("44¢ each + 6% on the case + 5.3% on the battery").text
    '0.44 USD / item + 6 % of case + 5.3 % of battery'
    >>> read_rate("3.6606¢/kg of total sugars").why
    'unit'
    """
    if printed.lower() == "free":
        return Rate("0 %", "Free")
    try:
        if found := _CLAMP.fullmatch(printed):
            whole, limit = _pieces(found["sum"]), _pieces(found["limit"])
            if any(piece.kind == "part" for piece in (*whole, *limit)):
                raise _WordsError("other")
            way = "min" if found["way"].lower() == "less" else "max"
            return Rate(f"{_joined(whole)} {way} {_joined(limit)}", "minimum or maximum")
        pieces = _pieces(printed)
        return Rate(_joined(pieces), _form(pieces))
    except _WordsError as reason:
        why = str(reason)
        if why == "other" and _REFERENCE.match(printed):
            why = "reference"
        return Rate(in_words(printed), f"words: {why}", why)


def in_words(text: str) -> str:
    """Return a rate that stays words, as a table writes it."""
    return '"words: {}"'.format(text.replace('"', "'"))


def _pieces(text: str) -> list[_Piece]:
    pieces = [_piece(piece) for piece in _split(text)]
    plain = [piece for piece in pieces if piece.kind == "percent"]
    named = [piece.part for piece in pieces if piece.kind == "part"]
    if len(plain) > 1 or len(named) != len(set(named)) or (plain and named):
        raise _WordsError("other")
    return pieces


def _split(text: str) -> list[str]:
    """Return the addends; a percent on two parts is one addend for each."""
    out = []
    for piece in _PLUS.split(text):
        found = re.fullmatch(r"(.*?\bon\s*)(.+?)\s+and\s+(.+)", piece, re.I)
        if found and all(_part_of(found[number]) for number in (2, 3)):
            out += [found[1] + found[2], found[1] + found[3]]
        else:
            out.append(piece)
    return out


def _piece(text: str) -> _Piece:
    if found := _PER.fullmatch(text):
        amount = Decimal((found["dollars"] or found["cents"]).replace(",", ""))
        if found["cents"]:
            amount /= 100
        unit = "item" if found["each"] else _unit(found["unit"])
        return _Piece(f"{_plain(amount)} USD / {unit}", "each" if found["each"] else "specific")
    if found := _SHARE.fullmatch(text):
        share = _percent(found)
        if found["part"] is None or _WHOLE.fullmatch(found["part"]):
            return _Piece(share, "percent")
        part = _part_of(found["part"])
        if not part:
            raise _WordsError("part")
        return _Piece(f"{share} of {part}", "part", part)
    raise _WordsError("other")


def _percent(found: re.Match[str]) -> str:
    """Return a percent; one that no decimal says is a fraction of the base."""
    whole, above, below = found["whole"], found["above"], found["below"]
    if above is None:
        return f"{_plain(Decimal(whole))} %"
    if int(above) >= int(below) or "." in whole:
        raise _WordsError("other")  # a blank that is not there, or one too many
    share = int(whole) + Fraction(int(above), int(below))
    decimal = share * 10**6
    if decimal.denominator == 1:
        return f"{_plain(Decimal(decimal.numerator) / 10**6)} %"
    of_base = share / 100
    return f"{of_base.numerator}/{of_base.denominator}"


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _part_of(text: str) -> str:
    for name, looks in _PARTS.items():
        if looks.fullmatch(text.strip()):
            return name
    return ""


def _unit(printed: str) -> str:
    known = _units().get(_key(printed))
    if not known:
        raise _WordsError("unit")
    return known


@lru_cache(maxsize=1)
def _units() -> dict[str, str]:
    return {_key(row["printed"]): row["unit"] for row in read_data("us_units.csv")}


def _key(unit: str) -> str:
    return re.sub(r"[\s.,-]", "", unit).lower()  # "-": "thou- sand", broken over two lines


def _joined(pieces: list[_Piece]) -> str:
    return " + ".join(piece.text for piece in pieces)


def _form(pieces: list[_Piece]) -> str:
    kinds = [piece.kind for piece in pieces]
    money = [kind for kind in kinds if kind in ("each", "specific")]
    if "part" in kinds:
        return "several parts" if money else "percent on parts"
    if len(kinds) == 1:
        return {"percent": "percent", "each": "each"}.get(kinds[0], "specific")
    if len(money) > 1:
        return "several specifics"
    return "percent first" if kinds[0] == "percent" else "specific + percent"
