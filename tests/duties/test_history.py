"""Spans are without a hole, and each says what `xb duty` charges on all its days."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.duty_entries import FIRST, LAST, book, entries, shipment, slack
from xborder_cli.core.pipeline import duty
from xborder_cli.core.rule import Money
from xborder_cli.duties.entry import with_day, work_out
from xborder_cli.duties.history import history_of
from xborder_cli.duties.rate import Rates
from xborder_cli.duties.usual import CHANNEL
from xborder_cli.errors import TableError
from xborder_cli.goods.rates import consignment
from xborder_cli.units import day_text, parse_day


def same_as_charged(span, parcel, day):
    """Compare a span with the duty of one of its days, worked out by the program itself."""
    on_day = with_day(parcel, day)
    answer = duty(book(), on_day, channel=CHANNEL)
    refused = [flag for flag in answer.flags if flag.startswith("refused: ")]
    if any("no exchange rate" in words for words in (*refused, span.refused)):
        return  # a history holds the rates of one day
    assert bool(refused) == bool(span.refused)
    if refused:
        return
    entry = work_out(book(), on_day, channel=CHANNEL)
    assert Rates(entry).total().text == span.total.text
    if span.total.plain:
        worth = answer.customs_value_minor or 0
        assert abs(span.total.share * worth - answer.duty_minor) <= slack(entry)
    elif span.total.gaps:
        assert any(line.unknown or line.at_least for line in answer.lines if line.kind == "duty")


@settings(max_examples=80, deadline=None)
@given(entries(), st.data())
def test_every_span_is_what_is_charged_on_its_first_and_last_day(one, data):
    market, article, origin, day, claims = one
    parcel = shipment(market, article, origin, day, claims)
    head = book().market_heads[market]
    # exchange rates are known on every day when the value is in the market's own money
    (item,) = parcel.items
    item = replace(item, value=Money(head.currency, (10_000_000, 1)), quantity=1_000_000)
    parcel = replace(parcel, items=(item,))
    since = max(head.first_day, FIRST)
    try:
        found = history_of(book(), parcel, channel=CHANNEL, since=since, until=LAST)
    except TableError:
        return
    assert (found.first, found.last) == (since, LAST)
    for before, after in pairwise(found.spans):
        assert before.last is not None
        assert after.first == before.last + 1
        assert (before.total, before.regime, before.refused, before.parts) != (
            after.total,
            after.regime,
            after.refused,
            after.parts,
        )
    for span in found.spans:
        assert span.first <= span.last
        inside = data.draw(st.integers(span.first, span.last))
        for on in {span.first, inside, span.last}:
            same_as_charged(span, parcel, on)


def spans(small_book, hs, origin, **given):
    made = consignment(origin, parse_day("2026-04-01"), hs=hs)
    item = replace(made.items[0], value=Money("XBD", (10_000, 1)))
    parcel = replace(made, destination="XB", items=(item,))
    found = history_of(small_book, parcel, channel=CHANNEL, **given)
    return [
        (day_text(s.first), s.last and day_text(s.last), s.refused or s.total.text)
        for s in found.spans
    ]


@pytest.mark.parametrize(
    ("hs", "origin", "expected"),
    [
        (
            "090210",
            "XA",
            [
                ("2024-01-01", "2025-02-28", "5 %"),
                ("2025-03-01", "2025-05-31", "8 %"),
                ("2025-06-01", "2025-06-30", "5 %"),
                ("2025-07-01", "2025-09-30", "6 %"),
                ("2025-10-01", "2025-12-31", "13.5 %"),
                ("2026-01-01", "2026-12-31", "16 %"),
                ("2027-01-01", None, "14 %"),
            ],
        ),
        # the metals take the place of the reprisal on the day on which they begin
        (
            "732393",
            "XA",
            [
                ("2024-01-01", "2025-02-28", "2 %"),
                ("2025-03-01", "2025-05-31", "5 %"),
                ("2025-06-01", "2025-09-30", "2 %"),
                ("2025-10-01", "2025-12-31", "9.5 %"),
                ("2026-01-01", None, "27 %"),
            ],
        ),
        ("090210", "XE", [("2024-01-01", None, "goods of Erland are barred")]),
    ],
)
def test_spans_of_the_invented_market(small_book, hs, origin, expected):
    assert spans(small_book, hs, origin) == expected


def test_a_window_cuts_spans_and_leaves_no_hole(small_book):
    since, until = parse_day("2025-04-01"), parse_day("2025-08-31")
    assert spans(small_book, "090210", "XA", since=since, until=until) == [
        ("2025-04-01", "2025-05-31", "8 %"),
        ("2025-06-01", "2025-06-30", "5 %"),
        ("2025-07-01", "2025-08-31", "6 %"),
    ]
    assert spans(small_book, "090210", "XA", since=until, until=until) == [
        ("2025-08-31", "2025-08-31", "6 %")
    ]


def test_what_changed_is_named(small_book):
    made = consignment("XA", parse_day("2026-04-01"), hs="732393")
    item = replace(made.items[0], value=Money("XBD", (10_000, 1)))
    parcel = replace(made, destination="XB", items=(item,))
    found = history_of(small_book, parcel, channel=CHANNEL)
    assert [(c.code, c.old, c.new) for c in found.spans[-1].changes] == [
        ("metals", "", "25 %"),
        ("reprisal", "7.5 %", ""),
    ]
    assert found.spans[0].changes == ()
    assert all(span.changes for span in found.spans[1:])


def test_before_the_tables_is_refused(small_book):
    with pytest.raises(TableError) as raised:
        spans(small_book, "090210", "XA", since=parse_day("2023-12-31"))
    (problem,) = raised.value.problems
    assert problem.code == "before-first-value"
    assert "2024-01-01" in problem.what
