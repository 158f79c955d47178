"""What a run depends on: known again when it is resumed, and what differs when it is not."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

END: Final = 64 * 1024  # bytes at either end of a file that are looked at


def fingerprint(path: Path) -> dict[str, object]:
    """Return what tells a file from another one, and from itself after a change."""
    found = path.stat()
    with path.open("rb") as file:
        first = file.read(END)
        file.seek(max(0, found.st_size - END))
        last = file.read(END)
    return {
        "path": str(path),
        "bytes": found.st_size,
        "changed": found.st_mtime_ns,
        "ends": hashlib.sha256(first + b"\0" + last).hexdigest()[:32],
    }


def difference(before: object, now: object, name: str = "") -> str:
    """Return the first thing in which two runs differ, in words; "" when they are alike.

    >>> difference({"inputs": [{"bytes": 5}]}, {"inputs": [{"bytes": 6}]})
    'inputs 1 bytes was 5, is 6'
    """
    if isinstance(before, dict) and isinstance(now, dict):
        for key in {**before, **now}:
            if found := difference(before.get(key), now.get(key), f"{name} {key}".strip()):
                return found
        return ""
    if isinstance(before, (list, tuple)) and isinstance(now, (list, tuple)):
        for number, (one, other) in enumerate(zip(before, now, strict=False), 1):
            if found := difference(one, other, f"{name} {number}".strip()):
                return found
        return (
            "" if len(before) == len(now) else f"{name}: {len(before)} were given, now {len(now)}"
        )
    return "" if before == now else f"{name} was {_shown(before)}, is {_shown(now)}"


def _shown(value: object) -> str:
    return "nothing" if value in (None, "", [], {}) else str(value)
