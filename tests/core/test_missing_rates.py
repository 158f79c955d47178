"""A missing exchange rate keeps out the orders that need it, and no other of the batch."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from tests.core.test_best import unlike
from tests.core.test_unstated import BEER, SCENT, SHIRT, parcel
from tests.random_orders import KINDS, random_shipment
from xborder_cli.core.fx import FxBook
from xborder_cli.core.pipeline import quote
from xborder_cli.core.rule import Money
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables

CURRENCIES = ("GBP", "CAD", "JPY", "AUD", "CNY", "USD", "HKD", "PLN")


@pytest.fixture(scope="module")
def book():
    return open_tables([bundled_folder()])


def without(book, cuts):
    """Return a book in which series begin or, below 0, end on a day."""
    series = {name: book.fx.series[name] for name in book.fx.series}
    for name, cut in cuts.items():
        kept = []
        for one in series[name]:
            rows = one.days >= cut if cut >= 0 else one.days < -cut
            if rows.any():
                kept.append(replace(one, days=one.days[rows], nums=one.nums[rows]))
        series[name] = tuple(kept)
    return replace(book.with_fx(FxBook(series, book.fx.anchor, book.fx.name)), fx_columns={})


def test_a_rate_that_only_other_goods_need(book):
    silent = without(book, {"USD": 30_000})
    beer = replace(BEER, units={"net_kg": (1, 2)})
    euros = [
        parcel(*(replace(item, value=Money("EUR", (20, 1))) for item in items))
        for items in ((beer,), (SHIRT,), (BEER,), (SCENT, SHIRT), (BEER, SCENT), (beer, SHIRT))
    ]
    codes = [{one.code for one in quote(silent, order).excluded} for order in euros]
    assert any("no-exchange-rate" in one for one in codes)
    assert unlike(silent, euros, top=None) == []


@pytest.mark.parametrize("seed", range(4))
def test_series_that_begin_or_end_within_a_batch(book, seed):
    rng = random.Random(seed)
    days = (20_600, 20_660, 20_700, 20_740, -20_480, -20_550)
    silent = without(book, {name: rng.choice(days) for name in rng.sample(CURRENCIES, 3)})
    orders = [random_shipment(silent, rng, KINDS) for _ in range(30)]
    assert unlike(silent, orders, top=(1, None)[seed % 2]) == []


def test_two_amounts_of_an_order_that_lack_rates_each(book):
    """Goods of one order and the freight of another: neither hides the other's missing rate."""
    silent = without(book, {"USD": 30_000})
    in_euros = parcel(replace(SHIRT, value=Money("EUR", (20, 1))))
    orders = [
        replace(in_euros, insurance=Money("USD", (2, 1))),
        replace(parcel(SHIRT), insurance=Money("EUR", (2, 1))),
        replace(in_euros, insurance=Money("EUR", (2, 1))),
    ]
    assert unlike(silent, orders, currency="EUR", top=None) == []
