"""What goods do not state is the same whether nobody states it or another of the batch does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.test_best import unlike
from xborder_cli.core.judged import Judged, all_hold, any_holds
from xborder_cli.core.pipeline import duty, quote
from xborder_cli.core.rule import Money
from xborder_cli.core.shipment import Item, Shipment
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables

DAY = 20_740
SCENT = Item(value=Money("CNY", (900, 1)), hs="330300", origin="GB")
BEER = Item(value=Money("USD", (30, 1)), hs="2203000000", origin="GB")
SHIRT = Item(value=Money("USD", (12, 1)), hs="610910", origin="GB")
WATCH = Item(value=Money("USD", (40, 1)), hs="910211", origin="CN")


@pytest.fixture(scope="module")
def book():
    return open_tables([bundled_folder()])


def parcel(*items, origin="GB", destination="CN"):
    return Shipment(
        origin=origin,
        destination=destination,
        on=DAY,
        items=items,
        weight_mg=700_000,
        length_dmm=2000,
        width_dmm=1000,
        height_dmm=800,
    )


def words(book, shipment):
    return {
        note
        for option in quote(book, shipment).options
        for note in option.assumptions
        if "of the goods not stated" in note
    }


def test_orders_that_state_a_unit_beside_orders_that_do_not(book):
    dear = replace(SCENT, units={"litre": (1, 20)})
    cheap = replace(SCENT, units={"litre": (5, 1), "net_kg": (5, 1)})
    weighed = replace(SHIRT, units={"net_kg": (1, 5), "gross_kg": (1, 4)})
    beer = replace(BEER, units={"net_kg": (1, 2)})
    some = [
        parcel(*items)
        for items in (
            (SCENT,),
            (dear,),
            (cheap,),
            (SHIRT,),
            (weighed,),
            (SCENT, dear),
            (BEER, SHIRT),
            (beer, SCENT, weighed),
            (BEER,),
            (beer,),
        )
    ]
    assert unlike(book, some, top=None) == []
    abroad = [replace(one, origin="CN", destination="US") for one in some]
    assert unlike(book, abroad, top=None) == []


def test_an_assumption_is_told_where_a_price_rests_on_it_alone(book):
    asked = "of the goods not stated: taken as within 10 CNY"
    told = words(book, parcel(SCENT))
    assert {note.split()[0] for note in told if asked in note} == {"ml", "g"}
    assert not words(book, parcel(SHIRT))
    dear = replace(SCENT, units={"litre": (1, 20)})  # the other measure cannot change it
    assert not [note for note in words(book, parcel(dear)) if asked in note]
    cheap = replace(SCENT, units={"litre": (5, 1)})
    told = words(book, parcel(cheap))
    assert {note.split()[0] for note in told if asked in note} == {"g"}


def test_a_limit_is_told_as_it_stands_in_the_table(book):
    told = {note for note in words(book, parcel(BEER)) if note.startswith("kg of")}
    assert told <= {"kg of the goods not stated: taken as within 0.37 USD / kg"}
    assert told


def test_parts_that_one_line_states_are_not_taken_off_for_another(book):
    stated = replace(WATCH, parts={"case": (10, 1), "strap": (5, 1), "battery": (1, 1)})
    nothing = replace(WATCH, parts={"case": (0, 1), "strap": (0, 1), "battery": (0, 1)})
    to = {"origin": "CN", "destination": "US"}
    alone = duty(book, parcel(stated, nothing, **to), channel="express")
    unknown = duty(book, parcel(stated, WATCH, **to), channel="express")
    assert unknown.duty_minor == alone.duty_minor > 0
    assert alone.complete
    assert not unknown.complete
    assert (
        unlike(book, [parcel(*one, **to) for one in ((WATCH,), (stated,), (WATCH, stated))]) == []
    )


def test_what_is_known_needs_no_assumption():
    guess = Judged(False, ((True, "dry"),))
    sure, no = Judged(True), Judged(False)
    assert all_hold([guess, no]).notes == any_holds([guess, sure]).notes == ()
    assert all_hold([guess, sure]).notes == any_holds([guess, no]).notes == guess.notes
    assert all_hold([guess, sure]).mask is any_holds([guess, no]).mask is False
