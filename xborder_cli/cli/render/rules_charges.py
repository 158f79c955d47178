"""Charges and regimes of a day: what each comes to, when, who pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.cli.render.rows import day
from xborder_cli.core.rule import Dated
from xborder_cli.rules.formula import gap_words, short_rate
from xborder_cli.rules.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.cli.render.paper import Paper
    from xborder_cli.cli.render.rules_sources import Sources
    from xborder_cli.rules.sheet import ChargeOfDay, EventOfDay, RegimeOfDay, Sheet

WIDE = 120  # cells from which a charge stands in one row of columns
INDENT = 5
SHORT_FROM = 3  # regimes, of which an overview is worth its lines
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

    def fees(self) -> None:
        """Add the fees of authority and post in one table."""
        fees = [one for one in self.sheet.charges if one.charge.kind == "fee"]
        if not fees:
            return
        self.paper.heading("Fees of the authority and the post")
        rows: dict[tuple[str, ...], list[str]] = {}
        for one in fees:
            words = "; ".join(self.conditions(one))
            mark = self.sources.mark(one.provenance, one.owner)
            row = (one.name, one.formula, words, mark)
            rows.setdefault(row, []).append(one.charge.code)
        self.paper.columns(list(rows), heading=("fee", "amount", "due", "source"))

    def short(self, event: EventOfDay) -> None:
        """Add the regimes of an event, a line each: what it is called and what it charges."""
        if len(event.regimes) < SHORT_FROM:
            return
        self.paper.heading(f"In short: {SELECT[event.select]}")
        rows = []
        for one in event.regimes:
            told = [_brief(charge) for charge in one.charges if charge.charge.kind != "amount"]
            charged = f"refused: {one.refuse}" if one.refuse else ", ".join(told) or "nothing"
            rows.append((f"{one.place}.", one.name, charged))
        self.paper.columns(rows, heading=("", "regime", "charges"))
        shared = [_brief(one) for one in event.charges if one.charge.kind != "amount"]
        if shared:
            self.paper.words(f"in every case: {', '.join(shared)}", 2)

    def event(self, event: EventOfDay, title: str) -> None:
        """Add an event: what is worked out in every case, then regime by regime."""
        paper = self.paper
        self._like = [self._row(one) for one in event.all_charges]
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
        self._charges(one.charges)

    def _charges(self, charges: Sequence[ChargeOfDay], indent: int = INDENT) -> None:
        if self.paper.width >= WIDE:
            self.paper.columns([self._row(one) for one in charges], like=self._like, indent=INDENT)
            return
        for one in charges:
            name = one.charge.code if not one.charge.name else f"{one.charge.code}: {one.name}"
            self.paper.words(name, indent, hang=4, mark=self._mark(one))
            self.paper.words(one.formula, indent + 4, hang=2)
            for words in self.conditions(one):
                self.paper.words(words, indent + 4, hang=2)
            if told := pays(one):
                self.paper.words(told, indent + 4, hang=2, style="dim")

    def _row(self, one: ChargeOfDay) -> tuple[str, ...]:
        return one.charge.code, one.charge.name, self._amount(one), pays(one), self._mark(one)

    def _amount(self, one: ChargeOfDay) -> str:
        return "; ".join((one.formula, *self.conditions(one)))

    def conditions(self, one: ChargeOfDay) -> list[str]:
        """Return when a charge is due, and the days of its own."""
        found = list(condition_words(one.when, one.unless))
        if one.charge.until is not None:
            found.append(f"until {day(one.charge.until)}")
        elif one.charge.since > self.sheet.tables.market.first_day:
            found.append(f"since {day(one.charge.since)}")
        return found

    def _mark(self, one: ChargeOfDay) -> str:
        return self.sources.mark(one.provenance, one.owner)

    def legend(self) -> None:
        """Say who the importer is."""
        if any(one.payer == "importer" for one in self.sheet.charges):
            self.paper.blank()
            self.paper.words("importer: the seller under DDP, the buyer under DAP", 2, style="dim")

    def gaps(self) -> None:
        """Name the figures that nobody publishes and the user is asked for."""
        gaps = {one.gap: one for one in self.sheet.charges if one.gap}
        if gaps:
            self.paper.heading("Not known: state them with --assume NAME=RATE")
            for name, one in gaps.items():
                words = f"{name}, {gap_words(one.charge.rate)} ({one.name})"
                self.paper.words(words, 2, hang=4, style="yellow")


def _brief(one: ChargeOfDay) -> str:
    """Return a charge's code, with its rate where that is a plain figure."""
    looked_up = one.lookups or not isinstance(one.charge.rate, Dated)
    rate = "" if looked_up or one.gap else short_rate(one.charge.rate)
    unknown = " (not known)" if one.gap else ""
    return f"{one.charge.code} {rate}".strip() + unknown


def condition_words(when: str, unless: str) -> Iterator[str]:
    """Yield when something holds, and when not."""
    if when:
        yield f"if {when}"
    if unless:
        yield f"not if {unless}"


def pays(one: ChargeOfDay) -> str:
    """Return the kind of a charge, who pays it and where, and who gets it back."""
    if one.charge.kind == "amount":
        return ""
    parts = [f"{one.charge.kind}, {one.payer} pays"]
    if one.collected == "checkout":
        parts[0] += " at checkout"
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
