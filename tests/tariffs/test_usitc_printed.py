"""Rows as USITC prints them, with the rows around them: marks, quotas, seasons, inherited rates.

Codes, rates and words are those of the editions of 2024 and 2026.
"""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from xborder_cli.tables.terms import parse_terms
from xborder_cli.tariffs.usitc import read_hts
from xborder_cli.tariffs.usitc_text import clean, units_of

if TYPE_CHECKING:
    from pathlib import Path

    from xborder_cli.tariffs.line import Line, Tariff

HEAD = ["HTS Number", "Indent", "Description", "Unit of Quantity", "General Rate of Duty"]
HEAD += ["Special Rate of Duty", "Column 2 Rate of Duty", "Quota Quantity", "Additional Duties"]
KEYS = ["htsno", "indent", "description", "units", "general", "special", "other"]
KEYS += ["quotaQuantity", "additionalDuties"]
FREE = "Free (A+,AU,BH,CL,CO,D,E, IL,JO,KR ,MA, OM,P,PA,PE,S,SG)"
NOTE_15 = (
    "Described in general note 15 of the tariff schedule and entered pursuant to its provisions"
)
NOTE_16 = (
    "Described in additional U.S.note 16 to this chapter and entered pursuant to its provisions"
)
NOTE_8 = "Described in additional U.S. note 8 to chapter pursuant to its provisions"
NOTE_5 = "Described in additional U.S. note 5 to this chapterand entered pursuant to its provisions"
IN_MAY = "If entered for consumption during the period from May 1 to August 31, inclusive"
OUTSIDE = (
    "If entered for consumption outside the above stated period, or if withdrawn for consumption "
    "at any time"
)
ENSEMBLE = "The rate applicable to each garment in the ensemble if separately entered"
CHEESE = (
    "Free (BH,CL,JO,MA,OM,SG) 15¢/kg (P) 20.1¢/kg (KR) See 9822.04.35 (AU) See "
    "9823.04.01-9823.04.54 (S+) See 9915.04.80, 9915.04.81 (P+) See 9917.04.50,  9917.04.51 (PE)"
)
STYLED = (
    "Mushrooms of the genus <em style=\"color: rgb(51, 51, 51); font-family: 'Trebuchet MS'; "
    'background-color: rgb(255, 255, 255);">Agaricus</em><em style="x">: </em>'
)
GAS = '["m<sup style=\\"font-size: 9.75px;\\">3<\\/sup>"]'


def a_row(hs, indent, words, general="", special="", other="", units="", more=""):
    return [hs, str(indent), words, units, general, special, other, "", more]


