"""Bytes of tables: as the csv module and json write them, wherever the table is cut."""

import csv
import io
import json

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xborder_cli.batch import encode
from xborder_cli.cli.output import native
from xborder_cli.cli.render.json import text

ODD = st.text(
    alphabet=st.sampled_from('ab,"\n\t\\;é€𝄞\x01\x1f= \x7f\u2028{}'), min_size=1, max_size=5
)
CELL = st.none() | ODD
AMOUNT = st.none() | st.sampled_from(["0.00", "-0.05", "12.50", "120"])


def cells(column, size):
    return st.lists(column, min_size=size, max_size=size)


@st.composite
def tables(draw):
    n = draw(st.integers(0, 12))
    coded = pa.array(draw(cells(CELL, n)), pa.string()).dictionary_encode()
    columns = {
        "order_id": pa.array(draw(cells(ODD, n)), pa.string()),
        "rank": pa.array(draw(cells(st.none() | st.integers(1, 9000), n)), pa.int64()),
        "mode": coded,
        "scheme": pa.array(draw(cells(CELL, n)), pa.string()).dictionary_encode(),
        "total": pa.array(draw(cells(AMOUNT, n)), pa.string()),
        "complete": pa.array(draw(cells(st.none() | st.booleans(), n)), pa.bool_()),
        'k"ept, ': pa.array(draw(cells(CELL, n)), pa.string()),
    }
    names = draw(st.permutations(list(columns)))
    return pa.table({name: columns[name] for name in names[: draw(st.integers(1, len(names)))]})


def flat(value):
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def by_csv_module(table, delimiter=",", end="\n"):
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=end)
    for row in table.to_pylist():
        writer.writerow([flat(value) for value in row.values()])
    return buffer.getvalue().encode()


@settings(max_examples=200, deadline=None)
@given(tables())
def test_csv_is_what_the_csv_module_writes(table):
    assert encode.csv_bytes(table) == by_csv_module(table)
    assert encode.csv_bytes(table, delimiter="\t", line_end="\r\n") == by_csv_module(
        table, "\t", "\r\n"
    )


@settings(max_examples=200, deadline=None)
@given(tables())
def test_json_lines_are_what_json_writes(table):
    expected = "".join(text(row, one_line=True) for row in table.to_pylist())
    assert encode.jsonl_bytes(table) == expected.encode()


@settings(max_examples=100, deadline=None)
@given(tables())
def test_a_json_array_is_what_json_writes(table):
    rows = encode.json_bytes(table)[1:]
    whole = encode.JSON_BEGIN + rows + encode.json_end(empty=not rows)
    assert whole.decode() == text(table.to_pylist())


@settings(max_examples=60, deadline=None)
@given(tables(), st.integers(0, 12))
def test_where_a_table_is_cut_does_not_show(table, cut):
    for write in (encode.csv_bytes, encode.jsonl_bytes, encode.json_bytes):
        assert write(table[:cut]) + write(table[cut:]) == write(table)


def test_cells_are_native_as_the_rows_of_a_quote_are():
    row = {"rank": "3", "total": "3.00", "pareto": "true", "scheme": ""}
    table = pa.table(
        {
            "rank": pa.array([3]),
            "total": pa.array(["3.00"]),
            "pareto": pa.array([True]),
            "scheme": pa.array([None], pa.string()).dictionary_encode(),
        }
    )
    expected = {name: native(name, value) for name, value in row.items()}
    assert json.loads(encode.jsonl_bytes(table)) == expected


def test_a_return_inside_a_cell_is_quoted():
    assert encode.csv_bytes(pa.table({"a": ["x\ry"], "b": ["z"]})) == b'"x\ry",z\n'


def test_more_rows_than_are_written_at_once_come_in_order():
    n = 20_001
    table = pa.table({"order_id": [str(i) for i in range(n)], "rank": pa.array(range(n))})
    assert encode.csv_bytes(table) == by_csv_module(table)


@pytest.mark.parametrize("for_excel", [False, True])
def test_headings_are_quoted_as_cells_are(for_excel):
    line = encode.csv_heading(["a", 'b"c', "d,e"], for_excel=for_excel).decode("utf-8-sig")
    assert line == 'a,"b""c","d,e"' + ("\r\n" if for_excel else "\n")


def test_arrow_streams_stand_one_after_the_other():
    table = pa.table({"a": pa.array(["x", None]).dictionary_encode()})
    reader = pa.BufferReader(encode.arrow_bytes(table) + encode.arrow_bytes(table))
    for _ in range(2):
        assert pa.ipc.open_stream(reader).read_all() == table
    assert reader.tell() == reader.size()
