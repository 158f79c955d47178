"""Parcels priced together, and what is worked out once for all their routes."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import gcd
from typing import TYPE_CHECKING, Final, ParamSpec, TypeAlias, TypeVar, cast

import numpy as np

from xborder_cli.core.columns import (
    SAFE,
    ZERO,
    BoolColumn,
    IntColumn,
    Mask,
    Num,
    add,
    any_of,
    both,
    either,
    half_up,
    is_zero,
    masked,
    mul,
    settle,
)
from xborder_cli.core.frac import NOTHING, Frac
from xborder_cli.core.parcels import NO_NAME, Codes, Parcels

if TYPE_CHECKING:
    from collections.abc import Callable

    from xborder_cli.core.book import Book
    from xborder_cli.core.parcels import MoneyColumn


T = TypeVar("T")
DAYS: Final = 64  # rates of so many days are found together
P = ParamSpec("P")
Missing: TypeAlias = "dict[tuple[str, str], Mask]"  # currencies without a rate, and parcels


@dataclass(slots=True)
class Amount:
    """A charge as worked out: per row of its scope, and per parcel (or lot) in total."""

    level: int
    lot: bool
    currency: str
    onward: Frac  # what readers of the same scope read
    total: Num  # per parcel, whole lot when `lot`; rounded and waived
    summed_onward: bool = False  # readers above sum `onward` instead of reading `total`
    applied: Mask = False  # per row of its scope: a rate above 0 was found and the condition held
    exempted: Mask = False  # per row: a row with rate 0 was found
    live: Mask = False  # per parcel: the condition held somewhere
    gap: Mask = False  # per parcel: something is not known, the amount is a lower bound
    base: Frac = NOTHING  # kept for the explanation, per row of its scope
    each: Frac = NOTHING  # kept for the explanation: per row of its scope, as it is added up
    group_by: tuple[str, ...] = ()
    spread: str = "value"
    included: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Rows that a route cannot carry, and why; words are made only when they are shown."""

    mask: Mask
    code: str
    what: str
    fix: str = ""


