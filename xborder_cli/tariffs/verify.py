"""What was written, read again as any command reads it, and every rate compared with the file's."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xborder_cli.errors import Problem, TableError, Where
from xborder_cli.tables.terms import parse_terms
from xborder_cli.units import day_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from xborder_cli.core.rule import Day, ProgrammeRow, Terms
    from xborder_cli.tables.tables import Tables

SHOWN_MOST: Final = 20  # faults that are told one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A rate that a lookup must find on a day."""

    tariff: str
    programme: str
    hs: str
    origins: tuple[str, ...]
    claim: str
    rate: str  # a cell, or what a file's reader gave
    on: Day
    row: int = 0  # of the file


def read_back(
    texts: Mapping[Path, str], into: Path, lower: Sequence[Path], expected: Iterable[Expected]
) -> Tables:
    """Return the tables with the new files laid over the lower folders.

    Args:
        texts: of the files that are to stand, by their places in `into`.
        into: the folder that they will stand in.
        lower: folders of tables below it.
        expected: what lookups must find.

    Raises:
        TableError: a file cannot be loaded, a check finds a fault in it, or a lookup another rate.
    """
    from tempfile import TemporaryDirectory

    from xborder_cli.tables.checks import check_tables
    from xborder_cli.tables.load import load_tables

    with TemporaryDirectory(prefix="xb-import-") as name:
        folder = Path(name)
        for path, text in texts.items():
            place = folder / path.relative_to(into)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode())
        try:
            tables = load_tables((*lower, folder))
        except TableError as error:
            raise TableError(_moved(error.problems, folder, into)) from None
        problems = [
            problem
            for problem in _moved(check_tables(tables), folder, into)
            if not problem.warning and problem.where.path.startswith(str(into))
        ]
    problems += missed(tables, expected)
    if problems:
        raise TableError(problems[:SHOWN_MOST])
    return tables


def _moved(problems: Iterable[Problem], folder: Path, into: Path) -> list[Problem]:
    """Return problems with their places as they would be in the folder itself."""
    found = []
    for problem in problems:
        where = problem.where
        if where.path.startswith(str(folder)):
            where = Where(where.path.replace(str(folder), str(into), 1), where.line, where.column)
        found.append(replace(problem, where=where))
    return found


def missed(tables: Tables, expected: Iterable[Expected]) -> list[Problem]:
    """Return a problem for each rate that a lookup does not find as it was read."""
    index = _Index(tables)
    return [problem for one in expected for problem in index.compared(one)]


class _Index:
    """Rows of programmes by code, origin and claim."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._rows: dict[tuple[str, str], dict[tuple[str, str, str], list[ProgrammeRow]]] = {}

    def compared(self, one: Expected) -> Iterator[Problem]:
        """Yield what is wrong with what is found for a rate."""
        want = parse_terms(one.rate.strip().strip('"'))
        rows = self._of(one.tariff, one.programme)
        for origin in self._members(one.origins):
            found = [
                row.terms
                for row in rows.get((one.hs, origin, one.claim), ())
                if row.since <= one.on and (row.until is None or one.on <= row.until)
            ]
            if len(found) != 1 or not _alike(found[0], want):
                made_in = f" from {origin}" if origin else ""
                what = (
                    f"{one.programme} {one.hs or '*'}{made_in} on {day_text(one.on)}:"
                    f" {len(found)} rates are found where {one.rate} was written"
                    if len(found) != 1
                    else f"{one.programme} {one.hs or '*'}{made_in} on {day_text(one.on)}:"
                    f" another rate than {one.rate} is found"
                )
                place = Where("row" if one.row else one.programme, one.row)
                fix = "nothing was kept; please report it with the file"
                yield Problem(code="read-back", where=place, what=what, fix=fix)

    def _of(self, tariff: str, programme: str) -> Mapping[tuple[str, str, str], list[ProgrammeRow]]:
        known = self._rows.get((tariff, programme))
        if known is None:
            known = defaultdict(list)
            found = self.tables.programmes.get((tariff, programme))
            claims: dict[int, str] = {}
            for row in found.rows if found is not None else ():
                if row.when:
                    claim = claims.get(id(row.when))
                    if claim is None:  # the origins of a line share its conditions
                        claim = claims[id(row.when)] = _claim(row)
                    known[row.hs, row.origin, claim].append(row)
                else:
                    known[row.hs, row.origin, ""].append(row)
            self._rows[tariff, programme] = known
        return known

    def _members(self, origins: Sequence[str]) -> Iterator[str]:
        if not origins:
            yield ""
        for origin in origins:
            if origin == "*":
                yield from self.tables.countries
            else:
                yield from self.tables.unions.get(origin, (origin,))


def _claim(row: ProgrammeRow) -> str:
    for test in row.when:
        if test.name == "claim":
            return " ".join(test.values)
    return ""


def _alike(found: Terms, want: Terms) -> bool:
    """Tell whether terms are equal; words are compared by their letters, blanks aside."""
    if found.words and want.words and not found.parts and not want.parts:
        return _letters(found.words) == _letters(want.words)
    return found == want


def _letters(words: str) -> str:
    return "".join(sign for sign in words if sign.isalnum())
