"""Tables compiled once, kept under the user's cache folder, and read back section by section.

A damaged, foreign or stale cache is rebuilt and never trusted; a folder that cannot be written is
done without. A section is read and verified when somebody first asks for what it holds.
"""

from __future__ import annotations

import json
import mmap
import os
import zlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from xborder_cli.core.book import Book, CardHead, MarketHead
from xborder_cli.core.fx import FxBook, Series
from xborder_cli.core.rates import ProgrammeTable
from xborder_cli.errors import Problem, TableError, Where
from xborder_cli.tables.lazy import Lazy
from xborder_cli.tables.packing import pack
from xborder_cli.tables.stamps import mark_of
from xborder_cli.tables.unpacking import unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xborder_cli.core.rule import Goods, Mode

Compiled = Book
MAGIC: Final = b"xb tables 4\n"  # then sizes, the mark, a header, sections
SIZES: Final = 3 * 17 + 9  # of mark, header and sections; checksum of the first two
PREFIX: Final = "xb-"  # of every file of ours: whoever shares the folder keeps theirs
SUFFIX: Final = ".tables"
UNFINISHED: Final = ".tables.part"
KEPT: Final = 6  # caches of other tables that stay
FORGOTTEN_S: Final = 3600  # an unfinished file of this age belongs to nobody
DAMAGE: Final = (ValueError, KeyError, IndexError, TypeError)


def open_tables(folders: Sequence[Path]) -> Compiled:
    """Return the tables of the folders, later over earlier, from the cache when it holds them.

    Raises:
        TableError: with every problem of every file.
    """
    mark = mark_of(folders)
    path = cache_folder() / f"{PREFIX}{zlib.crc32(mark):08x}{SUFFIX}"
    try:
        return _read(path, mark, folders)
    except (OSError, *DAMAGE):
        return _rebuild(path, mark, folders)[0]


def _rebuild(path: Path, mark: bytes, folders: Sequence[Path]) -> tuple[Book, dict[str, object]]:
    """Return the book and its sections from the tables themselves, and try to keep them."""
    from xborder_cli.adapters.central_bank import published_rates
    from xborder_cli.tables.build import build_book
    from xborder_cli.tables.load import load_tables

    book, rules = build_book(load_tables(folders), published_rates())
    sections = _sections(book, rules)
    with suppress(OSError):
        _write(path, mark, book, sections)
    return book, sections


def cache_folder() -> Path:
    """Return the folder that compiled tables are kept in."""
    named = os.environ.get("XB_CACHE")
    if named:
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("xb", appauthor=False)


# -- writing ------------------------------------------------------------------------------------


def _sections(book: Book, rules: dict[str, object]) -> dict[str, object]:
    """Return what is written apart and read at need, by name."""
    rates = {f"fx:{currency}": series for currency, series in book.fx.series.items()}
    return {**rules, **rates, "modes": book.modes, "goods": book.goods}


def _write(path: Path, mark: bytes, book: Book, sections: dict[str, object]) -> None:
    index: dict[str, tuple[int, int, int, int]] = {}
    body = bytearray()
    for name, value in sections.items():
        text, arrays = pack(value, lazily=name == "goods")
        start = len(body)
        body += text + b" " * (-len(text) % 8) + arrays
        body += b" " * (-len(body) % 8)
        index[name] = (start, len(text), len(body) - start, zlib.crc32(body[start:]))
    header = _header(book, sections, index)
    header += b" " * (-(len(MAGIC) + SIZES + len(mark) + len(header)) % 8)
    check = zlib.crc32(header, zlib.crc32(mark))
    sizes = f"{len(mark):016x} {len(header):016x} {len(body):016x} {check:08x}\n".encode()
    _write_whole(path, MAGIC + sizes + mark + header + body)
    _forget_old(path)


def _header(book: Book, sections: Mapping[str, object], index: Mapping[str, object]) -> bytes:
    head = {
        "digest": book.digest,
        "overlays": book.overlays,
        "digits": book.digits,
        "home": book.home,
        "defaults": book.defaults,
        "ratios": book.ratios,
        "countries": book.countries,
        "cards": [_values(head) for head in book.cards],
        "markets": [_values(head) for head in book.market_heads.values()],
        "programmes": [[*pair, name] for pair, name in book.programmes.items()],
        "turns": _turns(book, sections),
        "surcharges": book.surcharges,
        "lot": book.default_lot,
        "storage_days": book.default_storage_days,
        "names": dict(book.known_names),
        "anchor": book.fx.anchor,
        "bank": book.fx.name,
        "index": index,
    }
    return json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()


def _values(head: CardHead | MarketHead) -> list[object]:
    return [getattr(head, name) for name in type(head).__slots__]


def _turns(book: Book, sections: Mapping[str, object]) -> dict[str, tuple[int, ...]]:
    """Return each programme's turning days: nobody unpacks all its rows to learn them."""
    from xborder_cli.core.programme_lines import turning_days

    return {
        name: turning_days(book, rule)
        for name, rule in sections.items()
        if isinstance(rule, ProgrammeTable)
    }


