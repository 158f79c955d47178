"""The columns of priced orders: what each field is, and how kept columns are named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

AMOUNTS: Final = (
    "freight",
    "duty",
    "tax",
    "fees",
    "total",
    "seller_pays",
    "buyer_pays",
    "recoverable",
    "landed_cost",
    "margin",
)
WEIGHT: Final = "chargeable_weight_kg"
DECIMALS: Final = frozenset((*AMOUNTS, WEIGHT))
WHOLE: Final = frozenset(("rank", "transit_days_min", "transit_days_max"))
YES_OR_NO: Final = frozenset(("complete", "pareto"))
NAMES: Final = frozenset(  # text that repeats from order to order
    (
        "mode",
        "direction",
        "carrier",
        "carrier_name",
        "service",
        "service_name",
        "transport",
        "channel",
        "incoterm",
        "scheme",
        "currency",
        "confidence",
        "flags",
        "assumptions",
        "problem",
        "reason",
    )
)
OURS: Final = frozenset(("order_id", *DECIMALS, *WHOLE, *YES_OR_NO, *NAMES))
KEPT: Final = "in_"  # before a kept column that is called as a field of ours
DIGITS: Final = 4  # of most minor units behind the point, in files that hold numbers


def kept_names(keep: Sequence[str]) -> dict[str, str]:
    """Return column of the input -> column of the output; no two are called the same.

    >>> kept_names(["SKU", "total", "in_total"])
    {'SKU': 'SKU', 'total': 'in_total', 'in_total': 'in_in_total'}
    """
    found: dict[str, str] = {}
    for name in keep:
        theirs = f"{KEPT}{name}" if name in OURS else name
        while name not in found and theirs in found.values():
            theirs = KEPT + theirs
        found.setdefault(name, theirs)
    return found


def type_of(field: str) -> pa.DataType:
    """Return how a column of ours is held until it is written; amounts as text."""
    if field in WHOLE:
        return pa.int64()
    if field in YES_OR_NO:
        return pa.bool_()
    return pa.dictionary(pa.int32(), pa.string()) if field in NAMES else pa.string()


def headings(fields: Sequence[str], keep: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of the output."""
    return (*fields, *kept_names(keep).values())


def number_schema(
    fields: Sequence[str], keep: Sequence[str], digits: Mapping[str, int]
) -> pa.Schema:
    """Return the columns of a file that holds numbers as numbers: Parquet.

    Amounts are decimals that any whole number of any minor unit fits in.
    """
    behind = max(DIGITS, *digits.values(), 0)
    amount, weight = pa.decimal128(19 + behind, behind), pa.decimal128(19, 6)
    ours = [
        pa.field(name, amount if name in AMOUNTS else weight if name == WEIGHT else type_of(name))
        for name in dict.fromkeys(fields)
    ]
    return pa.schema([*ours, *(pa.field(name, pa.string()) for name in kept_names(keep).values())])
