"""What the shipped tables offer on the main lanes: modes, complete chains, reasons for the rest."""

from __future__ import annotations

from collections import Counter

import pytest

from tests import freight_side
from xborder_cli.core.pipeline import quote

SHIRT = {"weight": "0.46 kg", "size": "25x20x8 cm", "value": "25 USD", "goods": "t-shirt-cotton"}
LIPSTICK = {"weight": "1.2 kg", "size": "20x15x8 cm", "value": "40 USD", "goods": "lipstick"}
OFFERED = {  # from-to -> modes that have an option for the shirt
    "CN-US": "dedicated_line international_express overseas_warehouse postal_parcel",
    "CN-GB": "dedicated_line international_express overseas_warehouse postal_parcel",
    "CN-DE": "dedicated_line international_express overseas_warehouse postal_parcel",
    "CN-FR": "dedicated_line international_express overseas_warehouse postal_parcel",
    "CN-JP": "dedicated_line international_express overseas_warehouse postal_parcel",
    "CN-AU": "dedicated_line international_express overseas_warehouse postal_parcel",
    "CN-CA": "dedicated_line international_express overseas_warehouse postal_parcel",
    "CN-RU": "dedicated_line postal_parcel",
    "HK-US": "international_express postal_ems postal_parcel",
    "HK-GB": "postal_ems postal_parcel",
    "HK-DE": "postal_ems postal_parcel",
    "HK-JP": "postal_ems postal_parcel",
    "HK-AU": "postal_ems postal_parcel",
    "US-CN": "bonded_import direct_collection import_direct_mail",
    "JP-CN": "bonded_import direct_collection import_direct_mail",
    "HK-CN": "bonded_import direct_collection import_direct_mail",
    "GB-CN": "bonded_import direct_collection import_direct_mail",
    "DE-CN": "bonded_import direct_collection",
}


def _quote(lane: str, on: str = "2026-11-22", **given: str):
    start, end = lane.split("-")
    parcel = freight_side.shipment({"from": start, "to": end, **(given or SHIRT)}, on)
    return quote(freight_side.book(), parcel)


@pytest.mark.parametrize("lane", OFFERED)
def test_modes(lane: str) -> None:
    answer = _quote(lane)
    assert " ".join(sorted({option.mode for option in answer.options})) == OFFERED[lane]


@pytest.mark.parametrize("lane", OFFERED)
@pytest.mark.parametrize("goods", [SHIRT, LIPSTICK], ids=["shirt", "lipstick"])
def test_no_option_stands_twice_and_every_exclusion_has_a_reason(lane: str, goods) -> None:
    answer = _quote(lane, **goods)
    chains = Counter(
        (option.mode, tuple(leg.service for leg in option.legs)) for option in answer.options
    )
    assert not [chain for chain, n in chains.items() if n > 1]
    for one in answer.excluded:
        assert one.reason
        assert one.code != "not-in-force", "an issue that another has taken the place of"


def test_legs_of_a_chain_share_its_site() -> None:
    for lane in ("CN-US", "CN-GB"):
        for option in _quote(lane).options:
            assert len({leg.site for leg in option.legs if leg.site}) <= 1


@pytest.mark.parametrize(
    ("lane", "leg"),
    [
        ("CN-US", "nse-us-sea-matson"),
        ("CN-US", "nse-us-sea-regular"),
        ("CN-US", "nse-us-air"),
        ("CN-GB", "nse-gb-sea-ddp"),
        ("CN-GB", "nse-gb-rail-ddp"),
    ],
)
def test_a_leg_to_any_door_reaches_amazon_with_nothing_missing(lane: str, leg: str) -> None:
    given = {**SHIRT, "goods": "", "hs": "392490"}  # apparel has fees of its own that are a gap
    answer = _quote(lane, "2026-05-04", **given)
    found = [
        option
        for option in answer.options
        if leg in (one.service for one in option.legs)
        and any(one.site.startswith("amazon") for one in option.legs)
    ]
    assert len(found) == 1
    assert found[0].complete
    assert found[0].duty_minor == 0  # it is in the price of the leg


def test_a_container_is_shared_by_its_fill() -> None:
    for option in _quote("CN-US").options:
        for line in option.lines:
            if line.code == "ocean_freight":
                assert line.amount_minor < 100  # 0.004 cbm of 55, not a container for 100 shirts


def test_a_price_by_volume_is_a_gap_without_a_size() -> None:
    answer = _quote("CN-US", **{**SHIRT, "size": ""})
    legs = ("gsa-us-fba-lcl", "fbz-lax-storage")
    found = [o for o in answer.options if {leg.service for leg in o.legs} & set(legs)]
    assert found
    assert not any(option.complete for option in found)


def test_a_forwarder_is_offered_when_asked_for() -> None:
    plain = _quote("JP-CN", **LIPSTICK)
    assert "tenso-handling" not in {leg.service for o in plain.options for leg in o.legs}
    asked = freight_side.shipment(
        {"from": "JP", "to": "CN", **LIPSTICK, "options": ("forwarder",)}, "2026-11-22"
    )
    found = quote(freight_side.book(), asked, services=("tenso-handling",)).options
    assert {option.service for option in found} == {"jp-ems", "jp-epacket-air", "jp-parcel-air"}


@pytest.mark.parametrize(
    ("lane", "weight", "service", "reason", "fix"),
    [
        ("CN-US", "0.5 kg", "cainiao-s5059", "up to 0.2 kg; this is charged 0.5", "0.3 kg lighter"),
        ("HK-US", "1.2 kg", "hk-eexpress", "up to 1 kg; this is charged 1.2 kg", "0.2 kg lighter"),
        ("CN-US", "40 kg", "fbz-lax-handling", "up to 70 lb; this is", "18.185 lb lighter"),
    ],
)
def test_the_leg_that_cannot_is_named(
    lane: str, weight: str, service: str, reason: str, fix: str
) -> None:
    given = {**SHIRT, "weight": weight, "size": "20x10x10 cm"}
    (found,) = [one for one in _quote(lane, **given).excluded if one.service == service]
    assert reason in found.reason
    assert found.fix == fix
