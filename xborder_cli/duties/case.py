"""Why goods pay the duty that they pay: every programme looked up, and what each charge made of it.

Nothing is decided here. The run that priced the entry says what was found, which conditions held
and what is due; this module asks it and puts the answers in words.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xborder_cli.core.columns import any_of
from xborder_cli.core.condition import holds, none_holds
from xborder_cli.core.dated import in_force
from xborder_cli.core.found_rows import named_row
from xborder_cli.core.lookup_rows import leaves
from xborder_cli.core.rule import Lookup, Terms
from xborder_cli.core.wording import terms_text
from xborder_cli.duties.how import how_of, short
from xborder_cli.duties.rate import Rates
from xborder_cli.duties.rows import HELD, OTHER_ORIGIN, Contest
from xborder_cli.duties.verdicts import (
    APPLIED,
    BEATEN,
    CLOSED,
    DUE,
    EXEMPTED,
    FREE,
    GAP,
    LOST,
    NO_ROW,
    OUT,
    REPLACED,
    SILENT,
    TAKEN,
    UNKNOWN,
    UNSURE,
    Case,
    ChargeCase,
    ProgrammeCase,
)
from xborder_cli.rules.formula import lessened_words
from xborder_cli.rules.words import Vocabulary, listed
from xborder_cli.units import day_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xborder_cli.core.rates import ProgrammeTable
    from xborder_cli.core.rule import Day, Test
    from xborder_cli.core.step import Node
    from xborder_cli.core.tariff_line import Choice
    from xborder_cli.duties.entry import Entry
    from xborder_cli.duties.printed import Printed


def case_of(entry: Entry, printed: Printed) -> Case:
    """Return why an entry pays the duty that it pays."""
    rates = Rates(entry)
    maker = _Maker(entry, rates, printed)
    return Case(entry=entry, charges=tuple(maker.charges()), total=rates.total())


class _Maker:
    def __init__(self, entry: Entry, rates: Rates, printed: Printed) -> None:
        self.entry = entry
        self.run = entry.run
        self.day: Day = entry.shipment.on
        self.rates = rates
        self.contest = Contest(entry.run, self.day, printed)
        self.words = Vocabulary()

    def charges(self) -> Iterator[ChargeCase]:
        """Yield duties, and taxes that look something up, in the order of the tables."""
        for node in self.entry.nodes:
            kind = node.charge.kind
            if kind == "duty" or (kind == "tax" and isinstance(node.rate, Lookup)):
                yield self._charge(node)

    def _charge(self, node: Node) -> ChargeCase:
        charge = node.charge
        programmes = tuple(self._programmes(node))
        result, why = self._result(node, programmes)
        programmes = tuple(_settled(one, result, why) for one in programmes)
        amount = self.run.amounts[node.index]
        line = self.entry.line(node)
        return ChargeCase(
            code=charge.code,
            name=charge.name or charge.code.replace("_", " "),
            kind=charge.kind,
            how=how_of(charge),
            result=result,
            why=why,
            rate=self.rates.of(node),
            amount_minor=self.run.tile.paid(amount).first() if amount is not None else 0,
            at_least=line is not None and line.at_least,
            unknown=line.unknown if line is not None else "",
            programmes=programmes,
            concerns=self._concerns(node, programmes),
            stated=self._stated(node),
            provenance=line.provenance if line is not None else charge.provenance,
        )

    # -- charges ----------------------------------------------------------------------------------

    def _result(self, node: Node, programmes: tuple[ProgrammeCase, ...]) -> tuple[str, str]:
        charge = node.charge
        if not any_of(in_force(self.run, charge.since, charge.until)):
            if charge.since > self.day:
                return OUT, f"begins on {day_text(charge.since)}"
            return OUT, f"ended on {day_text(charge.until or 0)}"
        if programmes and all(one.result == SILENT for one in programmes):
            return NO_ROW, "no row holds for these goods: nothing is due"
        for test in charge.when:
            if not any_of(holds(self.run, (test,), node, node.level)):
                return CLOSED, f"only if {self.words.test(short(test))}"
        for test in charge.unless:
            if not any_of(none_holds(self.run, (test,), node, node.level)):
                return self._closed(test)
        rate = self.rates.of(node)
        if rate.gaps:
            return GAP, "; ".join(rate.gaps)
        if self._stated(node):
            return DUE if rate.share or rate.parts else FREE, "stated by the caller (--set)"
        if rate.share or rate.parts:
            return DUE, ""
        taken = next((one.rate for one in programmes if one.result == TAKEN), "")
        if charge.less and taken:
            less = listed([lessened_words(one) for one in charge.less], "and")
            return FREE, f"{taken} is reached already by {less}"
        return FREE, ""

    def _stated(self, node: Node) -> bool:
        """Tell whether the caller's rate stands in the place of the table's."""
        if not self.entry.shipment.overrides or isinstance(node.rate, Lookup):
            return False
        rules = self.run.tile.book.market(self.entry.market)
        if rules is None:
            return False
        own = [*rules.entry.charges, *(c for one in rules.entry.regimes for c in one.charges)]
        rates = [one.rate for one in own if one.code == node.charge.code]
        return bool(rates) and all(rate is not node.charge.rate for rate in rates)

    def _concerns(self, node: Node, programmes: tuple[ProgrammeCase, ...]) -> bool:
        if not all(any_of(holds(self.run, (t,), node, node.level)) for t in node.charge.when):
            return False
        rows = [row for one in programmes for row in one.rows]
        unknown = any(one.result == UNKNOWN for one in programmes)
        return not programmes or unknown or any(row.result != OTHER_ORIGIN for row in rows)

    def _closed(self, test: Test) -> tuple[str, str]:
        words = self.words.test(short(test))
        if test.kind == "applied":
            return REPLACED, f"replaced: {self._which(test)}"
        if test.kind == "exempted":
            return EXEMPTED, f"exempted: {words}"
        return CLOSED, f"not if {words}"

    def _which(self, test: Test) -> str:
        """Return the charges that applied, with their rates."""
        found = []
        for node in self.entry.nodes:
            amount = self.run.amounts[node.index]
            asked = node.charge.code in test.values
            if asked and amount is not None and any_of(amount.applied):
                terms = self.rates.terms(node)
                rate = f" ({terms_text(terms)})" if terms is not None else ""
                found.append(f"{node.charge.code} applies{rate}")
        return listed(found, "and") or self.words.test(test)

    # -- programmes -------------------------------------------------------------------------------

    def _programmes(self, node: Node) -> Iterator[ProgrammeCase]:
        rate = node.rate
        if not isinstance(rate, Lookup):
            return
        step = self.run.step_of(node)
        tariffs = self.run.program.tariffs(step, self.entry.shipment.destination)
        taken = named_row(self.run, node, rate)
        for leaf in leaves(rate):
            programme = self.run.tile.book.programme(leaf.programme, tariffs)
            if programme is not None:
                yield self._programme(rate, leaf, programme, taken)

    def _programme(
        self,
        whole: Lookup,
        leaf: Lookup,
        programme: ProgrammeTable,
        taken: Choice | None,
    ) -> ProgrammeCase:
        attributes = self.run.parcels.attributes
        key = "|".join(str(getattr(attributes, name, "")) for name in leaf.by)
        rows = self.contest.rows(programme, key)
        held = next((row for row in rows if row.result == HELD), None)
        result, why = SILENT, "no row holds for these goods"
        if self.contest.unsure(programme, key):
            result, why = UNKNOWN, f"only a longer code than {self.contest.thing.hs} decides"
        elif held is not None:
            result, why = TAKEN, ""
            best = self.contest.winner(programme, key)
            if taken is None or best is not taken.row:
                rate = programme.rates[best.code] if best is not None else Terms(())
                result, why = LOST, _lost(whole, programme, rate, taken)
        elif taken is None and programme.default == "gap":
            result, why = UNKNOWN, f"no row is known for {self.contest.thing.hs or 'these goods'}"
        return ProgrammeCase(
            id=leaf.programme,
            name=programme.name or leaf.programme,
            tariff=programme.tariff,
            default=programme.default,
            result=result,
            why=why,
            rate=held.rate if held is not None else "",
            rows=rows,
            provenance=programme.provenance,
        )


def _settled(one: ProgrammeCase, result: str, why: str) -> ProgrammeCase:
    """Return a programme whose best row applied, or says what stood in its way."""
    settled = (APPLIED, "")
    if one.result == LOST:
        settled = (BEATEN, one.why)
    elif one.result == UNKNOWN:
        settled = (UNSURE, one.why)
    elif result in (REPLACED, EXEMPTED, CLOSED, OUT):
        settled = (result, why)
    rows = tuple(
        replace(row, result=settled[0], why=settled[1]) if row.result == HELD else row
        for row in one.rows
    )
    return replace(one, rows=rows)


def _lost(whole: Lookup, mine: ProgrammeTable, its: Terms, taken: Choice | None) -> str:
    if taken is None:
        return "not taken"
    other, rate = taken.programme.id, terms_text(taken.terms)
    if _fork(whole, mine.id, other) == "least":
        if its.words and not its.parts:
            return f"it is known only in words: {other} is taken, {rate}"
        return f"{other} is lower: {rate}"
    return f"{other} comes first: {rate}"


def _fork(whole: Lookup, mine: str, other: str) -> str:
    """Return what two programmes of a lookup were asked for: the least of them, or the first."""
    for inner in (*whole.pick, *whole.least):
        names = {leaf.programme for leaf in leaves(inner)}
        if {mine, other} <= names and inner.programme == "":
            return _fork(inner, mine, other)
    return "least" if whole.least else "pick"
