"""What is out of the reach of many parcels, counted: the commonest code, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core.columns import any_of, both, negate

if TYPE_CHECKING:
    from collections.abc import Callable

    from xborder_cli.core.columns import BoolColumn, IntColumn, Mask
    from xborder_cli.core.phrases import Names

NO_CARD: Final = "no-rate-card"


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that is out, and why, in words made of a number of the parcel."""

    told: Callable[[int], str]
    number: IntColumn | int  # one a parcel of the tile


@dataclass(slots=True)
class Tally:
    """What is out of n parcels' reach: how much under each code, and what first."""

    n: int
    reasons: list[Reason] = field(default_factory=list)
    seen: dict[tuple[str, str, str], Mask] = field(default_factory=dict)  # mode, service, code
    counts: dict[str, IntColumn] = field(default_factory=dict)
    firsts: dict[str, IntColumn] = field(default_factory=dict)  # code -> number of its first reason

    def add(self, mode: str, service: str, code: str, rows: BoolColumn, reason: Reason) -> None:
        """Count a service that is out for some rows; a code counts once for each service."""
        key = (mode, service, code)
        fresh = both(rows, negate(self.seen.get(key, False)))
        if not any_of(fresh):
            return
        self.seen[key] = self.seen.get(key, False) | rows
        if code not in self.counts:
            self.counts[code] = np.zeros(self.n, dtype=np.int64)
            self.firsts[code] = np.full(self.n, -1, dtype=np.int64)
        count, first = self.counts[code], self.firsts[code]
        first[both(fresh, count == 0)] = len(self.reasons)
        count += fresh
        self.reasons.append(reason)

    def told(self, rows: IntColumn, codes: Names, words: Names) -> tuple[IntColumn, IntColumn]:
        """Return the numbers of the code and of the words of some rows."""
        k = rows.size
        total = np.zeros(k, dtype=np.int64)
        most = np.zeros(k, dtype=np.int64)
        first = np.full(k, len(self.reasons), dtype=np.int64)
        code = np.full(k, codes.number("no-option"), dtype=np.int64)
        for name, counted in self.counts.items():
            count, begin = counted[rows], self.firsts[name][rows]
            if name != NO_CARD:
                total += count
                # the code met first wins among equals
                better = (count > most) | ((count == most) & (count > 0) & (begin < first))
                most = np.where(better, count, most)
                first = np.where(better, begin, first)
                code = np.where(better, codes.number(name), code)
        if NO_CARD in self.counts:
            count, begin = self.counts[NO_CARD][rows], self.firsts[NO_CARD][rows]
            only = (total == 0) & (count > 0)
            first = np.where(only, begin, first)
            code = np.where(only, codes.number(NO_CARD), code)
            total += count
        word = np.zeros(k, dtype=np.int64)
        for one in np.flatnonzero(np.bincount(first)).tolist():
            at = np.flatnonzero(first == one)
            word[at] = self._told(one, rows[at], total[at], words)
        return code, word

    def _told(self, one: int, rows: IntColumn, total: IntColumn, words: Names) -> IntColumn:
        """Return the numbers of the words for some rows; each text is made once."""
        if one == len(self.reasons):
            return np.full(rows.size, words.number("no mode serves this lane"))
        reason = self.reasons[one]
        number = reason.number if isinstance(reason.number, int) else reason.number[rows]
        width = int(total.max()) + 1
        pairs, at = np.unique(number * width + total, return_inverse=True)
        texts = []
        for number_, count in (divmod(pair, width) for pair in pairs.tolist()):
            more = f"; {count - 1} more excluded" if count > 1 else ""
            texts.append(words.number(f"{reason.told(number_)}{more}"))
        return np.array(texts, dtype=np.int64)[at]
