"""What the text of a tariff file is written in, and that the import tells it."""

from __future__ import annotations

import csv
import gzip
import json

import pytest

from xborder_cli.tariffs.recognise import recognise
from xborder_cli.tariffs.taric_sheet import encoding_in, open_sheet

CHINESE = "税则号列,最惠国税率,原产国,品名\n0902.10,15 %,CN,绿茶\n6109.10,18 %,VN,棉制T恤衫\n"
GERMAN = "hs;rate;description\n9403.60;2,5 %;Möbel für Kinder\n8715.00;3 %;Stühle, Größe 1\n"
FLAGS = ("--tariff", "CA", "--into", "mine", "--from", "2026-01-01", "--format", "json")


def imported(xb, folder, content):
    (folder / "rates.csv").write_bytes(content)
    ran = xb(["duties", "import", "rates.csv", *FLAGS], folder=folder)
    assert ran.code == 0, ran.stderr
    return json.loads(ran.stdout)["imports"][0], (folder / "mine/duties/ca/mfn.yaml").read_text()


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", "UTF-16"),
        ("gb18030", "GB18030"),
        ("gbk", "GB18030"),
    ],
)
def test_a_chinese_list(xb, tmp_path, encoding, said):
    told, table = imported(xb, tmp_path, CHINESE.encode(encoding))
    notes = [f"rates.csv: its text is read as {said}"] if said else []
    assert [note for note in told["notes"] if "its text" in note] == notes
    assert [(row["hs"], row["origin"], row["rate"]) for row in told["changes"]] == [
        ("090210", "CN", "15 %"),
        ("610910", "VN", "18 %"),
    ]
    assert "0902.10" not in table


def test_a_western_list_is_not_read_as_chinese(xb, tmp_path):
    """GB18030 reads it too: as rare characters, each made of an umlaut and the letter behind it."""
    assert "Möbel" not in GERMAN.encode("cp1252").decode("gb18030", "replace")
    told, _ = imported(xb, tmp_path, GERMAN.encode("cp1252"))
    assert "rates.csv: its text is read as Windows-1252" in told["notes"]
    rows = open_sheet(tmp_path / "rates.csv", lambda names: "hs" in names).rows
    assert [row.cells[2] for row in rows] == ["Möbel für Kinder", "Stühle, Größe 1"]


def test_letters_that_come_late(tmp_path):
    """The first page is all ASCII: what decides is the first that is not."""
    path = tmp_path / "long.csv.gz"
    lines = "".join(f"61091{n % 10},18 %,\n" for n in range(20_000))
    text = f"hs,rate,note\n{lines}090210,15 %,绿茶不含香料\n"
    path.write_bytes(gzip.compress(text.encode("gb18030")))
    assert (encoding_in(path), recognise(path)) == ("gb18030", "csv")
    assert list(open_sheet(path, lambda names: "hs" in names).rows)[-1].cells[2] == "绿茶不含香料"


def test_one_broken_byte_makes_no_other_encoding(tmp_path):
    path = tmp_path / "rates.csv"
    path.write_bytes("hs,rate,note\n0902,1 %,绿茶\n0903,2 %,红茶\n".encode() + b"0904,3 %,\xff\n")
    assert encoding_in(path) == "utf-8"


def test_an_official_file_saved_by_a_western_spreadsheet(tmp_path):
    path = tmp_path / "hts.csv"
    rows = [
        ["HTS Number", "Indent", "Description", "General Rate of Duty", "Column 2 Rate of Duty"],
        ["0101.21.00", "1", "Crème brûlée", "1.9¢/kg", "3¢/kg"],
    ]
    with path.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file).writerows(rows)
    assert (encoding_in(path), recognise(path)) == ("cp1252", "usitc")
