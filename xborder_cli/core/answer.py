"""What an answer holds: options made of charge lines, and nothing but lines.

Amounts are whole minor units of the currency beside them. Days are whole days since 1970-01-01.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xborder_cli.core.fx import Span
    from xborder_cli.core.rule import Day, Provenance
    from xborder_cli.core.shipment import Shipment

REFUSED: Final = "refused: "  # begins the flag of a clearance that is not open
LOW: Final = "low-confidence: "  # begins the flag that names the figures


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePart:
    """What one item line of a parcel adds to a charge whose rate is looked up by goods."""

    item: int  # 1 is the first
    hs: str
    origin: str
    base: str
    rate: str  # "" when no row is known
    amount: str  # as it is added up: in major units, rounded as the charge rounds each line
    currency: str
    at_least: bool  # the rate is not known, or only what it is at least


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeLine:
    """One charge of an option; `base` and `rate` are its arithmetic in words."""

    kind: str  # freight, duty, tax, fee, amount (shown by explain, in no sum)
    code: str
    name: str
    step: int  # index into the option's steps
    leg: int | None  # index into the option's legs; None for events
    event: str  # entry, sale, export; "" for legs
    payer: str  # seller, buyer; "" for amounts
    collected: str  # border, checkout, return, ""
    base: str
    rate: str
    amount_minor: int
    currency: str
    quote_minor: int  # in the quote's currency
    provenance: Provenance
    included: bool = False  # the price of another line holds it already
    recoverable: bool = False
    unknown: str = ""  # a gap: what is not known; the amount is then a lower bound
    at_least: bool = False  # a gap, or reads one: a lower bound
    regime: str = ""
    note: str = ""  # of the rows of a duty table: the heading of a programme, a list
    parts: tuple[LinePart, ...] = ()  # of several item lines: what each adds


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A leg of a chain and who runs it."""

    kind: str
    carrier: str
    carrier_name: str
    service: str  # id
    service_name: str
    transport: str
    site: str
    zone: str
    chargeable_mg: int
    card_from: Day
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimeChoice:
    """A regime of an event that was taken, or was not and why."""

    event: str
    id: str
    name: str
    taken: bool
    why: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class FxUse:
    """An exchange rate that an answer used: one `base` is `rate` of `quote`."""

    base: str
    quote: str
    rate: str
    on: Day
    source: str
    until: Day  # the last day it stands for
    spans: tuple[Span, ...] = ()  # of the rates among its parts that were set for a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A priced route."""

    rank: int
    mode: str
    mode_name: str
    direction: str
    carrier: str  # of the leg that names the option
    carrier_name: str
    service: str
    service_name: str
    legs: tuple[Leg, ...]
    channel: str
    incoterm: str
    scheme: str
    transit_days: tuple[int, int] | None
    chargeable_mg: int
    lines: tuple[ChargeLine, ...]
    regimes: tuple[RegimeChoice, ...]
    freight_minor: int
    duty_minor: int
    tax_minor: int
    fees_minor: int
    total_minor: int
    seller_minor: int
    buyer_minor: int
    recoverable_minor: int  # what ranks is total - recoverable
    complete: bool  # False: "at least"
    confidence: str
    pareto: bool
    flags: tuple[str, ...]  # stable codes with words after a colon: "stale: ..."
    assumptions: tuple[str, ...]
    margin_minor: int | None = None  # what the sale leaves; None: nothing is said of one


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """What cannot carry the parcel: a mode, service or route, and the least change that lets it."""

    mode: str
    service: str
    carrier_name: str
    service_name: str
    code: str  # too-heavy, too-long, no-rate-card, goods-refused, ...
    reason: str
    fix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """What clearing a parcel by one channel costs at the border, in the currency of the quote."""

    channel: str
    regime: str  # id of the one that was taken; "" when there is none
    name: str
    option: int  # rank of the option that pays this; 0: no option clears so, worked out alone
    refused: str  # why it is not open; the amounts mean nothing then
    complete: bool
    duty_minor: int
    tax_minor: int
    fees_minor: int

    @property
    def total_minor(self) -> int:
        """Return duty, tax and fees together."""
        return self.duty_minor + self.tax_minor + self.fees_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """What the buyer pays and what the goods cost the seller, in the currency of the quote."""

    price_minor: int
    shipping_minor: int
    cogs_minor: int | None  # None: nobody says

    @property
    def paid_minor(self) -> int:
        """Return what the seller is paid."""
        return self.price_minor + self.shipping_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Ranked options for one shipment."""

    shipment: Shipment
    on: Day
    currency: str
    digest: str
    overlays: tuple[str, ...]
    fx: tuple[FxUse, ...]
    options: tuple[Option, ...]
    excluded: tuple[Excluded, ...]
    assumptions: tuple[str, ...]  # of the shipment as a whole
    flags: tuple[str, ...]
    clearances: tuple[Clearance, ...] = ()  # where the market names channels to compare
    sale: Sale | None = None  # where the margin is told


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyAnswer:
    """Clearance alone."""

    shipment: Shipment
    on: Day
    market: str
    market_name: str
    channel: str
    scheme: str
    currency: str
    digest: str
    overlays: tuple[str, ...]
    fx: tuple[FxUse, ...]
    customs_value_minor: int | None
    lines: tuple[ChargeLine, ...]
    regimes: tuple[RegimeChoice, ...]
    duty_minor: int
    tax_minor: int
    fees_minor: int
    total_minor: int
    complete: bool
    confidence: str
    flags: tuple[str, ...]
    assumptions: tuple[str, ...]
    clearances: tuple[Clearance, ...] = ()  # by other channels, when none was asked for
