"""Which names a charge reads, and which names there are: docs/tables.md, section 5."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xborder_cli.core.rule import Bands, Charge, Dated, Limit, Lookup, Terms, Test
from xborder_cli.core.shipment import COUNTERS

if TYPE_CHECKING:
    from collections.abc import Iterator

INPUTS = frozenset({"goods", "insurance", "transfer_value", "purchase_price", "price", "shipping"})
PARTS = frozenset({"case", "strap", "battery", "movement", "apparatus"})
ROUTE_SUMS = frozenset(
    {"freight", "freight_to_border", "freight_inland", "border_dues", "checkout_dues"}
)
EVENT_SUMS = frozenset({"duty", "tax", "fee"})
AMOUNTS = INPUTS | set(COUNTERS) | PARTS | ROUTE_SUMS | EVENT_SUMS
MEASURES = frozenset(
    {
        "weight", "chargeable", "longest", "middle", "shortest", "sides_sum", "girth",
        "length_plus_girth", "longest_plus_shortest", "cbm", "items", "lines", "days",
        "parcels_this_year", "parcels_this_half_year",
    }
)  # fmt: skip
LINE_MEASURES = frozenset({"unit_value"})
RATIOS = frozenset({"return_rate", "dispute_rate", "air_share"})


@dataclass(frozen=True, slots=True)
class Use:
    """A name that a charge reads, and as what: amount, number, code, ratio, or only its rate."""

    name: str
    how: str


def uses(charge: Charge) -> Iterator[Use]:
    """Return every name that a charge reads, in the order of its fields."""
    for part in charge.base:
        yield Use(part.name, "amount")
    for limit in values(charge.base_less):
        if isinstance(limit, Limit) and limit.name:
            yield Use(limit.name, "amount")
    if charge.gross_code:
        yield Use(charge.gross_code, "rate")
    if isinstance(charge.rate, Bands):
        if charge.rate.by:
            yield Use(charge.rate.by, "number")
        for bands in charge.rate.rows.values():
            for band in bands:
                yield from _of_terms(band.terms)
    elif isinstance(charge.rate, Dated):
        for terms in values(charge.rate):
            yield from _of_terms(terms)
    for item in charge.less:
        if isinstance(item, str):
            yield Use(item, "code")
    for clamp in (charge.low, charge.high):
        for terms in values(clamp) if isinstance(clamp, Dated) else ():
            yield from _of_terms(terms)
    for ratio in values(charge.times):
        if isinstance(ratio, str):
            yield Use(ratio, "ratio")
    for test in (*charge.when, *charge.unless):
        yield from of_test(test)


def of_test(test: Test) -> Iterator[Use]:
    """Return every name that a condition reads."""
    if test.kind == "number":
        yield Use(test.name, "number")
        for limit in values(test.limit):
            if isinstance(limit, Limit) and limit.name:
                yield Use(limit.name, "number")
    elif test.kind in ("applied", "exempted", "due"):
        for code in test.values:
            yield Use(code, "code")
    elif test.kind == "unknown":
        yield Use(test.name, "amount")
    for inner in test.tests:
        yield from of_test(inner)
    for group in test.groups:
        for inner in group:
            yield from of_test(inner)


def lookups(charge: Charge) -> Iterator[str]:
    """Return the programmes that a charge looks up."""

    def walk(lookup: Lookup) -> Iterator[str]:
        if lookup.programme:
            yield lookup.programme
        for inner in (*lookup.pick, *lookup.least):
            yield from walk(inner)

    if isinstance(charge.rate, Lookup):
        yield from walk(charge.rate)


def values(dated: Dated | None) -> Iterator[object]:
    """Return the values of all spans that have one."""
    if dated is not None:
        for span in dated.spans:
            if span.value is not None:
                yield span.value


def _of_terms(terms: object) -> Iterator[Use]:
    if not isinstance(terms, Terms):
        return
    for part in terms.parts:
        if part.of and part.of != "base":
            yield Use(part.of, "amount")
    yield from _of_terms(terms.low)
    yield from _of_terms(terms.high)
