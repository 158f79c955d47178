"""Rows that may share a tile: what is true of one of them for certain is true of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core.reach import takes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.core.book import Book, CardHead
    from xborder_cli.core.columns import IntColumn
    from xborder_cli.core.fx import FxBook
    from xborder_cli.core.parcels import Codes, Parcels
    from xborder_cli.core.rule import Mode, Step


def kinds_of(
    book: Book, parcels: Parcels, currency: Codes, modes: Sequence[Mode]
) -> IntColumn | None:
    """Return which parcels may share a tile: where one could speak for another, they may not.

    A leg that a chain may leave out is left out only where no card serves it; an exchange rate
    that nobody knows keeps out every parcel of a tile when several item lines share a parcel.

    Args:
        book: compiled tables.
        parcels: n of them.
        currency: of each parcel's quote.
        modes: by which they may travel.

    Returns:
        Shape (n,), equal where they may; None when all may.
    """
    if parcels.n <= 1:
        return None
    key = np.zeros(parcels.n, dtype=np.int64)
    for step, head in _optional(book, modes):
        mask = takes(book, head, step, parcels)
        if not isinstance(mask, bool):
            key = key * 2 + mask
    key = _numbered(key)
    for column, width in _unknown_money(book, parcels, currency):
        key = _numbered(key * width + column)
    return key if key.any() else None


def split(rows: IntColumn, kinds: IntColumn | None) -> Iterator[IntColumn]:
    """Yield rows of one kind after another."""
    if kinds is None:
        yield rows
        return
    own = kinds[rows]
    if bool((own == own[0]).all()):
        yield rows
        return
    for one in np.unique(own).tolist():
        yield rows[own == one]


def _numbered(key: IntColumn) -> IntColumn:
    """Return small numbers for the values that occur."""
    return np.unique(key, return_inverse=True)[1].astype(np.int64) if key.any() else key


def _optional(book: Book, modes: Sequence[Mode]) -> list[tuple[Step, CardHead]]:
    """Return the cards of legs that a chain may do without."""
    found = {}
    for mode in modes:
        for pattern in mode.patterns:
            for step in pattern:
                if not step.optional:
                    continue
                for head in book.cards:
                    if head.leg == step.leg and mode.id in head.modes:
                        found[head.key, step.at] = (step, head)
    return list(found.values())


def _unknown_money(
    book: Book, parcels: Parcels, currency: Codes
) -> Iterator[tuple[IntColumn, int]]:
    """Yield columns that differ where different exchange rates are unknown, and their widths."""
    days, epoch = _fx_epochs(book, parcels)
    if len(days) > 1:
        yield epoch, len(days)
    columns = [parcels.goods.currency, currency]
    columns += [column.currency for column in parcels.inputs.values()]
    for codes in columns:
        # 0 is a currency that is known; each other one is a kind of its own
        table = np.array(
            [
                [
                    0 if _known(book, name, day) else code + 1
                    for code, name in enumerate(codes.names)
                ]
                for day in days
            ],
            dtype=np.int64,
        )
        if table.any():
            at = codes.codes if codes.codes is not None else np.zeros(parcels.n, dtype=np.int64)
            yield table[epoch, at], len(codes.names) + 1


def _known(book: Book, currency: str, day: int) -> bool:
    return book.fx.per_anchor(currency, day) is not None


def _fx_epochs(book: Book, parcels: Parcels) -> tuple[list[int], IntColumn]:
    """Return days on which unlike sets of currencies are known, and which each parcel's is like."""
    day = parcels.day
    if isinstance(day, int):
        return [day], np.zeros(parcels.n, dtype=np.int64)
    turns = _turns(book.fx)
    first, last = int(day.min()), int(day.max())
    inside = turns[(turns > first) & (turns <= last)]
    if not inside.size:
        return [first], np.zeros(parcels.n, dtype=np.int64)
    kinds: dict[frozenset[str], int] = {}
    days: list[int] = []
    numbers: list[int] = []
    for one in (first, *inside.tolist()):
        known = frozenset(name for name in book.fx.series if _known(book, name, one))
        if known not in kinds:
            kinds[known] = len(kinds)
            days.append(one)
        numbers.append(kinds[known])
    at = np.array(numbers, dtype=np.int64)[np.searchsorted(inside, day, side="right")]
    return days, at


_TURNS: dict[int, tuple[FxBook, IntColumn]] = {}
BOOKS_MOST: Final = 16  # books of rates whose turning days are kept


def _turns(fx: FxBook) -> IntColumn:
    """Return the days on which a currency may become known or stop being so, found once."""
    found = _TURNS.get(id(fx))
    if found is None or found[0] is not fx:
        if len(_TURNS) >= BOOKS_MOST:
            _TURNS.clear()
        days = [series.turns() for name in fx.series for series in fx.series[name]]
        found = _TURNS[id(fx)] = (fx, np.unique(np.concatenate([*days, np.zeros(0, np.int64)])))
    return found[1]