def _write_whole(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all, however many processes write it."""
    import tempfile

    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(UNFINISHED, PREFIX, path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _forget_old(path: Path) -> None:
    """Drop caches that others have outlived, and what a killed process left."""
    import time

    def age(file: Path) -> float:
        try:
            return time.time() - file.stat().st_mtime
        except OSError:
            return 0  # another process was quicker

    caches = sorted(path.parent.glob(f"{PREFIX}*{SUFFIX}"), key=age)
    parts = path.parent.glob(f"{PREFIX}*{UNFINISHED}")
    for old in [*caches[KEPT:], *(part for part in parts if age(part) > FORGOTTEN_S)]:
        with suppress(OSError):
            old.unlink()


# -- reading ------------------------------------------------------------------------------------


def _read(path: Path, mark: bytes, folders: Sequence[Path]) -> Book:
    """Return the book of a cache.

    Raises:
        OSError: there is none that can be read.
        ValueError, KeyError, IndexError, TypeError: it is damaged, foreign or stale.
    """
    data = _mapped(path)
    line = len(MAGIC) + SIZES
    if bytes(data[: len(MAGIC)]) != MAGIC:
        raise ValueError("no cache of this version")
    marked, header, body, check = (int(n, 16) for n in bytes(data[len(MAGIC) : line]).split())
    start = line + marked
    if bytes(data[line:start]) != mark:
        raise ValueError("of other tables")
    text = bytes(data[start : start + header])
    if len(data) != start + header + body or zlib.crc32(text, zlib.crc32(mark)) != check:
        raise ValueError("damaged")
    head = json.loads(text)
    shelf = _Shelf(head, data[start + header :], lambda: _rebuild(path, mark, folders))
    return _book(head, shelf)


def _mapped(path: Path) -> memoryview:
    """Return the bytes of a file: mapped, of which only what is read is loaded, if possible."""
    with path.open("rb") as file:
        try:
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except OSError:  # some file systems map nothing
            return memoryview(file.read())


def _book(head: dict[str, Any], shelf: _Shelf) -> Book:
    series = Lazy(
        lambda currency: cast("tuple[Series, ...]", shelf.take(f"fx:{currency}")),
        lambda: [name[3:] for name in head["index"] if name.startswith("fx:")],
    )
    goods = Lazy(
        lambda slug: cast("Mapping[str, Goods]", shelf.take("goods"))[slug],
        lambda: cast("Mapping[str, Goods]", shelf.take("goods")),
    )
    return Book(
        digest=head["digest"],
        overlays=tuple(head["overlays"]),
        digits=head["digits"],
        # read as a mapping everywhere, which these are
        fx=FxBook(cast("dict[str, tuple[Series, ...]]", series), head["anchor"], head["bank"]),
        home=head["home"],
        defaults=head["defaults"],
        ratios={name: (num, den) for name, (num, den) in head["ratios"].items()},
        modes=cast("dict[str, Mode]", shelf.take("modes")),
        goods=cast("dict[str, Goods]", goods),
        countries=head["countries"],
        cards=tuple([CardHead(*_tuples(row)) for row in head["cards"]]),
        market_heads={row[0]: MarketHead(*_tuples(row)) for row in head["markets"]},
        programmes={(tariff, name): at for tariff, name, at in head["programmes"]},
        surcharges={carrier: tuple(keys) for carrier, keys in head["surcharges"].items()},
        take=shelf.take,
        default_lot=head["lot"],
        default_storage_days=head["storage_days"],
        known_names={name: tuple(values) for name, values in head["names"].items()},
        turns=shelf.turns,
    )


def _tuples(row: list[Any]) -> list[Any]:
    return [tuple(part) if type(part) is list else part for part in row]


class _Shelf:
    """Takes sections out of a cache and keeps what was taken.

    A section whose checksum is wrong sends it back to the tables themselves, for good.
    """

    def __init__(
        self,
        head: dict[str, Any],
        body: memoryview,
        rebuild: Callable[[], tuple[Book, dict[str, object]]],
    ) -> None:
        self.digest: str = head["digest"]
        self.index: dict[str, list[int]] = head["index"]
        self.days: dict[str, list[int]] = head["turns"]
        self.turns: dict[int, tuple[int, ...]] = {}  # as the book keeps them: by programme
        self.body = body
        self.taken: dict[str, object] = {}
        self._rebuild = rebuild
        self._built: dict[str, object] | None = None

    def take(self, name: str) -> object:
        """Return what a section holds.

        Raises:
            KeyError: there is no such section.
        """
        found = self.taken.get(name)
        if found is None:
            section = self._section(name)
            found = self.built()[name] if section is None else unpack(*section)
            self.taken[name] = found
            if isinstance(found, ProgrammeTable):
                self.turns[id(found)] = tuple(self.days[name])
        return found

    def built(self) -> dict[str, object]:
        """Return all sections as the tables say them."""
        if self._built is None:
            book, self._built = self._rebuild()
            if book.digest != self.digest:
                raise TableError(
                    Problem(
                        code="tables-changed",
                        where=Where("tables"),
                        what="the tables were edited while an answer was worked out",
                        fix="ask again",
                    )
                )
        return self._built

    def _section(self, name: str) -> tuple[bytes, memoryview] | None:
        """Return text and arrays of a section, None when they are damaged."""
        if self._built is not None:
            return None
        start, text, size, check = self.index[name]
        whole = self.body[start : start + size]
        if zlib.crc32(whole) != check:
            return None
        return bytes(whole[:text]), whole[text + -text % 8 :]
