"""Whether DuckDB and the core give the same totals: every route of every order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.drawn import parcels_of_drawn
from xborder_cli.core.parcels import Codes
from xborder_cli.core.wide import price_all

if TYPE_CHECKING:
    from benchmarks.duck.job import Job
    from benchmarks.orders import Drawn, Market
    from xborder_cli.core.book import Book


@dataclass
class Compared:
    """How many route totals were compared, and those that differ."""

    routes: int = 0
    different: list[str] = field(default_factory=list)
    unsure: int = 0  # routes that one side calls incomplete and the other does not


def core_totals(
    book: Book, market: Market, drawn: Drawn
) -> dict[tuple[int, str], tuple[int, bool]]:
    """Return (total, incomplete) by order and chain, for routes that carry the order."""
    out: dict[tuple[int, str], tuple[int, bool]] = {}
    for rows, parcels in parcels_of_drawn(book, market, drawn):
        currency = Codes(market.currencies, drawn.currency[rows])
        for column in price_all(book, parcels, currency=currency):
            n = column.rows.size
            shape = np.zeros(n, dtype=bool)
            carried = np.flatnonzero(~(shape | np.asarray(column.priced.refused)))
            total = column.priced.total.full(n)[carried]
            unsure = (shape | np.asarray(column.priced.incomplete))[carried]
            numbers = drawn.number[rows[column.rows[carried]]]
            name = repr(column.chain.id)
            for number, one, gap in zip(
                numbers.tolist(), total.tolist(), unsure.tolist(), strict=True
            ):
                out[number, name] = (one, gap)
    return out


def duck_totals(job: Job) -> dict[tuple[int, str], tuple[int, bool]]:
    """Return the same of a job whose queries answer every route."""
    job.price("every")
    rows = job.database.execute(
        "SELECT e.no, r.chain, e.total, e.incomplete FROM every e"
        " JOIN routes r ON r.lane = e.lane AND r.route = e.route"
    ).fetchall()
    return {(number, chain): (total, gap) for number, chain, total, gap in rows}


def compare(
    ours: dict[tuple[int, str], tuple[int, bool]], theirs: dict[tuple[int, str], tuple[int, bool]]
) -> Compared:
    """Return what differs."""
    out = Compared(len(ours.keys() | theirs.keys()))
    for key in sorted(ours.keys() | theirs.keys()):
        mine, other = ours.get(key), theirs.get(key)
        if mine is None or other is None or mine[0] != other[0]:
            out.different.append(f"order {key[0]} {key[1]}: core {mine}, DuckDB {other}")
        elif mine[1] != other[1]:
            out.unsure += 1
    return out
