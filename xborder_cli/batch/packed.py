"""What parcels weigh and measure where only the catalogue tells it, piece by piece."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.adapters.order_limits import WEIGHT_MG
from xborder_cli.adapters.products import SIZED, WEIGHED

if TYPE_CHECKING:
    from xborder_cli.batch.line_columns import LineColumns
    from xborder_cli.batch.order_columns import OrderColumns
    from xborder_cli.batch.our_columns import OurColumns
    from xborder_cli.batch.shelf import Shelf
    from xborder_cli.core.columns import BoolColumn, IntColumn


@dataclass(frozen=True, slots=True)
class Packed:
    """Weight and sides of m orders, and which of them the catalogue told."""

    weight_mg: IntColumn
    sides_dmm: IntColumn  # shape (m, 3)
    weighed: BoolColumn
    sized: BoolColumn

    def said(self) -> list[tuple[BoolColumn, str]]:
        """Return which orders rest on what assumption, in the order they are told."""
        return [(self.weighed, WEIGHED), (self.sized, SIZED)]


def packed(
    columns: OurColumns, orders: OrderColumns, lines: LineColumns, shelf: Shelf | None
) -> Packed:
    """Return what each parcel weighs and measures; orders without a weight become odd."""
    none = np.zeros(columns.m, dtype=bool)
    weight, sides = orders.weight_mg, orders.sides_dmm
    weighed = sized = none
    if shelf is not None:
        product = shelf.of(columns.column("sku"))
        piece = shelf.weight_mg[product]
        fits = (piece > 0) & (lines.quantity <= WEIGHT_MG // np.maximum(piece, 1))
        whole = np.logical_and.reduceat(fits, columns.starts)
        total = np.add.reduceat(np.where(fits, piece * lines.quantity, 0), columns.starts)
        weighed = (weight == 0) & whole & (total <= WEIGHT_MG)
        weight = np.where(weighed, total, weight)
        one = (columns.size == 1) & (lines.quantity[columns.starts] == 1)
        side = shelf.sides_dmm[product[columns.starts]]
        sized = one & (sides[:, 0] == 0) & (side[:, 0] > 0)
        sides = np.where(sized[:, None], side, sides)
    columns.odd[:] |= weight == 0
    return Packed(weight, sides, weighed, sized)
