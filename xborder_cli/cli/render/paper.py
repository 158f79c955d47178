"""A page of plain text of a width: headings, hanging words with a mark at the edge, columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xborder_cli.cli.render.text import cells, pad, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.cli.streams import Streams

CODES = {"bold": "1", "dim": "2", "yellow": "33", "green": "32", "red": "31"}
LEAST = 12  # cells that a column of words keeps
WIDEST = 160  # a page is no wider on any terminal


@dataclass(slots=True)
class Paper:
    """Lines of text, added from top to bottom."""

    width: int
    colour: bool = False
    lines: list[str] = field(default_factory=list)

    def style(self, text: str, name: str) -> str:
        """Return the text in a style, when there is colour."""
        return f"\x1b[{CODES[name]}m{text}\x1b[0m" if self.colour and name and text else text

    def blank(self) -> None:
        """Leave a line free, once."""
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def heading(self, text: str) -> None:
        """Begin a section."""
        self.blank()
        self.words(text, style="bold")

    def words(
        self, text: str, indent: int = 0, *, hang: int = 2, style: str = "", mark: str = ""
    ) -> None:
        """Add words; later lines hang further in, a mark stands at the right edge of the first."""
        room = self.width - indent - (cells(mark) + 2 if mark else 0)
        found = wrap(text, max(room, LEAST), indent=" " * hang) or [""]
        for number, line in enumerate(found):
            whole = " " * indent + line
            tail = ""
            if number == 0 and mark:
                tail = " " * max(2, self.width - cells(whole) - cells(mark)) + mark
            self.lines.append(self.style(whole, style) + self.style(tail, "dim"))

    def columns(
        self,
        rows: Sequence[Sequence[str]],
        *,
        heading: Sequence[str] = (),
        like: Sequence[Sequence[str]] = (),
        indent: int = 2,
        gap: int = 2,
    ) -> None:
        """Add rows in columns as wide as they need; where room is short, words wrap.

        Args:
            rows: cells of words.
            heading: names of the columns.
            like: the rows of a longer table of which these are a part: columns stand alike in all.
            indent: blanks before the first column.
            gap: blanks between two.
        """
        table = [list(heading), *map(list, rows)] if heading else [list(row) for row in rows]
        if not table:
            return
        every = [list(row) for row in like] or table
        kept = [i for i in range(len(table[0])) if any(row[i] for row in like or rows)]
        table = [[row[i] for i in kept] for row in table]
        every = [[row[i] for i in kept] for row in every]
        widths = self._widths(every, self.width - indent - gap * (len(kept) - 1))
        for number, row in enumerate(table):
            parts = [wrap(text, width) or [""] for text, width in zip(row, widths, strict=True)]
            for line in range(max(map(len, parts))):
                texts = [part[line] if line < len(part) else "" for part in parts]
                padded = (pad(t, w) for t, w in zip(texts, widths, strict=True))
                whole = (" " * indent + (" " * gap).join(padded)).rstrip()
                self.lines.append(self.style(whole, "dim" if heading and not number else ""))

    def _widths(self, table: Sequence[Sequence[str]], room: int) -> list[int]:
        """Return widths that fit: the widest columns give way first, no word is broken for it."""
        natural = [max(cells(row[i]) for row in table) for i in range(len(table[0]))]
        words = [
            max((cells(word) for row in table for word in row[i].split()), default=0)
            for i in range(len(table[0]))
        ]
        least = [min(n, max(LEAST, w)) for n, w in zip(natural, words, strict=True)]
        widths = list(natural)
        while sum(widths) > room:
            able = [i for i in range(len(widths)) if widths[i] > least[i]]
            if not able:
                break
            widest = max(able, key=lambda i: widths[i])
            widths[widest] -= 1
        return widths

    def text(self) -> str:
        """Return the page."""
        while self.lines and not self.lines[-1]:
            self.lines.pop()
        return "\n".join(line.rstrip() for line in self.lines) + "\n"


def paper_on(streams: Streams) -> Paper:
    """Return an empty page as wide as the terminal, in colour where it takes colour."""
    return Paper(min(streams.width, WIDEST), streams.colour(streams.out))
