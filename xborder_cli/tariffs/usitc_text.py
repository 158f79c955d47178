"""Cells of the United States schedule with blanks, signs and stray marks put right."""

from __future__ import annotations

import html
import re
from functools import lru_cache

_MARK = re.compile(r"<(sup|sub)>\s*\(?\d{1,2}\)?/\s*</\1>", re.I)  # of a footnote
_RAISED = re.compile(
    r"<sup>\s*(\d{1,2})\s*(?:</sup>\s*)?[/\u2044]\s*(?:<su[bp]>\s*)?(\d{1,2})\s*</su[bp]>", re.I
)
_TAG = re.compile(r"<\\?/?[a-zA-Z][^<>]*>")  # "<\/u>": escaped, in lists of units
_BREAK = re.compile(r"<\s*(?:br|p|/p|li|/li)\b[^<>]*>", re.I)
_GONE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_SIGNS = str.maketrans(
    {
        "\u00b2": "2",
        "\u00b3": "3",
        "\u2044": "/",
        "\u2212": "-",
        "\u2010": "-",
        "\u2011": "-",
        "\uff05": "%",
        "\uffe0": "¢",
        "⅓": " 1/3",
        "⅔": " 2/3",
        "½": " 1/2",
        "¼": " 1/4",
        "¾": " 3/4",
        "⅛": " 1/8",
        "⅜": " 3/8",
        "⅝": " 5/8",
        "⅞": " 7/8",
    }
)
_FOOTNOTE_SIGN = re.compile(r"(?<=[%A-Za-z)])\s+\d{1,2}/$")  # "20% 1/"
_LISTED = re.compile(r'"((?:[^"\\]|\\.)*)"|\'((?:[^\'\\]|\\.)*)\'')
_VALUE = re.compile(r"""['"]value['"]\s*:\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")


def clean(cell: object) -> str:
    r"""Return the text of a cell: no tags, one blank between words, none at the ends.

    >>> clean(" <i>Equus</i>\u00a0caballus \u200b")
    'Equus caballus'
    """
    if cell is None or cell == "":
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return _clean(str(cell))


@lru_cache(maxsize=65_536)
def _clean(text: str) -> str:
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub(" ", _MARK.sub("", _RAISED.sub(r" \1/\2", text))))
    return " ".join(text.replace("Â¢", "¢").translate(_GONE).split())


def clean_rate(cell: object) -> str:
    """Return a printed rate with its signs in one spelling; a number alone is no rate.

    >>> clean_rate("33⅓% "), clean_rate("$1.5 /m²")
    ('33 1/3%', '$1.5 /m2')
    """
    text = clean(cell)
    return _clean_rate(text) if text else ""


@lru_cache(maxsize=65_536)
def _clean_rate(text: str) -> str:
    return _FOOTNOTE_SIGN.sub("", " ".join(text.translate(_SIGNS).split()))


def clean_code(cell: object) -> str:
    """Return a code as text, never as a number: `0101.21.00`."""
    return clean(cell).strip("'\u2019 ")


def units_of(cell: object) -> tuple[str, ...]:
    """Return the units of quantity, from a list or a list in text form.

    >>> units_of('["No.","kg"]'), units_of("m²")
    (('No.', 'kg'), ('m2',))
    """
    if isinstance(cell, list):
        found = [clean(unit) for unit in cell]
        if not found:
            return ()
    else:
        text = clean(cell)
        found = [one or other for one, other in _LISTED.findall(text)] if "[" in text else [text]
    return tuple(unit.translate(_SIGNS).strip() for unit in found if unit.strip())


def footnotes_of(cell: object) -> list[str]:
    """Return the texts of footnotes, from a list of mappings, of texts, or one text.

    >>> footnotes_of([{"columns": ["general"], "value": "See 9903.88.03. ", "type": "endnote"}])
    ['See 9903.88.03.']
    """
    if isinstance(cell, list):
        values = [note.get("value") if isinstance(note, dict) else note for note in cell]
        return [text for text in map(clean, values) if text]
    text = clean(cell)
    if found := _VALUE.findall(text):
        return [clean(value[1:-1]) for value in found]
    return [text] if text and text not in ("[]", "null", "None") else []
