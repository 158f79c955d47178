"""CSV read in columns gives what the csv module gives, whatever the blocks."""

from __future__ import annotations

import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.read_side import HEAD, KNOWN, told, write
from xborder_cli.adapters.order_rows import read_rows
from xborder_cli.batch.csv_rows import CsvRows
from xborder_cli.batch.records import no_controls
from xborder_cli.errors import OrderError


def rows_of(path, **options):
    return [one[1:] for one in told(path, **options)[0]]


def oracle(raw):
    found = read_rows(raw, "o.csv", known=KNOWN, mapped={})
    return [(one.line, one.cells, one.broken, one.raw) for one in found.rows]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("csv")


CELL = st.text(st.sampled_from('ab1 "\t,;\n\r\x0b\x1c\x00\x85\u2028\u3000é茶'), max_size=5)
QUOTED = CELL.map(lambda text: '"' + text.replace('"', '""') + '"')
PLAIN = st.text(st.sampled_from("ab12. -x茶"), max_size=6)
NASTY = st.lists(st.one_of(PLAIN, PLAIN, QUOTED, CELL), max_size=7).map(",".join)
NICE = st.lists(st.one_of(PLAIN, QUOTED), min_size=5, max_size=5).map(",".join)
END = st.sampled_from(["\n", "\n", "\r\n", "\r", "\n\n"])


def closed(text):
    """A text whose last quote may be open is another matter."""
    return text.count('"') % 2 == 0


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.tuples(st.one_of(NASTY, NICE, NICE), END), min_size=1, max_size=12),
    st.sampled_from([1, 7, 64, 1 << 20]),
)
@example([('5,"a" b,c', "\n"), ("6,x", "")], 1)
@example([("\ufeffa,b", "\n"), ("6,x", "")], 1 << 20)
@example([('"a","b","c","d","e"', "\r"), ("6,x", "\r")], 7)
def test_as_the_csv_module_reads_it(folder, lines, block_bytes):
    raw = HEAD + "".join(text + end for text, end in lines).encode()
    try:
        expected = oracle(raw)
    except OrderError:
        expected = []
    path = write(folder, raw)
    try:
        found = rows_of(path, block_bytes=block_bytes)
    except OrderError as error:
        assert error.problems[0].code == "no-orders"
        found = []
    if any("does not close" in one[2] for one in found):
        return  # the csv module takes all that follows
    assert found == expected


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.one_of(NASTY, NICE), END), min_size=1, max_size=12))
def test_both_ways_agree(lines):
    text = no_controls("".join(text + end for text, end in lines).encode())
    fast, slow = CsvRows(KNOWN), CsvRows(KNOWN)
    for one in (fast, slow):
        one.head(HEAD, final=False)
        one.choose(lambda name: True)
    a = fast._at_once(text, 2, final=True)
    if a is None:
        return
    b = slow._one_by_one(text, 2, final=True)
    assert not b.broken
    for one, other in ((a, b),):
        assert {n: c.to_pylist() for n, c in one.cells.items()} == {
            n: c.to_pylist() for n, c in other.cells.items()
        }
        assert one.line.tolist() == other.line.tolist()
        assert [one.raw(r) for r in range(len(one))] == [other.raw(r) for r in range(len(other))]


def test_the_fast_way_is_taken():
    form = CsvRows(KNOWN)
    form.head(HEAD, final=False)
    form.choose(lambda name: True)
    text = b'1,CN,US,"0.5 kg",9\r\n\r\n2,"C""N","U\nS", 3 ,\r\n'
    rows = form._at_once(text, 2, final=True)
    assert rows is not None
    assert rows.line.tolist() == [2, 4]
    assert rows.cells["from"].to_pylist() == ["CN", 'C"N']
    assert rows.cells["weight"].to_pylist() == ["0.5 kg", "3"]
    assert rows.cells["value"].to_pylist() == ["9", None]


