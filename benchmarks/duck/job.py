"""A whole file of orders priced by DuckDB: read CSV, price every lane, write CSV."""

from __future__ import annotations

import json
import queue
import sys
import threading
import time
from pathlib import Path

import duckdb

WORKERS = 2
# days since 1970, milligrams, tenths of millimetres, minor units: all from text, exactly
PREPARE = """
CREATE TEMP TABLE orders AS
WITH sized AS (
  SELECT *, split_part(rtrim(size, 'cm'), 'x', 1)::INTEGER * 100 AS s1,
    split_part(rtrim(size, 'cm'), 'x', 2)::INTEGER * 100 AS s2,
    split_part(rtrim(size, 'cm'), 'x', 3)::INTEGER * 100 AS s3
  FROM {raw}
)
SELECT no, order_id, l.lane::SMALLINT AS lane, (ordered_on - DATE '1970-01-01')::INTEGER AS day,
  t.thing, quantity::BIGINT AS quantity,
  (rtrim(weight, 'kg')::DECIMAL(18,6) * 1000000)::BIGINT AS weight_mg,
  greatest(s1, s2, s3)::BIGINT AS longest,
  (s1 + s2 + s3 - greatest(s1, s2, s3) - least(s1, s2, s3))::BIGINT AS middle,
  least(s1, s2, s3)::BIGINT AS shortest,
  (value::DECIMAL(18,2) * c.scale)::BIGINT AS minor, s.currency,
  ((ordered_on - DATE '1970-01-01' - f.first) * f.currencies + c.cur)::INTEGER AS fx_row,
  coalesce(p.post_row, 0)::INTEGER AS post_row
FROM sized s
JOIN lanes l ON l."from" = s."from" AND l."to" = s."to"
JOIN things t ON t.goods = s.goods AND t.origin = coalesce(s.origin, '')
JOIN currencies c ON c.currency = s.currency
LEFT JOIN postcodes p ON p."to" = s."to" AND p.postcode = s.postcode
CROSS JOIN facts f
ORDER BY l.lane
"""
READ = """
(SELECT (row_number() OVER ()) - 1 AS no, * FROM read_csv({file}, header = true, columns = {{
  'order_id': 'VARCHAR', 'ordered_on': 'DATE', 'from': 'VARCHAR', 'to': 'VARCHAR',
  'postcode': 'VARCHAR', 'goods': 'VARCHAR', 'quantity': 'INTEGER', 'weight': 'VARCHAR',
  'size': 'VARCHAR', 'value': 'VARCHAR', 'currency': 'VARCHAR', 'origin': 'VARCHAR',
  'buyer': 'VARCHAR', 'incoterm': 'VARCHAR'}}))
"""
MONEY = (
    "freight",
    "duty",
    "tax",
    "fees",
    "total",
    "seller_pays",
    "buyer_pays",
    "recoverable",
    "landed_cost",
)


def money(name: str) -> str:
    """Return an amount of minor units as text with the digits of its currency."""
    return (
        f"CASE WHEN c.scale = 100 THEN ({name}::DECIMAL(18,0) / 100)::DECIMAL(18,2)::VARCHAR"
        f" WHEN c.scale = 1 THEN {name}::VARCHAR END"
    )


