"""A catalogue as columns: what each product adds to the lines that name it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from xborder_cli import units
from xborder_cli.batch.readings import NO_CURRENCY, amounts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xborder_cli.adapters.products import Products
    from xborder_cli.batch.coded import Coded
    from xborder_cli.core.columns import BoolColumn, IntColumn

FACTS = ("goods", "hs", "origin", "traits", "claims", "units")
Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """k products; every column has one more row, for lines that have none."""

    place: Mapping[str, int]  # SKU -> product
    facts: list[Facts]  # distinct
    facts_of: IntColumn  # shape (k + 1,), -1 for none
    weight_mg: IntColumn  # of a piece, 0 where not stated
    sides_dmm: IntColumn  # shape (k + 1, 3), 0 where not stated
    priced: BoolColumn
    digits: IntColumn
    places: IntColumn
    currency: IntColumn

    @staticmethod
    def of_products(products: Products, code: Mapping[str, int]) -> Shelf:
        """Return products as columns; `code` numbers the currencies."""
        known: dict[Facts, int] = {}
        facts_of, weights, sides, prices = [], [], [], []
        for product in products.values():
            told = tuple((name, product[name]) for name in FACTS if name in product)
            facts_of.append(known.setdefault(told, len(known)))
            weight = product.get("weight", "")
            weights.append(units.parse_weight_mg(weight) if weight else 0)
            size = product.get("size", "")
            sides.append(units.parse_size_dmm(size) if size else (0, 0, 0))
            prices.append(product.get("value", ""))
        read = amounts(pa.array([*prices, ""], pa.string()), "", code)
        priced = read.ok & (read.currency != NO_CURRENCY)
        return Shelf(
            {sku: at for at, sku in enumerate(products)},
            list(known),
            np.array([*facts_of, -1], dtype=np.int64),
            np.array([*weights, 0], dtype=np.int64),
            np.array([*sides, (0, 0, 0)], dtype=np.int64),
            priced,
            read.digits,
            read.places,
            read.currency,
        )

    def of(self, sku: Coded) -> IntColumn:
        """Return the product of each line, -1 for none."""
        known = [self.place.get(text, -1) for text in sku.texts.to_pylist()]
        return np.array([*known, -1], dtype=np.int64)[sku.codes]
