"""The currency beside an amount: of its row, else the first that its order states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.batch.readings import NO_CURRENCY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xborder_cli.batch.our_columns import OurColumns
    from xborder_cli.core.columns import IntColumn

UNKNOWN: Final = -2  # a currency that no table knows


def of_rows(columns: OurColumns, code: Mapping[str, int]) -> IntColumn:
    """Return the currency that each row states: a code, UNKNOWN, or NO_CURRENCY."""
    cells = columns.column("currency")
    known = [code.get(text.upper(), UNKNOWN) for text in cells.texts.to_pylist()]
    return np.array([*known, NO_CURRENCY], dtype=np.int64)[cells.codes]


def of_orders(columns: OurColumns, beside: IntColumn) -> IntColumn:
    """Return the first currency that any row of each line's order states, by line."""
    n = columns.n
    at = np.minimum.reduceat(np.where(beside == NO_CURRENCY, n, np.arange(n)), columns.starts)
    return np.append(beside, NO_CURRENCY)[at][columns.order]


def or_near(columns: OurColumns, own: IntColumn, code: Mapping[str, int]) -> IntColumn:
    """Return the currencies of n amounts, where they say none that of their row or order.

    Args:
        columns: cells under our names.
        own: what each says itself, NO_CURRENCY where nothing.
        code: of each currency.
    """
    bare = own == NO_CURRENCY
    if not bare.any():
        return own
    beside = of_rows(columns, code)
    near = np.where(beside == NO_CURRENCY, of_orders(columns, beside), beside)
    return np.where(bare, near, own)
