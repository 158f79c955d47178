"""TARIC's sheets as the Commission publishes them: headings, cells and rows, word for word."""

from __future__ import annotations

from datetime import date

import pytest
from openpyxl import Workbook

from xborder_cli.tariffs.recognise import recognise
from xborder_cli.tariffs.taric import read_taric
from xborder_cli.units import day_text

DUTIES = ("Goods code", "Add code", "Order No.", "Start date", "End date", "RED_IND", "Origin",
          "Measure type", "Legal base", "Duty", "Origin code", "Meas. type code")  # fmt: skip
SPACED = tuple({"Measure type": " Measure type", "Meas. type code": " Meas. type code"}.get(n, n)
               for n in DUTIES)  # fmt: skip
MEMBERS = ("Country group", "Start date", "Language", "Abbrev.", "Country group descr.",
           "Member country", "Abbrev.", "Description", "Mbship start date", "Mbship end date",
           "End date")  # fmt: skip
# 7208 51 00 as it stood in the edition of March 2026
STEEL = [
    ("7208510000", "", "", "01-01-2021", "", "", "ERGA OMNES", "Third country duty",
     "Regulation 0001/20", "0.000 % ", "1011", "103"),
    ("7208510000", "", "", "01-04-2025", "30-06-2026", "",
     "Countries subject to safeguard measures", "Additional duties (safeguard)",
     "Regulation 0159/19", "25.000 %", "5005", "696"),
    ("7208510000", "", "098617", "08-07-2025", "31-03-2026", "",
     "Countries subject to safeguard measures", "Non preferential tariff quota",
     "Regulation 0159/19", "0.000 %", "5005", "122"),
    ("7208510000", "", "098427", "01-04-2025", "30-06-2026", "",
     "Korea, Republic of (South Korea)", "Non preferential tariff quota", "Regulation 0159/19",
     "0.000 %", "KR", "122"),
    ("7208510000", "", "", "19-12-2023", "31-12-2026", "", "All third countries", "Import control",
     "Regulation 0833/14", "Cond:  Y cert: L-139 (29):; Y cert: Y-824 (29):; Y (09):", "1008",
     "763"),
]  # fmt: skip


def sheet(path, heading, rows):
    book = Workbook(write_only=True)
    page = book.create_sheet("Sheet1")
    for row in (heading, *rows):
        page.append(row)
    book.save(path)
    return path


def told(tariff):
    return [(one.hs, one.programme, one.rate, " ".join(one.origins)) for one in tariff.lines]


@pytest.mark.parametrize("heading", [DUTIES, SPACED])
def test_safeguard_measures_of_a_group_told_by_the_composition(tmp_path, heading):
    members = [
        ("5005", "01-02-2019", "EN", "DEF", "Countries subject to safeguard measures", code, "",
         "", since, until, "")
        for code, since, until in (
            ("KR", "01-02-2019", ""), ("IN", "01-02-2019", ""), ("BR", "01-02-2019", "30-06-2021"),
        )
    ]  # fmt: skip
    paths = [
        sheet(tmp_path / "Geographical areas composition.xlsx", MEMBERS, members),
        sheet(tmp_path / "Duties Import 01-99.xlsx", heading, STEEL),
    ]
    assert [recognise(path) for path in paths] == ["taric", "taric"]
    tariff = read_taric(paths)
    assert told(tariff) == [
        ("720851", "mfn", "0 %", ""), ("720851", "antidumping", "25 %", "IN KR"),
    ]  # fmt: skip
    line = tariff.lines[-1]
    assert (day_text(line.since), day_text(line.until)) == ("2025-04-01", "2026-06-30")
    assert line.note == "safeguard duty, due where its quota is not claimed or is used up"
    assert tariff.forms["rows"] == {"read": 2, "quota": 2, "control": 1}


def test_without_the_composition_a_safeguard_measure_is_a_gap_for_all(tmp_path):
    tariff = read_taric([sheet(tmp_path / "d.xlsx", DUTIES, STEEL)])
    assert told(tariff)[1] == (
        "720851",
        "antidumping",
        '"words: 25.000 %, for goods of area 5005, whose countries are not known"',
        "",
    )


