"""What routes share while they are priced together is what each finds alone: same cents, words."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.parcels import parcels_by_origin
from tests.random_orders import KINDS, groups_of, random_shipment
from xborder_cli.core import rule as rules
from xborder_cli.core.chains import Chain
from xborder_cli.core.landed_cost import price_route
from xborder_cli.core.parcels import Codes
from xborder_cli.core.route import build_program
from xborder_cli.core.rule import Money, WeightRule
from xborder_cli.core.sureness import sureness
from xborder_cli.core.tile import Tile
from xborder_cli.core.wide import market_groups, modes_of, routes, tiles
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


def _rows(mask, n):
    return np.flatnonzero(np.broadcast_to(np.asarray(mask), (n,))).tolist()


def _said(tile, program):
    """Return all that a route says of each parcel: sums, who is out and why, what was assumed."""
    priced, n = price_route(tile, program), tile.parcels.n
    kept = np.flatnonzero(~np.broadcast_to(np.asarray(priced.refused), (n,)))
    sums = (priced.freight, priced.duty, priced.tax, priced.fees, priced.recoverable)
    unsure = sureness(priced.run, kept) if kept.size else None
    return (
        [one.full(n)[kept].tolist() for one in sums],
        sorted(set(_rows(priced.incomplete, n)).intersection(kept.tolist())),
        sorted({(words, row) for mask, words in priced.run.notes for row in _rows(mask, n)}),
        sorted({(r.code, r.what, row) for r in priced.run.refusals for row in _rows(r.mask, n)}),
        unsure and np.broadcast_to(unsure.level, kept.shape).tolist(),
    )


MORE = [
    {"lot": 40, "transfer_value": Money("USD", (5, 1)), "seller": "registered"},
    {"insurance": Money("EUR", (1, 1)), "platform": "ozon"},
    {"seller": "registered", "scheme": "ioss"},
    {"purchase_price": Money("CNY", (9, 1)), "incoterm": "DAP"},
]


@pytest.mark.parametrize("seed", range(3))
def test_some_routes_in_any_order_say_what_they_say_alone(batches, seed):
    book, rng, seen = batches[0][0], random.Random(seed), 0
    shipments = [random_shipment(book, rng, [*KINDS, *MORE]) for _ in range(30)]
    for _, parcels, quoted, *_ in groups_of(book, shipments):
        modes = modes_of(book, parcels)
        for _, tile, markets in tiles(book, parcels, quoted, modes, 8192):
            found = list(routes(book, tile.parcels, modes, markets))
            for chain, program in rng.sample(found, min(len(found), rng.choice((3, 10, 99)))):
                fresh = Tile(tile.parcels, tile.book, quote_currency=tile.quote_currency)
                assert _said(tile, program) == _said(fresh, program), chain.id
                seen += 1
    assert seen > 100


def test_a_card_that_weighs_by_the_route_shares_no_weight_with_other_routes(batches):
    """A condition about the route is one thing for one mode and another for the next."""
    apart = 0
    for book, parcels in batches:
        modes = modes_of(book, parcels)
        for rows, markets in market_groups(book, parcels):
            taken = parcels.take(rows)
            chains = {}  # by a card that several modes use
            for chain, _ in routes(book, taken, modes, markets):
                for card in chain.cards:
                    chains.setdefault(card.id, (card, {}))[1].setdefault(chain.mode.id, chain)
            for card, own in chains.values():
                if len(own) < 2:
                    continue
                mode = next(iter(own))
                asked = rules.Test("is", "mode", values=(mode,))
                weight = WeightRule(divisor=(500, 1), when=(asked,))
                ours = replace(card, id=f"{card.id}-{mode}", weight=weight)
                programs = [
                    build_program(book, _with(chain, card, ours), taken, markets)
                    for chain in own.values()
                ]
                tile = Tile(taken, book, quote_currency=QUOTE)
                together = [_said(tile, program) for program in programs]
                fresh = [Tile(taken, book, quote_currency=QUOTE) for _ in programs]
                assert together == [_said(*one) for one in zip(fresh, programs, strict=True)]
                apart += len(programs)
    assert apart


def _with(chain, card, ours):
    """Return a chain with another card in place of one."""
    return Chain(
        chain.mode, tuple((step, ours if one is card else one) for step, one in chain.steps)
    )
