"""Duty programmes on a day: which rows hold, how their rates spread, what a kind of goods meets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xborder_cli.rules.formula import terms_words
from xborder_cli.rules.on_day import lasts
from xborder_cli.units import percent_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xborder_cli.core.rule import Day, ProgrammeRow, Terms, Test
    from xborder_cli.rules.sheet import ProgrammeOfDay

Key = tuple[str, str, str, tuple["Test", ...]]  # hs, origin, further key, conditions

_Goods = tuple[str, tuple["Test", ...]]  # hs, conditions


def row_key(row: ProgrammeRow) -> Key:
    """Return what a row is about: rows of one key follow each other in time."""
    return row.hs, row.origin, row.key, row.when


def rows_on(rows: Iterable[ProgrammeRow], day: Day) -> dict[Key, ProgrammeRow]:
    """Return the rows that hold on a day; of two that are about the same, the later one."""
    found: dict[Key, ProgrammeRow] = {}
    for row in rows:
        if lasts(row.since, row.until, day):
            key = row_key(row)
            if key not in found or found[key].since <= row.since:
                found[key] = row
    return found


def rows_for(rows: Iterable[ProgrammeRow], hs: str, origin: str) -> tuple[ProgrammeRow, ...]:
    """Return the rows that some goods may meet: the longest prefix, a named origin first.

    Without an origin, the row of every origin is kept; without a code, every code.
    """
    fitting = [
        row
        for row in rows
        if (not hs or hs.startswith(row.hs) or row.hs.startswith(hs))
        and (not origin or row.origin in ("", origin))
    ]
    if not hs:
        return tuple(fitting)
    best: dict[tuple[str, str], int] = {}
    for row in fitting:
        if hs.startswith(row.hs) and not row.when:
            place = (row.origin, row.key)
            best[place] = max(best.get(place, -1), len(row.hs))
    return tuple(row for row in fitting if _reached(row, hs, origin, best))


def _reached(row: ProgrammeRow, hs: str, origin: str, best: dict[tuple[str, str], int]) -> bool:
    """Tell whether no better row stands before this one."""
    own = (row.origin, row.key)
    if not hs.startswith(row.hs):
        return True  # a finer code: the goods may fall under it
    if len(row.hs) < best.get(own, -1):
        return False
    named = (origin, row.key)
    return not (origin and not row.origin and best.get(named, -1) >= len(row.hs))


@dataclass(frozen=True, slots=True, kw_only=True)
class RateGroup:
    """Rows of a programme that say the same rate."""

    rate: str
    origins: tuple[str, ...]  # () is any
    keys: tuple[str, ...]  # of further columns, such as regions
    rows: tuple[ProgrammeRow, ...]  # by code; of several keys, those of the first


def rows_of(one: ProgrammeOfDay) -> tuple[ProgrammeRow, ...]:
    """Return the rows that hold on the day, narrowed to the goods where some are named."""
    rows = rows_on(one.programme.rows, one.day).values()
    return rows_for(rows, one.hs, one.origin) if one.hs or one.origin else tuple(rows)


def groups_of(rows: Sequence[ProgrammeRow]) -> tuple[RateGroup, ...]:
    """Return rows by rate, origins and key; those that hold for most goods first."""
    words = {terms: terms_words(terms) for terms in {row.terms for row in rows}}
    origins: dict[tuple[str, str, Terms], set[str]] = {}
    for row in rows:
        origins.setdefault((row.hs, row.key, row.terms), set()).add(row.origin)
    by_rate: dict[tuple[str, str, tuple[str, ...]], dict[_Goods, ProgrammeRow]] = {}
    for row in rows:
        made_in = tuple(sorted(origins[row.hs, row.key, row.terms]))
        group = by_rate.setdefault((words[row.terms], row.key, made_in), {})
        group.setdefault((row.hs, row.when), row)
    keys: dict[tuple[str, tuple[str, ...], tuple[_Goods, ...]], list[str]] = {}
    kept: dict[tuple[str, tuple[str, ...], tuple[_Goods, ...]], list[ProgrammeRow]] = {}
    for (rate, key, made_in), group in by_rate.items():
        same = (rate, made_in, tuple(sorted(group, key=lambda goods: goods[0])))
        keys.setdefault(same, []).append(key)
        kept.setdefault(same, sorted(group.values(), key=lambda row: row.hs))
    groups = [
        RateGroup(
            rate=rate,
            origins=() if "" in made_in else made_in,
            keys=tuple(key for key in keys[rate, made_in, goods] if key),
            rows=tuple(found),
        )
        for (rate, made_in, goods), found in kept.items()
    ]
    return tuple(sorted(groups, key=lambda one: (one.keys, min(len(r.hs) for r in one.rows))))


def span_of(rates: Iterable[Terms]) -> str:
    """Return from where to where rates go, and what is not a plain percent."""
    shares, others, gaps = [], 0, 0
    for terms in rates:
        if terms.words or any(term.user for term in terms.parts):
            gaps += 1
        elif all(not term.currency and term.of in ("", "base") for term in terms.parts):
            if terms.low or terms.high:
                others += 1
            else:
                shares.append(sum(t.amount[0] / t.amount[1] for t in terms.parts))
        else:
            others += 1
    parts = []
    if shares:
        low, high = min(shares), max(shares)
        parts.append(_percent(low) if low == high else f"{_percent(low)} to {_percent(high)}")
    if others:
        parts.append(f"{others} by quantity or with limits")
    if gaps:
        parts.append(f"{gaps} in words only")
    return ", ".join(parts)


def _percent(share: float) -> str:
    return percent_text((round(share * 10**6), 10**6))
