"""Files of the UK tariff: every row is read or accounted for."""

from __future__ import annotations

import csv
import gzip
import json
import random

import pytest

from xborder_cli.errors import OrderError
from xborder_cli.tables.load import load_text
from xborder_cli.tables.terms import parse_terms
from xborder_cli.tariffs.uk import read_uk
from xborder_cli.units import day_text, parse_day

NAMES = (
    "commodity__code", "commodity__description", "measure__sid", "measure__type__id",
    "measure__type__description", "measure__additional_code__code",
    "measure__additional_code__description", "measure__duty_expression",
    "measure__effective_start_date", "measure__effective_end_date",
    "measure__geographical_area__id", "measure__geographical_area__description",
    "measure__excluded_geographical_areas__ids", "measure__quota__order_number",
)  # fmt: skip


def measure(code, duty="12.00 %", kind="103", area="1011", since="2021-01-01", **more):
    short = {"until": "measure__effective_end_date", "out": NAMES[12], "order": NAMES[13],
             "extra": NAMES[5], "words": NAMES[6]}  # fmt: skip
    row = dict.fromkeys(NAMES, "")
    row |= {
        "commodity__code": code,
        "measure__type__id": kind,
        "measure__duty_expression": duty,
        "measure__geographical_area__id": area,
        "measure__effective_start_date": since,
    }
    return row | {short[key]: value for key, value in more.items()}


def write(path, rows, names=NAMES, **style):
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", newline="", encoding="utf-8-sig") as file:
        out = csv.writer(file, **style)
        out.writerow(names)
        out.writerows([row.values() if isinstance(row, dict) else row for row in rows])
    return path


def told(tariff):
    """Return what the lines say: code, programme, rate, origins, first and last day."""
    return [
        (one.hs, one.programme, one.rate, " ".join(one.origins),
         "" if one.since is None else day_text(one.since),
         "" if one.until is None else day_text(one.until))
        for one in tariff.lines
    ]  # fmt: skip


@pytest.mark.parametrize("bare", [False, True])
def test_measures_of_both_styles_of_names(tmp_path, bare):
    names = [name.removeprefix("measure__").removeprefix("commodity__") for name in NAMES]
    rows = [measure("6109100010"), measure("0409000000", "16.00 %", until="2027-12-31")]
    tariff = read_uk([write(tmp_path / "measures.csv", rows, names if bare else NAMES)])
    assert told(tariff) == [
        ("0409", "mfn", "16 %", "", "2021-01-01", "2027-12-31"),
        ("6109100010", "mfn", "12 %", "", "2021-01-01", ""),
    ]
    assert (tariff.tariff, tariff.kind, tariff.rows) == ("GB", "uk", 2)


def test_a_code_without_its_first_zero_and_semicolons_in_a_packed_file(tmp_path):
    rows = [measure("101210000", "0.00 %")]
    tariff = read_uk([write(tmp_path / "measures v4.0.1203.csv.gz", rows, delimiter=";")])
    assert told(tariff) == [("010121", "mfn", "0 %", "", "2021-01-01", "")]
    assert tariff.revision == "4.0.1203"


def test_seasons_and_a_suspension_inside_one(tmp_path):
    rows = [
        measure("0702000007", "8.00 %", until="2021-05-31"),
        measure("0702000007", "14.00 %", since="2021-06-01", until="2021-10-31"),
        measure("0702000007", "0.00 %", "112", since="2021-07-01", until="2021-08-31"),
        measure("0702000007", "2.00 %", "105"),
    ]
    tariff = read_uk([write(tmp_path / "m.csv", rows)])
    assert [one[2:] for one in told(tariff)] == [
        ("8 %", "", "2021-01-01", "2021-05-31"),
        ("14 %", "", "2021-06-01", "2021-06-30"),
        ("0 %", "", "2021-07-01", "2021-08-31"),
        ("14 %", "", "2021-09-01", "2021-10-31"),
        ("2 %", "", "2021-11-01", ""),
    ]
    assert [one.note for one in tariff.lines][2:5:2] == [
        "autonomous suspension", "for those with an authorised use",
    ]  # fmt: skip


def test_a_later_measure_takes_the_place_of_an_open_one(tmp_path):
    rows = [measure("61091000", "12.00 %"), measure("61091000", "9.00 %", since="2026-04-01")]
    assert [one[2:] for one in told(read_uk([write(tmp_path / "m.csv", rows)]))] == [
        ("12 %", "", "2021-01-01", "2026-03-31"), ("9 %", "", "2026-04-01", ""),
    ]  # fmt: skip


