"""What tests of reading share: an input read to its last row."""

from __future__ import annotations

from xborder_cli.batch.source import open_source

KNOWN = ("order_id", "from", "to", "weight", "value")
HEAD = b"order_id,from,to,weight,value\n"


def told(path, *, order_id=None, block_bytes=1 << 20, stdin=None, known=KNOWN, items=(), **options):
    """Return every row as (order, line, cells, broken, raw), and the source."""
    found = []
    with open_source(str(path), known=known, stdin=stdin, **options) as source:
        for block in source.blocks(
            order_id=order_id,
            wanted=lambda name: name in known,
            block_bytes=block_bytes,
            items=items,
        ):
            raw = source.raw(block)
            cells = {name: column.to_pylist() for name, column in block.cells.items()}
            assert block.order[0] == 0 and set(block.order.tolist()) == set(range(block.orders))
            for row in range(block.rows):
                have = {name: column[row] for name, column in cells.items() if column[row]}
                order = block.ids[int(block.order[row])].as_py()
                broken = block.broken.get(row, "")
                found.append((order, int(block.line[row]), have, broken, raw(row)))
    return found, source


def write(folder, raw):
    path = folder / "o.csv"
    path.write_bytes(raw)
    return path
