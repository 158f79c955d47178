"""Several files put in their places together: all of them, or none and the old ones stay.

New files are written beside their places under hidden names, the old ones copied likewise. A
journal says what is going on; when it is gone, the new files hold, and until then every reader
takes the old ones. What a killed process leaves is taken back by the next import, before it reads
anything.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from xborder_cli.errors import Problem, UsageError, Where
from xborder_cli.tables.unfinished import JOURNAL, NEW, OLD, entries, hidden

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path


def put(
    into: Path,
    files: Mapping[Path, bytes],
    before: Mapping[Path, bytes | None],
    last: Callable[[], None] | None = None,
) -> None:
    """Put files in their places.

    Args:
        into: the folder that all of them are below; made when there is none.
        files: what each is to hold, by place.
        before: what each held when the import began, None for none.
        last: is done before the new files hold; when it fails, the old ones do.

    Raises:
        UsageError: a file changed meanwhile, or a place cannot be written.
    """
    journal = into / JOURNAL
    made = _missing(into, files)
    try:
        into.mkdir(parents=True, exist_ok=True)
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            if held(path) != before.get(path):
                what = "was changed while the import was at work"
                fix = "run the import again"
                raise UsageError(
                    Problem(code="changed-meanwhile", where=Where(str(path)), what=what, fix=fix)
                )
            _write(hidden(path, NEW), data)
            if before.get(path) is not None:
                shutil.copy2(path, hidden(path, OLD))
        journaled = [
            {
                "file": path.relative_to(into).as_posix(),
                "old": before.get(path) is not None,
                "sha256": hashlib.sha256(data).hexdigest(),
            }
            for path, data in files.items()
        ]
        part = into / f"{JOURNAL}.part"
        _write(part, json.dumps(journaled, indent=1).encode())
        part.replace(journal)
        for path in files:
            hidden(path, NEW).replace(path)
        if last is not None:
            last()
        journal.unlink()  # from here on the new ones hold
    except BaseException as error:
        take_back(into)
        for path in files:
            _drop(path)
        for folder in made:
            with suppress(OSError):
                folder.rmdir()
        if isinstance(error, OSError):
            where = Where(str(error.filename or into))
            what = f"cannot be written: {error.strerror}"
            fix = "nothing was kept; see to the folder and run the import again"
            raise UsageError(
                Problem(code="cannot-write", where=where, what=what, fix=fix)
            ) from None
        raise
    for path in files:
        _drop(path)


def take_back(into: Path) -> bool:
    """Undo what a killed import left half done; tell whether there was anything."""
    unfinished = entries(into)
    if not unfinished:
        with suppress(OSError):
            (into / f"{JOURNAL}.part").unlink(missing_ok=True)
        return False
    for path, digest, had_old in unfinished:
        data = held(path)
        # a file that somebody edited since is theirs
        if data is not None and hashlib.sha256(data).hexdigest() == digest:
            if had_old:
                with suppress(FileNotFoundError):
                    hidden(path, OLD).replace(path)
            else:
                path.unlink()
        _drop(path)
    (into / JOURNAL).unlink(missing_ok=True)
    return True


def held(path: Path) -> bytes | None:
    """Return what a file holds, None when there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _missing(into: Path, files: Iterable[Path]) -> list[Path]:
    """Return the folders that are to be made, the deepest first."""
    folders = {one for path in files for one in path.parents} | {into, *into.parents}
    return sorted((one for one in folders if not one.exists()), key=lambda one: -len(one.parts))


def _drop(path: Path) -> None:
    for suffix in (NEW, OLD):
        with suppress(OSError):
            hidden(path, suffix).unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
