"""Banded rates as expressions: the band of a measure, and portions of it through the bands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.duck.expr import (
    ONE,
    ZERO,
    X,
    above,
    add,
    both,
    ceil_div,
    choose,
    compare,
    either,
    floor_div,
    greatest,
    least,
    mul,
    negate,
    num,
    take,
)
from benchmarks.duck.hold import key_codes
from benchmarks.duck.route import NOTHING, Frac, frac_add
from benchmarks.duck.terms import Worker, frac_choose, frac_where
from benchmarks.duck.weigh import chargeable, measure
from xborder_cli.core.band_index import build_index
from xborder_cli.core.measures import CBM, LB_QUANTA, MICRO
from xborder_cli.core.rates import OPEN_END, BandTable

if TYPE_CHECKING:
    from benchmarks.duck.route import Route
    from xborder_cli.core.rule import Ratio
    from xborder_cli.core.step import Node

LIST_MOST = 4096  # entries of a list of cells by measure


def band_value(route: Route, node: Node, worker: Worker, mask: X) -> tuple[Frac, X]:
    """Return the amount of a banded rate, and which orders have one."""
    table = node.rate
    assert isinstance(table, BandTable)
    key, has_key = _key(route, node, table)
    route.refuse(both(mask, negate(has_key)))
    if has_key is ZERO:
        return NOTHING, ZERO
    if not table.by:
        return worker.value(table.table, take(table.starts.tolist(), key)), has_key
    quanta, unit = _banded(route, node, table, worker)
    if table.kind == "portion":
        return _portion(route, table, worker, key, quanta, unit), has_key
    if _of_money(table):
        quanta = _in_limit_units(table, worker, quanta, unit)
    cell = _cell(table, key, quanta)
    priced = take([False, *table.priced.tolist()], add(cell, ONE))
    route.refuse(both(both(mask, has_key), negate(priced)))
    code = greatest(cell, ZERO)
    worker.begin = table.begin
    worker.begin_den = table.limit_den if _of_money(table) else 0
    value = worker.value(table.table, code)
    if table.caps is not None:
        cap = worker.value(table.caps, code)
        value = frac_where(
            compare("<", ZERO, cap.top), frac_choose(value, cap, larger=False), value
        )
    return value, both(has_key, priced)


def _of_money(table: BandTable) -> bool:
    return bool(table.limit_unit) and table.limit_unit != "lb"


def _in_limit_units(table: BandTable, worker: Worker, money: X, unit: Ratio) -> X:
    """Return money as whole units of the limits, rounded away from a band's own limit."""
    whole = num(unit[0])
    if table.limit_per:
        count, per_unit = worker.quanta(table.limit_per)
        money = mul(money, num(per_unit[0]))
        whole = greatest(mul(mul(count, whole), num(per_unit[1])), ONE)
    return (ceil_div if table.ends == "up_to" else floor_div)(money, whole)


def _key(route: Route, node: Node, table: BandTable) -> tuple[X, X]:
    if not table.keys:
        return ZERO, ONE
    card = route.step_of(node).card
    numbers = {name: number for number, name in enumerate(table.names)}
    joined, code = [""], ZERO
    for position, name in enumerate(table.keys):
        names, codes = key_codes(route, name, card)
        joined = [f"{head}|{tail}" if position else tail for head in joined for tail in names]
        code = add(mul(code, num(len(names))), codes)
    key = take([numbers.get(name, -1) for name in joined], code)
    return greatest(key, ZERO), compare("<=", ZERO, key)


