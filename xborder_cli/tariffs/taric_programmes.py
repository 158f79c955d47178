"""Duties of many codes -> lines of programmes: one rate for each code, origin and day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from xborder_cli.tariffs.duty_text import Duty, plus, words
from xborder_cli.tariffs.line import Line
from xborder_cli.tariffs.taric_areas import shortened
from xborder_cli.tariffs.taric_data import programme_parts
from xborder_cli.tariffs.taric_spans import (
    ANY,
    Entry,
    Span,
    by_origin,
    days,
    inside,
    outside,
    prefixes,
    spans_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

CLAIMED: Final = "preference"  # the programme whose rates an importer must claim, and the claim
ADDED: Final = "antidumping"  # the programme whose parts add up

Codes = dict[str, list[Entry]]  # HS digits -> the duties printed for it


def plain_lines(programme: str, codes: Codes) -> Iterator[Line]:
    """Yield the lines of a programme in which one rate counts at a time."""
    claim = CLAIMED if programme == CLAIMED else ""
    for hs in sorted(codes):
        found: dict[tuple[Entry, int, int], list[str]] = defaultdict(list)
        for span, origins in _counted(hs, codes, lowest=bool(claim)):
            found[span.entry, span.since, span.until].extend(origins)
        for (entry, since, until), origins in found.items():
            yield _line(programme, hs, entry, Span(entry, since, until), origins, claim)


def _counted(hs: str, codes: Codes, *, lowest: bool) -> Iterator[tuple[Span, list[str]]]:
    """Yield what counts at a code, with the origins it counts for."""
    entries = codes[hs]
    if len(entries) == 1 and not entries[0].excluded:
        yield spans_of(entries, entries[0].origins[0], lowest=lowest)[0], list(entries[0].origins)
        return
    every = spans_of(entries, ANY, lowest=lowest)
    for origins in by_origin(entries).values():
        own = spans_of(entries, origins[0], lowest=lowest)
        for span in own:
            if origins == [ANY] or span not in every:
                yield span, origins
        for hole in _holes(every, own, origins[0]):
            for origin in origins:
                for span in _elsewhere(hole, hs, codes, origin, lowest=lowest):
                    yield span, [origin]


def _holes(every: list[Span], own: list[Span], origin: str) -> list[Span]:
    """Return the days on which a rate for every country leaves an origin out, and it has none."""
    left = [span for span in every if origin in span.entry.excluded]
    return [hole for span in left for hole in outside(span, own)]


def _elsewhere(hole: Span, hs: str, codes: Codes, origin: str, *, lowest: bool) -> Iterator[Span]:
    """Yield the rate above a code for an origin that its rate leaves out, else that nothing tells.

    Without it the row for every country would be found for that origin too.
    """
    taken: list[Span] = []
    for above in prefixes(hs[:-1], codes):
        for span in spans_of(codes[above], origin, lowest=lowest):
            if found := inside(span, hole):
                taken.extend(outside(found, taken))
    yield from taken
    text = f"{hole.entry.duty.printed}, not for goods of {origin}; no other rate found"
    duty = Duty(words(text), "left-out", hole.entry.duty.printed)
    for rest in outside(hole, taken):
        yield Span(_with(rest.entry, duty, hs), rest.since, rest.until)


def added_lines(programme: str, parts: dict[str, Codes]) -> Iterator[Line]:
    """Yield the lines of a programme whose parts are due together: dumping, subsidy, safeguard.

    A row of a table takes the place of the rows above it, so a code that has one part carries the
    others of the codes above it too.
    """
    parts = {part: parts[part] for part in programme_parts() if part in parts}
    for hs in sorted({hs for codes in parts.values() for hs in codes}):
        above = [
            entry
            for codes in parts.values()
            for code in prefixes(hs, codes)
            for entry in codes[code]
        ]
        every = list(_sums(hs, parts, ANY, []))
        found: dict[tuple[str, str, str, int, int], tuple[Entry, list[str]]] = {}
        for origin in sorted({origin for group in by_origin(above).values() for origin in group}):
            own = every if origin == ANY else _sums(hs, parts, origin, every)
            for span in own:
                duty = span.entry.duty
                if origin != ANY and any(_tells(row, span) for row in every):
                    continue
                key = (duty.rate, duty.printed, span.entry.note, span.since, span.until)
                found.setdefault(key, (span.entry, []))[1].append(origin)
        for (*_, since, until), (entry, origins) in found.items():
            named = [origin for origin in origins if origin != ANY]
            for some in ([ANY],) * (ANY in origins) + (named,) * bool(named):
                yield _line(programme, hs, entry, Span(entry, since, until), some, "")


def _tells(row: Span, span: Span) -> bool:
    """Tell whether a row for every country says the same on all days of a span."""
    within = row.since <= span.since and span.until <= row.until
    return within and row.entry.duty.rate == span.entry.duty.rate


def _sums(hs: str, parts: dict[str, Codes], origin: str, every: list[Span]) -> Iterator[Span]:
    """Yield what is due at a code for an origin, on days on which the code has a part.

    On days with a row for every country too: without one of its own the origin would be found
    under it, also where it is left out and nothing is due.
    """
    each = [(part, _first_found(hs, codes, origin)) for part, codes in parts.items()]
    both = [span for _, spans in each for span in spans]
    turns = sorted({turn for span in (*both, *every) for turn in (span.since, span.until + 1)})
    for first, after in pairwise(turns):
        due = [
            (part, span.entry)
            for part, spans in each
            for span in spans
            if span.since <= first <= span.until
        ]
        row = next((span for span in every if span.since <= first <= span.until), None)
        if row is None and not any(entry.hs == hs for _, entry in due):
            continue
        if due:
            entry = due[0][1]
            for _, more in due[1:]:
                note = _together([part for part, _ in due])
                entry = _with(entry, plus(entry.duty, more.duty), hs, note)
        elif row is not None:
            duty = Duty("0 %", "left-out", f"{row.entry.duty.printed}, not for {origin}")
            entry = _with(row.entry, duty, hs, "left out of the duty on every country")
        yield Span(entry, first, after - 1)


def _together(parts: list[str]) -> str:
    """Return what a note says of duties that are due together.

    >>> _together(["dumping", "subsidy"])
    'anti-dumping and countervailing duty together'
    """
    known = [programme_parts()[part] for part in parts]
    *first, last = [part.name for part in known]
    cautions = [part.caution for part in known if part.caution]
    return "; ".join([f"{', '.join(first)} and {last} duty together", *cautions])


def _first_found(hs: str, codes: Codes, origin: str) -> list[Span]:
    """Return the spans of a code, and of those above it on the days that it leaves open."""
    spans: list[Span] = []
    for above in prefixes(hs, codes):
        for span in spans_of(codes[above], origin, lowest=False):
            spans.extend(outside(span, spans))
    return spans


def _with(entry: Entry, duty: Duty, hs: str, note: str = "") -> Entry:
    return replace(entry, hs=hs, duty=duty, note=note or entry.note)


def _line(
    programme: str, hs: str, entry: Entry, span: Span, origins: list[str], claim: str
) -> Line:
    since, until = days(span)
    notes = [note for note in (entry.note, entry.duty.note) if note]
    return Line(
        hs=hs,
        programme=programme,
        rate=entry.duty.rate,
        printed=entry.duty.printed,
        row=entry.row,
        origins=shortened(origin for origin in origins if origin != ANY),
        claim=claim,
        since=since,
        until=until,
        note="; ".join(notes),
    )
