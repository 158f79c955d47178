"""Orders whose rows do not stand together in a file.

A first reading of the ids alone keeps 8 bytes for each run of rows with one id; an id that has
several runs is scattered, and 9 bytes of it stay. If there is any, a second reading puts the rows
of its later runs to a temporary file, 21 bytes of index a row, from where they come back when the
first row of their order is read. So memory grows by 16 bytes an order while ids are sorted, which
is 160 MB for 10 million; after that by 21 bytes for each row that stands apart, and by 8 an order
where some rows have no id and must be named as no order is.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xborder_cli.batch.cells import strings
from xborder_cli.batch.fingerprint import Fingerprints, fingerprints, found_in
from xborder_cli.batch.grouping import Gathered, Reads, Run, whole_runs
from xborder_cli.batch.records import joined_rows
from xborder_cli.errors import OrderError, Problem, Where

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xborder_cli.batch.records import Rows
    from xborder_cli.core.columns import BoolColumn, IntColumn


class Parses(Protocol):
    """Reads rows from their text."""

    def parse(self, text: bytes, line: int, *, final: bool) -> Rows:
        """Return the rows of a text."""


class Scatter:
    """Rows that stand apart from the first ones of their order."""

    def __init__(
        self, again: Callable[[bool], Reads], form: Parses, order_id: str, path: str, size: int
    ) -> None:
        """Read the ids of an input, and put away the rows that stand apart.

        Args:
            again: reads the input from its beginning, its ids alone or what rows are made of.
            form: of what `Rows.text` holds.
            order_id: heading that names orders.
            path: for messages.
            size: bytes to read at a time.
        """
        self.form = form
        self.order_id = order_id
        self.path = path
        self.rows, runs, unnamed = _first_reading(again(False), order_id, size)
        self.keys: Fingerprints = np.unique(runs[1:][runs[1:] == runs[:-1]])
        self._all = (
            runs if unnamed else runs[:0].copy()
        )  # rows without an id are named as none of these
        self._met = np.zeros(self.keys.size, bool)
        self._broken: dict[int, str] = {}
        self._line = np.empty(0, np.int64)  # of each row that stands apart
        self._first = np.empty(0, np.int64)  # shape (keys + 1,): where the rows of a key begin
        if self.keys.size:
            self._put_away(_ids(again(True), order_id, size))

    def together(self) -> float:
        """Return the share of rows that stand with the first ones of their order."""
        return 1 - self._line.size / max(1, self.rows)

    def taken(self, name: str) -> bool:
        """Tell whether an order of the input has such a name."""
        return bool(found_in(self._all, fingerprints(strings([name])))[0] >= 0)

    def gather(self, found: Run) -> Gathered:
        """Return the orders that begin among some rows, each with all of its rows."""
        rows, begins, ids = found
        if not self.keys.size:
            return Gathered(rows, begins, rows.raw)
        starts, keys, later = _met_before(begins, ids, self.keys, self._met)
        if not keys.size:
            return Gathered(rows, begins, rows.raw)
        run = np.cumsum(begins) - 1
        gone = np.zeros(run[-1] + 1, bool)
        gone[run[starts[later]]] = True
        own = np.flatnonzero(~gone[run])
        if not own.size:
            return Gathered(rows.first(0), begins[:0], rows.raw)
        keys, runs = keys[~later], run[starts[~later]]
        first = self._first[keys]
        counts = self._first[keys + 1] - first
        apart = np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        extra = self._brought(apart)
        order_of = np.concatenate([run[own], np.repeat(runs, counts)])
        whole = joined_rows([rows.take(own), extra])
        # two ids may share a fingerprint, once in a million files: their rows come one after other
        names = whole.cells[self.order_id].dictionary_encode().indices
        name = pc.fill_null(names, -1).to_numpy(zero_copy_only=False)
        order = np.lexsort((name, order_of))
        whole, order_of, name = whole.take(order), order_of[order], name[order]
        whole_begins = np.ones(order.size, bool)
        whole_begins[1:] = (order_of[1:] != order_of[:-1]) | (name[1:] != name[:-1])

        def raw(row: int) -> str:
            place = int(order[row])
            return rows.raw(int(own[place])) if place < own.size else extra.raw(place - own.size)

        return Gathered(whole, whole_begins, raw)

    def _put_away(self, readings: Iterator[Run]) -> None:
        """Read the input once more, and keep the rows of later runs in a temporary file."""
        met = np.zeros(self.keys.size, bool)
        none = np.empty(0, np.int64)
        keys, sizes, lines = [none], [none], [none]
        broken: dict[int, str] = {}
        count = 0
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  # kept while orders are read
        for rows, begins, ids in readings:
            starts, found, later = _met_before(begins, ids, self.keys, met)
            run = np.cumsum(begins) - 1
            key_of_run = np.full(run[-1] + 1, -1)
            key_of_run[run[starts[later]]] = found[later]
            key = key_of_run[run]
            places = np.flatnonzero(key >= 0)
            texts = rows.records(places)
            self._write(b"".join(texts))
            keys.append(key[places])
            sizes.append(np.fromiter(map(len, texts), np.int64, len(texts)))
            lines.append(rows.line[places])
            if rows.broken:
                at_of = {place: at for at, place in enumerate(places.tolist(), count)}
                broken |= {at_of[row]: words for row, words in rows.broken.items() if row in at_of}
            count += places.size
        key, size = np.concatenate(keys), np.concatenate(sizes)
        order = np.argsort(key, kind="stable")
        self._first = np.searchsorted(key[order], np.arange(self.keys.size + 1))
        self._at, self._size = (np.cumsum(size) - size)[order], size[order].astype(np.int32)
        self._line = np.concatenate(lines)[order]
        if broken:
            place_of = np.argsort(order)
            self._broken = {int(place_of[one]): words for one, words in broken.items()}

    def _write(self, text: bytes) -> None:
        try:
            self._file.write(text)
            self._file.flush()
        except OSError as error:
            raise OrderError(
                Problem(
                    code="no-room",
                    where=Where(self.path),
                    what=f"rows of one order stand apart, and cannot be kept: {error.strerror}",
                    fix=f"make room in {tempfile.gettempdir()}, name another folder by TMPDIR,"
                    " or sort the file by its orders",
                )
            ) from None

    def _brought(self, places: IntColumn) -> Rows:
        """Return rows that were put away; the broken ones are read alone, as they were."""
        file = self._file.fileno()
        texts = [
            os.pread(file, size, at)
            for at, size in zip(self._at[places].tolist(), self._size[places].tolist(), strict=True)
        ]
        whole = b"".join(texts)
        bad = [row for row, place in enumerate(places.tolist()) if place in self._broken]
        parts: list[Rows] = []
        done = 0
        for row in [*bad, len(texts)]:
            sound = texts[done:row]
            parts.append(self.form.parse(b"".join(sound) if bad else whole, 1, final=True))
            assert len(parts[-1]) == len(sound), "rows that were put away come back"
            if row < len(texts):
                parts.append(self.form.parse(texts[row], 1, final=True).first(1))
            done = row + 1
        stops = np.cumsum(self._size[places], dtype=np.int64)
        return replace(
            joined_rows(parts),
            line=self._line[places],
            broken={row: self._broken[int(places[row])] for row in bad},
            text=whole,
            start=stops - self._size[places],
            end=stops,
        )


def _ids(reads: Reads, order_id: str, size: int) -> Iterator[Run]:
    """Yield rows with their ids until the input ends, or cannot be read."""
    try:
        yield from whole_runs(reads, order_id, size)
    except OrderError:
        return  # told again when the orders themselves are read


def _first_reading(reads: Reads, order_id: str, size: int) -> tuple[int, Fingerprints, bool]:
    """Return the number of rows, sorted fingerprints of runs, whether some rows have no id.

    A run may be found in two: what follows takes only rows that do stand apart.
    """
    runs: list[Fingerprints] = [np.empty(0, np.uint64)]
    count, unnamed = 0, False
    last: np.uint64 | None = None  # id of the row before; none of the first, or where it has none
    try:
        while (found := reads.keys(order_id, size)) is not None:
            keys, named = found
            if not keys.size:
                continue
            begins = np.ones(keys.size, bool)
            begins[1:] = (keys[1:] != keys[:-1]) | ~named[:-1]
            begins[0] = last is None or keys[0] != last
            runs.append(keys[begins & named])
            count += keys.size
            unnamed = unnamed or not named.all()
            last = keys[-1] if named[-1] else None
    except OrderError:
        pass  # told again when the orders themselves are read
    found_runs: Fingerprints = np.concatenate(runs)
    found_runs.sort()  # in place: there may be millions
    return count, found_runs, unnamed


def _met_before(
    begins: BoolColumn, ids: pa.Array, scattered: Fingerprints, met: BoolColumn
) -> tuple[IntColumn, IntColumn, BoolColumn]:
    """Return first rows of runs of scattered orders, their keys, and whether they are later runs.

    Orders that are met for the first time are marked in `met`.
    """
    starts = np.flatnonzero(begins)
    names = ids.take(pa.array(starts))
    key = found_in(scattered, fingerprints(names))
    key[names.is_null().to_numpy(zero_copy_only=False)] = -1
    starts, key = starts[key >= 0], key[key >= 0]
    later = met[key]
    _, first = np.unique(key, return_index=True)
    again = np.ones(key.size, bool)
    again[first] = False
    met[key] = True
    return starts, key.astype(np.int64), later | again
