"""Why an article pays its duty, as a page: the total, each charge, each row that competed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xborder_cli.cli.render.rows import day, money
from xborder_cli.cli.render.rules_sources import Sources
from xborder_cli.cli.render.text import cells, pad
from xborder_cli.duties.rows import CLAIM, CONDITION, FINER, OTHER_KEY, OTHER_ORIGIN
from xborder_cli.duties.verdicts import APPLIED, DUE, FREE, GAP, NO_ROW, OUT, TAKEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.cli.render.paper import Paper
    from xborder_cli.core.book import Book
    from xborder_cli.duties.rows import Competitor
    from xborder_cli.duties.verdicts import Case, ChargeCase, ProgrammeCase

FEW: Final = 6  # rows of other origins that are named
MOST: Final = (10, 20, 18, 12, 24)  # cells of a column of rows: code, rate, origin, key, days
OPEN: Final = (FINER, CONDITION, CLAIM, OTHER_KEY)  # rows that more words about the goods may reach
RESULTS: Final = {
    DUE: "due",
    FREE: "nothing due",
    NO_ROW: "no row",
    GAP: "not known",
    OUT: "not in force",
}


def page(case: Case, told: Sequence[str], book: Book, paper: Paper, *, whole: bool) -> str:
    """Return the page.

    Args:
        case: the entry explained.
        told: what was taken for granted.
        book: the tables.
        paper: to write on.
        whole: with the rows of other origins and what is not in force.
    """
    writer = _Page(case, book, paper, whole=whole)
    writer.head()
    writer.total()
    shown = (OUT, NO_ROW)
    told_in_full = [one for one in case.duties if whole or _in_full(one)]
    writer.charges("Duties, in the order of the tables", told_in_full)
    if not whole:
        writer.short(
            "Looked up too: no row holds for these goods",
            [one for one in case.duties if one.result == NO_ROW and one not in told_in_full],
        )
        writer.short("Not in force", [o for o in case.duties if o.result == OUT and o.concerns])
    taxes = [one for one in case.charges if one.kind != "duty"]
    if whole:
        writer.charges("Taxes that look the goods up, not in the total", taxes)
    else:
        writer.short(
            "Taxes that look the goods up, not in the total",
            [one for one in taxes if one.result not in shown],
        )
    writer.tail(told)
    return paper.text()


class _Page:
    def __init__(self, case: Case, book: Book, paper: Paper, *, whole: bool) -> None:
        self.case = case
        self.entry = case.entry
        self.book = book
        self.paper = paper
        self.whole = whole
        self.sources = Sources(case.entry.market)
        rows = [
            _cells(row)
            for charge in case.duties
            for programme in charge.programmes
            for row in programme.rows
            if whole or (row.result != OTHER_ORIGIN and _in_full(charge))
        ]
        self.widths = [
            min(most, max((cells(row[at]) for row in rows), default=0)) + 1
            for at, most in enumerate(MOST)
        ]

    def head(self) -> None:
        entry, item = self.entry, self.entry.shipment.items[0]
        name = self.book.goods[item.goods].name if item.goods in self.book.goods else ""
        what = f"HS {item.hs}" if item.hs else "goods without an HS code"
        title = f"{entry.market_name} ({entry.market}): {what} made in {item.origin}"
        self.paper.words(f"{title}, on {day(entry.shipment.on)}", style="bold")
        if name:
            self.paper.words(f"{name} ({item.goods})")
        taken = next((one for one in entry.regimes if one.taken), None)
        told = [f"channel {entry.channel}"]
        told += [f"regime {taken.name}"] if taken is not None else []
        told += [f"claims {', '.join(item.claims)}"] if item.claims else ["nothing claimed"]
        self.paper.words("; ".join(told), style="dim")

    def total(self) -> None:
        entry, paper = self.entry, self.paper
        paper.blank()
        if entry.refused:
            paper.words(f"Refused: {'; '.join(entry.refused)}", style="red")
            return
        paper.words(f"Duty in total  {self.case.total.text}", style="bold")
        parts = [one for one in self.case.duties if one.rate.text != "0 %"]
        if len(parts) > 1:
            paper.words(" + ".join(f"{one.rate.text} {one.code}" for one in parts), 2)
        value = entry.customs_value_minor
        amount = money(entry.duty_minor, entry.currency, self.book.digits)
        if value is not None:
            worth = money(value, entry.currency, self.book.digits)
            least = "at least " if self.case.at_least else ""
            words = f"{least}{amount} {entry.currency} on a customs value of {worth}"
            paper.words(f"{words} {entry.currency}", 2)
        finer = self.case.finer
        if finer:
            names = dict.fromkeys(programme.id for programme, _ in finer)
            codes = len({row.hs for _, row in finer})
            have = "finer codes have rates" if codes > 1 else "finer code has a rate"
            words = f"state the whole code: {codes} {have} of its own in {', '.join(names)}"
            paper.words(words.replace("rates of its", "rates of their"), 2, style="yellow")
        for gap in self.case.not_known:
            paper.words(f"not known: {gap}", 2, style="yellow")

    def charges(self, heading: str, charges: Sequence[ChargeCase]) -> None:
        if not charges:
            return
        self.paper.heading(heading)
        for one in charges:
            self._charge(one)

    def _charge(self, one: ChargeCase) -> None:
        paper = self.paper
        result = RESULTS.get(one.result, one.result.replace("-", " "))
        mark = _rate_of(one) if one.result in (DUE, GAP) else result
        if cells(mark) > paper.width // 3:
            mark = result
        paper.blank()
        paper.words(f"{one.code}: {one.name}", style="bold", mark=mark)
        if one.how:
            paper.words(one.how, 2, style="dim")
        if one.why and one.why not in one.how:
            paper.words(one.why, 2, style="yellow" if one.result == GAP else "")
        if not one.programmes and one.result in (DUE, FREE, GAP) and not one.stated:
            place = f"{one.provenance.table}:{one.provenance.line}" if one.provenance.table else ""
            words = f"{one.rate.text}, since {day(one.provenance.since)}, {place}"
            paper.words(words.rstrip(", "), 2, mark=self.sources.mark(one.provenance))
        for programme in one.programmes:
            self._programme(programme, alone=len(one.programmes) == 1)

    def _programme(self, one: ProgrammeCase, *, alone: bool) -> None:
        paper = self.paper
        if not alone or one.result != TAKEN:
            told = {TAKEN: f"taken: {one.rate}"}.get(one.result, one.why)
            if one.result not in (TAKEN,) and one.rate:
                told = f"{one.rate}, not taken: {one.why}"
            paper.words(f"{one.id} ({one.name}): {told}", 2)
        others = [row for row in one.rows if row.result == OTHER_ORIGIN]
        kept = list(one.rows) if self.whole else [r for r in one.rows if r not in others]
        for row in kept:
            self._row(row)
        if others and not self.whole:
            names = sorted({name for row in others for name in row.made_in.split()})
            some = f"{', '.join(names[:FEW])}{' ...' if len(names) > FEW else ''}"
            plural = "s name" if len(others) > 1 else " names"
            paper.words(f"{len(others)} row{plural} other origins: {some}", 4, style="dim")

    def _row(self, row: Competitor) -> None:
        paper = self.paper
        held = row.result == APPLIED
        found = " ".join(pad(t, w) for t, w in zip(_cells(row), self.widths, strict=True))
        line = f"  {'=>' if held else '  '} {found.rstrip()}"
        mark = self.sources.mark(row.provenance)
        if cells(line) + cells(mark) + 2 > paper.width:
            line = f"  {'=>' if held else '  '} {'  '.join(filter(None, _cells(row)))}"
        if cells(line) + cells(mark) + 2 > paper.width:
            words = f"{'=>' if held else '- '} {'  '.join(filter(None, _cells(row)))}"
            paper.words(words, 2, hang=3, mark=mark, style="green" if held else "")
            line = ""
        room = max(2, paper.width - cells(line) - cells(mark))
        if line:
            line = paper.style(line, "green" if held else "")
            paper.lines.append(line + " " * room + paper.style(mark, "dim"))
        told = [] if held else [row.why]
        if row.when and row.result not in (CLAIM, CONDITION):
            told.append(f"if {row.when}")
        if row.note:
            told.append(row.note)
        told.append(f"{row.provenance.confidence}, {row.provenance.table}:{row.provenance.line}")
        paper.words("; ".join(told), 8, hang=0, style="dim")

    def short(self, heading: str, charges: Sequence[ChargeCase]) -> None:
        """Add charges in a line each."""
        if not charges:
            return
        self.paper.heading(heading)
        for one in charges:
            words = f"{one.code}: {one.name}"
            if one.result in (DUE, FREE, GAP):
                words += f", {_rate_of(one)}"
            elif one.result == NO_ROW:
                near = sum(len(programme.rows) for programme in one.programmes)
                words += f" ({near} row{'s' * (near != 1)} for others)" if near else ""
            elif one.why:
                words += f", {one.why}"
            self.paper.words(words, 2)

    def tail(self, told: Sequence[str]) -> None:
        paper = self.paper
        taken = [*told, *self.entry.assumptions]
        if taken:
            paper.heading("Taken for granted")
            for words in taken:
                paper.words(words, 2)
        self.sources.lines(paper)
        if not self.whole:
            paper.blank()
            words = "--all adds every row of other origins and every charge not in force"
            paper.words(words, style="dim")


def _in_full(one: ChargeCase) -> bool:
    """Tell whether a charge is told with its rows: it decides, or might for a finer code."""
    if one.result == NO_ROW:
        rows = [row.result for programme in one.programmes for row in programme.rows]
        return any(result in OPEN for result in rows)
    return one.concerns and one.result != OUT


def _rate_of(one: ChargeCase) -> str:
    """Return what a duty takes of the customs value; of a tax, which has another base, its rate."""
    taken = (programme.rate for programme in one.programmes if programme.result == TAKEN)
    return one.rate.text if one.kind == "duty" else next(taken, one.rate.text)


def _cells(row: Competitor) -> tuple[str, str, str, str, str]:
    """Return code, rate, origin, further key and days of a row."""
    made_in = f"made in {row.made_in}" if row.made_in else "any origin"
    dates = f"since {day(row.since)}" if row.since else "always"
    if row.until is not None:
        dates = f"{day(row.since)} to {day(row.until)}" if row.since else f"to {day(row.until)}"
    return row.hs or "every code", row.rate, made_in, row.key, dates
