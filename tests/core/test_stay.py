"""Storage by season: each day of a stay at the rate of that day."""

from __future__ import annotations

import random
from decimal import Decimal

import numpy as np
import pytest

from xborder_cli.core.pipeline import quote
from xborder_cli.core.rule import Money
from xborder_cli.core.shipment import Item, Shipment
from xborder_cli.core.stacking import parcels_of
from xborder_cli.core.stay import stay_days
from xborder_cli.errors import TableError
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables
from xborder_cli.tables.load import parse_charges
from xborder_cli.units import day_text, parse_day

RATES = {"2026-01-01": "0.5", "2026-10-01": "2.25", "2027-01-01": "0.75"}
CARD = """\
kind: rate_card
id: depot-storage
carrier: depot
service: Storage
modes: [overseas_warehouse]
leg: storage
transport: none
origins: [US]
site: depot
currency: USD
from: 2026-01-01
incoterms: [DDP]
source: {title: fictional}
charges:
  - {code: storage, kind: fee, day: stay, rate: {2026-01-01: 0.5 USD / cbm day, 2026-10-01: 2.25 USD / cbm day, 2027-01-01: 0.75 USD / cbm day}}
---
kind: rate_card
id: depot-handling
carrier: depot
service: Handling
modes: [overseas_warehouse]
leg: handling
transport: none
origins: [US]
site: depot
currency: USD
from: 2026-01-01
incoterms: [DDP]
source: {title: fictional}
includes: [last_mile]
charges:
  - {code: handling, kind: fee, rate: 1 USD}
"""  # noqa: E501 - a table, as it is written


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("depot")
    (folder / "depot.yaml").write_text(CARD, encoding="utf-8")
    return open_tables([bundled_folder(), folder])


def by_hand(on, days, cbm):
    """Add up the rates of the days, one by one."""
    starts = sorted((parse_day(day), Decimal(rate)) for day, rate in RATES.items())
    total = Decimal(0)
    for day in range(on - days, on):
        known = [rate for start, rate in starts if start <= day]
        total += (known[-1] if known else starts[0][1]) * cbm
    return total


def stored(on, days, side=100):
    """Return a cube that was in store."""
    return Shipment(
        origin="CN",
        destination="US",
        on=on,
        items=(Item(value=Money("USD", (25, 1)), hs="392490"),),
        weight_mg=10**6,
        length_dmm=side * 100,
        width_dmm=side * 100,
        height_dmm=side * 100,
        storage_days=days,
    )


def test_every_day_has_the_rate_of_its_day(book):
    rng = random.Random(5)
    days = [parse_day(day) for day in ("2026-09-30", "2026-10-01", "2026-10-02", "2027-01-01")]
    seen = 0
    for _ in range(40):
        on = rng.choice(days) if rng.random() < 0.5 else rng.randint(20460, 20830)
        stay = rng.choice((0, 1, 2, 30, 92, 93, 200, 400))
        answer = quote(book, stored(on, stay), services=("depot-storage",))
        for option in answer.options[:1]:
            (line,) = [x for x in option.lines if x.code == "storage"]
            cents = (by_hand(on, stay, Decimal(1)) * 100).to_integral_value("ROUND_HALF_UP")
            assert line.amount_minor == cents, (day_text(on), stay, line.rate)
            seen += 1
    assert seen > 20


def test_the_explanation_tells_the_days_of_each_rate(book):
    answer = quote(book, stored(parse_day("2026-10-11"), 30), services=("depot-storage",))
    (line,) = [x for x in answer.options[0].lines if x.code == "storage"]
    assert line.rate == "0.5 USD / cbm day for 20 days, 2.25 USD / cbm day for 10 days"
    assert line.amount_minor == 3250


def test_columns_of_days_and_stays_are_those_of_each_parcel(book):
    """Many parcels, each with its own day and stay: the days under each rate add up to the stay."""
    (charge,) = parse_charges(
        "[{code: s, kind: fee, day: stay, rate: {2026-01-01: 1 USD / cbm day, 2026-10-01: 2 USD /"
        " cbm day}}]",
        "USD",
    )
    ons = [parse_day("2026-09-01") + step for step in range(60)]
    shipments = [stored(on, 7 * at % 61) for at, on in enumerate(ons)]
    parcels = parcels_of(shipments, digits=book.digits)

    class Rate:
        days = tuple(span.since for span in charge.rate.spans)

    class Run:
        pass

    Run.parcels = parcels
    total = np.zeros(len(ons), dtype=np.int64)
    turn = parse_day("2026-10-01")
    for code, days in stay_days(Run, Rate):
        total += days
        inside = [
            sum((day >= turn) == bool(code) for day in range(on - one.storage_days, on))
            for on, one in zip(ons, shipments, strict=True)
        ]
        assert np.broadcast_to(days, (len(ons),)).tolist() == inside
    assert total.tolist() == [one.storage_days for one in shipments]


@pytest.mark.parametrize(
    "charge",
    [
        "{code: s, kind: fee, day: stay, rate: 1 USD / cbm}",
        "{code: s, kind: fee, day: stay, base: [goods], rate: 5 %}",
        "{code: s, kind: fee, day: stay, scope: line, rate: 1 USD / day}",
        "{code: s, kind: fee, day: tomorrow, rate: 1 USD / day}",
    ],
)
def test_what_counts_no_days_has_none(charge):
    with pytest.raises(TableError) as raised:
        parse_charges(f"[{charge}]", "USD")
    assert raised.value.problems[0].code in ("bad-scope", "unknown-value")
