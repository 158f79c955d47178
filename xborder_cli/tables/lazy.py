"""Mappings and sequences of which only what is asked for is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar, overload

V = TypeVar("V")


class Lazy(Mapping[str, V]):
    """A mapping that makes a value when somebody first asks for it."""

    def __init__(
        self,
        find: Callable[[str], V],
        names: Callable[[], Iterable[str]],
        beside: Callable[[str], Iterable[str]] | None = None,
    ) -> None:
        """Keep how to make the value of a key (KeyError: there is none), and how to list keys."""
        self._find = find
        self._names = names
        self._beside = beside
        self._made: dict[str, V] = {}

    def __getitem__(self, key: str) -> V:
        """Return a value, the same one each time."""
        if key not in self._made:
            self._made[key] = self._find(key)
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        """Yield all keys."""
        return iter(self._names())

    def __len__(self) -> int:
        """Return how many keys there are."""
        return sum(1 for _ in self._names())

    def beside(self, key: str) -> Iterable[str]:
        """Return the keys that are kept together with a key; all where nothing is kept together."""
        return self._names() if self._beside is None else self._beside(key)


class LazyTuple(Sequence[V]):
    """A tuple that makes a value when somebody first asks for it."""

    def __init__(self, find: Callable[[int], V], count: int) -> None:
        """Keep how to make the value at a place from 0, and how many there are."""
        self._find = find
        self._count = count
        self._made: dict[int, V] = {}

    @overload
    def __getitem__(self, at: int) -> V: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[V, ...]: ...

    def __getitem__(self, at: int | slice) -> V | tuple[V, ...]:
        """Return a value, the same one each time; some of them as a tuple."""
        if isinstance(at, slice):
            return tuple([self[place] for place in range(*at.indices(self._count))])
        place = at + self._count if at < 0 else at
        if not 0 <= place < self._count:
            raise IndexError(at)
        if place not in self._made:
            self._made[place] = self._find(place)
        return self._made[place]

    def __len__(self) -> int:
        """Return how many values there are."""
        return self._count

    def __eq__(self, other: object) -> bool:
        """Tell whether another one, or a tuple, holds the same values."""
        if not isinstance(other, (tuple, LazyTuple)):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    def __hash__(self) -> int:
        """Return what a tuple of these values has."""
        return hash(tuple(self))
