"""Products by SKU, for orders whose rows name one and say little else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xborder_cli.adapters.products import Products


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a file of products says; sent to each worker."""

    path: str
    products: Products
    remarks: tuple[str, ...] = ()
