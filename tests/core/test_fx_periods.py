"""A rate that was set for a time: in force to its end, flagged, and never taken long after."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from xborder_cli.core.answer import FxUse
from xborder_cli.core.flags import fx_flags
from xborder_cli.core.fx import DEAD_DAYS, FxBook, Rate, Series
from xborder_cli.tables.build import build_book
from xborder_cli.tables.load import load_text
from xborder_cli.units import day_text, parse_day

TABLES = """\
kind: fx
type: period
until: 2026-09-29
source: {title: The Treasury, url: "https://example.com/rates", retrieved: 2026-11-23}
checked: 2026-11-23
rates: |
  day         base  quote  rate
  2026-03-31  XAD   XBY    200.0
  2026-06-30  XAD   XBY    210.5
  2026-07-15  XAD   XBY    231
  2026-06-30  XAD   XCF    2.5
  2026-08-01  XAD   XCF    ended
  2026-01-01  XAD   XDG    1255.6630/1.3554
  2026-02-01  XAD   XDG    4099999999.1234567/1.9999999
---
kind: fx
type: daily
source: {title: The Bank, url: "https://example.com/day", retrieved: 2026-11-23}
checked: 2026-11-23
rates: |
  day         base  quote  rate
  2026-07-20  XAD   XBY    240
---
kind: currencies
currencies: |
  code  digits  name
  XAD   2       Atland dollar
  XBY   0       Betanian yen
  XCF   2       Ceylonian franc
  XDG   2       Dagonian crown
  XEU   2       anchor
"""


PEGS = """\
kind: fx
type: peg
sources:
  old: {title: The old promise, url: "https://example.com/old", retrieved: 2026-11-23}
  new: {title: The new promise, url: "https://example.com/new", retrieved: 2026-11-23}
checked: 2026-11-23
source: old
rates: |
  day         base  quote  rate  source
  1998-01-01  XEU   XPG    3.5   old
  2026-06-01  XEU   XPG    4.5   new
---
kind: currencies
currencies: |
  code  digits  name
  XEU   2       anchor
  XPG   2       pegged
"""


@pytest.fixture(scope="module")
def book() -> FxBook:
    days = np.arange(parse_day("2026-01-01"), parse_day("2027-06-01"), dtype=np.int64)
    nums = np.full(days.size, 110, dtype=np.int64)
    published = FxBook({"XAD": (Series("XEU", days, nums, 100, "Central bank"),)}, "XEU", "bank")
    return build_book(load_text(TABLES, "fx.yaml"), published)[0].fx


def rate_on(book: FxBook, base: str, quote: str, day: str) -> Rate | None:
    return book.pair(base, quote, parse_day(day))


def text(book: FxBook, base: str, quote: str, day: str) -> tuple[float, str, str] | None:
    rate = rate_on(book, base, quote, day)
    if rate is None:
        return None
    return rate.num / rate.den, day_text(rate.on), rate.source


def flags_on(book: FxBook, base: str, quote: str, day: str) -> tuple[str, ...]:
    rate = rate_on(book, base, quote, day)
    assert rate is not None
    use = FxUse(
        base=base,
        quote=quote,
        rate="",
        on=rate.on,
        source=rate.source,
        until=rate.until,
        spans=rate.spans,
    )
    return fx_flags([use], parse_day(day))


@pytest.mark.parametrize(
    ("day", "rate", "since"),
    [
        ("2026-03-31", 200.0, "2026-03-31"),
        ("2026-06-29", 200.0, "2026-03-31"),
        ("2026-06-30", 210.5, "2026-06-30"),
        ("2026-07-14", 210.5, "2026-06-30"),
        ("2026-07-15", 231.0, "2026-07-15"),  # amended within the quarter
        ("2026-07-19", 231.0, "2026-07-15"),
    ],
)
def test_rate_is_in_force_to_the_day_before_the_next(
    book: FxBook, day: str, rate: float, since: str
) -> None:
    assert text(book, "XAD", "XBY", day) == (rate, since, "The Treasury")


def test_rate_of_a_later_day_wins(book: FxBook) -> None:
    assert text(book, "XAD", "XBY", "2026-07-21") == (240.0, "2026-07-20", "Central bank; The Bank")


def test_no_rate_before_the_first_nor_long_after_the_last(book: FxBook) -> None:
    assert rate_on(book, "XAD", "XBY", "2026-03-30") is None
    assert rate_on(book, "XAD", "XCF", "2026-06-29") is None
    last = parse_day("2026-07-31") + DEAD_DAYS
    assert book.pair("XAD", "XCF", last) is not None
    assert book.pair("XAD", "XCF", last + 1) is None


def test_anchor_leaves_no_trace_in_a_pair_that_was_set(book: FxBook) -> None:
    assert text(book, "XCF", "XAD", "2026-07-04") == (0.4, "2026-06-30", "The Treasury")
    through = rate_on(book, "XEU", "XCF", "2026-07-04")
    assert through is not None
    assert (through.num / through.den, len(through.spans)) == (2.75, 1)


def test_flag_names_rate_period_and_source(book: FxBook) -> None:
    said = "fx-period: XAD/XCF is not the day's but set for 2026-06-30 to 2026-07-31: The Treasury"
    assert flags_on(book, "XAD", "XCF", "2026-07-31") == (said,)
    assert flags_on(book, "XEU", "XCF", "2026-07-31") == (said,)
    stale = "fx-stale: newest known rates for XAD/XCF are of 2026-06-30"
    assert flags_on(book, "XAD", "XCF", "2026-08-01") == (said, stale)
    assert flags_on(book, "XEU", "XAD", "2026-08-01") == ()


def test_rate_may_be_two_figures_of_one_list_of_any_size(book: FxBook) -> None:
    by_day = {day: rate_on(book, "XAD", "XDG", day) for day in ("2026-01-31", "2026-02-01")}
    assert [rate and Fraction(rate.num, rate.den) for rate in by_day.values()] == [
        Fraction("1255.6630") / Fraction("1.3554"),
        Fraction("4099999999.1234567") / Fraction("1.9999999"),
    ]


def test_turns_are_the_days_on_which_a_currency_becomes_known_or_stops(book: FxBook) -> None:
    for name in ("XBY", "XCF"):
        turns = {int(day) for series in book.series[name] for day in series.turns()}
        days = range(parse_day("2026-02-01"), parse_day("2027-05-01"))
        known = {day: book.per_anchor(name, day) is not None for day in days}
        assert {day for day in days[1:] if known[day] != known[day - 1]} <= turns


def test_a_later_peg_takes_the_place_of_an_earlier_one_of_another_source() -> None:
    pegged = build_book(load_text(PEGS, "pegs.yaml"), FxBook({}, "XEU", "bank"))[0].fx
    assert text(pegged, "XEU", "XPG", "2026-05-31") == (3.5, "2026-05-31", "The old promise")
    assert text(pegged, "XEU", "XPG", "2026-06-01") == (4.5, "2026-06-01", "The new promise")
