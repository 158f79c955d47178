"""What the posts and the air do not carry: lighters, perfume, nail polish, spirits, spray cans."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import freight_side
from xborder_cli.core.pipeline import quote
from xborder_cli.tables.load import load_tables

RATES = Path(__file__).parents[2] / "rates"
PARCEL = {"weight": "0.46 kg", "size": "20x15x8 cm", "value": "25 USD"}
POSTAL = {"postal_ems", "postal_parcel"}
AIR = {*POSTAL, "dedicated_line", "domestic_express", "international_express"}


def _modes(lane: str, goods: str) -> set[str]:
    start, end = lane.split("-")
    given = {"from": start, "to": end, **PARCEL, "goods": goods}
    parcel = freight_side.shipment(given, "2026-11-22")
    return {option.mode for option in quote(freight_side.book(), parcel).options}


@pytest.mark.parametrize("goods", ["lighter", "perfume", "nail-polish", "whisky", "baijiu-spirits"])
@pytest.mark.parametrize("lane", ["CN-US", "CN-DE", "CN-AU", "HK-GB", "HK-JP"])
def test_no_air_takes_flammable_goods(lane: str, goods: str) -> None:
    assert not _modes(lane, goods) & AIR


@pytest.mark.parametrize("lane", ["JP-CN", "US-CN", "GB-CN"])
def test_nor_does_direct_mail_by_air(lane: str) -> None:
    assert "import_direct_mail" not in _modes(lane, "perfume")


def test_wine_travels_by_post_where_the_mail_allows_it() -> None:
    assert _modes("HK-GB", "wine") & POSTAL
    assert not _modes("HK-US", "wine") & POSTAL


@pytest.mark.parametrize("goods", ["wine", "e-cigarette", "e-liquid-nicotine"])
def test_mail_to_the_united_states_carries_no_drink_and_no_vaping(goods: str) -> None:
    assert not _modes("HK-US", goods) & POSTAL


def test_every_postal_card_refuses_what_the_convention_bars() -> None:
    cards = [card for card in load_tables([RATES]).cards if POSTAL & set(card.modes)]
    assert cards
    open_ = [card.id for card in cards if not {"flammable", "aerosol"} <= set(card.refuses)]
    assert open_ == []
