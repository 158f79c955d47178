"""What changes in a market's rules between two days, and on which days anything changes."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from xborder_cli.rules.facts import Fact, facts_of
from xborder_cli.rules.formula import terms_words
from xborder_cli.rules.make import EVENTS, sheet_of
from xborder_cli.rules.on_day import dated_days, set_days
from xborder_cli.rules.programmes import row_key, rows_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xborder_cli.core.rule import Day, Programme, ProgrammeRow, Provenance
    from xborder_cli.rules.facts import Key as FactKey
    from xborder_cli.rules.model import MarketTables
    from xborder_cli.rules.programmes import Key
    from xborder_cli.rules.sheet import ChargeOfDay, Sheet

ADDED, ENDED, CHANGED = "added", "ended", "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """A row of a programme that begins, ends or says another rate."""

    kind: str
    hs: str
    origin: str
    key: str
    old: str
    new: str
    on: Day  # on which it begins, or is over
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between the rules of two days.

    `what` is the field that differs; "" stands for a whole regime, charge or value. Rows of a
    programme stand together in one change.
    """

    kind: str  # added, ended, changed
    part: str
    regime: str
    code: str
    what: str
    name: str
    old: str
    new: str
    owner: str
    provenance: Provenance
    rows: tuple[RowChange, ...] = ()
    inner: tuple[Fact, ...] = ()  # of what is added or ended
    charges: tuple[str, ...] = ()  # what they come to, of a whole regime or charge
    days: tuple[Day, ...] = ()  # on which it turned, where the two days lie apart
    no_row: str = ""  # what no row of a programme means: gap or zero

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What the change is about."""
        return self.part, self.regime, self.code, self.what


@dataclass(slots=True)
class History:
    """The rules of one market through time; sheets of days that were asked for are kept."""

    tables: MarketTables
    sheets: dict[Day, Sheet] = field(default_factory=dict)

    def sheet(self, day: Day) -> Sheet:
        """Return the rules of a day.

        Raises:
            TableError: the tables of the market begin later.
        """
        if day not in self.sheets:
            self.sheets[day] = sheet_of(self.tables, day)
        return self.sheets[day]

    def days(self) -> tuple[Day, ...]:
        """Return every day after the first on which anything may differ from the day before."""
        tables, market = self.tables, self.tables.market
        found: set[Day] = dated_days(market.default_scheme)
        for event in EVENTS:
            found.update(set_days(getattr(market, event)))
        for value in tables.values.values():
            found |= dated_days(value)
        for programme in tables.programmes.values():
            for row in programme.rows:
                found.add(row.since)
                if row.until is not None:
                    found.add(row.until + 1)
        return tuple(sorted(day for day in found if day > market.first_day))

    def between(self, first: Day, last: Day) -> tuple[Change, ...]:
        """Return what differs on the last day from the first, in the order of the page.

        Raises:
            TableError: the tables of the market begin after one of the days.
        """
        old, new = self.sheet(first), self.sheet(last)
        return (*_facts(old, new), *_programmes(self.tables, old, new))

    def dated(self, first: Day, last: Day) -> tuple[Change, ...]:
        """Return what differs on the last day from the first, and on which days it turned."""
        turned: dict[tuple[str, str, str, str], list[Day]] = {}
        for day, changes in self.after(first, last):
            for change in changes:
                for key in {change.key, (*change.key[:3], ""), (*change.key[:2], "", "")}:
                    turned.setdefault(key, []).append(day)
        found = []
        for change in self.between(first, last):
            days = turned.get(change.key, [])
            found.append(replace(change, days=tuple(dict.fromkeys(days))))
        return tuple(found)

    def on(self, day: Day) -> tuple[Change, ...]:
        """Return what differs on a day from the day before."""
        if day <= self.tables.market.first_day:
            return ()
        return self.between(day - 1, day)

    def after(self, day: Day, last: Day | None = None) -> Iterator[tuple[Day, tuple[Change, ...]]]:
        """Yield the days after a day on which the rules change, and what changes."""
        days = self.days()
        for one in days[bisect_right(days, day) :]:
            if last is not None and one > last:
                return
            if found := self.on(one):
                yield one, found

    def before(self, day: Day) -> Iterator[tuple[Day, tuple[Change, ...]]]:
        """Yield the days up to a day on which the rules changed, newest first."""
        days = self.days()
        for one in reversed(days[: bisect_right(days, day)]):
            if found := self.on(one):
                yield one, found


def _facts(old: Sheet, new: Sheet) -> Iterator[Change]:
    before = {fact.key: fact for fact in facts_of(old)}
    after = {fact.key: fact for fact in facts_of(new)}
    yield from _wholes(ENDED, before, after, old)
    yield from _wholes(ADDED, after, before, new)
    wholes = {key[:3] for key in before} ^ {key[:3] for key in after}
    for key in (*after, *(key for key in before if key not in after)):
        one, other = before.get(key), after.get(key)
        if key[:3] in wholes or (one and other and one.text == other.text):
            continue
        fact = other or one
        assert fact is not None
        yield Change(
            kind=CHANGED,
            part=fact.part,
            regime=fact.regime,
            code=fact.code,
            what=fact.what,
            name=fact.name,
            old=one.text if one else "",
            new=other.text if other else "",
            owner=fact.owner,
            provenance=fact.provenance,
        )


def _wholes(
    kind: str, mine: dict[FactKey, Fact], theirs: dict[FactKey, Fact], sheet: Sheet
) -> Iterator[Change]:
    """Yield the regimes, charges and values that only one of two days has."""
    known = {key[:3] for key in theirs}
    regimes = {key[:2] for key in theirs}
    found: dict[tuple[str, ...], list[Fact]] = {}
    for key, fact in mine.items():
        if key[:3] in known:
            continue
        whole = (*key[:2], "") if key[1] and key[:2] not in regimes else key[:3]
        found.setdefault(whole, []).append(fact)
    for (part, regime, code), facts in found.items():
        head = facts[0]
        text = next((fact.text for fact in facts if fact.what == "value"), "")
        charges = tuple(
            one.formula if code else f"{_called(one)}: {one.formula}"
            for one in sheet.charges
            if (one.event, one.regime) == (part, regime)
            and (one.charge.code == code or (regime and not code))
            and one.charge.kind != "amount"
        )
        yield Change(
            kind=kind,
            part=part,
            regime=regime,
            code=code,
            what="",
            name=head.name,
            old=text if kind == ENDED else "",
            new=text if kind == ADDED else "",
            owner=head.owner,
            provenance=head.provenance,
            inner=tuple(facts),
            charges=charges,
        )


def _called(one: ChargeOfDay) -> str:
    return f"{one.name} ({one.charge.code})" if one.charge.name else one.charge.code


def _programmes(tables: MarketTables, old: Sheet, new: Sheet) -> Iterator[Change]:
    """Yield the programmes of which rows differ; one that nobody reads any more has no rows."""
    read = {one.id: one for one in (*old.programmes, *new.programmes)}
    before, after = {one.id for one in old.programmes}, {one.id for one in new.programmes}
    for name, one in read.items():
        if not (name in before and name in after):
            continue
        programme = tables.programmes[name]
        rows = tuple(_rows(programme, old.day, new.day))
        if not rows:
            continue
        counts = [f"{n} {kind}" for kind in (ADDED, ENDED, CHANGED) if (n := _count(rows, kind))]
        yield Change(
            kind=CHANGED,
            part="programme",
            regime="",
            code=name,
            what="rows",
            name=one.programme.name or name,
            old="",
            new=", ".join(counts),
            owner=one.owner,
            provenance=rows[0].provenance,
            rows=rows,
            no_row=programme.default,
        )


def _count(rows: Iterable[RowChange], kind: str) -> int:
    return sum(row.kind == kind for row in rows)


def _rows(programme: Programme, first: Day, last: Day) -> Iterator[RowChange]:
    """Yield the rows that differ; only those that begin or end between the days are looked at."""
    low, high = min(first, last), max(first, last)
    turning = {row_key(row) for row in programme.rows if _turns(row, low, high)}
    if not turning:
        return
    rows = [row for row in programme.rows if row_key(row) in turning]
    before, after = rows_on(rows, first), rows_on(rows, last)
    for key in sorted(turning, key=_sorting):
        one, other = before.get(key), after.get(key)
        if (one is None and other is None) or (one and other and one.terms == other.terms):
            continue
        row = other or one
        assert row is not None
        over = one.until + 1 if one is not None and one.until is not None else last
        yield RowChange(
            on=other.since if other is not None else over,
            kind=CHANGED if one and other else ADDED if other else ENDED,
            hs=row.hs or "*",
            origin=row.origin,
            key=row.key,
            old=terms_words(one.terms) if one else "",
            new=terms_words(other.terms) if other else "",
            provenance=row.provenance,
        )


def _turns(row: ProgrammeRow, low: Day, high: Day) -> bool:
    return low < row.since <= high or (row.until is not None and low <= row.until < high)


def _sorting(key: Key) -> tuple[str, str, str]:
    return key[0], key[1], key[2]
