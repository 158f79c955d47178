"""Some of the headings of a file, as a message names them."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMED: Final = 12  # columns of theirs that a message names


def named(headings: Sequence[str], like: str = "") -> str:
    """Return some columns' names, those that look like one first.

    >>> named([f"c{n}" for n in range(30)], "c29").split(", ")[0], named(["a", "b"])
    ('c29', 'a, b')
    """
    near = difflib.get_close_matches(like, headings, 3) if like else []
    shown = list(dict.fromkeys((*near, *headings[: NAMED + len(near)])))
    if len(headings) <= 2 * NAMED:
        return ", ".join(headings)
    return f"{', '.join(shown[:NAMED])} and {len(headings) - NAMED:,} more"
