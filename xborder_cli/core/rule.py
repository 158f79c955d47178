"""The shape of every rule: what tables say, before any parcel is known.

Numbers are exact: a `Ratio` is (numerator, denominator) in lowest terms, denominator above 0.
Money is in major units here (12.5 USD is (25, 2)); the core scales it to minor units.
Weights are whole milligrams, lengths whole tenths of a millimetre, volumes their cube,
days whole days since 1970-01-01.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.rates import BandTable, DatedTable

Ratio = tuple[int, int]
Day = int

# legs that carry nothing: what the means of payment and the platform of a sale take of it
SELLING: Final = ("payment", "platform")
STAY: Final = "stay"  # what a charge says of its `day`: each day in store at its own rate
CATEGORY: Final = "category"  # the classes of a platform that a caller may name


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who says so: where it stands, the source, first day, day checked, confidence."""

    table: str  # path relative to its rates folder
    line: int
    title: str = ""
    url: str = ""
    since: Day = 0
    checked: Day = 0  # 0: not stated
    confidence: str = "high"  # high, medium, low


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in major units of one currency."""

    currency: str
    amount: Ratio


@dataclass(frozen=True, slots=True)
class Term:
    """One addend of a rate.

    A percent has `of` ("base", or a named part or code) and no currency: share = amount.
    Money has a currency: amount per counted step of `units`, nothing counted when flat.
    A `user` term is a known charge with an unknown amount: `user` names what to assume.
    """

    amount: Ratio
    of: str = ""
    currency: str = ""
    units: tuple[str, ...] = ()  # counted: ("kg",), ("cbm", "day"); a currency counts the base
    step: Ratio = (1, 1)  # counted units in one step: 0.5 for "/ 0.5 kg"
    started: bool = False  # a started step counts whole
    over: Ratio = (0, 1)  # units free of charge
    over_band: bool = False  # units up to the start of the band are free of charge
    user: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """Addends, then a clamp of its own; or words that no grammar reads (a gap).

    Words with no parts are a gap. With a `user` term they only say what the charge is for.
    """

    parts: tuple[Term, ...]
    low: Terms | None = None
    high: Terms | None = None
    words: str = ""


SpanValue: TypeAlias = "Terms | Limit | Ratio | str | None"


@dataclass(frozen=True, slots=True)
class Span:
    """A value in force from a day until the day before the next span; None: ended or expected."""

    since: Day
    value: SpanValue
    provenance: Provenance
    expected: bool = False  # announced, value not yet known


@dataclass(frozen=True, slots=True)
class Dated:
    """Spans in order of day. One span from day 0 is a value without history of its own."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """One row of a band table: its limit (None is the open end) and its rate."""

    limit: Limit | None
    terms: Terms
    line: int = 0


@dataclass(frozen=True, slots=True)
class Bands:
    """Rates by the band that a measure falls into.

    `rows` maps the joined key ("" without keys, "large|mid" for two) to its bands in order.
    """

    kind: str  # whole, portion, deficit
    by: str
    ends: str  # up_to, from
    keys: tuple[str, ...]
    rows: dict[str, tuple[Band, ...]]


@dataclass(frozen=True, slots=True)
class Lookup:
    """A row found by HS prefix, origin and day in a programme; or a choice among programmes."""

    programme: str = ""
    pick: tuple[Lookup, ...] = ()  # first found wins
    least: tuple[Lookup, ...] = ()  # the smallest percent wins
    by: tuple[str, ...] = ()  # other keys than hs and origin: ("region",)


# as tables write it (a Dated holds Terms), then as compiled; a lookup stays as it is
Rate: TypeAlias = "Dated | Bands | Lookup | DatedTable | BandTable"
Clamp: TypeAlias = "Dated | DatedTable"  # a Dated holds Terms


@dataclass(frozen=True, slots=True)
class Limit:
    """What a number is compared with: money (per unit), a quantity, a plain number, N x NAME."""

    amount: Ratio
    currency: str = ""
    unit: str = ""  # unit of a quantity: kg, cm, litre, ...; "" for plain numbers and money
    per: str = ""  # MONEY / UNIT
    name: str = ""  # N x NAME


@dataclass(frozen=True, slots=True)
class Test:
    """One condition; all tests of a tuple must hold.

    kind: `is` (name in values), `number` (name op limit), `line`/`every`/`some` (tests about
    lines), `any` (groups, one must hold), `applied`/`exempted`/`due` (codes in values),
    `unknown` (name left out).
    """

    kind: str
    name: str = ""
    values: tuple[str, ...] = ()
    op: str = ""  # over, at least, up to, under
    limit: Dated | None = None  # of Limit
    tests: tuple[Test, ...] = ()
    groups: tuple[tuple[Test, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Rounding:
    """Round to a step in major units of the table's currency; step (0, 1) is the minor unit."""

    how: str  # half up, down, up, exact
    step: Ratio = (0, 1)


