"""A rate in words is what `xb duty` charges: the share of the customs value, to its roundings."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings

from tests.duty_entries import book, entries, shipment, slack
from xborder_cli.core.pipeline import duty
from xborder_cli.duties.entry import work_out
from xborder_cli.duties.rate import Rate, Rates, percent
from xborder_cli.duties.usual import CHANNEL
from xborder_cli.errors import TableError


@settings(max_examples=400, deadline=None)
@given(entries())
def test_the_share_is_what_is_charged(one):
    market, article, origin, day, claims = one
    parcel = shipment(market, article, origin, day, claims)
    try:
        answer = duty(book(), parcel, channel=CHANNEL)
    except TableError:
        return
    entry = work_out(book(), parcel, channel=CHANNEL)
    assert entry.duty_minor == answer.duty_minor
    assert [flag for flag in answer.flags if flag.startswith("refused")] == [
        f"refused: {words}" for words in entry.refused
    ]
    if entry.refused:
        return
    total = Rates(entry).total()
    if not answer.complete and not total.gaps:
        assert total.parts or any(line.unknown for line in entry.lines if line.kind != "duty")
    if total.plain:
        worth = entry.customs_value_minor
        assert worth is not None or not total.share
        assert abs(total.share * (worth or 0) - entry.duty_minor) <= slack(entry)


@settings(max_examples=200, deadline=None)
@given(entries())
def test_a_gap_is_never_a_number(one):
    """Whatever duty `xb duty` does not know, the rate says so; it is never nothing."""
    market, article, origin, day, claims = one
    try:
        entry = work_out(book(), shipment(market, article, origin, day, claims), channel=CHANNEL)
    except TableError:
        return
    unknown = [line for line in entry.lines if line.kind == "duty" and line.unknown]
    total = Rates(entry).total()
    if unknown:
        assert total.gaps or total.parts  # not known, or known and counted by what nobody stated
        assert not total.plain
    assert total.text != "0 %" or not unknown


@pytest.mark.parametrize(
    ("rate", "text", "plain"),
    [
        (Rate(), "0 %", True),
        (Rate(share=Fraction(73, 200)), "36.5 %", True),
        (Rate(share=Fraction(1, 3)), "~33.3333 %", True),
        (Rate(parts=("0.3 EUR / item",)), "0.3 EUR / item", False),
        (Rate(gaps=("by value",)), "?", False),
        (Rate(share=Fraction(1, 10), gaps=("by value",)), "at least 10 %", False),
        (Rate(share=Fraction(1, 10), parts=("2 EUR / kg",)), "10 % + 2 EUR / kg", False),
    ],
)
def test_words(rate, text, plain):
    assert (rate.text, rate.plain) == (text, plain)


def test_percent_is_exact():
    assert percent(Fraction(793, 1000)) == "79.3 %"
    assert percent(Fraction(-1, 2)) == "-50 %"
