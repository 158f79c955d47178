"""The invented market, and an article in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from xborder_cli.core.rule import Money
from xborder_cli.duties.case import case_of
from xborder_cli.duties.entry import work_out
from xborder_cli.duties.printed import Printed
from xborder_cli.duties.usual import CHANNEL
from xborder_cli.goods.rates import consignment
from xborder_cli.tables.compile import open_tables
from xborder_cli.units import parse_day

WORLD = Path(__file__).parent / "world"


@pytest.fixture(scope="session")
def small_book():
    return open_tables([WORLD])


@pytest.fixture
def world(small_book):
    def case(hs, origin, on, claims=(), quantity=1000):
        made = consignment(origin, parse_day(on), hs=hs)
        item = replace(
            made.items[0], claims=claims, quantity=quantity, value=Money("XBD", (10_000, 1))
        )
        shipment = replace(made, destination="XB", items=(item,))
        return case_of(work_out(small_book, shipment, channel=CHANNEL), Printed([WORLD]))

    return case
