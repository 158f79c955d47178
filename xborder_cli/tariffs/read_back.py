"""What was written, read again as any command reads it, before it takes its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from xborder_cli.errors import Problem, TableError, Where
from xborder_cli.tables.checks import faults_of
from xborder_cli.tables.load import load_tables
from xborder_cli.tariffs.verify import Expected, missed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xborder_cli.tables.tables import Tables

# what has a say in how a programme is read: its codes, and markets with look-ups of their own
KINDS: Final = ("countries", "currencies", "modes", "programme", "market")
SHOWN_MOST: Final = 20  # faults that are told one by one


def read_back(
    texts: Mapping[Path, str], into: Path, lower: Sequence[Path], expected: Sequence[Expected]
) -> Tables:
    """Load the new files, laid over the lower folders, look every rate up; return what is loaded.

    Args:
        texts: of the files that are to stand, by their places in `into`.
        into: the folder that they will stand in.
        lower: folders of tables below it.
        expected: what lookups must find.

    Raises:
        TableError: a file cannot be loaded, a check finds a fault in it, or a lookup another rate.
    """
    with TemporaryDirectory(prefix="xb-import-") as name:
        trial = _Trial(Path(name), into, texts, expected)
        try:
            tables = load_tables((*lower, trial.folder), KINDS)
        except TableError as error:
            raise _error([trial.told(problem)[0] for problem in error.problems]) from None
        problems = []
        for problem in faults_of(tables):
            told, ours = trial.told(problem)
            problems += [told] if ours else []
    problems += missed(tables, expected)
    if problems:
        raise _error(problems)
    return tables


def _error(problems: Sequence[Problem]) -> TableError:
    """Return an error with the first problems, and the number of the others."""
    shown = list(problems[:SHOWN_MOST])
    if len(problems) > SHOWN_MOST:
        what = f"and {len(problems) - SHOWN_MOST:,} faults more"
        shown.append(Problem(code="more-faults", where=shown[-1].where, what=what))
    return TableError(shown)


class _Trial:
    """New files in a folder of their own, and what their lines were made of."""

    def __init__(
        self, folder: Path, into: Path, texts: Mapping[Path, str], expected: Iterable[Expected]
    ) -> None:
        self.folder = folder.resolve()
        self.into = into
        self.lines: dict[Path, list[str]] = {}
        for target, text in texts.items():
            place = target.relative_to(into)
            self.lines[place] = text.split("\n")
            path = self.folder / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        self.rows = {(one.programme, one.hs or "*"): one for one in expected if one.file}

    def told(self, problem: Problem) -> tuple[Problem, bool]:
        """Return a problem with the row of the file it comes from, and whether it is ours."""
        where = problem.where
        path = Path(where.path).resolve()
        if not path.is_relative_to(self.folder):
            return problem, False
        place = path.relative_to(self.folder)
        row = self.rows.get((place.stem, self._code(place, where.line)))
        if row is None:
            return replace(
                problem, where=Where(str(self.into / place), where.line, where.column)
            ), True
        return replace(problem, where=row.place, what=f"{row.words}: {problem.what}"), True

    def _code(self, place: Path, line: int) -> str:
        """Return the first cell of a line of a grid."""
        lines = self.lines[place]
        text = lines[line - 1] if 0 < line <= len(lines) else ""
        return text.split(maxsplit=1)[0] if text.startswith("  ") else ""