@pytest.mark.parametrize("block_bytes", [1, 50_000, 1 << 24])
def test_a_quote_that_never_closes_takes_one_line(tmp_path, block_bytes):
    lines = [f"{n},CN,US,1kg,9" for n in range(2, 3000)]
    lines[10] = '12,CN,"US,1kg,9'
    path = write(tmp_path, HEAD + "\n".join(lines).encode())
    found = rows_of(path, block_bytes=block_bytes)
    assert [one[0] for one in found] == list(range(2, 3000))
    assert [one for one in found if one[2]] == [
        (
            12,
            {"order_id": "12", "from": "CN"},
            "a quote opens here and does not close; close it, or take it out",
            lines[10],
        )
    ]


@pytest.mark.parametrize("block_bytes", [50_000, 1 << 24])
def test_a_quote_that_closes_too_late(tmp_path, block_bytes):
    lines = [f"{n},CN,US,1kg,9" for n in range(2, 80_000)]
    lines[10], lines[-1] = '12,CN,"US,1kg,9', '79999,CN,US",1kg,9'
    path = write(tmp_path, HEAD + "\n".join(lines).encode())
    found = rows_of(path, block_bytes=block_bytes)
    assert len(found) == len(lines)
    assert [one[0] for one in found if one[2]] == [12]


@pytest.mark.parametrize("size", [131_072, 131_073, 900_000])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_cell_that_the_csv_module_refuses(tmp_path, size, quote):
    inner = "x" * (size // 2) + ("\n" if quote else "x") + "x" * (size - size // 2 - 1)
    path = write(tmp_path, HEAD + f"1,CN,{quote}{inner}{quote},1kg,9\n2,CN,US,1kg,9\n".encode())
    found = rows_of(path, block_bytes=100_000)
    words = "not CSV: field larger than field limit (131072)" if size > 131_072 else ""
    assert [(one[0], one[1]["order_id"], one[2]) for one in found] == [
        (2, "1", words),
        (4 if quote else 3, "2", ""),
    ]


@pytest.mark.parametrize("block_bytes", [1, 1 << 20])
def test_a_byte_that_is_not_text_breaks_its_row_alone(tmp_path, block_bytes):
    raw = (
        HEAD
        + "1,CN,茶,1kg,9\n".encode()
        + b'2,CN,U\xffS,1kg,9\n3,CN,"a\nb\xfe",1kg,\n4,CN,US,1kg,9\n'
    )
    found = rows_of(write(tmp_path, raw), block_bytes=block_bytes)
    assert [(one[0], one[2]) for one in found] == [
        (2, ""),
        (3, "byte 0xff at column 7 is not UTF-8; save the file as UTF-8"),
        (4, "byte 0xfe at column 2, 1 line further, is not UTF-8; save the file as UTF-8"),
        (6, ""),
    ]
    assert found[1][1] == {"order_id": "2", "from": "CN", "weight": "1kg", "value": "9"}
    assert found[1][3] == "2,CN,U\\xffS,1kg,9"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(tmp_path, delimiter):
    raw = (HEAD + b"1,CN,US,0.5kg,9\n").replace(b",", delimiter.encode())
    (row,) = rows_of(write(tmp_path, raw))
    assert row[1]["weight"] == "0.5kg"


def test_an_input_without_rows(tmp_path):
    for raw, words in ((b"", "empty"), (b"\n \n", "empty"), (HEAD, "a heading and no rows")):
        with pytest.raises(OrderError, match=words):
            rows_of(write(tmp_path, raw))


def test_a_file_without_lines_is_refused(tmp_path):
    path = write(tmp_path, HEAD + b"x" * (18 << 20))
    with pytest.raises(OrderError, match="longer than 16 MiB"):
        rows_of(path)


def test_a_stream_that_no_system_knows():
    (row,) = rows_of("-", stdin=io.BytesIO(HEAD + b"1,CN,US,0.5kg,9"))
    assert row[:2] == (
        2,
        {"order_id": "1", "from": "CN", "to": "US", "weight": "0.5kg", "value": "9"},
    )
