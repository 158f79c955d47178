"""The text of a kept table: what is written is read again, whatever words a file holds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xborder_cli.errors import TableError
from xborder_cli.tables.load import load_text
from xborder_cli.tables.terms import parse_terms
from xborder_cli.tariffs.kept import KeptRow, KeptTable, Origin, Revision
from xborder_cli.tariffs.line import Programme
from xborder_cli.tariffs.lines import rate_cell
from xborder_cli.tariffs.read_kept import read_kept
from xborder_cli.tariffs.write import cell_text, table_text
from xborder_cli.units import parse_day

DAY = parse_day("2026-06-08")
REVISION = Revision(
    id="usitc-10",
    name="2026 Revision 10",
    day=DAY,
    retrieved=DAY + 7,
    title="Schedule",
    url="https://hts.usitc.gov",
    files=(Origin(name="hts.json", sha256="a" * 64),),
)
MFN = Programme(id="mfn", name="Column 1", currency="USD", default="gap")


def table(*rows, revisions=(REVISION,), programme=MFN, words=None):
    return KeptTable(
        tariff="US",
        programme=programme,
        confidence="high",
        rows=list(rows),
        revisions=list(revisions),
        words=words or {},
    )


def grid(text):
    return text.partition("rows: |\n")[2].splitlines()


def test_columns_that_no_row_needs_are_left_out():
    text = table_text(table(KeptRow(hs="0101", rate="5 %", since=DAY)))
    assert grid(text) == [
        "  hs    rate  from        until",
        "  # 01",
        "  0101  5 %   2026-06-08  -",
    ]


def test_every_column():
    row = KeptRow(
        hs="0101", rate="5 %", since=DAY, until=DAY + 1, origins=("CA", "MX"), claim="USMCA",
        note="of gold", source="usitc-9",
    )  # fmt: skip
    text = table_text(table(row, KeptRow(hs="", rate="1 %", since=DAY), words={"01": "Animals"}))
    assert grid(text) == [
        "  hs    origin  rate  from        until       source   when            note",
        "  # every code",
        "  *     -       1 %   2026-06-08  -           -        -               -",
        "  # 01 Animals",
        "  0101  CA MX   5 %   2026-06-08  2026-06-09  usitc-9  {claim: USMCA}  of gold",
    ]


def test_a_long_cell_does_not_widen_its_column():
    words = f'"words: {"a long reference " * 5}"'
    rows = KeptRow(hs="0101", rate=words, since=DAY), KeptRow(hs="0102", rate="5 %", since=DAY)
    assert grid(table_text(table(*rows)))[3] == "  0102  5 %   2026-06-08  -"


def test_the_seal_tells_an_edit(tmp_path):
    path = tmp_path / "mfn.yaml"
    text = table_text(table(KeptRow(hs="0101", rate="5 %", since=DAY)))
    path.write_text(text)
    assert not read_kept(path).edited
    path.write_bytes(text.replace("\n", "\r\n").encode())  # what an editor on Windows saves
    assert not read_kept(path).edited
    path.write_text(text.replace("5 %", "6 %"))
    assert read_kept(path).edited
    path.write_text(text.replace("file hts.json", "file other.json"))
    assert read_kept(path).edited


def test_no_file_is_no_table(tmp_path):
    assert read_kept(tmp_path / "mfn.yaml") is None


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda text: text.partition("\n")[2], "was not made by xb duties import"),
        (lambda text: text.replace("rows: |", "cells: |"), "holds no grid of rows"),
        (lambda text: text.replace("5 %   2026-06-08", "5 %   8 June"), "cannot be read"),
        (lambda text: text.replace("  # 01\n", "  0101  5 %\n"), "the heading has 4 cells"),
    ],
)
def test_a_file_that_is_no_table_of_an_import(tmp_path, change, what):
    path = tmp_path / "mfn.yaml"
    path.write_text(change(table_text(table(KeptRow(hs="0101", rate="5 %", since=DAY)))))
    with pytest.raises(TableError) as caught:
        read_kept(path)
    assert what in caught.value.problems[0].what
    assert caught.value.problems[0].where.path == str(path)


def test_a_condition_that_no_import_wrote(tmp_path):
    path = tmp_path / "mfn.yaml"
    row = KeptRow(hs="0101", rate="5 %", since=DAY, claim="USMCA")
    text = table_text(table(row)).replace("{claim: USMCA}", "{trait: battery}")
    path.write_text(text)
    with pytest.raises(TableError) as caught:
        read_kept(path)
    [problem] = caught.value.problems
    assert (problem.code, problem.where.line) == ("not-ours", 1 + text.split("\n").index(
        next(line for line in text.split("\n") if "battery" in line)
    ))  # fmt: skip


anything = st.text(max_size=40)
rows = st.builds(
    KeptRow,
    hs=st.sampled_from(["", "01", "0101", "6109100012"]),
    rate=st.one_of(
        st.sampled_from(["0 %", "16.5 %", "0.19 USD / kg + 8 %", "4.5 % min 0.30 EUR / item"]),
        anything.map(lambda words: rate_cell(f'"words: {words}"')),
    ),
    since=st.integers(DAY, DAY + 400),
    until=st.none() | st.integers(DAY + 400, DAY + 900),
    origins=st.sets(st.sampled_from(["CA", "MX", "EU", "NO"])).map(lambda s: tuple(sorted(s))),
    claim=st.sampled_from(["", "USMCA", "civil-aircraft"]),
    note=anything.map(cell_text),
    source=st.sampled_from(["", "usitc-10"]),
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(rows, max_size=6, unique_by=lambda row: (row.hs, row.claim)),
    anything,
    anything,
    anything,
)
def test_what_is_written_is_read_again(tmp_path_factory, found, title, url, file):
    """Kept rows and names come back; the loader finds the same rates, any words in them."""
    revision = replace(
        REVISION, title=title, url=url, name=file, files=(Origin(name=file, sha256="b" * 64),)
    )
    words = {"01": title}
    programme = replace(MFN, name=title or "x")
    text = table_text(table(*found, revisions=[revision], programme=programme, words=words))
    path = tmp_path_factory.mktemp("kept") / "mfn.yaml"
    path.write_bytes(text.encode())
    kept = read_kept(path)
    assert kept.rows == sorted(found, key=lambda row: row.place)
    assert not kept.edited
    assert kept.revisions[0].digests == {"b" * 64}
    assert kept.revisions[0].files[0].name == cell_text(file)
    loaded = load_text(text).programmes["US", "mfn"]
    want = {
        (row.hs, origin, row.since): parse_terms(row.rate.strip('"'))
        for row in sorted(found, key=lambda row: row.place)
        for origin in row.origins or ("",)
        if not row.claim
    }
    have = {(row.hs, row.origin, row.since): row.terms for row in loaded.rows if not row.when}
    assert have == want
