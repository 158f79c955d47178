"""Cells of a list of rates that somebody keeps: codes, origins, rates and days as people write."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.terms import currencies_of, parse_terms
from xborder_cli.tariffs.duty_text import Duty, read_duty, words
from xborder_cli.tariffs.taric_areas import country_names, known_countries, union_members
from xborder_cli.tariffs.taric_measures import NO_CHAPTERS
from xborder_cli.tariffs.taric_sheet import day_of
from xborder_cli.units import Unreadable, is_decimal, parse_day

if TYPE_CHECKING:
    from xborder_cli.core.rule import Day, Terms

EVERY: Final = frozenset(
    ("", "-", "*", "any", "all", "all countries", "world", "mfn", "erga omnes", "1011")
)
FREE: Final = frozenset(("free", "nil", "duty free", "duty-free", "exempt", "免税", "零关税"))
OPEN: Final = frozenset(("", "-", "open", "null"))
_DOTS: Final = re.compile(r"[\s.\-]+")
_CUT: Final = re.compile(r"[\s,;|/+]+")
_CELLS: Final = re.compile(r" {2,}")
_THREE: Final = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?:[ T].*)?")
_SHARE: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(?:percent|per cent|pct|％)", re.IGNORECASE)
_MOST: Final = 14  # digits of a code in a table
_TYPED: Final = re.compile(r'="(.*)"')  # how a spreadsheet keeps a code from becoming a number
_HIGHEST: Final = 10  # shares of the value; above it only with a note


def as_typed(cell: str) -> str:
    """Return a cell without what spreadsheets put around a text.

    >>> as_typed('="0409.00"'), as_typed("0409.00")
    ('0409.00', '0409.00')
    """
    found = _TYPED.fullmatch(cell)
    return found[1].strip() if found else cell


def hs_of(text: str) -> str:
    """Return the digits of a code; `*` for every code.

    Raises:
        Unreadable: it is no code, or one whose first 0 was dropped.

    >>> hs_of("6109.10.00"), hs_of("6109 10"), hs_of("*")
    ('61091000', '610910', '*')
    """
    if text.strip().lower() in ("*", "all"):
        return "*"
    digits = _DOTS.sub("", text)
    if not (digits.isascii() and digits.isdigit()) or not 2 <= len(digits) <= _MOST:
        fix = "write its digits, with or without points, or * for every code"
        raise Unreadable(f'"{text}" is not an HS code', fix, "bad-hs")
    if len(digits) % 2:
        what = f'"{text}" has {len(digits)} digits, and codes have an even number'
        fix = f"if a spreadsheet dropped the 0 in front, write 0{digits}"
        raise Unreadable(what, fix, "bad-hs")
    if digits.startswith(NO_CHAPTERS):
        what = f'"{text}" is in no chapter of the Harmonized System'
        raise Unreadable(what, "mend the code", "bad-hs")
    return digits


def origins_of(text: str) -> tuple[str, ...]:
    """Return countries and unions; none for any origin.

    Raises:
        Unreadable: a country that nobody knows.

    >>> origins_of("China"), origins_of("CN; vn"), origins_of("all")
    (('CN',), ('CN', 'VN'), ())
    """
    whole = text.strip().lower()
    if whole in EVERY:
        return ()
    if whole in country_names():
        return (country_names()[whole],)
    found: list[str] = []
    for piece in _CUT.split(text.strip()):
        code = country_names().get(piece.lower(), piece.upper())
        if code not in known_countries() and code not in union_members():
            fix = "write two-letter codes such as CN, or a union such as EU"
            raise Unreadable(f'"{piece}" is not a known country', fix, "bad-origin")
        found.append(code)
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=65_536)
def rate_of(text: str, *, percents: bool = False) -> Duty:
    """Return a rate in the grammar of tables, or as tariffs commonly print it.

    Args:
        text: of the cell.
        percents: the heading says that plain numbers are percents.

    Raises:
        Unreadable: neither reads it.

    >>> rate_of("12.5%").rate, rate_of("Free").rate, rate_of("1.2 CNY / kg + 5 %").rate
    ('12.5 %', '0 %', '1.2 CNY / kg + 5 %')
    >>> rate_of("6.5", percents=True).rate
    '6.5 %'
    """
    plain = text.strip().strip('"').strip()
    if plain.lower() in FREE:
        return Duty("0 %", "free", text.strip())
    if plain.lower().startswith("words:"):
        return Duty(words(plain[6:]), "words", text.strip())
    if is_decimal(plain) and percents:
        plain = f"{plain} %"
    plain = _SHARE.sub(r"\1 %", plain)
    duty = read_duty(plain)
    if duty.read or not plain:
        if not plain:
            raise Unreadable("no rate is given", "write 0 % for free", "bad-rate")
        return Duty(duty.rate, duty.form, text.strip(), duty.note)
    try:
        terms = parse_terms(plain)
    except Unreadable as fault:
        if duty.form != "words":  # printed in a way that is known: it goes on in words
            return duty
        raise Unreadable(fault.what, fault.fix, "bad-rate") from None
    for currency in currencies_of(terms):
        if currency not in known_currencies():
            fix = "write its code by ISO 4217, such as USD"
            raise Unreadable(f'"{currency}" is not a known currency', fix, "bad-rate")
    return Duty(plain, _form(terms), text.strip())


def refuse_strange(rate: str, printed: str, *, noted: bool) -> None:
    """Refuse what the grammar reads and no tariff means: what lowers a duty, or is beyond measure.

    Args:
        rate: in the grammar of tables, or words.
        printed: of the cell, for the fault.
        noted: the list says in a note what the rate is.

    Raises:
        Unreadable: a part is below 0, or a percent above 1,000 that no note speaks of.

    >>> refuse_strange("12.5 %", "12.5%", noted=False)
    """
    terms = parse_terms(rate.strip('"'))
    for each in (terms, terms.low, terms.high):
        for part in each.parts if each is not None else ():
            top, bottom = part.amount
            if top < 0:
                what = f'"{printed}" is below 0, and would lower what other duties ask'
                raise Unreadable(what, "write 0 % for free, or mend it", "bad-rate")
            if not part.currency and not noted and top > _HIGHEST * bottom:
                what = f'"{printed}" is above {_HIGHEST * 100:,} %'
                fix = "mend it, or say in a column note where the rate comes from"
                raise Unreadable(what, fix, "bad-rate")


def day_in(text: str) -> Day | None:
    """Return a day; None where the span is open.

    Raises:
        Unreadable: it is no day, or two days at once: 03/04/2026 is in March and in April.

    >>> day_in("2026/1/5") == day_in("5.1.2026") == day_in("20260105")
    True
    """
    text = text.strip()
    if text.lower() in OPEN:
        return None
    if len(text) == 8 and text.isdigit():
        return parse_day(f"{text[:4]}-{text[4:6]}-{text[6:]}")
    found = _THREE.fullmatch(text)
    if found is None:
        return day_of(text)
    first, sign, second, third = found.groups()
    if len(first) == 4:
        return parse_day(f"{first}-{second:0>2}-{third:0>2}")
    if len(third) != 4:
        return day_of(text)
    if sign == "." or int(first) > 12 or first == second:
        return parse_day(f"{third}-{second:0>2}-{first:0>2}")
    if int(second) > 12:
        return parse_day(f"{third}-{first:0>2}-{second:0>2}")
    what = f'"{text}" may be two days'
    raise Unreadable(what, f"write {third}-{second:0>2}-{first:0>2} or the other", "bad-day")


@cache
def known_currencies() -> frozenset[str]:
    """Return the currencies that the bundled tables know; the grid is read as it stands."""
    text = (bundled_folder() / "currencies.yaml").read_text(encoding="utf-8")
    _, _, grid = text.partition("\ncurrencies: |\n")
    lines = (_CELLS.split(line.strip()) for line in grid.splitlines()[1:])
    return frozenset(cells[0] for cells in lines if len(cells) > 2)


def _form(terms: Terms) -> str:
    if terms.low is not None or terms.high is not None:
        return "min-max"
    if len(terms.parts) > 1:
        return "compound"
    return "specific" if terms.parts[0].currency else "ad-valorem"