@dataclass(frozen=True, slots=True)
class BasePart:
    """A named amount or quantity with a factor."""

    name: str
    factor: Ratio = (1, 1)


@dataclass(frozen=True, slots=True)
class Charge:
    """One priced line; docs/tables.md explains each field."""

    code: str
    kind: str  # freight, duty, tax, fee, amount
    provenance: Provenance
    name: str = ""  # words for people
    payer: str = ""  # seller, buyer, importer; "" is the default of its step
    collected: str = "border"  # border, checkout, return: accounted for by who is registered
    scope: str = "parcel"  # parcel, line, group, lot
    group_by: tuple[str, ...] = ()
    when: tuple[Test, ...] = ()
    unless: tuple[Test, ...] = ()
    base: tuple[BasePart, ...] = ()
    base_less: Dated | None = None  # of Limit (money, or name through Limit.name)
    fill_items: bool = False
    gross: str = ""  # up, down, or "" for none
    gross_code: str = ""
    rate: Rate | None = None
    less: tuple[Dated | str, ...] = ()  # money limits and codes
    low: Clamp | None = None
    high: Clamp | None = None
    times: Dated | None = None  # of Ratio, or of str: the name of a ratio
    round_base: Rounding | None = None
    round_each: Rounding | None = None
    round_onward: Rounding | None = None
    round_total: Rounding | None = None
    waive: str = ""  # up to, under, or "" for none
    waive_limit: Dated | None = None  # of Limit
    joins: tuple[str, ...] = ()
    spread: str = "value"
    recoverable_by: tuple[str, ...] = ()
    set_by: str = ""  # duty, vat: the flag of `xb duty` whose rate takes this one's place
    day: str = ""  # stay: each day in store at its own rate; "" is the day of the order
    since: Day = 0
    until: Day | None = None  # last day, inclusive


@dataclass(frozen=True, slots=True)
class Regime:
    """Charges that are open under a condition, or a refusal in words."""

    id: str
    provenance: Provenance
    when: tuple[Test, ...] = ()
    unless: tuple[Test, ...] = ()
    charges: tuple[Charge, ...] = ()
    refuse: str = ""
    name: str = ""
    since: Day = 0
    until: Day | None = None


@dataclass(frozen=True, slots=True)
class ChargeSet:
    """What one step charges: shared charges, then regimes of which one is taken."""

    charges: tuple[Charge, ...] = ()
    regimes: tuple[Regime, ...] = ()
    select: str = "first"  # first, cheapest


@dataclass(frozen=True, slots=True)
class WeightFloor:
    """A least chargeable weight in mg, under a condition."""

    amount: int
    when: tuple[Test, ...] = ()


@dataclass(frozen=True, slots=True)
class WeightRule:
    """How the chargeable weight is made; all weights in mg."""

    divisor: Ratio | None = None  # cm3 per kg
    when: tuple[Test, ...] = ()  # volume counts only then
    sides_up_to: int = 0  # tenths of mm, each side rounded up
    volumetric_up_to: Ratio = (0, 1)  # in `unit`, volumetric weight rounded up
    blend: Ratio = (1, 1)  # share of volumetric weight, the rest actual
    at_least: tuple[WeightFloor, ...] = ()
    unit: str = "kg"  # kg, lb
    round_up_to: tuple[tuple[Ratio | None, Ratio], ...] = ()  # (up to, step) in units
    of: str = ""  # cbm: read in cubic metres, 1 kg as `divisor` cm3; floors, steps stay weights
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class and the tests that let a parcel in; first fit wins."""

    code: str
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """Where a zone lies: a country, maybe postcode prefixes or ranges or named areas inside it."""

    zone: str
    countries: tuple[str, ...]
    postcodes: tuple[str, ...] = ()  # "2000-2999", "90", "SW1"
    areas: tuple[str, ...] = ()
    transit_days: tuple[int, int] | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class LimitRule:
    """A parcel that fails these tests is refused."""

    tests: tuple[Test, ...]  # what must hold
    when: tuple[Test, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class RateCard:
    """One issue of a service's tariff: a leg of some kind, what it takes, what it costs."""

    id: str
    carrier: str
    carrier_name: str
    service: str  # as printed
    modes: tuple[str, ...]
    leg: str
    transport: str
    origins: tuple[str, ...]
    currency: str
    provenance: Provenance
    since: Day
    until: Day | None = None
    expected_until: Day | None = None
    site: str = ""
    site_name: str = ""
    channel: str = ""  # instead of the mode's
    incoterms: tuple[str, ...] = ("DAP",)  # the first is the default
    transit_days: tuple[int, int] | None = None
    weight: WeightRule | None = None
    measures: dict[str, WeightRule] = field(default_factory=dict)
    classes: dict[str, tuple[ClassRow, ...]] = field(default_factory=dict)
    zones: tuple[ZoneRow, ...] = ()
    zone_of: str = "destination"  # destination, origin, lane
    assumed_zones: dict[str, str] = field(default_factory=dict)  # country -> zone
    limits: tuple[LimitRule, ...] = ()
    refuses: tuple[str, ...] = ()  # traits
    only: tuple[Test, ...] = ()  # what goods, buyers, platforms it is for
    includes: tuple[str, ...] = ()
    allow_fall: bool = False
    charges: tuple[Charge, ...] = ()
    note: str = ""
    joint: str = ""  # "": on a joint of two bands, the one that the table's `ends` says