class Job:
    """A database with the lanes' tables, and orders in it."""

    def __init__(self, folder: Path, workers: int = WORKERS) -> None:
        self.queries = json.loads((folder / "queries.json").read_text())
        self.workers = workers
        self.database = duckdb.connect(
            config={"threads": workers, "preserve_insertion_order": "true"}
        )
        self.database.execute(f"ATTACH '{folder / 'tables.duckdb'}' AS made (READ_ONLY)")
        for (name,) in self.database.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'made'"
        ).fetchall():
            self.database.execute(f'CREATE TABLE "{name}" AS SELECT * FROM made."{name}"')
        self.times: dict[str, float] = {}

    def _timed(self, name: str, begin: float) -> None:
        self.times[name] = self.times.get(name, 0.0) + time.perf_counter() - begin

    def read(self, file: Path) -> None:
        """Read a CSV file of orders, as text where it is text."""
        begin = time.perf_counter()
        self.database.execute("CREATE TABLE raw AS SELECT * FROM " + READ.format(file=f"'{file}'"))
        self._timed("read", begin)

    def prepare(self) -> None:
        """Turn the text into numbers, and put the orders of a lane together."""
        begin = time.perf_counter()
        sql = PREPARE.format(raw="raw").replace("CREATE TEMP TABLE", "CREATE TABLE")
        self.database.execute(sql)
        self._timed("prepare", begin)

    def price(self, name: str = "best") -> None:
        """Price every lane that has orders; two at a time, each query on one thread."""
        begin = time.perf_counter()
        counts = dict(
            self.database.execute("SELECT lane, count(*) FROM orders GROUP BY lane").fetchall()
        )
        lanes = sorted(
            (lane for lane in counts if str(lane) in self.queries),
            key=lambda lane: -counts[lane] * len(self.queries[str(lane)]),
        )
        self.database.execute("SET threads = 1")
        waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        for lane in lanes:
            waiting.put(lane)
        failed: list[BaseException] = []

        def work(number: int) -> None:
            own = self.database.cursor()
            first = True
            while not failed:
                try:
                    lane = waiting.get_nowait()
                except queue.Empty:
                    return
                try:
                    sql = f"SELECT {lane}::SMALLINT AS lane, * FROM ({self.queries[str(lane)]})"
                    head = f"CREATE TABLE {name}{number} AS " if first else ""
                    own.execute(f"{head or f'INSERT INTO {name}{number} '}{sql}")
                    first = False
                except BaseException as error:
                    failed.append(error)

        threads = [threading.Thread(target=work, args=(n,)) for n in range(self.workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failed:
            raise failed[0]
        self.database.execute(f"SET threads = {self.workers}")
        made = [
            f"SELECT * FROM {one}"
            for (one,) in self.database.execute(
                f"SELECT table_name FROM duckdb_tables() WHERE table_name SIMILAR TO '{name}[0-9]'"
            ).fetchall()
        ]
        self.database.execute(f"CREATE VIEW {name} AS {' UNION ALL '.join(made)}")
        self._timed("price", begin)

    def answer(self) -> str:
        """Return the query of the answers, in the order of the file."""
        return f"""
SELECT o.order_id, CASE WHEN b.route IS NULL THEN '' ELSE '1' END AS rank,
  r.mode, r.direction, r.carrier, r.carrier_name, r.service, r.service_name, r.transport,
  r.channel, r.incoterm, r.scheme, r.days_min AS transit_days_min, r.days_max AS transit_days_max,
  CASE WHEN weight % 1000 = 0 THEN (weight / 1000000)::DECIMAL(18,3)::VARCHAR
    ELSE (weight / 1000000)::DECIMAL(18,6)::VARCHAR END AS chargeable_weight_kg,
  CASE WHEN b.route IS NULL THEN '' ELSE o.currency END AS currency,
  {money("b.freight")} AS freight, {money("b.duty")} AS duty,
  {money("b.tax")} AS tax, {money("b.fee")} AS fees, {money("b.total")} AS total,
  {money("b.seller")} AS seller_pays, {money("b.buyer")} AS buyer_pays,
  {money("b.recoverable")} AS recoverable,
  {money("(b.total - b.recoverable)")} AS landed_cost,
  NOT b.incomplete AS complete
FROM orders o JOIN currencies c ON c.currency = o.currency
LEFT JOIN best b ON b.no = o.no AND b.route IS NOT NULL
LEFT JOIN routes r ON r.lane = b.lane AND r.route = b.route
ORDER BY o.no
"""

    def write(self, file: Path) -> None:
        """Write the answers as CSV, in the order of the file."""
        begin = time.perf_counter()
        self.database.execute(f"COPY ({self.answer()}) TO '{file}' (HEADER)")
        self._timed("write", begin)


def main() -> int:
    """python -m benchmarks.duck.job FOLDER ORDERS.csv PRICED.csv."""
    folder, orders, priced = map(Path, sys.argv[1:4])
    begin = time.perf_counter()
    job = Job(folder)
    job._timed("open", begin)
    job.read(orders)
    job.prepare()
    job.price()
    job.write(priced)
    job.times["all"] = time.perf_counter() - begin
    print(json.dumps(job.times))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
