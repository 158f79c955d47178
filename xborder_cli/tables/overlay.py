"""Rows of a programme laid over those of the folders below: `others: kept`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from xborder_cli.core.rule import Day, ProgrammeRow

_OPEN: Final = 10**9  # a day after all others


def left_below(
    below: Sequence[ProgrammeRow], laid: Sequence[ProgrammeRow]
) -> tuple[ProgrammeRow, ...]:
    """Return what stays of rows on the days on which no row laid over them says anything.

    A row stands for its code and all longer ones, for its origin or for any, and where it has
    conditions for rows that have them too.

    Args:
        below: of the lower folders.
        laid: of the folder above.
    """
    by_code: dict[str, list[ProgrammeRow]] = defaultdict(list)
    for row in laid:
        by_code[row.hs].append(row)
    lengths = sorted({len(hs) for hs in by_code})
    spans = {place: _covered(row, by_code, lengths) for place, row in enumerate(below)}
    ends = _ends([row for place, row in enumerate(below) if spans[place]])
    found: list[ProgrammeRow] = []
    for place, row in enumerate(below):
        if spans[place]:
            found += _rest(row, ends[id(row)], spans[place])
        else:
            found.append(row)
    return tuple(found)


def _covered(
    row: ProgrammeRow, by_code: Mapping[str, Sequence[ProgrammeRow]], lengths: Sequence[int]
) -> list[tuple[Day, Day]]:
    """Return the spans of rows that are laid over one, oldest first."""
    return sorted(
        (one.since, _OPEN if one.until is None else one.until)
        for length in lengths
        if length <= len(row.hs)
        for one in by_code.get(row.hs[:length], ())
        if one.origin in ("", row.origin)
        and one.key in ("", row.key)
        and all(test in row.when for test in one.when)
    )


def _ends(rows: Sequence[ProgrammeRow]) -> dict[int, Day]:
    """Return the last day of each row: one without an end holds up to the next of its kind."""
    groups: dict[tuple[object, ...], list[ProgrammeRow]] = defaultdict(list)
    for row in rows:
        groups[row.hs, row.origin, row.key, row.when].append(row)
    ends: dict[int, Day] = {}
    for group in groups.values():
        group.sort(key=lambda row: row.since)
        for row, after in pairwise(group):
            ends[id(row)] = after.since - 1 if row.until is None else row.until
        ends[id(group[-1])] = _OPEN if group[-1].until is None else group[-1].until
    return ends


def _rest(row: ProgrammeRow, end: Day, spans: Sequence[tuple[Day, Day]]) -> Iterator[ProgrammeRow]:
    """Yield a row for each stretch of its days that no span has."""
    since = row.since
    for first, last in spans:
        if first > end:
            break
        if since < first:
            yield replace(row, since=since, until=first - 1)
        since = max(since, last + 1)
    if since <= end:
        yield replace(row, since=since, until=None if end == _OPEN else end)
