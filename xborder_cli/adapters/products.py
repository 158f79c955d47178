"""What a catalogue says of a piece of a SKU, put where an order's rows are silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from xborder_cli import units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.adapters.order_rows import OrderRow
    from xborder_cli.adapters.reader import Reader
    from xborder_cli.adapters.stated import Stated
    from xborder_cli.core.shipment import Item

# SKU -> our column -> text, of one piece and read once already: a price says its currency, a
# weight and a size their unit
Products = Mapping[str, Mapping[str, str]]
WEIGHED: Final = "weight summed from the catalogue, packing not counted"
SIZED: Final = "size of the piece taken from the catalogue, packing not counted"
KINDS: Final = ("goods", "hs")  # said by one of them, the other is not filled in


def product_of(row: OrderRow, products: Products) -> Mapping[str, str] | None:
    """Return what the catalogue says of a row's SKU."""
    return products.get(row.cells.get("sku", ""))


def completed(row: OrderRow, products: Products, defaults: Stated) -> OrderRow:
    """Return a row with its blanks filled from the catalogue; `defaults` tells how many pieces."""
    product = product_of(row, products)
    if product is None or row.broken or row.items or "items" in row.cells:
        return row
    cells = dict(row.cells)
    if not any(kind in cells for kind in KINDS):
        cells.update({kind: product[kind] for kind in KINDS if kind in product})
    for column in ("origin", "traits", "claims"):
        if column in product:
            cells.setdefault(column, product[column])
    count = cells.get("quantity") or defaults.quantity or "1"
    if "units" in product and "units" not in cells and _is_count(count):
        cells["units"] = _multiplied(product["units"], int(count))
    return replace(row, cells=cells, price=product.get("value", ""))


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def _multiplied(text: str, count: int) -> str:
    """Return `litre=0.75;net=0.2kg` of some pieces."""
    out = []
    for part in text.split(";"):
        word, _, value = (piece.strip() for piece in part.partition("="))
        number = value.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ")
        total = units.times(units.parse_decimal(number), (count, 1))
        out.append(f"{word}={units.ratio_text(total)}{value[len(number) :]}")
    return ";".join(out)


def judge_sku(
    row: OrderRow, products: Products | None, reader: Reader, *, alone: bool, weighed: bool
) -> bool:
    """Tell whether a row can be read; note a SKU that the catalogue lacks and that needs it."""
    sku = row.cells.get("sku", "")
    if products is None or not sku or sku in products or row.items or "items" in row.cells:
        return True
    cells = row.cells
    kind = any(one in cells for one in KINDS)
    if kind and weighed and ("value" in cells or "unit_price" in cells):
        return True
    what = f'"{sku}" is not in the catalogue'
    fix = "add it there, or state value, goods and weight in the row"
    reader.problem("sku", "unknown-sku", what, fix)
    return False


def weight_of(lines: Sequence[tuple[str, int]], products: Products) -> str:
    """Return what pieces of SKUs weigh together; "" when the catalogue lacks one."""
    total = 0
    for sku, count in lines:
        weight = products.get(sku, {}).get("weight", "")
        if not weight:
            return ""
        total += units.parse_weight_mg(weight) * count
    return f"{total}mg"


def unweighed(rows: tuple[OrderRow, ...], products: Products) -> OrderRow:
    """Return the first row whose SKU has no weight in the catalogue, the first of all if none."""
    lines = [row for row in rows if not row.sums_up]
    bare = (one for one in lines if not products.get(one.cells.get("sku", ""), {}).get("weight"))
    return next(bare, rows[0])


def size_of(lines: Sequence[tuple[str, int]], products: Products) -> str:
    """Return the size of a parcel that holds one piece; "" of any other."""
    if len(lines) != 1 or lines[0][1] != 1:
        return ""
    return products.get(lines[0][0], {}).get("size", "")


def packed(
    whole: Stated, rows: tuple[OrderRow, ...], items: list[Item], products: Products | None
) -> tuple[Stated, tuple[str, ...]]:
    """Return the words of an order with weight and size of its pieces, and what that assumes."""
    said: list[str] = []
    rows = tuple(row for row in rows if not row.sums_up)
    if products is None or len(rows) != len(items) or any(row.items for row in rows):
        return whole, ()
    lines = [
        (row.cells.get("sku", ""), item.quantity) for row, item in zip(rows, items, strict=True)
    ]
    if not whole.weight and (weight := weight_of(lines, products)):
        whole = replace(whole, weight=weight)
        said.append(WEIGHED)
    if not whole.size and (size := size_of(lines, products)):
        whole = replace(whole, size=size)
        said.append(SIZED)
    return whole, tuple(said)
