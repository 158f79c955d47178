"""The journal of a run: what run it is, and how far its files were good.

One line an entry: a checksum, a blank, JSON. What follows a line that is torn is not believed.
"""

from __future__ import annotations

import json
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from xborder_cli.batch.partfile import PartFile
from xborder_cli.errors import XbError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SCHEMA: Final = "xb.batch-journal/1"
Entry = dict[str, object]


class Journal:
    """`.NAME.journal` beside the output NAME; who holds it open writes that output."""

    def __init__(self, target: Path) -> None:
        """Open the journal of an output, or make it; read what an earlier run left.

        Raises:
            UsageError: it cannot be written, or another run holds it.
        """
        self.file = PartFile(target, ".journal")
        self._ends: list[int] = []  # of each entry that can be read
        self.entries = self._read()

    @property
    def run(self) -> object | None:
        """Return what the first line says of the run; None when there is none."""
        first = self.entries[0] if self.entries else {}
        return first.get("run") if first.get("schema") == SCHEMA else None

    def begin(self, run: Mapping[str, object]) -> None:
        """Forget what was there and write what run this is."""
        self.file.truncate(0)
        self.entries, self._ends = [], []
        self.add({"schema": SCHEMA, "run": dict(run)})

    def add(self, entry: Entry) -> None:
        """Write an entry."""
        end = self.file.length
        try:
            self.file.append(line_of(entry))
        except BaseException:
            with suppress(XbError):
                self.file.truncate(end)  # half a line would spoil the next one
            raise
        self.entries = [*self.entries[:1], entry]  # what lies between is wanted only by a resume

    def keep(self, count: int) -> None:
        """Drop all but the first entries of those that were read."""
        self.file.truncate(self._ends[count - 1])
        self.entries = self.entries[:count]

    def _read(self) -> list[Entry]:
        found: list[Entry] = []
        place = 0
        for line in self.file.path.read_bytes().splitlines(keepends=True):
            entry = entry_of(line)
            if entry is None:
                break
            place += len(line)
            found.append(entry)
            self._ends.append(place)
        return found


def line_of(entry: Entry) -> bytes:
    r"""Return an entry as a line.

    >>> line_of({"a": 1})
    b'561bacaf {"a":1}\n'
    """
    body = json.dumps(entry, separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(body), body)


def entry_of(line: bytes) -> Entry | None:
    """Return what a line says; None when it is torn or altered."""
    body = line[9:-1]
    if line[-1:] != b"\n" or line[:9] != b"%08x " % zlib.crc32(body):
        return None
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
