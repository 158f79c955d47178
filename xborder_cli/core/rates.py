"""Rates as arrays: terms by cell, bands by measure, values by day, rows by HS.

These are what tables are compiled to. A *code* is a row of a `TermsTable`: the core finds a code
for every parcel, then works out all of them at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from xborder_cli.core.rule import Day, Provenance, Ratio, Term, Terms, Test

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shape:
    """What one column of a terms table counts; `amounts` are numerators over `den`, one a code."""

    of: str
    currency: str
    units: tuple[str, ...]
    step: Ratio
    started: bool
    over: Ratio
    over_band: bool
    user: str
    amounts: Ints
    den: int
    low: int  # of amounts
    high: int


@dataclass(frozen=True, slots=True)
class TermsTable:
    """Many rates: the sum of its shapes, clamped by `low` and `high` where a code has them."""

    shapes: tuple[Shape, ...]
    size: int
    low: TermsTable | None = None
    high: TermsTable | None = None
    has_low: npt.NDArray[np.bool_] | None = None
    has_high: npt.NDArray[np.bool_] | None = None
    words: tuple[str, ...] = ()  # a gap where not blank; empty when no code has words


def terms_table(rates: Sequence[Terms]) -> TermsTable:
    """Compile rates to columns, one column for each shape that occurs.

    >>> half = Terms((Term((1, 2), of="base"),))
    >>> fifth = Terms((Term((1, 5), of="base"),))
    >>> table = terms_table([half, fifth])
    >>> table.shapes[0].amounts.tolist(), table.shapes[0].den
    ([5, 2], 10)
    """
    columns: dict[tuple[object, ...], list[tuple[int, Term]]] = {}
    for code, rate in enumerate(rates):
        for term in rate.parts:
            columns.setdefault(_shape_key(term), []).append((code, term))
    shapes = [_shape(entries, len(rates)) for entries in columns.values()]
    # words beside an addend only describe it: a gap is words alone
    words = tuple("" if rate.parts else rate.words for rate in rates)
    low, has_low = _clamp_table([rate.low for rate in rates])
    high, has_high = _clamp_table([rate.high for rate in rates])
    return TermsTable(
        tuple(shapes), len(rates), low, high, has_low, has_high, words if any(words) else ()
    )


def _shape(entries: Sequence[tuple[int, Term]], size: int) -> Shape:
    """Return a column of the terms of one shape, by code; those of one code are added."""
    like = entries[0][1]
    den = lcm(*(term.amount[1] for _, term in entries))
    amounts = [0] * size
    for code, term in entries:
        amounts[code] += term.amount[0] * (den // term.amount[1])
    return Shape(
        of=like.of,
        currency=like.currency,
        units=like.units,
        step=like.step,
        started=like.started,
        over=like.over,
        over_band=like.over_band,
        user=like.user,
        amounts=np.array(amounts, dtype=np.int64),
        den=den,
        low=min(amounts),
        high=max(amounts),
    )


def _shape_key(term: Term) -> tuple[object, ...]:
    return (
        term.of,
        term.currency,
        term.units,
        term.step,
        term.started,
        term.over,
        term.over_band,
        term.user,
    )


def _clamp_table(
    clamps: Sequence[Terms | None],
) -> tuple[TermsTable | None, npt.NDArray[np.bool_] | None]:
    if not any(clamps):
        return None, None
    table = terms_table([clamp or Terms(()) for clamp in clamps])
    return table, np.array([clamp is not None for clamp in clamps])


@dataclass(frozen=True, slots=True)
class DatedTable:
    """Rates by day: code i holds from `days[i]` until the next one; `known[i]` False: none."""

    days: tuple[Day, ...]
    known: tuple[bool, ...]
    table: TermsTable
    rates: tuple[Terms, ...]
    provenances: tuple[Provenance, ...]


@dataclass(frozen=True, slots=True)
class BandTable:
    """Bands of all keys, laid end to end: key k owns cells `starts[k]` up to `starts[k + 1]`.

    `limits` are in quanta of the measure, or numerators in minor units over `limit_den`; the open
    end is the largest int64. `begin` is where a cell's band starts, in the same unit.
    """

    kind: str
    by: str
    ends: str
    keys: tuple[str, ...]
    names: tuple[str, ...]  # joined key values
    starts: Ints
    limits: Ints
    begin: Ints
    priced: npt.NDArray[np.bool_]  # False: the cell is empty in print
    lines: Ints
    table: TermsTable
    limit_unit: str = ""  # of quantities: mg, lb, dmm, dmm3, micro, count; of money: its currency
    limit_per: str = ""
    limit_den: int = 1
    caps: TermsTable | None = None  # deficit: the least start of a heavier band


OPEN_END = int(np.iinfo(np.int64).max)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a programme: code of its rate, where it stands, for which lines it holds."""

    code: int
    origin: str
    since: Day
    until: Day | None
    provenance: Provenance
    when: tuple[Test, ...]
    key: str
    note: str = ""  # for people; prices nothing


@dataclass(frozen=True, slots=True)
class ProgrammeTable:
    """A programme: rows by HS prefix, rates by code."""

    tariff: str
    id: str
    name: str
    currency: str
    default: str
    rows: Mapping[str, tuple[Row, ...]]
    rates: tuple[Terms, ...]
    provenance: Provenance
