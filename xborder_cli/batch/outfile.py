"""Where priced orders go: a file that appears when it is whole and can be resumed, or a stream."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xborder_cli.batch.encode import JSON_BEGIN, json_end
from xborder_cli.batch.identity import difference
from xborder_cli.batch.journal import Journal
from xborder_cli.batch.partfile import PartFile, Straight, is_device, unwritable
from xborder_cli.batch.rejected import reject_heading, reject_lines
from xborder_cli.errors import Problem, UsageError, Where, XbError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import BinaryIO

    import pyarrow as pa

JOURNAL_EVERY: Final = 0.1  # seconds: no more than that is done twice
SYNC_EVERY: Final = 2.0  # seconds: no more than that is lost with the power


@dataclass(frozen=True, slots=True)
class _Good:
    """The files after a block."""

    state: dict[str, object]
    begun: bool
    lengths: dict[str, int]


class Output:
    """The output of a run and its rejected rows, block after block.

    Begin with `begin` or `resume`, `write` each block, end with `finish` or `abandon`.
    """

    def __init__(
        self,
        path: str,
        kind: str,
        *,
        run: Mapping[str, object],
        heading: bytes = b"",
        rejects: str = "",
        for_excel: bool = False,
        schema: pa.Schema | None = None,
        stream: BinaryIO | None = None,
    ) -> None:
        """Open the files beside where they will stand; nothing has its name yet.

        Args:
            path: the file; "" for the stream.
            kind: csv, jsonl, json, parquet or rows.
            run: what the run depends on: JSON that another run must have too to resume this one.
            heading: first bytes of the output; that of a JSON array is known.
            rejects: file of rejected rows; "" for none.
            for_excel: rejected rows are for a spreadsheet too.
            schema: of a Parquet file.
            stream: where output without a path goes.

        Raises:
            UsageError: a file cannot be written, or another run is writing it.
        """
        self.kind = kind
        self.run: dict[str, object] = json.loads(json.dumps(run, default=str))
        self.heading = JSON_BEGIN if kind == "json" else heading
        self.schema = schema
        self.for_excel = for_excel
        self.stream: BinaryIO | None = stream
        self.part: PartFile | None = None
        self.rejects: PartFile | Straight | None = None
        self.journal: Journal | None = None
        self.begun = False  # bytes after the heading
        self._ours = False  # whether what the files hold is of this run
        self._pending: _Good | None = None  # the last block, not in the journal yet
        self._journalled = self._synced = 0.0
        self._owed = b""  # what a stream begins with, once there is something to follow it
        self._device: BinaryIO | None = None
        if path and is_device(Path(path)):
            self.stream = self._device = _opened(Path(path))
        elif path:
            self.stream = None
        else:
            assert stream is not None, "output without a path has a stream"
        if self.stream is not None and kind == "parquet":
            what, fix = "Parquet cannot go through a pipe", "name a file"
            where = Where("--out")
            raise UsageError(Problem(code="needs-a-file", where=where, what=what, fix=fix))
        try:
            if self.stream is None:
                self.journal = Journal(Path(path))
                self.part = PartFile(Path(path))
            if rejects:
                straight = is_device(Path(rejects))
                self.rejects = (Straight if straight else PartFile)(Path(rejects))
        except BaseException:
            self._close()
            raise

    @property
    def _files(self) -> tuple[PartFile | Straight, ...]:
        journal = self.journal.file if self.journal is not None else None
        return tuple(file for file in (self.part, self.rejects, journal) if file is not None)

    def begin(self) -> None:
        """Start at the beginning; what an earlier run left is gone."""
        self._ours = True
        if self.part is not None and self.journal is not None:
            self.part.truncate(0)
            self.journal.begin(self.run)
        if self.rejects is not None:
            self.rejects.truncate(0)
            self.rejects.append(reject_heading(for_excel=self.for_excel))
        if self.kind == "json" and self.part is None:
            self._owed = self.heading  # half an array is no JSON, nothing at all is no answer
        else:
            self._put(self.heading)

    def resume(self) -> dict[str, object] | None:
        """Go on from where an earlier run was good; return its state, None for the beginning.

        Raises:
            UsageError: `cannot-resume`, with what differs from the earlier run.
        """
        if self.journal is None or self.part is None or self.journal.run is None:
            self.begin()
            return None
        differs = difference(self.journal.run, self.run)
        if differs:
            raise UsageError(
                Problem(
                    code="cannot-resume",
                    where=Where(str(self.part.target)),
                    what=f"this is not the run that stopped: {differs}",
                    fix="give the same again, or leave out --resume to start anew",
                )
            )
        for count in range(len(self.journal.entries), 1, -1):
            entry = self.journal.entries[count - 1]
            state = entry.get("state")
            if isinstance(state, dict) and self._fits(entry):
                self.journal.keep(count)
                self.begun = bool(entry.get("begun"))
                self._ours = True
                return state
        self.begin()
        return None

    def write(
        self, output: bytes, rejected: Iterable[Sequence[str]], state: Mapping[str, object]
    ) -> None:
        """Write a block; `state` is what the run needs to go on after it.

        Raises:
            UsageError: the disk is full, or a file cannot be written any more.
            BrokenPipeError: nobody reads the stream any more.
        """
        if self.kind == "json" and output and not self.begun:
            output = output[1:]  # the comma before the first object
        self._put(output)
        self.begun = self.begun or bool(output)
        if self.rejects is not None:
            lines = reject_lines(rejected, for_excel=self.for_excel)
            if lines:
                self.rejects.append(lines)
        lengths = {name: file.length for name, file in self._parts().items()}
        self._pending = _Good(dict(state), self.begun, lengths)
        if self.journal is not None and time.monotonic() - self._journalled >= JOURNAL_EVERY:
            self._note()

    def finish(self) -> None:
        """Give the files their names, the output last.

        Raises:
            UsageError: the disk is full, or a file cannot be written any more.
        """
        self._note()
        if self.kind == "json":
            self._put(json_end(empty=not self.begun))
        made = None
        if self.kind == "parquet" and self.part is not None:
            from xborder_cli.batch.parquet import assembled

            assert self.schema is not None, "a Parquet file has a schema"
            made = assembled(self.part.path, self.part.target, self.schema)
        for file in (self.rejects, self.part):
            if file is not None:
                file.sync()
        if self.rejects is not None:
            self.rejects.finish()
        if self.part is not None:
            self.part.finish(made)
            if made is not None:
                self.part.remove()
        if self.journal is not None:
            self.journal.file.remove()
        self._close()

    def abandon(self, *, resumable: bool = True) -> str:
        """Let go of the files after a failure; return how to go on, "" when nothing was kept.

        Args:
            resumable: whether the same run can go on; not when its input or tables must change.
        """
        if resumable:
            with suppress(XbError):
                self._note()
        kept = resumable and self.journal is not None and len(self.journal.entries) > 1
        if self._ours and not kept:
            for file in self._files:
                file.remove()
        self._close()
        if not (self._ours and kept):
            return ""
        return "what is priced so far is kept: the same command with --resume goes on"

    def _put(self, data: bytes) -> None:
        if self.part is not None:
            self.part.append(data)
        elif self.stream is not None and data:
            data, self._owed = self._owed + data, b""
            try:
                self.stream.write(data)
                self.stream.flush()
            except BrokenPipeError:
                raise
            except OSError as error:
                name = Path(str(getattr(self.stream, "name", "output")).strip("<>"))
                raise unwritable(name, error) from None

    def _note(self) -> None:
        """Write the journal up to the last block."""
        if self.journal is None or self._pending is None:
            return
        now = time.monotonic()
        due = now - self._synced >= SYNC_EVERY
        good = self._pending
        tails = {name: file.tail(good.lengths[name]) for name, file in self._parts().items()}
        if due:
            for file in self._parts().values():
                file.sync()  # before the journal, which then knows of no more than there is
        self.journal.add({**asdict(good), "tails": tails})
        if due:
            self.journal.file.sync()
            self._synced = now
        self._journalled = now
        self._pending = None

    def _parts(self) -> dict[str, PartFile | Straight]:
        files = {"output": self.part, "rejects": self.rejects}
        return {name: file for name, file in files.items() if file is not None}

    def _fits(self, entry: Mapping[str, object]) -> bool:
        """Tell whether the files hold what an entry says; they are then cut to that."""
        lengths, tails = entry.get("lengths"), entry.get("tails")
        assert isinstance(lengths, dict) and isinstance(tails, dict), "an entry has both"
        files = self._parts()
        if lengths.keys() != files.keys():
            return False
        if any(file.tail(lengths[name]) != tails[name] for name, file in files.items()):
            return False
        for name, file in files.items():
            file.truncate(lengths[name])
        return True

    def _close(self) -> None:
        for file in self._files:
            if not self._ours and not file.length:
                file.remove()  # made by opening it, and for nothing
            file.close()
        if self._device is not None:
            with suppress(OSError):
                self._device.close()


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("ab")
    except OSError as error:
        raise unwritable(path, error) from None
