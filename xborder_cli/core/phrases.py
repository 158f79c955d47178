"""Words about many rows: rows of whom the same is to be said share their text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.columns import IntColumn, Mask

SAID_MOST: Final = 4096  # kinds of rows before they are numbered anew


@dataclass(slots=True)
class Phrases:
    """What is said about each of n rows, piece by piece."""

    n: int
    code: IntColumn | None = None  # into `said`; None: the same about every row
    said: list[tuple[str, ...]] = field(default_factory=lambda: [()])

    def say(self, mask: Mask, words: str) -> None:
        """Say something about the rows where the mask holds."""
        if mask is False:
            return
        if mask is True:
            self.said = [(*one, words) for one in self.said]
        else:
            self.say_each(("", words), mask.astype(np.int64))

    def say_each(self, texts: Sequence[str], codes: IntColumn | None) -> None:
        """Say to each row its own of some texts; "" is nothing.

        Args:
            texts: any number.
            codes: shape (n,): which text; None: the first, to all.
        """
        if codes is None:
            if texts[0]:
                self.say(True, texts[0])
            return
        width = len(texts)
        code = codes if self.code is None else self.code * width + codes
        size = len(self.said) * width
        if size <= SAID_MOST:
            seen = np.zeros(size, dtype=bool)
            seen[code] = True
            present = np.flatnonzero(seen)
            code = (np.cumsum(seen) - 1)[code]
        else:
            present, code = np.unique(code, return_inverse=True)
        self.code = code
        self.said = [
            (*self.said[one // width], *((texts[one % width],) if texts[one % width] else ()))
            for one in present.tolist()
        ]

    def joined(self, by: str = "; ", *, once: bool = True) -> list[str]:
        """Return the texts that rows share; what is the same is said `once`."""
        return [by.join(dict.fromkeys(one) if once else one) for one in self.said]


@dataclass(slots=True)
class Names:
    """Texts numbered as they come up, for a column of codes."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, text: str) -> int:
        """Return the code of a text."""
        return self.numbers.setdefault(text, len(self.numbers))

    def codes(self, texts: Sequence[str], codes: IntColumn | None) -> int | IntColumn:
        """Return codes into these names for codes into some texts."""
        if codes is None:
            return self.number(texts[0])
        return np.array([self.number(text) for text in texts], dtype=np.int64)[codes]
