"""Which band a measure falls into: a table of cells where one is small enough, else a search."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from typing import TYPE_CHECKING, Final, cast

import numpy as np
import numpy.typing as npt

from xborder_cli.core.rates import OPEN_END, BandTable

if TYPE_CHECKING:
    from xborder_cli.core.columns import (
        IntColumn,
        Num,
    )
    from xborder_cli.core.run import Run


NO_BAND: Final = -1

FEW: Final = 64  # parcels for which no table is built
TABLE_MOST: Final = 4_000_000  # entries of a band-number table; beyond it a search serves


@dataclass(slots=True)
class Index:
    """Bands by measure: the cell of key k at measure q is `cells[k * width + ceil(q / step)]`."""

    step: int
    width: int
    cells: npt.NDArray[np.int32]
    top: int  # past it there is no band, or the open one


def build_index(table: BandTable) -> Index | None:
    """Return a table of cells by measure, or None when it would be too large."""
    finite = [int(x) for x in np.concatenate((table.limits, table.begin)) if 0 < x < OPEN_END]
    if not finite:
        return None
    step = 0
    for limit in finite:
        step = gcd(step, limit)
    top = max(finite)
    width = top // step + 2
    if width * len(table.names) > TABLE_MOST:
        return None
    marks = np.arange(width, dtype=np.int64) * step
    rows = [_cells(table, key, marks) for key in range(len(table.names))]
    return Index(step, width, np.concatenate(rows).astype(np.int32), top)


def _cells(table: BandTable, key: int, marks: IntColumn) -> IntColumn:
    start, end = int(table.starts[key]), int(table.starts[key + 1])
    if table.ends == "from":
        found = np.searchsorted(table.begin[start:end], marks, side="right") - 1
    else:
        found = np.searchsorted(table.limits[start:end], marks, side="left")
        found = np.where(found == end - start, -1, found)
    return np.where(found < 0, NO_BAND, found + start)


def find_cells(run: Run, table: BandTable, key: int | IntColumn, measure: Num) -> IntColumn | int:
    """Return the cell of each row, NO_BAND where there is none."""
    indexes = run.tile.book.band_indexes
    index = indexes.get(id(table))
    if index is None and run.parcels.n > FEW and id(table) not in indexes:
        index = indexes[id(table)] = build_index(table)
    if index is None or isinstance(measure.v, int):
        return _search(table, key, measure, run.parcels.n)
    if table.ends == "from":
        marks = measure.v // index.step
    else:
        marks = (measure.v + (index.step - 1)) // index.step
    if measure.hi > index.top:
        marks = np.minimum(marks, index.width - 1)
    if isinstance(key, int):
        if key:
            marks = marks + key * index.width
    else:
        marks = marks + key * index.width
    return cast("IntColumn", index.cells.take(marks))  # half as wide: the core only looks up by it


def _search(table: BandTable, key: int | IntColumn, measure: Num, n: int) -> IntColumn | int:
    if isinstance(key, int):
        if isinstance(measure.v, int):
            return int(_cells(table, key, np.array([measure.v]))[0])
        return _cells(table, key, measure.v)
    values = measure.full(n)
    out = np.full(n, NO_BAND, dtype=np.int64)
    for one in np.unique(key).tolist():
        rows = key == one
        out[rows] = _cells(table, one, values[rows])
    return out
