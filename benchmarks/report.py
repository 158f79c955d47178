"""What a run of the bench found, as a table for a terminal and for docs/speed.md."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.batch import APART, DUCK, FLOOR, XB, XB_ALL, Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PAGE = Path(__file__).parent.parent / "docs" / "speed.md"
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
WAYS = {
    XB: "`xb batch`, the columns that DuckDB writes",
    XB_ALL: "`xb batch`, all its columns",
    DUCK: "DuckDB, what routes share worked out once",
    APART: "DuckDB, one SELECT a route, UNION ALL, arg_min",
    FLOOR: "pyarrow: read the orders, write such answers",
}


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a table in Markdown, as wide as it must be."""
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        padded = [
            cell.ljust(width) if not at else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return f"| {' | '.join(padded)} |"

    rule = [f"{'-' * (w - 1)}{':' if at else '-'}" for at, w in enumerate(widths)]
    return [line(head), f"| {' | '.join(rule)} |", *map(line, rows)]


def lines_of(result: Result, start: tuple[float, float], core: Sequence[str]) -> Iterator[str]:
    """Yield what the run found.

    Args:
        result: batch beside the others.
        start: seconds of importing typer and rich.table, and of a whole quote.
        core: what the bench of the core has to say.
    """
    yield (
        f"Figures of one run: {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"numpy {np.__version__}, pyarrow {pa.__version__}, DuckDB {duckdb.__version__}."
    )
    yield ""
    yield from _ways(result)
    yield ""
    for name, equal in result.equal.items():
        yield (
            f"- {name}: {equal.orders:,} orders compared in {len(equal.columns)} columns, "
            f"{equal.different:,} different"
        )
    yield (
        f"- DuckDB's queries hold {result.routes:,} routes, every one that the tables have on "
        f"these lanes; left out: {result.left_out}. They and their tables were written ahead in "
        f"{result.ahead:,.0f} s of processor time, which no figure holds"
    )
    yield ""
    yield from _growth(result)
    yield ""
    bare, quote = start
    yield (
        f"A whole `xb quote` takes {quote / bare:.1f} times as long as "
        f"`python -c 'import typer, rich.table'` ({quote:.2f} s and {bare:.2f} s)."
    )
    yield ""
    yield from core


def _ways(result: Result) -> Iterator[str]:
    ours = result.costs[XB]
    rows = []
    for name, words in WAYS.items():
        cost = result.costs.get(name)
        if cost is None:
            rows.append((words, "fails", "", "", "", "", ""))
            continue
        rows.append(
            (
                words,
                f"{cost.seconds:,.1f} s",
                f"{cost.processor:,.1f} s",
                f"{result.orders / cost.seconds:,.0f}",
                f"{cost.megabytes:,.0f} MB",
                f"{cost.seconds / ours.seconds:.2f}",
                f"{cost.processor / ours.processor:.2f}",
            )
        )
    alone = result.singly * result.orders
    rows.append(
        (
            "one order at a time, the same core, one process",
            f"({alone:,.0f} s)",
            f"({alone:,.0f} s)",
            f"{1 / result.singly:,.0f}",
            "",
            f"({alone / ours.seconds:,.0f})",
            f"({alone / ours.processor:,.0f})",
        )
    )
    head = (
        f"{result.orders:,} orders, CSV to CSV",
        "time",
        "processor",
        "orders/s",
        "memory",
        "time / xb",
        "processor / xb",
    )
    yield from table(head, rows)
    yield ""
    yield (
        "Whole processes, medians by turns. In brackets: reckoned from a sample. Memory is the "
        "most that all processes held at once."
    )
    yield ""
    inside = result.parts[DUCK]
    parts = ", ".join(
        f"{name} {inside[name]:.1f} s" for name in ("open", "read", "prepare", "price", "write")
    )
    yield f"DuckDB's own clock: {parts}."


def _growth(result: Result) -> Iterator[str]:
    rows = [
        (
            f"{size:,}",
            f"{cost.seconds:,.1f} s",
            f"{cost.processor:,.1f} s",
            f"{size / cost.seconds:,.0f}",
            f"{cost.megabytes:,.0f} MB",
        )
        for size, cost in result.growth
    ]
    yield from table(("orders", "time", "processor", "orders/s", "memory"), rows)


def write_page(lines: Sequence[str]) -> None:
    """Put the figures between the marks of the page."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    body = "\n".join(lines)
    PAGE.write_text(f"{before}{BEGIN}\n\n{body}\n\n{END}{after}", encoding="utf-8")
