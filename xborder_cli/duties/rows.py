"""The rows of a programme that competed for some goods: which held, and why each other did not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xborder_cli.core.columns import any_of
from xborder_cli.core.condition import lines_where
from xborder_cli.core.programme_lines import line_of, lines_of
from xborder_cli.core.wording import terms_text
from xborder_cli.rules.words import Vocabulary
from xborder_cli.units import day_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xborder_cli.core.parcels import Thing
    from xborder_cli.core.rates import ProgrammeTable, Row
    from xborder_cli.core.rule import Day, Provenance, Test
    from xborder_cli.core.run import Run
    from xborder_cli.duties.printed import Printed

HELD: Final = "held"
# why a row lost, in the order in which it is asked
OTHER_ORIGIN: Final = "other-origin"
OTHER_KEY: Final = "other-key"
FINER: Final = "finer-code"
NOT_YET: Final = "not-yet-in-force"
ENDED: Final = "no-longer-in-force"
CLAIM: Final = "claim-not-stated"
CONDITION: Final = "condition-fails"
SHORTER: Final = "shorter-prefix"
ANY_ORIGIN: Final = "origin-not-named"
CONDITIONAL: Final = "condition-comes-first"
EARLIER: Final = "replaced-by-a-later-row"
SAME: Final = "another-row-came-first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Competitor:
    """A line of a table that spoke of the goods, or of goods like them."""

    hs: str  # "" is every code
    origins: tuple[str, ...]  # () is any
    made_in: str  # the origins as the table prints them
    rate: str
    since: Day
    until: Day | None
    when: str
    key: str
    provenance: Provenance
    note: str
    result: str  # HELD within its programme, or the code of why not
    why: str  # in words


class Contest:
    """Judges the rows of programmes for the one item line of a run."""

    def __init__(self, run: Run, day: Day, printed: Printed) -> None:
        """Keep whose rows are judged, and when."""
        self.run = run
        self.day = day
        self.thing: Thing = run.parcels.things[int(run.parcels.line_thing[0])]
        self.printed = printed
        self.words = Vocabulary()

    def winner(self, programme: ProgrammeTable, key: str) -> Row | None:
        """Return the row that holds within a programme, as the core finds it; None without one."""
        line = line_of(self.run.tile.book, programme, self.thing.hs)
        choices = line.on(self.thing.origin, self.day, key) if line is not None else []
        for choice in choices:
            if self._fits(choice.row.when):
                return choice.row
        return None

    def unsure(self, programme: ProgrammeTable, key: str) -> bool:
        """Tell whether only a longer code than the one stated decides which row holds."""
        line = line_of(self.run.tile.book, programme, self.thing.hs)
        finer = line.finer(self.thing, self.day, key) if line is not None else {}
        winner = self.winner(programme, key)
        return bool(finer) and (winner is None or not winner.when)

    def rows(self, programme: ProgrammeTable, key: str) -> tuple[Competitor, ...]:
        """Return the rows that may speak of the goods, best first; lines of tables, not rows."""
        winner = self.winner(programme, key)
        best = self._code_of(programme, winner)
        found: dict[tuple[str, int, str, str], list[Row]] = {}
        results: dict[tuple[str, int, str, str], tuple[str, str, str]] = {}
        for hs, row in self._near(programme):
            result, why = self._judged(hs, row, winner, best, key)
            place = (row.provenance.table, row.provenance.line, hs, result)
            if row is winner:
                place = (*place[:3], HELD)
            found.setdefault(place, []).append(row)
            results[place] = (hs, result, why)
        places: dict[tuple[str, int, str], set[str]] = {}
        for table, number, hs, result in found:
            places.setdefault((table, number, hs), set()).add(result)
        shown = [
            self._competitor(programme, results[place], rows, winner)
            for place, rows in found.items()
            # of a line that names several countries the one of the goods speaks for all
            if place[3] != OTHER_ORIGIN or places[place[:3]] == {OTHER_ORIGIN}
        ]
        return tuple(sorted(shown, key=self._order))

    def _near(self, programme: ProgrammeTable) -> Iterator[tuple[str, Row]]:
        """Yield rows of the code, of shorter ones, and of finer ones for these goods."""
        code, origin = self.thing.hs, self.thing.origin
        for length in range(len(code), -1, -1):
            for row in programme.rows.get(code[:length], ()):
                yield code[:length], row
        for hs in lines_of(self.run.tile.book, programme).under(code) if code else ():
            for row in programme.rows[hs]:
                if row.origin in ("", origin) and self._in_force(row):
                    yield hs, row

    def _judged(
        self, hs: str, row: Row, winner: Row | None, best: str, key: str
    ) -> tuple[str, str]:
        if row is winner:
            return HELD, ""
        if row.origin not in ("", self.thing.origin):
            return OTHER_ORIGIN, "names another origin"
        if row.key != key:
            return OTHER_KEY, f"for {row.key or 'none'}, asked for {key or 'none'}"
        if len(hs) > len(self.thing.hs):
            return FINER, f"only goods of {hs}: state the whole code"
        if row.since > self.day:
            return NOT_YET, f"not yet in force: begins on {day_text(row.since)}"
        if row.until is not None and row.until < self.day:
            return ENDED, f"no longer in force: ended on {day_text(row.until)}"
        failed = next((test for test in row.when if not self._fits((test,))), None)
        if failed is not None:
            return self._failed(failed)
        return _beaten(hs, row, winner, best)

    def _failed(self, test: Test) -> tuple[str, str]:
        words = self.words.test(test)
        if test.kind == "is" and test.name == "claim":
            names = " or ".join(test.values)
            return CLAIM, f"claim not stated: --claim {names.replace(' or ', ' or --claim ')}"
        return CONDITION, f"its condition does not hold: {words}"

    def _code_of(self, programme: ProgrammeTable, winner: Row | None) -> str:
        """Return the code of the HS that a row stands at."""
        code = self.thing.hs
        for length in range(len(code), -1, -1):
            if any(row is winner for row in programme.rows.get(code[:length], ())):
                return code[:length]
        return ""

    def _competitor(
        self,
        programme: ProgrammeTable,
        result: tuple[str, str, str],
        rows: list[Row],
        winner: Row | None,
    ) -> Competitor:
        hs, code, why = result
        row = next((one for one in rows if one is winner), rows[0])
        origins = tuple(dict.fromkeys(one.origin for one in rows if one.origin))
        printed = self.printed.cell(row.provenance, hs, "origin")
        return Competitor(
            hs=hs,
            origins=origins,
            made_in=printed or " ".join(origins),
            rate=terms_text(programme.rates[row.code]),
            since=row.since,
            until=row.until,
            when=self.words.all_of(row.when),
            key=row.key,
            provenance=row.provenance,
            note=self.printed.cell(row.provenance, hs, "note"),
            result=HELD if row is winner else code,
            why=why,
        )

    def _order(self, one: Competitor) -> tuple[bool, bool, bool, int, str, int]:
        named = one.result == OTHER_ORIGIN
        return (one.result != HELD, named, one.result == FINER, -len(one.hs), one.hs, -one.since)

    def _in_force(self, row: Row) -> bool:
        return row.since <= self.day and (row.until is None or self.day <= row.until)

    def _fits(self, tests: tuple[Test, ...]) -> bool:
        if not tests:
            return True
        before = self.run.aside()
        found = any_of(lines_where(self.run, tests))
        self.run.keep(before, False)  # the lookup itself has said what it rests on
        return found


def _beaten(hs: str, row: Row, winner: Row | None, best: str) -> tuple[str, str]:
    """Return why a row that fits does not hold."""
    if winner is None:
        return SAME, "another row came first"
    if len(hs) < len(best):
        return SHORTER, f"shorter prefix than {best}"
    if winner.origin and not row.origin:
        return ANY_ORIGIN, f"a row names {winner.origin}"
    if winner.when and not row.when:
        return CONDITIONAL, "a row with a condition that holds comes first"
    if row.since < winner.since:
        return EARLIER, f"replaced by the row from {day_text(winner.since)}"
    return SAME, "another row of the same code came first"
