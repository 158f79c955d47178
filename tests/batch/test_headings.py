"""What the headings of a file mean, and why."""

from __future__ import annotations

import pickle

import pytest

from xborder_cli.adapters.stated import Stated
from xborder_cli.batch.headings import meanings_of, ours_of, require
from xborder_cli.batch.presets import presets
from xborder_cli.errors import OrderError

MONEY = ("USD", "EUR", "CNY")


def meanings(*headings, mapped=None, preset=None, **more):
    found = presets()[preset] if preset else None
    return meanings_of(
        headings, "o.csv", mapped=mapped or {}, preset=found, currencies=MONEY, **more
    )


def of(heading, **more):
    one = meanings(heading, **more).columns[0]
    return one.ours, one.unit, one.why


@pytest.mark.parametrize(
    ("heading", "means"),
    [
        ("from", ("from", "", "ours")),
        (" Order ID", ("order_id", "", "ours")),
        ("weight_g", ("weight", "g", "unit")),
        ("Weight (lb)", ("weight", "lb", "unit")),
        ("weight [kg]", ("weight", "kg", "unit")),
        ("WEIGHT_LBS", ("weight", "lb", "unit")),
        ("Length (cm)", ("length", "cm", "unit")),
        ("width_in", ("width", "in", "unit")),
        ("height_mm", ("height", "mm", "unit")),
        ("size_cm", ("size", "cm", "unit")),
        ("value_usd", ("value", "USD", "unit")),
        ("Price (EUR)", ("unit_price", "EUR", "alias")),
        ("unit_price", ("unit_price", "", "ours")),
        ("freight_cny", ("freight", "CNY", "unit")),
        ("transfer_value", ("transfer_value", "", "ours")),
        ("ordered_on (dd/mm/yyyy)", ("ordered_on", "dd/mm/yyyy", "unit")),
        ("Qty", ("quantity", "", "alias")),
        ("HS Code", ("hs", "", "alias")),
        ("Trait", ("traits", "", "alias")),
        ("claim", ("claims", "", "alias")),
        ("on", ("ordered_on", "", "alias")),
        ("unit", ("", "", "")),
        ("weight_stone", ("", "", "")),
        ("value_kg", ("", "", "")),
        ("Buyer name", ("", "", "")),
        ("", ("", "", "")),
    ],
)
def test_a_heading(heading, means):
    assert of(heading) == means


def test_map_goes_before_all_and_may_say_a_unit():
    found = meanings("value", "Total", mapped={"value_usd": "Total"})
    assert [(one.ours, one.unit, one.why, one.known) for one in found.columns] == [
        ("", "", "", "value"),
        ("value", "USD", "map", ""),
    ]
    assert found.unused == ("value",)
    assert of("Netto (kg)", mapped={"weight": "Netto (kg)"}) == ("weight", "kg", "map")


def test_ours_of_map():
    assert ours_of("Weight_G", MONEY) == ("weight", "g")
    assert ours_of("wait", MONEY) == ("", "")
    assert ours_of("ordered_on_(dd/mm/yyyy)", MONEY) == ("ordered_on", "dd/mm/yyyy")


@pytest.mark.parametrize(
    ("headings", "words"),
    [
        (("to", "To"), 'two columns mean "to"'),
        (("weight", "weight_g"), 'two columns mean "weight"'),
        (("size", "Length (cm)"), 'two columns mean "size"'),
        (("hs", "hs"), 'two columns mean "hs"'),
    ],
)
def test_two_columns_that_mean_the_same(headings, words):
    with pytest.raises(OrderError, match=words) as error:
        meanings(*headings)
    assert {one.code for one in error.value.problems} == {"two-columns"}


def test_an_alias_gives_way():
    found = meanings("hs", "HS Code", "price", "unit_price")
    assert [one.ours for one in found.columns] == ["hs", "", "", "unit_price"]


def test_a_mapped_column_that_is_not_there():
    with pytest.raises(OrderError, match='no column "Totale", which --map names'):
        meanings("Total", mapped={"value": "Totale"})


def test_columns_that_no_order_can_do_without():
    found = meanings("name", "to")
    with pytest.raises(OrderError) as error:
        require(found, "o.csv", Stated())
    assert [one.what for one in error.value.problems] == ['no column "from"', 'no column "value"']
    assert "not used: name" in error.value.problems[0].fix
    require(found, "o.csv", Stated(origin="CN", value="3USD"))
    require(meanings("from", "to", "unit_price"), "o.csv", Stated())
    require(meanings("from", "to", "items"), "o.csv", Stated())
    require(meanings("from", "to", "sku", catalogued=True), "o.csv", Stated())


def test_headings_that_come_later_are_judged_alike():
    found = meanings("from", "Total", mapped={"value": "Total"})
    assert found.of("weight_g").unit == "g"
    assert found.of("value").ours == ""  # --map put another in its place
    assert found.of("From").ours == "from"  # each row that fills both is told of
    again = pickle.loads(pickle.dumps(found))
    assert again == found
    assert again.wanted("to") and not again.wanted("sku")


def test_what_was_read_into_headings_is_said():
    found = meanings("Price (EUR)", "width_in")
    assert found.remarks == (
        '"Price (EUR)" is taken for the price of one piece; --map says otherwise',
        "no column for length, height: rows that state some sides of a size are rejected",
    )


def test_a_flag_that_is_no_column_is_told():
    assert meanings("to", "Unit").remarks == ('"Unit" is not used; the column of --unit is units',)


def test_many_columns_are_understood_at_once_and_not_all_named():
    headings = ["order_id", *(f"c{number}" for number in range(20_000))]
    found = meanings(*headings)
    assert [one.heading for one in found.columns if one.ours] == ["order_id"]
    with pytest.raises(OrderError) as caught:
        require(found, "o.csv", Stated())
    first, *others = caught.value.problems
    assert first.fix.endswith("c10, c11 and 19,988 more")
    assert not any("not used" in one.fix for one in others)


def test_a_value_beside_the_price_of_a_piece_is_told() -> None:
    found = meanings_of(["to", "value", "unit_price"], "o.csv", mapped={})
    assert '"unit_price" is read only where "value" is blank' in found.remarks
