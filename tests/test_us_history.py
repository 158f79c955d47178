"""The same parcel into the United States on the days before and after every turn since 2024.

The percentages are added up by hand from the orders and notices named beside them; each layer is
taken of the value and rounded half up to the cent, as the tables do. None of them is read from the
tables. A day stands beside its day before, so that a rate a day early or late is seen.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, NamedTuple

import pytest

from xborder_cli.core.pipeline import duty
from xborder_cli.core.rule import Money
from xborder_cli.core.shipment import Item, Shipment
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables

if TYPE_CHECKING:
    from xborder_cli.core.answer import ChargeLine, DutyAnswer
    from xborder_cli.core.book import Book

EPOCH = date(1970, 1, 1)
GOODS = {  # national lines; column 1 general of the editions of 2024 and 2026
    "shirt": "61091000",  # 16.5 %, list 4A
    "shoe": "64041190",  # over 12 USD a pair: 20 %, list 4A
    "toy": "95030000",  # free, list 4B (never in force)
    "case": "39269099",  # 5.3 %, list 4A
    "book": "49019900",  # free, list 4A
    "pan": "73239300",  # 2 %, list 4B
    "flask": "96170010",  # 7.2 %, list 4B
    "bag": "42022215",  # 16 %, list 3
    "phones": "85183020",  # headphones: free, list 4B
    "mobile": "85171300",  # free, list 4B, Annex II
}

# Layers in percent, one after the other: column 1, list, then what the orders of the time add.
TURNS = """
# day       good   from via     value  percents               fee
# -- fees of the fiscal years (notices for 2024 to 2027): hub, informal, formal minimum, mail
2024-01-01  shirt  CN   express     1000  16.5 7.5               1.27
2024-09-30  shirt  CN   express     1000  16.5 7.5               1.27
2024-10-01  shirt  CN   express     1000  16.5 7.5               1.31
2024-09-30  shirt  CN   commercial  801   16.5 7.5               2.53
2024-10-01  shirt  CN   commercial  801   16.5 7.5               2.62
2025-09-30  shirt  CN   commercial  801   16.5 7.5 20 10         2.62
2025-10-01  shirt  CN   commercial  801   16.5 7.5 20 10         2.69
2026-09-30  shirt  CN   commercial  801   16.5 7.5 12.5          2.69
2026-10-01  shirt  CN   commercial  801   16.5 7.5 12.5          2.77
2024-09-30  shirt  CN   freight     500   16.5 7.5               31.67
2024-10-01  shirt  CN   freight     500   16.5 7.5               32.71
2025-10-01  shirt  CN   freight     500   16.5 7.5 20 10         33.58
2026-10-01  shirt  CN   freight     500   16.5 7.5 12.5          34.58
2024-06-01  shirt  VN   express     3000  16.5                   31.67
2026-11-22  shirt  VN   express     3000  16.5 12.5              34.58
2024-09-30  shirt  VN   postal      801   16.5                   6.97
2024-10-01  shirt  VN   postal      801   16.5                   7.20
2024-06-01  toy    VN   postal      801   -                      0
# -- fentanyl: 10 % (order 14195), 20 % (14228), 10 % (14357); the exemption paused for three days
2025-02-03  shirt  CN   express     1000  16.5 7.5               1.31
2025-02-04  shirt  CN   express     1000  16.5 7.5 10            1.31
2025-02-03  shirt  CN   express     500   -                      0
2025-02-04  shirt  CN   express     500   16.5 7.5 10            1.31
2025-02-06  shirt  HK   express     500   16.5 10                1.31
2025-02-07  shirt  CN   express     500   -                      0
2025-02-05  shirt  VN   express     500   -                      0
2025-03-03  shirt  CN   express     1000  16.5 7.5 10            1.31
2025-03-04  shirt  CN   express     1000  16.5 7.5 20            1.31
2025-11-09  shirt  CN   express     1000  16.5 7.5 20 10         1.34
2025-11-10  shirt  CN   express     1000  16.5 7.5 10 10         1.34
2025-11-09  toy    HK   express     500   20 10                  1.34
2025-11-10  toy    HK   express     500   10 10                  1.34
# -- Canada and Mexico: 25 % on 2025-03-04 (14193, 14194), Canada 35 % on 2025-08-01 (14325)
2025-03-03  shirt  CA   express     1000  16.5                   1.31
2025-03-04  shirt  CA   express     1000  16.5 25                1.31
2025-07-31  shirt  CA   express     1000  16.5 25                1.31
2025-08-01  shirt  CA   express     1000  16.5 35                1.31
2025-03-03  shirt  MX   express     1000  16.5                   1.31
2025-03-04  shirt  MX   express     1000  16.5 25                1.31
2025-08-28  shirt  MX   express     500   -                      0
2025-08-29  shirt  MX   express     500   16.5 25                1.31
2026-02-23  shirt  MX   express     1000  16.5 25                1.34
2026-02-24  shirt  MX   express     1000  16.5 10                1.34
# -- reciprocal (14257, 14259, 14266, Geneva): 10, China 84 and 125, then 10; Annex I for a day
2025-04-04  shirt  CN   express     1000  16.5 7.5 20            1.31
2025-04-05  shirt  CN   express     1000  16.5 7.5 20 10         1.31
2025-04-08  shirt  CN   express     1000  16.5 7.5 20 10         1.31
2025-04-09  shirt  CN   express     1000  16.5 7.5 20 84         1.31
2025-04-10  shirt  CN   express     1000  16.5 7.5 20 125        1.31
2025-05-13  shirt  CN   express     1000  16.5 7.5 20 125        1.31
2025-05-14  shirt  CN   express     1000  16.5 7.5 20 10         1.31
2025-04-10  shoe   CN   express     1000  20 7.5 20 125          1.31
2025-04-10  case   CN   express     1000  5.3 7.5 20 125         1.31
2025-04-10  bag    CN   express     1000  16 25 20 125           1.31
2025-04-10  flask  CN   express     1000  7.2 20 125             1.31
2025-04-10  phones CN   express     1000  20 125                 1.31
2025-04-10  mobile CN   express     1000  20                     1.31
2025-04-10  book   CN   express     1000  7.5                    1.31
2025-04-10  shirt  HK   express     1000  16.5 20 125            1.31
2025-04-04  shirt  VN   express     1000  16.5                   1.31
2025-04-05  shirt  VN   express     1000  16.5 10                1.31
2025-04-08  shirt  VN   express     1000  16.5 10                1.31
2025-04-09  shirt  VN   express     1000  16.5 46                1.31
2025-04-10  shirt  VN   express     1000  16.5 10                1.31
2025-04-09  toy    DE   express     1000  20                     1.31
2025-04-09  toy    JP   express     1000  24                     1.31
2025-04-09  toy    TW   express     1000  32                     1.31
2025-04-09  toy    GB   express     1000  10                     1.31
# -- country rates of order 14326 from 2025-08-07; the Union and Japan reach 15 % in all
2025-08-06  shirt  VN   express     1000  16.5 10                1.31
2025-08-07  shirt  VN   express     1000  16.5 20                1.31
2025-08-06  shirt  TW   express     1000  16.5 10                1.31
2025-08-07  shirt  TW   express     1000  16.5 20                1.31
2025-08-06  shirt  DE   express     1000  16.5 10                1.31
2025-08-07  shirt  DE   express     1000  16.5                   1.31
2025-08-06  toy    DE   express     1000  10                     1.31
2025-08-07  toy    DE   express     1000  15                     1.31
2025-08-07  flask  DE   express     1000  7.2 7.8                1.31
2025-08-07  toy    JP   express     1000  15                     1.31
2025-08-07  case   JP   express     1000  5.3 9.7                1.31
2025-08-07  shirt  GB   express     1000  16.5 10                1.31
# -- India: 25 % more for Russian oil from 2025-08-27 (14329) to 2026-02-06; Annex II is outside
2025-08-06  shirt  IN   express     1000  16.5 10                1.31
2025-08-07  shirt  IN   express     1000  16.5 25                1.31
2025-08-26  shirt  IN   express     1000  16.5 25                1.31
2025-08-27  shirt  IN   express     1000  16.5 25 25             1.31
2026-02-06  shirt  IN   express     1000  16.5 25 25             1.34
2026-02-07  shirt  IN   express     1000  16.5 25                1.34
2025-09-01  mobile IN   express     1000  -                      1.31
2025-09-01  book   IN   express     1000  -                      1.31
# -- Brazil: 40 % from 2025-08-06 (14323); Section 301 of 25 % from 2026-07-22
2025-08-05  shirt  BR   express     1000  16.5 10                1.31
2025-08-06  shirt  BR   express     1000  16.5 10 40             1.31
2026-02-23  shirt  BR   express     1000  16.5 10 40             1.34
2026-02-24  shirt  BR   express     1000  16.5 10                1.34
2026-07-21  shirt  BR   express     1000  16.5 10                1.34
2026-07-22  shirt  BR   express     1000  16.5 10 25             1.34
2026-07-24  shirt  BR   express     1000  16.5 25 12.5           1.34
2026-07-24  book   BR   express     1000  -                      1.34
# -- the exemption ends: China and Hong Kong on 2025-05-02, all on 2025-08-29 (14256, 14324)
2025-05-01  shirt  CN   express     500   -                      0
2025-05-02  shirt  CN   express     500   16.5 7.5 20 125        1.31
2025-05-02  shirt  CN   express     20    16.5 7.5 20 125        1.31
2025-05-02  shirt  VN   express     500   -                      0
2025-08-28  shirt  VN   express     500   -                      0
2025-08-29  shirt  VN   express     500   16.5 20                1.31
2025-08-29  shirt  VN   express     20    16.5 20                1.31
# -- mail: 120 and 54 % for China, the IEEPA rate alone, the rate of Section 122, then everything
2025-05-01  shirt  CN   postal      20    -                      0
2025-05-02  shirt  CN   postal      20    120                    0
2025-05-13  shirt  CN   postal      20    120                    0
2025-05-14  shirt  CN   postal      20    54                     0
2025-08-28  shirt  CN   postal      20    54                     0
2025-08-29  shirt  CN   postal      20    30                     0
2025-11-09  shirt  CN   postal      500   30                     0
2025-11-10  shirt  CN   postal      500   20                     0
2026-02-23  shirt  CN   postal      500   20                     0
2026-02-24  shirt  CN   postal      500   10                     0
2026-07-23  shirt  CN   postal      500   10                     0
2026-07-24  shirt  CN   postal      500   16.5 7.5 12.5          2.69
2026-10-01  shirt  CN   postal      500   16.5 7.5 12.5          2.77
2025-08-28  shirt  VN   postal      500   -                      0
2025-08-29  shirt  VN   postal      500   20                     0
2025-08-29  shirt  DE   postal      500   15                     0
2025-08-29  book   CN   postal      500   -                      0
# -- Section 122 of 10 % from 2026-02-24 to 2026-07-23, forced labour from 2026-07-24
2026-02-23  shirt  CN   express     1000  16.5 7.5 10 10         1.34
2026-02-24  shirt  CN   express     1000  16.5 7.5 10            1.34
2026-07-23  shirt  CN   express     1000  16.5 7.5 10            1.34
2026-07-24  shirt  CN   express     1000  16.5 7.5 12.5          1.34
2026-02-24  mobile CN   express     1000  -                      1.34
2026-02-24  phones CN   express     1000  10                     1.34
2026-02-24  book   VN   express     1000  -                      1.34
2026-02-24  shirt  DE   express     1000  16.5 10                1.34
2026-07-23  toy    DE   express     1000  10                     1.34
2026-07-24  toy    DE   express     1000  10                     1.34
2026-07-24  shirt  DE   express     1000  16.5                   1.34
2026-07-24  toy    JP   express     1000  12.5                   1.34
2026-07-24  flask  TW   express     1000  7.2 2.8                1.34
2026-07-24  shirt  GB   express     1000  16.5 10                1.34
2026-07-24  shirt  IN   express     1000  16.5 10                1.34
2026-07-24  shirt  MX   express     1000  16.5 10                1.34
2026-08-21  shirt  CA   express     1000  16.5 10                1.34
# -- metals on the whole value from 2026-04-06 (proclamation of 2026-04-02), in place of the rest
2026-04-06  pan    CN   express     1000  2 25                   1.34
2026-04-06  pan    GB   express     1000  2 15                   1.34
2026-07-24  pan    VN   express     1000  2 25                   1.34
2026-11-23  shirt  CN   express     1000  16.5 7.5 12.5          1.38
2026-11-23  bag    CN   express     1000  16 25 12.5             1.38
"""

# An originating good of Canada or Mexico: no column 1 duty; free of the emergency duty from 03-07.
ORIGINATING = """
2025-03-03  shirt  CA   express     1000  -                      1.31
2025-03-06  shirt  CA   express     1000  25                     1.31
2025-03-07  shirt  CA   express     1000  -                      1.31
2025-03-06  shirt  MX   express     1000  25                     1.31
2025-03-07  shirt  MX   express     1000  -                      1.31
2026-02-24  shirt  MX   express     1000  -                      1.34
2026-07-24  shirt  MX   express     1000  -                      1.34
2026-07-24  shirt  CA   commercial  1000  -                      0
"""


class Turn(NamedTuple):
    """One line of a table: a parcel, and what it pays."""

    day: str
    good: str
    origin: str
    channel: str
    value: int
    percents: tuple[Decimal, ...]
    fee: Decimal


def _turns(table: str) -> list[Turn]:
    found = []
    for line in table.strip().splitlines():
        if line.startswith("#"):
            continue
        day, good, origin, channel, value, *percents, fee = line.split()
        layers = tuple(Decimal(text) for text in percents if text != "-")
        found.append(Turn(day, good, origin, channel, int(value), layers, Decimal(fee)))
    return found


@pytest.fixture(scope="module")
def book() -> Book:
    return open_tables((bundled_folder(),))


def _ask(book: Book, turn: Turn, claims: tuple[str, ...] = ()) -> DutyAnswer:
    item = Item(
        value=Money("USD", (turn.value, 1)),
        quantity=1,
        hs=GOODS[turn.good],
        origin=turn.origin,
        claims=claims,
    )
    parcel = Shipment(
        origin=turn.origin,
        destination="US",
        on=(date.fromisoformat(turn.day) - EPOCH).days,
        items=(item,),
        weight_mg=500_000,
        buyer="consumer",
    )
    return duty(book, parcel, channel=turn.channel)


def _cents(amount: Decimal) -> int:
    return int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _id(turn: Turn) -> str:
    return f"{turn.day} {turn.good} {turn.origin} {turn.channel} {turn.value}"


def _agrees(answer: DutyAnswer, turn: Turn) -> None:
    layers = sum(_cents(turn.value * percent / 100) for percent in turn.percents)
    said = {line.code: line.amount_minor for line in answer.lines if line.amount_minor}
    assert (answer.duty_minor, answer.fees_minor) == (layers, _cents(turn.fee)), said
    assert answer.complete


@pytest.mark.parametrize("turn", _turns(TURNS), ids=_id)
def test_turn(turn: Turn, book: Book) -> None:
    _agrees(_ask(book, turn), turn)


@pytest.mark.parametrize("turn", _turns(ORIGINATING), ids=_id)
def test_originating_goods(turn: Turn, book: Book) -> None:
    _agrees(_ask(book, turn, claims=("USMCA",)), turn)


def test_every_turn_stands_once() -> None:
    turns = [_id(one) for one in _turns(TURNS)]
    assert len(turns) == len(set(turns))
    assert len(turns) >= 60


def test_listed_goods_of_canada_stay_open(book: Book) -> None:
    """Section 338 names lines that were not read: from its first day the answer says so."""
    turn = Turn("2026-08-22", "shirt", "CA", "express", 1000, (), Decimal(0))
    assert not _ask(book, turn).complete
    assert _ask(book, turn._replace(day="2026-08-21")).complete


@pytest.mark.parametrize("channel", ["postal", "express", "commercial", "freight"])
def test_every_day_has_an_answer(channel: str, book: Book) -> None:
    """A T-shirt of China: no gap since 2024, and the total is the sum of its layers."""
    first, last = date(2024, 1, 1), date(2026, 11, 23)
    for after in range((last - first).days + 1):
        day = (first + timedelta(days=after)).isoformat()
        turn = Turn(day, "shirt", "CN", channel, (20, 801)[after % 2], (), Decimal(0))
        answer = _ask(book, turn)
        assert answer.complete, turn
        paid = [line for line in answer.lines if line.kind in ("duty", "tax", "fee")]
        assert sum(line.amount_minor for line in paid) == answer.total_minor, turn
        layers = [line for line in paid if line.kind == "duty"]
        assert sum(line.amount_minor for line in layers) == answer.duty_minor, turn
        assert answer.total_minor == answer.duty_minor + answer.fees_minor, turn


# Subheadings of goods.yaml whose column 1 stays open on a day of 2024 or 2025. It may only fall:
# four (watch, wall clock, wine, tool set) ask in 2026 too for more than the table of goods says.
GAPS_2024 = 127


def _column_1(book: Book, slug: str, day: str) -> ChargeLine:
    """The ordinary duty of a tabled good, 3000 USD of it from Germany, on a formal entry."""
    item = Item(
        value=Money("USD", (3000, 1)),
        quantity=1,
        hs=book.goods[slug].hs,
        origin="DE",
        goods=slug,
    )
    parcel = Shipment(
        origin="DE",
        destination="US",
        on=(date.fromisoformat(day) - EPOCH).days,
        items=(item,),
        weight_mg=500_000,
        buyer="consumer",
    )
    answer = duty(book, parcel, channel="commercial")
    (line,) = (line for line in answer.lines if line.code == "mfn")
    assert not (line.unknown and answer.complete), slug
    return line


def test_column_1_before_2026_is_as_in_2026_or_a_gap(book: Book) -> None:
    """What was read in 2024 equals 2026, on each side of the new year; the rest says it is open."""
    open_2024 = set()
    for slug in book.goods:
        days = ("2024-01-01", "2025-12-31", "2026-01-01")
        first, last, now = (_column_1(book, slug, day) for day in days)
        assert (first.rate, first.amount_minor, first.unknown) == (
            last.rate,
            last.amount_minor,
            last.unknown,
        ), slug
        if first.unknown:
            open_2024.add(book.goods[slug].hs)
        else:
            assert (last.rate, last.amount_minor) == (now.rate, now.amount_minor), slug
    assert len(open_2024) <= GAPS_2024
