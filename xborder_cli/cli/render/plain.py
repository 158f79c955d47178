"""Rows as a plain table, as wide as they are: for lists, where nothing may be cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.cli.render.text import cells, pad

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

BOLD, PLAIN = "\x1b[1m", "\x1b[0m"


def plain_table(
    rows: Iterable[Mapping[str, str]],
    fields: Sequence[str],
    *,
    bold: bool = False,
    left: Sequence[str] = ("hs", "postcodes", "zone", "order_id"),
) -> str:
    """Return a heading and rows in columns; numbers end flush, but not those that are names.

    >>> print(plain_table([{"id": "a", "n": "1.5"}, {"id": "bc", "n": "12"}], ["id", "n"]), end="")
    id    n
    a   1.5
    bc   12
    """
    body = [[row[name] for name in fields] for row in rows]
    widths = [
        max(cells(text) for text in (name, *(row[i] for row in body)))
        for i, name in enumerate(fields)
    ]
    flush = [
        name not in left and any(row[i] for row in body) and all(_number(row[i]) for row in body)
        for i, name in enumerate(fields)
    ]
    lines = []
    for number, row in enumerate([list(fields), *body]):
        line = "  ".join(
            pad(text, width, right=to_right)
            for text, width, to_right in zip(row, widths, flush, strict=True)
        ).rstrip()
        lines.append(f"{BOLD}{line}{PLAIN}" if bold and number == 0 else line)
    return "\n".join(lines) + "\n"


def _number(text: str) -> bool:
    return not text or text.removeprefix(">=").replace(".", "", 1).lstrip("-").isdigit()