@dataclass(slots=True)
class Tile:
    """Parcels priced together, and what is worked out once for all their routes."""

    parcels: Parcels
    book: Book
    cache: dict[object, object] = field(default_factory=dict)
    fx_used: dict[tuple[str, str, int], None] = field(default_factory=dict)
    quote_currency: Codes = NO_NAME
    fx_missing: Missing = field(default_factory=dict)
    margin: bool = False  # what the sale leaves the seller is asked for

    @property
    def days(self) -> tuple[int, int]:
        """The first and last day of the parcels."""
        day = self.parcels.day
        if isinstance(day, int):
            return day, day
        return self.kept("days", lambda: (int(day.min()), int(day.max())))

    def kept(self, key: object, make: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Return what is made once under a key; a key belongs to one type of value, never None."""
        found = self.cache.get(key)
        if found is None:
            found = self.cache[key] = make(*args, **named)
        return cast("T", found)

    def once(self, key: object, make: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Return what is made once under a key, and say again which exchange rates it missed."""
        found = self.cache.get(key)
        if found is None:
            outer, self.fx_missing = self.fx_missing, {}
            found = self.cache[key] = (make(*args, **named), self.fx_missing)
            self.fx_missing = outer
        value, missing = cast("tuple[T, Missing]", found)
        self.missed(missing)
        return value

    def missed(self, missing: Missing, rows: Mask = True) -> None:
        """Remember which parcels lack a rate, those of some rows alone."""
        for pair, mask in missing.items():
            kept = both(mask, rows)
            if any_of(kept):
                self.fx_missing[pair] = either(self.fx_missing.get(pair, False), kept)

    def _missed_by(self, outer: Missing, value: Num) -> None:
        """Go back to what was missed before, with what parcels lack that have an amount at all."""
        missing, self.fx_missing = self.fx_missing, outer
        if missing:
            rows = np.asarray(value.v) != 0
            self.missed(missing, self._owners(rows) if rows.ndim else bool(rows))

    def fx(self, source: Codes, target: str) -> tuple[Num, Num]:
        """Return (num, den) columns: a minor unit of source is num / den of target."""
        key = ("fx", source.names, id(source.codes), target)
        if source.codes is not None and key not in self.cache:
            self.cache["keep", key] = source.codes  # keep the array alive: its id is the key
        return self.once(key, self._fx, source, target)

    def _fx(self, source: Codes, target: str) -> tuple[Num, Num]:
        parcels = self.parcels
        if source.codes is None and isinstance(parcels.day, int):
            num, den = self._pair(source.names[0], target, parcels.day)
            if den == 0:
                self.missed({(source.names[0], target): True})
                num, den = 0, 1
            return Num(num, num), Num(den, den)
        codes = source.codes if source.codes is not None else np.zeros(1, dtype=np.int64)
        days: IntColumn | int = parcels.day
        if not isinstance(days, int) and codes.size != parcels.n and codes.size > 1:
            days = days[parcels.line_parcel]
        first, span = self.span
        pairs = tuple((name, target) for name in source.names)
        nums, dens, missing = self._fx_table(pairs, first, span)
        at = codes * span + (days - first)
        if missing is not None:
            rows = missing[at]
            if rows.any():
                self.missed({("/".join(source.names), target): self._owners(rows)})
        return nums.take(at), dens.take(at)

    @property
    def span(self) -> tuple[int, int]:
        """First day and number of days of the rates that are looked up together.

        Wider than the days of the parcels, so that other tiles find the same table.
        """
        first, last = self.days
        begin = first - first % DAYS
        return begin, last - last % DAYS + DAYS - begin

    def _owners(self, rows: BoolColumn) -> Mask:
        """Return the parcels of lines, or the parcels themselves."""
        if rows.size == self.parcels.n:
            return settle(rows)
        if rows.size != self.parcels.line_parcel.size:
            return bool(rows.any())
        out = np.zeros(self.parcels.n, dtype=bool)
        out[self.parcels.line_parcel[rows]] = True
        return settle(out)

    def _fx_table(
        self, asked: tuple[tuple[str, str], ...], first: int, span: int
    ) -> tuple[Num, Num, BoolColumn | None]:
        """Return rates by `pair * span + day - first`; found once for all tiles."""
        key = (id(self.book.fx), asked, first, span)
        found = self.book.fx_columns.get(key)
        if found is None:
            pairs = [self._pair(*pair, first + day) for pair in asked for day in range(span)]
            missing = np.array([den == 0 for _, den in pairs])
            found = (
                _column([num for num, _ in pairs]),
                _column([den or 1 for _, den in pairs]),
                missing if missing.any() else None,
            )
            self.book.fx_columns[key] = found
        return found

    def _pair(self, source: str, target: str, day: int) -> tuple[int, int]:
        if source == target:
            return 1, 1
        rate = self.book.fx.pair(source, target, day)
        if rate is None:
            return 0, 0
        self.fx_used[source, target, day] = None
        num = rate.num * 10 ** self.book.digits[target]
        den = rate.den * 10 ** self.book.digits[source]
        shared = gcd(num, den)
        return num // shared, den // shared

    def convert(self, value: Num, source: Codes | str, target: str) -> Num:
        """Return an amount in another currency, half up to its minor unit."""
        if is_zero(value):
            return value
        codes = Codes((source,)) if isinstance(source, str) else source
        if codes.codes is None and codes.names[0] == target:
            return value
        outer, self.fx_missing = self.fx_missing, {}
        num, den = self.fx(codes, target)
        self._missed_by(outer, value)
        num, den = self.fit(num, value), self.fit(den, value)
        return half_up(mul(value, num), den)

    def quoted(self, amount: Amount) -> Num:
        """Return what each parcel pays of a charge, in the currency of its quote."""
        if amount.total.hi == 0:
            return amount.total
        return self.once(("quoted", id(amount)), self._quoted, amount)

    def _quoted(self, amount: Amount) -> Num:
        self.cache["keep", id(amount)] = amount  # keep it alive: its id is the key
        return self._into_quote(self.paid(amount), amount.currency)

    def stated(self, column: MoneyColumn) -> Num:
        """Return stated amounts in the currency of each parcel's quote."""
        codes = column.currency
        if codes.codes is None:
            return self._into_quote(column.minor, codes.names[0])
        total = ZERO
        for code, name in enumerate(codes.names):
            total = add(total, self._into_quote(masked(column.minor, codes.codes == code), name))
        return total

    def paid(self, amount: Amount) -> Num:
        """Return what each parcel pays of a charge, in the charge's currency."""
        if not amount.lot or is_zero(amount.total):
            return amount.total
        lot = self.parcels.lot
        return half_up(amount.total, lot if isinstance(lot, int) else Num.of(lot))

    def _into_quote(self, value: Num, currency: str) -> Num:
        target = self.quote_currency
        if target.codes is None:
            return self.convert(value, currency, target.names[0])
        if is_zero(value):
            return value
        outer, self.fx_missing = self.fx_missing, {}
        num, den = self.once(("quote", currency), self._quote_rates, currency)
        self._missed_by(outer, value)
        return half_up(mul(value, num), den)

    def _quote_rates(self, currency: str) -> tuple[Num, Num]:
        """Return (num, den) columns from one currency into each parcel's own."""
        target = self.quote_currency
        assert target.codes is not None, "one currency is converted into as it is"
        first, span = self.span
        pairs = tuple((currency, name) for name in target.names)
        nums, dens, missing = self._fx_table(pairs, first, span)
        at = target.codes * span + (self.parcels.day - first)
        if missing is not None:
            rows = missing[at]
            if rows.any():
                for code, name in enumerate(target.names):
                    unknown = settle(rows & (target.codes == code))
                    self.missed({(currency, name): unknown})
        return nums.take(at), dens.take(at)

    def fit(self, column: Num, value: Num) -> Num:
        """Return a column by parcel as long as a column by line where the two differ."""
        if isinstance(column.v, int) or isinstance(value.v, int):
            return column
        if column.v.size == value.v.size or column.v.size == 1:
            return column
        return Num(column.v[self.parcels.line_parcel], column.hi)


def _column(values: list[int]) -> Num:
    high = max(values)
    return Num(np.array(values, dtype=np.int64 if high < SAFE else object), high)
