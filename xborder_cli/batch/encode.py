"""Tables of priced orders as the bytes of a file: CSV, JSON lines, a JSON array, Arrow.

The same bytes for the same rows, wherever the table is cut: heading and end are not part of them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from xborder_cli.batch.dress import Dress, csv_dress, json_dress
from xborder_cli.batch.lines import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.batch.lines import Part

CRLF: Final = "\r\n"
AT_ONCE: Final = 16_384  # rows
BOM: Final = "\ufeff"


def encoded(table: pa.Table, kind: str, *, for_excel: bool = False) -> bytes:
    """Return rows in the format of a run.

    Args:
        table: as `answer_table` makes it.
        kind: csv, jsonl, json, parquet (Arrow until the file is whole), or rows (Arrow).
        for_excel: CSV that a spreadsheet opens without harm.
    """
    if kind == "csv":
        if for_excel:
            from xborder_cli.batch.excel import guarded

            return csv_bytes(guarded(table), line_end=CRLF)
        return csv_bytes(table)
    if kind == "jsonl":
        return jsonl_bytes(table)
    return json_bytes(table) if kind == "json" else arrow_bytes(table)


def csv_bytes(table: pa.Table, *, delimiter: str = ",", line_end: str = "\n") -> bytes:
    """Return lines without a heading; quotes only where needed, nothing for null."""
    return _written(table, csv_dress(delimiter, line_end, alone=table.num_columns == 1))


def csv_heading(fields: Sequence[str], *, delimiter: str = ",", for_excel: bool = False) -> bytes:
    r"""Return the first line.

    >>> csv_heading(["order_id", "a,b"])
    b'order_id,"a,b"\n'
    """
    if for_excel:
        from xborder_cli.batch.excel import guarded_texts

        fields = guarded_texts(pa.array(fields, pa.string())).to_pylist()
    table = pa.table(
        [pa.array([name]) for name in fields], names=list(map(str, range(len(fields))))
    )
    line = csv_bytes(table, delimiter=delimiter, line_end=CRLF if for_excel else "\n")
    return (BOM.encode() if for_excel else b"") + line


def jsonl_bytes(table: pa.Table) -> bytes:
    """Return one object a line: amounts are texts, counts numbers, null where nothing is known."""
    return _written(table, json_dress("{", "}\n", ",", ":"))


JSON_BEGIN: Final = b"["


def json_bytes(table: pa.Table) -> bytes:
    """Return the objects of an array, each after a comma: the first one's is to be left out."""
    return _written(table, json_dress(",\n  {\n    ", "\n  }", ",\n    ", ": "))


def json_end(*, empty: bool) -> bytes:
    """Return what closes an array."""
    return b"]\n" if empty else b"\n]\n"


def arrow_bytes(table: pa.Table) -> bytes:
    """Return a whole Arrow IPC stream; several may stand one after the other."""
    names = list(dict.fromkeys(table.column_names))
    table = table.select([table.column_names.index(name) for name in names])
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return bytes(memoryview(sink.getvalue()))


def _written(table: pa.Table, dress: Dress) -> bytes:
    """Return lines, made some rows at a time: what they are made of takes more than they do."""
    return b"".join(
        lines_of(list(_parts(part, dress)), part.num_rows, dress.gap)
        for part in (table.slice(start, AT_ONCE) for start in range(0, table.num_rows, AT_ONCE))
    )


def _parts(table: pa.Table, dress: Dress) -> Iterator[Part]:
    """Yield what stands in a line, from left to right: the same for all rows, or a column."""
    columns = list(zip(table.column_names, table.columns, strict=True))
    if dress.named:
        columns = list(dict(columns).items())  # a name can stand in an object only once
    yield dress.begin
    for number, (name, column) in enumerate(columns):
        if number:
            yield dress.between
        if dress.named:
            yield json.dumps(name, ensure_ascii=False) + dress.colon
        yield from dress.column(name, column.combine_chunks())
    yield dress.end
