"""A market's rules on one day, ready to be printed, listed or compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xborder_cli.core.rule import Charge, ChargeSet, Day, Programme, Provenance
    from xborder_cli.rules.model import MarketTables, Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A named value of the market in force on the day, and what follows it."""

    name: str
    text: str
    since: Day
    provenance: Provenance
    owner: str
    later: str = ""  # what is announced: the text of the next span
    later_from: Day = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeOfDay:
    """One charge: what it comes to, when, and who pays."""

    charge: Charge  # with the values of the day
    place: int  # in the order of computation of its event or regime, from 1
    event: str
    regime: str
    formula: str
    base: str
    rate: str
    low: str
    high: str
    rounding: str
    when: str
    unless: str
    payer: str  # seller, buyer, importer, "" of an amount
    collected: str
    gap: str  # the figure that is wanted from the user
    lookups: tuple[str, ...]
    since: Day  # first day of the rate in force
    provenance: Provenance  # of the rate where it has its own
    owner: str

    @property
    def name(self) -> str:
        """The charge in words."""
        return self.charge.name or self.charge.code.replace("_", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimeOfDay:
    """Charges under a condition, or a refusal."""

    id: str
    name: str
    event: str
    place: int  # in the order in which regimes are tried, from 1
    when: str
    unless: str
    refuse: str
    charges: tuple[ChargeOfDay, ...]
    since: Day
    until: Day | None
    provenance: Provenance
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventOfDay:
    """What an event charges: entry, sale, export."""

    event: str
    select: str
    charges: tuple[ChargeOfDay, ...]
    regimes: tuple[RegimeOfDay, ...]

    @property
    def all_charges(self) -> tuple[ChargeOfDay, ...]:
        """Shared charges, then those of each regime."""
        return (*self.charges, *(one for regime in self.regimes for one in regime.charges))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeOfDay:
    """A programme that charges of the day look up; `programmes.rows_of` returns its rows."""

    programme: Programme
    day: Day
    read_by: tuple[str, ...]  # codes of charges
    kinds: tuple[str, ...]  # of those charges
    owner: str
    own: bool  # stands in the market's own table
    hs: str = ""
    origin: str = ""

    @property
    def id(self) -> str:
        """What lookups call it."""
        return self.programme.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Everything that holds on a day."""

    tables: MarketTables
    day: Day
    scheme: str  # assumed for consumers
    scheme_since: Day
    schemes: tuple[str, ...]  # that conditions ask for
    channels: tuple[str, ...]
    values: tuple[Figure, ...]
    sets: dict[str, ChargeSet]  # by event, as the tables have them, with the values of the day
    events: tuple[EventOfDay, ...]
    programmes: tuple[ProgrammeOfDay, ...]
    hs: str = ""  # narrowed to goods of this code
    origin: str = ""  # and of this origin

    @property
    def charges(self) -> tuple[ChargeOfDay, ...]:
        """All charges of all events."""
        return tuple(one for event in self.events for one in event.all_charges)

    @property
    def notes(self) -> tuple[Note, ...]:
        """What the tables do not cover."""
        return self.tables.notes
