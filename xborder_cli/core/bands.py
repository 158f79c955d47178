"""Bands: which cell of a printed grid a parcel falls into, and what it costs there."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd, lcm
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from xborder_cli.core.columns import (
    ZERO,
    IntColumn,
    Mask,
    Num,
    both,
    either,
    floor_at,
    minimum,
    mul,
    negate,
    scale,
    settle,
)
from xborder_cli.core.frac import Frac, frac_add, frac_choose, frac_where
from xborder_cli.core.measures import (
    ALIASES,
    CBM,
    LB_QUANTA,
    LENGTH_UNITS,
    MICRO,
    VOLUME_UNITS,
    WEIGHT_UNITS,
    times,
)
from xborder_cli.core.parcels import PARCEL, Codes
from xborder_cli.core.rates import OPEN_END, BandTable, terms_table
from xborder_cli.core.rule import Band, Bands, Limit, Ratio, Term, Terms
from xborder_cli.core.terms import Worker

if TYPE_CHECKING:
    from xborder_cli.core.run import Run
    from xborder_cli.core.step import Node

NO_BAND: Final = -1
TABLE_MOST: Final = 4_000_000  # entries of a band-number table; beyond it a search serves


# -- compiling ----------------------------------------------------------------------------------


def band_table(bands: Bands, weight_unit: str = "kg") -> BandTable:
    """Lay the bands of all keys end to end.

    Args:
        bands: rows by joined key.
        weight_unit: the unit in which the card holds its chargeable weight, kg or lb.
    """
    names = tuple(bands.rows)
    limits: list[int] = []
    begins: list[int] = []
    lines: list[int] = []
    rates: list[Terms] = []
    starts = [0]
    pounds = weight_unit == "lb" and bands.by == "chargeable"
    den = lcm(
        *(
            band.limit.amount[1]
            for rows in bands.rows.values()
            for band in rows
            if band.limit and band.limit.currency
        ),
        1,
    )
    sample = next((band.limit for rows in bands.rows.values() for band in rows if band.limit), None)
    for name in names:
        previous = 0
        for position, band in enumerate(bands.rows[name]):
            limit = _quanta(band.limit, pounds, den) if band.limit else None
            if bands.ends == "from":
                following = bands.rows[name][position + 1 :]
                begins.append(limit or 0)
                upper = (
                    _quanta(following[0].limit, pounds, den)
                    if following and following[0].limit
                    else None
                )
                limits.append(OPEN_END if upper is None else upper)
            else:
                begins.append(previous)
                limits.append(OPEN_END if limit is None else limit)
                previous = limit or previous
            lines.append(band.line)
            rates.append(band.terms)
        starts.append(len(rates))
    table = terms_table(rates)
    return BandTable(
        kind=bands.kind,
        by=bands.by,
        ends=bands.ends,
        keys=bands.keys,
        names=names,
        starts=np.array(starts, dtype=np.int64),
        limits=np.array(limits, dtype=np.int64),
        begin=np.array(begins, dtype=np.int64),
        priced=np.array([bool(rate.parts or rate.words) for rate in rates]),
        lines=np.array(lines, dtype=np.int64),
        table=table,
        limit_unit=sample.currency if sample and sample.currency else ("lb" if pounds else ""),
        limit_per=sample.per if sample else "",
        limit_den=den,
        caps=_caps(bands, pounds, weight_unit) if bands.kind == "deficit" else None,
    )


def _quanta(limit: Limit | None, pounds: bool, den: int) -> int:
    """Return a limit in quanta of its measure, or minor-free numerators of money over `den`."""
    if limit is None:
        return OPEN_END
    num, part = limit.amount
    if limit.currency:
        return num * (den // part)
    if pounds:
        # a plain number is in the card's own unit
        quanta = times(limit.amount, (LB_QUANTA, 16) if limit.unit == "oz" else (LB_QUANTA, 1))
        if limit.unit not in ("lb", "oz", ""):
            mg = times(limit.amount, WEIGHT_UNITS[limit.unit])
            quanta = times(mg, (100 * LB_QUANTA, 45_359_237))
        return (2 * quanta[0] + quanta[1]) // (2 * quanta[1])
    for units in (WEIGHT_UNITS, LENGTH_UNITS, VOLUME_UNITS):
        if limit.unit in units:
            whole = times(limit.amount, units[limit.unit])
            return (2 * whole[0] + whole[1]) // (2 * whole[1])
    if limit.unit in ("", "item", "items", "day", "days", "line", "hs6", "package"):
        return num // part
    _, factor = ALIASES.get(limit.unit, (limit.unit, (1, 1)))
    whole = times(times(limit.amount, factor), (MICRO, 1))
    return whole[0] // whole[1]


def _caps(bands: Bands, pounds: bool, weight_unit: str) -> object:
    """Return for each cell the least price at the start of a heavier band, as flat terms.

    Only terms of the banded measure make sense here: money flat or per kg and lb.
    """
    caps: list[Terms] = []
    for rows in bands.rows.values():
        for position, band in enumerate(rows):
            best: tuple[Ratio, str] | None = None
            for heavier in range(position + 1, len(rows)):
                start = rows[heavier].limit if bands.ends == "from" else rows[heavier - 1].limit
                price = _price_at(rows[heavier], start)
                if price and (best is None or price[0][0] * best[0][1] < best[0][0] * price[0][1]):
                    best = price
            caps.append(_flat(best) if best else Terms(()))
            del band
    return terms_table(caps)


def _price_at(band: Band, start: Limit | None) -> tuple[Ratio, str] | None:
    if start is None or not band.terms.parts:
        return None
    total: Ratio = (0, 1)
    currency = ""
    for term in band.terms.parts:
        currency = term.currency
        value = term.amount
        if term.units:
            count = times(
                times(start.amount, WEIGHT_UNITS[start.unit]),
                _inverse(times(WEIGHT_UNITS[term.units[0]], term.step)),
            )
            value = times(value, count)
        total = (total[0] * value[1] + value[0] * total[1], total[1] * value[1])
    return total, currency


def _inverse(ratio: Ratio) -> Ratio:
    return ratio[1], ratio[0]


def _flat(best: tuple[Ratio, str]) -> Terms:
    return Terms((Term(times(best[0], (1, 1)), currency=best[1]),))


# -- finding ------------------------------------------------------------------------------------


@dataclass(slots=True)
class Index:
    """Band numbers by measure: cell of key k at measure q is `cells[k * width + ceil(q / step)]`."""

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
    if index is None:
        index = build_index(table) if run.parcels.n > 64 else None
        if run.parcels.n > 64:
            indexes[id(table)] = index or False
    if not index or isinstance(measure.v, int):
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
    return index.cells.take(marks)


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


# -- working out --------------------------------------------------------------------------------


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
        return _portion(run, node, table, worker, key, measure, per), has_key, 0
    if table.limit_unit and table.limit_unit != "lb":
        measure = _in_limit_units(table, worker, measure, per)
    cells = find_cells(run, table, key, measure)
    inside, cells = _within(run, table, cells, both(mask, has_key), measure)
    worker.begin = table.begin
    value = worker.value(table.table, cells)
    if table.caps is not None:
        cap = worker.value(table.caps, cells)  # type: ignore[arg-type]
        lower = frac_choose(value, cap, larger=False)
        capped = cap.num.v > 0 if isinstance(cap.num.v, int) else settle(cap.num.v > 0)
        value = frac_where(capped, lower, value)
    return value, both(has_key, inside), cells


def _mask(value: Num, mask: Mask) -> Num:
    from xborder_cli.core.columns import masked

    return masked(value, mask)


def banded_measure(run: Run, node: Node, table: BandTable, worker: Worker) -> tuple[Num, Ratio]:
    """Return what the bands are cut by, in the unit of their limits, and quanta per unit."""
    from xborder_cli.core.weight import measure

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
    found = measure(run, table.by, step.card, worker.lot)
    if found is not None and worker.level == PARCEL:
        if table.by in ("cbm", "volume"):
            return found, (CBM, 1)
        return found, (MICRO, 1) if table.by in ("weight", "gross", "net") else (1, 1)
    return worker.quanta({"weight": "kg", "items": "item", "days": "day"}.get(table.by, table.by))


def _in_limit_units(table: BandTable, worker: Worker, measure: Num, per: Ratio) -> Num:
    """Return money as whole units of the limits: up to a limit exactly when the money is.

    Minor units over `limit_den` are compared with limits in major units: rounded away from the band's
    own limit, a whole number falls on the same side of it as the fraction.
    """
    unit = Num(per[0], per[0])
    if table.limit_per:
        count, quanta = worker.quanta(table.limit_per)
        measure = scale(measure, quanta[0])
        unit = floor_at(scale(scale(count, unit.hi), quanta[1]), 1)
    over = -(-measure.v // unit.v) if table.ends == "up_to" else measure.v // unit.v
    return Num(over, measure.hi + 1, measure.neg)


def _within(
    run: Run, table: BandTable, cells: int | IntColumn, mask: Mask, measure: Num
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
    columns = [run.program.key_codes(run, node, name, card) for name in table.keys]
    cache = (
        "key",
        id(table),
        *(id(column.codes) if column.codes is not None else column.names for column in columns),
    )
    found = run.tile.cache.get(cache)
    if found is None:
        found = _keys(run, table, columns)
        run.tile.cache[cache] = found
        run.tile.cache[("keep", cache)] = columns
    key, has = found  # type: ignore[misc]
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


def _portion(
    run: Run,
    node: Node,
    table: BandTable,
    worker: Worker,
    key: int | IntColumn,
    measure: Num,
    per: Ratio,
) -> Frac:
    """Return the sum over the bands of each band's rate on the part of the measure inside it."""
    keys = [key] if isinstance(key, int) else np.unique(key).tolist()
    total = Frac(ZERO)
    for one in keys:
        rows: Mask = True if isinstance(key, int) else settle(key == one)
        part_sum = Frac(ZERO)
        for cell in range(int(table.starts[one]), int(table.starts[one + 1])):
            low, high = int(table.begin[cell]), int(table.limits[cell])
            part = _part(run, node, table, worker, measure, low, high)
            part_sum = frac_add(part_sum, _inside(worker, table, cell, part, per))
        total = frac_add(total, Frac(_mask(part_sum.num, rows), part_sum.den))
    return total