def test_origins_groups_exclusions_and_companies(tmp_path):
    rows = [
        measure("87116010", "6.00 %", out="RU|BY"),
        measure("87116010", "35.00 %", area="RU"),
        measure("87116010", "0.00 %", "142", "1013"),
        measure("87116010", "0.00 %", "142", "2200", out="NI"),
        measure("87116010", "4.00 %", "142", "2020"),
        measure("87116010", "10.10 %", "552", "CN", extra="C383"),
        measure("87116010", "62.10 %", "552", "CN", extra="C999"),
        measure("87116010", "17.20 %", "554", "CN", extra="A123", words="Other"),
        measure("87116010", "33.00 %", "552", "VN", extra="C384"),
    ]
    tariff = read_uk([write(tmp_path / "m.csv", rows)])
    assert {(one[1], one[3]): one[2] for one in told(tariff)} == {
        ("mfn", ""): "6 %",
        ("mfn", "RU"): "35 %",
        ("mfn", "BY"): '"words: 6.00 %, not for goods of BY; no other rate found"',
        ("preference", "EU"): "0 %",
        ("preference", "CR GT HN PA SV"): "0 %",
        ("antidumping", "CN"): "62.1 % + 17.2 %",
        ("antidumping", "VN"): '"words: by additional code: C384 33.00 %"',
    }
    assert {one.claim for one in tariff.lines if one.programme == "preference"} == {"preference"}
    assert [(one.row, one.why) for one in tariff.unread] == [
        (6, "unknown-area"), (7, "additional-code"), (10, "additional-code"),
    ]  # fmt: skip
    assert "area 2020: nobody knows its countries; 1 measures" in tariff.notes[-1]
    assert tariff.forms["rows"] == {"read": 6, "additional-code": 2, "unknown-area": 1}


def test_what_is_no_duty_is_counted_and_left(tmp_path):
    rows = [
        measure("61091000", "20.00 %", "305"), measure("22030000", "1 GBP / l", "306"),
        measure("61091000", "0.00 %", "143", "CN", order="051234"),
        measure("61091000", "0.00 %", "142", "CN", order="051234"),
        measure("61091000", "0.00 %", "999"), measure("61091000", "", "109"),
        measure("6109100X", "1.00 %"), measure("61091000", since="31/02/2026"),
        measure("61091000", area="QU"), measure("61091000 10"),
    ]  # fmt: skip
    tariff = read_uk([write(tmp_path / "m.csv", rows)])
    assert tariff.lines == []
    assert tariff.forms["rows"] == {
        "quota": 2, "vat": 1, "excise": 1, "unknown-type": 1, "supplementary-unit": 1,
        "bad-code": 1, "bad-day": 1, "unknown-area": 1, "heading-in-words": 1,
    }  # fmt: skip
    assert sum(tariff.forms["rows"].values()) == tariff.rows == 10
    assert [one.text for one in tariff.not_duties] == [
        "measure type 305 Value added tax: 1 row left",
        "measure type 306 Excise: 1 row left",
        "measure type 109 Supplementary unit: 1 row left",
    ]
    texts = [one.text for one in tariff.unread]
    assert "measure type 143 Preferential tariff quota: 1 row left" in texts
    assert "measure type 999: 1 row left" in texts


def test_a_duty_that_is_not_read_is_a_gap_and_named(tmp_path):
    rows = [measure("17049051", "9.00% + EA MAX 18.70% + ADSZ"), measure("17049055", "")]
    tariff = read_uk([write(tmp_path / "m.csv", rows)])
    assert [one.rate for one in tariff.lines] == [
        '"words: 9.00% + EA MAX 18.70% + ADSZ"', '"words: no rate printed"',
    ]  # fmt: skip
    assert [(one.row, one.hs, one.why) for one in tariff.unread] == [
        (2, "17049051", "agricultural-element"), (3, "17049055", "no-rate"),
    ]  # fmt: skip


def test_descriptions_of_lines_go_before_those_of_headings(tmp_path):
    names = ("commodity__sid", "commodity__code", "commodity__suffix", "commodity__description")
    rows = [
        (1, "0101000000", "80", "Live horses"), (2, "101210000", "10", "Horses"),
        (3, "101210000", "80", "Pure-bred"), (4, "101290000", "10", "Others"),
    ]  # fmt: skip
    tariff = read_uk([write(tmp_path / "commodities.csv", rows, names)])
    assert tariff.words == {"0101": "Live horses", "010121": "Pure-bred", "010129": "Others"}
    assert (tariff.rows, tariff.lines) == (4, [])


