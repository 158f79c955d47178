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


class Codes:
    """A set of codes as a tree of prefixes, from chapters down."""

    def __init__(self, codes: Iterable[str]) -> None:
        """Keep the prefixes in order, each before those below it."""
        below: dict[str, set[str]] = {"": set()}
        for code in codes:
            for end in range(SHORTEST, len(code) + 1, 2):
                above = code[: end - 2] if end > SHORTEST else ""
                below.setdefault(above, set()).add(code[:end])
                below.setdefault(code[:end], set())
        self.below = {prefix: sorted(longer) for prefix, longer in below.items()}
        self.deepest_first = sorted(self.below, key=len, reverse=True)


class Mixed:
    """Stands for a prefix below which values differ."""


_MIXED = Mixed()
Common = dict[str, "T | AnyValue | Mixed | None"]  # what all codes below a prefix have


def commons(
    codes: Codes,
    values: Mapping[str, T | AnyValue | None],
    usual: Common[T] | None = None,
    changed: Iterable[str] = (),
) -> Common[T]:
    """Return what all codes below each prefix have in common: ANY where it does not matter.

    Args:
        codes: all codes of `values`.
        values: by code.
        usual: what is common where the values are the usual ones.
        changed: the codes at which they are not: the prefixes above these alone are gone through.
    """
    common: Common[T] = dict(usual or {})
    prefixes: Iterable[str] = codes.deepest_first
    if usual is not None:
        above = {code[:end] for code in changed for end in range(SHORTEST, len(code) + 1, 2)}
        prefixes = sorted(above, key=len, reverse=True)
    for prefix in prefixes:
        common[prefix] = _common(values.get(prefix, ANY), codes.below[prefix], common)
    return common


def _common(
    own: T | AnyValue | None, longer: Iterable[str], common: Common[T]
) -> T | AnyValue | Mixed | None:
    found: T | AnyValue | Mixed | None = own
    for code in longer:
        one = common[code]
        if one is ANY or one == found:
            continue
        if found is not ANY:
            return _MIXED
        found = one
    return found


def fewest(
    codes: Codes,
    values: Mapping[str, T | AnyValue | None],
    mixed: T | None = None,
    common: Common[T] | None = None,
) -> dict[str, T | None]:
    """Return rows at prefixes below which all values agree, as short as can be.

    Args:
        codes: all codes of `values`, and maybe others, at which it does not matter.
        values: by code; None where no row may hold, ANY where it does not matter.
        mixed: what stands at the shortest prefixes below which values differ, when anything must.
        common: what `commons` says of these values, where somebody knows.

    Returns:
        A row of None undoes a shorter one: the caller says how.

    >>> values = {"61091000": 7, "61099010": 7, "62011100": ANY, "64029940": 7, "64031900": 25}
    >>> fewest(Codes(values), values)
    {'61': 7, '6402': 7, '6403': 25}
    """
    return _Fewest(codes, values, mixed, commons(codes, values) if common is None else common).rows


class _Fewest(Generic[T]):
    def __init__(
        self,
        codes: Codes,
        values: Mapping[str, T | AnyValue | None],
        mixed: T | None,
        common: Common[T],
    ) -> None:
        self.codes = codes
        self.values = values
        self.mixed = mixed
        self.rows: dict[str, T | None] = {}
        self.common = common
        self._walk("", None)

    def _walk(self, above: str, held: T | None) -> None:
        for prefix in self.codes.below[above]:
            common = self.common[prefix]
            if common is ANY or common == held:
                continue
            if not isinstance(common, (Mixed, AnyValue)):
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
