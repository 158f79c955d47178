"""Clearances shown against each other: the figures are those of options and of `xb duty`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.test_unstated import SCENT, SHIRT, parcel
from xborder_cli.cli.render.json import quote_document
from xborder_cli.cli.verify import differences
from xborder_cli.core.columns import Num
from xborder_cli.core.pipeline import duty, quote
from xborder_cli.core.rule import Money
from xborder_cli.core.shipment import Item
from xborder_cli.core.stacking import parcels_of
from xborder_cli.core.tile import Tile
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables

LEVIES = ("duty_minor", "tax_minor", "fees_minor")


@pytest.fixture(scope="module")
def book():
    return open_tables([bundled_folder()])


def test_each_channel_that_the_market_names_is_there_once(book):
    found = quote(book, parcel(SHIRT))
    assert tuple(one.channel for one in found.clearances) == book.market("CN").compare
    assert quote(book, parcel(SHIRT, destination="DE")).clearances == ()


def test_a_channel_of_an_option_costs_what_the_option_pays_at_the_border(book):
    found = quote(book, parcel(SCENT))
    by_rank = {option.rank: option for option in found.options}
    shown = [one for one in found.clearances if one.option]
    assert shown
    for one in shown:
        lines = [line for line in by_rank[one.option].lines if line.event == "entry"]
        assert by_rank[one.option].channel == one.channel
        assert one.total_minor == sum(line.quote_minor for line in lines if line.kind != "amount")
        assert one.total_minor == sum(getattr(one, name) for name in LEVIES)


def test_a_channel_without_option_is_worked_out_with_the_freight_of_the_best(book):
    found = quote(book, parcel(SHIRT, origin="JP"), currency="CNY")
    apart = [o for o in found.options if not any(line.included for line in o.lines)]
    assert apart[0] is not found.options[0], "a price that holds dues should come first here"
    freight = Money("CNY", (apart[0].freight_minor, 100))
    alone = next(one for one in found.clearances if not one.option and not one.refused)
    answer = duty(book, replace(parcel(SHIRT, origin="JP"), freight=freight), channel=alone.channel)
    assert [getattr(alone, name) for name in LEVIES] == [getattr(answer, n) for n in LEVIES]
    assert alone.complete == answer.complete


@pytest.mark.parametrize("value", range(300, 306))
def test_sums_are_sums_of_converted_lines(book, value):
    wine = Item(
        value=Money("CNY", (value, 1)), hs="2204210000", origin="GB", units={"litre": (3, 4)}
    )
    shipment = replace(parcel(wine), freight=Money("CNY", (7, 1)))
    tile = Tile(parcels_of([shipment], digits=book.digits), book)
    found = quote(book, shipment, currency="JPY").clearances
    alone = next(one for one in found if one.channel == "freight")
    paid = [one for one in duty(book, shipment, channel="freight").lines if one.kind == "tax"]
    converted = [tile.convert(Num.of(one.amount_minor), "CNY", "JPY").first() for one in paid]
    assert alone.option == 0
    assert alone.tax_minor == sum(converted)


def test_a_quote_whose_clearances_were_altered_does_not_hold(book):
    document = quote_document(found := quote(book, parcel(SHIRT)), found.options, {}, book.digits)
    clearances = [*document["clearances"][:-1], {**document["clearances"][-1], "total": "1.00"}]
    assert differences(document, document) == []
    assert len(differences({**document, "clearances": clearances}, document)) == 1
    before = {name: one for name, one in document.items() if name != "clearances"}
    assert differences(before, document) == []


def test_what_is_closed_says_why(book):
    two = replace(SCENT, value=Money("CNY", (6000, 1)), quantity=2)
    closed = {one.channel: one for one in quote(book, parcel(two)).clearances if one.refused}
    for channel in ("personal", "9610", "1210"):
        answer = duty(book, parcel(two), channel=channel)
        assert f"refused: {closed[channel].refused}" in answer.flags


def test_a_clearance_alone_shows_the_others_unless_one_was_asked_for(book):
    found = duty(book, parcel(SHIRT))
    assert tuple(one.channel for one in found.clearances) == book.market("CN").compare
    own = next(one for one in found.clearances if one.channel == found.channel)
    assert [getattr(own, name) for name in LEVIES] == [getattr(found, name) for name in LEVIES]
    assert duty(book, parcel(SHIRT), channel=found.channel).clearances == ()
