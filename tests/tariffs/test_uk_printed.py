"""The UK's files as they are published: their headings, empty cells and answers, word for word."""

from __future__ import annotations

import csv
import json

import pytest

from xborder_cli.tariffs.recognise import recognise
from xborder_cli.tariffs.uk import read_uk
from xborder_cli.units import day_text

# measures-as-defined and measures-on-declarable-commodities of data.api.trade.gov.uk
MEASURES = (
    "id", "commodity__sid", "commodity__code", "commodity__indent", "commodity__description",
    "measure__sid", "measure__type__id", "measure__type__description",
    "measure__additional_code__code", "measure__additional_code__description",
    "measure__duty_expression", "measure__effective_start_date", "measure__effective_end_date",
    "measure__reduction_indicator", "measure__footnotes", "measure__conditions",
    "measure__geographical_area__sid", "measure__geographical_area__id",
    "measure__geographical_area__description", "measure__excluded_geographical_areas__ids",
    "measure__excluded_geographical_areas__descriptions", "measure__quota__order_number",
    "measure__regulation__id", "measure__regulation__url",
)  # fmt: skip
# commodities-report, as the service prints it
COMMODITIES = """\
"id","commodity__sid","commodity__code","commodity__suffix","commodity__description",\
"commodity__validity_start","commodity__validity_end","parent__sid","parent__code","parent__suffix"
"1","27623","0100000000","80","LIVE ANIMALS","1971-12-31","#NA","#NA","#NA","#NA"
"2","27624","0101000000","80","Live horses, asses, mules and hinnies","1972-01-01","#NA",\
"27623","0100000000","80"
"3","93797","0101210000","10","Horses","2012-01-01","#NA","27624","0101000000","80"
"4","93798","0101210000","80","Pure-bred breeding animals","2012-01-01","#NA",\
"93797","0101210000","10"
"5","93799","0101290000","80","Other","2012-01-01","#NA","93797","0101210000","10"
"6","93800","0101291000","80","For slaughter","2012-01-01","#NA","93799","0101290000","80"
"""


def measure(code, duty, kind="103", area="1011", sid="1", **more):
    row = dict.fromkeys(MEASURES, "#NA") | {
        "commodity__sid": sid, "commodity__code": code, "measure__type__id": kind,
        "measure__duty_expression": duty, "measure__geographical_area__id": area,
        "measure__effective_start_date": "2021-01-01",
    }  # fmt: skip
    names = {"until": MEASURES[12], "out": MEASURES[19], "order": MEASURES[21],
             "extra": MEASURES[8], "words": MEASURES[9]}  # fmt: skip
    return row | {names[key]: value for key, value in more.items()}


def write(path, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, quoting=csv.QUOTE_ALL)
        out.writerow(MEASURES)
        out.writerows(row.values() for row in rows)
    return path


def told(tariff):
    return [(one.hs, one.programme, one.rate, " ".join(one.origins)) for one in tariff.lines]


def test_empty_cells_are_printed_as_na(tmp_path):
    rows = [
        measure("6911100090", "12.00%"),
        measure("6911100090", "17.90%", "552", "CN", extra="B349", words="Hunan Hualian"),
        measure("6911100090", "36.10%", "552", "CN", extra="B999", words="Other"),
        measure("6911100090", "0.00%", "122", order="058001"),
        measure("0401100000", "34.00 GBP / 100 kg", until="2030-12-31"),
        measure("0805102200", "#NA"),
    ]
    path = write(tmp_path / "measures.csv", rows)
    assert recognise(path) == "uk"
    tariff = read_uk([path])
    assert told(tariff) == [
        ("040110", "mfn", "34 GBP / 100 kg", ""),
        ("08051022", "mfn", '"words: no rate printed"', ""),
        ("6911100090", "mfn", "12 %", ""),
        ("6911100090", "antidumping", "36.1 %", "CN"),
    ]
    assert day_text(tariff.lines[0].until) == "2030-12-31"
    assert tariff.forms["rows"] == {"read": 4, "additional-code": 1, "quota": 1}


