"""Which hook of a line holds, what it adds, and who may claim what of the Special column."""

from __future__ import annotations

from collections import Counter

import pytest

from xborder_cli.tariffs.usitc_data import read_data
from xborder_cli.tariffs.usitc_hooks import Hooks, hook_of, known_hooks
from xborder_cli.tariffs.usitc_prefixes import ANY, Codes, agreed, fewest, own_rows
from xborder_cli.tariffs.usitc_special import claims, codes, segments

AGAIN = "The duty provided in the applicable subheading"
RATES = {
    "9903.88.01": (f"{AGAIN} + 25%", ""),
    "9903.88.03": (f"{AGAIN} + 25%", ""),
    "9903.88.15": (f"{AGAIN} + 7.5%", ""),
    "9903.88.69": (AGAIN, ""),
    "9903.91.01": (f"{AGAIN}+25%", ""),
    "9903.91.04": (f"{AGAIN}, plus 50%", ""),
    "9903.91.08": (f"{AGAIN} + a duty of 100%", ""),
    "9903.91.09": (AGAIN, ""),
    "9903.91.99": (f"{AGAIN} + 30%", ""),
    "9903.91.98": ("The duty provided inthe applicable subheading+ 35%", ""),  # as printed once
    "9903.90.09": ("", "70%"),
    "9903.90.08": ("", "35%"),
}


@pytest.mark.parametrize(
    ("named", "rates"),
    [
        (["9903.88.03"], {"25 %"}),
        (["9903.88.03", "9903.88.69"], {"25 %"}),
        (["9903.88.69"], set()),
        (["9903.88.03", "9903.91.01"], {"25 %"}),
        (["9903.91.01", "9903.88.15"], {"25 %"}),
        (["9903.91.04", "9903.91.08"], {"100 %"}),  # steps: the later one
        (["9903.91.09", "9903.88.03"], {"25 %"}),  # an exclusion adds nothing
        (["9903.88.03", "9903.88.15"], {"25 %", "7.5 %"}),  # words must tell
        (["9903.88.16"], {"0 %"}),
        (["9903.88.16", "9903.88.15"], {"7.5 %"}),
        (["9903.91.99"], {"30 %"}),  # of a known family
        (["9903.91.98"], {"35 %"}),
        (["9903.88.02"], {'"words: 9903.88.02: its row is not in the file"'}),
        (["9903.45.21", "9903.90.08"], set()),
    ],
)
def test_the_hook_that_holds(named, rates):
    hooks = Hooks(rates=RATES)
    assert {hooks.adds(hook) for hook in hooks.winning(named, "us_301_cn")} == rates


def test_a_heading_in_place_of_column_2_is_read_from_its_own_column_2():
    hooks = Hooks(rates=RATES)
    (hook,) = hooks.winning(["9903.90.08"], "column_2")
    assert (hook.origin, hooks.adds(hook)) == ("RU", "35 %")
    (hook,) = hooks.winning(["9903.90.09"], "column_2")
    assert (hook.origin, hooks.adds(hook)) == ("RU", "70 %")


def test_what_says_more_than_a_percent_stays_words():
    hooks = Hooks(rates={"9903.88.01": (f"{AGAIN} + 25% upon the value of the content", "")})
    (hook,) = hooks.winning(["9903.88.01"], "us_301_cn")
    assert hooks.adds(hook).startswith('"words: 9903.88.01: The duty')


def test_data_tables_are_whole():
    for code, meaning in codes().items():
        assert meaning.claim, code
        assert meaning.reads in ("yes", "words", "no")
        assert all(len(country) == 2 for country in meaning.countries)
    for row in read_data("us_words_only.csv"):
        assert row["hs"].isdigit()
        assert hook_of(row["heading"]) is not None
    assert {hook.does for hook in known_hooks().values()} == {"add", "none", "instead"}


def offers(printed):
    return {key: one.offer.rate for key, one in claims(printed, Counter()).items()}


def test_segments_with_blanks_free():
    found, lost = segments("Free(A+ ,AU, BH,E *)10.3¢/kg + 1.4% (P)See 9822.04.25 (KR) Free PA")
    assert [(one.printed, one.codes) for one in found] == [
        ("Free", ("A+", "AU", "BH", "E*")),
        ("10.3¢/kg + 1.4%", ("P",)),
        ("See 9822.04.25", ("KR",)),
        ("Free", ("PA",)),
    ]
    assert lost == ""


def test_codes_become_countries_and_claims():
    found = offers("Free (A,AU,C,D,S) 2.8¢/liter (JO)")
    assert found["AU", "preference"] == "0 %"
    assert found["KE", "preference"] == "0 %"
    assert found["CA", "USMCA"] == found["MX", "USMCA"] == "0 %"
    assert found["", "civil-aircraft"] == "0 %"
    assert found["JO", "preference"] == "0.028 USD / litre"
    assert ("IN", "preference") not in found  # GSP has lapsed
    until = {key: one.offer.until for key, one in claims("Free (AU,D)", Counter()).items()}
    assert until["AU", "preference"] is None
    assert until["KE", "preference"] is not None


def test_of_two_offers_the_lower_holds_and_a_number_beats_words():
    assert offers("10% (P) See 9915.04.30 (P+)")["CR", "preference"] == "10 %"
    assert offers("See 9915.04.30 (P+) 10% (P)")["CR", "preference"] == "10 %"
    assert offers("10% (P) 2.5% (P+)")["CR", "preference"] == "2.5 %"
    assert (
        offers("Free (E*,R)")["AG", "preference"]
        == '"words: Free: some goods or countries are left out"'
    )
    assert offers("10% (P) 2¢/kg (P+)")["CR", "preference"] == '"words: two rates: 10%; 2¢/kg"'


def test_what_is_no_segment_is_told():
    counts: Counter[str] = Counter()
    assert claims("Free (see note 3) 5% (XX)", counts) == {}
    assert counts["words: no segment"] == 1
    assert counts["unknown code XX"] == 1


def test_fewest_rows_say_the_same_as_all():
    values = {"61091000": 7, "61099010": 7, "6109901011": 25, "62011100": ANY, "62021100": None}
    rows = fewest(Codes(values), values)
    assert rows == {"610910": 7, "61099010": 7, "6109901011": 25}
    undone = fewest(Codes(["64021000", "6402100010"]), {"64021000": 5, "6402100010": None})
    assert undone == {"64021000": 5, "6402100010": None}
    mixed = fewest(
        Codes(["01011000", "02011000", "02021000"]),
        {"01011000": 1, "02011000": 1, "02021000": 2},
        9,
    )
    assert mixed == {"01": 1, "02": 9, "0201": 1, "0202": 2}


def test_rows_at_the_files_own_codes_and_where_a_subheading_agrees():
    values = {"01012100": "a", "0101210010": "a", "0101210020": "b", "01013000": "c"}
    assert own_rows(values) == {"01012100": "a", "0101210020": "b", "01013000": "c"}
    assert agreed(values) == {"010130": "c"}
