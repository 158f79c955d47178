"""Which issue of a price list is in force on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xborder_cli.core.rule import Day, RateCard


class Issues:
    """All issues of every service, each until its own end or the day before the next one."""

    def __init__(self, cards: Iterable[RateCard]) -> None:
        """Sort them by service and day."""
        self._by_id: dict[str, list[RateCard]] = {}
        for card in cards:
            self._by_id.setdefault(card.id, []).append(card)
        for found in self._by_id.values():
            found.sort(key=lambda card: card.since)

    def of(self, service: str) -> tuple[RateCard, ...]:
        """Return the issues of a service, the oldest first; () when there is none."""
        return tuple(self._by_id.get(service, ()))

    def last_day(self, card: RateCard) -> Day | None:
        """Return the last day of an issue, None when it holds on."""
        ends = [one.since - 1 for one in self.of(card.id) if one.since > card.since]
        if card.until is not None:
            ends.append(card.until)
        return min(ends, default=None)

    def in_force(self, card: RateCard, day: Day) -> bool:
        """Tell whether an issue holds on a day."""
        last = self.last_day(card)
        return card.since <= day and (last is None or day <= last)

    def on(self, service: str, day: Day) -> RateCard | None:
        """Return the issue of a service that holds on a day."""
        return next((card for card in self.of(service) if self.in_force(card, day)), None)

    def nearest(self, service: str, day: Day) -> RateCard | None:
        """Return the issue in force; else the newest that has begun, else the first to come."""
        begun = [card for card in self.of(service) if card.since <= day]
        return (
            self.on(service, day)
            or next(reversed(begun), None)
            or next(iter(self.of(service)), None)
        )
