"""Which kind of tariff a file is, told by what is in it; what else it looks like."""

from __future__ import annotations

import gzip
import json
import random

import pytest
from openpyxl import Workbook

from xborder_cli.errors import OrderError
from xborder_cli.tariffs.recognise import recognise

TEXTS = {
    "usitc": [
        "HTS Number,Indent,Description,Unit of Quantity,General Rate of Duty,Quota Quantity\n",
        '\ufeff"HTS Number","Indent","General Rate of Duty"\r\n',
        '[{"htsno":"0101","indent":"0","description":"Live horses"}]',
        '\n  [\n {"superior": null, "htsno" : "0101"}]',
    ],
    "uk": [
        "id,commodity__code,measure__type__id,measure__duty_expression,"
        "measure__geographical_area__id\n",
        "commodity_code,type_id,duty_expression,geographical_area_id\n",
        "commodity__sid,commodity__code,commodity__suffix,commodity__description\n",
        "commodity,description,cet_duty_rate,ukgt_duty_rate,change\n",
        '{"data": {"id": "1", "type": "commodity", "attributes": {}}, "included": []}',
        '{"data": [{"id": "1013", "type":"geographical_area"}]}',
    ],
    "taric": [
        "Goods code;Add code;Order No.;Start date;End date;RED_IND;Origin; Measure type;"
        "Legal base;Duty;Origin code; Meas. type code\r\n",
        "Country group,Start date,Member country,Mbship end date\n",
        "Goods code,Start date,End date,Language,Hier. pos.,Indent,Description\n",
        "Goods code;Measure type;Meas. type code;Origin;Excluded country;Excluded country code\n",
    ],
    "csv": [
        "hs,origin,rate,from,to\n610910,CN,5 %,,\n",
        "Our tariff of 2026\n\nHS code\tDuty rate\n",
        "commodity_code,description,rate\n6109,shirts,5 %\n",
        "税号,税率\n61091000,6%\n",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text"), [(k, text) for k, some in TEXTS.items() for text in some]
)
@pytest.mark.parametrize("packed", [False, True])
def test_the_kind_is_told_by_the_content(tmp_path, kind, text, packed):
    path = tmp_path / "file"
    content = text.encode()
    path.write_bytes(gzip.compress(content) if packed else content)
    assert recognise(path) == kind


@pytest.mark.parametrize("kind", ["usitc", "uk", "taric", "csv"])
def test_workbooks_by_their_headings(tmp_path, kind):
    book = Workbook()
    book.active.append(["Title of the sheet"])
    book.active.append([])
    sign = ";" if kind == "taric" else ","
    book.active.append(TEXTS[kind][0].splitlines()[0].split(sign))
    book.save(tmp_path / "file.xlsx")
    assert recognise(tmp_path / "file.xlsx") == kind


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty"),
        (b"  \n\n", "is empty"),
        (b"%PDF-1.7\n", "looks like a PDF"),
        (b"<!DOCTYPE html><html>", "looks like a web page"),
        (b"<?xml version='1.0'?><taric/>", "looks like XML"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "looks like an old Excel workbook"),
        (b"\x00\x01\x00\x00Standard ACE DB", "looks like an Access database"),
        (b"PK\x03\x04 and more", "looks like a ZIP archive"),
        (b"PAR1....", "looks like a Parquet file"),
        (b"order_id,weight,value\n1,2,3\n", "a table with the columns order_id, weight, value"),
        (json.dumps({"schema": "xb.quote/1"}).encode(), "looks like JSON without HTS rows"),
        (b"Dear customer\n", 'looks like text that begins "Dear customer"'),
    ],
)
def test_other_files_are_refused_with_what_they_look_like(tmp_path, content, what):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(OrderError) as caught:
        recognise(path)
    (problem,) = caught.value.problems
    assert what in problem.what
    assert "known are exports of the US HTS" in problem.fix
    assert (problem.code, problem.where.path) == ("unknown-file", str(path))


@pytest.mark.parametrize("size", [64, 700, 70_000])
@pytest.mark.parametrize("seed", range(5))
def test_a_binary_file_is_refused_without_its_bytes(tmp_path, seed, size):
    path = tmp_path / "file"
    path.write_bytes(b"\x93" + random.Random(seed).randbytes(size))
    with pytest.raises(OrderError) as caught:
        recognise(path)
    assert str(caught.value.problems[0]) == (
        f"{path}: looks like no workbook, and like no text in UTF-8, UTF-16 or GB18030"
        " [unknown-file]"
    )


def test_a_packed_file_that_breaks_off(tmp_path):
    path = tmp_path / "file.gz"
    path.write_bytes(gzip.compress(b"hs,rate\n" * 9000)[:40])
    with pytest.raises(OrderError, match="cannot be read"):
        recognise(path)
