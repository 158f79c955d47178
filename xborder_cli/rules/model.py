"""What the tables say of one market, read without any other market's tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xborder_cli.core.rule import Dated, Market, Programme, Provenance


@dataclass(frozen=True, slots=True)
class World:
    """What all markets share: names of countries, members of unions."""

    countries: dict[str, str] = field(default_factory=dict)  # ISO2 -> English name
    unions: dict[str, tuple[str, ...]] = field(default_factory=dict)  # EU -> members
    folders: tuple[str, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Words of a table about what it does not cover."""

    text: str
    of: str  # id of the market or union that says so


@dataclass(frozen=True, slots=True)
class MarketTables:
    """One market with its union's part merged in, as `xb duty` reads it, and whose part is whose.

    `values` are what the tables name for `$name`, as text; in `market` they stand in their places.
    `programmes` are those that the market's lookups read, the nearest of each name.
    """

    market: Market
    values: dict[str, Dated]  # of str
    programmes: dict[str, Programme]
    lookups: frozenset[str]  # ids of the programmes that stand in the market's own tables
    owners: dict[str, str]  # table -> id of the market, union or tariff that it belongs to
    names: dict[str, str]  # id of the market and of its unions -> name
    notes: tuple[Note, ...]
    world: World
    members: tuple[str, ...] = ()  # of a union: the markets that extend it

    def owner(self, provenance: Provenance) -> str:
        """Return whose table a figure stands in."""
        return self.owners.get(provenance.table, self.market.id)
