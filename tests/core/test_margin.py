"""What a sale leaves the seller: payment, platform, price and the order by margin."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from tests.core.test_best import unlike
from tests.random_orders import random_shipment
from xborder_cli.core.landed_cost import seller_recovers
from xborder_cli.core.pipeline import quote
from xborder_cli.core.rule import SELLING, Money
from xborder_cli.core.shipment import Item, Shipment
from xborder_cli.core.stacking import parcels_of
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables
from xborder_cli.tables.terms import parse_terms
from xborder_cli.units import parse_day

TABLES = Path(__file__).parents[1] / "selling"
ON = parse_day("2026-10-20")
KINDS: list[dict[str, object]] = [
    {"price": Money("USD", (399, 10)), "cogs": Money("CNY", (50, 1)), "payment": "acme"},
    {"price": Money("GBP", (30, 1)), "shipping": Money("EUR", (5, 1)), "platform": "acme-shop"},
    {
        "price": Money("EUR", (119, 1)),
        "options": ("price_with_tax",),
        "payment": "acme",
        "platform": "acme-shop",
        "dispute_rate": (1, 100),
    },
    {"payment": "acme-pay-gb", "cogs": Money("USD", (8, 1)), "category": "clothing"},
    {"platform": "acme-shop", "purchase_price": Money("CNY", (40, 1)), "payment": "acme"},
    {"assume": {"acme-fee": parse_terms("4 %")}, "payment": "acme", "incoterm": "DDP"},
    {"buyer": "business", "seller": "registered", "cogs": Money("USD", (8, 1))},
    {},
]


@pytest.fixture(scope="module")
def book():
    return open_tables([bundled_folder(), TABLES])


def shirt(destination="US", origin="CN", on=ON, **given):
    """Return a T-shirt of 25 USD."""
    return Shipment(
        origin=origin,
        destination=destination,
        on=on,
        items=(Item(value=Money("USD", (25, 1)), hs="610910"),),
        weight_mg=460_000,
        length_dmm=2500,
        width_dmm=2000,
        height_dmm=800,
        **given,
    )


def lines(option, leg):
    """Return what a payment or platform charges, by code, in its own currency."""
    legs = [number for number, one in enumerate(option.legs) if one.kind == leg]
    return {line.code: line.amount_minor for line in option.lines if line.leg in legs}


PRICE = Money("USD", (399, 10))


def test_fees_are_worked_on_price_and_shipping(book):
    given = {"price": PRICE, "shipping": Money("USD", (5, 1)), "platform": "acme-shop"}
    answer = quote(book, shirt(payment="acme", dispute_rate=(1, 100), **given))
    assert answer.options
    for option in answer.options:
        paid = lines(option, "payment")
        # 44.90 x 3.49 % + 0.49 = 2.05701; tax of this lane is not collected at checkout
        assert paid["paid"] == 4490
        assert (paid["payment_fee"], paid["dispute_fee"]) == (206, 15)
        assert "cross_border_fee" not in paid
        assert lines(option, "platform") == {"commission": 763}  # 17 % of 44.90


@pytest.mark.parametrize(
    ("price", "category", "commission"),
    [
        ("15", "", 75),  # 5 % up to 15
        ("15.01", "", 150),  # 10 % of all
        ("20", "", 200),
        ("20.01", "", 340),  # 17 %
        ("1", "", 30),  # the least for one piece
        ("15", "books", 225),  # what is stated counts before the HS code
        ("15", "clothing", 75),
    ],
)
def test_commission_by_price_and_category(book, price, category, commission):
    share = Fraction(price)
    money = Money("USD", (share.numerator, share.denominator))
    parcel = shirt(price=money, platform="acme-shop", category=category)
    if category == "books":
        parcel = replace(parcel, items=(replace(parcel.items[0], hs="490199"),))
    option = quote(book, parcel).options[0]
    assert lines(option, "platform")["commission"] == commission


def test_tax_added_at_checkout_is_paid_through_the_same_provider(book):
    """DE, IOSS: 19 % on top of the price is paid by the buyer in one sum."""
    plain = quote(book, shirt("DE", price=PRICE, payment="acme"))
    within = quote(book, shirt("DE", price=PRICE, payment="acme", options=("price_with_tax",)))
    seen = 0
    for option in plain.options:
        tax = sum(x.quote_minor for x in option.lines if x.collected == "checkout")
        found = lines(option, "payment")
        assert found["paid"] == 3990 + found["tax_on_top"]
        seen += tax > 0
        assert abs(found["tax_on_top"] - tax) <= 1
    assert seen
    for option in within.options:
        assert lines(option, "payment")["paid"] == 3990


@pytest.mark.parametrize("seed", range(4))
def test_margin_is_price_less_goods_less_what_the_seller_pays(book, seed):
    rng = random.Random(seed)
    told = 0
    for _ in range(25):
        shipment = random_shipment(book, rng, KINDS)
        try:
            answer = quote(book, shipment, by="margin")
        except Exception as error:
            assert type(error).__name__ in ("TableError", "UsageError")
            continue
        assert answer.sale is not None
        sale = answer.sale
        stock = parcels_of([answer.shipment], digits=book.digits)
        for option in answer.options:
            told += 1
            spent = 0
            for line in option.lines:
                if line.kind == "amount" or line.included:
                    continue
                mine = line.payer == "seller"
                if "price_with_tax" in shipment.options and line.collected == "checkout":
                    mine = True
                back = line.recoverable and seller_recovers(
                    stock, ("registered_seller",), stock=line.event == "entry"
                )
                spent += line.quote_minor if mine and not back else 0
            assert option.margin_minor == sale.paid_minor - (sale.cogs_minor or 0) - spent
        named = [
            o.margin_minor
            for o in answer.options
            if o.complete and not any("fictional" in flag for flag in o.flags)
        ]
        assert named == sorted(named, reverse=True)
    assert told > 50


def test_nothing_said_of_a_sale_is_no_margin(book):
    answer = quote(book, shirt())
    assert answer.sale is None
    assert {option.margin_minor for option in answer.options} == {None}


def test_fees_that_no_table_tells_are_a_gap(book):
    """Where the provider has no card, and before its first, the price is a lower bound."""
    for parcel in (
        shirt("JP", platform="acme-shop"),
        shirt("US", origin="JP", payment="acme"),
        shirt("US", on=parse_day("2026-07-31"), payment="acme"),
    ):
        answer = quote(book, parcel)
        assert answer.options
        for option in answer.options:
            assert not option.complete
            gaps = {line.code for line in option.lines if line.unknown}
            assert gaps & {"commission", "payment_fee"}
        name = "acme-fee" if parcel.payment else "acme-shop-fee"
        filled = quote(book, replace(parcel, assume={name: parse_terms("4 %")}))
        gone = {line.code for option in filled.options for line in option.lines if line.unknown}
        assert not gone & {"commission", "payment_fee"}


def test_an_account_is_named_by_its_id_wherever_the_parcel_leaves(book):
    option = quote(book, shirt(price=PRICE, payment="acme-pay-gb")).options[0]
    assert option.legs[-1].service == "acme-pay-gb"
    other = quote(book, shirt(price=PRICE, payment="acme")).options[0]
    assert other.legs[-1].service == "acme-pay"


def test_a_sale_changes_nothing_of_the_transport(book):
    """All lines but those of the sale are the same."""
    plain = quote(book, shirt("DE"))
    sold = quote(book, shirt("DE", price=PRICE, payment="acme", platform="acme-shop"))

    def known(answer):
        out = {}
        for option in answer.options:
            legs = [n for n, leg in enumerate(option.legs) if leg.kind in SELLING]
            chain = [leg.service for n, leg in enumerate(option.legs) if n not in legs]
            key = (option.mode, *chain)
            kept = [line for line in option.lines if line.leg is None or line.leg not in legs]
            out[key] = [(line.code, line.quote_minor) for line in kept]
        return out

    without, with_sale = known(plain), known(sold)
    for chain in without.keys() - with_sale.keys():
        assert any("fba" in str(service) for service in chain), "Amazon fulfils its own orders"
    assert with_sale == {chain: without[chain] for chain in with_sale}


@pytest.mark.parametrize(
    ("seed", "by", "top", "tile_rows"),
    [
        (21, "margin", 1, 8192),
        (22, "margin", None, 8192),
        (23, "margin", 2, 5),
        (24, "cost", 1, 64),
        (25, "speed", 3, 8192),
    ],
)
def test_columns_say_what_quotes_say(book, seed, by, top, tile_rows):
    rng = random.Random(seed)
    shipments = [random_shipment(book, rng, KINDS) for _ in range(40)]
    assert unlike(book, shipments, by=by, top=top, tile_rows=tile_rows) == []


def test_a_price_without_an_exchange_rate_prices_no_route(book):
    answer = quote(book, shirt(price=Money("KPW", (100, 1))))
    assert not answer.options
    assert {one.code for one in answer.excluded} >= {"no-exchange-rate"}


@pytest.mark.parametrize(
    ("to", "on", "platform", "service", "known"),
    [
        ("US", "2026-09-30", "bazaar", "bazaar-us", True),
        ("US", "2026-10-01", "bazaar", "bazaar-unknown-1", False),  # the list has ended
        ("US", "2026-02-28", "bazaar", "bazaar-unknown-2", False),  # and not yet begun
        ("DE", "2026-10-01", "bazaar", "bazaar", True),
        ("DE", "2026-09-30", "bazaar-us", "bazaar-us", True),  # by its id for any buyer
        ("DE", "2026-10-01", "bazaar-us", "bazaar-us", False),
    ],
)
def test_a_provider_has_one_card_or_a_gap_for_every_place_and_day(
    book, to, on, platform, service, known
):
    answer = quote(book, shirt(to, on=parse_day(on), price=PRICE, platform=platform))
    assert answer.options
    for option in answer.options:
        (leg,) = [leg for leg in option.legs if leg.kind == "platform"]
        assert leg.service == service or not known
        assert leg.service.startswith(platform)
        (line,) = [line for line in option.lines if line.code == "commission"]
        assert bool(line.unknown) is not known


def test_a_refund_leaves_the_margin_where_only_the_price_without_tax_is_known(book):
    def margins(**given):
        item = Item(value=Money("USD", (25, 1)), hs="610910", claims=given.pop("claims", ()))
        parcel = replace(shirt("DE", price=PRICE, **given), items=(item,))
        return [(option.service, option.margin_minor) for option in quote(book, parcel).options]

    bought = {"purchase_price": Money("CNY", (100, 1))}
    plain, refunded = margins(**bought), margins(**bought, claims=("refund",))
    assert sorted(plain) == sorted(refunded)
    with_tax = margins(**bought, cogs=Money("CNY", (113, 1)), claims=("refund",))
    for name, left in with_tax:
        assert abs(left - dict(plain)[name]) <= 2, "what is paid and refunded cancels out"


def test_tax_that_a_business_accounts_for_is_paid_at_no_checkout(book):
    given = {"price": Money("GBP", (100, 1)), "payment": "acme-pay-gb", "buyer": "business"}
    parcel = replace(shirt("GB", **given), items=(Item(value=Money("GBP", (100, 1)), hs="610910"),))
    options = {option.service: option for option in quote(book, parcel).options}
    within = quote(book, replace(parcel, options=("price_with_tax",)))
    seen = 0
    for option in within.options:
        codes = {line.code for line in option.lines if line.quote_minor}
        seen += "vat_reverse" in codes
        assert option.margin_minor == options[option.service].margin_minor or (
            "vat_reverse" not in codes
        )
    assert seen
