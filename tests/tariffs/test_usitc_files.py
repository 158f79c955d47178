"""Exports of the United States schedule with other headings, faults, and small trees."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from xborder_cli.errors import OrderError
from xborder_cli.tariffs.usitc import read_hts, revision_of
from xborder_cli.tariffs.usitc_files import read_file
from xborder_cli.tariffs.usitc_text import clean, clean_rate, footnotes_of, units_of

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "HTS Number,Indent,Description,Unit of Quantity,General Rate of Duty,Special Rate of Duty,"
HEAD += "Column 2 Rate of Duty,Quota Quantity,Additional Duties\n"


def a_row(hs, indent, words, general="", special="", other="", notes=()):
    footnotes = [{"columns": ["general"], "value": note, "type": "endnote"} for note in notes]
    row = {"htsno": hs, "indent": str(indent), "description": words, "superior": None}
    row |= {"units": None, "general": general, "special": special, "other": other}
    return row | {"footnotes": footnotes or None, "quotaQuantity": None, "addiitionalDuties": None}


def read(tmp_path: Path, rows, name="hts.json"):
    path = tmp_path / name
    path.write_text(json.dumps(rows), encoding="utf-8")
    return read_hts(path)


def rates(tariff, programme="mfn"):
    return {
        line.hs: (line.rate, line.claim)
        for line in tariff.lines
        if line.programme == programme and "if the claim" not in line.rate
    }


def test_headings_may_be_spelt_otherwise_and_stand_below_a_title(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "\ufeffHarmonized Tariff Schedule;;;;;\n"
        "HTSNO;Indent;Article Description;GENERAL;special;Column 2\n"
        "0101.21.00;0;Horses;6.8%;;15%\n",
        encoding="utf-8",
    )
    assert rates(read_hts(path))["01012100"] == ("6.8 %", "")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "none of its first rows is the heading"),
        (b"a,b,c\n1,2,3\n", "none of its first rows is the heading"),
        (b"HTS Number,Indent,Description\n0101,0,Horses\n", "no column for general, other"),
        (b"[1, 2]", "no list of rows"),
        (b"[{", "no whole JSON"),
        (b'[{"htsno": "0101"}]', "no column for indent, description, general, other"),
        (b"PK\x03\x04 and no workbook", "no readable workbook"),
        # mtime: a test's name must be the same in every process that collects it
        (gzip.compress(b"HTS Number", mtime=0)[:-9], "no whole gzip file"),
    ],
)
def test_another_file_is_refused_with_its_name_and_what_to_do(tmp_path, data, what):
    path = tmp_path / "odd"
    path.write_bytes(data)
    with pytest.raises(OrderError) as caught:
        read_file(path)
    (problem,) = caught.value.problems
    assert problem.code == "tariff-file"
    assert what in problem.what
    assert str(path) == problem.where.path
    assert "hts.usitc.gov" in problem.fix


def test_codes_stay_text_and_strange_ones_are_told(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(HEAD + '"0101.21.00","0","Horses","","5%","","7%","",""\n"101.3","0","x"\n')
    tariff = read_hts(path)
    assert rates(tariff)["01012100"] == ("5 %", "")
    assert [(one.row, one.text, one.why) for one in tariff.unread] == [(2, "101.3", "unknown-code")]


def test_a_rate_comes_down_by_indent_through_rows_without_a_number(tmp_path):
    rows = [
        a_row("6109", 0, "T-shirts:"),
        a_row("", 1, "Of cotton:"),
        a_row("6109.10.00", 2, "All", "16.5%", "", "90%"),
        a_row("", 3, "Men's:"),
        a_row("6109.10.00.12", 4, "White"),
        a_row("6109.90", 1, "Of other materials:"),
        a_row("6109.90.10.00", 2, "Of silk", "2%", "", "45%"),
        a_row("6109.90.80.00", 2, "Other", "", "", ""),
    ]
    tariff = read(tmp_path, rows)
    found = rates(tariff)
    assert found == {
        "61091000": ("16.5 %", ""),
        "610910": ("16.5 %", ""),
        "6109901000": ("2 %", ""),
        "610990": ("2 %", ""),
    }
    assert tariff.words["6109100012"] == "T-shirts: Of cotton: All: Men's: White"
    assert [(one.hs, one.why) for one in tariff.unread] == [("6109908000", "no-rate")]


def test_a_statistical_line_has_its_eight_digits_rate_wherever_it_stands(tmp_path):
    rows = [
        a_row("0102.29.20", 1, "Cows", "Free", "", "6.6¢/kg"),
        a_row("0102.29.40", 1, "Other", "1¢/kg", "", "5.5¢/kg"),
        a_row("0102.29.40.24", 1, "Male"),
        a_row("0102.29.20.11", 2, "out of its place"),
    ]
    found = rates(read(tmp_path, rows))
    assert found == {"01022920": ("0 %", ""), "01022940": ("0.01 USD / kg", "")}


def test_rates_within_a_quota_ask_for_a_claim_and_have_no_preference(tmp_path):
    words = (
        "Described in additional U.S. note 3 to this chapter and entered pursuant to its provisions"
    )
    exempt = (
        "Described in general note 15 of the tariff schedule and entered pursuant to its provisions"
    )
    rows = [
        a_row("0201.10", 0, "Carcasses:"),
        a_row("0201.10.05", 1, exempt, "4.4¢/kg", "Free (AU)", "13.2¢/kg"),
        a_row("", 1, words + ":"),
        a_row("0201.10.10", 2, "Veal", "4.4¢/kg", "Free (AU)", "13.2¢/kg"),
        a_row("0201.10.50", 1, "Other", "26.4%", "3.5% (KR) See 9822.04.01 (AU)", "31.1%"),
    ]
    tariff = read(tmp_path, rows)
    assert rates(tariff) == {
        "02011005": ("0.044 USD / kg", "general-note-15"),
        "02011010": ("0.044 USD / kg", "quota"),
        "02011050": ("26.4 %", ""),
    }
    unclaimed = [line for line in tariff.lines if "if the claim" in line.rate]
    assert [(line.hs, line.claim) for line in unclaimed] == [("02011005", ""), ("02011010", "")]
    special = {
        (line.hs, line.origins): line.rate
        for line in tariff.lines
        if line.programme == "preference"
    }
    assert special == {
        ("02011050", ("KR",)): "3.5 %",
        ("02011050", ("AU",)): '"words: See 9822.04.01"',
    }
    assert [(one.hs, one.why) for one in tariff.unread] == [
        ("02011005", "quota-twin"),
        ("02011005", "quota, special"),
        ("02011010", "quota-twin"),
        ("02011010", "quota, special"),
        ("02011050", "words, special"),
    ]


def test_a_code_with_two_rates_is_words(tmp_path):
    rows = [a_row("0101.21.00", 0, "Horses", "5%"), a_row("0101.21.00", 0, "Horses", "6%")]
    tariff = read(tmp_path, rows)
    assert rates(tariff)["01012100"][0].startswith('"words:')
    assert [one.text for one in tariff.unread if one.why == "two-rates"] == ["5%; 6%"]


def test_a_season_is_told(tmp_path):
    words = "If entered during the period from March 1 to July 14, inclusive, in any year"
    tariff = read(tmp_path, [a_row("0702.00.20", 1, words, "3.9¢/kg")])
    (line,) = (line for line in tariff.lines if line.hs == "07020020")
    assert "season" in line.note
    assert [one.why for one in tariff.unread if one.hs == "07020020"] == [
        "season",
        "no-rate, column 2",
    ]


def test_a_few_footnotes_are_not_the_china_lists(tmp_path):
    again = "The duty provided in the applicable subheading + 25%"
    rows = [
        a_row("6109.10.00", 1, "T-shirts", "16.5%", notes=["See 9903.88.03."]),
        a_row("9903.88.03", 0, "Articles of China", again),
    ]
    tariff = read(tmp_path, rows)
    assert rates(tariff, "us_301_cn") == {}
    assert any("9903.88.03 1" in note for note in tariff.notes)


def test_cells_are_put_right():
    assert clean("<i>Bos</i>&nbsp;taurus<br/>live\u200b ") == "Bos taurus live"
    assert clean(101.0) == "101"
    assert clean_rate("2¢/m<sup>2</sup>") == "2¢/m2"
    assert clean_rate("5%<sup>1/</sup>") == "5%"
    assert units_of('["m²","kg"]') == ("m2", "kg")
    assert footnotes_of("[{'columns': ['general'], 'value': 'See 9903.88.03. '}]") == [
        "See 9903.88.03."
    ]
    assert footnotes_of("See 9903.88.03.") == ["See 9903.88.03."]
    assert footnotes_of(None) == footnotes_of("[]") == []


@pytest.mark.parametrize(
    ("name", "revision"),
    [
        ("hts_2026_revision_21_json.json", "2026 Revision 21"),
        ("2026HTSRev6.xlsx", "2026 Revision 6"),
        ("hts_2024_basic_edition_csv.csv", "2024 Basic Edition"),
        ("htsdata.json", ""),
        ("hts_2026.csv", ""),
    ],
)
def test_a_name_tells_the_revision(name, revision):
    assert revision_of(name) == revision
