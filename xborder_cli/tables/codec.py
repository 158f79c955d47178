"""Rules <-> JSON and arrays, for the cache: no code is ever read from it.

A packed value is a text and the bytes of its arrays. The text is `[sources, shared, value]`:
what many provenances have in common, rules that occur more than once, and the value. In a value

- `[]` is an empty tuple, `[-1, ...]` a tuple of scalars, `[-2, ...]` a tuple of anything;
- `[-3, key, value, ...]` is a mapping;
- `[-4, {first letters: [first byte, count]}]` is one whose values are made when asked for: those of
  keys that begin alike are a text of their own, among the arrays;
- `[-5, kind, stored kind, first byte, count]` is an array;
- `[-6, source, line, since]` is a provenance, `[-7, n]` the n-th shared rule;
- `[-8, ...]` is a set of texts;
- `[class number, field, field, ...]` is a rule, trailing defaults left out;
- anything else is itself.
"""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core import fx, rates, rule
from xborder_cli.tables.lazy import Lazy, LazyTuple

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.generic]

SCALARS, TUPLE, MAPPING, LAZY, ARRAY, PROVENANCE, SHARED, SET = -1, -2, -3, -4, -5, -6, -7, -8
LAZY_TUPLE = -9
KINDS: Final = ("int64", "int32", "int16", "bool")
NARROWED_FROM: Final = 64  # shorter arrays stay as they are, and are never copied
GROUPED_BY: Final = 4  # first letters of the keys of a lazy mapping: headings of the HS
CHUNK: Final = 64  # values of a lazy list that are one text
WHOLE_UP_TO: Final = 256  # shared rules; more of them are a lazy list
CLASSES: Final[tuple[type, ...]] = (
    rule.Money,
    rule.Term,
    rule.Terms,
    rule.Span,
    rule.Dated,
    rule.Band,
    rule.Bands,
    rule.Lookup,
    rule.Limit,
    rule.Test,
    rule.Rounding,
    rule.BasePart,
    rule.Charge,
    rule.Regime,
    rule.ChargeSet,
    rule.WeightFloor,
    rule.WeightRule,
    rule.ClassRow,
    rule.ZoneRow,
    rule.LimitRule,
    rule.RateCard,
    rule.Surcharge,
    rule.FxRule,
    rule.Market,
    rule.Step,
    rule.Mode,
    rule.Goods,
    rates.Shape,
    rates.TermsTable,
    rates.DatedTable,
    rates.BandTable,
    rates.Row,
    rates.ProgrammeTable,
    fx.Series,
)
NUMBERS: Final = {kind: number for number, kind in enumerate(CLASSES)}
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


# -- packing ------------------------------------------------------------------------------------


def pack(value: object, *, lazily: bool = False) -> tuple[bytes, bytes]:
    """Return a value as text and arrays.

    Args:
        value: rules, and tuples and mappings of them.
        lazily: the value is a mapping by texts, to be unpacked key by key.

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


# -- unpacking ----------------------------------------------------------------------------------


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
