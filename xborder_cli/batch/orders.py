"""Orders understood: columns that the core prices, grouped by what is not a number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xborder_cli.batch.block import Refused, Reject
    from xborder_cli.core.columns import IntColumn
    from xborder_cli.core.parcels import Codes, Parcels


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderGroup:
    """Orders whose parcels share their attributes, ready to price."""

    orders: IntColumn  # shape (parcels.n,): place of each parcel's order in the block
    parcels: Parcels
    currency: Codes  # of each answer
    said: Codes  # what had to be assumed about each order itself, joined by "; "
    lot_assumed: bool = False
    storage_assumed: bool = False


@dataclass(slots=True)
class Orders:
    """What the orders of a block came to; each is in one group, refused, or has rejects."""

    groups: list[OrderGroup] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
