"""Blocks of rows put together to a Parquet file whose bytes do not tell where the blocks ended."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from xborder_cli.batch.fields import DECIMALS
from xborder_cli.batch.partfile import unwritable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GROUP: Final = 131_072  # rows of a group: what is held at once


def assembled(part: Path, target: Path, schema: pa.Schema) -> Path:
    """Return the file that was made of a row of Arrow streams, beside the target.

    Args:
        part: one stream a block, as `arrow_bytes` writes them.
        target: what the file will be called.
        schema: its columns, as `number_schema` has them.

    Raises:
        UsageError: the disk is full.
    """
    repeated = [name for name in schema.names if name not in ("order_id", *DECIMALS)]
    made = target.with_name(f".{target.name}.whole")
    try:
        with pq.ParquetWriter(made, schema, compression="zstd", use_dictionary=repeated) as file:
            for table in _groups(part, schema):
                file.write_table(table, row_group_size=GROUP)
    except OSError as error:
        with suppress(OSError):
            made.unlink()
        raise unwritable(target, error) from None
    return made


def _groups(part: Path, schema: pa.Schema) -> Iterator[pa.Table]:
    """Yield tables of as many rows as a group has, then what is left."""
    held: list[pa.Table] = []
    count = 0
    with pa.OSFile(str(part)) as file:
        while file.tell() < file.size():
            table = pa.ipc.open_stream(file).read_all()
            while table.num_rows:
                taken = table.slice(0, GROUP - count)
                table = table.slice(taken.num_rows)
                held.append(taken)
                count += taken.num_rows
                if count == GROUP:
                    yield _group(held, schema)
                    held, count = [], 0
    if held:
        yield _group(held, schema)


def _group(tables: list[pa.Table], schema: pa.Schema) -> pa.Table:
    """Return tables as one, its dictionaries in the order in which the texts first come up."""
    whole = pa.concat_tables(tables).unify_dictionaries().combine_chunks()
    columns = []
    for field, column in zip(schema, whole.columns, strict=True):
        cells = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
        if pa.types.is_dictionary(cells.type):
            cells = _in_order(cells)
        columns.append(cells.cast(field.type))
    return pa.Table.from_arrays(columns, schema=schema)


def _in_order(cells: pa.DictionaryArray) -> pa.DictionaryArray:
    codes = cells.indices.fill_null(len(cells.dictionary)).to_numpy()
    first = np.full(len(cells.dictionary) + 1, codes.size, dtype=np.int64)
    first[codes[::-1]] = np.arange(codes.size)[::-1]  # of the rows of a text the first one stays
    order = np.argsort(first[:-1], kind="stable")[: int((first[:-1] < codes.size).sum())]
    place = np.zeros(first.size, dtype=np.int32)
    place[order] = np.arange(order.size, dtype=np.int32)
    mask = codes == len(cells.dictionary)
    return pa.DictionaryArray.from_arrays(
        pa.array(place[codes], mask=mask), cells.dictionary.take(pa.array(order))
    )
