"""Lines of a read tariff to rows of a programme: a code, origin and claim has one rate a day."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import lru_cache
from textwrap import shorten
from typing import TYPE_CHECKING, Final

from xborder_cli.tables.terms import parse_terms
from xborder_cli.tariffs.kept import KeptRow
from xborder_cli.tariffs.line import IN_WORDS, Unread
from xborder_cli.tariffs.write import cell_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from xborder_cli.core.rule import Day
    from xborder_cli.tariffs.line import Line

FOREVER: Final = 10**9  # an end for comparing; open rows have none
_PERCENT = re.compile(r"([1-9]\d*)(?:\.\d+)? ?%")  # its whole number
WORDS: Final = 60  # signs of a description
UNTOLD: Final = "not told"  # words of a rate that has none
TORN: Final = "two-rates"  # of one code at once: kept in words


@dataclass(slots=True)
class Made:
    """Rows of a programme, and what of its lines went another way."""

    rows: list[KeptRow] = field(default_factory=list)
    torn: list[Unread] = field(default_factory=list)  # two rates at once: kept in words
    torn_lines: set[int] = field(default_factory=set)  # identities of those lines
    ended: int = 0  # lines whose last day is before the first day that counts


def rows_of(
    lines: Iterable[Line],
    day: Day,
    unions: Mapping[str, Sequence[str]],
    *,
    dated: bool = False,
    words: Mapping[str, str] | None = None,
) -> Made:
    """Return the rows that lines make from a day on.

    Args:
        lines: of one programme.
        day: from which the file holds; rows that it says began earlier begin here.
        unions: members by the name of a union, that origins may name.
        dated: the lines tell a history of their own: nothing is cut, and `day` is only for
            those without a first day.
        words: descriptions by code, the last of whose parts is noted beside rates for any origin.
    """
    made = Made()
    groups: dict[tuple[str, str], list[tuple[Line, KeptRow]]] = defaultdict(list)
    for line in lines:
        row = _row(line, day, words or {}, dated=dated)
        if row.until is not None and row.until < row.since:
            made.ended += 1
        else:
            groups[line.hs, line.claim].append((line, row))
    for group in groups.values():
        if len(group) == 1:
            made.rows.append(group[0][1])
        else:
            made.rows += _parted(group, unions, made)
    return made


def _row(line: Line, day: Day, words: Mapping[str, str], *, dated: bool) -> KeptRow:
    since = line.since if dated and line.since is not None else max(line.since or day, day)
    return KeptRow(
        hs=line.hs.replace("*", ""),
        rate=rate_cell(line.rate),
        since=since,
        until=line.until,
        origins=_in_order(line.origins),
        claim=line.claim,
        note=_note(line, words),
    )


@lru_cache(maxsize=4_096)
def _in_order(origins: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(origins)))


def _note(line: Line, words: Mapping[str, str]) -> str:
    """Return what helps a person who reads the table: words, the note, an amount as printed."""
    parts = [line.note]
    if not line.note and not line.origins and not line.claim:
        parts = [_short(words.get(line.hs, "").rpartition(": ")[2])]
    if _is_strange(line.rate):
        parts.append(f"printed {line.printed}")
    return cell_text("; ".join(part for part in parts if part))


@lru_cache(maxsize=65_536)
def _short(words: str) -> str:
    return shorten(words, WORDS, placeholder="...")


@lru_cache(maxsize=65_536)
def _is_strange(rate: str) -> bool:
    """Tell whether a rate is worth a second look: an amount, or more than the value itself."""
    if "words:" in rate:
        return False
    return "/" in rate or any(len(found) > 2 for found in _PERCENT.findall(rate))


@lru_cache(maxsize=65_536)
def rate_cell(rate: str) -> str:
    r"""Return a rate as a cell of a grid: words stand in double quotes and hold none.

    >>> rate_cell('"words: See "note" 3"'), rate_cell("16.5 %")
    ('"words: See \'note\' 3"', '16.5 %')
    >>> rate_cell('"words: "')  # without words it would be free
    '"words: not told"'
    """
    plain = rate.strip()
    if plain.startswith('"') and plain.endswith('"') and len(plain) > 1:
        plain = plain[1:-1]
    if plain.startswith("words:"):
        words = cell_text(plain.removeprefix("words:"))
        return f'"words: {words or UNTOLD}"'
    return plain


def same_rate(one: str, other: str) -> bool:
    """Tell whether two cells mean the same rate.

    >>> same_rate("16.5 %", "16.50%"), same_rate('"words: a"', '"words: b"')
    (True, False)
    """
    return one == other or parse_terms(one.strip('"')) == parse_terms(other.strip('"'))


# -- several lines of one code and claim ----------------------------------------------------------


def _parted(
    group: list[tuple[Line, KeptRow]], unions: Mapping[str, Sequence[str]], made: Made
) -> Iterator[KeptRow]:
    """Yield rows of which no two hold for one origin on one day."""
    rivals = _rivals(group, unions)
    for number, (_, row) in enumerate(group):
        if number not in rivals:
            yield row
    by_origin: dict[str, list[tuple[Line, KeptRow]]] = defaultdict(list)
    for number in sorted(rivals):
        line, row = group[number]
        for origin in _members(row.origins, unions):
            by_origin[origin].append((line, row))
    parts: list[KeptRow] = []
    for origin, rows in by_origin.items():
        named = (origin,) if origin else ()
        parts += [replace(row, origins=named) for row in _settled(rows, made)]
    yield from gathered(parts)


def _rivals(group: Sequence[tuple[Line, KeptRow]], unions: Mapping[str, Sequence[str]]) -> set[int]:
    """Return the numbers of rows that meet another one in an origin and a day."""
    found: set[int] = set()
    last: dict[str, list[int]] = defaultdict(list)
    for number, (_, row) in enumerate(group):
        for origin in _members(row.origins, unions):
            for other in last[origin]:
                if _meet(row, group[other][1]):
                    found |= {number, other}
            last[origin].append(number)
    return found


def _members(origins: Sequence[str], unions: Mapping[str, Sequence[str]]) -> Iterator[str]:
    if not origins:
        yield ""
    for origin in origins:
        yield from unions.get(origin, (origin,))


def _meet(one: KeptRow, other: KeptRow) -> bool:
    return one.since <= end_of(other) and other.since <= end_of(one)


def end_of(row: KeptRow) -> int:
    """Return the last day of a row, one beyond any calendar when it is open."""
    return FOREVER if row.until is None else row.until


def _settled(rows: list[tuple[Line, KeptRow]], made: Made) -> Iterator[KeptRow]:
    """Yield the rows of one origin in order; those that say two things at once become words."""
    rows = sorted(rows, key=lambda pair: pair[1].since)
    while rows:
        cluster, rest = [rows[0]], rows[1:]
        until = end_of(rows[0][1])
        while rest and rest[0][1].since <= until:
            until = max(until, end_of(rest[0][1]))
            cluster.append(rest.pop(0))
        rows = rest
        first = cluster[0][1]
        whole = replace(first, until=None if until == FOREVER else until)
        if all(same_rate(row.rate, first.rate) for _, row in cluster):
            yield whole
            continue
        printed = list(dict.fromkeys(line.printed or line.rate for line, _ in cluster))
        yield replace(whole, rate=rate_cell("words: two rates: " + "; ".join(printed)), note="")
        for line, _ in cluster:
            if id(line) not in made.torn_lines:
                made.torn_lines.add(id(line))
                made.torn.append(_torn(line))


def _torn(line: Line) -> Unread:
    return Unread(row=line.row, hs=line.hs, text=line.printed, why=TORN, became=IN_WORDS)


def gathered(rows: Iterable[KeptRow]) -> list[KeptRow]:
    """Return rows with those that differ in nothing but the origin put together."""
    found: dict[KeptRow, set[str]] = {}
    for row in rows:
        found.setdefault(replace(row, origins=()), set()).update(row.origins or ("",))
    out = []
    for row, origins in found.items():
        if "" in origins:
            out.append(row)
        if named := tuple(sorted(origins - {""})):
            out.append(replace(row, origins=named))
    return out
