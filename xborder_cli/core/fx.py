"""Exchange rates of a day: exact, as published, divided by and never inverted first."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import gcd
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from xborder_cli.core.rule import Day, Ratio

STATED: Final = "stated by the caller"
STALE_DAYS: Final = 7  # a rate older than a long weekend is said aloud
DEAD_DAYS: Final = 120  # and one older than a season is no answer


@dataclass(frozen=True, slots=True)
class Span:
    """A rate that an authority set for a time, not for a day: what an answer must say of it."""

    base: str
    quote: str
    since: Day
    until: Day  # the last day it is in force
    source: str


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of the first currency is num / den of the second."""

    num: int
    den: int
    on: Day  # the day the rate was published for, or is in force from
    source: str
    until: Day  # the last day it stands for: `on` itself, or later where it was set for a time
    spans: tuple[Span, ...] = ()  # of the rates among its parts that were set for a time


@dataclass(frozen=True, slots=True)
class Series:
    """Rates of one currency against a base by day.

    `holds` keeps the last one on (a peg); `untils` says to which day each is in force.
    """

    base: str
    days: npt.NDArray[np.int64]  # rising
    nums: npt.NDArray[np.int64]  # over `den`
    den: int
    source: str
    holds: bool = False
    untils: npt.NDArray[np.int64] | None = None  # none: a rate is of its day alone

    def turns(self) -> npt.NDArray[np.int64]:
        """Return the days on which the currency becomes known or stops being so by these rates."""
        if self.holds or not self.days.size:
            return self.days[:1]
        dead = (self.days if self.untils is None else self.untils) + DEAD_DAYS + 1
        gaps = np.flatnonzero(dead[:-1] < self.days[1:])
        return np.concatenate((self.days[:1], dead[gaps], self.days[gaps + 1], dead[-1:]))


@dataclass(slots=True)
class FxBook:
    """All known series: currency -> how many of it one unit of the base buys."""

    series: dict[str, tuple[Series, ...]]
    anchor: str
    name: str = ""  # whose rates they are, as markets name them
    _legs: dict[tuple[str, Day], Rate | None] = field(default_factory=dict)
    _own: dict[tuple[str, Day], tuple[str, Rate]] = field(default_factory=dict)  # before the anchor
    _pairs: dict[tuple[str, str, Day], Rate | None] = field(default_factory=dict)

    def per_anchor(self, currency: str, day: Day) -> Rate | None:
        """Return how much of a currency one unit of the anchor is on a day, or None."""
        key = (currency, day)
        if key not in self._legs:
            self._legs[key] = self._find(currency, day)
        return self._legs[key]

    def _find(self, currency: str, day: Day) -> Rate | None:
        if currency == self.anchor:
            return Rate(1, 1, day, "", day)
        best: Rate | None = None
        since = 0
        for series in self.series.get(currency, ()):
            at = int(np.searchsorted(series.days, day, side="right")) - 1
            if at < 0:
                continue
            own = _own_rate(series, currency, at, day)
            if day - own.until > DEAD_DAYS:
                continue
            base = self.per_anchor(series.base, day)
            if base is None:
                continue
            direct = series.base == self.anchor
            found = Rate(
                base.num * own.num,
                base.den * own.den,
                own.on if direct else min(own.on, base.on),
                own.source,
                own.until if direct else min(own.until, base.until),
                (*base.spans, *own.spans),
            )
            begun = int(series.days[at])  # a peg is of every day: the one that came last holds
            if best is None or (found.on, begun) > (best.on, since):
                best, since = found, begun
                self._own[currency, day] = (series.base, own)
        return best

    def pair(self, base: str, quote: str, day: Day) -> Rate | None:
        """Return the rate from one currency to another on a day, or None when nobody knows it."""
        key = (base, quote, day)
        if key not in self._pairs:
            a, b = self.per_anchor(base, day), self.per_anchor(quote, day)
            if a is None or b is None:
                self._pairs[key] = None
            else:
                self._pairs[key] = self._set_against(*key) or _through_anchor(a, b)
        return self._pairs[key]

    def _set_against(self, base: str, quote: str, day: Day) -> Rate | None:
        """Return the rate of a pair that was itself set for a time.

        The anchor would cancel out of the sum, but not out of its age and its source.
        """
        against, own = self._own.get((quote, day), ("", None))
        if own is not None and own.spans and against == base:
            return own
        against, own = self._own.get((base, day), ("", None))
        if own is not None and own.spans and against == quote:
            return replace(own, num=own.den, den=own.num)
        return None


def _own_rate(series: Series, currency: str, at: int, day: Day) -> Rate:
    """Return what one unit of a series' base is by its row, before any other currency."""
    num, den, on = int(series.nums[at]), series.den, int(series.days[at])
    if series.untils is None:
        on = day if series.holds else on
        return Rate(num, den, on, series.source, on)
    until = int(series.untils[at])
    span = Span(series.base, currency, on, until, series.source)
    return Rate(num, den, on, series.source, until, (span,))


def _through_anchor(a: Rate, b: Rate) -> Rate:
    """Return the rate between two currencies by what one unit of the anchor is of each."""
    num, den = b.num * a.den, b.den * a.num
    shared = gcd(num, den)
    source = "; ".join(dict.fromkeys(one.source for one in (a, b) if one.source))
    spans = tuple(dict.fromkeys((*a.spans, *b.spans)))
    until = min(a.until, b.until)
    return Rate(num // shared, den // shared, min(a.on, b.on), source, until, spans)


def with_user_rates(book: FxBook, rates: dict[tuple[str, str], Ratio]) -> FxBook:
    """Return a book in which the caller's rates win over the published ones."""
    if not rates:
        return book
    return _UserFx(book.series, book.anchor, book.name, stated=rates)


@dataclass(slots=True)
class _UserFx(FxBook):
    stated: dict[tuple[str, str], Ratio] = field(default_factory=dict)

    def pair(self, base: str, quote: str, day: Day) -> Rate | None:
        if (base, quote) in self.stated:
            num, den = self.stated[base, quote]
            return Rate(num, den, day, STATED, day)
        if (quote, base) in self.stated:
            num, den = self.stated[quote, base]
            return Rate(den, num, day, STATED, day)
        return FxBook.pair(self, base, quote, day)


def held_on(book: FxBook, day: Day) -> FxBook:
    """Return a book with the rates of one day, whatever day is asked for: only rules differ."""
    return _HeldFx(book.series, book.anchor, book.name, day=day)


@dataclass(slots=True)
class _HeldFx(FxBook):
    day: Day = 0

    def pair(self, base: str, quote: str, day: Day) -> Rate | None:
        return FxBook.pair(self, base, quote, self.day)
