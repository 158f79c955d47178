"""A step of a route, its charges as nodes of a graph, and the names that they refer to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from xborder_cli.core.parcels import GROUP, LINE, PARCEL
from xborder_cli.core.rates import BandTable, DatedTable, TermsTable
from xborder_cli.core.rule import (
    Bands,
    Charge,
    ChargeSet,
    Dated,
    Limit,
    Lookup,
    Provenance,
    RateCard,
    Test,
)
from xborder_cli.core.shipment import COUNTERS

if TYPE_CHECKING:
    from collections.abc import Iterable

# unstated they are said to be nothing
ASKED: Final = frozenset({*COUNTERS, "purchase_price", "shipping"})
NO_PRICE: Final = "price not stated: taken as the value of the goods (--price)"
INPUTS: Final = ASKED | {"goods", "insurance", "transfer_value", "price"}
ROUTE_SUMS: Final = frozenset(
    {"freight", "freight_to_border", "freight_inland", "border_dues", "checkout_dues"}
)
EVENT_SUMS: Final = frozenset({"duty", "tax", "fee"})
CODE: Final = "="  # before a name: the charge of that code, not the sum of that kind
# what a condition may read of the route; a charge is shared by all routes where these agree
CONTEXT: Final = ("channel", "mode", "transport", "incoterm", "scheme")
NO_CHARGES: Final = ChargeSet()
NO_SOURCE: Final = Provenance("", 0)


@dataclass(frozen=True, slots=True)
class Ref:
    """What a name in a charge stands for: a stated input, charges by code, or a kept sum."""

    kind: str  # input, nodes, sum
    name: str
    nodes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSpec:
    """A step of a route with what prices it."""

    key: tuple[object, ...]  # equal keys price alike
    event: str = ""  # entry, sale, export; "" is a leg
    leg: str = ""
    at: str = "lane"  # where a leg runs: lane, origin, destination
    card: RateCard | None = None
    market: str = ""
    charges: ChargeSet = NO_CHARGES
    currencies: tuple[str, ...] = ()  # of each shared charge, when surcharges bring their own
    currency: str = ""
    channel: str = ""
    transport: str = ""
    lot: bool = False
    value: str = "goods"
    includes: frozenset[str] = frozenset()  # kinds that another step's price holds already
    named: str = ""  # of parcels whose attribute, called as the leg, is that alone; "": of all


@dataclass(slots=True)
class Node:
    """One charge of one step, with its references resolved."""

    index: int
    step: int
    charge: Charge
    currency: str
    regime: int | None
    level: int = PARCEL
    refs: dict[str, Ref] = field(default_factory=dict)
    gross_node: int | None = None
    depends: tuple[int, ...] = ()
    included: bool = False
    asked: bool = False  # somebody tests whether it applied or was exempted
    key: int | None = None  # equal keys have equal amounts in every route; None: of one alone
    mask_key: int | None = None  # equal keys apply to the same rows in every route

    @property
    def rate(self) -> DatedTable | BandTable | Lookup | None:
        """The compiled rate."""
        rate = self.charge.rate
        assert not isinstance(rate, (Dated, Bands)), "a charge that was not compiled"
        return rate


def level_of(charge: Charge) -> int:
    """Return the scope that a charge is worked out at: PARCEL, LINE or GROUP."""
    if charge.scope == "line":
        return LINE
    # rates by HS differ from line to line: they are found by line whatever the sum is kept by
    if charge.scope != "line" and isinstance(charge.rate, Lookup):
        return LINE
    if charge.scope == "group":
        return GROUP
    return PARCEL


def names_of(charge: Charge) -> Iterable[str]:
    """Yield the names that a charge refers to."""
    for part in charge.base:
        yield part.name
    for limit in _limits(charge.base_less):
        if limit.name:
            yield limit.name
    for less in charge.less:
        if isinstance(less, str):
            yield CODE + less
    yield from test_names((*charge.when, *charge.unless))
    yield from _rate_names(charge)


def _rate_names(charge: Charge) -> Iterable[str]:
    tables: list[TermsTable] = []
    rate = charge.rate
    if isinstance(rate, BandTable):
        tables.append(rate.table)
        if rate.limit_unit and rate.limit_unit != "lb":
            yield rate.by
    elif isinstance(rate, DatedTable):
        tables.append(rate.table)
    for clamp in (charge.low, charge.high):
        if isinstance(clamp, DatedTable):
            tables.append(clamp.table)
    if isinstance(rate, Lookup):  # parts of an article are named by rows, not by the charge
        yield from ("case", "strap", "battery")
    for table in tables:
        for shape in table.shapes:
            if shape.of not in ("", "base"):
                yield shape.of


def _limits(dated: Dated | None) -> Iterable[Limit]:
    if dated is not None:
        for span in dated.spans:
            if isinstance(span.value, Limit):
                yield span.value


def test_names(tests: Iterable[Test]) -> Iterable[str]:
    """Yield the names of amounts and codes that conditions refer to, codes after CODE."""
    for test in tests:
        if test.kind == "number":
            yield test.name
            yield from (limit.name for limit in _limits(test.limit) if limit.name)
        elif test.kind in ("applied", "exempted"):
            yield from (CODE + value for value in test.values)
        elif test.kind == "due":
            yield from test.values
        elif test.kind in ("line", "every", "some"):
            yield from _line_names(test.tests)
        for group in test.groups:
            yield from test_names(group)


def _line_names(tests: Iterable[Test]) -> Iterable[str]:
    """Yield the names of amounts that a line's own numbers are compared with."""
    for test in tests:
        yield from (limit.name for limit in _limits(test.limit) if limit.name)
        for group in test.groups:
            yield from _line_names(group)


def probe(number: int, currency: str = "") -> Node:
    """Return a charge of nothing: who asks when a card or a regime asks about its step."""
    return Node(-1, number, NO_CHARGE, currency, None)


NO_CHARGE: Final = Charge(code="", kind="amount", provenance=NO_SOURCE)
