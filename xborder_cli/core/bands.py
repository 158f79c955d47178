"""Bands: which cell of a printed grid a parcel falls into, and what it costs there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.core.band_index import NO_BAND, find_cells
from xborder_cli.core.columns import (
    ZERO,
    IntColumn,
    Mask,
    Num,
    both,
    floor_at,
    negate,
    scale,
    settle,
)
from xborder_cli.core.frac import Frac, frac_choose, frac_where
from xborder_cli.core.measures import (
    CBM,
    LB_QUANTA,
    MICRO,
)
from xborder_cli.core.parcels import PARCEL, Codes
from xborder_cli.core.portion import portion_value
from xborder_cli.core.rates import BandTable
from xborder_cli.core.zones import key_codes

if TYPE_CHECKING:
    from xborder_cli.core.rule import Ratio
    from xborder_cli.core.run import Run
    from xborder_cli.core.step import Node
    from xborder_cli.core.terms import Worker


# -- finding ------------------------------------------------------------------------------------


def band_value(
    run: Run, node: Node, worker: Worker, mask: Mask
) -> tuple[Frac, Mask, int | IntColumn]:
    """Return the amount of a banded rate, the rows that have one, and the cell of each row."""
    table = node.rate
    assert isinstance(table, BandTable)
    key, has_key = band_key(run, node, table, mask)
    if has_key is False:
        return Frac(ZERO), False, 0
    if not table.by:
        cells: int | IntColumn = (
            table.starts[key] if not isinstance(key, int) else int(table.starts[key])
        )
        return worker.value(table.table, cells), has_key, cells
    measure, per = banded_measure(run, node, table, worker)
    if table.kind == "portion":
        return portion_value(run, node, table, worker, key, measure, per), has_key, 0
    cells = cells_at(run, table, key, worker, measure, per)
    inside, cells = _within(run, table, cells, both(mask, has_key))
    worker.begin = table.begin
    worker.begin_den = table.limit_den if table.limit_unit and table.limit_unit != "lb" else 0
    value = worker.value(table.table, cells)
    if table.caps is not None:
        cap = worker.value(table.caps, cells)
        lower = frac_choose(value, cap, larger=False)
        capped = cap.num.v > 0 if isinstance(cap.num.v, int) else settle(cap.num.v > 0)
        value = frac_where(capped, lower, value)
    return value, both(has_key, inside), cells


def cells_at(
    run: Run, table: BandTable, key: int | IntColumn, worker: Worker, measure: Num, per: Ratio
) -> int | IntColumn:
    """Return the cell of each row, by what `banded_measure` says."""
    if table.limit_unit and table.limit_unit != "lb":
        measure = _in_limit_units(table, worker, measure, per)
    return find_cells(run, table, key, measure)


def banded_measure(run: Run, node: Node, table: BandTable, worker: Worker) -> tuple[Num, Ratio]:
    """Return what the bands are cut by, in the unit of their limits, and quanta per unit."""
    step = run.step_of(node)
    if table.by == "chargeable":
        weight = run.chargeable(node)
        if weight.unit == "lb":
            return weight.quanta, (LB_QUANTA, 1)
        return weight.mg, (MICRO, 1)
    if table.limit_unit and table.limit_unit != "lb":
        ref = node.refs.get(table.by)
        value = run.read(ref, node, worker.level, worker.lot).rounded() if ref else ZERO
        if table.limit_unit != node.currency:
            value = run.tile.convert(value, node.currency, table.limit_unit)
        return scale(value, table.limit_den), (10 ** run.tile.book.digits[table.limit_unit], 1)
    found = run.measure(table.by, step.card, worker.lot)
    if found is not None and worker.level == PARCEL:
        if table.by in ("cbm", "volume"):
            return found, (CBM, 1)
        return found, (MICRO, 1) if table.by in ("weight", "gross", "net") else (1, 1)
    return worker.quanta({"weight": "kg", "items": "item", "days": "day"}.get(table.by, table.by))


def _in_limit_units(table: BandTable, worker: Worker, measure: Num, per: Ratio) -> Num:
    """Return money as whole units of the limits: up to a limit exactly when the money is.

    Minor units over `limit_den` are compared with limits in major units: rounded away from the
    band's own limit, a whole number falls on the same side of it as the fraction.
    """
    unit = Num(per[0], per[0])
    if table.limit_per:
        count, quanta = worker.quanta(table.limit_per)
        measure = scale(measure, quanta[0])
        unit = floor_at(scale(scale(count, unit.hi), quanta[1]), 1)
    over = -(-measure.v // unit.v) if table.ends == "up_to" else measure.v // unit.v
    return Num(over, measure.hi + 1, measure.neg)


def _within(
    run: Run, table: BandTable, cells: int | IntColumn, mask: Mask
) -> tuple[Mask, int | IntColumn]:
    if isinstance(cells, int):
        inside: Mask = cells != NO_BAND and bool(table.priced[cells])
        if inside:
            return True, cells
        run.refuse(mask, "no-price" if cells != NO_BAND else "past-last-band", _beyond(table))
        return False, 0
    missing = cells < 0
    if missing.any():
        run.refuse(both(mask, settle(missing)), "past-last-band", _beyond(table))
        cells = np.maximum(cells, 0)
    if not table.priced.all():
        empty = ~table.priced[cells]
        run.refuse(both(mask, settle(empty)), "no-price", "")
        missing = missing | empty
    return settle(~missing), cells


def _beyond(table: BandTable) -> str:
    """Return what the table is cut by and its outermost limit, for the words of a refusal."""
    if table.ends == "from":
        return f"{table.by} from {int(table.begin.min())}"
    return f"{table.by} to {int(table.limits.max())}"


def band_key(run: Run, node: Node, table: BandTable, mask: Mask) -> tuple[int | IntColumn, Mask]:
    """Return the number of each row's key among the table's, and which rows have one."""
    if not table.keys:
        return 0, True
    card = run.step_of(node).card
    columns = [key_codes(run, name, card) for name in table.keys]
    cache = (
        "key",
        id(table),
        *(id(column.codes) if column.codes is not None else column.names for column in columns),
    )
    # the columns are kept beside: their ids are the key
    key, has, _ = run.tile.kept(cache, lambda: (*_keys(run, table, columns), columns))
    if has is not True:
        run.refuse(both(mask, negate(has)), "no-price-for-zone", "|".join(columns[0].names))
    return key, has


def _keys(run: Run, table: BandTable, columns: list[Codes]) -> tuple[int | IntColumn, Mask]:
    numbers = {name: number for number, name in enumerate(table.names)}
    if all(column.codes is None for column in columns):
        joined = "|".join(column.names[0] for column in columns)
        if joined not in numbers:
            return 0, False
        return numbers[joined], True
    combos: IntColumn = np.zeros(run.parcels.n, dtype=np.int64)
    names = [""]
    for position, column in enumerate(columns):
        names = [f"{head}|{tail}" if position else tail for head in names for tail in column.names]
        combos = combos * len(column.names) + (column.codes if column.codes is not None else 0)
    translate = np.array([numbers.get(name, -1) for name in names], dtype=np.int64)
    key = translate[combos]
    has = settle(key >= 0)
    return np.maximum(key, 0), has