def test_companies_of_a_list_are_not_all_others(tmp_path):
    rows = [
        measure("7210410030", "27.80%", "552", "CN", extra="C227", words="Hesteel Co., Ltd Handan"),
        measure("7210410030", "26.10%", "552", "CN", extra="C900",
                words="Other cooperating companies listed in the Annex"),
        measure("7210410030", "27.90%", "552", "CN", extra="C901",
                words="All other imports originating in the People's Republic of China"),
    ]  # fmt: skip
    assert told(read_uk([write(tmp_path / "m.csv", rows)])) == [
        ("7210410030", "antidumping", "27.9 %", "CN")
    ]
    (gap,) = told(read_uk([write(tmp_path / "m.csv", rows[:2])]))
    assert gap[2].startswith('"words: by additional code: C227 27.80%; C900 26.10%')


def test_commodities_name_the_row_above_them_and_have_no_indent(tmp_path):
    goods = tmp_path / "commodities-report.csv"
    goods.write_text(COMMODITIES, encoding="utf-8")
    assert recognise(goods) == "uk"
    rows = [measure("0101210000", "11.50%", sid="93797"), measure("0101000000", "2%", sid="27624")]
    tariff = read_uk([write(tmp_path / "m.csv", rows), goods])
    assert told(tariff) == [
        ("0101", "mfn", "2 %", ""),
        ("010121", "mfn", "11.5 %", ""),
        ("010129", "mfn", "11.5 %", ""),
    ]
    assert tariff.words["010121"] == "Pure-bred breeding animals"
    assert not any("without the commodities" in note for note in tariff.notes)


def test_rows_that_stand_above_each_other_end(tmp_path):
    goods = tmp_path / "c.csv"
    goods.write_text(
        COMMODITIES.replace('"93797","0101210000","10"\n"5"', '"93799","0101210000","10"\n"5"')
        .replace('"27624","0101000000","80"\n"4"', '"93797","0101210000","10"\n"4"'),
        encoding="utf-8",
    )  # fmt: skip
    tariff = read_uk([write(tmp_path / "m.csv", [measure("0101210000", "5%", sid="93797")]), goods])
    assert told(tariff) == [("010129", "mfn", "5 %", "")]


def test_duties_beside_the_third_country_duty_are_due_together(tmp_path):
    """Safeguard, retaliation and dumping add up, as the tariff's own duty calculator adds them."""
    rows = [
        measure("7208529900", "0.00%"),
        measure("7208529900", "25.00%", "696", "TW"),
        measure("7208529900", "35.00%", "695", "RU"),
        measure("7208529900", "25.00%", "696", "RU"),
        measure("7208529900", "10.00%", "552", "RU"),
    ]
    found = [one for one in read_uk([write(tmp_path / "m.csv", rows)]).lines
             if one.programme == "antidumping"]  # fmt: skip
    assert [(one.rate, one.origins, one.note) for one in found] == [
        ("10 % + 35 % + 25 %", ("RU",),
         "anti-dumping, additional and safeguard duty together; the safeguard duty is due where its"
         " quota is not claimed or is used up, and the others may then be less"),
        ("25 %", ("TW",),
         "safeguard duty, due where its quota is not claimed or is used up"),
    ]  # fmt: skip


def test_a_remedy_on_countries_that_nobody_knows_is_a_gap_and_a_preference_is_left(tmp_path):
    rows = [
        measure("7208529900", "0.00%"),
        measure("7208529900", "25.00%", "696", "5005", out="UA"),
        measure("7208529900", "0.00%", "142", "5005"),
    ]
    tariff = read_uk([write(tmp_path / "m.csv", rows)])
    assert told(tariff) == [
        ("72085299", "mfn", "0 %", ""),
        ("72085299", "antidumping",
         '"words: 25.00%, for goods of area 5005, whose countries are not known"', ""),
        ("72085299", "antidumping", "0 %", "UA"),
    ]  # fmt: skip
    assert tariff.forms["rows"] == {"unknown-area": 2, "read": 1}
    assert any("area 5005" in note and "gaps" in note for note in tariff.notes)


def test_groups_that_a_rate_leaves_out_and_nobody_knows_are_told(tmp_path):
    rows = [measure("7208529900", "0.00%", "142", "1060", out="IN|5005")]
    tariff = read_uk([write(tmp_path / "m.csv", rows)])
    assert told(tariff) == [("72085299", "preference", "0 %", "ID")]
    assert any("area 5005" in note and "hold for them too" in note for note in tariff.notes)


