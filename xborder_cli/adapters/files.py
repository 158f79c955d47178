"""Files that appear under their name only when they are whole."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

from xborder_cli.errors import Problem, UsageError, Where

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """Yield a file to write; it takes its name when the block ends well, and vanishes otherwise.

    Raises:
        UsageError: there is no such folder, or nobody may write there.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        what = f"cannot be written: {error.strerror}"
        problem = Problem(code="cannot-write", where=Where(str(path)), what=what)
        raise UsageError(problem) from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)  # noqa: PTH101  # mkstemp makes files private
        os.replace(name, path)  # noqa: PTH105  # a name, not a Path
    except BaseException:
        with suppress(OSError):
            os.unlink(name)  # noqa: PTH108  # as above
        raise
