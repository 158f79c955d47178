"""Distinct texts read as weights, sizes, money, days and counts.

What is plain is read in columns; the rest is left to the scalar reader, which says what is wrong.
A reading is right wherever it says ok: the same as `units` and `adapters.order_cells` give.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xborder_cli import units
from xborder_cli.adapters.order_days import YEAR_FIRST, plain_day
from xborder_cli.adapters.order_limits import COUNT, SIDE_DMM, WEIGHT_MG
from xborder_cli.batch.coded import Coded
from xborder_cli.batch.plain_numbers import LONGEST, TENS, Decimals, decimals, half_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xborder_cli.core.columns import BoolColumn, IntColumn
    from xborder_cli.core.rule import Ratio

NO_CURRENCY: Final = -1
_CURRENCY: Final = re.compile(r"\s*([A-Za-z]{3})")
_NUMBER: Final = rf"[0-9.]{{1,{LONGEST}}}"
_BY: Final = "[ ]*[xX*×][ ]*"
_SIZE: Final = (
    rf"^(?P<a>{_NUMBER}){_BY}(?P<b>{_NUMBER}){_BY}(?P<c>{_NUMBER})(?P<unit>[ ]*[A-Za-z]*)$"
)
_DATED: Final = f"^{YEAR_FIRST.pattern}$".replace(r"\2", "[-/.]")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_TEN: Final = len("2026-11-22")


@dataclass(frozen=True, slots=True)
class Numbers:
    """What distinct texts mean as whole numbers, and which of them are sure."""

    values: IntColumn  # shape (k,) or (k, 3)
    ok: BoolColumn  # shape (k,)


@dataclass(frozen=True, slots=True)
class Amounts:
    """What distinct texts mean as money: `digits / 10**places` of a currency."""

    digits: IntColumn
    places: IntColumn
    currency: IntColumn  # code into the currencies, NO_CURRENCY where the text names none
    ok: BoolColumn


def weights(texts: pa.Array, unit: str) -> Numbers:
    """Return milligrams, above 0; `unit` is that of the heading."""
    return _measured(texts, unit, units.WEIGHT_MG, WEIGHT_MG)


def lengths(texts: pa.Array, unit: str) -> Numbers:
    """Return tenths of a millimetre, above 0; `unit` is that of the heading."""
    return _measured(texts, unit, units.LENGTH_DMM, SIDE_DMM)


def sizes(texts: pa.Array, unit: str) -> Numbers:
    """Return three sides in tenths of a millimetre, shape (k, 3)."""
    texts = texts.cast(pa.string())
    parts = pc.extract_regex(texts, pattern=_SIZE)
    ok = np.asarray(parts.is_valid())
    values = np.zeros((len(texts), 3), dtype=np.int64)
    rest = pc.fill_null(parts.field("unit"), "")
    for place, side in enumerate("abc"):
        number = pc.fill_null(parts.field(side), "")
        found = _scaled(decimals(number), Coded.of(rest), unit, units.LENGTH_DMM, SIDE_DMM)
        values[:, place] = found.values
        ok = ok & found.ok
    return Numbers(values, ok)


def counts(texts: pa.Array) -> Numbers:
    """Return whole numbers above 0."""
    found = decimals(texts)
    plain = np.asarray(pc.equal(found.rest, "")) & (found.places == 0)
    return Numbers(found.digits, found.ok & plain & (found.digits > 0) & (found.digits <= COUNT))


def days(texts: pa.Array, form: str, memo: dict[tuple[str, str], int]) -> Numbers:
    """Return days since 1970-01-01 of texts that put the year first, or what a form says.

    Args:
        texts: distinct.
        form: of the heading, such as dd/mm/yyyy.
        memo: keeps what was read.
    """
    texts = texts.cast(pa.string())
    head = texts
    if len(texts) and pc.max(pc.binary_length(texts)).as_py() > _TEN:
        dated = pc.match_substring_regex(texts, _DATED)
        iso = pc.match_substring_regex(texts, r"^\d{4}-\d{2}-\d{2}")
        head = pc.if_else(pc.and_(dated, iso), pc.utf8_slice_codeunits(texts, 0, _TEN), texts)
    coded = Coded.of(head)
    found = np.array([_day(text, form, memo) for text in coded.texts.to_pylist()], dtype=np.int64)
    values = found[coded.codes] if coded.codes.size else coded.codes
    return Numbers(values, values != _NO_DAY)


_NO_DAY: Final = -(2**40)


def _day(text: str, form: str, memo: dict[tuple[str, str], int]) -> int:
    key = text, form
    if key not in memo:
        try:
            memo[key] = units.parse_day(plain_day(text, form))
        except units.Unreadable:
            memo[key] = _NO_DAY
    return memo[key]


def amounts(texts: pa.Array, unit: str, code: Mapping[str, int]) -> Amounts:
    """Return amounts of money, 0 or more.

    Args:
        texts: distinct.
        unit: currency of the heading; a text that names another is not sure.
        code: of each known currency.
    """
    if unit:
        texts = pc.replace_substring_regex(texts.cast(pa.string()), r"^\p{Sc}\s*", "")
    found = decimals(texts)
    rest = Coded.of(found.rest)
    own = np.full(len(rest.texts) + 1, NO_CURRENCY, dtype=np.int64)
    sure = np.zeros(len(rest.texts) + 1, dtype=bool)
    for at, text in _few(rest):
        match = _CURRENCY.fullmatch(text)
        name = match[1].upper() if match else unit
        sure[at] = (not text or match is not None) and (not name or name in code)
        sure[at] &= not unit or name == unit
        own[at] = code.get(name, NO_CURRENCY)
    return Amounts(found.digits, found.places, own[rest.codes], found.ok & sure[rest.codes])


def _measured(texts: pa.Array, unit: str, table: Mapping[str, Ratio], most: int) -> Numbers:
    found = decimals(texts)
    return _scaled(found, Coded.of(found.rest), unit, table, most)


def _scaled(
    found: Decimals, rest: Coded, unit: str, table: Mapping[str, Ratio], most: int
) -> Numbers:
    """Return numbers in the unit that follows each, or in that of the heading."""
    top = np.ones(len(rest.texts) + 1, dtype=np.int64)
    bottom = np.ones(len(rest.texts) + 1, dtype=np.int64)
    sure = np.zeros(len(rest.texts) + 1, dtype=bool)
    for at, text in _few(rest):
        ratio = _unit_ratio(text, unit, table)
        if ratio is not None:
            top[at], bottom[at] = ratio
            sure[at] = True
    codes = rest.codes
    long = TENS[np.minimum(found.places, LONGEST)]
    values, exact = half_up(found.digits, top[codes], bottom[codes] * long)
    ok = found.ok & sure[codes] & exact & (values > 0) & (values <= most)
    ok &= found.places <= 9  # so that a divisor cannot overflow
    return Numbers(values, ok)


def _few(rest: Coded) -> list[tuple[int, str]]:
    """Return the first distinct endings with their codes: a file has few that mean something."""
    return list(enumerate(rest.texts[:256].to_pylist()))


def _unit_ratio(text: str, heading: str, table: Mapping[str, Ratio]) -> Ratio | None:
    if not text:
        return table.get(heading)
    try:
        number, unit = units.parse_quantity(f"1{text}")
    except units.Unreadable:
        return None
    if number != (1, 1) or (heading and unit != heading):
        return None
    return table.get(unit)
