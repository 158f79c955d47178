"""Words of a parcel to a shipment, and a shipment to a document and back."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from xborder_cli.adapters.documents import shipment_document, shipment_of
from xborder_cli.adapters.names import Names
from xborder_cli.adapters.shipments import read_shipment
from xborder_cli.adapters.stated import Stated
from xborder_cli.core import rule
from xborder_cli.core.rule import Money
from xborder_cli.errors import UsageError

NAMES = Names(
    countries={"DE": "Germany", "US": "United States"}, goods={}, currencies=("EUR", "USD", "JPY")
)
ITEMS = (
    "hs=6109.10, value=45.10USD, qty=3, ml=750, net=0.2kg, pair=1, battery=1.50",
    "hs=420221, value=9.90USD, qty=2, origin=DE, litre=0.75, case=2",
)
PLAIN = Stated(
    origin="us", destination="de", weight="850g", size="30x20x10cm", value="45usd", hs="6109.10"
)
FULL = Stated(
    origin="US",
    destination="DE",
    on="2026-03-01",
    weight="2lb",
    size="12x8x4in",
    made_in="US",
    traits=("battery",),
    claims=("USMCA",),
    items=ITEMS,
    buyer="business",
    incoterm="DDU",
    scheme="none",
    postcode="10115",
    options=("signature",),
    freight="12EUR",
    insurance="1EUR",
    fees=("3EUR", "broker=4USD"),
    transfer_value="20USD",
    lot="100",
    storage_days="30",
    return_rate="5%",
    air_share="78%",
    used_this_year="1000EUR",
    assume=("9610-air=28EUR/kg",),
    overrides=("mfn=5%+0.30EUR/item max 9EUR", "vat=19%"),
    fx=("usd/eur=0.85",),
)


def read(stated: Stated):
    return read_shipment(stated, today=20_000, names=NAMES)


def problems(stated: Stated) -> dict[str, str]:
    with pytest.raises(UsageError) as error:
        read(stated)
    return {problem.where.path: problem.code for problem in error.value.problems}


def test_plain():
    shipment = read(PLAIN)
    assert (shipment.origin, shipment.destination, shipment.on) == ("US", "DE", 20_000)
    assert shipment.weight_mg == 850_000
    assert shipment.items[0].value == Money("USD", (45, 1))
    assert shipment.items[0].hs == "610910"


def test_full():
    shipment = read(FULL)
    first, second = shipment.items
    assert first.units == {"litre": (3, 4), "net_kg": (1, 5), "pair": (1, 1)}
    assert first.parts == {"battery": (3, 2)}
    assert (second.quantity, second.origin, second.parts) == (2, "DE", {"case": (2, 1)})
    assert shipment.incoterm == "DAP"
    assert shipment.fees == (("fee", Money("EUR", (3, 1))), ("broker", Money("USD", (4, 1))))
    assert shipment.return_rate == (1, 20)
    assert shipment.counters == {"used_this_year": Money("EUR", (1000, 1))}
    assert len(shipment.overrides["mfn"].parts) == 2
    assert shipment.fx == {("USD", "EUR"): (17, 20)}


def test_plain_flags_measure_one_kind_of_goods():
    stated = replace(PLAIN, quantity="3", units=("ml=750", "net=0.2kg"), parts=("battery=1.50",))
    (item,) = read(stated).items
    assert (item.quantity, item.parts) == (3, {"battery": (3, 2)})
    assert item.units == {"litre": (3, 4), "net_kg": (1, 5)}


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("value", "30EUR"),
        ("goods", "toy"),
        ("hs", "610910"),
        ("quantity", "2"),
        ("units", ("ml=1",)),
        ("parts", ("battery=1",)),
    ],
)
def test_goods_are_stated_once(field, text):
    stated = replace(PLAIN, value="", hs="", items=("value=10EUR", "value=20EUR"))
    assert len(read(stated).items) == 2
    assert set(problems(replace(stated, **{field: text})).values()) == {"goods-twice"}


@pytest.mark.parametrize("stated", [PLAIN, FULL])
def test_documents_come_back(stated):
    shipment = read(stated)
    assert shipment_of(shipment_document(shipment)) == shipment


def test_every_problem_at_once():
    found = problems(
        Stated(origin="US", destination="Germny", weight="1,2", size="0x1x1cm", value="9", hs="610")
    )
    assert found == {
        "--to": "unknown-country",
        "--weight": "bad-weight",
        "--size": "bad-size",
        "--value": "bad-value",
        "--hs": "bad-hs",
    }


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("on", "2026-02-30", "bad-day"),
        ("buyer", "robot", "bad-buyer"),
        ("incoterm", "EXW", "bad-incoterm"),
        ("lot", "0", "bad-lot"),
        ("lot", "1.5", "bad-lot"),
        ("return_rate", "120%", "bad-return-rate"),
        ("value", "-3USD", "bad-value"),
        ("value", "3GBP", "unknown-currency"),
        ("insurance", "3", "bad-money"),
        ("quantity", "0", "bad-quantity"),
        ("hs", "61091A", "bad-hs"),
        ("weight", "0kg", "bad-weight"),
        ("units", ("pint=1",), "bad-unit"),
        ("units", ("litre=-1",), "bad-unit"),
        ("units", ("net=-1kg",), "bad-weight"),
        ("parts", ("battery=-1",), "bad-part"),
        ("parts", ("battery=45.01",), "bad-part"),  # of 45 USD
        ("assume", ("9610-air",), "bad-assume"),
        ("overrides", ("mfn=much",), "bad-rate"),
        ("fx", ("USDEUR=1",), "bad-fx"),
        ("fx", ("USD/EUR=0",), "bad-fx"),
        ("items", ("goods",), "bad-item"),
        ("items", ("value=3USD, weight=5",), "bad-item"),
        ("items", ("vlaue=3USD, value=2USD",), "bad-item"),
    ],
)
def test_codes(field, text, code):
    assert code in problems(replace(PLAIN, **{field: text})).values()


KNOWN = replace(
    NAMES,
    known={
        "scheme": ("ioss", "lvig", "none"),
        "option": ("adult_signature",),
        "platform": (),
        "area": ("EUR1",),
        "claim": ("USMCA",),
        "trait": ("battery",),
        "assume": ("9610-air",),
        "set": ("mfn",),
    },
    market={
        "DE": (
            rule.Test(kind="is", name="scheme", values=("ioss",)),
            (rule.Test(kind="is", name="region", values=("BE", "BY")),),
        )
    }.get,
)


@pytest.mark.parametrize(
    ("field", "text", "spelt"),
    [
        ("scheme", "IOSS", "ioss"),
        ("scheme", "None", "none"),
        ("region", "be", "BE"),
        ("area", "eur1", "EUR1"),
        ("options", ("Adult-Signature",), ("adult_signature",)),
        ("assume", ("9610-AIR=1USD",), {"9610-air"}),
        ("overrides", ("MFN=1%",), {"mfn"}),
    ],
)
def test_names_are_spelt_as_the_tables_do(field, text, spelt):
    shipment = read_shipment(replace(PLAIN, **{field: text}), today=20_000, names=KNOWN)
    found = getattr(shipment, field)
    assert (set(found) if isinstance(found, dict) else found) == spelt


def test_names_of_items_are_spelt_too():
    stated = replace(PLAIN, traits=("Battery",), claims=("usmca",))
    (item,) = read_shipment(stated, today=20_000, names=KNOWN).items
    assert (item.traits, item.claims) == (("battery",), ("USMCA",))


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("scheme", "foo", "unknown-scheme"),
        ("scheme", "lvig", "unknown-scheme"),  # of another market
        ("region", "Berlin", "unknown-region"),
        ("area", "Q", "unknown-area"),
        ("options", ("foo",), "unknown-option"),
        ("traits", ("batery",), "unknown-trait"),
        ("claims", ("foo",), "unknown-claim"),
        ("assume", ("foo=1%",), "unknown-assume"),
        ("overrides", ("mnf=1%",), "unknown-set"),
    ],
)
def test_unknown_names_are_problems(field, text, code):
    with pytest.raises(UsageError) as error:
        read_shipment(replace(PLAIN, **{field: text}), today=20_000, names=KNOWN)
    assert [problem.code for problem in error.value.problems] == [code]


def test_a_region_is_free_where_no_rule_asks():
    stated = replace(PLAIN, destination="US", region="Texas")
    assert read_shipment(stated, today=20_000, names=KNOWN).region == "Texas"


def test_near_names_are_offered():
    with pytest.raises(UsageError) as error:
        read(Stated(origin="US", destination="Germani", weight="1kg", value="3USD"))
    assert error.value.problems[0].fix == "did you mean DE (Germany)?"


def test_a_claim_that_is_like_none_is_told_how_to_find_those_there_are():
    fixes = {}
    for claim in ("USMKA", "KORUS"):
        with pytest.raises(UsageError) as error:
            read_shipment(replace(PLAIN, claims=(claim,)), today=20_000, names=KNOWN)
        fixes[claim] = error.value.problems[0].fix
    assert fixes["USMKA"] == "did you mean USMCA?"
    assert "--preference" in fixes["KORUS"]


def test_a_union_is_told_with_countries_of_it():
    def market(code):
        return SimpleNamespace(tariff="EU" if code in ("DE", "FR") else code)

    names = replace(KNOWN, countries={**KNOWN.countries, "FR": "France"}, market=market)
    with pytest.raises(UsageError) as error:
        read_shipment(replace(PLAIN, destination="EU"), today=20_000, names=names)
    (problem,) = error.value.problems
    assert "such as DE (Germany) or FR (France)" in problem.fix


def test_missing_things_are_asked_for():
    assert problems(Stated()) == {"--from": "missing", "--to": "missing"}


@pytest.mark.parametrize(("stated", "kept"), [("Amazon", "Amazon"), ("OZON", "ozon")])
def test_a_platform_is_kept_whether_a_table_asks_for_it_or_not(stated, kept):
    names = replace(KNOWN, known={**KNOWN.known, "platform": ("ozon",)})
    assert (
        read_shipment(replace(PLAIN, platform=stated), today=20_000, names=names).platform == kept
    )
