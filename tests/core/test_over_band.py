"""Started steps over the start of a band, where bands are cut by money."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from fractions import Fraction

import pytest

from xborder_cli.core.pipeline import quote
from xborder_cli.core.rule import Money
from xborder_cli.core.shipment import Item, Shipment
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables
from xborder_cli.units import parse_day

CARD = """\
kind: rate_card
id: insured-line
carrier: insured
service: Insured
modes: [dedicated_line]
leg: door_to_door
transport: air
origins: [CN]
to: [US]
currency: USD
from: 2026-01-01
source: {title: fictional}
charges:
  - {code: freight, kind: freight, rate: 5 USD}
  - code: cover
    kind: fee
    base: [goods]
    rate:
      bands: whole
      by: goods
      ends: up_to
      grid: |
        up_to_USD  USD  USD/started_100USD_over_band
        100        2    0
        900        2    0.75
        5000       8    1.25
"""
STEPS = ((0, "2", "0"), (100, "2", "0.75"), (900, "8", "1.25"))


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("insured")
    (folder / "insured.yaml").write_text(CARD, encoding="utf-8")
    return open_tables([bundled_folder(), folder])


@pytest.mark.parametrize(
    "value", ["99.99", "100", "100.01", "200", "200.01", "900", "900.01", "1000", "1000.01", "5000"]
)
def test_steps_are_counted_from_where_the_band_begins(book, value):
    share = Fraction(value)
    parcel = Shipment(
        origin="CN",
        destination="US",
        on=parse_day("2026-10-20"),
        items=(Item(value=Money("USD", (share.numerator, share.denominator)), hs="392490"),),
        weight_mg=10**6,
    )
    (option,) = quote(book, parcel, services=("insured-line",)).options
    (line,) = [line for line in option.lines if line.code == "cover"]
    worth = Decimal(value)
    start, flat, step = next(one for one in reversed(STEPS) if worth > one[0])
    steps = ((worth - start) / 100).to_integral_value(ROUND_CEILING)
    assert line.amount_minor == 100 * (Decimal(flat) + steps * Decimal(step))
