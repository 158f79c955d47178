"""Orders of a pipe: it is read once, so rows of one order must stand together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xborder_cli.batch.cells import strings
from xborder_cli.batch.fingerprint import Fingerprints, fingerprints, found_in
from xborder_cli.batch.grouping import AGAIN, Gathered, by_line

if TYPE_CHECKING:
    from xborder_cli.batch.grouping import Run
    from xborder_cli.core.columns import IntColumn


class Ended:
    """Orders that have ended, and at which line: 16 bytes an order, sorted, in ever longer runs."""

    def __init__(self) -> None:
        """Begin with none."""
        self._runs: list[tuple[Fingerprints, IntColumn]] = []

    def lines(self, asked: Fingerprints) -> IntColumn:
        """Return the line at which each order ended, 0 where it is new."""
        found = np.zeros(asked.size, np.int64)
        order = np.argsort(asked)  # neighbours are looked up faster
        for known, lines in self._runs:
            at = found_in(known, asked[order])
            hit = at >= 0
            found[order[hit]] = lines[at[hit]]
        return found

    def add(self, ended: Fingerprints, lines: IntColumn) -> None:
        """Keep orders that were not known; runs double, so that there are few."""
        order = np.argsort(ended)
        ended, lines = ended[order], lines[order]
        while self._runs and self._runs[-1][0].size < 2 * ended.size:
            more, their_lines = self._runs.pop()
            ended, lines = np.concatenate([more, ended]), np.concatenate([their_lines, lines])
            order = np.argsort(ended, kind="stable")
            ended, lines = ended[order], lines[order]
        self._runs.append((ended, lines))


class Pipe:
    """Breaks rows of an order that had ended before."""

    def __init__(self) -> None:
        """Begin with no order."""
        self.ended = Ended()

    def taken(self, name: str) -> bool:
        """Tell whether an order has had such a name."""
        return bool(self.ended.lines(fingerprints(strings([name])))[0])

    def gather(self, found: Run) -> Gathered:
        """Return the rows, those that come too late broken; orders are named in their order."""
        rows, begins, ids = found
        starts = np.flatnonzero(begins)
        stops = np.append(starts[1:], len(rows)) - 1
        names = ids if starts.size == len(ids) else ids.take(pa.array(starts))
        nameless = names.is_null().to_numpy(zero_copy_only=False)
        if nameless.any():
            given = [by_line(line) for line in rows.line[starts[nameless]].tolist()]
            names = pc.replace_with_mask(names, pa.array(nameless), strings(given))
        keys = fingerprints(names)
        late = self.ended.lines(keys)
        first, which = _first_of(keys)
        if (again := nameless & (late | (first[which] != np.arange(keys.size))).astype(bool)).any():
            names = self._renamed(names, keys, np.flatnonzero(again))
            keys = fingerprints(names)
            late = self.ended.lines(keys)
            first, which = _first_of(keys)
        new = first[late[first] == 0]
        last_line = rows.line[stops]
        self.ended.add(keys[new], last_line[new])
        ended = np.where(late > 0, late, last_line[first[which]])
        for run in np.flatnonzero((late > 0) | (first[which] != np.arange(keys.size))).tolist():
            words = (
                f"order {names[run].as_py()} ended at line {int(ended[run])}: rows of one order"
                " must stand together in a pipe; save it to a file"
            )
            for row in range(int(starts[run]), int(stops[run]) + 1):
                rows.broken.setdefault(row, words)
        return Gathered(rows, begins, rows.raw, names)

    def _renamed(self, names: pa.Array, keys: Fingerprints, runs: IntColumn) -> pa.Array:
        """Return names, those of some runs changed until no order before is named so."""
        texts = names.to_pylist()
        keys = keys.copy()
        for run in runs.tolist():
            while True:
                texts[run] += AGAIN
                keys[run : run + 1] = fingerprints(strings([texts[run]]))
                if not self.taken(texts[run]) and not (keys[:run] == keys[run]).any():
                    break
        return strings(texts)


def _first_of(keys: Fingerprints) -> tuple[IntColumn, IntColumn]:
    """Return where each different key is first met, and which of these each key is."""
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    return first.astype(np.int64), which.astype(np.int64)
