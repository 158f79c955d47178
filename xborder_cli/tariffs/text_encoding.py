"""What the text of a tariff file is written in: what orders may be in, or the old Western page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_WESTERN: Final = "cp1252"
_NAMES: Final = {"utf-16": "UTF-16", "gb18030": "GB18030", _WESTERN: "Windows-1252"}
_PAIR: Final = re.compile(rb"[\x80-\xff](?:([\x80-\xff])|[\x00-\x7f])")


def encoding_of(content: bytes) -> str:
    """Return the codec of a text: by its mark, else UTF-8, GB18030 or the old Western page.

    Args:
        content: of the text, or of a page of it that may end inside of a character.

    >>> [encoding_of("税率".encode(name)) for name in ("utf-8", "gb18030", "utf-16")]
    ['utf-8', 'gb18030', 'utf-16']
    >>> encoding_of("Möbel; Stühle".encode("cp1252"))
    'cp1252'
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    try:
        content[: content.rfind(b"\n") + 1 or len(content)].decode("utf-8")
    except UnicodeDecodeError:
        return _other(content)
    return "utf-8"


def encoding_of_pages(pages: Iterable[bytes]) -> str:
    """Return the codec of a text by its first page that is not all ASCII."""
    first = True
    for page in pages:
        if not page.isascii():
            found = encoding_of(page)
            return found if first or found != "utf-16" else "utf-8"  # a mark is at the start
        first = False
    return "utf-8"


def encoding_name(codec: str) -> str:
    """Return an encoding as people write it; "" for UTF-8, which nobody need be told."""
    return _NAMES.get(codec, "")


def _other(content: bytes) -> str:
    # what is imported brings Arrow along: only files that are not UTF-8 need it
    from xborder_cli.batch.encoding import NoEncodingError, decided

    try:
        found = decided(content)
    except NoEncodingError:
        return _WESTERN
    read = _chinese if found == "gb18030" else _broken
    return found if read(content) else _WESTERN


def _broken(content: bytes) -> bool:
    """Tell whether a text is UTF-8 but for some lines: another line that is not ASCII is read."""
    for line in content.splitlines():
        if not line.isascii():
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                continue
            return True
    return False


def _chinese(content: bytes) -> bool:
    """Tell whether most characters of two bytes are common ones: both bytes are above ASCII.

    What is one accented letter among plain ones in Western text reads as a rare character.
    """
    seconds = _PAIR.findall(content)
    return 2 * sum(map(bool, seconds)) > len(seconds)
