"""The compiled tables as the core reads them: rules are taken out only when a route needs them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from xborder_cli.core.graphs import Graphs
from xborder_cli.core.rates import ProgrammeTable
from xborder_cli.core.rule import (
    Market,
    RateCard,
    Surcharge,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xborder_cli.core.band_index import Index
    from xborder_cli.core.chains import Chain
    from xborder_cli.core.columns import BoolColumn, Mask, Num
    from xborder_cli.core.duty import Places, Shelf
    from xborder_cli.core.fx import FxBook
    from xborder_cli.core.lookup_rows import Chosen
    from xborder_cli.core.parcels import Attributes, Thing
    from xborder_cli.core.pieces import Piece
    from xborder_cli.core.program import Program
    from xborder_cli.core.programme_lines import ProgrammeLines
    from xborder_cli.core.rule import (
        Day,
        Goods,
        Mode,
        Ratio,
    )
    from xborder_cli.core.step import StepSpec


@dataclass(frozen=True, slots=True)
class CardHead:
    """What a search for routes reads of a rate card before taking it out."""

    key: str
    id: str
    carrier: str
    modes: tuple[str, ...]
    leg: str
    origins: tuple[str, ...]
    countries: tuple[str, ...]  # of its zones; empty: wherever
    zone_of: str
    since: Day
    until: Day | None


@dataclass(frozen=True, slots=True)
class MarketHead:
    """What a search for routes reads of a market."""

    id: str
    name: str
    currency: str
    first_day: Day
    chain: tuple[str, ...]  # whose programmes its lookups read, nearest first
    entry_key: str  # markets with equal keys charge alike at the border, lookups apart
    sale_key: str


@dataclass(slots=True)
class Book:
    """All tables, opened at need. `take` turns a key into a rule: from memory or from the cache."""

    digest: str
    overlays: tuple[str, ...]
    digits: dict[str, int]
    fx: FxBook
    home: str
    defaults: dict[str, str]
    ratios: dict[str, Ratio]
    modes: dict[str, Mode]
    goods: dict[str, Goods]
    countries: dict[str, str]
    cards: tuple[CardHead, ...]
    market_heads: dict[str, MarketHead]
    programmes: Mapping[tuple[str, str], str]  # (tariff, id) -> key
    surcharges: dict[str, tuple[str, ...]]  # carrier -> keys
    take: Callable[[str], object]
    default_lot: int = 1
    default_storage_days: int = 0
    known_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # scheme, option, ...
    band_indexes: dict[int, Index | None] = field(default_factory=dict)
    programs: dict[object, Program] = field(default_factory=dict)
    programs_by_identity: dict[tuple[int, int, str], tuple[Chain, Attributes, Program]] = field(
        default_factory=dict
    )
    specs: dict[object, StepSpec] = field(default_factory=dict)
    graphs: Graphs = field(default_factory=Graphs)
    facts: dict[object, dict[str, frozenset[str]]] = field(default_factory=dict)
    issues: dict[str, tuple[Day, ...]] = field(default_factory=dict)
    kinds: dict[object, tuple[tuple[Thing, ...], Mask]] = field(default_factory=dict)
    chains_found: dict[object, tuple[Chain, ...]] = field(default_factory=dict)
    chains_made: dict[object, Chain] = field(default_factory=dict)
    heads: dict[tuple[str, str], list[tuple[CardHead, Day | None]]] = field(default_factory=dict)
    card_days: list[Day] = field(default_factory=list)
    market_chains: dict[str, tuple[str, ...]] = field(default_factory=dict)
    turns: dict[int, tuple[int, ...]] = field(default_factory=dict)
    shelves: dict[object, Shelf] = field(default_factory=dict)
    places: dict[object, Places] = field(default_factory=dict)
    pieces: dict[tuple[int, str], tuple[tuple[Thing, ...], list[Piece]]] = field(
        default_factory=dict
    )
    programme_lines: dict[int, ProgrammeLines] = field(default_factory=dict)
    chosen: dict[object, Chosen] = field(default_factory=dict)
    fx_columns: dict[object, tuple[Num, Num, BoolColumn | None]] = field(default_factory=dict)

    def card(self, head: CardHead) -> RateCard:
        """Return a rate card."""
        found = self.take(head.key)
        assert isinstance(found, RateCard)
        return found

    def last_day(self, card: RateCard | CardHead) -> Day | None:
        """Return the last day of an issue: its own end, or the day before the next one's first."""
        if not self.issues:
            for head in self.cards:
                self.issues[head.id] = (*self.issues.get(head.id, ()), head.since)
        later = [since - 1 for since in self.issues.get(card.id, ()) if since > card.since]
        if card.until is not None:
            later.append(card.until)
        return min(later, default=None)

    def market(self, market: str) -> Market | None:
        """Return a market, or None when no table has it."""
        if market not in self.market_heads:
            return None
        found = self.take(f"market:{market}")
        assert isinstance(found, Market)
        return found

    def programme(self, name: str, tariffs: tuple[str, ...]) -> ProgrammeTable | None:
        """Return the nearest programme of a name."""
        for tariff in tariffs:
            key = self.programmes.get((tariff, name))
            if key is not None:
                found = self.take(key)
                assert isinstance(found, ProgrammeTable)
                return found
        return None

    def surcharges_of(self, carrier: str, service: str) -> tuple[Surcharge, ...]:
        """Return the surcharges that join a carrier's service."""
        found = []
        for key in self.surcharges.get(carrier, ()):
            surcharge = self.take(key)
            assert isinstance(surcharge, Surcharge)
            if not surcharge.applies_to or service in surcharge.applies_to:
                found.append(surcharge)
        return tuple(found)

    def default_ratio(self, name: str) -> Ratio:
        """Return the share that stands in when a shipment states none."""
        return self.ratios.get(name, (0, 1))

    @property
    def chains(self) -> dict[str, tuple[str, ...]]:
        """Whose programmes each market's lookups read; the same mapping each time."""
        if not self.market_chains:
            for market, head in self.market_heads.items():
                self.market_chains[market] = head.chain
        return self.market_chains

    def with_fx(self, fx: FxBook) -> Book:
        """Return the same tables with other exchange rates."""
        return replace(self, fx=fx, fx_columns={})
