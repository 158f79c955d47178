"""The bench runs and its sides agree on a few orders; nothing here looks at a clock."""

from __future__ import annotations

import csv

import pyarrow.csv
import pytest

from benchmarks.duck.check import compare, core_totals, duck_totals
from benchmarks.duck.plan import plan_lane
from benchmarks.duck.span import span_of
from benchmarks.floor import floor
from benchmarks.orders import COLUMNS, Market, draw, market_of, text_of, write_orders
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables

ORDERS = 600
LANES = (  # a few: queries take time
    ("CN", "AU"),
    ("JP", "CN"),
    ("US", "DE"),
    ("IN", "US"),  # goods at codes of the market's own
    ("IN", "NG"),  # imports of a year are counted
    ("GB", "CZ"),  # a fee by bands of value
    ("HK", "JP"),  # shoes pay by the pair
)


@pytest.fixture(scope="module")
def book():
    return open_tables([bundled_folder()])


@pytest.fixture(scope="module")
def market(book):
    whole = market_of(book)
    return Market(LANES, whole.shares[: len(LANES)] * 0 + 1 / len(LANES), whole.goods, whole.digits)


@pytest.fixture(scope="module")
def orders(tmp_path_factory, market):
    path = tmp_path_factory.mktemp("bench") / "orders.csv"
    drawn = next(draw(market, ORDERS))
    pyarrow.csv.write_csv(text_of(market, drawn), path)
    return path, drawn


@pytest.fixture(scope="module")
def duck(book, market, orders):
    """Return what writes queries, and prices the orders with them: where there is DuckDB."""
    pytest.importorskip("duckdb")
    from benchmarks.duck.job import Job
    from benchmarks.duck.tables import make_tables

    def asked(folder, way):
        plans = make_tables(folder, book, market, span_of(market), way=way)
        job = Job(folder)
        job.read(orders[0])
        job.prepare()
        return plans, job

    return asked


@pytest.mark.parametrize("lane", LANES, ids="-".join)
def test_every_route_of_a_lane_is_written_in_sql(book, market, lane):
    plan = plan_lane(book, *lane, span_of(market))
    assert plan.untranslated == []
    assert plan.routes
    assert plan.sql.startswith("SELECT no, route, ")


def test_every_route_costs_the_same_in_sql_and_in_the_core(duck, book, market, orders, tmp_path):
    plans, job = duck(tmp_path, "every")
    assert not [left for plan in plans for left in plan.untranslated]
    found = compare(core_totals(book, market, orders[1]), duck_totals(job))
    assert found.routes > ORDERS
    assert found.different == []
    assert found.unsure == 0


def test_both_ways_of_asking_pick_the_same_best_option(duck, tmp_path):
    priced = {}
    for way in ("shared", "apart"):
        _, job = duck(tmp_path / way, way)
        job.price()
        job.write(tmp_path / f"{way}.csv")
        priced[way] = (tmp_path / f"{way}.csv").read_text("utf-8")
    assert priced["shared"] == priced["apart"]
    assert len(priced["shared"].splitlines()) == ORDERS + 1


def test_orders_are_the_same_in_every_run_and_a_small_file_begins_a_large_one(tmp_path):
    small = write_orders(tmp_path / "a.csv", 50).read_text("utf-8")
    large = write_orders(tmp_path / "b.csv", 80).read_text("utf-8")
    assert large.startswith(small)
    assert small.splitlines()[0] == ",".join(COLUMNS)


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_mixed_orders_have_several_lines_and_faults(tmp_path, ending):
    path = write_orders(tmp_path / f"mixed.{ending}", 400, mixed=True)
    assert path.stat().st_size > 10_000
    if ending == "csv":
        rows = list(csv.DictReader(path.open(encoding="utf-8")))
        assert len(rows) > len({row["order_id"] for row in rows}) == 400
        assert {row["buyer"] for row in rows} >= {"", "business"}


def test_the_floor_reads_and_writes_as_many_rows(tmp_path):
    orders = write_orders(tmp_path / "orders.csv", 3000)
    found = floor(orders, orders, tmp_path / "out.csv")
    assert found["rows"] == 3000
    assert len((tmp_path / "out.csv").read_text("utf-8").splitlines()) == 3001
