"""Values by code to the fewest rows that the longest prefix finds them by."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final, Generic, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

T = TypeVar("T")
SHORTEST = 2  # digits: a chapter
SUBHEADING = 6
NO_KIND: Final = 0  # of values: it does not matter


class AnyValue:
    """Stands for a code at which every value comes to the same."""


ANY = AnyValue()


def own_rows(values: Mapping[str, T]) -> dict[str, T]:
    """Return rows at the codes of the file, without those that a shorter code of it says already.

    >>> own_rows({"61091000": "16.5 %", "6109100012": "16.5 %", "6109100040": "Free"})
    {'61091000': '16.5 %', '6109100040': 'Free'}
    """
    rows: dict[str, T] = {}
    for code in sorted(values):
        above = next(
            (rows[code[:n]] for n in range(len(code) - 2, 3, -2) if code[:n] in rows), None
        )
        if above != values[code]:
            rows[code] = values[code]
    return rows


def agreed(values: Mapping[str, T]) -> dict[str, T]:
    """Return six-digit codes below which all values are one.

    >>> agreed({"61091000": 16, "61099010": 32, "61099080": 5})
    {'610910': 16}
    """
    found: dict[str, set[T]] = {}
    for code, value in values.items():
        found.setdefault(code[:SUBHEADING], set()).add(value)
    return {
        code: next(iter(each))
        for code, each in found.items()
        if len(each) == 1 and code not in values
    }


class Codes:
    """A set of codes as a tree of prefixes, from chapters down."""

    def __init__(self, codes: Iterable[str]) -> None:
        """Keep the prefixes in order, each before those below it."""
        prefixes = {code[:end] for code in codes for end in range(SHORTEST, len(code) + 1, 2)}
        self.order = sorted(prefixes)
        self.numbers = {prefix: number for number, prefix in enumerate(self.order)}
        self.below: dict[str, list[str]] = {"": [], **{prefix: [] for prefix in self.order}}
        for prefix in self.order:
            self.below[prefix[:-2]].append(prefix)
        # a prefix and all below it, from its number on
        self.spans = np.array(
            [
                end
                for number, prefix in enumerate(self.order)
                for end in (number, bisect_left(self.order, f"{prefix}:"))
            ],
            dtype=np.int64,
        )


def fewest(
    codes: Codes, values: Mapping[str, T | AnyValue | None], mixed: T | None = None
) -> dict[str, T | None]:
    """Return rows at prefixes below which all values agree, as short as can be.

    Args:
        codes: all codes of `values`, and maybe others, at which it does not matter.
        values: by code; None where no row may hold, ANY where it does not matter.
        mixed: what stands at the shortest prefixes below which values differ, when anything must.

    Returns:
        A row of None undoes a shorter one: the caller says how.

    >>> values = {"61091000": 7, "61099010": 7, "62011100": ANY, "64029940": 7, "64031900": 25}
    >>> fewest(Codes(values), values)
    {'61': 7, '6402': 7, '6403': 25}
    """
    return _Fewest(codes, values, mixed).rows


class _Fewest(Generic[T]):
    def __init__(
        self, codes: Codes, values: Mapping[str, T | AnyValue | None], mixed: T | None
    ) -> None:
        self.codes = codes
        self.values = values
        self.mixed = mixed
        self.rows: dict[str, T | None] = {}
        kinds: dict[T | AnyValue | None, int] = {ANY: NO_KIND}
        own = np.full(len(codes.order) + 1, NO_KIND)
        numbers = codes.numbers
        for code, value in values.items():
            own[numbers[code]] = kinds.setdefault(value, len(kinds))
        self.kinds = list(kinds)
        # of each prefix and all below it the first kind and the last, of those that matter
        self.last = np.maximum.reduceat(own, codes.spans)[::2].tolist()
        own[own == NO_KIND] = len(kinds)
        self.first = np.minimum.reduceat(own, codes.spans)[::2].tolist()
        self._walk("", None)

    def _walk(self, above: str, held: T | None) -> None:
        for prefix in self.codes.below[above]:
            number = self.codes.numbers[prefix]
            last = self.last[number]
            if last == NO_KIND:
                continue
            if self.first[number] == last:
                common = self.kinds[last]
                if common != held and not isinstance(common, AnyValue):
                    self.rows[prefix] = common
                continue
            here = held
            own = self.values.get(prefix, ANY)
            if not isinstance(own, AnyValue):
                here = own
            elif self.mixed is not None and held is None:
                here = self.mixed
            if here != held:
                self.rows[prefix] = here
            self._walk(prefix, here)
