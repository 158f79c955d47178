"""The tables that an import keeps: rows with their days, and the revisions they came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xborder_cli.core.rule import Day
    from xborder_cli.tariffs.line import Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRow:
    """A rate of a code in the days from `since` to `until`, as a line of a grid."""

    hs: str  # digits; empty: every code
    rate: str  # TERMS or words in quotes, as a cell
    since: Day
    until: Day | None = None  # last day; None: open
    origins: tuple[str, ...] = ()  # in order; empty: any
    claim: str = ""
    note: str = ""
    source: str = ""  # id of the revision that said so last; empty: the newest says so

    @property
    def place(self) -> tuple[str, tuple[str, ...], str, Day]:
        """Return what rows of a table are sorted by."""
        return self.hs, self.origins, self.claim, self.since


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A file that a revision was read from."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One edition of an official tariff, and when and from what it was read."""

    id: str  # the name of its source in a table
    name: str
    day: Day  # on which it begins
    retrieved: Day
    title: str
    url: str
    files: tuple[Origin, ...]

    @property
    def digests(self) -> frozenset[str]:
        """Return what tells its files from others."""
        return frozenset(file.sha256 for file in self.files)


@dataclass(slots=True, kw_only=True)
class KeptTable:
    """A programme of a tariff as it stands, or will stand, in the user's folder."""

    tariff: str
    programme: Programme
    confidence: str  # of every row: high for an authority's own file
    rows: list[KeptRow] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)  # oldest first
    words: dict[str, str] = field(default_factory=dict)  # of chapters, for remarks
    whole: bool = True  # else what the folders below say of other codes holds on
    edited: bool = False  # by hand, since it was kept

    @property
    def since(self) -> Day:
        """Return the first day that the table speaks of."""
        days = [row.since for row in self.rows]
        days += [one.day for one in self.revisions[:1]]
        return min(days, default=0)
