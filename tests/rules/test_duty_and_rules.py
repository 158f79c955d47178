"""Whatever `xb duty` charges stands in the rules of that day."""

from __future__ import annotations

import itertools

import pytest

from xborder_cli.adapters.shipments import read_shipment
from xborder_cli.adapters.stated import Stated
from xborder_cli.core.pipeline import duty
from xborder_cli.errors import XbError
from xborder_cli.rules.make import sheet_of
from xborder_cli.rules.reading import Library
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables
from xborder_cli.units import parse_day

LIBRARY = Library([bundled_folder()])
MARKETS = [name for name in LIBRARY.ids if name not in LIBRARY.unions]
DAYS = ["2025-06-15", "2026-11-20"]
PARCELS = [
    Stated(value=value, hs=hs, buyer=buyer, made_in="CN", weight="1kg")
    for value, hs, buyer in (
        ("20USD", "610910", "consumer"),
        ("20USD", "220830", "consumer"),
        ("400USD", "640399", "private"),
        ("3000USD", "847130", "business"),
    )
]


@pytest.fixture(scope="module")
def book():
    return open_tables([bundled_folder()])


@pytest.mark.parametrize("market", MARKETS)
def test_charges_and_regimes_of_answers_stand_in_the_rules(market, book):
    tables = LIBRARY.market(market)
    answered = 0
    for text in DAYS:
        day = parse_day(text)
        if day < tables.market.first_day:
            continue
        sheet = sheet_of(tables, day)
        entry = next(one for one in sheet.events if one.event == "entry")
        charges = {(one.regime, one.charge.code): one for one in entry.all_charges}
        regimes = {one.id: one for one in entry.regimes}
        for stated, channel in itertools.product(PARCELS, ("postal", "express", "freight")):
            origin = "US" if market == book.home else book.home
            try:
                shipment = read_shipment(_to(stated, origin, market), today=day)
                answer = duty(book, shipment, channel=channel)
            except XbError:
                continue
            answered += 1
            for line in answer.lines:
                if line.event != "entry":
                    continue
                shown = charges[line.regime, line.code]
                assert (shown.charge.kind, shown.name) == (line.kind, line.name)
            for choice in answer.regimes:
                if choice.event == "entry" and choice.taken:
                    assert choice.id in regimes
    assert answered


def _to(stated: Stated, origin: str, market: str) -> Stated:
    return stated.filled_from(Stated(origin=origin, destination=market, freight="5USD"))
