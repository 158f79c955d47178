"""The grammar of rates: what it reads, what it refuses, and that it writes what it reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xborder_cli.core.rule import Limit, Rounding, Term, Terms
from xborder_cli.tables.terms import (
    cell_term,
    heading_term,
    parse_limit,
    parse_rounding,
    parse_terms,
)
from xborder_cli.tables.words import limit_words, rate_words
from xborder_cli.units import Unreadable, ratio

AMOUNT = st.builds(lambda cents: ratio(cents, 100), st.integers(0, 10**7))
STEP = st.builds(lambda cents: ratio(cents, 100), st.integers(1, 10**5))
UNIT = st.sampled_from(["kg", "lb", "item", "line", "pair", "litre_alcohol", "net_kg", "USD"])
SHARE = st.builds(Term, AMOUNT, of=st.sampled_from(["base", "battery", "case"]))
FLAT = st.builds(Term, AMOUNT, currency=st.just("USD"))
PER = st.builds(
    Term,
    AMOUNT,
    currency=st.just("EUR"),
    units=st.tuples(UNIT),
    step=STEP,
    started=st.booleans(),
    over=AMOUNT,
)
SUM = st.builds(Terms, st.lists(SHARE | FLAT | PER, min_size=1, max_size=3).map(tuple))
CLAMPED = st.builds(
    lambda terms, low, high: Terms(terms.parts, low, high), SUM, st.none() | SUM, st.none() | SUM
)


@given(CLAMPED)
def test_terms_read_back(terms: Terms) -> None:
    assert parse_terms(rate_words(terms)) == terms


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (parse_terms, parse_limit, cell_term, lambda t: parse_rounding(t, "USD")):
        try:
            parse(text)
        except Unreadable as fault:
            assert fault.what


def test_sum_of_flat_and_started_steps() -> None:
    flat, steps = parse_terms("67 HKD + 1.29 HKD / started 0.01 kg over 0.19 kg").parts
    assert flat == Term((67, 1), currency="HKD")
    assert steps.units == ("kg",)
    assert (steps.step, steps.started, steps.over) == ((1, 100), True, (19, 100))


def test_free_quantity_in_another_unit_of_its_kind() -> None:
    assert parse_terms("1 USD / 100 g over 0.5 kg").parts[0].over == (500, 1)


def test_clamp_of_its_own() -> None:
    terms = parse_terms("15 % min 67 JPY / litre max 125 JPY / litre")
    assert terms.low is not None
    assert terms.high is not None
    assert terms.low.parts[0] == Term((67, 1), currency="JPY", units=("litre",))
    assert terms.high.parts[0].amount == (125, 1)


def test_words_are_a_gap() -> None:
    assert parse_terms("words: see note 3") == Terms((), words="see note 3")


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("10", "its currency"),
        ("Free", "0 %"),
        ("1,5 %", "point"),
        ("3 EUR / stone", "units are"),
        ("3 EUR / 0 kg", ""),
        ("3 EUR / kg over 2 day", "same unit"),
        ("10 % min 1 EUR min 2 EUR", ""),
        ("10 % +5 EUR", ""),
        ("", ""),
    ],
)
def test_refused(text: str, fix: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_terms(text)
    assert fix in caught.value.fix


@pytest.mark.parametrize(
    ("heading", "term"),
    [
        ("CNY", Term((1, 1), currency="CNY")),
        ("CNY/kg", Term((1, 1), currency="CNY", units=("kg",))),
        ("CNY/0.5kg", Term((1, 1), currency="CNY", units=("kg",), step=(1, 2))),
        ("CNY/cbm_day", Term((1, 1), currency="CNY", units=("cbm", "day"))),
        ("CNY/net_kg", Term((1, 1), currency="CNY", units=("net_kg",))),
        (
            "CNY/started_0.01kg_over_band",
            Term(
                (1, 1), currency="CNY", units=("kg",), step=(1, 100), started=True, over_band=True
            ),
        ),
        ("%", Term((1, 100), of="base")),
        ("zone", None),
    ],
)
def test_headings(heading: str, term: Term | None) -> None:
    assert heading_term(heading) == term


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("150 EUR", Limit((150, 1), currency="EUR")),
        ("10 CNY / ml", Limit((10, 1), currency="CNY", per="ml")),
        ("0.5 kg", Limit((1, 2), unit="kg")),
        ("3", Limit((3, 1))),
        ("30 days", Limit((30, 1), unit="day")),
        ("2 x weight", Limit((2, 1), name="weight")),
        ("1.5 x chargeable", Limit((3, 2), name="chargeable")),
    ],
)
def test_limits(text: str, limit: Limit) -> None:
    assert parse_limit(text) == limit
    assert parse_limit(limit_words(limit)) == limit


def test_roundings() -> None:
    assert parse_rounding("half up to 0.05 CHF", "CHF") == Rounding("half up", (1, 20))
    assert parse_rounding("down", "CHF") == Rounding("down")
    assert parse_rounding("exact", "CHF") == Rounding("exact")
    with pytest.raises(Unreadable):
        parse_rounding("down to 100 JPY", "CHF")
