"""The file that an import's report goes to: whole or not at all, like the tables."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from xborder_cli.errors import Problem, UsageError, Where
from xborder_cli.tables.unfinished import hidden

if TYPE_CHECKING:
    from pathlib import Path

_PART: Final = ".xb-part"


class ReportFile:
    """A place for a report."""

    def __init__(self, path: Path, into: Path) -> None:
        """Keep the place, and the folder of tables, which an import makes.

        Raises:
            UsageError: nothing can be written there. What stands there is left as it is.
        """
        self.path = path
        try:
            self._try(into)
        except OSError as error:
            raise self._refused(error) from None

    def write(self, text: str) -> None:
        """Write the report; what stood there before stays when that fails.

        Raises:
            UsageError: it cannot be written.
        """
        try:
            self._write(text.encode())
        except OSError as error:
            raise self._refused(error) from None

    def _try(self, into: Path) -> None:
        place = self.path.resolve()  # what a link points at is written, the link stays
        if place.exists():
            with place.open("ab"):  # a folder, or a file of somebody else's
                pass
        elif place.parent != into.resolve() or place.parent.exists():
            part = hidden(place, _PART)
            part.touch()
            part.unlink()

    def _write(self, content: bytes) -> None:
        place = self.path.resolve()
        if place.exists() and not place.is_file():  # a pipe, a terminal
            place.write_bytes(content)
            return
        part = hidden(place, _PART)
        try:
            part.write_bytes(content)
            part.replace(place)
        except BaseException:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise

    def _refused(self, error: OSError) -> UsageError:
        what = f"cannot be written: {error.strerror}"
        fix = "name a file in a folder that is there; nothing was kept"
        where = Where(f"--report {self.path}")
        return UsageError(Problem(code="cannot-write", where=where, what=what, fix=fix))
