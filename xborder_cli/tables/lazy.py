"""A mapping of which only what is asked for is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

V = TypeVar("V")


class Lazy(Mapping[str, V]):
    """A mapping that makes a value when somebody first asks for it."""

    def __init__(self, find: Callable[[str], V], names: Callable[[], Iterable[str]]) -> None:
        """Keep how to make the value of a key (KeyError: there is none), and how to list keys."""
        self._find = find
        self._names = names
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
