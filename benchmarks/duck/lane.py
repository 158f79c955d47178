"""What all orders of a lane share, and the small tables that its query joins to them.

- `fx`: a row for each day and currency of an order: exchange rates, and what holds on a day
- `goods`: a row for each kind of goods, place of origin and span of days: what tariffs say of it
- `post`: a row for each postcode: zones
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from math import gcd
from typing import TYPE_CHECKING

from benchmarks.duck.expr import ONE, ZERO, X, column, dimension, either, half_up, mul, num
from benchmarks.parcels import things_of
from xborder_cli.core.intake import value_on
from xborder_cli.core.parcels import Attributes
from xborder_cli.core.programme_lines import turning_days

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.duck.span import Span
    from xborder_cli.core.book import Book
    from xborder_cli.core.parcels import Thing


@dataclass(slots=True)
class Lane:
    """One pair of countries."""

    book: Book
    origin: str
    destination: str
    span: Span
    attributes: Attributes = field(init=False)
    things: tuple[Thing, ...] = field(init=False)
    epochs: list[int] = field(init=False)  # first days of the spans of the goods table
    missing: X = ZERO  # orders for which an exchange rate was missing

    def __post_init__(self) -> None:
        book = self.book
        market = book.market(self.destination)
        scheme = "none"
        if market is not None and market.default_scheme is not None:
            schemes = {value_on(market.default_scheme, day) for day in self.days}
            assert len(schemes) == 1, "a default scheme that changes within the file"
            scheme = str(schemes.pop() or "none")
        direction = "import" if self.destination == book.home else "export"
        self.attributes = Attributes(origin=self.origin, direction=direction, scheme=scheme)
        origins = [origin or self.origin for origin in self.span.origins]
        self.things, _ = things_of(book, (self.destination,), self.span.goods, origins)
        self.epochs = [self.span.first, *self._turns()]

    @property
    def days(self) -> range:
        """All days of the orders."""
        return range(self.span.first, self.span.last + 1)

    def _turns(self) -> list[int]:
        """Return the days within the span on which some row of a tariff begins or has ended."""
        found: set[int] = set()
        tariffs = {
            tariff
            for place in (self.origin, self.destination)
            for tariff in self.book.chains.get(place, ())
        }
        for tariff, name in self.book.programmes:
            if tariff in tariffs:
                programme = self.book.programme(name, (tariff,))
                if programme is not None:
                    found.update(turning_days(self.book, programme))
        return sorted(day for day in found if self.span.first < day <= self.span.last)

    # -- dimensions ---------------------------------------------------------------------------

    def by_day(self, value: Callable[[int], int | bool]) -> X:
        """Return what a day decides."""
        count = len(self.span.currencies)
        return dimension("fx", [v for day in self.days for v in [value(day)] * count])

    def by_money(self, value: Callable[[int, str], int | bool]) -> X:
        """Return what a day and the currency of the order decide."""
        return dimension(
            "fx", [value(day, name) for day in self.days for name in self.span.currencies]
        )

    def by_thing(self, value: Callable[[Thing], int | bool]) -> X:
        """Return what the goods decide, on any day."""
        row = [value(thing) for thing in self.things]
        return dimension("goods", row * len(self.epochs))

    def by_thing_on(self, value: Callable[[Thing, int], int | bool]) -> X:
        """Return what the goods and the day decide."""
        return dimension("goods", [value(t, day) for day in self.epochs for t in self.things])

    def by_postcode(self, value: Callable[[str], int | bool]) -> X:
        """Return what the postcode decides."""
        codes = ("", *self.span.postcodes.get(self.destination, ()))
        return dimension("post", [value(code) for code in codes])

    def since(self, days: list[int], default: int = -1) -> X:
        """Return which of some spans the day falls into, `default` before the first."""
        return self.by_day(lambda day: max(default, bisect_right(days, day) - 1))

    def in_force(self, since: int, until: int | None) -> X:
        """Return which orders fall into a span of days."""
        return self.by_day(lambda day: since <= day and (until is None or day <= until))

    # -- orders -------------------------------------------------------------------------------

    def order(self, name: str) -> X:
        """Return a number that every order states."""
        return column(name, 0 if name != "quantity" else 1, self.span.most[name])

    # -- exchange rates -----------------------------------------------------------------------

    def fx(self, source: str, target: str) -> tuple[X, X]:
        """Return (num, den): a minor unit of source is num / den of target; "" is the order's."""

        def pair(day: int, own: str) -> tuple[int, int]:
            return self._pair(source or own, target or own, day)

        if source and target:
            nums = self.by_day(lambda day: pair(day, "")[0])
            dens = self.by_day(lambda day: pair(day, "")[1])
        else:
            nums = self.by_money(lambda day, own: pair(day, own)[0])
            dens = self.by_money(lambda day, own: pair(day, own)[1])
        if dens.lo == 0:
            gone = self.by_money(lambda day, own: pair(day, own)[1] == 0)
            self.missing = either(self.missing, gone)
            dens = self.by_money(lambda day, own: pair(day, own)[1] or 1)
        return nums, dens

    def _pair(self, source: str, target: str, day: int) -> tuple[int, int]:
        if source == target:
            return 1, 1
        rate = self.book.fx.pair(source, target, day)
        if rate is None:
            return 0, 0
        top = rate.num * 10 ** self.book.digits[target]
        bottom = rate.den * 10 ** self.book.digits[source]
        shared = gcd(top, bottom)
        return top // shared, bottom // shared

    def convert(self, value: X, source: str, target: str) -> X:
        """Return an amount in another currency, half up to its minor unit."""
        if value is ZERO or source == target:
            return value
        top, bottom = self.fx(source, target)
        return half_up(mul(value, top), bottom)

    def money(self, amount: tuple[int, int], currency: str) -> X:
        """Return a stated amount in minor units."""
        digits = self.book.digits[currency]
        return half_up(num(amount[0] * 10**digits), num(amount[1]))


YES, NO = ONE, ZERO
