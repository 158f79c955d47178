"""Packed inputs, encodings, pipes: what is read does not hang on how it comes."""

from __future__ import annotations

import gzip
import os
import threading
import time

import pyarrow as pa
import pytest

from tests.read_side import HEAD, told, write
from xborder_cli.batch.encoding import NoEncodingError, decided
from xborder_cli.batch.source import expand, open_source
from xborder_cli.errors import OrderError, UsageError

LINES = [f"{n},CN,US,{n}kg,{n % 97}.50\n" for n in range(2, 40_000)]
PLAIN = HEAD + "".join(LINES).encode()
FRAME = PLAIN[: len(PLAIN) // 2 + 7]


def packed(kind):
    if kind == "gzip":
        return gzip.compress(PLAIN)
    if kind == "gzip, two members and zeros":
        return gzip.compress(FRAME) + gzip.compress(PLAIN[len(FRAME) :]) + b"\0" * 700
    frames = (FRAME, PLAIN[len(FRAME) :]) if "two" in kind else (PLAIN,)
    return b"".join(pa.compress(one, codec="zstd", asbytes=True) for one in frames)


@pytest.mark.parametrize(
    "kind", ["gzip", "gzip, two members and zeros", "zstd", "zstd, two frames"]
)
@pytest.mark.parametrize("order_id", [None, "order_id"])
def test_packed(tmp_path, kind, order_id):
    found, source = told(write(tmp_path, packed(kind)), order_id=order_id)
    assert [one[1] for one in found] == list(range(2, 40_000))
    assert source.position() == source.size


@pytest.mark.parametrize("kind", ["gzip", "zstd"])
@pytest.mark.parametrize("order_id", [None, "order_id"])
@pytest.mark.parametrize("harm", ["cut", "changed"])
def test_what_stands_before_a_fault_is_read(tmp_path, kind, order_id, harm):
    raw = bytearray(packed(kind))
    middle = len(raw) // 2
    if harm == "cut":
        del raw[middle:]
    else:
        raw[middle : middle + 200] = b"\x55" * 200
    path = write(tmp_path, bytes(raw))
    seen = []
    for block_bytes in (5000, 1 << 24):
        lines = []
        with open_source(str(path)) as source, pytest.raises(OrderError) as error:
            for block in source.blocks(order_id=order_id, wanted=bool, block_bytes=block_bytes):
                lines += block.line.tolist()
        problem = error.value.problems[0]
        assert problem.code == "input-cut-off" and "--resume" in problem.fix
        assert lines == list(range(2, len(lines) + 2)) and len(lines) > 5000
        assert problem.where.line >= lines[-1] + 1
        seen.append((len(lines), str(problem)))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("pipe", [False, True])
def test_encodings(tmp_path, encoding, pipe):
    text = HEAD.decode() + "1,CN,US,1kg,9\n" * 3 + "甲一号,中国,US,1kg,9\n"
    raw = ("\ufeff" * (encoding == "utf-16-be") + text).encode(encoding)
    path = write(tmp_path, raw)
    with path.open("rb") as file:
        found, source = told("-" if pipe else path, stdin=file)
    assert found[3][2] == {
        "order_id": "甲一号",
        "from": "中国",
        "to": "US",
        "weight": "1kg",
        "value": "9",
    }
    name = "stdin" if pipe else str(path)
    assert source.remarks == {
        "gb18030": [f"{name} is not UTF-8; it is read as GB18030"],
        "utf-16": [f"{name} is read as UTF-16"],
        "utf-16-be": [f"{name} is read as UTF-16"],
    }.get(encoding, [])


def test_an_encoding_that_is_given(tmp_path):
    path = write(tmp_path, HEAD + "1,CN,Zürich,1kg,9\n".encode("latin-1"))
    found, _ = told(path, encoding="latin-1")
    assert found[0][2]["to"] == "Zürich"
    path = write(tmp_path, HEAD + "1,CN,茶,1kg,9\n".encode("gb18030") + b"2,CN,\xff,1kg,9\n")
    found, source = told(path, encoding="gb18030")
    assert [one[3] for one in found] == [
        "",
        "byte 0xff at column 6 is not GB18030; save the file as UTF-8",
    ]
    assert source.remarks == []


def test_an_encoding_that_shows_late(tmp_path):
    text = HEAD.decode() + "1,CN,US,1kg,9\n" * 200_000 + "2,CN,茶茶,1kg,9\n"
    found, source = told(write(tmp_path, text.encode("gb18030")), block_bytes=1 << 19)
    assert found[-1][2]["to"] == "茶茶"
    assert source.remarks


def test_what_decides():
    assert decided("é,café\n".encode() * 3 + b"\xe9,\n") == "utf-8"
    assert decided(b"a,b\na,c\n\xff\n") == "utf-8"
    assert decided("茶".encode()[:2]) == "utf-8"  # the page ends inside a sign
    with pytest.raises(NoEncodingError):
        decided(b"\xff\xff\na\xff\n")


def test_neither_encoding(tmp_path):
    path = write(tmp_path, b"order_id,\xff\n" + b"1,\xff\n" * 5)
    with pytest.raises(OrderError, match=r"o.csv:1: byte 0xff is neither") as error:
        told(path)
    assert error.value.problems[0].code == "bad-encoding"


@pytest.mark.parametrize("order_id", [None, "order_id"])
def test_a_pipe_gives_what_has_come(order_id):
    out, into = os.pipe()
    came = []

    def write_slowly():
        os.write(into, HEAD + b"1,CN,US,1kg,9\n2,CN,US,1kg,9\n3,CN")
        time.sleep(0.6)
        came.append(time.monotonic())
        os.write(into, b",US,1kg,9\n")
        os.close(into)

    writer = threading.Thread(target=write_slowly)
    writer.start()
    with os.fdopen(out, "rb", buffering=0) as stdin, open_source("-", stdin=stdin) as source:
        assert source.size is None
        blocks = source.blocks(order_id=order_id, wanted=bool)
        first = next(blocks)
        assert not came, "the first orders are there before the rest has come"
        lines = first.line.tolist()
        assert lines == ([2, 3] if order_id is None else [2])
        lines += [line for block in blocks for line in block.line.tolist()]
    writer.join()
    assert lines == [2, 3, 4]


def test_a_pipe_under_a_name(tmp_path):
    path = tmp_path / "fifo"
    os.mkfifo(path)
    writer = threading.Thread(target=lambda: path.write_bytes(HEAD + b"1,CN\n2,CN\n1,CN\n"))
    writer.start()
    found, _ = told(path, order_id="order_id")
    writer.join()
    assert [bool(one[3]) for one in found] == [False, False, True]
    assert found[2][3].startswith("order 1 ended at line 2: rows of one order")


def test_expand(tmp_path):
    for name in ("b.csv", "a.csv", "c[1].csv"):
        (tmp_path / name).touch()
    assert expand([f"{tmp_path}/*.csv", "-"]) == [
        *(f"{tmp_path}/{name}" for name in ("a.csv", "b.csv", "c[1].csv")),
        "-",
    ]
    assert expand([f"{tmp_path}/c[1].csv"]) == [f"{tmp_path}/c[1].csv"]
    with pytest.raises(OrderError) as error:
        expand([f"{tmp_path}/*.tsv", f"{tmp_path}/none.csv"])
    assert [one.code for one in error.value.problems] == ["no-file", "no-file"]


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(OrderError, match="cannot be read: No such file"):
        open_source(str(tmp_path / "none.csv"))
    with pytest.raises(OrderError, match="cannot be read: Is a directory"):
        open_source(str(tmp_path))


def test_what_cannot_be_asked(tmp_path):
    path = str(write(tmp_path, PLAIN))
    with pytest.raises(UsageError) as error:
        open_source(path, format="xls", encoding="klingon", delimiter=";;")
    assert [one.code for one in error.value.problems] == [
        "bad-format",
        "bad-delimiter",
        "bad-encoding",
    ]
