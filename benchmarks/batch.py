"""`xb batch` beside DuckDB, one order at a time and the floor: by turns, answers compared."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.duck.span import span_of
from benchmarks.duck.tables import make_tables
from benchmarks.equal import Equal, same_answers, same_quotes
from benchmarks.measure import Cost, by_turns, python, run
from benchmarks.orders import draw, market_of, write_orders
from benchmarks.rows import one_by_one
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables

if TYPE_CHECKING:
    from pathlib import Path

# what DuckDB writes: all of an option but the words about it
FIELDS = (
    "order_id,rank,mode,direction,carrier,carrier_name,service,service_name,transport,channel,"
    "incoterm,scheme,transit_days_min,transit_days_max,chargeable_weight_kg,currency,freight,duty,"
    "tax,fees,total,seller_pays,buyer_pays,recoverable,landed_cost,complete"
)
PARTLY = 1  # some orders have no option: no failure
XB, XB_ALL = "xb batch", "xb batch, all columns"
DUCK, APART, FLOOR = "DuckDB", "DuckDB, one SELECT a route", "pyarrow, reading and writing"


@dataclass
class Result:
    """One run of the bench."""

    orders: int = 0
    costs: dict[str, Cost] = field(default_factory=dict)
    parts: dict[str, dict[str, float]] = field(default_factory=dict)
    singly: float = 0.0  # processor seconds an order
    equal: dict[str, Equal] = field(default_factory=dict)
    routes: int = 0  # in the queries
    left_out: int = 0
    ahead: float = 0.0  # processor seconds for writing the queries and their tables
    growth: list[tuple[int, Cost]] = field(default_factory=list)


def batch_command(orders: Path, priced: Path, fields: str = "") -> list[str]:
    """Return the command that is measured."""
    words = ["-m", "xborder_cli", "batch", str(orders), "-o", str(priced), "--quiet"]
    return python(*words, *(["--fields", fields] if fields else []))


def compare(folder: Path, orders: int, times: int, *, singles: int = 400) -> Result:
    """Measure all ways on one file, and compare their answers."""
    folder.mkdir(parents=True, exist_ok=True)
    book = open_tables([bundled_folder()])
    market = market_of(book)
    file = write_orders(folder / f"orders-{orders}.csv", orders)
    result = Result(orders)
    for way in ("apart", "shared"):
        begin = time.process_time()
        plans = make_tables(folder / way, book, market, span_of(market), way=way)
        result.ahead = time.process_time() - begin
    result.routes = sum(len(plan.routes) for plan in plans)
    result.left_out = sum(len(plan.untranslated) for plan in plans)
    ours, theirs, loose = (folder / f"{name}.csv" for name in ("xb", "duckdb", "apart"))
    whole = folder / "xb-all.csv"
    job = ("-m", "benchmarks.duck.job")
    run(batch_command(file, whole), fine=(0, PARTLY))  # tables compiled, files cached
    result.costs = by_turns(
        {
            XB: lambda: run(batch_command(file, ours, FIELDS), fine=(0, PARTLY)),
            XB_ALL: lambda: run(batch_command(file, whole), fine=(0, PARTLY)),
            DUCK: lambda: run(python(*job, str(folder / "shared"), str(file), str(theirs))),
            APART: lambda: run(python(*job, str(folder / "apart"), str(file), str(loose))),
            FLOOR: lambda: run(
                python("-m", "benchmarks.floor", str(file), str(ours), str(folder / "floor.csv"))
            ),
        },
        times,
        may_fail=(APART,),  # DuckDB has its limits with thousands of SELECTs in one statement
    )
    for name in {DUCK, APART, FLOOR} & result.costs.keys():
        result.parts[name] = json.loads(result.costs[name].said)
    drawn = next(draw(market, min(orders, 100_000)))
    result.singly, quotes = one_by_one(book, market, drawn, singles)
    result.equal = {
        "xb batch and DuckDB": same_answers(ours, theirs),
        "xb batch and one order at a time": same_quotes(whole, quotes),
    }
    if APART in result.costs:
        result.equal["DuckDB, both ways"] = same_answers(theirs, loose)
    return result


def growth(folder: Path, sizes: tuple[int, ...]) -> list[tuple[int, Cost]]:
    """Measure `xb batch` on files of growing size; each is written and removed."""
    out = []
    for size in sizes:
        file = write_orders(folder / f"orders-{size}.csv", size)
        priced = folder / "grown.csv"
        out.append((size, run(batch_command(file, priced), fine=(0, PARTLY))))
        file.unlink()
        priced.unlink()
    return out
