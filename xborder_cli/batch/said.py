"""What had to be assumed about each order, as codes into the few texts that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.batch.coded import joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.batch.line_columns import LineColumns
    from xborder_cli.batch.our_columns import OurColumns
    from xborder_cli.batch.packed import Packed
    from xborder_cli.batch.template import State
    from xborder_cli.core.columns import IntColumn

Words = tuple[str, ...]


def said_of(
    columns: OurColumns,
    lines: LineColumns,
    whole: Packed,
    rows: IntColumn,
    state: IntColumn,
    states: Sequence[State],
) -> tuple[list[str], IntColumn]:
    """Return the texts and each order's code: of the catalogue, of its lines, of the whole.

    Args:
        columns: which lines an order has.
        lines: with what was assumed about each.
        whole: what the catalogue told.
        rows: the orders asked about, rising.
        state: shape of rows, codes into `states`.
        states: what is assumed about whole orders.
    """
    words, about = _of_lines(columns, lines, rows)
    unsized = (whole.sides_dmm[rows, 0] == 0).astype(np.int64)
    told = [(mask[rows].astype(np.int64), text) for mask, text in whole.said()]
    code, first = joined(
        [about, state, unsized, *(mask for mask, _ in told)],
        [len(words), len(states), 2, *(2 for _ in told)],
    )
    names: dict[str, int] = {}
    place = []
    for row in first.tolist():
        own = states[int(state[row])]
        parts = [text for mask, text in told if mask[row]]
        parts += [*words[int(about[row])], *(own.said_unsized if unsized[row] else own.said)]
        text = "; ".join(dict.fromkeys(parts))
        place.append(names.setdefault(text, len(names)))
    return list(names), np.array(place, dtype=np.int64)[code]


def _of_lines(
    columns: OurColumns, lines: LineColumns, rows: IntColumn
) -> tuple[list[Words], IntColumn]:
    """Return what was assumed about the lines of each order, once each, in their order."""
    known: dict[Words, int] = {}
    of_template = [known.setdefault(one.said, len(known)) for one in lines.templates]
    code = np.array([*of_template, 0], dtype=np.int64)[lines.template]
    if columns.single:
        return list(known), code[rows]
    least = np.minimum.reduceat(code, columns.starts)
    mixed = least != np.maximum.reduceat(code, columns.starts)
    found = least.copy()
    words = list(known)
    together: dict[tuple[int, ...], int] = {}
    for order in rows[mixed[rows]].tolist():
        start = int(columns.starts[order])
        key = tuple(dict.fromkeys(code[start : start + int(columns.size[order])].tolist()))
        if key not in together:
            merged = tuple(dict.fromkeys(text for one in key for text in words[one]))
            together[key] = known.setdefault(merged, len(known))
        found[order] = together[key]
    return list(known), found[rows]
