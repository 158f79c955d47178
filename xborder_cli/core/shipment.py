"""One shipment as a person states it; `Parcels.of` turns many of them into columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xborder_cli.core.rule import Day, Money, Ratio, Terms

# what a buyer has used of limits before this parcel; nothing unless stated
COUNTERS: Final = ("used_this_year", "used_this_half_year", "declared_this_day")
# amounts that a caller may state of a parcel beside the value of its goods
MONEY_INPUTS: Final = (
    "freight",
    "insurance",
    "transfer_value",
    "purchase_price",
    "price",
    "shipping",
    "cogs",
)
PREFERENCE: Final = "preference"  # the claim of any trade agreement, and where its rates stand
REFUND: Final = "refund"  # the claim that tables of exports ask for
WITH_TAX: Final = "price_with_tax"  # the option that says so of --price


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item line: some pieces of one thing.

    `value` is of the whole line, in major units. `units` holds what the line measures beside
    pieces, such as {"litre": (9, 4), "pair": (2, 1), "net_kg": (1, 2)}; a unit that is not stated
    is a gap where a rate needs it. `parts` holds values of named parts in the currency of `value`.
    """

    value: Money
    quantity: int = 1
    goods: str = ""  # slug of goods.yaml
    hs: str = ""  # 6 to 10 digits; "" when only goods tells
    origin: str = ""  # country of origin; "" is the country of dispatch
    traits: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    units: dict[str, Ratio] = field(default_factory=dict)
    parts: dict[str, Ratio] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """A parcel and what is known about its sale.

    Weights are mg, sides tenths of a millimetre (0 when unknown), money in major units.
    None means that the caller left it out; what is assumed instead is listed in the answer.
    """

    origin: str
    destination: str
    on: Day
    items: tuple[Item, ...]
    weight_mg: int = 0
    length_dmm: int = 0
    width_dmm: int = 0
    height_dmm: int = 0
    id: str = ""
    direction: str = ""  # export, import; "" follows from the home market
    buyer: str = "consumer"  # consumer, business, private
    seller: str = ""  # registered: may reclaim tax on a bulk entry
    incoterm: str = ""  # DDP, DAP; "" is each service's default
    scheme: str = ""  # name, "none", or "" for the market's default
    postcode: str = ""
    area: str = ""
    region: str = ""
    platform: str = ""
    payment: str = ""
    category: str = ""  # of the goods, as the platform calls it
    options: tuple[str, ...] = ()
    freight: Money | None = None  # replaces the route's own freight (xb duty)
    insurance: Money | None = None
    transfer_value: Money | None = None
    purchase_price: Money | None = None
    price: Money | None = None  # what the buyer pays for the goods
    shipping: Money | None = None  # what the buyer pays the seller for delivery
    cogs: Money | None = None  # what the goods cost the seller
    lot: int | None = None
    storage_days: int | None = None
    return_rate: Ratio | None = None
    dispute_rate: Ratio | None = None
    air_share: Ratio | None = None
    counters: dict[str, Money] = field(default_factory=dict)  # used_this_year, ...
    parcels_this_year: int | None = None  # that the buyer has had before this one
    parcels_this_half_year: int | None = None
    assume: dict[str, Terms] = field(default_factory=dict)  # user charges: name -> rate
    overrides: dict[str, Terms] = field(
        default_factory=dict
    )  # charge code or programme -> rate (--set)
    fees: tuple[tuple[str, Money], ...] = ()  # extra fees stated by the caller: (code, amount)
    fx: dict[tuple[str, str], Ratio] = field(default_factory=dict)  # (base, quote) -> rate
