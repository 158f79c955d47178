"""The Special column of the United States schedule: who may claim which lower rate."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from xborder_cli.tariffs.us_rate_text import in_words, read_rate
from xborder_cli.tariffs.usitc_data import read_data
from xborder_cli.units import Unreadable, parse_day

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from xborder_cli.core.rule import Day

_SEGMENT = re.compile(r"([^()]+)\(([^()]*)\)")
_CODE = re.compile(r"[A-Z]{1,2}[+*]?")
_UNBRACKETED = re.compile(r"(.*\S)\s+([A-Z]{1,2}[+*]?)")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?) %")


@dataclass(frozen=True, slots=True)
class Segment:
    """A rate and the codes of the programmes that have it."""

    printed: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a country's goods pay when the claim is made."""

    rate: str
    until: Day | None
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


def claims(printed: str, counts: Counter[str]) -> dict[Key, Claimed]:
    """Return what each country may claim on a line, by country and claim; country "" is any.

    Args:
        printed: the cell, blanks put right.
        counts: forms of the segments, added to.
    """
    out: dict[Key, Claimed] = {}
    found, lost = segments(printed)
    if lost:
        counts["words: no segment"] += 1
    for segment in found:
        rate = read_rate(segment.printed)
        form = rate.form
        if re.match(r"see\b", segment.printed, re.I):
            form = "words: see chapter 98 or 99"
        counts[form] += 1
        for key, code, until in _claimants(segment, counts):
            if code.reads == "words":
                text = in_words(f"{segment.printed}: some goods or countries are left out")
                offer = Claimed(text, until, segment.printed, certain=False)
            else:
                offer = Claimed(rate.text, until, segment.printed, certain=not rate.why)
            out[key] = _better(out[key], offer) if key in out else offer
    return out


def _claimants(segment: Segment, counts: Counter[str]) -> Iterator[tuple[Key, Code, Day | None]]:
    for name in segment.codes:
        code = codes().get(name)
        if code is None:
            counts[f"unknown code {name}"] += 1
        elif code.reads == "no":
            counts[f"lapsed {name}"] += 1
        else:
            for country in code.countries or ("",):
                yield (country, code.claim), code, code.until


def _better(one: Claimed, other: Claimed) -> Claimed:
    """Return the lower of two offers; a number beats words, what cannot be compared is words."""
    if one.certain != other.certain:
        return one if one.certain else other
    if one.rate == other.rate:
        return one if one.until is None or (other.until and one.until >= other.until) else other
    lower, higher = _PERCENT.fullmatch(one.rate), _PERCENT.fullmatch(other.rate)
    if "0 %" in (one.rate, other.rate) and one.until == other.until:
        return one if one.rate == "0 %" else other
    if lower and higher and one.until == other.until:
        return one if float(lower[1]) <= float(higher[1]) else other
    both = f"{one.printed}; {other.printed}"
    return Claimed(in_words(f"two rates: {both}"), None, both, certain=False)
