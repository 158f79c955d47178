"""Which files of a folder hold while an import puts its tables there, or after it was cut off.

Files are renamed one by one, and a kill may come between any two. As long as the journal of the
import stands, readers take the files from before it; when it is gone, all the new ones.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

JOURNAL: Final = ".xb-import.json"
NEW, OLD = ".xb-new", ".xb-old"


def standing(folder: Path, files: Iterable[Path]) -> list[Path]:
    """Return files of a folder with those of an unfinished import taken back.

    One that somebody edited after the import was cut off is theirs, and stays.
    """
    found = {path: path for path in files}
    for path, digest, had_old in entries(folder):
        if path in found and digest == _digest(path):
            old = hidden(path, OLD)
            if not had_old:
                del found[path]
            elif old.exists():
                found[path] = old
    return list(found.values())


def entries(folder: Path) -> list[tuple[Path, str, bool]]:
    """Return the files that an unfinished import puts into a folder.

    Returns:
        Of each its place, the sha256 of what it is to hold, and whether it held something before.
    """
    try:
        found = json.loads((folder / JOURNAL).read_bytes())
    except (OSError, ValueError):
        return []
    return [(folder / one["file"], one["sha256"], one["old"]) for one in found]


def hidden(path: Path, suffix: str) -> Path:
    """Return the place beside a file where no command looks for tables."""
    return path.with_name(f".{path.name}{suffix}")


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
