"""What each item of a parcel adds to a duty: it multiplies out, and adds up to the charge."""

from __future__ import annotations

import functools
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from xborder_cli.core.pipeline import duty
from xborder_cli.core.shipment import Item, Shipment
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables
from xborder_cli.units import parse_day, parse_money

GOODS = ("6109100012", "6404191560", "8518302000", "8450200090", "392690", "950300")
NET = {"net_kg": (1, 2)}
ORIGINS = ("CN", "VN", "MX")


@functools.cache
def book():
    return open_tables([bundled_folder()])


def lines(items, destination="US"):
    found = tuple(
        Item(value=parse_money(f"{cents / 100:.2f}USD"), hs=hs, origin=origin)
        for hs, origin, cents in items
    )
    one = Shipment(
        origin="CN",
        destination=destination,
        on=parse_day("2026-11-20"),
        items=found,
        freight=parse_money("17.31USD"),
    )
    return duty(book(), one, channel="freight").lines


ITEM = st.tuples(st.sampled_from(GOODS), st.sampled_from(ORIGINS), st.integers(1, 999_999))


@settings(deadline=None, max_examples=60)
@given(items=st.lists(ITEM, min_size=2, max_size=6), market=st.sampled_from(("US", "DE", "GB")))
def test_parts_add_up_and_multiply_out(items, market):
    for line in lines(items, market):
        if not line.parts:
            continue
        amounts = [Decimal(part.amount) for part in line.parts]
        cent = Decimal("0.01")
        total = sum(amounts).quantize(cent, ROUND_HALF_UP)
        assert total == Decimal(line.amount_minor) / 100, line
        for part in line.parts:
            base, currency = part.base.split()
            assert currency == part.currency == line.currency
            percent, _, rest = part.rate.partition(" %")
            if rest or not percent.replace(".", "").isdigit() or "less" in line.rate:
                continue
            exact = Decimal(base) * Decimal(percent) / 100
            assert Decimal(part.amount) in (exact, exact.quantize(cent, ROUND_HALF_UP)), line


def test_the_base_of_a_charge_is_that_of_the_items_that_bear_it():
    items = [("6109100012", "CN", 3333), ("6109100012", "VN", 3333), ("8450200090", "CN", 3334)]
    found = {line.code: line for line in lines(items)}
    assert found["us_301_cn"].base == "66.67 USD"
    assert [part.item for part in found["us_301_cn"].parts] == [1, 3]
    assert found["us_301_fl"].base == "66.66 USD"
    assert found["us_232"].base == "33.34 USD"


def test_an_item_whose_rate_is_not_known_is_named():
    items = [("6109100012", "CN", 3333), ("845020", "CN", 3334)]
    mfn = next(line for line in lines(items) if line.code == "mfn")
    assert [(part.item, part.rate, part.at_least) for part in mfn.parts] == [
        (1, "16.5 %", False),
        (2, "", True),
    ]


def test_one_item_has_no_parts():
    assert all(not line.parts for line in lines([("6109100012", "CN", 3333)]))


def test_a_charge_without_a_row_is_no_lower_bound_because_its_base_is():
    items = [("6109100012", "CN", 3333), ("845020", "CN", 3334)]
    found = {line.code: line for line in lines(items)}
    assert found["mfn"].at_least
    assert not found["us_301_br"].at_least


def test_a_rate_by_quantity_tells_how_much_there_is():
    item = Item(value=parse_money("100EUR"), hs="2204219195", units={"litre_alcohol": (117, 100)})
    one = Shipment(origin="AU", destination="DE", on=parse_day("2026-11-20"), items=(item,))
    line = next(line for line in duty(book(), one, channel="freight").lines if line.code == "duty")
    assert (line.base, line.rate) == ("1.17 vol_hl", "1.75 EUR / vol_hl")
    assert line.amount_minor == 205


def test_goods_by_weight_ask_for_the_weight_of_their_line():
    heavy, light = (Item(value=parse_money("10EUR"), hs=hs) for hs in ("19023010", "610910"))
    for items, missing in (((heavy, light), True), ((replace(heavy, units=NET), light), False)):
        one = Shipment(origin="CN", destination="DE", on=parse_day("2026-11-20"), items=items)
        answer = duty(book(), one, channel="freight")
        line = next(line for line in answer.lines if line.code == "duty")
        assert ("--unit net=WEIGHT" in line.unknown) == line.at_least == missing
        assert line.parts[0].base == ("10.00 EUR" if missing else "10.00 EUR, 0.5 kg")
