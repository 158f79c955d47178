"""The text of an input as UTF-8 bytes, whatever it is written in.

What decides is the first page (of a pipe: the first line) that is not all ASCII: it is in UTF-8 or
GB18030, whichever reads more of its lines, UTF-8 when equal. When neither reads any and most lines
are foreign, the input is refused. Other bytes that cannot be read go through as they are, which is
no UTF-8: the rows that hold one are broken, the others are not.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xborder_cli.batch.packing import Bytes

PAGE: Final = 1 << 20
MARKS: Final = (  # what a file may begin with, the encoding it tells
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
MARK: Final = 3  # bytes of the longest
NAMES: Final = {
    "utf-8": "UTF-8",
    "gb18030": "GB18030",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}
_FOREIGN: Final = re.compile(rb"[\x80-\xff]")
_KEPT: Final = "xborder-kept"


class NoEncodingError(Exception):
    """No line of what decides can be read; carries what stands before, and the byte."""

    def __init__(self, before: bytes, byte: int) -> None:
        """Keep the text up to the byte."""
        self.before = before
        self.byte = byte
        super().__init__(f"byte {byte:#04x} is neither UTF-8 nor GB18030")


def _kept(error: UnicodeError) -> tuple[str, int]:
    """Return what stands for a byte that cannot be decoded: no UTF-8 is made of it."""
    assert isinstance(error, UnicodeDecodeError)
    if "16" in error.encoding:  # two bytes a character: keep the step
        return "\udcff", error.end
    return chr(0xDC00 + max(0x80, error.object[error.start])), error.start + 1


codecs.register_error(_KEPT, _kept)


class Text:
    """The bytes of an input turned to UTF-8 while they are read; `encoding` once it is known."""

    def __init__(self, raw: Bytes, encoding: str = "", *, by_line: bool = False) -> None:
        """Look for a mark; an encoding that was given is not looked for."""
        self.raw = raw
        self.by_line = by_line  # a pipe is not waited for until a page is full
        self.encoding = ""
        self.marked = False
        self._decoder: codecs.IncrementalDecoder | None = None
        self._fault: Exception | None = None
        self._lines = False  # whether a line end has been read
        self._held = self._head()
        if encoding and not self.marked:
            self._begin(codecs.lookup(encoding).name)

    @property
    def ended(self) -> bool:
        """Tell whether there is no more text."""
        return self.raw.ended and not self._held and self._fault is None

    @property
    def name(self) -> str:
        """Return the encoding as people write it; "" while all is ASCII."""
        return NAMES.get(self.encoding, self.encoding)

    def read(self, size: int) -> bytes:
        """Return about so many bytes of UTF-8; fewer at the end, or where a pipe falls silent.

        Raises:
            NoEncodingError: the text is in no encoding that is looked for.
            CutOff: a packed input ends in the middle.
        """
        parts: list[bytes] = []
        have = 0
        while have < size and not self.ended:
            try:
                part = self._more(size - have)
            except Exception as fault:  # first what could be read
                self._fault = fault
            else:
                parts.append(part)
                have += len(part)
            if self._fault is not None and not have:
                told, self._fault = self._fault, None
                raise told
            if self._fault is not None or (self.by_line and have):
                break
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _head(self) -> bytes:
        head = b""
        while len(head) < MARK and (part := self.raw.read(MARK - len(head))):
            head += part
        for mark, encoding in MARKS:
            if head.startswith(mark):
                self.marked = True
                self._begin(encoding)
                return head[len(mark) :]
        return head

    def _begin(self, encoding: str) -> None:
        self.encoding = encoding
        if encoding != "utf-8":
            self._decoder = codecs.getincrementaldecoder(encoding)(_KEPT)

    def _more(self, size: int) -> bytes:
        if self._fault is not None:
            raise self._fault
        if self.encoding:
            found = self._take(size)
            if self._decoder is None:
                return found
            text = self._decoder.decode(found, final=self.raw.ended)
            return text.encode("utf-8", "surrogateescape")
        return self._undecided(size)

    def _take(self, size: int) -> bytes:
        held, self._held = self._held, b""
        if held and (len(held) >= size or self.by_line):
            return held
        found = self.raw.read(size - len(held)) if not self.raw.ended else b""
        return held + found if held else found

    def _undecided(self, size: int) -> bytes:
        """Return a page that is all ASCII, or the text before the one that decides."""
        page = self._take(size if self.by_line else PAGE)
        found = None if page.isascii() else _FOREIGN.search(page)
        if found is None:
            self._lines = self._lines or b"\n" in page
            return page
        first = 0
        if self.by_line:
            first = page.rfind(b"\n", 0, found.start()) + 1
            page = self._whole_line(page, found.start())
        last = page.find(b"\n", found.start()) + 1 if self.by_line else 0
        try:
            self._begin(decided(page[first : last or len(page)]))
        except NoEncodingError:
            if self.by_line and (self._lines or first):
                self._begin("utf-8")  # the heading could be read: a row cannot
            else:
                raise
        self._held = page[first:]
        return page[:first]

    def _whole_line(self, page: bytes, start: int) -> bytes:
        while page.find(b"\n", start) < 0 and len(page) < start + PAGE:
            part = self.raw.read(PAGE)
            if not part:
                break
            page += part
        return page


def decided(page: bytes) -> str:
    """Return utf-8 or gb18030, whichever reads more lines of a page; its end may be cut.

    >>> decided("茶".encode()), decided("茶".encode("gb18030"))
    ('utf-8', 'gb18030')

    Raises:
        NoEncodingError: neither reads a line that is not ASCII, and most are not.
    """
    bad = _bad(page, "utf-8")
    if bad < 0:
        return "utf-8"
    if _bad(page, "gb18030") < 0:
        return "gb18030"
    lines = page.splitlines(keepends=True)
    foreign = [line for line in lines if not line.isascii()]
    read = {name: sum(_bad(line, name) < 0 for line in foreign) for name in ("utf-8", "gb18030")}
    if not any(read.values()) and 2 * len(foreign) > len(lines):
        raise NoEncodingError(page[:bad], page[bad])
    return "utf-8" if read["utf-8"] >= read["gb18030"] else "gb18030"


def _bad(text: bytes, encoding: str) -> int:
    """Return where a text cannot be read, -1 when it can; the last character may be cut."""
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(text, final=False)
    except UnicodeDecodeError as error:
        return error.start
    return -1
