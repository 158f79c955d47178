"""Parquet of any column types is read as the texts that a CSV file would have."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.read_side import told
from xborder_cli.batch.parquet_cells import texts_of
from xborder_cli.errors import OrderError

KNOWN = ("order_id", "value", "weight", "traits", "items", "ordered_on")


DAY = dt.datetime(2026, 1, 2, 3, 4, 5)


@pytest.mark.parametrize(
    ("values", "kind", "texts"),
    [
        ([" a ", "", None], pa.large_string(), ["a", None, None]),
        (["a", "a", None], pa.dictionary(pa.int8(), pa.string()), ["a", "a", None]),
        ([Decimal("12.10")], pa.decimal128(20, 2), ["12.10"]),
        ([Decimal("0.00000001")], pa.decimal128(20, 8), ["0.00000001"]),
        ([1.0, 0.1, 610910.0, -0.5], pa.float64(), ["1", "0.1", "610910", "-0.5"]),
        ([1e-7, 1e22], pa.float64(), ["0.0000001", "1" + "0" * 22]),
        ([0.1, 16777216.0, float("nan")], pa.float32(), ["0.1", "16777216", None]),
        ([1234567890123456.0], pa.float64(), ["1234567890123456"]),
        ([2**63, 1], pa.uint64(), ["9223372036854775808", "1"]),
        ([True, None], pa.bool_(), ["true", None]),
        ([dt.date(2026, 1, 2)], pa.date64(), ["2026-01-02"]),
        ([dt.datetime(2026, 1, 2)], pa.timestamp("s"), ["2026-01-02"]),
        ([DAY, dt.datetime(2026, 1, 2)], pa.timestamp("us"), ["2026-01-02T03:04:05", "2026-01-02"]),
        ([DAY.replace(microsecond=60)], pa.timestamp("us"), ["2026-01-02T03:04:05.000060"]),
        ([dt.datetime(2026, 1, 2)], pa.timestamp("ms", "UTC"), ["2026-01-02T00:00:00Z"]),
        ([b"a", "茶".encode()], pa.binary(), ["a", "茶"]),
        ([b"a\xff"], pa.binary(), ["a\\xff"]),
        ([None], pa.null(), [None]),
    ],
)  # fmt: skip
def test_texts(values, kind, texts):
    assert texts_of(pa.array(values, kind)).to_pylist() == texts


def write(folder, table, **options):
    path = folder / "orders.bin"  # told by its bytes, not by its name
    pq.write_table(table, path, **options)
    return path


def orders(count=10, ids=3):
    return pa.table(
        {
            "order_id": pa.array([f"o{n % ids}" for n in range(count)]),
            "value": pa.array([n + 0.5 for n in range(count)]),
            "items": pa.array(
                [[{"value": Decimal(n)}] if n % 4 == 1 else None for n in range(count)]
            ),
            "traits": pa.array([["a", "b"] if n % 4 == 2 else None for n in range(count)]),
            "weight": pa.array([{"g": n} if n == 7 else None for n in range(count)]),
        }
    )


@pytest.mark.parametrize("block_bytes", [1, 1 << 20])
@pytest.mark.parametrize("pipe", [False, True])
def test_rows_of_one_order_come_together(tmp_path, block_bytes, pipe):
    path = write(tmp_path, orders(5000, 3), row_group_size=1500)
    where = "-" if pipe else path
    stdin = io.BytesIO(path.read_bytes()) if pipe else None
    found, source = told(
        where,
        order_id="order_id",
        known=KNOWN,
        block_bytes=block_bytes,
        items=("items",),
        stdin=stdin,
    )
    assert source.kind == "parquet" and source.position() == source.size
    assert [(one[0], one[1]) for one in found] == [
        (f"o{n}", row + 1) for n in range(3) for row in range(n, 5000, 3)
    ]
    by_line = {one[1]: one for one in found}
    assert by_line[3][2] == {"order_id": "o2", "value": "2.5", "traits": "a;b"}
    assert by_line[8][3] == '"weight" is an object; write one text or number'
    assert [one[1] for one in found if one[3]] == [8]
    assert by_line[2][4] == '{"order_id": "o1", "value": "1.5", "items": [{"value": "1"}]}'


def test_without_ids(tmp_path):
    found, _ = told(write(tmp_path, orders()), known=KNOWN, block_bytes=1)
    assert [one[0] for one in found] == [str(n + 1) for n in range(10)]


def test_a_file_that_is_cut_off(tmp_path):
    path = write(tmp_path, orders())
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(OrderError, match="ends in the middle") as error:
        told(path)
    assert error.value.problems[0].code == "input-cut-off"


def test_a_file_without_rows(tmp_path):
    with pytest.raises(OrderError, match="no rows"):
        told(write(tmp_path, orders(0)), order_id="order_id")
