"""Rules <-> JSON and arrays, for the cache: no code is ever read from it.

A rule is written as `[class number, field, field, ...]` with trailing defaults left out; a tuple as
`[-1, ...]`, a mapping as `[-2, key, value, ...]`, an array as `[-3, kind, first byte, count]`.
Anything else is a JSON scalar.
"""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Final

import numpy as np

from xborder_cli.core import rates, rule

TUPLE, MAPPING, ARRAY, SET = -1, -2, -3, -4
KINDS: Final = ("int64", "int32", "bool")
CLASSES: Final[tuple[type, ...]] = (
    rule.Provenance,
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
)
NUMBERS: Final = {kind: number for number, kind in enumerate(CLASSES)}


@cache
def _fields(kind: type) -> tuple[tuple[str, object], ...]:
    """Return field names with their defaults, a marker of its own where there is none."""
    out = []
    for field in dataclasses.fields(kind):
        default: object = field.default
        if field.default_factory is not dataclasses.MISSING:
            default = field.default_factory()
        out.append((field.name, default))
    return tuple(out)


class Encoder:
    """Writes rules; arrays gather in `arrays`, aligned to 8 bytes."""

    def __init__(self) -> None:
        """Begin with no arrays."""
        self.arrays = bytearray()

    def encode(self, value: object) -> object:
        """Return what JSON can hold."""
        if value is None or isinstance(value, (str, int, bool)):
            return value
        if isinstance(value, (tuple, list)):
            return [TUPLE, *map(self.encode, value)]
        if isinstance(value, dict):
            flat = [self.encode(part) for pair in value.items() for part in pair]
            return [MAPPING, *flat]
        if isinstance(value, frozenset):
            return [SET, *sorted(value)]
        if isinstance(value, np.ndarray):
            return self._array(value)
        return self._rule(value)

    def _rule(self, value: object) -> list[object]:
        kind = type(value)
        fields = _fields(kind)
        values = [getattr(value, name) for name, _ in fields]
        while values and _same(values[-1], fields[len(values) - 1][1]):
            values.pop()
        return [NUMBERS[kind], *map(self.encode, values)]

    def _array(self, value: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> list[object]:
        self.arrays.extend(b"\0" * (-len(self.arrays) % 8))
        start = len(self.arrays)
        self.arrays.extend(np.ascontiguousarray(value).tobytes())
        return [ARRAY, KINDS.index(str(value.dtype)), start, int(value.size)]


def _same(value: object, default: object) -> bool:
    return not isinstance(value, np.ndarray) and type(value) is type(default) and value == default


def decode(value: object, arrays: memoryview) -> object:
    """Return the rule that `Encoder` wrote.

    Raises:
        ValueError, IndexError, TypeError: the text is not what this version writes.
    """
    if not isinstance(value, list):
        return value
    tag = value[0]
    if tag >= 0:
        return CLASSES[tag](*[decode(part, arrays) if isinstance(part, list) else part for part in value[1:]])
    if tag == TUPLE:
        return tuple([decode(part, arrays) if isinstance(part, list) else part for part in value[1:]])
    if tag == MAPPING:
        parts = [decode(part, arrays) for part in value[1:]]
        return dict(zip(parts[::2], parts[1::2], strict=True))
    if tag == SET:
        return frozenset(value[1:])
    _, kind, start, count = value
    return np.frombuffer(arrays, dtype=KINDS[kind], count=count, offset=start)
