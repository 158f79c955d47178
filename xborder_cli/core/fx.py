"""Exchange rates of a day: exact, as published, divided by and never inverted first."""

from __future__ import annotations

from dataclasses import dataclass, field
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
class Rate:
    """One unit of the first currency is num / den of the second."""

    num: int
    den: int
    on: Day  # the day the rate was published for
    source: str


@dataclass(frozen=True, slots=True)
class Series:
    """Rates of one currency against a base by day; `holds` keeps the last one on (a peg)."""

    base: str
    days: npt.NDArray[np.int64]  # rising
    nums: npt.NDArray[np.int64]  # over `den`
    den: int
    source: str
    holds: bool = False


@dataclass(slots=True)
class FxBook:
    """All known series: currency -> how many of it one unit of the base buys."""

    series: dict[str, tuple[Series, ...]]
    anchor: str
    name: str = ""  # whose rates they are, as markets name them
    _legs: dict[tuple[str, Day], Rate | None] = field(default_factory=dict)
    _pairs: dict[tuple[str, str, Day], Rate | None] = field(default_factory=dict)

    def per_anchor(self, currency: str, day: Day) -> Rate | None:
        """Return how much of a currency one unit of the anchor is on a day, or None."""
        key = (currency, day)
        if key not in self._legs:
            self._legs[key] = self._find(currency, day)
        return self._legs[key]

    def _find(self, currency: str, day: Day) -> Rate | None:
        if currency == self.anchor:
            return Rate(1, 1, day, "")
        best: Rate | None = None
        for series in self.series.get(currency, ()):
            at = int(np.searchsorted(series.days, day, side="right")) - 1
            if at < 0:
                continue
            on = day if series.holds else int(series.days[at])
            if day - on > DEAD_DAYS:
                continue
            base = self.per_anchor(series.base, day)
            if base is None:
                continue
            num, den = int(series.nums[at]), series.den
            on = on if series.base == self.anchor else min(on, base.on)
            found = Rate(base.num * num, base.den * den, on, series.source)
            if best is None or found.on > best.on:
                best = found
        return best

    def pair(self, base: str, quote: str, day: Day) -> Rate | None:
        """Return the rate from one currency to another on a day, or None when nobody knows it."""
        key = (base, quote, day)
        if key not in self._pairs:
            a, b = self.per_anchor(base, day), self.per_anchor(quote, day)
            if a is None or b is None:
                self._pairs[key] = None
            else:
                num, den = b.num * a.den, b.den * a.num
                shared = gcd(num, den)
                source = (
                    b.source
                    if a.source in ("", b.source)
                    else a.source
                    if not b.source
                    else f"{a.source}; {b.source}"
                )
                self._pairs[key] = Rate(num // shared, den // shared, min(a.on, b.on), source)
        return self._pairs[key]


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
            return Rate(num, den, day, STATED)
        if (quote, base) in self.stated:
            num, den = self.stated[quote, base]
            return Rate(den, num, day, STATED)
        return FxBook.pair(self, base, quote, day)
