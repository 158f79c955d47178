"""Which folders of tables hold: the bundled one, then those laid over it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from xborder_cli.errors import Problem, UsageError, Where

if TYPE_CHECKING:
    from collections.abc import Sequence


def in_force(
    flags: Sequence[str], settings: Sequence[Path], *, with_bundled: bool = True
) -> tuple[Path, ...]:
    """Return the folders, lowest first: bundled, xb.toml, XB_RATES, --rates.

    Raises:
        UsageError: one that was named is no folder.
    """
    from xborder_cli.tables.bundled import bundled_folder

    named = [(str(path), "xb.toml") for path in settings]
    named += [(t, "XB_RATES") for t in os.environ.get("XB_RATES", "").split(os.pathsep) if t]
    named += [(text, "--rates") for text in flags]
    problems = [
        Problem(
            code="no-folder",
            where=Where(place),
            what=f'"{text}" is not a folder',
            fix="name the folder that holds your tables",
        )
        for text, place in named
        if not Path(text).is_dir()
    ]
    if problems:
        raise UsageError(problems)
    lowest = (bundled_folder(),) if with_bundled else ()
    return tuple(dict.fromkeys((*lowest, *(Path(text) for text, _ in named))))
