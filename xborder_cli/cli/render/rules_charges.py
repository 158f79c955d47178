"""Charges and regimes of a day: what each comes to, when, who pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.cli.render.rows import day
from xborder_cli.rules.brief import Briefs
from xborder_cli.rules.formula import LOT, gap_words
from xborder_cli.rules.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.cli.render.paper import Paper
    from xborder_cli.cli.render.rules_sources import Sources
    from xborder_cli.rules.sheet import ChargeOfDay, EventOfDay, RegimeOfDay, Sheet

WIDE = 120  # cells from which a charge stands in one row of columns
INDENT = 5
NUMBER = 4  # cells of "12. "
SELECT = {
    "first": "regimes are tried in this order, the first that fits holds",
    "cheapest": "of the regimes that fit, the one with the least duty, tax and fees holds",
}
RECOVERED = {"business": "a business", "registered_seller": "a registered seller"}


class Charges:
    """Adds charges to a page."""

    def __init__(self, sheet: Sheet, sources: Sources, paper: Paper) -> None:
        """Keep what is written, and where to."""
        self.sheet = sheet
        self.sources = sources
        self.paper = paper

        self._like: list[tuple[str, ...]] = []  # all rows of the event that is being written
        self._seen: dict[tuple[str, ...], int] = {}  # charges told already -> place of the regime

    def short(self, event: EventOfDay) -> None:
        """Add what an event charges in plain words: names and rates, no codes and no bases."""
        briefs = Briefs(self.sheet)
        shared = briefs.shared(event)
        how = f": {SELECT[event.select]}" if len(event.regimes) > 1 else ""
        self.paper.heading(f"In short{how}")
        if self.paper.width >= WIDE:
            rows = [(f"{one.place}.", one.name, briefs.regime(one)) for one in event.regimes]
            self.paper.columns(rows)
        else:
            for one in event.regimes:
                self.paper.words(f"{one.place}. {one.name}", 2, hang=NUMBER, style="bold")
                self.paper.words(briefs.regime(one), 2 + NUMBER, hang=0)
        if shared:
            self.paper.words(f"Besides, where due: {shared}", 2)

    def fees(self) -> None:
        """Add the fees of authority and post in one table; stock and parcel share a line."""
        fees = [one for one in self.sheet.charges if one.charge.kind == "fee"]
        if not fees:
            return
        self.paper.heading("Fees of the authority and the post")
        rows: dict[tuple[str, ...], bool] = {}
        for one in fees:
            words = "; ".join(self.conditions(one, since=True))
            mark = self.sources.mark(one.provenance, one.owner)
            amount = one.formula.replace(LOT, "")
            row = (one.name, amount, words, mark)
            rows[row] = rows.get(row, True) and amount != one.formula
        whole = [
            (name, f"{amount}{LOT}" if lot else amount, words, mark)
            for (name, amount, words, mark), lot in rows.items()
        ]
        self.paper.columns(whole, heading=("fee", "amount", "due", "source"))

    def event(self, event: EventOfDay, title: str) -> None:
        """Add an event: what is worked out in every case, then regime by regime."""
        paper = self.paper
        self._like = [self._row(one) for one in event.all_charges]
        self._seen = {}
        how = f": {SELECT[event.select]}" if len(event.regimes) > 1 else ""
        paper.heading(f"{title}{how}")
        if event.charges:
            if event.regimes:
                paper.words("in every case", 2, style="bold")
            self._charges(event.charges)
        for regime in event.regimes:
            self._regime(regime)
        if not event.charges and not event.regimes:
            paper.words("nothing is charged", 2)

    def _regime(self, one: RegimeOfDay) -> None:
        paper = self.paper
        paper.blank()
        mark = self.sources.mark(one.provenance, one.owner)
        days = _days(one)
        paper.words(f"{one.place}. {one.name} ({one.id}){days}", 2, hang=3, style="bold", mark=mark)
        for words in condition_words(one.when, one.unless):
            paper.words(words, 5, hang=5)
        if one.refuse:
            paper.words(f"refused: {one.refuse}", 5, style="red")
        elif not one.charges:
            paper.words("nothing further is charged", 5)
        self._charges(one.charges, one.place)

    def _charges(self, charges: Sequence[ChargeOfDay], place: int = 0) -> None:
        """Add charges; one that an earlier regime has word for word only says where."""
        rows = []
        for one in charges:
            row = self._row(one)
            if before := self._seen.setdefault(row, place):
                row = (row[0], row[1], f"as in {before}", "", "") if before != place else row
            rows.append(row)
        if self.paper.width >= WIDE:
            self.paper.columns(rows, like=self._like, indent=INDENT)
            return
        for code, name, amount, told, mark in rows:
            again = f": {amount}" if not mark else ""
            self.paper.words(
                f"{code}: {name}{again}" if name else code + again, INDENT, hang=4, mark=mark
            )
            if mark:
                words = f"{amount}; {told}" if told else amount
                self.paper.words(words, INDENT + 4, hang=2)

    def _row(self, one: ChargeOfDay) -> tuple[str, ...]:
        return one.charge.code, one.charge.name, self._amount(one), pays(one), self._mark(one)

    def _amount(self, one: ChargeOfDay) -> str:
        return "; ".join((one.formula, *self.conditions(one)))

    def conditions(self, one: ChargeOfDay, *, since: bool = False) -> list[str]:
        """Return when a charge is due, and the days of its own; `since` of its rate as well."""
        found = list(condition_words(one.when, one.unless))
        first = one.since if since else one.charge.since
        if one.charge.until is not None:
            found.append(f"until {day(one.charge.until)}")
        elif first > self.sheet.tables.market.first_day:
            found.append(f"since {day(first)}")
        return found

    def _mark(self, one: ChargeOfDay) -> str:
        return self.sources.mark(one.provenance, one.owner)

    def legend(self) -> None:
        """Say who pays where nothing is said."""
        if any(one.payer == "importer" for one in self.sheet.charges):
            self.paper.blank()
            words = (
                "Where nothing is said the importer pays: the seller under DDP,"
                " the buyer under DAP."
            )
            self.paper.words(words, 2, hang=0, style="dim")

    def gaps(self) -> None:
        """Name the figures that nobody publishes and the user is asked for."""
        gaps = {one.gap: one for one in self.sheet.charges if one.gap}
        if gaps:
            self.paper.heading("Not known: state them with --assume NAME=RATE")
            for name, one in gaps.items():
                words = f"{name}, {gap_words(one.charge.rate)} ({one.name})"
                self.paper.words(words, 2, hang=4, style="yellow")


def condition_words(when: str, unless: str) -> Iterator[str]:
    """Yield when something holds, and when not."""
    if when:
        yield f"if {when}"
    if unless:
        yield f"not if {unless}"


def pays(one: ChargeOfDay) -> str:
    """Return who pays a charge where that is not the importer, and who gets it back."""
    if one.charge.kind == "amount":
        return ""
    parts = [f"{one.payer} pays"] if one.payer != "importer" else []
    if one.collected == "checkout":
        parts = [f"{one.payer} pays at checkout"]
    if one.charge.recoverable_by:
        back = listed([RECOVERED[who] for who in one.charge.recoverable_by])
        parts.append(f"{back} gets it back")
    return ", ".join(parts)


def _days(one: RegimeOfDay) -> str:
    if one.since and one.until is not None:
        return f", {day(one.since)} to {day(one.until)}"
    if one.since:
        return f", from {day(one.since)}"
    return f", until {day(one.until)}" if one.until is not None else ""
