"""What an import changed, as wide as a terminal: what all rows share stands above the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xborder_cli.cli.render.plain import BOLD, PLAIN, plain_table
from xborder_cli.cli.render.text import cells, pad, wrap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Rows = Sequence[Mapping[str, str]]

GAP: Final = "  "
SHARED: Final = ("tariff", "programme", "origin", "claim", "from", "revision")
FOLDED: Final = ("programme", "origin", "claim")  # into one column, named after the first there is
WRAPPED: Final = (*FOLDED, "rate_before", "rate")
LEAST: Final = 10  # cells that a column of words is given, however narrow the terminal


def changes_text(rows: Rows, fields: Sequence[str], width: int, *, bold: bool = False) -> str:
    """Return rows of changes in lines of at most `width` cells, if they can be.

    Args:
        rows: at least one.
        fields: names of the columns.
        width: of the terminal, in cells.
        bold: the heading.
    """
    fields = [name for name in fields if any(row[name] for row in rows)]
    whole = plain_table(rows, fields, bold=bold)
    if _widest(plain_table(rows, fields)) <= width:
        return whole
    shared = [name for name in SHARED if name in fields and len({row[name] for row in rows}) == 1]
    above = ", ".join(_said(name, rows[0][name]) for name in shared)
    left = [name for name in fields if name not in shared]
    if "from" in left and "revision" in left:
        left.remove("revision")  # the day tells it
    lines = [*wrap(f"all of {above}", width, indent=GAP), ""] if above else []
    names, body = _folded(rows, left)
    return "\n".join(lines + _table(names, body, width, bold=bold)) + "\n"


def _said(name: str, value: str) -> str:
    return value if name in ("tariff", "programme", "revision") else f"{name} {value}"


def _folded(rows: Rows, fields: Sequence[str]) -> tuple[list[str], list[list[str]]]:
    """Return names and cells with programme, origin and claim in one column."""
    parts = [name for name in FOLDED if name in fields]
    names = [name for name in fields if name not in parts[1:]]
    body = []
    for row in rows:
        one = ", ".join(row[name] for name in parts if row[name])
        body.append([one if parts and name == parts[0] else row[name] for name in names])
    return names, body


def _table(
    names: Sequence[str], body: Sequence[Sequence[str]], width: int, *, bold: bool
) -> list[str]:
    columns = list(zip(names, *body, strict=True))
    widths = [max(map(cells, column)) for column in columns]
    soft = [at for at, name in enumerate(names) if name in WRAPPED]
    fixed = sum(size for at, size in enumerate(widths) if at not in soft)
    room = width - fixed - len(GAP) * (len(names) - 1)
    for done, at in enumerate(sorted(soft, key=lambda at: widths[at])):
        widths[at] = min(widths[at], max(room // (len(soft) - done), LEAST, cells(names[at])))
        room -= widths[at]  # what a short column leaves the longer ones have
    lines = []
    for number, row in enumerate([names, *body]):
        parts = [wrap(cell, size) or [""] for cell, size in zip(row, widths, strict=True)]
        for at in range(max(map(len, parts))):
            line = GAP.join(
                pad(part[at] if at < len(part) else "", size)
                for part, size in zip(parts, widths, strict=True)
            ).rstrip()
            lines.append(f"{BOLD}{line}{PLAIN}" if bold and number == 0 else line)
    return lines


def _widest(text: str) -> int:
    return max(map(cells, text.splitlines()))
