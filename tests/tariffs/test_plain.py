"""A list of rates of one's own: read as people write it; every bad row named with its place."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xborder_cli.errors import OrderError
from xborder_cli.tables.terms import parse_terms
from xborder_cli.tariffs.plain import read_plain
from xborder_cli.tariffs.plain_cells import day_in, hs_of, origins_of, rate_of
from xborder_cli.units import Unreadable, day_text


def read(tmp_path, text, programme="mfn", encoding="utf-8"):
    path = tmp_path / "rates.csv"
    path.write_text(text, encoding=encoding)
    return read_plain(path, tariff="CA", programme=programme)


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_any_delimiter(tmp_path, sign):
    rows = [
        "hs origin rate from to",
        "610910 CN 18% 2026-01-01 2026-12-31",
        "0409 - Free 2026-01-01 ",
    ]
    tariff = read(tmp_path, "\n".join(row.replace(" ", sign) for row in rows))
    assert [(one.hs, one.origins, one.rate, one.row) for one in tariff.lines] == [
        ("610910", ("CN",), "18 %", 2), ("0409", (), "0 %", 3),
    ]  # fmt: skip
    assert day_text(tariff.lines[0].until) == "2026-12-31"
    assert (tariff.tariff, tariff.kind, tariff.rows, tariff.unread) == ("CA", "csv", 2, [])
    (programme,) = tariff.programmes
    assert (programme.id, programme.currency, programme.default) == ("mfn", "CAD", "gap")


@pytest.mark.parametrize("heading", [
    "HS Code,Country of origin,Duty rate,Valid from,Valid to",
    "Tariff item,Origin,Rate (%),Start date,End date",
    "税号,原产国,税率,生效日期,失效日期",
])  # fmt: skip
def test_headings_in_several_spellings(tmp_path, heading):
    tariff = read(tmp_path, f"{heading}\n6109.10,China,18 %,2026/1/5,31.12.2026\n")
    (line,) = tariff.lines
    assert (line.hs, line.origins, line.rate) == ("610910", ("CN",), "18 %")
    assert (day_text(line.since), day_text(line.until)) == ("2026-01-05", "2026-12-31")


def test_plain_numbers_are_percents_only_where_the_heading_says_so(tmp_path):
    assert read(tmp_path, "hs,rate (%)\n6109,12.5\n").lines[0].rate == "12.5 %"
    tariff = read(tmp_path, "hs,rate\n6109,12.5\n")
    assert tariff.lines[0].rate == '"words: 12.5"'
    (fault,) = tariff.unread
    assert fault.text.startswith('line 2, column 2 (rate): "12.5" is not a rate; a number never')


def test_every_bad_row_is_named_with_line_and_column(tmp_path):
    tariff = read(
        tmp_path,
        "origin,hs,rate,from,to\n"
        "CN,40900,5 %,,\n"
        "XX,6109,5 %,,\n"
        "CN,6109,5 %,03/04/2026,\n"
        "CN,6109,5 %,2026-02-30,\n"
        "CN,6109,5 %,2026-02-01,2026-01-01\n"
        "CN,6109,,,\n"
        'CN,6109,"1,2 USD / kg",,\n'
        "CN,6109,5 XYZ / kg,,\n"
        "CN,shirts,5 %,,\n"
        '"CN\nVN",6109,7 %,,\n'
        "CN,6109,9.00% + EA,,\n",
    )
    assert [(one.row, one.why, one.text.partition(":")[0]) for one in tariff.unread] == [
        (2, "bad-hs", "line 2, column 2 (hs)"),
        (3, "bad-origin", "line 3, column 1 (origin)"),
        (4, "bad-day", "line 4, column 4 (from)"),
        (5, "bad-day", "line 5, column 4 (from)"),
        (6, "dates-order", "line 6, column 5 (to)"),
        (7, "bad-rate", "line 7, column 3 (rate)"),
        (8, "bad-rate", "line 8, column 3 (rate)"),
        (9, "bad-rate", "line 9, column 3 (rate)"),
        (10, "bad-hs", "line 10, column 2 (hs)"),
        (13, "agricultural-element", "line 13, column 3 (rate)"),
    ]
    assert [(one.row, one.origins, one.rate) for one in tariff.lines] == [
        (8, ("CN",), '"words: 1,2 USD / kg"'),
        (9, ("CN",), '"words: 5 XYZ / kg"'),
        (11, ("CN", "VN"), "7 %"),
        (13, ("CN",), '"words: 9.00% + EA"'),
    ]
    assert sum(tariff.forms["rows"].values()) == tariff.rows == 11


def test_preferences_are_claimed_and_other_columns_are_told(tmp_path):
    text = "hs,origin,rate,colour,note\n6109,CN,0 %,red,by quota\n"
    tariff = read(tmp_path, text, programme="preference")
    (line,) = tariff.lines
    assert (line.programme, line.claim, line.note) == ("preference", "preference", "by quota")
    assert tariff.programmes[0].default == "zero"
    assert tariff.notes == ["columns that are not read: colour"]


def test_a_file_without_code_or_rate_is_refused(tmp_path):
    with pytest.raises(OrderError, match="no row near the top"):
        read(tmp_path, "name,price\nshirt,5\n")


NUMBER = st.decimals(0, 9999, places=3, allow_nan=False).map(lambda one: format(one, "f"))
UNITS = ["kg", "100 kg", "pair", "item", "dozen", "litre_alcohol", "1000 item", "cbm"]


@st.composite
def own_terms(draw):
    """Draw a rate in the grammar of tables, and its parts as numbers."""
    parts = draw(st.lists(st.tuples(
        NUMBER, st.none() | st.tuples(st.sampled_from(["CNY", "JPY"]), st.sampled_from(UNITS))
    ), min_size=1, max_size=3))  # fmt: skip
    text = " + ".join(f"{n} %" if money is None else f"{n} {money[0]} / {money[1]}"
                      for n, money in parts)  # fmt: skip
    return text, [Fraction(n) / (1 if money else 100) for n, money in parts]


@given(own_terms())
def test_rates_in_our_own_grammar_are_read_exactly(rate):
    text, values = rate
    terms = parse_terms(rate_of(text).rate)
    assert [Fraction(*part.amount) for part in terms.parts] == values


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("12.5%", "12.5 %"),
        ("12.5 percent", "12.5 %"),
        ("Free", "0 %"),
        ("免税", "0 %"),
        ("10.20% + 93.10 EUR / 100 kg", "10.2 % + 93.1 EUR / 100 kg"),
        ("4.3 CNY / kg", "4.3 CNY / kg"),
        ("30 % min 4300 JPY / pair", "30 % min 4300 JPY / pair"),
        ("words: see note 3", '"words: see note 3"'),
        ('"words: see note 3"', '"words: see note 3"'),
    ],
)
def test_the_common_forms_of_rates(text, rate):
    assert rate_of(text).rate == rate


@pytest.mark.parametrize("text", ["12,5 %", "5", "0", "", "5 euro", "$1/kg", "5 %/kg", "-"])
def test_what_is_no_rate_is_refused_and_never_free(text):
    with pytest.raises(Unreadable):
        rate_of(text)


def test_codes_origins_and_days():
    assert hs_of("6109 10 00 10") == "6109100010"
    assert origins_of("Congo, Democratic Republic") == ("CD",)
    assert origins_of("EU GB") == ("EU", "GB")
    assert day_text(day_in("12/31/2026")) == day_text(day_in("31/12/2026")) == "2026-12-31"
    assert day_in("-") is None
    for code in ("610", "6109x", "123456789012345", "770100", "0012"):
        with pytest.raises(Unreadable):
            hs_of(code)
    for day in ("soon", "01/02/2026", "2026-02-30"):
        with pytest.raises(Unreadable):
            day_in(day)
    with pytest.raises(Unreadable):
        origins_of("Atlantis")


# -- rates that no tariff means --


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        ("-3 %", '"-3 %" is below 0'),
        ("5 % + -1 USD / kg", "below 0"),
        ("5 % min -1 USD / kg", "below 0"),
        ("1000.1 %", "above 1,000 %"),
        ("5 % + 5000 %", "above 1,000 %"),
        ("25/2", "above 1,000 %"),
    ],
)
def test_rates_below_0_and_beyond_measure_are_words(tmp_path, rate, words):
    tariff = read(tmp_path, f"hs,origin,rate\n640391,CN,{rate}\n640399,CN,1000 %\n")
    assert [(one.hs, one.rate) for one in tariff.lines] == [
        ("640391", f'"words: {rate}"'), ("640399", "1000 %"),
    ]  # fmt: skip
    (fault,) = tariff.unread
    assert (fault.why, fault.row) == ("bad-rate", 2)
    assert fault.text.startswith("line 2, column 3 (rate): ")
    assert words in fault.text
    assert tariff.forms["rows"] == {"in words": 1, "read": 1}


def test_a_note_lets_a_rate_above_1000_percent_stand_and_none_a_negative_one(tmp_path):
    text = "hs,rate,note\n100610,1500 %,bound rate\n100620,-1500 %,bound rate\n"
    tariff = read(tmp_path, text)
    assert [one.rate for one in tariff.lines] == ["1500 %", '"words: -1500 %"']


def test_a_fault_repeats_of_a_long_cell_what_tells_it_and_keeps_its_fix(tmp_path):
    (fault,) = read(tmp_path, f"hs,rate\n6109,{'very ' * 100}high\n").unread
    assert fault.text.startswith('line 2, column 2 (rate): "very very')
    assert "..." in fault.text
    assert fault.text.endswith("joined by +")
    assert len(fault.text) < 250


# -- as spreadsheets in Europe write them --


@pytest.mark.parametrize("sign", [";", "\t"])
def test_decimal_commas(tmp_path, sign):
    rows = ["hs,rate", "6109,12@5 %", "6110,3@125%", "6111,1@25 EUR / kg + 0@5 %", "6112,4 %",
            "6113,12@500 EUR / kg"]  # fmt: skip
    text = "\n".join(row.replace(",", sign).replace("@", ",") for row in rows)
    tariff = read(tmp_path, text)
    assert [one.rate for one in tariff.lines] == [
        "12.5 %", "3.125 %", "1.25 EUR / kg + 0.5 %", "4 %", '"words: 12,500 EUR / kg"',
    ]  # fmt: skip
    assert tariff.notes == ["numbers of rates have a decimal comma: 12,5 % is read as 12.5 %"]


def test_decimal_commas_under_a_heading_of_percents(tmp_path):
    assert [one.rate for one in read(tmp_path, "hs;rate (%)\n6109;12,5\n6110;3,125\n").lines] == [
        "12.5 %", "3.125 %",
    ]  # fmt: skip


@pytest.mark.parametrize("text", [
    'hs,rate\n6109,"12,5 %"\n6110,3 %\n',  # cut by commas
    "hs;rate\n6109;12,5 %\n6110;3.5 %\n",  # with points too
])  # fmt: skip
def test_no_decimal_comma_where_it_may_be_another(tmp_path, text):
    tariff = read(tmp_path, text)
    assert tariff.lines[0].rate == '"words: 12,5 %"'
    assert [one.why for one in tariff.unread] == ["bad-rate"]
    assert tariff.notes == []


@given(
    st.lists(st.decimals(0, 900, places=4, allow_nan=False), min_size=1, max_size=5),
    st.sampled_from([";", "\t"]),
)
def test_commas_read_as_points_do(tmp_path_factory, numbers, sign):
    path = tmp_path_factory.mktemp("commas") / "rates.csv"
    texts = [format(number, "f").replace(".", ",") for number in numbers]
    rows = [f"61{at:02}{sign}{text} %" for at, text in enumerate(texts, 1)]
    path.write_text("\n".join([f"hs{sign}rate", *rows]))
    found = [parse_terms(one.rate).parts[0].amount for one in read_plain(path, tariff="CA").lines]
    assert [Fraction(*amount) for amount in found] == [Fraction(one) / 100 for one in numbers]


def test_cells_that_a_spreadsheet_keeps_as_text(tmp_path):
    text = 'hs,origin,rate\n="0409.00",="CN",="5 %"\n"=""0410""",,"3 %"\n'
    tariff = read(tmp_path, text)
    assert [(one.hs, one.origins, one.rate) for one in tariff.lines] == [
        ("040900", ("CN",), "5 %"), ("0410", (), "3 %"),
    ]  # fmt: skip
