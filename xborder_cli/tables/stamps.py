"""What tells table files, as they are now, from any others, without reading them."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from xborder_cli import __version__
from xborder_cli.tables.unfinished import JOURNAL

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def mark_of(folders: Sequence[Path]) -> bytes:
    """Return what tells these files, as they are now, from any others: names, sizes, times.

    Another program or another edition of the central bank's rates makes another mark.
    """
    found = program()
    for folder in folders:
        found += [str(folder), os.path.abspath(folder)]  # noqa: PTH100
        found += _stamps(str(folder), (".yaml", ".yml"))
        journal = os.path.join(folder, JOURNAL)  # noqa: PTH118 - while it stands, others hold
        with suppress(OSError):
            found.append(_stamp(journal, os.stat(journal)))  # noqa: PTH116
    return "\0".join(found).encode(errors="surrogateescape")


def program() -> list[str]:
    """Return what tells this program and its rates of exchange from others."""
    from importlib.util import find_spec

    package = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120 - pathlib is slow here
    places = [os.path.join(package, name) for name in ("core", "tables", "units.py")]  # noqa: PTH118
    rates = find_spec("currency_converter")  # found, not imported
    if rates is not None:
        places += rates.submodule_search_locations or ()
    stamps = [stamp for place in places for stamp in _stamps(place, (".py", ".zip"))]
    return [f"{__version__} {sys.byteorder}", *stamps]


def _stamps(place: str, suffixes: tuple[str, ...]) -> list[str]:
    """Return names, sizes and times of the files of a kind under a folder, or of one file."""
    found: list[str] = []
    stack = [place]
    while stack:
        with suppress(OSError):  # what cannot be read is reported when it is loaded
            _scan(stack.pop(), suffixes, stack, found)
    return sorted(found)


def _scan(place: str, suffixes: tuple[str, ...], stack: list[str], found: list[str]) -> None:
    if place.endswith(suffixes):
        found.append(_stamp(place, os.stat(place)))  # noqa: PTH116
        return
    with os.scandir(place) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                stack.append(entry.path)
            elif entry.name.endswith(suffixes):
                with suppress(OSError):
                    found.append(_stamp(entry.path, entry.stat()))


def _stamp(path: str, stat: os.stat_result) -> str:
    return f"{path} {stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns} {stat.st_ino}"