ROWS = [
    a_row("0406", 0, "Cheese and curd:"),
    a_row("0406.10", 1, "Fresh (unripened or uncured) cheese, and curd:"),
    a_row("", 2, "Chongos:"),
    a_row("0406.10.02.00", 3, NOTE_15, "10%", FREE, "35%", '["kg"]'),
    a_row("0406.10.04.00", 3, NOTE_16, "10%", FREE, "35%", '["kg","kg cmsc"]'),
    a_row("0406.10.08.00", 3, "Other", "$1.509/kg", CHEESE, "$1.775/kg"),
    a_row("", 2, "Other:"),
    a_row("0406.10.95.00", 5, "Other", "8.5%", FREE, "35% "),
    a_row("0712.31", 2, STYLED),
    a_row("0712.31.10.00", 3, "Air dried", "1.3¢/kg + 1.8%", FREE, "22¢/kg + 45%"),
    a_row("0713.31", 2, "Beans of the species <i>Vigna mungo</i>(<i>L.</i>)<i>: </i>"),
    a_row("", 3, "Other:"),
    a_row("0713.31.20.00", 4, IN_MAY, "Free", "", "6.6¢/kg"),
    a_row("0713.31.40.00", 4, OUTSIDE, "0.3¢/kg", FREE, "6.6¢/kg"),
    a_row("1901.90", 1, "Other:"),
    a_row("", 2, "Dairy products described in additional U.S. note 1 to chapter 4:"),
    a_row("1901.90.69.00", 3, NOTE_8, "10%", FREE, "20%"),
    a_row("1901.90.70.00", 3, NOTE_5, "10%", FREE, "20%"),
    a_row("1901.90.72.00", 3, "Other", "$1.035/kg +13.6%", FREE, "$1.217/kg + 16%"),
    a_row("2716.00.00.00", 0, "Electrical energy", "Free", "", "Free", '["MWh"]'),
    a_row("", 1, "I. CHEMICAL ELEMENTS"),
    a_row("2801", 0, "Fluorine, chlorine, bromine and iodine:"),
    a_row("2801.10.00.00", 1, "Chlorine", "Free", "", "25%", GAS),
    a_row("6104", 0, "Women's or girls' suits, ensembles:"),
    a_row("", 1, "Suits:"),
    a_row("6104.19.80", 3, "Other", "5.6%", FREE, "60%"),
    a_row("6104.19.80.90", 4, "Other (844)", units='["No.","<u>kg<\\/u>"]'),
    a_row("", 1, "Ensembles:"),
    a_row("6104.23.00", 2, "Of synthetic fibers", ENSEMBLE, FREE, ENSEMBLE),
    a_row("", 3, "Containing 23 percent or more by weight of wool:"),
    a_row("6104.23.00.10", 4, "Jackets (435)", units='["doz.","<u>kg<\\/u>"]'),
    a_row("9006.59.15", 3, "Other", "6.8%", FREE, "20%"),
    a_row("9006.59.15.20", 4, "With a column 2 of its own", other="45%"),
    a_row("9006.59.15.40", 4, "Other"),
    a_row("9101.21.30.00", 5, "Straps entered with watches, which may be attached", "3.1%"),
    a_row("9705.39.00", 2, "Other", "Free", "", "Free"),
    a_row("9705.39.00.10", 4, "Gold", units='["g"]'),
    a_row("9801.00.10", 0, "Products of the United States", "Free"),
    a_row("9801.00.10.12", 1, "Articles returned", units='[""]'),
    a_row("9902.04.76", 0, "(S)-Cyano-\n(Zeta-cypermethrin)", "Free", "No change", "No change"),
    a_row("9904.02.17", 4, "Valued $1.55/kg or more", more="No additional duty"),
    a_row("9904.02.37", 1, "If entered during the period", more="8.8%"),
]


@pytest.fixture
def tariff(tmp_path: Path) -> Tariff:
    return read_hts(as_csv(tmp_path / "hts_2024_basic_edition_csv.csv", ROWS))


def as_csv(path: Path, rows, head=HEAD, end="\n", coding="utf-8") -> Path:
    with path.open("w", encoding=coding, newline="") as file:
        file.write(",".join(head) + end)
        csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator=end).writerows(rows)
    return path


def row_of(tariff: Tariff, hs: str, programme="mfn", origin="", claim="") -> Line | None:
    """Return the row that the longest prefix finds."""
    rows = {
        line.hs: line
        for line in tariff.lines
        if (line.programme, line.claim) == (programme, claim) and origin in (line.origins or ("",))
    }
    return next((rows[hs[:n]] for n in range(len(hs), 0, -1) if hs[:n] in rows), None)


@pytest.mark.parametrize(
    ("hs", "claim", "rate"),
    [
        ("0406100200", "general-note-15", "10 %"),
        ("0406100400", "quota", "10 %"),
        ("0406100800", "", "1.509 USD / kg"),
        ("0406109500", "", "8.5 %"),
        ("0712311000", "", "0.013 USD / kg + 1.8 %"),
        ("0713312000", "", "0 %"),
        ("0713314000", "", "0.003 USD / kg"),
        ("1901906900", "quota", "10 %"),
        ("1901907000", "quota", "10 %"),
        ("1901907200", "", "1.035 USD / kg + 13.6 %"),
        ("2801100000", "", "0 %"),
        ("6104198090", "", "5.6 %"),
        ("9006591520", "", "6.8 %"),
        ("9705390010", "", "0 %"),
    ],
)
def test_a_line_has_the_rate_printed_for_it(tariff, hs, claim, rate):
    found = row_of(tariff, hs, claim=claim)
    assert found is not None
    assert found.rate == rate


@pytest.mark.parametrize("hs", ["0406100200", "0406100400", "1901906900", "1901907000"])
def test_within_a_quota_nothing_is_known_without_the_claim(tariff, hs):
    assert parse_terms(row_of(tariff, hs).rate.strip('"')).words.startswith("10% if the claim ")


@pytest.mark.parametrize("origin", ["BY", "CU", "KP"])
def test_column_2_comes_down_by_itself(tariff, origin):
    found = {
        hs: row_of(tariff, hs, "column_2", origin).rate
        for hs in ("9006591520", "9006591540", "0406109500")
    }
    assert found == {"9006591520": "45 %", "9006591540": "20 %", "0406109500": "35 %"}