def test_a_measure_on_a_heading_in_words_is_one_on_the_lines_below_it(tmp_path):
    names = ("commodity__sid", "commodity__code", "commodity__suffix", "commodity__indent",
             "commodity__description")  # fmt: skip
    goods = [
        (1, "0101000000", "80", 0, "Live horses"), (2, "0101210000", "10", 1, "Horses"),
        (3, "0101210000", "80", 2, "Pure-bred"), (4, "0101290000", "80", 2, "Other"),
        (5, "0101291000", "80", 3, "For slaughter"), (6, "0101300000", "80", 1, "Asses"),
    ]  # fmt: skip
    rows = [
        measure("0101210000", "5.00 %") | {"commodity__sid": 2},
        measure("0101300000", "7.70 %") | {"commodity__sid": 6},
    ]
    paths = [
        write(tmp_path / "m.csv", rows, (*NAMES, "commodity__sid")),
        write(tmp_path / "c.csv", goods, names),
    ]
    whole = read_uk(paths)
    assert whole.forms["rows"] == {"read": 2, "description": 6}
    assert whole.rows == 8
    assert [one[:3] for one in told(whole)] == [
        ("010121", "mfn", "5 %"), ("010129", "mfn", "5 %"), ("010130", "mfn", "7.7 %"),
    ]  # fmt: skip
    alone = read_uk(paths[:1])
    assert [one[0] for one in told(alone)] == ["010121", "010130"]
    assert "without the commodities" in alone.notes[0]


def one(kind, identity, attributes=None, **related):
    links = {
        name: {"data": {"id": value, "type": name} if isinstance(value, str)
               else [{"id": each, "type": name} for each in value]}
        for name, value in related.items()
    }  # fmt: skip
    return {"id": identity, "type": kind, "attributes": attributes or {}, "relationships": links}


def commodity(source="uk"):
    facts = {"goods_nomenclature_item_id": "2208403900", "description": "Other"}
    goods = one("commodity", "69078", facts, import_measures=["1", "2", "3"])
    goods["meta"] = {"duty_calculator": {"source": source}}
    days = {"effective_start_date": "2021-01-01T00:00:00.000Z", "effective_end_date": None}
    included = [
        one("measure", "1", days, measure_type="103", geographical_area="1011",
            duty_expression="1-duty_expression"),
        one("duty_expression", "1-duty_expression",
            {"base": "0.50 GBP / % vol/hl + 2.60 GBP / hl"}),
        one("measure", "2", days, measure_type="142", geographical_area="1061",
            duty_expression="2-duty_expression", excluded_countries=["BO"]),
        one("duty_expression", "2-duty_expression", {"base": "0.00 %"}),
        one("geographical_area", "1061", children_geographical_areas=["BO", "KG", "XS", "QU"]),
        one("measure", "3", days, measure_type="305", geographical_area="1011",
            duty_expression="2-duty_expression"),
        one("measure", "4", days, measure_type="103", geographical_area="1011",
            duty_expression="2-duty_expression"),  # of exports
    ]  # fmt: skip
    return {"data": goods, "included": included}


def test_json_of_a_commodity_knows_the_members_of_its_groups(tmp_path):
    path = tmp_path / "2208403900.json"
    path.write_text(json.dumps(commodity()))
    tariff = read_uk([path])
    assert told(tariff) == [
        ("22084039", "mfn", "0.5 GBP / litre_alcohol + 2.6 GBP / 100 litre", "", "2021-01-01", ""),
        ("22084039", "preference", "0 %", "KG RS", "2021-01-01", ""),
    ]
    assert tariff.words == {"22084039": "Other"}
    assert tariff.forms["rows"] == {"read": 2, "vat": 1}


def test_members_from_the_api_serve_the_measures_of_a_csv(tmp_path):
    areas = tmp_path / "z.json"
    group = one("geographical_area", "2020", children_geographical_areas=["IN", "ID"])
    areas.write_text(json.dumps({"data": [group]}))
    rows = [measure("61091000", "9.60 %", "142", "2020")]
    tariff = read_uk([write(tmp_path / "a.csv", rows), areas])
    assert told(tariff)[0][2:4] == ("9.6 %", "ID IN")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "is no JSON"),
        ("{}", "has no data of the UK tariff's API"),
        ('{"data": {"type": "quota"}}', 'tells of a "quota"'),
        (json.dumps(commodity("xi")), 'has measures of "xi", not of the UK'),
        ("a,b\n1,2\n", "no row near the top of the file is the heading"),
    ],
)
def test_a_file_that_is_not_read_says_why(tmp_path, text, what):
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(OrderError) as caught:
        read_uk([path])
    (problem,) = caught.value.problems
    assert what in problem.what
    assert problem.where.path == str(path)


