"""Rates as the United States schedule prints them: read as they are, or kept in words."""

from __future__ import annotations

import re
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tariffs.make_hts_rates import COLUMN_2, a_rate
from xborder_cli.tables.terms import parse_terms
from xborder_cli.tariffs.us_rate_text import read_rate
from xborder_cli.tariffs.usitc_text import clean_rate

READ = {
    "Free": "0 %",
    "16.5%": "16.5 %",
    "20% ": "20 %",
    "6.5\u00a0%": "6.5 %",
    "33 1/3%": "1/3",
    "33⅓%": "1/3",
    "33<sup>1</sup>/<sub>3</sub>%": "1/3",
    "66 2/3%": "2/3",
    "12 1/2%": "12.5 %",
    "25% ad val.": "25 %",
    "20% 1/": "20 %",
    "1¢/kg": "0.01 USD / kg",
    "0.37¢/kg": "0.0037 USD / kg",
    "$1.035/kg + 14.9%": "1.035 USD / kg + 14.9 %",
    "$1.035/kg +14.9%": "1.035 USD / kg + 14.9 %",
    "27.6¢/liter+ 17.5%": "0.276 USD / litre + 17.5 %",
    "0.8¢ each + 4.6%": "0.008 USD / item + 4.6 %",
    "$.50 each": "0.5 USD / item",
    "$1,250 each": "1250 USD / item",
    "68¢/head": "0.68 USD / item",
    "52.5¢/bbl": "0.525 USD / 158.987294928 litre",
    "90¢/pr. + 37.5%": "0.9 USD / pair + 37.5 %",
    "2.8¢/doz.": "0.028 USD / dozen",
    "3¢/doz. pr.": "0.03 USD / 12 pair",
    "$1.34/1000": "1.34 USD / 1000 item",
    "14¢/gross + 4.3%": "0.14 USD / 144 item + 4.3 %",
    "$1.19/m³": "1.19 USD / 1000 litre",
    "18.9¢/pf.liter": "0.189 USD / 0.5 litre_alcohol",
    "4.4¢/liter + 31.4¢/pf. liter": "0.044 USD / litre + 0.314 USD / 0.5 litre_alcohol",
    "17.5% + 8.8¢/kg": "17.5 % + 0.088 USD / kg",
    "5¢/kg but not less than 5%": "0.05 USD / kg min 5 %",
    "44¢ each + 6% on the case + 14% on the strap, band or bracelet + 5.3% on the battery": (
        "0.44 USD / item + 6 % of case + 14 % of strap + 5.3 % of battery"
    ),
    "$2.70 each + 45% on the case+ 35% on thebattery": (
        "2.7 USD / item + 45 % of case + 35 % of battery"
    ),
    "6% on the case and strap, band or bracelet": "6 % of case + 6 % of strap",
    "36¢ each + 5.3% on the battery": "0.36 USD / item + 5.3 % of battery",
    # the rest as editions of 2024 and 2026 print them
    "2.2¢/kg  +  33.5%": "0.022 USD / kg + 33.5 %",
    "33¢/ liter": "0.33 USD / litre",
    "10.6¢/g": "0.106 USD / g",
    "74¢/t": "0.74 USD / t",
    "6.58170¢/kg": "0.065817 USD / kg",
    "$2/1,000 + 60%": "2 USD / 1000 item + 60 %",
    "10¢/1,000 pins + 3.5%": "0.1 USD / 1000 item + 3.5 %",
    "20¢/thousand + 3.5%": "0.2 USD / 1000 item + 3.5 %",
    "$2.50/thou- sand + 40%": "2.5 USD / 1000 item + 40 %",
    "88.2¢/kg + 55% + 12.5¢/ article": "0.882 USD / kg + 55 % + 0.125 USD / item",
    "18.5¢/ liter + $1.32/pf. liter on ethyl alcohol content": (
        "0.185 USD / litre + 1.32 USD / 0.5 litre_alcohol"
    ),
    "41¢ each + 5% on case and strap, band or bracelet + 4.2% on the battery": (
        "0.41 USD / item + 5 % of case + 5 % of strap + 4.2 % of battery"
    ),
    "$2.25 each + 45% on the case +80% on the strap, band or bracelet + 35% on the battery": (
        "2.25 USD / item + 45 % of case + 80 % of strap + 35 % of battery"
    ),
    "3.9% on the movement and case + 5.3% on the battery": (
        "3.9 % of movement + 3.9 % of case + 5.3 % of battery"
    ),
    "3.9% on the movement and case+ 5.3% on the battery": (
        "3.9 % of movement + 3.9 % of case + 5.3 % of battery"
    ),
    "3.9% on the apparatus + 5.3% on the battery": "3.9 % of apparatus + 5.3 % of battery",
    "6.5% on the entire set": "6.5 %",
    "<il>13.5%</il>": "13.5 %",
}
WORDS = {
    "The rate applicable to the natural juice in heading 2009": "reference",
    "See additional U.S. note 4 to this chapter": "reference",
    "Free, under bond, as prescribed in regulations": "other",
    "3.6606¢/kg of total sugars": "unit",
    "5.4¢/kg on drained weight + 8%": "unit",
    "18.7¢/clean kg": "unit",
    "2¢/m²": "unit",
    "1.5¢/jewel": "unit",
    "2.5% on the value of the lead content": "part",
    "3.6606¢/kg less 0.020668¢/kg for each degree under 100 degrees": "unit",
    "331/3%": "other",
    "33 4/3%": "other",
    "1/3%": "other",
    "3.3 1/3%": "other",
    "5% + 3%": "other",
    "6% on the case + 6% on the case": "other",
    "6% + 5% on the case": "other",
    "7,5%": "other",
    "7.5": "other",
    "0.075": "other",
    "1.5.2%": "other",
    "-5%": "other",
    "¢/kg": "other",
    "5¢": "other",
    "5/kg": "other",
    "5%%": "other",
    "5% or 3¢/kg": "other",
    "5¢/kg but not less than 5% nor more than 9%": "other",
    "50 percent of the cost of such parts": "other",
    "No change": "other",
    "The rate applicable to each garment in the ensemble if separately entered": "reference",
    "The rate of duty appli- cable to that article in the set subject to the high- est rate of "
    "duty": "reference",
    "The rate applicable, to each article in the absence of this subheading": "reference",
    "Free, under bond": "other",
    "$1.32/t, including weight of container": "unit",
    "5¢/kg on contents and container": "unit",
    "6.6¢/kg on entire contents of container": "unit",
    "20¢/gross of immediate containers": "unit",
    "8.8¢/kg on copper content + 3.3¢/kg on lead content + 3.7¢/kg on zinc content": "unit",
    "22¢/kg on drained weght + 45%": "unit",
    "$40/kg of anhydrous morphine content": "unit",
    "<il>86.1¢/m<sup>2</sup></il> of recording surface": "unit",
    "86.1¢/m<sup>2</sup>of recording surface": "unit",
    "3.3¢/lin. m": "unit",
    "14.5¢/m2 + 0.4%": "unit",
    "0.3¢/line/ gross + 4.6%": "unit",
    "10¢/pack + 20%": "unit",
    "36¢ each + 5.6% + 2¢/jewel": "unit",
    "43¢ each + 2.8¢/jewel over 7 + 3.7% on the case": "unit",
    "6% + 2.3¢/jewel + 0.2¢ for each other piece or part, but if consisting in part of a plate or "
    "a set of plates the total duty shall not exceed the duty for the complete movement": "unit",
    "4.7% on the value of the rifle + 20% on the value of the telescopic sight, if any": "part",
    "1.4606¢/kg less 0.020668¢/kg for each degree under 100 degrees (and fractions of a degree in "
    "proportion) but not less than 0.943854¢/kg": "unit",
}


