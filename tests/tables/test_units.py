"""Text to exact numbers and back: what is written is what is read."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xborder_cli import units
from xborder_cli.core.rule import Money
from xborder_cli.units import Unreadable

WHOLE = st.integers(-(10**15), 10**15)
AMOUNTS = st.decimals(-(10**9), 10**9, places=4, allow_nan=False, allow_infinity=False)


@given(WHOLE, st.integers(-(10**9), 10**9).filter(bool))
def test_half_up_is_decimal_half_up(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    floor = abs(exact).__floor__()
    expected = floor + (abs(exact) - floor >= Fraction(1, 2))
    assert units.half_up(numerator, denominator) == (expected if exact >= 0 else -expected)


@given(AMOUNTS, st.integers(0, 4))
def test_minor_units_agree_with_decimal(amount: Decimal, digits: int) -> None:
    minor = units.to_minor(units.parse_decimal(format(amount, "f")), digits)
    step = Decimal(1).scaleb(-digits)
    assert Decimal(minor).scaleb(-digits) == amount.quantize(step, ROUND_HALF_UP)


@given(WHOLE, st.integers(0, 4))
def test_minor_text_reads_back(minor: int, digits: int) -> None:
    text = units.minor_text(minor, digits)
    assert units.to_minor(units.parse_decimal(text), digits) == minor
    assert len(text.partition(".")[2]) == digits


@given(AMOUNTS)
def test_ratio_text_reads_back(amount: Decimal) -> None:
    value = units.parse_decimal(format(amount, "f"))
    assert units.parse_ratio(units.ratio_text(value)) == value


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**6))
@example(1, 2**19)
def test_any_fraction_reads_back(top: int, bottom: int) -> None:
    value = units.ratio(top, bottom)
    assert units.parse_ratio(units.ratio_text(value)) == value
    assert units.parse_ratio(units.percent_text(value)) == value


@given(st.integers(0, 10**12))
def test_weight_text_reads_back(milligrams: int) -> None:
    assert units.parse_weight_mg(units.weight_text(milligrams) + "kg") == milligrams


@given(st.integers(-700_000, 2_000_000))
def test_days_read_back(day: int) -> None:
    assert units.parse_day(units.day_text(day)) == day


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_with_words(text: str) -> None:
    for parse in (
        units.parse_decimal,
        units.parse_ratio,
        units.parse_weight_mg,
        units.parse_size_dmm,
        units.parse_money,
        units.parse_day,
    ):
        try:
            parse(text)
        except Unreadable as fault:
            assert fault.what


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.2kg", 1_200_000),
        ("850 g", 850_000),
        ("0.5 KG", 500_000),
        ("16oz", 453_592),  # 453592.37 mg
        ("1 oz", 28_350),  # 28349.523125 mg
        ("2 lb", 907_185),  # 907184.74 mg
    ],
)
def test_weights(text: str, expected: int) -> None:
    assert units.parse_weight_mg(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30x20x10cm", (3000, 2000, 1000)),
        ("12.2x8.1x5 in", (3099, 2057, 1270)),  # 3098.8, 2057.4
        ("300 x 200 x 100 mm", (3000, 2000, 1000)),
        ("30×20×10 cm", (3000, 2000, 1000)),
        ("1m x 20cm x 10cm", (10000, 2000, 1000)),
    ],
)
def test_sizes(text: str, expected: tuple[int, int, int]) -> None:
    assert units.parse_size_dmm(text) == expected


@pytest.mark.parametrize("text", ["12.50 USD", "12.5USD", "12.50usd"])
def test_money(text: str) -> None:
    assert units.parse_money(text) == Money("USD", (25, 2))


@pytest.mark.parametrize(
    ("parse", "text", "what", "fix"),
    [
        (units.parse_weight_mg, "1,2", '"1,2" is not a weight', "write 1.2kg, with a point"),
        (
            units.parse_weight_mg,
            "1.2",
            '"1.2" is not a weight',
            "write the unit too, such as 1.2kg",
        ),
        (units.parse_weight_mg, "3 cm", '"3 cm" is not a weight', ""),
        (units.parse_size_dmm, "0x20x10cm", '"0x20x10cm" has a side of 0', ""),
        (units.parse_size_dmm, "30x20cm", '"30x20cm" is not a size', ""),
        (units.parse_money, "25", '"25" is not an amount of money', "write the currency too"),
        (units.parse_money, "USD25", '"USD25" is not an amount of money', "write amount, then"),
        (units.parse_money, "2,50 EUR", '"2,50 EUR" is not an amount of money', "with a point"),
        (units.parse_day, "1.3.2026", '"1.3.2026" is not a day', "2026-03-01"),
        (units.parse_day, "2026-02-30", '"2026-02-30" is not in the calendar', ""),
        (units.parse_decimal, "1e3", '"1e3" is not a number', ""),
        (units.parse_ratio, "1/0", '"1/0" divides by 0', ""),
    ],
)
def test_what_cannot_be_read_says_why(parse, text: str, what: str, fix: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse(text)
    assert caught.value.what == what
    assert fix in caught.value.fix