def test_days_as_serials_dates_and_text_are_one(tmp_path):
    days = ["01-07-2024", 45474, date(2024, 7, 1), "2024-07-01 00:00:00"]
    rows = [
        (f"85076000{15 + place}", "", "", day, "", "", "ERGA OMNES", "Third country duty", "",
         "2.700 % ", 1011, 103)
        for place, day in enumerate(days)
    ]  # fmt: skip
    tariff = read_taric([sheet(tmp_path / "d.xlsx", DUTIES, rows)])
    assert [day_text(one.since) for one in tariff.lines] == ["2024-07-01"] * 4
    assert {one.rate for one in tariff.lines} == {"2.7 %"}


def test_a_suspension_stands_in_for_the_duty_and_another_origin_keeps_its_own(tmp_path):
    """Peas of heading 0713: 50 % on goods from Russia and Belarus stands beside the duty of all."""
    rows = [
        ("0713100000", "", "", "01-07-2024", "", "", "ERGA OMNES", "Third country duty", "",
         "Cond: B cert: Y-155 (01):50.000 % ; B (01):0.000 %", "1011", "103"),
        ("0713100000", "", "", "01-07-2024", "", "", "Russian Federation", "Third country duty", "",
         "Cond:  B cert: Y-155 (01):50.000 %", "RU", "103"),
        ("8507600026", "", "", "01-01-2024", "", "", "ERGA OMNES", "Third country duty", "",
         "2.700 % ", "1011", "103"),
        ("8507600026", "", "", "01-01-2024", "", "", "", "Autonomous tariff suspension", "",
         "1.300 % ", "1011", "112"),
    ]  # fmt: skip
    tariff = read_taric([sheet(tmp_path / "d.xlsx", DUTIES, rows)])
    assert told(tariff) == [
        ("071310", "mfn", "0 %", ""),
        ("071310", "mfn", '"words: Cond: B cert: Y-155 (01):50.000 %"', "RU"),
        ("8507600026", "mfn", "1.3 %", ""),
    ]
    assert tariff.lines[0].note == "50 % with Y-155"


def test_the_residual_code_of_a_remedy_is_told_without_a_description(tmp_path):
    """Ceramic tableware of China, Regulation (EU) 2018/554, Article 1(2)."""
    companies = {"B349": "18.300 %", "B350": "13.100 %", "B351": "23.400 %", "B999": "36.100 %"}
    rows = [
        ("6911100090", code, "", "16-07-2019", "", "", "China", "Definitive anti-dumping duty",
         "Regulation 1198/19", rate, "CN", "552")
        for code, rate in companies.items()
    ]  # fmt: skip
    tariff = read_taric([sheet(tmp_path / "d.xlsx", DUTIES, rows)])
    assert told(tariff) == [("6911100090", "antidumping", "36.1 %", "CN")]
    assert tariff.forms["rows"] == {"additional-code": 3, "read": 1}


@pytest.mark.parametrize("named", [False, True])
def test_exclusions_name_the_country_in_either_column_and_the_origin_by_code_or_name(
    tmp_path, named
):
    heading = ("Goods code", "Add code", "Measure type", "Meas. type code", "Origin",
               "Excluded country", "Excluded country code")  # fmt: skip
    origin = "ERGA OMNES" if named else "1011"
    country = ("UA", "Ukraine") if named else ("Ukraine", "UA")
    out = [("7208510000 80", "", "Additional duties (safeguard)", "696", origin, *country)]
    rows = [
        (*row[:6], "ERGA OMNES", *row[7:10], "1011", row[11]) if row[11] == "696" else row
        for row in STEEL
    ]
    tariff = read_taric([
        sheet(tmp_path / "d.xlsx", DUTIES, rows), sheet(tmp_path / "x.xlsx", heading, out),
    ])  # fmt: skip
    assert told(tariff)[1:] == [
        ("720851", "antidumping", "25 %", ""), ("720851", "antidumping", "0 %", "UA"),
    ]  # fmt: skip
