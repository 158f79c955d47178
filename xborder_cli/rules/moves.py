"""How much a change of rules moves a typical parcel: the same parcel before and after it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xborder_cli.adapters.shipments import read_shipment
from xborder_cli.core.fx import held_on
from xborder_cli.core.pipeline import duty
from xborder_cli.errors import XbError

if TYPE_CHECKING:
    from xborder_cli.adapters.names import Names
    from xborder_cli.adapters.stated import Stated
    from xborder_cli.core.answer import DutyAnswer
    from xborder_cli.core.book import Book
    from xborder_cli.core.rule import Day

REFUSED = "refused: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What a parcel pays at the border and at checkout the day before a change and on its day."""

    market: str
    currency: str = ""
    before: DutyAnswer | None = None
    after: DutyAnswer | None = None
    reason: str = ""  # why it could not be priced

    @property
    def by_minor(self) -> int | None:
        """How much more is due after it; None when one side has no total."""
        if self.reason or self.before is None or self.after is None:
            return None
        return self.after.total_minor - self.before.total_minor


class Mover:
    """Prices one parcel into many markets on many days, at the exchange rates of one day."""

    def __init__(self, book: Book, stated: Stated, names: Names, on: Day) -> None:
        """Keep the parcel as stated, without its destination.

        Args:
            book: compiled tables.
            stated: the parcel.
            names: what the tables know by name.
            on: whose exchange rates hold throughout.

        Raises:
            UsageError: the parcel cannot be understood.
        """
        read_shipment(replace(stated, destination=stated.origin), today=on, names=names)
        self.book = book.with_fx(held_on(book.fx, on))
        self.stated = stated
        self.names = names
        self._answers: dict[tuple[str, Day], DutyAnswer | str] = {}

    def move(self, market: str, day: Day) -> Move:
        """Return what the parcel pays on the day before and on the day."""
        if market == self.stated.origin.upper():
            return Move(market=market, reason="the parcel leaves from there (--from)")
        before, after = self._answer(market, day - 1), self._answer(market, day)
        for one in (after, before):
            if isinstance(one, str):
                return Move(market=market, reason=one)
        assert not isinstance(before, str)
        assert not isinstance(after, str)
        refused = [_refusal(one) for one in (before, after)]
        if any(refused):
            words = [one or "let in" for one in refused]
            reason = refused[0] if refused[0] == refused[1] else f"{words[0]} -> {words[1]}"
            return Move(market=market, currency=after.currency, reason=reason)
        return Move(market=market, currency=after.currency, before=before, after=after)

    def _answer(self, market: str, day: Day) -> DutyAnswer | str:
        key = (market, day)
        if key not in self._answers:
            try:
                shipment = read_shipment(
                    replace(self.stated, destination=market), today=day, names=self.names
                )
                self._answers[key] = duty(self.book, shipment)
            except XbError as error:
                self._answers[key] = "; ".join(one.what for one in error.problems)
        return self._answers[key]

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was assumed in every market."""
        found = [one.assumptions for one in self._answers.values() if not isinstance(one, str)]
        if not found:
            return ()
        return tuple(one for one in found[0] if all(one in others for others in found))


def _refusal(answer: DutyAnswer) -> str:
    """Return why a parcel is refused, "" when it is not."""
    found = [flag for flag in answer.flags if flag.startswith(REFUSED)]
    return "; ".join(found)
