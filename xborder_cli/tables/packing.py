"""Rules to JSON and arrays, as codec.py says: what recurs is written once."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core import rates, rule
from xborder_cli.tables.codec import (
    ARRAY,
    CHUNK,
    GROUPED_BY,
    KINDS,
    LAZY,
    LAZY_TUPLE,
    MAPPING,
    NUMBERS,
    PROVENANCE,
    SCALARS,
    SET,
    SHARED,
    TUPLE,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.generic]

NARROWED_FROM: Final = 64  # shorter arrays stay as they are, and are never copied
WHOLE_UP_TO: Final = 256  # shared rules; more of them are a lazy list
LAZY_FIELDS: Final = {  # thousands of rows with their rates, of which few are read
    (rates.ProgrammeTable, "rows"),
    (rates.ProgrammeTable, "rates"),
}

_PLAIN: Final = frozenset((type(None), str, int, bool))
_SELF_CONTAINED: Final = frozenset((rule.Provenance, np.ndarray, frozenset))  # no rules in them


@dataclasses.dataclass(frozen=True, slots=True)
class _Layout:
    """Fields of a class of rules."""

    names: tuple[str, ...]
    defaults: tuple[object, ...]  # a marker of its own where there is none
    values: Callable[[object], tuple[object, ...]]


@functools.cache
def _layout(kind: type) -> _Layout:
    fields = dataclasses.fields(kind)
    names = tuple(field.name for field in fields)
    defaults = tuple(
        field.default if field.default_factory is dataclasses.MISSING else field.default_factory()
        for field in fields
    )
    if len(names) == 1:  # of one name attrgetter makes no tuple
        return _Layout(names, defaults, lambda value: (getattr(value, names[0]),))
    return _Layout(names, defaults, attrgetter(*names))


def pack(value: object, *, lazily: bool = False) -> tuple[bytes, bytes]:
    """Return a value as text and arrays.

    Args:
        value: rules, and tuples and mappings of them.
        lazily: the value is a mapping by texts, to be unpacked key by key.

    >>> from xborder_cli.tables.unpacking import unpack
    >>> text, arrays = pack((1, rule.Money("EUR", (5, 2))))
    >>> text.decode()
    '[[],[],[-2,1,[0,"EUR",[-1,5,2]]]]'
    >>> unpack(text, memoryview(arrays))
    (1, Money(currency='EUR', amount=(5, 2)))
    """
    packer = _Packer()
    packer.count(value)
    encoded = packer.lazy(value) if lazily and isinstance(value, Mapping) else packer.encode(value)
    shared = packer.shared
    if len(shared) > WHOLE_UP_TO:
        shared = packer.chunks(shared)
        return _json([packer.sources, {"chunks": shared}, encoded]).encode(), bytes(packer.arrays)
    return _json([packer.sources, shared, encoded]).encode(), bytes(packer.arrays)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class _Packer:
    """Writes one value; arrays gather in `arrays`, aligned to 8 bytes."""

    def __init__(self) -> None:
        self.arrays = bytearray()
        self.sources: list[list[object]] = []
        self.shared: list[object] = []
        self._source_numbers: dict[tuple[object, ...], int] = {}
        self._shared_numbers: dict[object, int] = {}
        self._seen: dict[object, int] = {}

    def count(self, value: object) -> None:
        """Count how often each rule occurs: those that recur are written once."""
        kind: type = type(value)
        if kind in _PLAIN or kind in _SELF_CONTAINED:
            return
        if kind in NUMBERS:
            key = _sharing_key(value)
            if key is not None:
                self._seen[key] = times = self._seen.get(key, 0) + 1
                if times > 1:
                    return
            for part in _layout(kind).values(value):
                if type(part) not in _PLAIN:
                    self.count(part)
        elif isinstance(value, (tuple, list)):
            for part in value:
                if type(part) not in _PLAIN:
                    self.count(part)
        elif isinstance(value, Mapping):
            for part in value.values():
                self.count(part)

    def encode(self, value: object) -> object:
        """Return what JSON can hold."""
        kind = type(value)
        if kind in _PLAIN:
            return value
        if kind is rule.Provenance:
            return self._provenance(value)  # type: ignore[arg-type]
        if kind in NUMBERS:
            return self._maybe_shared(value)
        if isinstance(value, (tuple, list)):
            if not value:
                return []
            parts = [self.encode(part) for part in value]
            return [TUPLE if any(isinstance(part, list) for part in parts) else SCALARS, *parts]
        if isinstance(value, Mapping):
            return [MAPPING, *(self.encode(part) for pair in value.items() for part in pair)]
        if isinstance(value, frozenset):
            return [SET, *sorted(value)]
        if isinstance(value, np.ndarray):
            return self._array(value)
        raise TypeError(f"no rule holds a {kind.__name__}")

    def _maybe_shared(self, value: object) -> list[object]:
        key = _sharing_key(value)
        if key is None or self._seen.get(key, 0) < 2:
            return self._rule(value)
        if key not in self._shared_numbers:
            encoded = self._rule(value)
            self._shared_numbers[key] = len(self.shared)
            self.shared.append(encoded)
        return [SHARED, self._shared_numbers[key]]

    def _rule(self, value: object) -> list[object]:
        kind: type = type(value)
        layout = _layout(kind)
        values = list(layout.values(value))
        while values and _same(values[-1], layout.defaults[len(values) - 1]):
            values.pop()
        encoded: list[object] = [NUMBERS[kind]]
        for name, part in zip(layout.names, values, strict=False):
            if type(part) in _PLAIN:
                encoded.append(part)
            elif (kind, name) in LAZY_FIELDS and isinstance(part, Mapping):
                encoded.append(self.lazy(part))
            elif (kind, name) in LAZY_FIELDS and isinstance(part, Sequence):
                parts = [self.encode(one) for one in part]
                encoded.append([LAZY_TUPLE, len(parts), self.chunks(parts)])
            else:
                encoded.append(self.encode(part))
        return encoded

    def lazy(self, value: Mapping[str, object]) -> list[object]:
        """Return a mapping whose values are texts of their own, some keys together."""
        groups: dict[str, dict[str, object]] = {}
        for key, part in value.items():
            groups.setdefault(key[:GROUPED_BY], {})[key] = self.encode(part)
        places = {}
        for group, inner in groups.items():
            text = _json(inner).encode()
            places[group] = [len(self.arrays), len(text)]
            self.arrays.extend(text)
        return [LAZY, places]

    def chunks(self, encoded: Sequence[object]) -> list[object]:
        """Return where encoded values stand as texts, some of them together."""
        places: list[object] = []
        for at in range(0, len(encoded), CHUNK):
            text = _json(encoded[at : at + CHUNK]).encode()
            places.append([len(self.arrays), len(text)])
            self.arrays.extend(text)
        return places

    def _provenance(self, value: rule.Provenance) -> list[object]:
        source = (value.table, value.title, value.url, value.checked, value.confidence)
        if source not in self._source_numbers:
            self._source_numbers[source] = len(self.sources)
            self.sources.append(list(source))
        return [PROVENANCE, self._source_numbers[source], value.line, value.since]

    def _array(self, value: Array) -> list[object]:
        kind = str(value.dtype)
        stored = _narrow(value)
        self.arrays.extend(b"\0" * (-len(self.arrays) % 8))
        start = len(self.arrays)
        self.arrays.extend(np.ascontiguousarray(stored).tobytes())
        return [ARRAY, KINDS.index(kind), KINDS.index(str(stored.dtype)), start, int(value.size)]


def _sharing_key(value: object) -> object | None:
    """Return what a rule is known by when it recurs; None when it holds arrays or mappings."""
    if type(value) is rates.Row:  # its line is its own, and there are hundreds of thousands
        return None
    try:
        hash(value)
    except TypeError:
        return None
    return value


def _narrow(value: Array) -> Array:
    """Return a long array in the smallest whole numbers that hold it."""
    if value.dtype != np.int64 or value.size < NARROWED_FROM:
        return value
    for kind in (np.int16, np.int32):
        limits = np.iinfo(kind)
        if limits.min <= int(value.min()) and int(value.max()) <= limits.max:
            return value.astype(kind)
    return value


def _same(value: object, default: object) -> bool:
    return not isinstance(value, np.ndarray) and type(value) is type(default) and value == default
