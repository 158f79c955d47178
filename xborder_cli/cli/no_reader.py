"""Streams that nobody reads: closed by the caller, or on a disk that is full."""

from __future__ import annotations

import io
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn, TextIO, cast

from xborder_cli.errors import ExitCode, Problem, Where, XbError

if TYPE_CHECKING:
    from typing_extensions import Buffer


class OutputError(XbError):
    """The answer cannot be written where it is to go."""

    exit_code = ExitCode.PARTLY


class Answers:
    """Standard output that tells in words when it takes nothing; None is one that is closed."""

    def __init__(self, stream: TextIO | None) -> None:
        """Wrap the stream, or its absence."""
        self._stream = stream

    @property
    def buffer(self) -> BinaryIO:
        """Return the stream of bytes below."""
        return cast("BinaryIO", _ClosedBytes()) if self._stream is None else self._stream.buffer

    def isatty(self) -> bool:
        """Tell whether a person reads it."""
        return self._stream is not None and self._stream.isatty()

    def write(self, text: str) -> int:
        """Write text.

        Raises:
            OutputError: the stream takes nothing; a reader who left is a BrokenPipeError.
        """
        try:
            return self._open().write(text)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise _unwritten(error.strerror) from None

    def flush(self) -> None:
        """Pass on what was written."""
        if self._stream is None:  # an answer that went into a file needs no stdout
            return
        try:
            self._stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise _unwritten(error.strerror) from None

    def discard(self) -> None:
        """Drop what could not be written, or Python would try once more at its end and fail."""
        if self._stream is None:
            return
        with suppress(OSError, ValueError):  # no file below, as in a test
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever the stream has
        """Return what the stream itself has."""
        return getattr(self._open(), name)

    def _open(self) -> TextIO:
        if self._stream is None:
            raise _unwritten("it is closed")
        return self._stream


class _ClosedBytes(io.RawIOBase):
    """The bytes of a standard output that is closed; asked for even where a file takes them."""

    def write(self, data: Buffer) -> NoReturn:
        raise _unwritten("it is closed")


class Nowhere(io.TextIOBase):
    """Standard error of a caller who closed it."""

    def write(self, text: str) -> int:
        """Drop a remark."""
        return len(text)


def _unwritten(why: str | None) -> OutputError:
    what = f"the answer cannot be written to standard output: {why or 'it takes nothing'}"
    fix = "send it to a file or a program that takes it, or to /dev/null"
    return OutputError(Problem(code="cannot-write", where=Where("stdout"), what=what, fix=fix))
