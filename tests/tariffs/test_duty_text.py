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
        # as a month of TARIC prints them
        ("15.000 % + 1,554.300 EUR TNE", "15 % + 1554.3 EUR / t", "compound"),
        ("52.000 EUR MIL", "52 EUR / 1000 item", "specific"),
        ("0.500 EUR NAR MIN 2.700 % MAX 4.600 %", "0.5 EUR / item min 2.7 % max 4.6 %", "min-max"),
        ("0.000 % + 25.850 EUR DTN MAX 17.900 %", "0 % + 25.85 EUR / 100 kg max 17.9 %",
         "min-max"),
        ("0.320 EUR ASV X MIN 1.800 EUR HLT",
         "0.32 EUR / litre_alcohol min 1.8 EUR / 100 litre", "min-max"),
        ("0.000 % + 39.930 EUR HLT + 6.790 EUR DTN",
         "0 % + 39.93 EUR / 100 litre + 6.79 EUR / 100 kg", "compound"),
        ("0.000 EUR KGM P", "0 %", "free"),  # nothing per whatever it is
        ("0.000 % + 0.000 EUR TNE I", "0 % + 0 %", "compound"),
        ("Cond: A cert: D-008 (01):NIHIL ; A (01):32.710 EUR TNE", "32.71 EUR / t",
         "without-certificate"),
        ("Cond: B cert: Y-155 (01):50.000 % ; B (01):7.700 %", "7.7 %", "without-certificate"),
        ("Cond: B cert: Y-321 (01):0.000 % ; B cert: Y-320 (01):2.200 % ;"
         " B cert: N-018 (01):0.000 % ; B (01):5.700 %", "5.7 %", "without-certificate"),
        # as the UK prints them
        ("34.00 GBP / 100 kg", "34 GBP / 100 kg", "specific"),
        ("0.50 GBP / 1,000 p/st", "0.5 GBP / 1000 item", "specific"),
        ("5.00 GBP / 1,000 l", "5 GBP / 1000 litre", "specific"),
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
        ("4.500 % + EAR MAX 9.300 % +ADSZR MAX 35.150 EUR DTN", "agricultural-element"),
        ("4.500 % + 22.550 EUR DTN MAX 9.400 % + 8.250 EUR DTN MAX 35.150 EUR DTN", "words"),
        ("10.400 % MIN 1.300 EUR DTN G", "unknown-unit"),  # per 100 kg of gross weight
        ("9.600 % + 191.000 EUR DTN E", "unknown-unit"),
        ("0.230 EUR KGM P + 5.500 EUR DTN", "unknown-unit"),
        ("8.000 % MAX 2.800 EUR MTK", "unknown-unit"),
        ("33.000 GBP / 100 kg / lactic.", "unknown-unit"),
        ("144.10 GBP / 1000 kg/biodiesel", "unknown-unit"),
        ("43.860 EUC DTN", "words"),
        ("0.192 ENC ENP", "words"),
        ("MTQ C", "supplementary-unit"),
        ("Cond: R 80.001/KGM(10):; R 0.000/KGM(28):", "condition"),
        ("Cond: L 143.010 EUR/DTN(01):0.000 EUR DTN ;"
         " L 95.340 EUR/DTN(01):42.903 EUR DTN - 30.000 %", "condition"),
        ("Cond: B cert: U-088 (27):; B (07):; V 84.600 EUR/DTN(01):0.000 % ;"
         " V 0.000 EUR/DTN(01):0.000 % + 29.800 EUR DTN", "entry-price"),
        ("Cond: A cert: D-020 (28):; A (08):; F 2,043.000 EUR/TNE(01):0.000 EUR TNE ;"
         " F 0.000 EUR/TNE(01):21.500 %", "condition"),
        ("Cond: A cert: D-008 (01):68.600 EUR TNE I ; A (01):172.200 EUR TNE I", "condition"),
        ("Cond:  B cert: Y-155 (01):50.000 %", "condition"),  # only goods of some origin
        ("Cond:  Y cert: L-139 (29):; Y cert: Y-824 (29):; Y (09):", "condition"),
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
