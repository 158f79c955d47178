"""The Special column of the United States schedule: who may claim which lower rate."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from xborder_cli.tariffs.us_rate_text import in_words, read_rate
from xborder_cli.tariffs.usitc_data import read_data
from xborder_cli.units import Unreadable, parse_day

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping

    from xborder_cli.core.rule import Day
    from xborder_cli.tariffs.us_rate_text import Rate

_SEGMENT = re.compile(r"([^()]+)\(([^()]*)\)")
_CODE = re.compile(r"[A-Z]{1,2}[+*]?")
_UNBRACKETED = re.compile(r"(.*\S)\s+([A-Z]{1,2}[+*]?)")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?) %")


@dataclass(frozen=True, slots=True)
class Segment:
    """A rate and the codes of the programmes that have it."""

    printed: str
    codes: tuple[str, ...]


class Offer(NamedTuple):
    """A rate until a day: what a row of a table says to those who make the claim."""

    rate: str
    until: Day | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a country's goods pay when the claim is made."""

    offer: Offer
    printed: str
    certain: bool  # a number, no words


@dataclass(frozen=True, slots=True)
class Code:
    """A programme code of the column."""

    claim: str
    countries: tuple[str, ...]  # empty: any
    until: Day | None
    reads: str  # yes, words, no


Key = tuple[str, str]  # country, claim


@lru_cache(maxsize=1)
def codes() -> dict[str, Code]:
    """Return what each code of the column means."""
    return {
        row["code"]: Code(
            row["claim"], tuple(row["countries"].split()), _day(row["until"]), row["reads"]
        )
        for row in read_data("us_programmes.csv")
    }


def _day(text: str) -> Day | None:
    try:
        return parse_day(text) if text else None
    except Unreadable as fault:
        raise ValueError(f"us_programmes.csv: {fault}") from fault


@lru_cache(maxsize=65_536)
def segments(printed: str) -> tuple[tuple[Segment, ...], str]:
    """Return the segments of a cell, and what of it is none.

    >>> segments("Free (A, AU ,BH)8.8¢/liter(JO)")[0][1]
    Segment(printed='8.8¢/liter', codes=('JO',))
    >>> segments("Free PA")[0]
    (Segment(printed='Free', codes=('PA',)),)
    """
    found: list[Segment] = []
    at, lost = 0, []
    for match in _SEGMENT.finditer(printed):
        if between := printed[at : match.start()].strip(" ,;"):
            lost.append(between)
        at = match.end()
        named = _codes(match[2])
        rate = match[1].strip(" ,;")
        if named and rate:
            found.append(Segment(rate, named))
        else:
            lost.append(match[0].strip())
    rest = printed[at:].strip(" ,;.")
    if rest and (bare := _UNBRACKETED.fullmatch(rest)) and bare[2] in codes():
        found.append(Segment(bare[1], (bare[2],)))
    elif rest:
        lost.append(rest)
    return tuple(found), " ".join(lost)


def _codes(text: str) -> tuple[str, ...]:
    named = re.split(r"[,;\s]+", re.sub(r"\s+([+*])", r"\1", text).strip(" ,;"))
    return tuple(named) if all(_CODE.fullmatch(code) for code in named) else ()


def claims(printed: str, counts: Counter[str]) -> Mapping[Key, Claimed]:
    """Return what each country may claim on a line, by country and claim; country "" is any.

    Args:
        printed: the cell, blanks put right.
        counts: forms of the segments, added to.
    """
    found, forms = _claims(printed)
    for form in forms:
        counts[form] += 1
    return found


@lru_cache(maxsize=65_536)
def _claims(printed: str) -> tuple[Mapping[Key, Claimed], tuple[str, ...]]:
    """Return the claims of a cell, and the forms of its segments: many lines print the same."""
    out: dict[Key, Claimed] = {}
    forms: list[str] = []
    found, lost = segments(printed)
    if lost:
        forms.append("words: no segment")
    for segment in found:
        rate = read_rate(segment.printed)
        see = re.match(r"see\b", segment.printed, re.I)
        forms.append("words: see chapter 98 or 99" if see else rate.form)
        for code in _live(segment, forms):
            claimed = _claimed(segment, rate, code)
            for country in code.countries or ("",):
                key = country, code.claim
                out[key] = _better(out[key], claimed) if key in out else claimed
    return MappingProxyType(out), tuple(forms)


def _live(segment: Segment, forms: list[str]) -> Iterator[Code]:
    for name in segment.codes:
        code = codes().get(name)
        if code is None:
            forms.append(f"unknown code {name}")
        elif code.reads == "no":
            forms.append(f"lapsed {name}")
        else:
            yield code


def _claimed(segment: Segment, rate: Rate, code: Code) -> Claimed:
    if code.reads == "words":
        text = in_words(f"{segment.printed}: some goods or countries are left out")
        return Claimed(Offer(text, code.until), segment.printed, certain=False)
    return Claimed(Offer(rate.text, code.until), segment.printed, certain=not rate.why)


def _better(one: Claimed, other: Claimed) -> Claimed:
    """Return the lower of two offers; a number beats words, what cannot be compared is words."""
    if one.certain != other.certain:
        return one if one.certain else other
    (rate, until), (other_rate, other_until) = one.offer, other.offer
    if rate == other_rate:
        return one if until is None or (other_until and until >= other_until) else other
    if until == other_until:
        if "0 %" in (rate, other_rate):
            return one if rate == "0 %" else other
        shares = [_PERCENT.fullmatch(text) for text in (rate, other_rate)]
        if shares[0] and shares[1]:
            return one if Decimal(shares[0][1]) <= Decimal(shares[1][1]) else other
    both = f"{one.printed}; {other.printed}"
    return Claimed(Offer(in_words(f"two rates: {both}"), None), both, certain=False)
