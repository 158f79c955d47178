"""JSON and arrays to rules, as codec.py says; no code is ever read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.core import rule
from xborder_cli.tables.codec import (
    ARRAY,
    CHUNK,
    CLASSES,
    GROUPED_BY,
    KINDS,
    LAZY,
    LAZY_TUPLE,
    MAPPING,
    PROVENANCE,
    SCALARS,
    SET,
    SHARED,
    TUPLE,
)
from xborder_cli.tables.lazy import Lazy, LazyTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


def unpack(text: bytes, arrays: memoryview) -> object:
    """Return the value that `pack` wrote; arrays lie in `arrays` and are not copied.

    Raises:
        ValueError, IndexError, KeyError, TypeError: the text is not what this version writes.
    """
    sources, shared, value = json.loads(text)
    return _Unpacker(sources, shared, arrays).decode(value)


class _Unpacker:
    """Makes values of one packed text; shared rules are made once."""

    __slots__ = ("arrays", "made", "shared", "sources")

    def __init__(
        self,
        sources: list[list[object]],
        shared: list[object] | dict[str, list[list[int]]],
        arrays: memoryview,
    ) -> None:
        self.sources = sources
        self.shared = _Chunks(shared["chunks"], arrays) if isinstance(shared, dict) else shared
        self.arrays = arrays
        self.made: dict[int, object] = {}

    def decode(self, value: object) -> object:
        """Return the value that an encoded one stands for."""
        if type(value) is not list:
            return value
        if not value:
            return ()
        tag = value[0]
        if tag >= 0:
            decode = self.decode
            parts = [decode(part) if type(part) is list else part for part in value[1:]]
            return CLASSES[tag](*parts)
        if tag == SCALARS:
            return tuple(value[1:])
        if tag == TUPLE:
            decode = self.decode
            return tuple([decode(part) if type(part) is list else part for part in value[1:]])
        if tag == SHARED:
            number = value[1]
            if number not in self.made:
                self.made[number] = self.decode(self.shared[number])
            return self.made[number]
        return self._seldom(tag, value)

    def _seldom(self, tag: int, value: list[object]) -> object:
        if tag == PROVENANCE:
            _, source, line, since = value
            table, title, url, checked, confidence = self.sources[source]  # type: ignore[call-overload]
            return rule.Provenance(table, line, title, url, since, checked, confidence)  # type: ignore[arg-type]
        if tag == ARRAY:
            _, kind, stored, start, count = value
            found = np.frombuffer(self.arrays, KINDS[stored], count, start)  # type: ignore[call-overload]
            return found if kind == stored else found.astype(KINDS[kind])  # type: ignore[call-overload]
        if tag == LAZY_TUPLE:
            chunks = _Chunks(value[2], self.arrays)  # type: ignore[arg-type]
            return LazyTuple(lambda place: self.decode(chunks[place]), value[1])  # type: ignore[arg-type]
        if tag == LAZY:
            return self._lazy(value[1])  # type: ignore[arg-type]
        if tag == MAPPING:
            parts = [self.decode(part) for part in value[1:]]
            return dict(zip(parts[::2], parts[1::2], strict=True))
        if tag == SET:
            return frozenset(value[1:])
        raise ValueError(f"no value is tagged {tag}")

    def _lazy(self, groups: dict[str, list[int]]) -> Lazy[object]:
        opened: dict[str, dict[str, object]] = {}

        def group(name: str) -> dict[str, object]:
            if name not in opened:
                start, size = groups[name]
                opened[name] = json.loads(bytes(self.arrays[start : start + size]))
            return opened[name]

        def find(key: str) -> object:
            return self.decode(group(key[:GROUPED_BY])[key])

        def beside(key: str) -> Iterable[str]:
            return group(key[:GROUPED_BY]) if key[:GROUPED_BY] in groups else ()

        return Lazy(find, lambda: (key for name in groups for key in group(name)), beside)


class _Chunks:
    """Encoded values by number, whose texts are read when one of them is asked for."""

    __slots__ = ("arrays", "opened", "places")

    def __init__(self, places: list[list[int]], arrays: memoryview) -> None:
        self.places = places
        self.arrays = arrays
        self.opened: dict[int, list[object]] = {}

    def __getitem__(self, number: int) -> object:
        chunk, at = divmod(number, CHUNK)
        if chunk not in self.opened:
            start, size = self.places[chunk]
            self.opened[chunk] = json.loads(bytes(self.arrays[start : start + size]))
        return self.opened[chunk][at]
