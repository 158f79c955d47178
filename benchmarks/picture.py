"""Time and memory against the number of orders, readable on light and on dark pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl

mpl.use("svg")

from matplotlib import pyplot as plt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.measure import Cost

GREY = "#808080"  # four to one against white and against the black of dark pages
TIME, MEMORY = "#2f81d6", "#d1722b"
GIB = 1024
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "xb",  # the same bytes for the same figures
    "font.family": "sans-serif",
    "font.size": 11,
    "text.color": GREY,
    "axes.labelcolor": GREY,
    "axes.edgecolor": GREY,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def draw_growth(path: Path, growth: Sequence[tuple[int, Cost]]) -> None:
    """Draw the picture.

    Args:
        path: an SVG file.
        growth: orders, and what a run over so many took.
    """
    sizes = [size for size, _ in growth]
    with plt.rc_context(STYLE):
        figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6))
        left.loglog(sizes, [cost.seconds for _, cost in growth], "o-", color=TIME)
        right.loglog(sizes, [cost.megabytes for _, cost in growth], "s-", color=MEMORY)
        right.axhline(GIB, color=GREY, linestyle=":", linewidth=1)
        right.annotate("1 GiB", (sizes[0], GIB), textcoords="offset points", xytext=(0, 4))
        right.set_ylim(50, 4 * GIB)
        for axes, title, unit in (
            (left, "Time", "{:,.1f} s"),
            (right, "Memory of all processes", "{:,.0f} MB"),
        ):
            axes.set_title(title, loc="left", color=GREY)
            axes.set_xlabel("orders in the file")
            axes.set_xticks(sizes, [_short(size) for size in sizes])
            axes.minorticks_off()
            axes.grid(color=GREY, alpha=0.25)
            values = [c.seconds if axes is left else c.megabytes for _, c in growth]
            for size, value in zip(sizes, values, strict=True):
                axes.annotate(
                    unit.format(value),
                    (size, value),
                    textcoords="offset points",
                    xytext=(-5, 6),
                    ha="right",
                )
            axes.margins(x=0.22, y=0.2)
        left.set_ylabel("seconds")
        right.set_ylabel("MB")
        figure.tight_layout()
        figure.savefig(path, transparent=True, metadata={"Date": None, "Creator": None})
        plt.close(figure)


def _short(size: int) -> str:
    return f"{size // 10**6} M" if size >= 10**6 else f"{size // 1000} k"
