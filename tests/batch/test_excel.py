"""Cells that a spreadsheet leaves as they are."""

import csv
import io

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xborder_cli.batch.encode import csv_heading, encoded
from xborder_cli.batch.excel import guarded_texts
from xborder_cli.batch.rejected import reject_heading, reject_lines


def guarded(text):
    return guarded_texts(pa.array([text])).to_pylist()[0]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "＝1+1",
        "＋1",
        "－1",
        "＠x",
        "  =1",
        "\u00a0=1",
        "\u3000＝1",
        "\ufeff=1",
        '"=1',
        "'=1",
        "“=1",
        " \"'=1",
        "00123",
        "00",
        "007.50",
        "1234567890123456",
        "123456789012",
        "1E5",
        "1.5e-3",
        "3-4",
        "3/4",
        "12/2026",
        "MAR1",
        "1-Sept",
        "2 dec",
        "-12345678901234567",
        "-007",
        "+49 171",
    ],
)
def test_what_would_be_run_or_changed_gets_an_apostrophe(text):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    ["", "a", "12", "0", "0.50", "12345678901", "-5", "-5.25", "-0.5", "1,5", "A=1", "x-1", "#1001",
     "E5", "3 kg", "30x20x10cm", "2026-03-01", "O'Neill", "a, -b", "March of 2020", "1.20"],
)  # fmt: skip
def test_what_is_harmless_stays(text):
    assert guarded(text) == text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a;=1", "a;'=1"),
        ('a; "=1', "a; \"'=1"),
        ("a\n=1\n@b", "a\n'=1\n'@b"),
        ("a\t+1", "a\t'+1"),
        ("\t=1", "'\t'=1"),
        ("=1;=2", "'=1;'=2"),
    ],
)
def test_what_another_separator_would_make_a_cell_is_made_safe_too(text, safe):
    assert guarded(text) == safe


@given(st.lists(st.none() | st.text(alphabet="=+-@a1 '\"\t;,\n＝", max_size=6)))
def test_no_cell_begins_a_formula(texts):
    for text in guarded_texts(pa.array(texts, pa.string())).to_pylist():
        if text is None:
            continue
        for piece in text.replace("\t", ";").replace("\n", ";").split(";"):
            bare = piece.lstrip(" \"'\u201c\t\r\n")
            safe = piece.startswith("'") or not bare or bare[0] not in "=+-@＝"
            assert safe or "'" in piece[: len(piece) - len(bare)] or _plain(text), text


def _plain(text):
    return text.removeprefix("-").replace(".", "").isdigit()


def test_a_file_for_a_spreadsheet():
    table = pa.table(
        {
            "order_id": ["=1", "0012"],
            "mode": pa.array(["-x", None]).dictionary_encode(),
            "total": ["-12.50", None],
            "rank": pa.array([1, None]),
            "complete": pa.array([True, None]),
        }
    )
    raw = csv_heading(table.column_names, for_excel=True) + encoded(table, "csv", for_excel=True)
    assert raw.startswith(b"\xef\xbb\xbforder_id,")
    assert raw.count(b"\r\n") == raw.count(b"\n") == 3
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert rows[1:] == [["'=1", "'-x", "-12.50", "1", "true"], ["'0012", "", "", "", ""]]


def test_rejected_rows_are_safe_too():
    bad = [("7", "to", "bad-country", "no XX", "=1,XX\nb", "a.csv")]
    raw = reject_heading(for_excel=True) + reject_lines(bad, for_excel=True)
    assert raw == (
        b"\xef\xbb\xbfline,column,code,words,row,file\r\n"
        b'7,to,bad-country,no XX,"\'=1,XX\nb",a.csv\r\n'
    )
    assert reject_lines([]) == b""
    assert reject_lines([("7", "", "x", "y", "a\udcff", "f")]) == b"7,,x,y,a?,f\n"
