"""`make bench`: xb beside others in one run, equal answers checked; writes docs/speed.md.

python -m benchmarks [--big] [--orders N] [--times N] [--quick] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.batch import compare, growth
from benchmarks.core import measure_singly, measure_wide, peak_megabytes
from benchmarks.picture import draw_growth
from benchmarks.report import PAGE, lines_of, write_page
from benchmarks.start import measure_start
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables

PARCELS = 100_000
SINGLES = 200


def core() -> tuple[list[str], int]:
    """Return what the core does, and how many of its answers differ from those one by one."""
    book = open_tables([bundled_folder()])
    singly, differ = measure_singly(book, SINGLES, batch=4000)
    fresh = open_tables([bundled_folder()])
    first = measure_wide(fresh, PARCELS, times=1)
    wide = measure_wide(fresh, PARCELS)
    lines = [
        f"The core alone, one process, {wide.parcels:,} parcels and {wide.prices:,} route prices: "
        f"{wide.rate / 1e6:.1f} million route prices a second of processor time "
        f"({first.rate / 1e6:.1f} million the first time; {singly.rate:,.0f} one parcel at a "
        f"time), {wide.charges / wide.prices:.1f} charges and amounts a route; peak "
        f"{peak_megabytes():,.0f} MB. {singly.prices:,} route prices compared with one parcel at "
        f"a time, {differ} different."
    ]
    return lines, differ


def main() -> int:
    """Print the tables; return 1 when answers differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--big", action="store_true", help="a file of 10 million orders too")
    parser.add_argument("--orders", type=int, default=1_000_000, help="in the file compared")
    parser.add_argument("--times", type=int, default=3, help="runs of each way, by turns")
    parser.add_argument("--quick", action="store_true", help="small files, and no page is written")
    parser.add_argument("--keep", type=Path, help="where files are left, to look at")
    asked = parser.parse_args()
    orders = 20_000 if asked.quick else asked.orders
    sizes = [10_000, 100_000] if asked.quick else [10_000, 100_000, 1_000_000]
    if asked.big:
        sizes.append(10_000_000)
    inside, differ = core()
    start = measure_start()
    with tempfile.TemporaryDirectory() as made:
        folder = asked.keep or Path(made)
        result = compare(folder, orders, 1 if asked.quick else asked.times)
        result.growth = growth(folder, tuple(sizes))
    lines = list(lines_of(result, start, inside))
    print("\n".join(lines))
    for equal in result.equal.values():
        differ += equal.different
        for example in equal.examples:
            print(example, file=sys.stderr)
    if not asked.quick:
        write_page(lines)
        draw_growth(PAGE.with_suffix(".svg"), result.growth)
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
