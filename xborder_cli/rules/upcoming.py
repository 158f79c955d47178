"""What changes soon in many markets, day by day; what a union says is told once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xborder_cli.rules.changes import History
from xborder_cli.units import Unreadable, parse_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xborder_cli.core.rule import Day
    from xborder_cli.rules.changes import Change
    from xborder_cli.rules.model import MarketTables
    from xborder_cli.rules.reading import Library


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """One change and the markets whose rules it changes."""

    change: Change
    markets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfChange:
    """Everything that changes on a day."""

    day: Day
    changes: tuple[Coming, ...]

    @property
    def markets(self) -> tuple[str, ...]:
        """The markets of which anything changes."""
        return tuple(sorted({name for one in self.changes for name in one.markets}))


def upcoming(
    library: Library, markets: Iterable[str], first: Day, last: Day
) -> tuple[tuple[DayOfChange, ...], dict[str, MarketTables]]:
    """Return what changes in markets after a first day, up to and with a last day.

    Only markets whose tables name one of these days are read; their tables are returned too.
    """
    found: dict[Day, dict[Change, list[str]]] = {}
    read: dict[str, MarketTables] = {}
    for name in markets:
        if not _may_turn(library, name, first, last):
            continue
        read[name] = library.market(name)
        for day, changes in History(read[name]).after(first, last):
            for change in changes:
                # an own part of a member is its own; a union's or tariff's is the same for all
                found.setdefault(day, {}).setdefault(_alike(change), []).append(name)
    days = tuple(
        DayOfChange(
            day=day,
            changes=tuple(
                Coming(change=change, markets=tuple(names)) for change, names in of_day.items()
            ),
        )
        for day, of_day in sorted(found.items())
    )
    return days, read


def _alike(change: Change) -> Change:
    """Return a change without what differs from member to member: where facts of it stand."""
    return replace(change, inner=())


def _may_turn(library: Library, name: str, first: Day, last: Day) -> bool:
    """Tell whether the tables of a market name a day that something may begin or end on."""
    for text in library.days_named(name):
        try:
            day = parse_day(text)
        except Unreadable:
            continue
        if first <= day <= last:  # what ends on the first day is over on the next
            return True
    return False
