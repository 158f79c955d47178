"""Places in files, problems to fix, and the exceptions that carry them.

XbError
├── UsageError      the command line asks for something that cannot be       exit 2
├── OrderError      orders cannot be read                                    exit 3
└── TableError      tables are broken, or silent about what was asked        exit 4
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class ExitCode(enum.IntEnum):
    """What a process tells its caller; stable, see docs/cli.md."""

    OK = 0
    PARTLY = 1
    USAGE = 2
    ORDERS = 3
    TABLES = 4
    BUG = 70
    INTERRUPTED = 130
    PIPE_CLOSED = 141


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file, lines and columns counted from 1; 0 when unknown."""

    path: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Return `path:line:column`, leaving out what is unknown."""
        parts = [self.path]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to fix."""

    code: str  # stable, kebab-case: rate-falls
    where: Where = Where()
    what: str  # names the thing and both values
    fix: str = ""  # what to type or edit
    warning: bool = False  # shown by checks, stops nothing

    def __str__(self) -> str:
        """Return the one-line form used in pipes."""
        place = f"{self.where}: " if self.where.path else ""
        return f"{place}{self.what} [{self.code}]"


class XbError(Exception):
    """Base of everything that xb raises on purpose; carries its problems."""

    exit_code = ExitCode.BUG

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        """Keep one problem, or several found together."""
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[XbError], tuple[tuple[Problem, ...]]]:
        """Return what makes the same error in another process."""
        return type(self), (self.problems,)


class UsageError(XbError):
    """The command line cannot be understood or asks for the impossible."""

    exit_code = ExitCode.USAGE


class OrderError(XbError):
    """Orders cannot be read at all."""

    exit_code = ExitCode.ORDERS


class TableError(XbError):
    """Tables are broken, or have no answer for what was asked."""

    exit_code = ExitCode.TABLES
