"""A file that is being written beside the place where it will stand, by one run at a time."""

from __future__ import annotations

import errno
import os
import stat
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from xborder_cli.errors import Problem, UsageError, Where

if TYPE_CHECKING:
    from pathlib import Path

TAIL: Final = 4096  # bytes before a recorded length that are known by their checksum


class PartFile:
    """`.NAME.part` beside NAME: a fixed name, so that a later run finds it; locked while open."""

    def __init__(self, target: Path, suffix: str = ".part") -> None:
        """Open the file, or make it; what it holds stays.

        Raises:
            UsageError: it cannot be written there, or another run is writing it.
        """
        self.target = target
        if target.is_dir():  # also one without a name, as "."
            raise cannot_write(target, "it is a folder", "name a file in it")
        self.path = target.with_name(f".{target.name}{suffix}")
        try:
            self.handle = self._opened()
        except OSError as error:
            raise unwritable(self.target, error) from None
        self.length = os.fstat(self.handle).st_size
        os.lseek(self.handle, self.length, os.SEEK_SET)

    def _opened(self) -> int:
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        while True:
            handle = os.open(self.path, flags, 0o666)
            try:
                if not _lock(handle):
                    raise cannot_write(
                        self.target, "another run is writing it", "let that one end, or stop it"
                    )
                # a run that ended meanwhile may have given the file its name, or taken it away
                with suppress(FileNotFoundError):
                    if os.path.samestat(os.fstat(handle), self.path.stat()):
                        return handle
            except BaseException:
                os.close(handle)
                raise
            os.close(handle)

    def append(self, data: bytes) -> None:
        """Write at the end; after it the bytes survive this process, whatever becomes of it.

        Raises:
            UsageError: the disk is full, or the file cannot be written any more.
        """
        left = memoryview(data)
        try:
            while left:
                done = os.write(self.handle, left)
                self.length += done
                left = left[done:]
        except OSError as error:
            raise unwritable(self.target, error) from None

    def truncate(self, length: int) -> None:
        """Drop what stands after some bytes."""
        try:
            os.ftruncate(self.handle, length)
            os.lseek(self.handle, length, os.SEEK_SET)
        except OSError as error:
            raise unwritable(self.target, error) from None
        self.length = length

    def tail(self, length: int) -> int:
        """Return the checksum of the last bytes before a length; -1 when the file is shorter."""
        if os.fstat(self.handle).st_size < length:
            return -1
        count = min(TAIL, length)
        return zlib.crc32(_read_at(self.handle, count, length - count))

    def sync(self) -> None:
        """Wait until what was written survives a loss of power."""
        try:
            os.fsync(self.handle)
        except OSError as error:
            raise unwritable(self.target, error) from None

    def finish(self, source: Path | None = None) -> None:
        """Give the file its name, or give it to another one that was made of it."""
        try:
            os.replace(source or self.path, self.target)  # noqa: PTH105  # as files.whole_file
        except OSError as error:
            raise unwritable(self.target, error) from None

    def remove(self) -> None:
        """Take the file away."""
        with suppress(OSError):
            self.path.unlink()

    def close(self) -> None:
        """Let go of the file and of its lock."""
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1


class Straight:
    """What must not be replaced, such as /dev/null or a pipe: written straight, as a part file."""

    length = 0  # nothing of it can be read again, so that all of it is always good

    def __init__(self, target: Path) -> None:
        """Open it.

        Raises:
            UsageError: it cannot be written.
        """
        self.target = target
        try:
            self._file = target.open("ab", buffering=0)
        except OSError as error:
            raise unwritable(target, error) from None

    def append(self, data: bytes) -> None:
        """Write."""
        left = memoryview(data)
        try:
            while left:
                left = left[self._file.write(left) :]
        except BrokenPipeError:
            raise
        except OSError as error:
            raise unwritable(self.target, error) from None

    def truncate(self, length: int) -> None:
        """Do nothing: what was written is gone."""

    def tail(self, length: int) -> int:
        """Return the same as ever."""
        return 0

    def sync(self) -> None:
        """Do nothing: bytes are not held back."""

    def finish(self) -> None:
        """Do nothing: it has its name."""

    def remove(self) -> None:
        """Do nothing: it is not ours."""

    def close(self) -> None:
        """Let go of it."""
        with suppress(OSError):
            self._file.close()


def is_device(path: Path) -> bool:
    """Tell whether there is something that must not be replaced, such as /dev/null or a pipe."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    if stat.S_ISDIR(mode):
        return False
    return not stat.S_ISREG(mode) or _is_open_file(path)


def _is_open_file(path: Path) -> bool:
    """Tell whether a name stands for what this process has open, as /dev/stdout does."""
    try:
        named = path.parent / path.readlink() if path.is_symlink() else path
    except OSError:
        return False
    return named.parent.resolve().is_relative_to("/proc")


def unwritable(path: Path, error: OSError) -> UsageError:
    """Return what the system said, in words."""
    if not path.parent.is_dir():
        return cannot_write(path, f"there is no folder {path.parent}", "make it")
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return cannot_write(path, "the disk is full", "make room, or write elsewhere")
    return cannot_write(path, f"cannot be written: {error.strerror or error}", "")


def cannot_write(path: Path, what: str, fix: str) -> UsageError:
    """Return why a file cannot be written."""
    return UsageError(Problem(code="cannot-write", where=Where(str(path)), what=what, fix=fix))


def _read_at(handle: int, count: int, place: int) -> bytes:
    os.lseek(handle, place, os.SEEK_SET)
    try:
        return os.read(handle, count)
    finally:
        os.lseek(handle, 0, os.SEEK_END)


def _lock(handle: int) -> bool:
    """Tell whether nobody else writes the file; the lock goes when the process does."""
    try:
        import fcntl
    except ImportError:  # a system without it: two runs into one file are the user's to avoid
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True
