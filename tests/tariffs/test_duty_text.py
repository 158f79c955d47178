"""Duty expressions of the EU and the UK: read exactly, or kept in words; never 0 by mistake."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xborder_cli.tables.terms import parse_terms
from xborder_cli.tariffs.duty_text import plus, read_duty

# printed unit -> units counted by our terms, and how many of them the amount is for
UNITS = {
    "100 kg": (("kg",), 100), "kg": (("kg",), 1), "1000 kg": (("t",), 1), "tonne": (("t",), 1),
    "hl": (("litre",), 100), "l": (("litre",), 1), "1000 l": (("litre",), 1000),
    "% vol / hl": (("litre_alcohol",), 1), "% vol/hl": (("litre_alcohol",), 1),
    "l alc. 100%": (("litre_alcohol",), 1), "item": (("item",), 1), "p/st": (("item",), 1),
    "100 p/st": (("item",), 100), "1000 items": (("item",), 1000), "pa": (("pair",), 1),
    "m³": (("cbm",), 1),
}  # fmt: skip
CODES = {
    "DTN": (("kg",), 100), "KGM": (("kg",), 1), "TNE": (("t",), 1), "HLT": (("litre",), 100),
    "LTR": (("litre",), 1), "NAR": (("item",), 1), "NPR": (("pair",), 1), "CEN": (("item",), 100),
    "MIL": (("item",), 1000), "ASV X": (("litre_alcohol",), 1), "LPA": (("litre_alcohol",), 1),
    "GRM": (("g",), 1), "MTQ": (("cbm",), 1), "KLT": (("litre",), 1000),
}  # fmt: skip
BLANKS = st.sampled_from(["", " ", "  ", "\u00a0", " \u200b"])


def term(part):
    """Return a term as numbers: share, or amount per one unit with its currency and units."""
    amount = Fraction(*part.amount)
    if not part.currency:
        return "%", amount
    return part.currency, amount / Fraction(*part.step), part.units


def numbers(text):
    terms = parse_terms(text)
    sides = [terms.parts, *((one.parts if one else None) for one in (terms.low, terms.high))]
    return [[term(part) for part in side] if side is not None else None for side in sides]


@st.composite
def printed_term(draw):
    digits = draw(st.integers(0, 3))
    amount = draw(st.integers(0, 10**7))
    number = f"{amount // 10**digits}.{amount % 10**digits:0{digits}}" if digits else str(amount)
    value = Fraction(amount, 10**digits)
    blank = draw(BLANKS)
    if draw(st.booleans()):
        return f"{number}{blank}%", ("%", value / 100)
    money = draw(st.sampled_from(["EUR", "GBP"]))
    if draw(st.booleans()):
        unit = draw(st.sampled_from(sorted(UNITS)))
        units, per = UNITS[unit]
        text = f"{number} {money}{blank}/{draw(BLANKS)}{unit}"
    else:
        unit = draw(st.sampled_from(sorted(CODES)))
        units, per = CODES[unit]
        text = f"{number} {money} {unit}"
    return text, (money, value / per, units)


@st.composite
def printed_sum(draw):
    pieces = draw(st.lists(printed_term(), min_size=1, max_size=3))
    plus_sign = f"{draw(BLANKS)}+{draw(BLANKS)}"
    return plus_sign.join(text for text, _ in pieces), [value for _, value in pieces]


@st.composite
def printed_duty(draw):
    text, value = draw(printed_sum())
    low = draw(st.none() | printed_sum())
    high = draw(st.none() | printed_sum())
    limits = [(word, limit) for word, limit in (("MIN", low), ("MAX", high)) if limit]
    if draw(st.booleans()):
        limits.reverse()
    for word, limit in limits:
        text = f"{text} {word}{draw(BLANKS)} {limit[0]}"
    return text, [value, low and low[1], high and high[1]]


@given(printed_duty())
def test_what_is_printed_is_read_back_exactly(duty):
    text, value = duty
    found = read_duty(text)
    assert found.read, found
    assert numbers(found.rate) == value


@given(st.text(max_size=60))
def test_any_text_is_a_rate_of_our_tables_or_words(text):
    found = read_duty(text)
    terms = parse_terms(found.rate.strip('"'))
    assert bool(terms.parts) == found.read
    assert '"' not in found.rate.strip('"')


@given(printed_duty(), st.sampled_from(["EA", "ADSZ", "ADFM", "EUR DTN Z", "EUR / 100 kg/net eda"]))
def test_a_part_that_is_not_read_leaves_the_whole_in_words(duty, more):
    number = "" if more.isalpha() else "5 "
    found = read_duty(f"{duty[0]} + {number}{more}")
    assert not found.read
    assert more.split()[-1] in found.rate


@pytest.mark.parametrize(
    ("printed", "rate", "form"),
    [
        ("12.0%", "12 %", "ad-valorem"),
        ("0.00%", "0 %", "free"),
        ("NIHIL", "0 %", "free"),
        ("15.40 EUR / hl", "15.4 EUR / 100 litre", "specific"),
        ("1.75 EUR / % vol / hl", "1.75 EUR / litre_alcohol", "specific"),
        ("0.50 GBP / % vol/hl + 2.60 GBP / hl",
         "0.5 GBP / litre_alcohol + 2.6 GBP / 100 litre", "compound"),
        ("10.20% + 93.10 EUR / 100 kg", "10.2 % + 93.1 EUR / 100 kg", "compound"),
        ("4.50% MIN 0.30 EUR / item MAX 0.80 EUR / item",
         "4.5 % min 0.3 EUR / item max 0.8 EUR / item", "min-max"),
        ("9.10% +  45.10 EUR / 100 kg  MAX 18.90% + 16.50 EUR / 100 kg",
         "9.1 % + 45.1 EUR / 100 kg max 18.9 % + 16.5 EUR / 100 kg", "min-max"),
        ("0.20 GBP/ item", "0.2 GBP / item", "specific"),
        ("6.4 + 24.6 EUR/100 kg", "6.4 % + 24.6 EUR / 100 kg", "percent-sign-missing"),
        ("3.300 %", "3.3 %", "ad-valorem"),
        ("8.000 % + 93.100 EUR DTN", "8 % + 93.1 EUR / 100 kg", "compound"),
        ("1,873.000 EUR TNE", "1873 EUR / t", "specific"),
        ("<span>12.00</span>%", "12 %", "ad-valorem"),
        ("Cond:  A cert: D-008 (01):39.900 % ; A (01):54.900 %", "54.9 %", "without-certificate"),
    ],
)  # fmt: skip
def test_the_printed_forms(printed, rate, form):
    found = read_duty(printed)
    assert (found.rate, found.form) == (rate, form)


@pytest.mark.parametrize(
    ("printed", "why"),
    [
        ("8.30% +  EA MAX 18.70%  + ADSZ", "agricultural-element"),
        ("0.00% + AC MAX 18.70% + ADFMR", "agricultural-element"),
        ("8.50% (01 JAN-31 MAY, 01 NOV-31 DEC)", "season"),
        ("Entry Price - 14.40%", "entry-price"),
        ("Cond:  V 45.700 EUR/DTN(01):9.000 % ; V 0.000 EUR/DTN(01):9.000 % + 2 EUR DTN",
         "entry-price"),
        ("Cond:  A cert: D-020 (28):; A (08):", "condition"),
        ("Cond:  A cert: D-008 (01):10.000 %", "condition"),
        ("NAR", "supplementary-unit"),
        ("", "no-rate"),
        ("172.200 EUR TNE I", "unknown-unit"),
        ("22.000 EUR / 100 kg/net eda", "unknown-unit"),
        ("1,8 %", "words"),  # a comma alone may be either
        ("12", "words"),
        ("0", "words"),
        ("5 EUR", "words"),
        ("5 USD / kg", "words"),  # neither tariff prints it
        ("see note 3", "words"),
        ("5 % MIN 1 EUR / kg MIN 2 EUR / kg", "words"),
    ],
)  # fmt: skip
def test_what_is_not_read_is_kept_in_words_and_says_why(printed, why):
    found = read_duty(printed)
    assert (found.read, found.form) == (False, why)
    assert parse_terms(found.rate.strip('"')).words


def test_the_rate_of_those_who_show_a_certificate_is_told():
    found = read_duty(
        "Cond: A cert: D-017 (01):0.000 % ; A cert: D-018 (01):28.2 % ; A (01):36.2 %"
    )
    assert found.rate == "36.2 %"
    assert found.note == "0 % with D-017; 28.2 % with D-018"


def test_two_duties_are_due_together_and_a_clamp_cannot_be_added():
    assert plus(read_duty("62.10 %"), read_duty("17.200 %")).rate == "62.1 % + 17.2 %"
    assert not plus(read_duty("5 % MIN 1 EUR / kg"), read_duty("17.2 %")).read
    assert not plus(read_duty("5 %"), read_duty("EA")).read