@pytest.mark.parametrize("printed", READ)
def test_a_rate_is_read(printed):
    rate = read_rate(clean_rate(printed))
    assert (rate.text, rate.why) == (READ[printed], "")
    assert not parse_terms(rate.text).words


@pytest.mark.parametrize("printed", WORDS)
def test_a_rate_stays_in_words_with_the_reason(printed):
    cleaned = clean_rate(printed)
    rate = read_rate(cleaned)
    assert rate.why == WORDS[printed], rate
    assert parse_terms(rate.text.strip('"')).words == cleaned
    assert not rate.free


@given(st.text("0123456789./ $¢%+,kgeach pr()andolstr", max_size=30))
def test_any_text_is_a_rate_or_words(text):
    rate = read_rate(clean_rate(text))
    terms = parse_terms(rate.text.strip('"'))
    assert bool(rate.why) == (not terms.parts)


@given(st.integers(0, 2**32), st.sampled_from(sorted(COLUMN_2)), st.integers(0, 80), st.data())
def test_a_slip_of_the_pen_is_read_as_printed_or_not_at_all(seed, form, at, data):
    """Each addend of what is read has the digits that stand before its sign, no others."""
    printed = clean_rate(a_rate(Random(seed), form).text)
    slip = data.draw(st.sampled_from(["", " ", "1", ".", "/", "+", "%", "¢", "$", ",", "k"]))
    cut = data.draw(st.integers(0, 1))
    text = clean_rate(printed[:at] + slip + printed[at + cut :])
    rate = read_rate(text)
    if rate.why or rate.free or "not less" in text or " and " in text:
        return
    pieces = text.split("+")
    parts = parse_terms(rate.text).parts
    assert len(parts) == len(pieces)
    for piece, part in zip(pieces, parts, strict=True):
        amount = Fraction(*part.amount)
        number = re.match(
            r"\s*\$?\s*([\d,]*\.?\d*)\s*(?:(\d+)/(\d+))?\s*(%|percent|¢|cents?)?", piece
        )
        assert number is not None
        printed_amount = Fraction(number[1].replace(",", "") or "0")
        if number[2]:
            printed_amount += Fraction(int(number[2]), int(number[3]))
        scale = 1 if "$" in piece else 100
        assert amount * scale == printed_amount, (text, rate.text)
