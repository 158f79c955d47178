"""What is by its kind no duty is told and counted, and what might have been one is left out."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from tests.tariffs import test_uk_printed as printed
from tests.tariffs.test_taric import as_csv, duty
from tests.tariffs.test_uk import measure, write
from tests.tariffs.test_usitc_files import a_row
from xborder_cli.tariffs.line import IN_WORDS, LEFT, NOTED
from xborder_cli.tariffs.taric import read_taric
from xborder_cli.tariffs.taric_data import measure_types
from xborder_cli.tariffs.uk import read_uk
from xborder_cli.tariffs.usitc import read_hts

FLAGS = ("--into", "mine", "--from", "2026-01-01")
NONE_UK = ["305", "306", "109", "110", "277", "410", "483", "564", "488"]
COMMODITIES = ("commodity__code", "commodity__suffix", "commodity__description")


def imported(xb, folder, *files):
    ran = xb(["duties", "import", *files, *FLAGS, "--report", "r.json"], folder=folder)
    told = json.loads((folder / "r.json").read_bytes())["imports"][0]
    return ran, told


def test_a_uk_file_whose_other_rows_are_no_duties_is_wholly_taken(xb, tmp_path):
    rows = [measure("61091000"), *(measure("61091000", "20.00 %", kind) for kind in NONE_UK)]
    write(tmp_path / "m.csv", [*rows, measure("62011100", "20.00 %", "305")])
    ran, told = imported(xb, tmp_path, "m.csv")
    assert ran.code == 0, ran.stderr
    assert "not understood" not in ran.stderr
    assert (
        "  not duties: 10 (vat 2, excise 1, supplementary-unit 2, control 3, trade-remedy-notice 1,"
        " reference-price 1)\n"
    ) in ran.stderr
    assert {why: one["count"] for why, one in told["not_duties"].items()} == {
        "vat": 2, "excise": 1, "supplementary-unit": 2, "control": 3, "trade-remedy-notice": 1,
        "reference-price": 1,
    }  # fmt: skip
    assert told["not_duties"]["vat"]["rows"] == [
        {"row": 3, "hs": "61091000", "text": "measure type 305 Value added tax: 2 rows left"}
    ]
    assert (told["unread"], told["left_out"]) == ({}, 0)


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("122", "quota"),
        ("117", "authorised-use"),
        ("140", "outward-processing"),
        ("652", "price-security"),
        ("674", "agricultural-element"),
        ("999", "unknown-type"),
    ],
)
def test_a_row_that_might_have_been_a_duty_is_left_out(xb, tmp_path, kind, why):
    left = [measure("61091000", "1.00 %", kind)] * 3
    write(tmp_path / "m.csv", [measure("61091000"), measure("61091000", "", "305"), *left])
    ran, told = imported(xb, tmp_path, "m.csv")
    assert ran.code == 1
    assert f"  not understood: left out 3 ({why} 3)\n" in ran.stderr
    assert "  not duties: 1 (vat 1)\n" in ran.stderr
    assert (told["left_out"], told["unread"][why]["count"]) == (3, 3)


def test_every_type_that_is_left_says_whether_it_might_be_a_duty():
    left = [kind for kind in measure_types().values() if not kind.programme]
    assert all(kind.why for kind in left)
    by_why = {(kind.why, kind.duty) for kind in left}
    assert len(by_why) == len({why for why, _ in by_why})
    assert {why for why, duty in by_why if not duty} == {
        "vat", "excise", "supplementary-unit", "control", "trade-remedy-notice",
        "reference-price",
    }  # fmt: skip
    assert all(kind.duty for kind in measure_types().values() if kind.programme)


def adds_up(tariff, taken=("read",)):
    """Assert that every row of a file is taken, no duty, in words or left out, and once only."""
    rows = tariff.forms["rows"]
    assert sum(rows.values()) == tariff.rows
    told = Counter()
    for one in (*tariff.unread, *tariff.not_duties):
        if one.why in rows:
            told[one.why] += one.count
    assert told == {why: count for why, count in rows.items() if why not in taken}


def test_rows_of_a_uk_import_add_up(tmp_path):
    rows = [
        measure("61091000"),
        *[measure("61091000", "0.00 %", "143", "CN", order="051234")] * 4,
        measure("61091000", "0.00 %", "142", "CN", order="051234"),
        *[measure("61091000", "20.00 %", "305")] * 5,
        measure("61091000", "10.00 %", "552", "CN", extra="C383"),
        measure("61091000", "11.00 %", "552", "CN", extra="C384"),
        measure("61091000", "62.00 %", "552", "CN", extra="C999"),
        measure("61091000", "33.00 %", "552", "VN", extra="C384"),
        measure("61091000", "5.00 %", "142", "2020"),
        measure("61091000", "5.00 %", "552", "2020"),
        measure("6109100X"),
        measure("61091000", since="31/02/2026"),
        measure("61091000 10"),
        measure("62011100", "9.00% + EA"),
    ]
    words = [("6109100000", "80", "T-shirts"), ("7700000000", "80", "no chapter")]
    files = [write(tmp_path / "m.csv", rows), write(tmp_path / "c.csv", words, COMMODITIES)]
    tariff = read_uk(files)
    adds_up(tariff, taken=("read", "description"))
    became = Counter()
    for one in tariff.unread:
        became[one.became, one.why] += one.count
    assert became == {
        (LEFT, "quota"): 5, (LEFT, "additional-code"): 2, (IN_WORDS, "additional-code"): 1,
        (LEFT, "unknown-area"): 1, (IN_WORDS, "unknown-area"): 1, (LEFT, "bad-code"): 1,
        (LEFT, "bad-day"): 1, (LEFT, "heading-in-words"): 1, (IN_WORDS, "agricultural-element"): 1,
    }  # fmt: skip
    assert [(one.why, one.count) for one in tariff.not_duties] == [
        ("description-without-code", 1), ("vat", 5),
    ]  # fmt: skip


def test_a_row_on_a_heading_is_counted_once(tmp_path):
    """It becomes one for each line below the heading."""
    asked = [("5.00 %", "122", "1011"), ("", "305", "1011"), ("5.00 %", "142", "2020")]
    rows = [printed.measure("0101210000", *rest, sid="93797") for rest in asked]
    (tmp_path / "c.csv").write_text(printed.COMMODITIES, encoding="utf-8")
    tariff = read_uk([tmp_path / "c.csv", printed.write(tmp_path / "m.csv", rows)])
    adds_up(tariff, taken=("read", "description"))
    assert tariff.forms["rows"] == {"description": 6, "quota": 1, "vat": 1, "unknown-area": 1}


def test_rows_of_a_taric_import_add_up(tmp_path):
    rows = [duty("6109100000"), duty("6109100000", "NAR", "109"), duty("6109100000", "", "750"),
            duty("6109100000", "0.000 %", "143", "1013", order="09.4001"),
            duty("6109100000", "9.000 %", "552", "CN", extra="C100")]  # fmt: skip
    tariff = read_taric([as_csv(tmp_path / "d.csv", rows)])
    adds_up(tariff)
    assert [one.why for one in tariff.not_duties] == ["supplementary-unit", "control"]


def test_rows_of_a_us_import_add_up(xb, tmp_path):
    rows = [
        a_row("0702.00", 0, "Tomatoes:"),
        a_row("", 1, "If entered during the period from March 1 to July 14:"),
        a_row("0702.00.20", 2, "Fresh", "3.9¢/kg", "", "6.6¢/kg"),
        a_row("0201.10", 0, "Carcasses:"),
        a_row("0201.10.10", 1, "Described in additional U.S. note 3 to this chapter and entered"
              " pursuant to its provisions", "4.4¢/kg", "", "6.6¢/kg"),
        a_row("0201.10.50", 1, "Other", "26.4%", "Free (AU)", "31.1%"),
        a_row("0409.00.00", 0, "Natural honey", "1.9¢/kg", "Free (A,AU)", "6.6¢/kg"),
        a_row("9802.00.40", 0, "Repairs", "A duty upon the value of the repairs"),
        a_row("9903.88.03", 0, "Articles of China", "The duty provided + 25%"),
    ]  # fmt: skip
    path = tmp_path / "hts_2026_rev_1.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    tariff = read_hts(path)
    taken = ("read", "heading", "words-above-lines")
    adds_up(tariff, taken)
    assert tariff.forms["rows"] == {
        "read": 4, "heading": 2, "provision": 2, "words-above-lines": 1,
    }  # fmt: skip
    assert [(one.hs, one.why, one.became) for one in tariff.unread] == [
        ("07020020", "season", NOTED),
        ("02011010", "quota-twin", NOTED),
    ]
    ran, told = imported(xb, tmp_path, path.name)
    assert ran.code == 0, ran.stderr
    assert "  taken, with a remark: 2 (season 1, quota-twin 1)\n" in ran.stderr
    assert "  not duties: 2 (provision 2)\n" in ran.stderr
    assert told["left_out"] == 0
    rows[4]["special"] = "Free (AU)"  # a preference within a quota might have been taken
    rows.append(a_row("0101.3", 0, "a code that is none", "5%", "", "5%"))
    path.write_text(json.dumps(rows), encoding="utf-8")
    adds_up(read_hts(path), taken)
    ran, told = imported(xb, tmp_path, path.name)
    assert (ran.code, told["left_out"]) == (1, 2)
    assert "left out 2 (quota, special 1, unknown-code 1)" in ran.stderr
    assert list(told["unread"]) == ["season", "quota-twin", "quota, special", "unknown-code"]


def test_the_list_of_what_is_lost_is_short_and_says_how_much_more(xb, tmp_path):
    rows = "".join(f"61{n:02},soon\n" for n in range(1, 18))
    rows += "".join(f"62{n:02}0,5 %\n" for n in range(1, 8))
    (tmp_path / "own.csv").write_text(f"hs,rate\n6301,1 %\n{rows}")
    ran = xb(["duties", "import", "own.csv", "--tariff", "CA", *FLAGS], folder=tmp_path)
    lines = ran.stderr.splitlines()
    start = next(n for n, line in enumerate(lines) if "not understood" in line)
    assert lines[start] == "  not understood: left out 7 (bad-hs 7), kept in words 17 (bad-rate 17)"
    shown = [line for line in lines if line.startswith("    row ")]
    assert ["bad-hs" in line for line in shown] == [True] * 7 + [False] * 13
    assert lines[start + 21] == "    and 4 more; --report FILE has all"
