"""Everything that DuckDB needs, made ahead once: small tables of each lane, and its query."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.duck.plan import Plan, plan_lane
from benchmarks.duck.query import ALIAS, truth

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.duck.span import Span
    from benchmarks.orders import Market
    from xborder_cli.core.book import Book

ORDER = ("weight_mg", "longest", "middle", "shortest", "minor", "quantity")


def source_sql(number: int, plan: Plan) -> str:
    """Return a lane's orders with what the small tables say of each."""
    columns = ["o.no", *(f"o.{name}" for name in ORDER)]
    joins = []
    thing, epoch = "o.thing", "0"
    for at, day in enumerate(plan.epochs[1:], 1):
        epoch = f"CASE WHEN o.day >= {day} THEN {at} ELSE {epoch} END"
    if len(plan.epochs) > 1:
        thing = f"({epoch}) * {plan.things} + o.thing"
    rows = {"fx": "o.fx_row", "goods": thing, "post": "o.post_row"}
    for family, dims in plan.dims.items():
        alias = ALIAS[family]
        columns += [f"{alias}.{alias}{at}" for at in range(len(dims))]
        joins.append(f"JOIN lane{number}_{family} {alias} ON {alias}.no = {rows[family]}")
    return f"SELECT {', '.join(columns)}\nFROM orders o {' '.join(joins)}\nWHERE o.lane = {number}"


def make_tables(
    folder: Path, book: Book, market: Market, span: Span, *, way: str = "shared"
) -> list[Plan]:
    """Write a database of the lanes' tables, and their queries, to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "tables.duckdb"
    path.unlink(missing_ok=True)
    plans, queries, routes = [], {}, []
    kept = "" if way == "shared" else "MATERIALIZED "
    with duckdb.connect(str(path)) as database:
        for number, (origin, destination) in enumerate(market.lanes):
            plan = plan_lane(book, origin, destination, span, way)
            plans.append(plan)
            if not plan.routes:
                continue
            _dimensions(database, number, plan)
            source = source_sql(number, plan)
            queries[number] = f"WITH source AS {kept}({source})\n{plan.sql}"
            routes += [{"lane": number, **route} for route in plan.routes]
        _load(database, "routes", pa.Table.from_pylist(routes))
        _inputs(database, market, span)
    (folder / "queries.json").write_text(json.dumps(queries))
    return plans


def _load(database: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    database.register("rows_of_it", rows)
    database.execute(f"CREATE TABLE {name} AS SELECT * FROM rows_of_it")
    database.unregister("rows_of_it")


def _dimensions(database: duckdb.DuckDBPyConnection, number: int, plan: Plan) -> None:
    for family, dims in plan.dims.items():
        columns = {"no": pa.array(np.arange(len(dims[0].value)), pa.int32())}
        for at, x in enumerate(dims):
            kind = pa.bool_() if truth(x) else pa.int64()
            columns[f"{ALIAS[family]}{at}"] = pa.array(
                [bool(v) for v in x.value] if truth(x) else list(x.value), kind
            )
        _load(database, f"lane{number}_{family}", pa.table(columns))


def _inputs(database: duckdb.DuckDBPyConnection, market: Market, span: Span) -> None:
    """Write what turns the text of an order into numbers: lanes, kinds of goods, currencies."""
    lanes = [{"lane": n, "from": a, "to": b} for n, (a, b) in enumerate(market.lanes)]
    _load(database, "lanes", pa.Table.from_pylist(lanes))
    goods = [
        {"goods": slug, "origin": origin, "thing": at * len(span.goods) + number}
        for at, origin in enumerate(span.origins)
        for number, slug in enumerate(span.goods)
    ]
    _load(database, "things", pa.Table.from_pylist(goods))
    currencies = [
        {"currency": name, "cur": at, "scale": 10 ** market.digits[name]}
        for at, name in enumerate(span.currencies)
    ]
    _load(database, "currencies", pa.Table.from_pylist(currencies))
    posts = [
        {"to": place, "postcode": code, "post_row": at + 1}
        for place, row in span.postcodes.items()
        for at, code in enumerate(row)
    ]
    _load(database, "postcodes", pa.Table.from_pylist(posts))
    facts = {"first": span.first, "currencies": len(span.currencies)}
    _load(database, "facts", pa.Table.from_pylist([facts]))
