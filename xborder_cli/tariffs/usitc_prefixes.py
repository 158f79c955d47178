"""Values by code to the fewest rows that the longest prefix finds them by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

T = TypeVar("T")
SHORTEST = 2  # digits: a chapter
SUBHEADING = 6


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


def fewest(
    values: Mapping[str, T | AnyValue | None], mixed: T | None = None
) -> dict[str, T | None]:
    """Return rows at prefixes below which all values agree, as short as can be.

    Args:
        values: by code; None where no row may hold, ANY where it does not matter.
        mixed: what stands at the shortest prefixes below which values differ, when anything must.

    Returns:
        A row of None undoes a shorter one: the caller says how.

    >>> fewest({"61091000": 7, "61099010": 7, "62011100": ANY, "64029940": 7, "64031900": 25})
    {'61': 7, '6402': 7, '6403': 25}
    """
    return _Fewest(values, mixed).rows


class _Fewest(Generic[T]):
    def __init__(self, values: Mapping[str, T | AnyValue | None], mixed: T | None) -> None:
        self.values = values
        self.mixed = mixed
        self.rows: dict[str, T | None] = {}
        self.below: dict[str, set[T | None]] = {}
        self.children: dict[str, set[str]] = {}
        for code, value in values.items():
            for end in range(SHORTEST, len(code) + 1, 2):
                seen = self.below.setdefault(code[:end], set())
                if not isinstance(value, AnyValue):
                    seen.add(value)
                if end < len(code):
                    self.children.setdefault(code[:end], set()).add(code[: end + 2])
        self._walk(sorted({code[:SHORTEST] for code in values}), None)

    def _walk(self, prefixes: Iterable[str], held: T | None) -> None:
        for prefix in prefixes:
            seen = self.below[prefix]
            if not seen or seen == {held}:
                continue
            if len(seen) == 1:
                self.rows[prefix] = next(iter(seen))
                continue
            here = held
            own = self.values.get(prefix, ANY)
            if not isinstance(own, AnyValue):
                here = own
            elif self.mixed is not None and held is None:
                here = self.mixed
            if here != held:
                self.rows[prefix] = here
            self._walk(sorted(self.children.get(prefix, ())), here)