def _banded(route: Route, node: Node, table: BandTable, worker: Worker) -> tuple[X, Ratio]:
    step = route.step_of(node)
    if table.by == "chargeable":
        quanta, held, mg = chargeable(route, step.card, step.lot or node.charge.scope == "lot")
        return (quanta, (LB_QUANTA, 1)) if held == "lb" else (mg, (MICRO, 1))
    if _of_money(table):
        ref = node.refs.get(table.by)
        value = route.read(ref, node, worker.level, worker.lot).rounded() if ref else ZERO
        value = route.lane.convert(value, node.currency, table.limit_unit)
        digits = route.lane.book.digits[table.limit_unit]
        return mul(value, num(table.limit_den)), (10**digits, 1)
    found = measure(route, table.by, step.card, worker.lot)
    if found is not None:
        if table.by in ("cbm", "volume"):
            return found, (CBM, 1)
        return found, (MICRO, 1) if table.by in ("weight", "gross", "net") else (1, 1)
    return worker.quanta({"weight": "kg", "items": "item", "days": "day"}.get(table.by, table.by))


def _cell(table: BandTable, key: X, quanta: X) -> X:
    """Return the cell of the key's bands that a measure falls into, -1 for none."""
    index = build_index(table)
    keys = [key.value] if key.const else list(range(len(table.names)))
    if index is not None and index.width * len(keys) <= LIST_MOST:
        step = num(index.step)
        mark = quanta if index.step == 1 else None
        if mark is None and table.ends == "from":
            mark = least(floor_div(quanta, step), num(index.width - 1))
        elif mark is None:
            mark = least(ceil_div(quanta, step), num(index.width - 1))
        else:
            mark = least(mark, num(index.width - 1))
        cells = index.cells.tolist()
        if key.const:
            cells = cells[key.value * index.width : (key.value + 1) * index.width]
        else:
            mark = add(mark, mul(key, num(index.width)))
        return take(cells, mark)
    out = num(-1)
    for one in keys:
        out = choose(compare("=", key, num(one)), _by_limits(table, one, quanta), out)
    return out


def _by_limits(table: BandTable, key: int, quanta: X) -> X:
    start, end = int(table.starts[key]), int(table.starts[key + 1])
    if table.ends == "from":
        out = num(-1)
        for cell in range(start, end):
            out = choose(compare("<=", num(int(table.begin[cell])), quanta), num(cell), out)
        return out
    out = num(-1)
    for cell in range(end - 1, start - 1, -1):
        limit = int(table.limits[cell])
        fits = ONE if limit == OPEN_END else compare("<=", quanta, num(limit))
        out = choose(fits, num(cell), out)
    return out


def _portion(
    route: Route, table: BandTable, worker: Worker, key: X, quanta: X, unit: Ratio
) -> Frac:
    total = NOTHING
    for one in [key.value] if key.const else range(len(table.names)):
        summed = NOTHING
        for cell in range(int(table.starts[one]), int(table.starts[one + 1])):
            summed = frac_add(summed, _inside(route, worker, table, cell, quanta, unit))
        total = frac_add(
            total, Frac(choose(compare("=", key, num(one)), summed.top, ZERO), summed.bottom)
        )
    return total


def _inside(
    route: Route, worker: Worker, table: BandTable, cell: int, quanta: X, unit: Ratio
) -> Frac:
    low, high = int(table.begin[cell]), int(table.limits[cell])
    money = _of_money(table)
    factor = 10 ** route.lane.book.digits[table.limit_unit] if money else 1
    lower = num(low * factor)
    upper = num(high * factor) if high != OPEN_END else None
    bottom = table.limit_den
    if table.limit_per:
        count, per_unit = worker.quanta(table.limit_per)
        quanta = mul(quanta, num(per_unit[0]))
        lower = mul(mul(count, lower), num(per_unit[1]))
        upper = mul(mul(count, upper), num(per_unit[1])) if upper else None
        bottom *= per_unit[0]
    part = above(least(quanta, upper) if upper else quanta, lower)
    inner = Worker(worker.route, worker.node, worker.level, worker.lot, worker.base)
    if money:
        inner.base = Frac(part, num(bottom))
    else:
        kind = {"chargeable": "weight", "days": "day", "items": "item", "cbm": "volume"}
        inner.counted = (kind.get(table.by, table.by), part, unit)
    value = inner.value(table.table, num(cell))
    worker.gap = either(worker.gap, inner.gap)
    return value
