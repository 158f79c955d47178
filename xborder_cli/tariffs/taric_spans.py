"""Which of several duties of one code counts for which origin on which day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from xborder_cli.tariffs.duty_text import Duty, words

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from xborder_cli.core.rule import Day

_ALWAYS: Final = -(10**9)  # before any day
_NEVER: Final = 10**9
ANY: Final = ""  # the origin of what holds for every country


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A duty of one code: for whom, when, and what it gives way to."""

    row: int
    hs: str
    origins: tuple[str, ...]  # ("",): every country
    excluded: tuple[str, ...]  # of every country
    area: str
    rank: int
    since: Day | None
    until: Day | None
    duty: Duty
    note: str = ""

    def covers(self, origin: str) -> bool:
        """Tell whether goods of an origin fall under it."""
        if self.origins == (ANY,):
            return origin not in self.excluded
        return origin in self.origins


@dataclass(frozen=True, slots=True)
class Span:
    """What counts from one day to another, both included."""

    entry: Entry
    since: int
    until: int


def spans_of(entries: Sequence[Entry], origin: str, *, lowest: bool) -> list[Span]:
    """Return what counts for an origin, day by day, gaps left out.

    A named origin goes before every country, then the higher rank, then the later first day. Rates
    of one rank and day that differ are the lowest one where `lowest` (a claim may choose), else
    words: nothing tells which counts.
    """
    found = [entry for entry in entries if entry.covers(origin)]
    if len(found) == 1:
        return [Span(found[0], _first(found[0]), _last(found[0]))]
    turns = sorted({turn for entry in found for turn in (_first(entry), _last(entry) + 1)})
    spans: list[Span] = []
    for first, after in pairwise(turns):
        open_ones = [entry for entry in found if _first(entry) <= first < _last(entry) + 1]
        if not open_ones:
            continue
        best = _best(open_ones, lowest=lowest)
        if spans and spans[-1].until == first - 1 and _same(spans[-1].entry, best):
            spans[-1] = Span(spans[-1].entry, spans[-1].since, after - 1)
        else:
            spans.append(Span(best, first, after - 1))
    return spans


def days(span: Span) -> tuple[Day | None, Day | None]:
    """Return the first and the last day of a span; None where it has no end."""
    return (
        None if span.since == _ALWAYS else span.since,
        None if span.until == _NEVER else span.until,
    )


def by_origin(entries: Sequence[Entry]) -> dict[tuple[int, ...], list[str]]:
    """Return origins that the same entries (by their place) name or leave out, together.

    Every country is the origin "" and stands alone.
    """
    named: dict[str, list[int]] = defaultdict(list)
    for place, entry in enumerate(entries):
        for origin in (*entry.origins, *entry.excluded):
            named[origin].append(place)
    alike: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for origin in sorted(named):
        # -1 keeps every country apart from an origin that the same entries name
        places = tuple(named[origin]) if origin != ANY else (-1, *named[origin])
        alike[places].append(origin)
    return alike


def _first(entry: Entry) -> int:
    return _ALWAYS if entry.since is None else entry.since


def _last(entry: Entry) -> int:
    return _NEVER if entry.until is None else entry.until


def _best(entries: Sequence[Entry], *, lowest: bool) -> Entry:
    top = max(_weight(entry) for entry in entries)
    peers = [entry for entry in entries if _weight(entry) == top]
    latest: dict[str, Entry] = {}  # of each area: a later measure takes the place of an earlier one
    for entry in peers:
        before = latest.get(entry.area)
        if before is None or _first(entry) > _first(before):
            latest[entry.area] = entry
        elif _first(entry) == _first(before) and not _same(entry, before):
            latest[entry.area] = _either(before, entry, lowest=lowest)
    best, *others = latest.values()
    for other in others:
        if not _same(best, other):
            best = _either(best, other, lowest=lowest)
    return best


def _weight(entry: Entry) -> tuple[bool, int]:
    return entry.origins != (ANY,), entry.rank


def _same(one: Entry, other: Entry) -> bool:
    return one.duty.rate == other.duty.rate and one.note == other.note


def _either(one: Entry, other: Entry, *, lowest: bool) -> Entry:
    if lowest:
        shares = [_share(one.duty), _share(other.duty)]
        if None not in shares:
            return one if shares[0] <= shares[1] else other  # type: ignore[operator]
    printed = " or ".join(sorted({one.duty.printed, other.duty.printed}))
    duty = Duty(words(f"two rates at once: {printed}"), "two-rates", printed)
    return Entry(
        row=max(one.row, other.row),
        hs=one.hs,
        origins=one.origins,
        excluded=one.excluded,
        area=one.area,
        rank=one.rank,
        since=one.since,
        until=one.until,
        duty=duty,
    )


def _share(duty: Duty) -> float | None:
    """Return a plain percent; None for what cannot be compared without the goods."""
    if duty.form in ("free", "ad-valorem"):
        return float(duty.rate.removesuffix(" %"))
    return None


def outside(span: Span, taken: Iterable[Span]) -> list[Span]:
    """Return the parts of a span on days that nothing has taken yet."""
    parts = [span]
    for one in taken:
        rest: list[Span] = []
        for part in parts:
            if part.until < one.since or one.until < part.since:
                rest.append(part)
                continue
            if part.since < one.since:
                rest.append(Span(part.entry, part.since, one.since - 1))
            if one.until < part.until:
                rest.append(Span(part.entry, one.until + 1, part.until))
        parts = rest
    return parts


def inside(span: Span, other: Span) -> Span | None:
    """Return a span on the days of another; None when they share none."""
    since, until = max(span.since, other.since), min(span.until, other.until)
    return Span(span.entry, since, until) if since <= until else None


def prefixes(hs: str, among: Container[str]) -> list[str]:
    """Return the code itself and those above it, longest first.

    >>> prefixes("610910", {"61", "6109", "62"})
    ['6109', '61']
    """
    return [hs[:end] for end in range(len(hs), 0, -1) if hs[:end] in among]