def some_codes(dice, count):
    """Return codes of 8 digits as numbers, none of chapter 77, which does not exist."""
    return sorted(
        dice.sample([*range(1_010_001, 76_999_999, 7), *range(78_010_001, 98_999_999, 7)], count)
    )


# forms of the two columns as counted on the table of 2021, 11,830 codes
CET = {"ad-valorem": 7911, "free": 2608, "specific": 834, "compound": 347, "min-max": 101,
       "entry-price": 29}  # fmt: skip
UKGT = {"ad-valorem": 6093, "free": 4612, "specific": 814, "compound": 311}


def printed(form, dice, money):
    share = f"{dice.randint(1, 900) / 10:.{dice.choice((1, 2))}f}"
    amount = f"{dice.randint(1, 99999) / 100:.2f}"
    unit = dice.choice(("100 kg", "hl", "% vol / hl", "item", "1000 p/st", "pa"))
    blank = dice.choice(("", " ", "  ", "\u00a0"))
    return {
        "ad-valorem": f"{share}{blank}%",
        "free": dice.choice(("0.00%", "0.0%", "0%", "0.000 %")),
        "specific": f"{amount} {money}{blank}/{blank}{unit}",
        "compound": f"{share}%{blank}+{blank}{amount} {money} / {unit}",
        "min-max": f"{share}% MIN {amount} {money} / {unit}{blank} MAX {amount} {money}/{unit}",
        "entry-price": f"Entry price - {share}%",
    }[form]


def test_the_global_tariff_of_2021_in_its_full_size(tmp_path):
    dice = random.Random(6)
    before = [form for form, count in CET.items() for _ in range(count)]
    after = [form for form, count in UKGT.items() for _ in range(count)]
    dice.shuffle(before)
    dice.shuffle(after)
    codes = some_codes(dice, 11_830)
    names = ("commodity", "description", "cet_duty_rate", "ukgt_duty_rate", "change",
             "trade_remedy_applies", "suspension_applies", "atq_applies")  # fmt: skip
    rows = [
        (code * 100, f"goods, number {code}", printed(one, dice, "EUR"), printed(two, dice, "GBP"),
         "No change", code % 50 == 0, False, False)
        for code, one, two in zip(codes, before, after, strict=True)
    ]  # fmt: skip
    tariff = read_uk([write(tmp_path / "global-uk-tariff.csv", rows, names)])
    assert (tariff.rows, len(tariff.lines)) == (11_830, 11_830)
    assert tariff.forms == {"rows": {"read": 11_830}, "mfn": UKGT, "cet_duty_rate": CET}
    assert [one for one in tariff.lines if one.rate == "0 %"] == [
        one for one in tariff.lines if float(one.printed.split("%")[0].split()[0]) == 0
    ]
    assert len(tariff.words) == 11_830
    assert tariff.day == parse_day("2021-01-01")


def test_measures_in_full_size_lose_no_row_and_load_as_a_table(tmp_path):
    dice = random.Random(7)
    rows = []
    forms = [form for form, count in UKGT.items() for _ in range(count)]
    codes = some_codes(dice, len(forms))
    for code, form in zip(codes, forms, strict=True):
        rows.append(measure(f"{code * 100 + 1:010d}", printed(form, dice, "GBP")))
        rows.append(measure(f"{code * 100 + 1:010d}", "0.00 %", "142", dice.choice(("1013", "JP"))))
        if dice.random() < 0.1:
            rows.append(measure(f"{code * 100 + 1:010d}", "20.00 %", "305"))
    dice.shuffle(rows)
    tariff = read_uk([write(tmp_path / "measures-as-defined.csv", rows)])
    read = tariff.forms["rows"]
    assert tariff.rows == len(rows) == sum(read.values())
    assert (read["read"], len(tariff.lines)) == (2 * 11_830, 2 * 11_830)
    assert tariff.forms["mfn"] == UKGT
    assert tariff.forms["preference"] == {"free": 11_830}
    for one in tariff.lines:
        assert parse_terms(one.rate).parts
    grid = "\n".join(
        f"  {one.hs}  {' '.join(one.origins) or '-'}  {one.rate}  2021-01-01"
        for one in tariff.lines
        if one.programme == "mfn"
    )
    tables = load_text(
        "kind: programme\ntariff: GB\nid: mfn\ncurrency: GBP\nsource: {title: x, url: https://x}\n"
        f"checked: 2026-01-01\nrows: |\n  hs  origin  rate  from\n{grid}\n"
    )
    assert len(tables.programmes["GB", "mfn"].rows) == 11_830
