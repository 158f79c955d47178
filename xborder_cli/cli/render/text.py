"""Text in terminal cells: East Asian characters take two."""

from __future__ import annotations

from unicodedata import combining, east_asian_width


def cells(text: str) -> int:
    """Return how many cells a text takes.

    >>> cells("abc"), cells("邮政")
    (3, 4)
    """
    if text.isascii():
        return len(text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def fit(text: str, width: int) -> str:
    """Return the text cut to a width; three points, one cell each everywhere, where it was cut.

    >>> fit("international", 8), fit("国际快递", 7)
    ('inter...', '国际...')
    """
    if cells(text) <= width:
        return text
    kept, used = "", 0
    for character in text:
        used += cells(character)
        if used > width - 3:
            break
        kept += character
    return kept + "..."


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return the text filled with blanks to a width; `right` puts them in front.

    >>> pad("邮政", 6), pad("1.5", 6, right=True)
    ('邮政  ', '   1.5')
    """
    blanks = " " * max(0, width - cells(text))
    return blanks + text if right else text + blanks


def wrap(text: str, width: int, *, indent: str = "") -> list[str]:
    """Return lines of at most `width` cells, later ones indented; long words are broken.

    >>> wrap("one two three", 8, indent="  ")
    ['one two', '  three']
    """
    lines: list[str] = []
    line = ""
    for word in text.split():
        while True:
            start = line or (indent if lines else "")
            glue = " " if line else ""
            if cells(start) + len(glue) + cells(word) <= width:
                line = start + glue + word
                break
            if line:
                lines.append(line)
                line = ""
                continue
            head = _head(word, width - cells(start))
            lines.append(start + head)
            word = word[len(head) :]
    if line:
        lines.append(line)
    return lines


def _head(word: str, width: int) -> str:
    """Return as much of a word as fits, at least one character."""
    used = 0
    for index, character in enumerate(word):
        used += cells(character)
        if used > width and index:
            return word[:index]
    return word
