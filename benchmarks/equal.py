"""Whether two files of priced orders say the same: every order, every column that both have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

if TYPE_CHECKING:
    from pathlib import Path

    from xborder_cli.core.answer import Quote

TOLD = 5


@dataclass
class Equal:
    """What was compared."""

    orders: int
    columns: tuple[str, ...]
    different: int
    examples: list[str] = field(default_factory=list)


def same_answers(ours: Path, theirs: Path) -> Equal:
    """Compare two files of as many rows, cell by cell as text; blank is blank however quoted."""
    one, other = _read(ours), _read(theirs)
    if one.num_rows != other.num_rows:
        return Equal(one.num_rows, (), abs(one.num_rows - other.num_rows), ["rows differ"])
    columns = tuple(name for name in one.column_names if name in other.column_names)
    wrong = pa.array([False] * one.num_rows)
    examples = []
    for name in columns:
        unlike = pc.not_equal(one.column(name), other.column(name)).combine_chunks()
        wrong = pc.or_(wrong, unlike)
        rows = pc.indices_nonzero(unlike).to_pylist()[:TOLD]
        examples += [
            f"{one.column('order_id')[at]}: {name} {one.column(name)[at]}"
            f" / {other.column(name)[at]}"
            for at in rows
        ]
    return Equal(one.num_rows, columns, pc.sum(wrong).as_py() or 0, examples[:TOLD])


def same_quotes(ours: Path, quotes: dict[str, Quote]) -> Equal:
    """Compare a file with answers of the same orders asked one at a time."""
    from xborder_cli.cli.render.rows import OPTION_FIELDS
    from xborder_cli.tables.bundled import bundled_folder
    from xborder_cli.tables.compile import open_tables

    digits = open_tables([bundled_folder()]).digits
    table = _read(ours)
    at = {name: row for row, name in enumerate(table.column("order_id").to_pylist())}
    columns = tuple(name for name in table.column_names if name in OPTION_FIELDS)
    cells = {name: table.column(name).to_pylist() for name in columns}
    out = Equal(len(quotes), columns, 0)
    for name, found in quotes.items():
        best = found.options[0] if found.options else None
        for column in columns:
            if best is None:
                wanted = name if column == "order_id" else ""
            else:
                wanted = OPTION_FIELDS[column](found, best, digits)
            if cells[column][at[name]] != wanted:
                out.different += 1
                out.examples.append(f"{name}: {column} {cells[column][at[name]]} / {wanted}")
                break
    return out


def _read(path: Path) -> pa.Table:
    """Return a file as text."""
    with path.open(encoding="utf-8") as file:
        names = file.readline().strip().replace('"', "").split(",")
    return pa.csv.read_csv(
        path,
        convert_options=pa.csv.ConvertOptions(
            column_types={name: pa.string() for name in names}, strings_can_be_null=False
        ),
    )
