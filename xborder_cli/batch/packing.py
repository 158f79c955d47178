"""The bytes of an input: of a file or a pipe, gzip and zstd unpacked on the way."""

from __future__ import annotations

import os
import select
import stat
import sys
import tempfile
import time
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable

GZIP: Final = b"\x1f\x8b"
ZSTD: Final = b"\x28\xb5\x2f\xfd"
MAGIC: Final = 4  # bytes that tell how an input is packed
STEP: Final = 1 << 16  # bytes unpacked at once; what stands before a fault is kept by this step
PATIENCE: Final = 0.02  # seconds a pipe may be silent while a block fills
LONGEST: Final = 0.5  # seconds a block may take to fill once it has begun


class CutOff(Exception):  # noqa: N818  # an end, told once all before it has been read
    """A packed input ends in the middle, or its bytes are not what was packed."""


class Bytes(Protocol):
    """Bytes that come in order; `ended` once there are no more."""

    @property
    def ended(self) -> bool:
        """Tell whether there are no more."""

    def read(self, size: int) -> bytes:
        """Return up to so many bytes; none at the end."""


class FileBytes:
    """The bytes of a file; a read is short only at the end."""

    def __init__(self, path: Path | BinaryIO) -> None:
        """Open it, or read one that is open and has no name.

        Raises:
            OSError: it cannot be.
        """
        self.path = path if isinstance(path, Path) else None
        self.file = path.open("rb", buffering=0) if isinstance(path, Path) else path
        self.size = os.fstat(self.file.fileno()).st_size
        self.position = 0
        self.ended = False

    def read(self, size: int) -> bytes:
        """Return so many bytes, fewer at the end."""
        parts = []
        while size > 0:
            part = self.file.read(size)
            if not part:
                self.ended = True
                break
            parts.append(part)
            size -= len(part)
            self.position += len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def anywhere(self) -> str | BinaryIO:
        """Return the file as what does not read it in order wants it: by name where it has one."""
        self.file.seek(0)
        return self.file if self.path is None else str(self.path)

    def reopened(self) -> FileBytes:
        """Return the same bytes from their beginning; those without a name one reader at a time."""
        if self.path is not None:
            return FileBytes(self.path)
        self.file.seek(0)
        return FileBytes(os.fdopen(os.dup(self.file.fileno()), "rb", buffering=0))

    def close(self) -> None:
        """Close the file."""
        self.file.close()


class PipeBytes:
    """The bytes of a pipe, as they come: a read waits for the first byte, not for a full block."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read from a stream; one that no system knows, as in tests, gives what it has."""
        self.stream = stream
        self.size = None
        self.position = 0
        self.ended = False
        try:
            self.number = stream.fileno()
        except OSError:
            self.number = -1

    def read(self, size: int) -> bytes:
        """Return what comes before the pipe falls silent, up to so many bytes."""
        if self.ended:
            return b""
        if self.number < 0:
            found = self.stream.read(size)
            self.ended = not found
            self.position += len(found)
            return found
        parts: list[bytes] = []
        until = 0.0
        while size > 0 and (not parts or self._more(until)):
            part = os.read(self.number, size)
            if not part:
                self.ended = True
                break
            until = until or time.monotonic() + LONGEST
            parts.append(part)
            size -= len(part)
            self.position += len(part)
        return b"".join(parts)

    def _more(self, until: float) -> bool:
        wait = min(PATIENCE, until - time.monotonic())
        if wait <= 0:
            return False
        poll = select.poll()
        poll.register(self.number, select.POLLIN)
        return bool(poll.poll(int(wait * 1000)))

    def close(self) -> None:
        """Leave the pipe to its owner."""


def opened(path: str, stdin: BinaryIO | None) -> FileBytes | PipeBytes:
    """Return the bytes of a path; - is stdin, which is a pipe whatever it is.

    Raises:
        OSError: it cannot be opened.
    """
    if path == "-":
        return PipeBytes(stdin if stdin is not None else sys.stdin.buffer)
    if stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116  # a pipe under a name is no file
        return FileBytes(Path(path))
    return PipeBytes(Path(path).open("rb", buffering=0))


