"""Random orders of the bundled tables: many lanes, goods, days, and parcels that nothing takes."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from xborder_cli.core.intake import understand
from xborder_cli.core.parcels import Codes
from xborder_cli.core.rule import Money
from xborder_cli.core.shipment import Item, Shipment
from xborder_cli.core.stacking import attributes_of, parcels_of, stated_inputs
from xborder_cli.errors import TableError, UsageError
from xborder_cli.tables.terms import parse_terms

if TYPE_CHECKING:
    import random

LANES = [
    *(("CN", market) for market in ("US", "DE", "FR", "GB", "AU", "CA", "JP", "PL", "RU", "HK")),
    *((origin, "CN") for origin in ("US", "GB", "DE", "JP", "HK", "AU")),
    ("US", "GB"),
    ("US", "DE"),
    ("GB", "US"),
    ("JP", "US"),
    ("KR", "FR"),
    ("BR", "AU"),
]
# beside the ordinary: days on which tables change, and some after the last exchange rate
SPAN = (20560, 20779)
DAYS = (20580, 20634, 20635, 20665, 20666, 20679, 20680, 20699, 20723, 20755, 20770, 20779, 20950)
MONEY = ("USD", "EUR", "CNY", "GBP", "JPY", "COP")
WEIGHTS = (30, 20, 20, 15, 10, 2)
HS = ("610910", "711319", "220830", "240220", "940360", "999999", "8517130000", "9101110000")
ORIGINS = ("", "CN", "VN", "US", "MX", "DE")
CLAIMS = ((), (), (), ("preference",), ("USMCA",), ("refund",))
UNITS = (  # of a line: beside one that states some, another that states none
    {},
    {},
    {"net_kg": (1, 2)},
    {"litre": (3, 4), "litre_alcohol": (1, 3)},
    {"net_kg": (1, 50), "gross_kg": (1, 40)},
    {"litre": (1, 20), "net_kg": (1, 25)},
)
PARTS = ({}, {}, {}, {"case": (3, 1)}, {"case": (5, 2), "strap": (1, 2), "battery": (1, 4)})
POSTCODES = ("", "", "90210", "2000", "3000", "0800", "10115", "SW1A 1AA", "V6B 1A1", "100-0001")


def random_shipment(book, rng: random.Random, kinds: list[dict[str, object]]) -> Shipment:
    """Return an order of one of some kinds: what is not a number comes from the kind."""
    kind = dict(rng.choice(kinds))
    origin, destination = rng.choice(kind.pop("lanes", LANES))
    currency = rng.choices(MONEY, WEIGHTS)[0]
    lines = rng.choice((1, 1, 1, 2, 3, 5))
    weight = int(10 ** rng.uniform(4, 8.3)) if rng.random() < 0.9 else 2 * 10**8
    sides = rng.random() < 0.85
    claims = rng.choice(CLAIMS)
    return Shipment(
        origin=origin,
        destination=destination,
        on=rng.choice(DAYS) if rng.random() < 0.5 else rng.randint(*SPAN),
        items=tuple(_item(book, rng, currency, claims) for _ in range(lines)),
        weight_mg=weight,
        **{
            name: int(10 ** rng.uniform(2.3, 4.1)) if sides else 0
            for name in ("length_dmm", "width_dmm", "height_dmm")
        },
        postcode=rng.choice(POSTCODES),
        **kind,
    )


def _item(book, rng: random.Random, currency: str, claims: tuple[str, ...]) -> Item:
    goods = rng.choice(sorted(book.goods)) if rng.random() < 0.8 else ""
    value = Fraction(int(10 ** rng.uniform(0, 5.5)), 100)
    if currency in ("JPY", "COP"):
        value = Fraction(max(1, int(value * 100)))
    return Item(
        value=Money(currency, (value.numerator, value.denominator)),
        quantity=rng.choice((1, 1, 2, 3, 12, 144)),
        goods=goods,
        hs="" if goods else rng.choice(HS),
        origin=rng.choice(ORIGINS),
        traits=rng.choice(((), (), ("battery",), ("liquid",))),
        claims=claims,
        units=rng.choice(UNITS),
        parts=rng.choice(PARTS),
    )


KINDS: list[dict[str, object]] = [
    {},
    {"incoterm": "DDP"},
    {"incoterm": "DAP", "scheme": "none"},
    {"buyer": "business", "seller": "registered"},
    {"buyer": "private"},
    {"lot": 250, "storage_days": 45},
    {"area": "AU-2", "lanes": [("CN", "AU")]},
    {"region": "ON", "options": ("signature",), "lanes": [("CN", "CA"), ("CN", "US")]},
    {"options": ("insurance", "residential"), "transfer_value": Money("USD", (31, 2))},
    {"insurance": Money("USD", (3, 2)), "return_rate": (1, 20)},
    {"fx": {("EUR", "USD"): (5, 4)}},
    {"fx": {("COP", "USD"): (1, 4000)}},
    {"assume": {"9610-air": parse_terms("28 CNY / kg")}, "lanes": [("JP", "CN"), ("US", "CN")]},
]


def groups_of(book, shipments: list[Shipment], currency: str = ""):
    """Yield orders that can be priced together, and their columns."""
    groups: dict[object, list[tuple[Shipment, object]]] = {}
    for shipment in shipments:
        try:
            intake = understand(book, shipment)
        except (UsageError, TableError):
            continue
        key = (
            attributes_of(intake.shipment),
            stated_inputs(intake.shipment),
            intake.lot_assumed,
            intake.storage_assumed,
        )
        groups.setdefault(key, []).append((shipment, intake))
    for key, members in groups.items():
        stated = [intake.shipment for _, intake in members]
        parcels = parcels_of(stated, digits=book.digits)
        quoted = Codes.of([currency or one.items[0].value.currency for one in stated])
        yield [one for one, _ in members], parcels, quoted, key[-2], key[-1]
