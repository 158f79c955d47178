"""Rows that may share a tile: what is true of one of them for certain is true of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.core.reach import takes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.core.book import Book, CardHead
    from xborder_cli.core.columns import IntColumn
    from xborder_cli.core.parcels import Codes, Parcels
    from xborder_cli.core.rule import Mode, Step


def alike(
    book: Book, parcels: Parcels, rows: IntColumn, currency: Codes, modes: Sequence[Mode]
) -> Iterator[IntColumn]:
    """Yield rows apart where one could speak for another.

    A leg that a chain may leave out is left out only where no card serves it; an exchange rate
    that nobody knows keeps out every parcel of a tile when several item lines share a parcel.

    Args:
        book: compiled tables.
        parcels: n of them.
        rows: some of them.
        currency: of each parcel's quote.
        modes: by which they may travel.
    """
    if rows.size <= 1:
        yield rows
        return
    key = np.zeros(parcels.n, dtype=np.int64)
    for step, head in _optional(book, modes):
        mask = takes(book, head, step, parcels)
        if not isinstance(mask, bool):
            key = key * 2 + mask
    key = _numbered(key)
    for column, width in _unknown_money(book, parcels, currency):
        key = _numbered(key * width + column)
    key = key[rows]
    if bool((key == key[0]).all()):
        yield rows
        return
    for one in np.unique(key).tolist():
        yield rows[key == one]


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
    if isinstance(parcels.day, int):
        return [parcels.day], np.zeros(parcels.n, dtype=np.int64)
    first = int(parcels.day.min())
    seen = np.flatnonzero(np.bincount(parcels.day - first))
    kinds: dict[frozenset[str], int] = {}
    days: list[int] = []
    numbers = np.zeros(int(seen[-1]) + 1, dtype=np.int64)
    names = list(book.fx.series)
    for offset in seen.tolist():
        known = frozenset(name for name in names if _known(book, name, first + offset))
        if known not in kinds:
            kinds[known] = len(kinds)
            days.append(first + offset)
        numbers[offset] = kinds[known]
    return days, numbers[parcels.day - first]
