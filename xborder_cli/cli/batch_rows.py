"""Priced orders as a table for a terminal."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from xborder_cli.cli.output import write_rows
from xborder_cli.cli.render.rows import ORDER_FIELDS, Row, yes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xborder_cli.cli.streams import Streams

# columns of a table that nobody chose: a terminal has no room for all
SHORT: Final = ("order_id", "rank", "mode", "service", "days", "total", "currency", "problem")


def show_rows(held: bytes, chosen: str, streams: Streams) -> None:
    """Print orders as a table, which is as wide as its widest cell: all of them are known now.

    Args:
        held: Arrow streams, one after the other.
        chosen: the columns asked for; "" shows the short ones, and those that were kept.
        streams: where it goes.
    """
    rows: list[Row] = []
    names: list[str] = []
    file = io.BytesIO(held)
    while file.tell() < len(held):
        with pa.ipc.open_stream(file) as stream:
            names = stream.schema.names
            rows += [_row(one, short=not chosen) for one in stream.read_all().to_pylist()]
    if not chosen:
        names = [*SHORT, *(name for name in names if name not in ORDER_FIELDS)]
    write_rows(rows, names, "table", streams)


def _row(cells: Mapping[str, object], *, short: bool) -> Row:
    """Return a row as text; in a short one, the total says when it is a lower bound."""
    row = {name: _text(value) for name, value in cells.items()}
    if short:
        first, last = row["transit_days_min"], row["transit_days_max"]
        row["days"] = first if first == last else f"{first}-{last}"
        if row["mode"] and not row["days"]:
            row["days"] = "?"
        if row["complete"] == "false":
            row["total"] = f">={row['total']}"
    return row


def _text(value: object) -> str:
    if value is None:
        return ""
    return yes(value) if isinstance(value, bool) else str(value)
