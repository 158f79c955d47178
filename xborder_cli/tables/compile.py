"""Tables compiled once, kept under the user's cache folder by digest, and read back at need.

A damaged, foreign or stale cache is rebuilt and never trusted; a folder that cannot be written is done without.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xborder_cli import __version__
from xborder_cli.core.book import Book, CardHead, MarketHead
from xborder_cli.core.fx import FxBook, Series
from xborder_cli.tables.codec import Encoder, decode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.rule import Goods, Mode

Compiled = Book
MAGIC: Final = b"xb tables 1\n"
KEPT: Final = 6  # caches of other tables that stay


def open_tables(folders: Sequence[Path]) -> Compiled:
    """Return the tables of the folders, later over earlier, from the cache when it holds them.

    Raises:
        TableError: with every problem of every file.
    """
    key = _key(folders)
    path = _cache_folder() / f"{key}.tables"
    found = _read(path, key)
    if found is not None:
        return found
    book, rules = _build(folders)
    with suppress(OSError):
        _write(path, key, book, rules)
    return book


def _build(folders: Sequence[Path]) -> tuple[Book, dict[str, object]]:
    from xborder_cli.adapters.central_bank import published_rates
    from xborder_cli.tables.build import build_book
    from xborder_cli.tables.load import load_tables

    return build_book(load_tables(folders), published_rates())


def _cache_folder() -> Path:
    named = os.environ.get("XB_CACHE")
    if named:
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("xb", appauthor=False)


def _key(folders: Sequence[Path]) -> str:
    """Return what tells these files, as they are now, from any others: names, sizes, times."""
    import importlib.metadata

    digest = hashlib.sha256(f"{__version__} {importlib.metadata.version('CurrencyConverter')}".encode())
    for code in ("build.py", "codec.py"):  # another program writes another cache
        digest.update(_stamp(Path(__file__).parent / code))
    digest.update(_stamp(Path(__file__).parent.parent / "core" / "rule.py"))
    for folder in folders:
        digest.update(f"\0{folder}\0".encode())
        for path in sorted(_files(str(folder))):
            digest.update(path.encode(errors="surrogateescape") + _stamp(Path(path)))
    return digest.hexdigest()[:40]


def _files(folder: str) -> list[str]:
    """Return every table under a folder: as `table_files` does, without reading anything."""
    found: list[str] = []
    stack = [folder]
    while stack:
        with os.scandir(stack.pop()) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir():
                    stack.append(entry.path)
                elif entry.name.endswith((".yaml", ".yml")):
                    found.append(entry.path)
    return found


def _stamp(path: Path) -> bytes:
    with suppress(OSError):
        stat = path.stat()
        return f"{stat.st_size} {stat.st_mtime_ns} {stat.st_ino}".encode()
    return b"gone"


# -- writing ------------------------------------------------------------------------------------


def _write(path: Path, key: str, book: Book, rules: dict[str, object]) -> None:
    encoder = Encoder()
    parts: list[bytes] = []
    index: dict[str, tuple[int, int]] = {}
    at = 0
    for name, value in rules.items():
        blob = json.dumps(encoder.encode(value), ensure_ascii=False, separators=(",", ":")).encode()
        index[name] = (at, len(blob))
        parts.append(blob)
        at += len(blob)
    goods = json.dumps(encoder.encode(book.goods), ensure_ascii=False, separators=(",", ":")).encode()
    index["goods"] = (at, len(goods))
    parts.append(goods)
    head = {
        "key": key,
        "digest": book.digest,
        "overlays": book.overlays,
        "digits": book.digits,
        "home": book.home,
        "defaults": book.defaults,
        "ratios": book.ratios,
        "modes": encoder.encode(book.modes),
        "countries": book.countries,
        "cards": [[getattr(head, name) for name in CardHead.__slots__] for head in book.cards],
        "markets": [[getattr(h, name) for name in MarketHead.__slots__] for h in book.market_heads.values()],
        "programmes": [[*pair, key] for pair, key in book.programmes.items()],
        "surcharges": book.surcharges,
        "lot": book.default_lot,
        "storage_days": book.default_storage_days,
        "anchor": book.fx.anchor,
        "fx": [
            [currency, s.base, encoder.encode(s.days), encoder.encode(s.nums), s.den, s.source, s.holds]
            for currency, found in book.fx.series.items()
            for s in found
        ],
        "index": index,
    }
    blobs = b"".join(parts)
    blobs += b" " * (-len(blobs) % 8)
    header = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    body = b"".join([header, blobs, bytes(encoder.arrays)])
    sizes = f"{len(header):016x} {len(blobs):016x} {len(encoder.arrays):016x} {zlib.crc32(body):08x}\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(MAGIC + sizes.encode() + body)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _forget_old(path)


def _forget_old(path: Path) -> None:
    others = sorted(path.parent.glob("*.tables"), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in others[KEPT:]:
        with suppress(OSError):
            old.unlink()


# -- reading ------------------------------------------------------------------------------------


def _read(path: Path, key: str) -> Book | None:
    try:
        data = path.read_bytes()
    except OSError:
        return None
    try:
        return _parse(memoryview(data), key)
    except (ValueError, KeyError, IndexError, TypeError):
        return None  # damaged or foreign: it is rebuilt


def _parse(data: memoryview, key: str) -> Book | None:
    line = len(MAGIC) + 16 * 3 + 8 + 4
    if bytes(data[: len(MAGIC)]) != MAGIC:
        return None
    header, blobs, arrays, check = (int(part, 16) for part in bytes(data[len(MAGIC) : line]).split())
    body = data[line:]
    if len(body) != header + blobs + arrays or zlib.crc32(body) != check:
        return None
    head = json.loads(bytes(body[:header]))
    if head["key"] != key:
        return None
    text = body[header : header + blobs]
    columns = memoryview(bytes(body[header + blobs :]))
    shelf = _Shelf(head["index"], text, columns)
    series: dict[str, list[Series]] = {}
    for currency, base, days, nums, den, source, holds in head["fx"]:
        series.setdefault(currency, []).append(
            Series(base, decode(days, columns), decode(nums, columns), den, source, holds)  # type: ignore[arg-type]
        )
    modes: dict[str, Mode] = decode(head["modes"], columns)  # type: ignore[assignment]
    return Book(
        digest=head["digest"],
        overlays=tuple(head["overlays"]),
        digits=head["digits"],
        fx=FxBook({currency: tuple(found) for currency, found in series.items()}, head["anchor"]),
        home=head["home"],
        defaults=head["defaults"],
        ratios={name: (num, den) for name, (num, den) in head["ratios"].items()},
        modes=modes,
        goods=_Goods(shelf),
        countries=head["countries"],
        cards=tuple(CardHead(*_tuples(row)) for row in head["cards"]),  # type: ignore[arg-type]
        market_heads={row[0]: MarketHead(*_tuples(row)) for row in head["markets"]},  # type: ignore[arg-type]
        programmes={(tariff, name): at for tariff, name, at in head["programmes"]},
        surcharges={carrier: tuple(keys) for carrier, keys in head["surcharges"].items()},
        take=shelf.take,
        default_lot=head["lot"],
        default_storage_days=head["storage_days"],
    )


def _tuples(row: list[object]) -> list[object]:
    return [tuple(part) if isinstance(part, list) else part for part in row]


class _Shelf:
    """Takes rules out of a cache and keeps those that were taken."""

    def __init__(self, index: dict[str, list[int]], text: memoryview, arrays: memoryview) -> None:
        self.index = index
        self.text = text
        self.arrays = arrays
        self.taken: dict[str, object] = {}

    def take(self, key: str) -> object:
        found = self.taken.get(key)
        if found is None:
            at, size = self.index[key]
            found = decode(json.loads(bytes(self.text[at : at + size])), self.arrays)
            self.taken[key] = found
        return found


class _Goods(dict[str, "Goods"]):
    """Goods, decoded when somebody first asks."""

    def __init__(self, shelf: _Shelf) -> None:
        super().__init__()
        self._shelf: _Shelf | None = shelf

    def _fill(self) -> None:
        if self._shelf is not None:
            shelf, self._shelf = self._shelf, None
            self.update(shelf.take("goods"))  # type: ignore[call-overload]

    def __getitem__(self, slug: str) -> Goods:
        self._fill()
        return super().__getitem__(slug)

    def __contains__(self, slug: object) -> bool:
        self._fill()
        return super().__contains__(slug)

    def __iter__(self):  # type: ignore[no-untyped-def]  # noqa: ANN204
        self._fill()
        return super().__iter__()

    def __len__(self) -> int:
        self._fill()
        return super().__len__()

    def get(self, slug, default=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        self._fill()
        return super().get(slug, default)

    def items(self):  # type: ignore[no-untyped-def]  # noqa: ANN201
        self._fill()
        return super().items()

    def keys(self):  # type: ignore[no-untyped-def]  # noqa: ANN201
        self._fill()
        return super().keys()

    def values(self):  # type: ignore[no-untyped-def]  # noqa: ANN201
        self._fill()
        return super().values()