def spooled(raw: Bytes) -> FileBytes:
    """Return bytes kept in a temporary file, for what cannot be read from a pipe."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # kept while the input is read
    while part := raw.read(1 << 20):
        file.write(part)
    file.flush()
    file.seek(0)
    return FileBytes(file)


class Pushed:
    """Bytes of which some were looked at before."""

    def __init__(self, head: bytes, rest: Bytes) -> None:
        """Give `head` first."""
        self.head = head
        self.rest = rest

    @property
    def ended(self) -> bool:
        """Tell whether there are no more."""
        return not self.head and self.rest.ended

    def read(self, size: int = STEP) -> bytes:
        """Return up to so many bytes."""
        if not self.head:
            return self.rest.read(size)
        found, self.head = self.head[:size], self.head[size:]
        if len(found) < size and not self.rest.ended and isinstance(self.rest, FileBytes):
            found += self.rest.read(size - len(found))
        return found


def head_of(raw: Bytes, size: int) -> tuple[bytes, Pushed]:
    """Return the first bytes, fewer at the end, and all of them again."""
    head = b""
    while len(head) < size and (part := raw.read(size - len(head))):
        head += part
    return head, Pushed(head, raw)


def unpacked(raw: Bytes) -> Bytes:
    """Return the bytes of an input as they were before they were packed, told by its first."""
    head, whole = head_of(raw, MAGIC)
    if head.startswith(GZIP):
        return Unpacked(_Gzip(whole).read)
    if head.startswith(ZSTD):
        return Unpacked(_Zstd(whole).read)
    return whole


class Unpacked:
    """Bytes that are unpacked while they are read; a fault is told after what stands before it."""

    def __init__(self, step: Callable[[], bytes]) -> None:
        """Read by steps; an empty one is the end."""
        self.step = step
        self.left = b""
        self.fault: CutOff | None = None
        self.ended = False

    def read(self, size: int) -> bytes:
        """Return so many bytes, fewer at the end.

        Raises:
            CutOff: the input ends in the middle, and all that could be unpacked has been read.
        """
        parts = [self.left]
        have = len(self.left)
        while have < size and not self.ended and self.fault is None:
            try:
                part = self.step()
            except CutOff as fault:
                self.fault = fault
                break
            self.ended = not part
            parts.append(part)
            have += len(part)
        found = b"".join(parts)
        self.left = found[size:]
        if not found and self.fault is not None:
            raise self.fault
        return found[:size] if self.left else found


class _Gzip:
    """Members of a gzip file, one after another."""

    def __init__(self, raw: Pushed) -> None:
        self.raw = raw
        self.member = zlib.decompressobj(31)
        self.left = b""
        self.begun = False

    def read(self) -> bytes:
        """Return the next bytes; none at the end."""
        while True:
            if self.member.eof:  # zeros may fill up what follows, as on tapes
                self.left = (self.member.unused_data or self.left).lstrip(b"\0")
                self.member, self.begun = zlib.decompressobj(31), False
            if not self.left:
                self.left = self.raw.read(STEP)
                if not self.begun:
                    self.left = self.left.lstrip(b"\0") if self.left.strip(b"\0") else b""
            if not self.left:
                if self.begun:
                    raise CutOff("the gzip file ends in the middle")
                if self.raw.ended:
                    return b""
                continue
            self.begun = True
            try:
                found = self.member.decompress(self.left, STEP)
            except zlib.error:
                raise CutOff("the gzip file is damaged") from None
            self.left = self.member.unconsumed_tail
            if found:
                return found


class _Zstd:
    """Frames of a zstd file, one after another."""

    def __init__(self, raw: Pushed) -> None:
        self.stream = pa.CompressedInputStream(pa.PythonFile(_Readable(raw), "r"), "zstd")

    def read(self) -> bytes:
        """Return the next bytes; none at the end."""
        try:
            found: bytes = self.stream.read(STEP)
        except OSError as error:
            cut = "truncated" in str(error).lower()
            raise CutOff(f"the zstd file {'ends in the middle' if cut else 'is damaged'}") from None
        return found


class _Readable:
    """Bytes as a file that can only be read."""

    closed = False

    def __init__(self, raw: Pushed) -> None:
        self.raw = raw

    def read(self, size: int = STEP) -> bytes:
        return self.raw.read(size)

    def close(self) -> None:
        """Leave the file to its owner."""
