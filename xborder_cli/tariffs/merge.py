"""A newer revision laid on a kept table: what changed ends the day before, the rest goes on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from xborder_cli.tariffs.lines import end_of, gathered, same_rate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from xborder_cli.core.rule import Day
    from xborder_cli.tariffs.kept import KeptRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one code, origin and claim of a programme has from now on, and had before."""

    kind: str  # added, changed, removed
    programme: str
    hs: str
    origins: tuple[str, ...]
    claim: str
    before: str  # rates as printed in tables, those to come behind a semicolon; empty: none
    after: str
    since: Day  # the first day on which it differs


@dataclass(slots=True)
class Merged:
    """The rows after an import, and what it changed."""

    rows: list[KeptRow] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    ran: int = 0  # codes with origin and claim that had a rate from the day on


def merge(
    old: Sequence[KeptRow], new: Sequence[KeptRow], day: Day, programme: str, source: str
) -> Merged:
    """Return what holds when `new` says all there is from a day on, rows in their places.

    Args:
        old: rows kept before, none of them twice for an origin and a day.
        new: rows of the newer revision, none of which begins before `day`.
        day: the first day of the revision.
        programme: id, for the changes.
        source: id of the revision that the old rows came from last; those that end name it.
    """
    merged = Merged()
    before, after = _grouped(old), _grouped(new)
    for key in sorted(before.keys() | after.keys()):
        olds, news = before.get(key, {}), after.get(key, {})
        if _usual(olds, news, day, programme, merged):
            continue
        # groups of origins that differ are compared origin by origin, then put together again
        apart = olds.keys() != news.keys() and bool(olds) and bool(news)
        if apart:
            olds, news = _by_origin(olds), _by_origin(news)
        rows: list[KeptRow] = []
        changes: list[Change] = []
        for origins in sorted(olds.keys() | news.keys()):
            was, now = olds.get(origins, []), news.get(origins, [])
            rows += _history(was, now, day, source)
            change = _change(was, now, day, programme)
            if change is not None:
                changes.append(change)
            elif now:
                merged.unchanged += 1
            merged.ran += any(end_of(row) >= day for row in was)
        merged.rows += gathered(rows) if apart else rows
        merged.changes += _told_together(changes) if apart else changes
    merged.rows.sort(key=lambda row: row.place)
    return merged


def _usual(olds: ByOrigins, news: ByOrigins, day: Day, programme: str, merged: Merged) -> bool:
    """Add what becomes of one new row, or of one that goes on; tell whether it is as plain as that.

    Nearly every code is: the whole comparison below says the same of them, and takes longer.
    """
    if len(news) != 1 or len(olds) > 1:
        return False
    [(origins, rows)] = news.items()
    if len(rows) != 1:
        return False
    [now] = rows
    if not olds:
        merged.rows.append(now)
        merged.changes.append(
            Change(
                kind="added",
                programme=programme,
                hs=now.hs,
                origins=now.origins,
                claim=now.claim,
                before="",
                after=now.rate,
                since=now.since,
            )
        )
        return True
    was = olds.get(origins, [])
    if len(was) != 1 or now.since != day:
        return False
    [old] = was
    if (old.rate, old.until) != (now.rate, now.until) or old.since > day:
        return False
    same = (old.note, old.source) == (now.note, now.source)
    merged.rows.append(old if same else replace(now, since=old.since))
    merged.unchanged += 1
    merged.ran += 1
    return True


Key = tuple[str, str]
ByOrigins = dict[tuple[str, ...], list["KeptRow"]]


def _grouped(rows: Iterable[KeptRow]) -> dict[Key, ByOrigins]:
    found: dict[Key, ByOrigins] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[row.hs, row.claim][row.origins].append(row)
    return found


def _by_origin(groups: ByOrigins) -> ByOrigins:
    found: ByOrigins = defaultdict(list)
    for origins, rows in groups.items():
        for row in rows:
            for origin in origins or ("",):
                named = (origin,) if origin else ()
                found[named].append(replace(row, origins=named))
    return found


def _history(
    was: Sequence[KeptRow], now: Sequence[KeptRow], day: Day, source: str
) -> Iterator[KeptRow]:
    """Yield the rows of one code, origin and claim, oldest first."""
    past = []
    for row in sorted(was, key=lambda row: row.since):
        if row.since >= day:
            continue  # what was said of days that the newer revision speaks of
        if end_of(row) >= day:
            row = replace(row, until=day - 1)
        past.append(row)
    coming: list[KeptRow] = []
    for row in sorted(now, key=lambda row: row.since):
        before = coming or past
        if before and before[-1].until == row.since - 1 and same_rate(before[-1].rate, row.rate):
            coming.append(replace(row, since=before.pop().since))
        else:
            coming.append(row)
    for row in past:
        yield row if row.source else replace(row, source=source)
    yield from coming


def _change(
    was: Sequence[KeptRow], now: Sequence[KeptRow], day: Day, programme: str
) -> Change | None:
    """Return how the days from the first one on differ, None when they do not."""
    first = _parting(_spans(was, day), _spans(now, day))
    if first is None:
        return None
    row = (now or was)[0]
    kind = "removed" if not _spans(now, day) else "changed" if _spans(was, day) else "added"
    return Change(
        kind=kind,
        programme=programme,
        hs=row.hs,
        origins=row.origins,
        claim=row.claim,
        before="; ".join(span[2] for span in _spans(was, first)),
        after="; ".join(span[2] for span in _spans(now, first)),
        since=first,
    )


Span = tuple[int, int, str]  # first day, last day, rate


def _parting(old: Sequence[Span], new: Sequence[Span]) -> Day | None:
    """Return the first day on which the rates differ, None when there is none."""
    for one, other in zip_longest(old, new):
        if one is None or other is None:
            return int((one or other)[0])
        if one[0] != other[0]:
            return min(one[0], other[0])
        if not same_rate(one[2], other[2]):
            return one[0]
        if one[1] != other[1]:
            return min(one[1], other[1]) + 1
    return None


def _spans(rows: Sequence[KeptRow], day: Day) -> list[Span]:
    """Return what holds from a day on; equal neighbours are one."""
    found: list[Span] = []
    for row in sorted(rows, key=lambda row: row.since):
        if end_of(row) < day:
            continue
        span = (max(row.since, day), end_of(row), row.rate)
        if found and found[-1][1] == span[0] - 1 and same_rate(found[-1][2], span[2]):
            span = (found[-1][0], span[1], found.pop()[2])
        found.append(span)
    return found


def _told_together(changes: Iterable[Change]) -> list[Change]:
    """Return changes with those that differ in nothing but the origin told as one."""
    found: dict[tuple[Change, bool], list[str]] = {}
    for change in changes:
        found.setdefault((replace(change, origins=()), not change.origins), []).extend(
            change.origins
        )
    return [replace(change, origins=tuple(origins)) for (change, _), origins in found.items()]
