"""How an input is to be read, as far as its user says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xborder_cli.errors import Problem, UsageError

if TYPE_CHECKING:
    from collections.abc import Collection

KINDS: Final = ("csv", "jsonl", "parquet")


@dataclass(frozen=True, slots=True)
class Asked:
    """How an input is to be read; what is "" is looked for."""

    known: Collection[str] = ()
    format: str = ""
    encoding: str = ""
    delimiter: str = ""

    def __post_init__(self) -> None:
        """Judge what a command line may say.

        Raises:
            UsageError: there is no such format or encoding, or the delimiter is none.
        """
        problems = []
        if self.format not in ("", *KINDS):
            what, fix = f'no format "{self.format}"', f"known are {', '.join(KINDS)}"
            problems.append(Problem(code="bad-format", what=what, fix=fix))
        if self.delimiter and (len(self.delimiter.encode()) != 1 or self.delimiter in '\r\n"'):
            what, fix = f"{self.delimiter!r} is not a delimiter", "write one sign, such as ;"
            problems.append(Problem(code="bad-delimiter", what=what, fix=fix))
        try:
            "".encode(self.encoding or "utf-8")
        except LookupError:
            what = f'no encoding "{self.encoding}"'
            fix = "write utf-8, gb18030, latin-1, cp1252, ..."
            problems.append(Problem(code="bad-encoding", what=what, fix=fix))
        if problems:
            raise UsageError(problems)
