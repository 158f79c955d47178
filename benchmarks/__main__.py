"""`make bench`: speed of the core and of a quote, as ratios in one run, equal answers checked."""

from __future__ import annotations

import sys

from benchmarks.core import measure_singly, measure_wide, peak_megabytes
from benchmarks.start import measure_start
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables

PARCELS = 100_000
SINGLES = 200


def main() -> int:
    """Print the table; return 1 when answers differ."""
    book = open_tables([bundled_folder()])
    singly, differ = measure_singly(book, SINGLES, batch=4000)
    fresh = open_tables([bundled_folder()])
    first = measure_wide(fresh, PARCELS, times=1)
    wide = measure_wide(fresh, PARCELS)
    bare, quote = measure_start()
    print(
        f"{'core, processor time on one core':44} {'parcels':>9} {'route prices':>13}"
        f" {'a second':>12}"
    )
    for name, one in (
        ("one parcel at a time, same rules", singly),
        ("columns, first time", first),
        ("columns, best of three", wide),
    ):
        print(f"{name:44} {one.parcels:9,} {one.prices:13,} {one.rate:12,.0f}")
    print(
        f"columns are {wide.rate / singly.rate:,.0f} times as fast;"
        f" {wide.charges / wide.prices:.1f} charges and amounts a route,"
        f" {wide.charges / wide.seconds / 1e6:.1f} million a second;"
        f" peak {peak_megabytes():,.0f} MB"
    )
    print(f"answers compared: {singly.prices:,}; different: {differ}")
    print(f"a whole quote takes {quote / bare:.1f} times as long as importing typer and rich.table")
    return 1 if differ else 0


sys.exit(main())
