"""Sheets of TARIC: every row is read or accounted for."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from openpyxl import Workbook

from xborder_cli.errors import OrderError
from xborder_cli.tables.terms import parse_terms
from xborder_cli.tariffs.taric import read_taric
from xborder_cli.units import day_text

NAMES = ("Goods code", "Add code", "Order No.", "Start date", "End date", "RED_IND", "Origin",
         " Measure type", "Legal base", "Duty", "Origin code", " Meas. type code")  # fmt: skip


def duty(code, text="12.000 %", kind="103", origin="1011", **more):
    return (code, more.get("extra", ""), more.get("order", ""), more.get("since", "01-01-2021"),
            more.get("until", ""), "", "", "", "R0000/21", text, origin, kind)  # fmt: skip


def as_csv(path, rows, names=NAMES, sign=";"):
    lines = [sign.join(f'"{cell}"' for cell in row) for row in (names, *rows)]
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig")
    return path


def as_xlsx(path, rows, names=NAMES):
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    for row in (names, *rows):
        sheet.append(row)
    book.save(path)
    return path


def told(tariff):
    return [
        (one.hs, one.programme, one.rate, " ".join(one.origins),
         "" if one.since is None else day_text(one.since),
         "" if one.until is None else day_text(one.until))
        for one in tariff.lines
    ]  # fmt: skip


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_duties_of_a_sheet_whatever_it_is_written_in(tmp_path, write):
    rows = [
        duty("8534000000", "3.300 %"),
        duty("8534000000 80", "0.000 %", "142", "JP", since="01-02-2019"),
        duty("1704903000", "9.100 % + 45.100 EUR DTN MAX 18.900 % + 16.500 EUR DTN"),
        duty("1704905100", "9.000 % + EA MAX 18.700 % +ADSZ", until="31-12-2030"),
        duty("6402000000", "NAR", "109"),
    ]
    name = "Duties Import 01-99 2026-09" + (".csv" if write is as_csv else ".xlsx")
    tariff = read_taric([write(tmp_path / name, rows)])
    assert told(tariff) == [
        ("17049030", "mfn", "9.1 % + 45.1 EUR / 100 kg max 18.9 % + 16.5 EUR / 100 kg", "",
         "2021-01-01", ""),
        ("17049051", "mfn", '"words: 9.000 % + EA MAX 18.700 % +ADSZ"', "", "2021-01-01",
         "2030-12-31"),
        ("8534", "mfn", "3.3 %", "", "2021-01-01", ""),
        ("8534", "preference", "0 %", "JP", "2019-02-01", ""),
    ]  # fmt: skip
    assert (tariff.tariff, tariff.kind, tariff.revision, tariff.rows) == (
        "EU", "taric", "2026-09", 5,
    )  # fmt: skip
    assert tariff.forms["rows"] == {"read": 4, "supplementary-unit": 1}


def test_a_measure_on_a_heading_in_words_is_not_taken_for_the_line_of_that_code(tmp_path):
    tariff = read_taric([as_csv(tmp_path / "d.csv", [duty("0101210000 10"), duty("0101000000")])])
    assert [one[0] for one in told(tariff)] == ["0101"]
    assert [(one.row, one.why, one.text) for one in tariff.unread] == [
        (2, "heading-in-words", "0101210000 10")
    ]


def test_nar_on_a_duty_is_words_and_never_free(tmp_path):
    tariff = read_taric([as_csv(tmp_path / "d.csv", [duty("8542319000", "NAR")])])
    assert [one.rate for one in tariff.lines] == ['"words: NAR"']


def test_members_exclusions_and_words_from_the_other_sheets(tmp_path):
    duties = as_xlsx(tmp_path / "duties.xlsx", [
        duty("6109100000"),
        duty("6109100000", "9.600 %", "142", "2020"),
        duty("6109100010", "0.000 %", "142", "2005"),
        duty("6109100010", "20.000 %", "552", "1011"),
    ])  # fmt: skip
    members = as_csv(tmp_path / "composition.csv", [
        ("2020", "01-01-2014", "GSP", "IN", "India", "01-01-2014", ""),
        ("2020", "01-01-2014", "GSP", "ID", "Indonesia", "01-01-2014", ""),
        ("2020", "01-01-2014", "GSP", "VN", "Viet Nam", "01-01-2014", "44926"),
        ("2005", "01-01-2014", "EBA", "BD", "Bangladesh", "01-01-2014", ""),
        ("2005", "01-01-2014", "EBA", "EU", "European Union", "01-01-2014", ""),
    ], ("Country group", "Start date", "Country group descr.", "Member country", "Description",
        "Mbship start date", "Mbship end date"))  # fmt: skip
    names = ("Goods code", "Add code", "Origin", "Measure type", "Excluded country",
             "Origin code", "Meas. type code", "Excluded country code")  # fmt: skip
    out = as_csv(tmp_path / "exclusions.csv", [
        ("6109100000", "", "GSP", "Preference", "Indonesia", "2020", "142", "ID"),
        ("6109100010", "", "ERGA OMNES", "AD", "TR", "1011", "552", "Türkiye"),
    ], names)  # fmt: skip
    words = as_csv(tmp_path / "nomenclature.csv", [
        ("6109100000 80", "", "", "EN", "4", "2", "Of cotton"),
        ("6109100000 80", "", "", "FR", "4", "2", "De coton"),
        ("6109000000 80", "", "", "EN", "4", "0", "T-shirts, singlets"),
    ], ("Goods code", "Start date", "End date", "Language", "Hier. pos.", "Indent",
        "Description"))  # fmt: skip
    tariff = read_taric([duties, members, out, words])
    assert {(one[0], one[1], one[3]): one[2] for one in told(tariff)} == {
        ("610910", "mfn", ""): "12 %",
        ("610910", "preference", "IN"): "9.6 %",
        ("6109100010", "preference", "BD EU"): "0 %",
        ("6109100010", "antidumping", ""): "20 %",
        ("6109100010", "antidumping", "TR"): "0 %",
    }
    assert tariff.words == {"610910": "Of cotton", "6109": "T-shirts, singlets"}


def test_companies_of_a_trade_remedy_and_what_is_due_without_a_certificate(tmp_path):
    rows = [
        duty("8711601000", "18.800 %", "552", "CN", extra="C382"),
        duty("8711601000", "70.100 %", "552", "CN", extra="C999"),
        duty("8711601000", "9.200 %", "553", "CN", extra="8999", until="31-05-2021"),
        duty("7307192100", "Cond:  A cert: D-008 (01):39.900 % ; A (01):54.900 %", "552", "CN"),
        duty("7607119044", "Cond: A cert: D-020 (28):; A (08):", "552", "CN"),
    ]
    tariff = read_taric([as_csv(tmp_path / "d.csv", rows)])
    assert told(tariff) == [
        ("73071921", "antidumping", "54.9 %", "CN", "2021-01-01", ""),
        ("7607119044", "antidumping", '"words: Cond: A cert: D-020 (28):; A (08):"', "CN",
         "2021-01-01", ""),
        ("87116010", "antidumping", "70.1 % + 9.2 %", "CN", "2021-01-01", "2021-05-31"),
        ("87116010", "antidumping", "70.1 %", "CN", "2021-06-01", ""),
    ]  # fmt: skip
    assert tariff.forms["rows"] == {"read": 4, "additional-code": 1}


def test_a_pharmaceutical_told_only_by_its_additional_code_is_a_gap(tmp_path):
    rows = [
        duty("2904100000", "0.000 %", extra="2500"),
        duty("2904100000", "5.500 %", extra="2501"),
    ]
    (line,) = read_taric([as_csv(tmp_path / "d.csv", rows)]).lines
    assert line.rate == '"words: by additional code: 2500 0.000 %; 2501 5.500 %"'


@pytest.mark.parametrize(("text", "what"), [
    ("a;b\n", "no row near the top"), ("PK\x03\x04broken", "is no workbook that can be read"),
])  # fmt: skip
def test_a_broken_file_says_so(tmp_path, text, what):
    path = tmp_path / "Duties.xlsx"
    path.write_text(text)
    with pytest.raises(OrderError, match=what):
        read_taric([path])


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(OrderError, match=r"cannot be read: .*No such file"):
        read_taric([tmp_path / "none.xlsx"])


FORMS = {
    "ad-valorem": 0.55, "free": 0.3, "specific": 0.05, "compound": 0.05, "min-max": 0.02,
    "agricultural-element": 0.015, "entry-price": 0.01, "unknown-unit": 0.005,
}  # fmt: skip


def printed(form, dice):
    share = f"{dice.randint(1, 400) / 10:.3f} %"
    amount = f"{dice.randint(1, 300000) / 1000:.3f} EUR"
    unit = dice.choice(("DTN", "HLT", "NAR", "ASV X", "TNE", "MIL"))
    return {
        "ad-valorem": share,
        "free": "0.000 %",
        "specific": f"{amount} {unit}",
        "compound": f"{share} + {amount} {unit}",
        "min-max": f"{share} MIN {amount} {unit} MAX {amount} {unit}",
        "agricultural-element": f"{share} + EA MAX {share} +ADSZ",
        "entry-price": f"Cond:  V 45.7 EUR/DTN(01):{share} ; V 0.000 EUR/DTN(01):{share}",
        "unknown-unit": f"{amount} DTN E",
    }[form]


def test_forty_thousand_rows_lose_none(tmp_path):
    dice = random.Random(8)
    codes = [f"{code}0" for code in sorted(dice.sample(range(10_101_001, 769_999_999), 20_000))]
    codes = [code.zfill(10) for code in codes]
    rows, want, left = [], Counter(), Counter()
    for code in codes:
        form = dice.choices(list(FORMS), list(FORMS.values()))[0]
        want["mfn", form] += 1
        rows.append(duty(code, printed(form, dice), since="01-01-2024"))
        draw = dice.random()
        if draw < 0.6:
            form = dice.choices(list(FORMS), list(FORMS.values()))[0]
            want["preference", form] += 1
            rows.append(duty(code, printed(form, dice), "142", dice.choice(("JP", "1013", "KR"))))
        if draw < 0.1:
            want["antidumping", "ad-valorem"] += 1
            rows.append(duty(code, printed("ad-valorem", dice), "552", "CN", extra="C999"))
            left["additional-code"] += 1
            rows.append(duty(code, printed("ad-valorem", dice), "552", "CN", extra="C100"))
        if draw > 0.8:
            left["quota"] += 1
            rows.append(duty(code, "0.000 %", "143", "1013", order="09.4001"))
    dice.shuffle(rows)
    tariff = read_taric([as_xlsx(tmp_path / "Duties Import 01-99.xlsx", rows)])
    assert tariff.rows == len(rows) > 39_000
    assert tariff.forms["rows"] == {"read": sum(want.values()), **left}
    assert {
        (programme, form): count
        for programme, forms in tariff.forms.items() if programme != "rows"
        for form, count in forms.items()
    } == want  # fmt: skip
    assert len(tariff.lines) == sum(want.values())
    by_row = {line.row: line for line in tariff.lines}
    for number, row in enumerate(rows, start=2):
        if number in by_row:
            assert by_row[number].printed == " ".join(row[9].split())
            assert by_row[number].hs.ljust(10, "0") == row[0]
    words = [line for line in tariff.lines if not parse_terms(line.rate.strip('"')).parts]
    unread = sum(count for (_, form), count in want.items() if form in list(FORMS)[5:])
    assert len(words) == unread
    assert sum(one.why in FORMS for one in tariff.unread) == unread