@pytest.mark.parametrize(
    ("area", "some", "none"),
    [("1060", {"IN", "ID"}, {"PK"}), ("1061", {"PK", "LK", "PH"}, {"IN", "BD"}),
     ("1062", {"BD", "KH", "MM"}, {"PK"}), ("1033", {"JM", "DO"}, {"HT"})],
)  # fmt: skip
def test_groups_of_developing_countries(tmp_path, area, some, none):
    tariff = read_uk([write(tmp_path / "m.csv", [measure("6109100010", "9.60%", "142", area)])])
    origins = set(tariff.lines[0].origins)
    assert some <= origins
    assert not none & origins


def test_controls_and_notices_are_named_and_left(tmp_path):
    kinds = ("277", "360", "464", "564", "674", "999")
    rows = [measure("6109100010", "#NA", kind) for kind in kinds]
    tariff = read_uk([write(tmp_path / "m.csv", rows)])
    assert tariff.lines == []
    assert tariff.forms["rows"] == {
        "control": 3, "trade-remedy-notice": 1, "agricultural-element": 1, "unknown-type": 1,
    }  # fmt: skip
    assert [one.text for one in tariff.unread][-1] == "measure type 999: 1 row left"


def answer():
    """Return what the API answers of 6911100090, cut to one measure."""
    measure = {
        "id": "20263364", "type": "measure",
        "attributes": {
            "origin": "eu", "import": True, "export": False, "id": 20263364,
            "effective_start_date": "2025-06-07T00:00:00.000Z", "effective_end_date": None,
            "excise": False, "vat": False, "reduction_indicator": None, "meursing": False,
            "resolved_duty_expression": "", "universal_waiver_applies": False,
        },
        "relationships": {
            "duty_expression": {
                "data": {"id": "20263364-duty_expression", "type": "duty_expression"}
            },
            "measure_type": {"data": {"id": "103", "type": "measure_type"}},
            "geographical_area": {"data": {"id": "1011", "type": "geographical_area"}},
            "order_number": {"data": None},
            "excluded_countries": {"data": []},
        },
        "meta": {"duty_calculator": {"source": "uk", "scheme_code": None}},
    }  # fmt: skip
    return {
        "data": {
            "id": "97221", "type": "commodity",
            "attributes": {
                "producline_suffix": "80", "description": "Other", "number_indents": 2,
                "goods_nomenclature_item_id": "6911100090", "description_plain": "Other",
                "basic_duty_rate": "<span>12.00</span> %", "declarable": True,
            },
            "relationships": {
                "import_measures": {"data": [{"id": "20263364", "type": "measure"}]},
                "export_measures": {"data": [{"id": "20219215", "type": "measure"}]},
            },
            "meta": {"duty_calculator": {"meursing_code": False, "source": "uk"}},
        },
        "included": [
            {"id": "20263364-duty_expression", "type": "duty_expression", "attributes": {
                "base": "12.00 %", "formatted_base": "<span>12.00</span> %",
                "verbose_duty": "12.00%"}},
            {"id": "AD", "type": "geographical_area", "attributes": {
                "id": "AD", "description": "Andorra", "geographical_area_id": "AD",
                "geographical_area_sid": 140}},
            measure,
        ],
    }  # fmt: skip


def test_what_the_api_answers_of_a_commodity(tmp_path):
    path = tmp_path / "6911100090.json"
    path.write_text(json.dumps(answer(), separators=(",", ":")), encoding="utf-8")
    assert recognise(path) == "uk"
    tariff = read_uk([path])
    assert told(tariff) == [("6911100090", "mfn", "12 %", "")]
    assert day_text(tariff.lines[0].since) == "2025-06-07"


def test_what_the_api_answers_of_an_area(tmp_path):
    members = ["AT", "DE", "EU"]
    area = {
        "data": {
            "id": "5005", "type": "geographical_area",
            "attributes": {"id": "5005", "geographical_area_id": "5005"},
            "relationships": {"children_geographical_areas": {
                "data": [{"id": one, "type": "geographical_area"} for one in ("TW", "KR")]}},
        },
        "included": [
            {"id": one, "type": "geographical_area", "attributes": {"id": one},
             "relationships": {"children_geographical_areas": {"data": []}}} for one in members
        ],
    }  # fmt: skip
    path = tmp_path / "area.json"
    path.write_text(json.dumps(area), encoding="utf-8")
    rows = [measure("7208529900", "25.00%", "696", "5005")]
    tariff = read_uk([write(tmp_path / "m.csv", rows), path])
    assert told(tariff) == [("72085299", "antidumping", "25 %", "KR TW")]
