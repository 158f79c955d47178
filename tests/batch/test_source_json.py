"""JSON lines read in columns give what `json` gives, numbers as they are written."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.read_side import told, write
from xborder_cli.adapters.order_rows import read_rows
from xborder_cli.batch.json_columns import numbers_quoted
from xborder_cli.batch.json_rows import JsonRows
from xborder_cli.errors import OrderError

KNOWN = ("order_id", "from", "weight", "value", "traits", "items")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("json")


def oracle(raw):
    found = read_rows(raw, "o.csv", known=KNOWN, mapped={})
    return [
        (one.line, {k: v for k, v in one.cells.items() if v}, one.broken, one.raw)
        for one in found.rows
    ]


NUMBER = st.sampled_from(
    ["0", "1", "-1", "12.10", "0.5", "1e3", "1E-2", "-0", "-0.0", "NaN", "01", "1.", ".5", "-"]
) | (st.sampled_from(["12345678901234567890", "0.1234567890123456789"]))
TEXT = st.text(st.sampled_from('ab1:, "\\{}[]\n茶\x01\u2028'), max_size=6).map(
    lambda text: json.dumps(text, ensure_ascii=False)
)
DAY = st.sampled_from(['"2026-01-02"', '"2026-01-02T10:20:30Z"', '"10:20"', '"a\\":12"', '" x "'])
SCALAR = st.one_of(NUMBER, TEXT, DAY, st.sampled_from(["true", "false", "null", '""']))
LIST = st.lists(st.one_of(TEXT, DAY), max_size=3).map(lambda parts: f"[{', '.join(parts)}]")
VALUE = st.one_of(
    SCALAR, SCALAR, LIST, st.sampled_from(['{"a":1}', '[{"value":9.50}]', "[1,null]"])
)
PAIRS = st.lists(st.tuples(st.sampled_from([*KNOWN, "other"]), VALUE), max_size=5)
LINE = st.builds(
    lambda pairs, gap, ends: "{" + ",".join(f'"{k}":{gap}{v}' for k, v in pairs) + "}" + ends,
    PAIRS,
    st.sampled_from(["", " ", "  "]),
    st.sampled_from(["", "", "", " ", "\r", "}", "{}", ","]),
)
JUNK = st.sampled_from(["", "  ", "x", "[1]", '{"a":', '{"from":"a"', ',"to":"b"}', "{", "}"])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(LINE, LINE, JUNK), max_size=8), st.sampled_from([1, 50, 1 << 20]))
@example(['{"value":12.10}', '{"value":"x"}'], 1 << 20)
@example(['{"value":12', ',"from":"b"}{"a":1}'], 1 << 20)
def test_as_json_reads_it(folder, lines, block_bytes):
    raw = ('{"from":"CN"}\n' + "\n".join(lines)).encode()
    path = write(folder, raw)
    found, source = told(path, block_bytes=block_bytes, known=KNOWN, items=("items",))
    assert source.kind == "jsonl"
    assert [one[1:] for one in found] == oracle(raw)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(KNOWN), SCALAR), min_size=1, max_size=6))
def test_both_ways_agree(rows):
    text = "\n".join("{" + ",".join(f'"{k}": {v}' for k, v in row.items()) + "}" for row in rows)
    form = JsonRows("o", by_line=False)
    at_once = form._at_once(text.encode(), 0, len(text.encode()), 1)
    if at_once is None:
        return
    slow = form._one_by_one(text.encode(), 0, len(text.encode()), 1)
    assert not slow.broken and at_once.line.tolist() == slow.line.tolist()
    for name in {*slow.cells, *at_once.cells}:
        blank = [None] * len(rows)
        fast = at_once.cells[name].to_pylist() if name in at_once.cells else blank
        assert fast == (slow.cells[name].to_pylist() if name in slow.cells else blank)


def test_the_fast_way_is_taken():
    form = JsonRows("o", by_line=False)
    text = b'{"a":12.10,"b": -3,"c":"10:20","d":"2026-01-02","e":true,"f":["x","y"],"g":null}\n'
    rows = form._at_once(text, 0, len(text), 1)
    assert rows is not None
    assert {name: column[0].as_py() for name, column in rows.cells.items()} == {
        "a": "12.10", "b": "-3", "c": "10:20", "d": "2026-01-02", "e": "true", "f": "x;y", "g": None
    }  # fmt: skip


@pytest.mark.parametrize("text", ["01", "1.2.3", "1.", "-", "1-2", "1e3", "-.5", "0.5.", "9" * 40])
def test_numbers_that_are_none_are_not_quoted(text):
    import numpy as np

    assert numbers_quoted(np.frombuffer(f'{{"a":{text}}}'.encode(), np.uint8)) is None


@pytest.mark.parametrize("block_bytes", [1, 1 << 20])
def test_items_inside_a_row(tmp_path, block_bytes):
    lines = ['{"order_id":1,"items":[{"value":9.50,"traits":["a"]},"value=3"]}', '{"order_id":2}']
    from xborder_cli.batch.source import open_source

    path = write(tmp_path, "\n".join(lines).encode())
    found = {}
    with open_source(str(path)) as source:
        for block in source.blocks(
            order_id="order_id", wanted=bool, items=("items",), block_bytes=block_bytes
        ):
            for row, items in block.items.items():
                found[int(block.line[row])] = items
    assert found == {1: ({"value": "9.50", "traits": ["a"]}, "value=3")}


def test_rows_of_one_order_come_together_from_json(tmp_path):
    lines = [{"order_id": n % 3, "value": n, "items": [{"value": n}]} for n in range(9)]
    path = write(tmp_path, "\n".join(map(json.dumps, lines)).encode())
    found, _ = told(path, order_id="order_id", known=KNOWN, block_bytes=1, items=("items",))
    assert [(one[0], one[1]) for one in found] == [
        (str(n), line) for n in range(3) for line in range(n + 1, 10, 3)
    ]


@pytest.mark.parametrize("raw", [b'[{"a":1}]', b'[\n  {"a":1}\n]', b'{\n  "orders": []\n}'])
def test_one_document_is_refused(tmp_path, raw):
    with pytest.raises(OrderError, match="one JSON document") as error:
        told(write(tmp_path, raw))
    assert "jq -c" in error.value.problems[0].fix


def test_bytes_that_are_not_text(tmp_path):
    raw = b'{"from":"a"}\n{"from":"\xff"}\n{"from":"\\ud800"}\n'
    found, _ = told(write(tmp_path, raw), known=KNOWN)
    assert [one[3] for one in found] == [
        "",
        "byte 0xff at column 10 is not UTF-8; save the file as UTF-8",
        '"from" holds half a character',
    ]
