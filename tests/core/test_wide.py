"""A batch is its parcels one by one: same routes, same cents, whatever the tile."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.core import QUOTE, measure_singly, totals
from benchmarks.parcels import parcels_by_origin
from xborder_cli.core.wide import price_all
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables


@pytest.fixture(scope="module")
def book():
    return open_tables([bundled_folder()])


def test_many_at_once_cost_what_they_cost_one_by_one(book):
    singly, differ = measure_singly(book, 60, batch=3000)
    assert singly.prices > 100
    assert differ == 0


@pytest.mark.parametrize("tile_rows", [1, 7, 256])
def test_the_size_of_a_tile_changes_nothing(book, tile_rows):
    batch = max(parcels_by_origin(book, 300), key=lambda parcels: parcels.n)
    part = batch.take(np.arange(min(40, batch.n)))
    assert totals(price_all(book, part, currency=QUOTE, tile_rows=tile_rows)) == totals(
        price_all(book, part, currency=QUOTE)
    )