@pytest.mark.parametrize("programme", ["mfn", "column_2"])
def test_an_ensembles_line_has_its_words_and_no_suits_rate(tariff, programme):
    origin = "CU" if programme == "column_2" else ""
    found = row_of(tariff, "6104230010", programme, origin)
    assert found.hs == "61042300"
    assert parse_terms(found.rate.strip('"')).words == ENSEMBLE


def test_every_line_kept_in_words_is_told_with_its_row(tariff):
    told = {(one.row, one.hs, one.why) for one in tariff.unread}
    number = next(n for n, row in enumerate(ROWS, 1) if row[0] == "6104.23.00")
    assert (number, "61042300", "words") in told
    assert (number, "61042300", "words, column 2") in told
    seasons = {one.hs for one in tariff.unread if one.why == "season"}
    assert seasons == {"0713312000", "0713314000"}
    lost = ("no-rate", "unknown-code", "two-rates")
    assert not [one for one in tariff.unread if one.why in lost]
    assert tariff.rows == len(ROWS)


def test_a_special_cell_of_many_segments_is_read_whole(tariff):
    found = {
        origin: row_of(tariff, "0406100800", "preference", origin, claim)
        for origin, claim in (("KR", "preference"), ("CR", "preference"), ("BH", "preference"))
    }
    assert found["KR"].rate == "0.201 USD / kg"
    assert found["CR"].rate == "0.15 USD / kg"  # P: a number stands before the words of P+
    assert found["BH"].rate == "0 %"
    words = row_of(tariff, "0406100800", "preference", "PE", "preference").rate
    assert parse_terms(words.strip('"')).words == "See 9917.04.50, 9917.04.51"


def test_descriptions_have_no_marks_and_no_other_chapters_words(tariff):
    assert tariff.words["0712311000"] == "Mushrooms of the genus Agaricus: Air dried"
    assert "CHEMICAL" not in tariff.words["2716000000"]
    assert tariff.words["2801100000"] == "Fluorine, chlorine, bromine and iodine: Chlorine"


def test_units_may_hold_escaped_marks():
    assert units_of(GAS) == ("m3",)
    assert units_of('["doz.","<u>kg<\\/u>"]') == ("doz.", "kg")
    assert units_of('[""]') == ()
    assert clean("valued over <il>$33/kg</il>, under 5 <10") == "valued over $33/kg, under 5 <10"


def test_chapters_98_and_99_are_counted_and_no_row_of_a_table(tariff):
    assert tariff.forms["general, chapter 98"] == {"Free": 1, "blank": 1}
    assert tariff.forms["general, chapter 99"] == {"blank": 2, "Free": 1}
    assert not [line for line in tariff.lines if line.hs[:2] in ("98", "99")]


def variants(folder: Path):
    """Yield the same rows as other tools and other days give them."""
    plain = as_csv(folder / "plain.csv", ROWS)
    yield plain
    yield as_csv(folder / "bom.csv", ROWS, end="\r\n", coding="utf-8-sig")
    yield as_csv(folder / "upper.csv", ROWS, head=[name.upper() for name in HEAD])
    order = [4, 0, 6, 2, 1, 5, 3]
    names = ["general", "HTSNO", "Column 2", "Article description", "indent", "special", "units"]
    yield as_csv(folder / "order.csv", [[row[n] for n in order] for row in ROWS], head=names)
    records = [dict(zip(KEYS, row, strict=True)) for row in ROWS]
    for record in records:
        record["units"] = json.loads(record["units"]) if record["units"] else []
        record["superior"] = None if record["htsno"] else "true"
        record["addiitionalDuties"] = record.pop("additionalDuties")
    dump = folder / "rows.json"
    dump.write_text(json.dumps(records), encoding="utf-8-sig")
    yield dump
    nulls = [{key: value or None for key, value in record.items()} for record in records]
    dump = folder / "nulls.json"
    dump.write_text(json.dumps(nulls, indent=1), encoding="utf-8")
    yield dump


def test_the_same_rows_in_other_dress_say_the_same(tmp_path):
    first, *others = [read_hts(path) for path in variants(tmp_path)]
    assert len(first.lines) > 50
    for other in others:
        assert (other.lines, other.unread, other.words, other.forms, other.rows) == (
            first.lines,
            first.unread,
            first.words,
            first.forms,
            first.rows,
        )