@dataclass(frozen=True, slots=True)
class Surcharge:
    """Charges that join the rate cards of a carrier."""

    id: str
    carrier: str
    applies_to: tuple[str, ...]  # service ids; empty: all of the carrier
    currency: str
    provenance: Provenance
    charges: tuple[Charge, ...]


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """One row of a programme: longest prefix, then named origin, then the day."""

    hs: str  # digits; "" is every code
    origin: str  # "" is any
    terms: Terms
    since: Day
    until: Day | None
    provenance: Provenance
    when: tuple[Test, ...] = ()  # about the line
    key: str = ""  # value of `by` keys, joined
    note: str = ""  # what the row says of itself: the heading of its programme, its list


@dataclass(frozen=True, slots=True)
class Programme:
    """Duty or tax rates by HS and origin. `default` says what no row means: gap or zero."""

    tariff: str
    id: str
    currency: str
    provenance: Provenance
    rows: tuple[ProgrammeRow, ...]
    default: str = "zero"  # zero, gap
    name: str = ""


@dataclass(frozen=True, slots=True)
class FxRule:
    """Which exchange rates an authority uses."""

    source: str = ""
    day: str = "order"
    quote: str = "per_foreign"


@dataclass(frozen=True, slots=True)
class Market:
    """A country's (or union's) rules for what enters, is sold, or leaves."""

    id: str
    name: str
    currency: str
    tariff: str
    provenance: Provenance
    extends: str = ""
    fx: FxRule = FxRule()
    default_scheme: Dated | None = None  # of str
    first_day: Day = 0  # before it the market has no rules
    entry: ChargeSet = ChargeSet()
    sale: ChargeSet = ChargeSet()
    export: ChargeSet = ChargeSet()
    notes: tuple[str, ...] = ()
    compare: tuple[str, ...] = ()  # channels that a quote shows against each other


@dataclass(frozen=True, slots=True)
class Step:
    """A leg to be served by a rate card, or an event of a market."""

    leg: str = ""
    event: str = ""  # export, entry, sale
    at: str = "lane"  # lane, origin, destination
    channel: str = ""
    scope: str = "parcel"  # parcel, lot
    value: str = "goods"  # goods, transfer_value
    optional: bool = False
    named: str = ""  # of parcels that name it so alone: whose site, whose account


@dataclass(frozen=True, slots=True)
class Mode:
    """A pattern of steps by which things travel."""

    id: str
    name: str
    direction: str  # export, import
    patterns: tuple[tuple[Step, ...], ...]
    provenance: Provenance
    name_zh: str = ""
    missing: str = ""  # how to bring one's own rate card


@dataclass(frozen=True, slots=True)
class Goods:
    """A thing people sell."""

    slug: str
    name: str
    name_zh: str
    hs: str
    traits: tuple[str, ...]
    weight_mg: int = 0
    provenance: Provenance | None = None
    also: tuple[str, ...] = ()  # other words for it
    lines: tuple[tuple[str, str], ...] = ()  # market or union, its own longer code for it
    units: tuple[tuple[str, Ratio], ...] = ()  # what a piece measures, such as 1 pair

    def line(self, markets: Sequence[str]) -> str:
        """Return the code that the first of some markets and unions has for it, else the usual one.

        >>> shirt = Goods("shirt", "Shirt", "", "610910", (), lines=(("US", "6109100012"),))
        >>> shirt.line(("US",)), shirt.line(("DE", "EU"))
        ('6109100012', '610910')
        """
        known = dict(self.lines)
        return next((known[market] for market in markets if market in known), self.hs)
