"""Rows of one order come together, whatever the blocks; a pipe says what it cannot do."""

from __future__ import annotations

import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.read_side import HEAD, told, write
from xborder_cli.batch import id_keys, scatter
from xborder_cli.batch.cells import strings
from xborder_cli.batch.fingerprint import fingerprints
from xborder_cli.batch.source import open_source


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("orders")


ID = st.sampled_from(
    ["1", "2", "3", "", "line-4", "line-2", "line-4-unnamed", " 1", "a long order id, 17"]
)
LINES = st.lists(
    st.tuples(ID, st.sampled_from(["", "9", '"9', "x,y,z", "1\xff", " "])), min_size=1, max_size=14
)


def as_csv(lines):
    body = "".join(
        f'"{name}",CN,US,{n}kg,{rest}\n' if "," in name else f"{name},CN,US,{n}kg,{rest}\n"
        for n, (name, rest) in enumerate(lines, 2)
    )
    return HEAD + body.encode("latin-1")


def grouped(rows):
    """What orders come to by the plain rule: (name, rows) in order of first rows."""
    taken = {cells.get("order_id") for _, cells, _, _ in rows}
    found = {}
    for line, cells, broken, raw in rows:
        name = cells.get("order_id")
        if not name:
            name = f"line-{line}"
            while name in taken:
                name += "-unnamed"
        found.setdefault(name, []).append((name, line, cells, broken, raw))
    return [row for one in found.values() for row in one]


@settings(max_examples=80, deadline=None)
@given(LINES, st.sampled_from([1, 40, 200, 1 << 20]))
@example([("1", ""), ("2", ""), ("1", '"9')], 1)
def test_rows_of_one_order_come_together(folder, lines, block_bytes):
    path = write(folder, as_csv(lines))
    rows = [one[1:] for one in told(path, encoding="utf-8")[0]]
    found, source = told(path, order_id="order_id", block_bytes=block_bytes, encoding="utf-8")
    assert found == grouped(rows)
    unnamed = [one[0] for one in found if "order_id" not in one[2] and not one[3]]
    assert source.unnamed.count == len(unnamed)
    assert source.unnamed.first == (unnamed[0] if unnamed else "")


class Drops(io.BytesIO):
    """A stream that gives so many bytes at a time."""

    def __init__(self, raw, size):
        super().__init__(raw)
        self.size = size

    def fileno(self):
        raise OSError

    def read(self, size=-1):
        return super().read(min(size, self.size))


def in_a_pipe(rows):
    """What orders of a pipe come to by the plain rule."""
    ended, found, last = {}, [], None
    for line, cells, broken, raw in rows:
        name = cells.get("order_id")
        if not name:
            name = f"line-{line}"
            while name in ended:
                name += "-unnamed"
            last = None
        late = ended.get(name) if name != last else late  # noqa: F821
        if late:
            broken = broken or (
                f"order {name} ended at line {late}: rows of one order must stand together in a"
                " pipe; save it to a file"
            )
        else:
            ended[name] = line
        last = cells.get("order_id")
        found.append((name, line, cells, broken, raw))
    return found


@settings(max_examples=60, deadline=None)
@given(LINES, st.sampled_from([1, 17, 200, 1 << 20]), st.sampled_from([1, 30, 1 << 20]))
@example([("", ""), ("2", ""), ("line-2", ""), ("line-2", ""), ("", "")], 1, 30)
def test_rows_of_a_pipe_must_stand_together(folder, lines, drop, block_bytes):
    raw = as_csv(lines)
    rows = [one[1:] for one in told("-", stdin=io.BytesIO(raw))[0]]
    found, _ = told("-", order_id="order_id", block_bytes=block_bytes, stdin=Drops(raw, drop))
    assert found == in_a_pipe(rows)


@settings(max_examples=40, deadline=None)
@given(LINES, st.integers(0, 12), st.sampled_from([1, 100, 1 << 20]))
def test_orders_can_be_skipped(folder, lines, skip, block_bytes):
    path = write(folder, as_csv(lines))
    names = []
    with open_source(str(path), known=("order_id",), encoding="utf-8") as source:
        for block in source.blocks(
            order_id="order_id", wanted=lambda name: True, skip_orders=skip, block_bytes=block_bytes
        ):
            names += block.ids.to_pylist()
            raw = source.raw(block)
            for row in range(block.rows):
                weight = block.cells["weight"][row].as_py()
                assert not weight or weight in raw(row)
    whole = list(
        dict.fromkeys(one[0] for one in told(path, order_id="order_id", encoding="utf-8")[0])
    )
    assert names == whole[skip:]


def test_numbers_name_orders_where_no_column_does(tmp_path):
    path = write(tmp_path, HEAD + b"1,CN\n2,CN\n3,CN\n4,CN\n")
    names = []
    with open_source(str(path)) as source:
        for block in source.blocks(
            order_id=None, wanted=lambda name: True, skip_orders=2, first_number=13, block_bytes=8
        ):
            names += block.ids.to_pylist()
    assert names == ["13", "14"]


def test_a_long_order_that_comes_in_drops():
    raw = HEAD + b"1,CN,US,1kg,9\n" * 200_000 + b"2,CN,US,1kg,9\n"
    with open_source("-", stdin=Drops(raw, 65_536)) as source:
        blocks = list(source.blocks(order_id="order_id", wanted=bool, block_bytes=65_536))
    assert sum(block.rows for block in blocks) == 200_001
    assert sum(block.orders for block in blocks) == 2


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.lists(st.text(st.sampled_from("ab1- ."), max_size=20), min_size=1, max_size=6).map(
            ",".join
        ),
        min_size=1,
        max_size=8,
    ),
    st.integers(0, 4),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_ids_alone_are_those_of_whole_rows(lines, column, end):
    text = (end.join(lines) + end).encode()
    found = id_keys.plain_keys(text, b",", column, final=True)
    if found is None:
        return
    (keys, named), stop = found
    assert stop == len(text)
    ids = [line.split(",")[column] for line in lines if line.strip()]
    assert named.tolist() == [bool(one) for one in ids]
    assert keys[named].tolist() == fingerprints(strings([one for one in ids if one])).tolist()


def test_fingerprints_differ():
    texts = [f"{stem}{n}" for n in range(3000) for stem in ("", "a", "order-number-", "x" * 70)]
    assert len(set(fingerprints(strings(texts)).tolist())) == len(texts)
    assert fingerprints(strings(["a", None])).tolist() == fingerprints(strings(["a", ""])).tolist()


def test_fingerprints_that_clash_lose_no_row(tmp_path, monkeypatch):
    def same(texts):
        return fingerprints(strings([text and text[:1] for text in texts.to_pylist()]))

    monkeypatch.setattr(scatter, "fingerprints", same)
    monkeypatch.setattr(id_keys, "fingerprints", same)
    path = write(tmp_path, HEAD + b'"1","CN"\n12,CN\n2,CN\n1,CN\n')
    found, _ = told(path, order_id="order_id")
    assert sorted((one[0], one[1]) for one in found) == [("1", 2), ("1", 5), ("12", 3), ("2", 4)]
