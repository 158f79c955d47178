"""Bands as tables write them -> cells laid end to end, in quanta."""

from __future__ import annotations

from math import lcm

import numpy as np

from xborder_cli.core.measures import (
    LB_QUANTA,
    WEIGHT_UNITS,
    quanta_of,
)
from xborder_cli.core.rates import OPEN_END, BandTable, TermsTable, terms_table
from xborder_cli.core.rule import Band, Bands, Limit, Ratio, Term, Terms
from xborder_cli.units import half_up, times


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
        caps=_caps(bands) if bands.kind == "deficit" else None,
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
        return half_up(*quanta)
    return quanta_of(limit.amount, limit.unit)


def _caps(bands: Bands) -> TermsTable:
    """Return for each cell the least price at the start of a heavier band, as flat terms.

    Only terms of the banded measure make sense here: money flat or per kg and lb.
    """
    caps: list[Terms] = []
    for rows in bands.rows.values():
        for position in range(len(rows)):
            best: tuple[Ratio, str] | None = None
            for heavier in range(position + 1, len(rows)):
                start = rows[heavier].limit if bands.ends == "from" else rows[heavier - 1].limit
                price = _price_at(rows[heavier], start)
                if price and (best is None or price[0][0] * best[0][1] < best[0][0] * price[0][1]):
                    best = price
            caps.append(_flat(best) if best else Terms(()))
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
