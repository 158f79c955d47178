"""The floor: merely reading a file of orders and writing one of the shape of its answers.

    python -m benchmarks.floor ORDERS.csv PRICED.csv OUT.csv

PRICED.csv is what `xb batch` made of the orders; its rows are written again, as many as orders are
read. Nothing is understood and nothing is worked out.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.csv

SAMPLE = 8 << 20  # bytes of the answers that are written again and again
BLOCK = 8 << 20


def floor(orders: Path, priced: Path, out: Path) -> dict[str, float]:
    """Read and write; return the seconds that it took, without those for the sample."""
    rows = _sample(priced)
    begin = time.perf_counter()
    count = at = 0
    reader = pa.csv.open_csv(orders, read_options=pa.csv.ReadOptions(block_size=BLOCK))
    with pa.csv.CSVWriter(out, rows.schema, write_options=_options()) as writer:
        for batch in reader:
            left = batch.num_rows
            while left:
                part = rows.slice(at, left)
                writer.write_table(part)
                left -= part.num_rows
                at = (at + part.num_rows) % rows.num_rows
            count += batch.num_rows
    return {"seconds": time.perf_counter() - begin, "rows": count}


def _options() -> pa.csv.WriteOptions:
    return pa.csv.WriteOptions(quoting_style="needed")


def _sample(priced: Path) -> pa.Table:
    reader = pa.csv.open_csv(priced, read_options=pa.csv.ReadOptions(block_size=SAMPLE))
    return pa.Table.from_batches([reader.read_next_batch()])


def main() -> int:
    """Print the seconds as JSON."""
    print(json.dumps(floor(*map(Path, sys.argv[1:4]))))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
