"""What routes share while they are priced together is what each finds alone: same cents, words."""

from __future__ import annotations

import pytest

from benchmarks.parcels import parcels_by_origin
from xborder_cli.core.landed_cost import price_route
from xborder_cli.core.parcels import Codes
from xborder_cli.core.tile import Tile
from xborder_cli.core.wide import market_groups, routes
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables

QUOTE = Codes(("USD",))


@pytest.fixture(scope="module")
def batches():
    book = open_tables([bundled_folder()])
    return [(book, parcels) for parcels in parcels_by_origin(book, 600)]


def _found(tile, program):
    priced = price_route(tile, program)
    n = tile.parcels.n
    sums = (priced.freight, priced.duty, priced.tax, priced.fees, priced.total)
    refused = priced.refused
    open_ = [not refused] * n if isinstance(refused, bool) else (~refused).tolist()
    return (
        [
            row
            for row, kept in zip(
                zip(*(s.full(n).tolist() for s in sums), strict=True), open_, strict=True
            )
            if kept
        ],
        sorted({words for _, words in priced.run.notes}),
        sorted({(refusal.code, refusal.what) for refusal in priced.run.refusals}),
    )


def test_routes_priced_together_cost_what_they_cost_alone(batches):
    differ, routes_seen = [], 0
    for book, parcels in batches:
        modes = [m for m in book.modes.values() if m.direction == parcels.attributes.direction]
        for rows, markets in market_groups(book, parcels):
            together = Tile(parcels.take(rows), book, quote_currency=QUOTE)
            for chain, program in routes(book, together.parcels, modes, markets):
                alone = Tile(together.parcels, book, quote_currency=QUOTE)
                routes_seen += 1
                if _found(together, program) != _found(alone, program):
                    differ.append((markets, chain.id))
    assert routes_seen > 1000
    assert differ == []
