"""Presets say what real exports mean, with a source; none is applied in silence."""

from __future__ import annotations

import pytest

from tests.batch.block_making import block_of, tables, told
from xborder_cli.adapters.order_rows import normal
from xborder_cli.adapters.orders import KNOWN
from xborder_cli.adapters.stated import Stated
from xborder_cli.batch.catalogue import Catalogue
from xborder_cli.batch.heading_units import unit_of
from xborder_cli.batch.headings import meanings_of
from xborder_cli.batch.presets import _telling, _texts, fitting, presets
from xborder_cli.batch.understand import Understanding
from xborder_cli.units import parse_day


@pytest.mark.parametrize("preset", presets().values(), ids=list(presets()))
def test_a_preset_is_whole(preset):
    ours = [column for _, column, _ in preset.columns]
    assert len(set(ours)) == len(ours)
    assert set(ours) <= set(KNOWN)
    assert preset.source.startswith("https://")
    parse_day(preset.checked)
    for _, column, unit in preset.columns:
        assert not unit or unit_of(column, unit, ()) == unit
    assert set(ours) & {"order_id", "sku"}
    assert preset.kind in ("orders", "products")


@pytest.mark.parametrize("preset", presets().values(), ids=list(presets()))
def test_an_export_is_known_by_its_columns(preset):
    assert fitting(preset.tell, preset.kind) == preset
    assert _telling(_texts()[preset.name]) == {normal(name) for name in preset.tell}
    assert fitting(["order_id", "from", "to", "weight", "value"], preset.kind) is None


def understood(rows, preset, *, order_id, defaults, catalogue=None, mapped=None):
    block = block_of(rows, order_id)
    meanings = meanings_of(
        list(block.cells),
        "o.csv",
        mapped=mapped or {},
        preset=presets()[preset],
        currencies=tables().digits,
        catalogued=catalogue is not None,
    )
    assert meanings.order_id == order_id
    reader = Understanding(meanings, defaults, tables(), today=20_780, catalogue=catalogue)
    found = reader.read(block)
    assert found.rejects == []
    return told(found, block.orders)


def test_shopify_with_a_catalogue():
    first = {
        "Name": "#1001", "Financial Status": "paid", "Currency": "EUR", "Lineitem quantity": "2",
        "Created at": "2026-11-20 10:14:00 -0400", "Lineitem name": "Fern", "Lineitem sku": "FERN",
        "Lineitem price": "16.00", "Shipping Country": "DE", "Shipping Zip": "'01067",
    }  # fmt: skip
    later = {
        "Name": "#1001", "Created at": "2026-11-20 10:14:00 -0400", "Lineitem quantity": "1",
        "Lineitem name": "Tote", "Lineitem price": "20.00", "Lineitem sku": "TOTE",
    }  # fmt: skip
    products = {
        "FERN": {"weight": "120g", "hs": "491191"},
        "TOTE": {"weight": "0.3kg", "hs": "420292"},
    }
    (order,) = understood(
        [first, later],
        "shopify",
        order_id="Name",
        defaults=Stated(origin="CN"),
        catalogue=Catalogue("p.csv", products),
    )
    _, _, whole, lines, _ = order
    assert [line[0] for line in lines] == [(3200, "EUR"), (2000, "EUR")]
    assert (whole[0], whole[1], whole[2], whole[8]) == ("DE", 20777, 540_000, "01067")
    assert whole[-1].startswith("weight summed from the catalogue, packing not counted; ")


def test_amazon_prices_are_of_the_line():
    row = {
        "amazon-order-id": "111-1", "purchase-date": "2026-05-01T00:00:00+00:00", "sku": "S",
        "quantity": "2", "currency": "USD", "item-price": "25.00", "ship-country": "US",
        "ship-postal-code": "98101",
    }  # fmt: skip
    (order,) = understood(
        [row],
        "amazon",
        order_id="amazon-order-id",
        defaults=Stated(origin="CN", weight="1kg", hs="610910"),
    )
    assert order[3][0][:2] == ((2500, "USD"), 2)


def test_ebay_counts_no_summary_row_and_knows_signs_by_the_map():
    common = {"Order Number": "11-1", "Sale Date": "Aug-25-26"}
    buyer = {"Ship To Country": "Germany", "Ship To Zip": "10115"}
    rows = [
        {**common, **buyer, "Quantity": "2", "Sold For": "$28.00"},
        {**common, "Item Number": "22", "Quantity": "1", "Sold For": "$13.00"},
        {**common, "Item Number": "23", "Quantity": "1", "Sold For": "$15.00"},
    ]
    (order,) = understood(
        rows,
        "ebay",
        order_id="Order Number",
        defaults=Stated(origin="CN", weight="1kg"),
        mapped={"unit_price_usd": "Sold For"},
    )
    assert [line[0] for line in order[3]] == [(1300, "USD"), (1500, "USD")]
    assert order[2][1] == parse_day("2026-08-25")


def test_woocommerce():
    row = {
        "Order Number": "5", "Order Date": "2026-11-22 09:10", "Country Code (Shipping)": "FR",
        "Postcode (Shipping)": "75001", "SKU": "X", "Quantity (- Refund)": "3", "Item Cost": "4.15",
    }  # fmt: skip
    (order,) = understood(
        [row],
        "woocommerce",
        order_id="Order Number",
        defaults=Stated(origin="CN", weight="1kg"),
        mapped={"unit_price_eur": "Item Cost"},
    )
    assert order[3][0][:2] == ((1245, "EUR"), 3)