def _part(
    run: Run, node: Node, table: BandTable, worker: Worker, measure: Num, low: int, high: int
) -> Num:
    from xborder_cli.core.columns import above

    factor = (
        10 ** run.tile.book.digits[table.limit_unit]
        if table.limit_unit and table.limit_unit != "lb"
        else 1
    )
    lower, upper = (
        Num(low * factor, low * factor),
        Num(high * factor, high * factor) if high != OPEN_END else None,
    )
    if table.limit_per:
        count, unit = worker.quanta(table.limit_per)
        # limits are per unit: scale both sides by quanta per unit
        measure = scale(measure, unit[0])
        lower = scale(mul(count, lower), unit[1])
        upper = scale(mul(count, upper), unit[1]) if upper else None
        inside = above(minimum(measure, upper) if upper else measure, lower)
        return Num(inside.v, inside.hi)
    return above(minimum(measure, upper) if upper else measure, lower)


def _inside(worker: Worker, table: BandTable, cell: int, part: Num, per: Ratio) -> Frac:
    inner = Worker(worker.run, worker.node, worker.level, worker.lot, worker.base)
    if table.limit_unit and table.limit_unit != "lb":
        den = table.limit_den
        if table.limit_per:
            den *= worker.quanta(table.limit_per)[1][0]
        inner.base = Frac(part, den)
    else:
        kind = {
            "chargeable": "weight",
            "weight": "weight",
            "days": "day",
            "items": "item",
            "cbm": "volume",
        }
        inner.counted = (kind.get(table.by, table.by), part, per)
    value = inner.value(table.table, cell)
    worker.gap = either(worker.gap, inner.gap)
    return value
