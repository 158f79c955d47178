"""Goods stand at the longer code that a market has for them, unless the caller states one."""

import pytest

from xborder_cli.core.intake import understand
from xborder_cli.core.shipment import Item, Shipment
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables
from xborder_cli.units import parse_day, parse_money


@pytest.fixture(scope="module")
def book():
    return open_tables([bundled_folder()])


@pytest.mark.parametrize(
    ("market", "stated", "hs", "told"),
    [
        ("US", {"goods": "luggage"}, "4202122120", "HS code of luggage in US taken as 4202122120"),
        # the union's code, since the country has none of its own
        ("DE", {"goods": "luggage"}, "42021250", "HS code of luggage in DE taken as 42021250"),
        ("GB", {"goods": "luggage"}, "420212", ""),
        ("US", {"goods": "luggage", "hs": "42021229"}, "42021229", ""),
        ("US", {"goods": "luggage", "hs": "420212"}, "420212", ""),
    ],
)
def test_a_market_s_own_code_is_taken_and_said(book, market, stated, hs, told):
    item = Item(value=parse_money("10USD"), **stated)
    shipment = Shipment(
        origin="CN", destination=market, on=parse_day("2026-11-20"), items=(item,), weight_mg=1
    )
    found = understand(book, shipment)
    assert found.shipment.items[0].hs == hs
    said = [words for words in found.assumptions if words.startswith("HS code of")]
    assert said == ([f"{told} (--hs otherwise)"] if told else [])


def test_every_code_of_a_market_stands_below_the_goods_own(book):
    lines = [(one, place, code) for one in book.goods.values() for place, code in one.lines]
    assert sum(place == "US" for _, place, _ in lines) == 187
    for one, place, code in lines:
        assert code.startswith(one.hs), one.slug
        assert place in (*book.market_heads, "EU")
        assert 8 <= len(code) <= 10
