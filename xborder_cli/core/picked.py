"""The best options of many parcels, in columns: what an option has beside its charge lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xborder_cli.core.columns import BoolColumn, IntColumn
    from xborder_cli.core.parcels import Codes

    Column = IntColumn | BoolColumn | Codes

UNKNOWN_DAYS = -1
NOT_SOLD = -(2**63)  # margin of an order of which nothing is said that a sale brings


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """One row an option, parcel by parcel, best first; and why some parcels have none.

    Columns have the names of an option's fields in the output of `xb quote`:

    - int64: rank; freight, duty, tax, fees, total, seller_pays, buyer_pays, recoverable, margin
      (NOT_SOLD where nothing is said of a sale), all in minor units of the quote's currency;
      transit_days_min, transit_days_max (UNKNOWN_DAYS where no source says); chargeable_mg
    - bool: complete, pareto
    - Codes: mode, direction, carrier, carrier_name, service, service_name, transport, channel,
      incoterm, scheme, confidence; flags and assumptions, each joined by "; "
    """

    parcel: IntColumn  # shape (m,): row of the parcels priced, not falling
    columns: dict[str, Column] = field(default_factory=dict)  # those asked for, m rows each
    none: IntColumn  # parcels that no option carries, rising
    code: Codes  # of each of those: the commonest code among what is excluded
    reason: Codes  # and its words
