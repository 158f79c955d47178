"""Signs that nobody sees, written so that they are seen."""

from __future__ import annotations

import re
from typing import Final

SEEN: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
PLAIN: Final = re.compile(r"[ -~]*")


def visible(text: str) -> str:
    r"""Return a text with line ends, controls and signs of no width as escapes; a letter stays.

    >>> visible("US\u200b"), visible("a\tb\x1b[2J"), visible("Zürich 德国")
    ('US\\u200b', 'a\\tb\\x1b[2J', 'Zürich 德国')
    """
    if PLAIN.fullmatch(text):
        return text
    return "".join(one if one.isprintable() else _escaped(one) for one in text)


def _escaped(sign: str) -> str:
    code = ord(sign)
    width = 2 if code <= 0xFF else 4 if code <= 0xFFFF else 8
    return SEEN.get(sign) or f"\\{'xxuuU'[width // 2]}{code:0{width}x}"
