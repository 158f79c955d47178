"""Blocks of text understood as orders: in columns where they are plain, else one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.adapters.names import Names
from xborder_cli.adapters.orders import Reading
from xborder_cli.batch.fault_keys import FaultKeys, Sure
from xborder_cli.batch.grouped import Grouper
from xborder_cli.batch.line_columns import line_columns
from xborder_cli.batch.line_sums import summed
from xborder_cli.batch.order_columns import order_columns
from xborder_cli.batch.orders import Orders
from xborder_cli.batch.our_columns import our_columns
from xborder_cli.batch.packed import packed
from xborder_cli.batch.scalar import Scalar
from xborder_cli.batch.shelf import Shelf
from xborder_cli.batch.template import Templates

if TYPE_CHECKING:
    from xborder_cli.adapters.stated import Stated
    from xborder_cli.batch.block import Block
    from xborder_cli.batch.catalogue import Catalogue
    from xborder_cli.batch.headings import Meanings
    from xborder_cli.tables.compile import Compiled


class Understanding:
    """Reads blocks of one input; what it has learnt of texts serves the next one."""

    def __init__(
        self,
        meanings: Meanings,
        defaults: Stated,
        tables: Compiled,
        *,
        today: int,
        names: Names | None = None,
        currency: str = "",
        catalogue: Catalogue | None = None,
    ) -> None:
        """Keep what holds for every block.

        Args:
            meanings: what the headings mean.
            defaults: what holds where a cell is blank.
            tables: compiled.
            today: the day of orders that name none, since 1970-01-01.
            names: what the tables know by name; told by `tables` when None.
            currency: of the answers; each order's own when "".
            catalogue: products by SKU.
        """
        products = catalogue.products if catalogue is not None else None
        self.meanings = meanings
        self.book = tables
        self.currency = currency
        self.code = {name: at for at, name in enumerate(tables.digits)}
        self.reading = Reading(
            path="",
            defaults=defaults,
            today=today,
            names=names or names_of(tables),
            products=products,
        )
        self.templates = Templates(tables, self.reading)
        keys = FaultKeys(self.code, bool(defaults.weight))
        self.scalar = Scalar(tables, self.reading, meanings, currency, keys)
        self.shelf = Shelf.of_products(products, self.code) if products is not None else None
        self.days: dict[tuple[str, str], int] = {}

    def read(self, block: Block) -> Orders:
        """Return what the orders of a block come to: priced together, refused, or rejected."""
        out = Orders()
        if not block.rows:
            return out
        columns = our_columns(block, self.meanings)
        for name in ("items", "parts"):
            if name in columns.rows:
                columns.doubt(columns.rows[name].filled)
        if "line_mark" in columns.rows and not columns.single:
            # a row without the mark may sum up others
            columns.doubt((columns.rows["line_mark"].codes < 0) & (columns.size > 1)[columns.order])
        defaults = self.reading.defaults
        if defaults.parts:
            columns.odd[:] = True
        sure = Sure()
        if not columns.odd.all():
            orders = order_columns(columns, self.templates, self.code, self.days)
            lines = line_columns(columns, orders, self.templates, self.code, self.shelf)
            orders = summed(columns, orders, lines.quantity, self.code)
            whole = packed(columns, orders, lines, self.shelf)
            Grouper(columns, orders, lines, whole, self.templates).into(out, self.currency)
            sure = Sure((orders.template >= 0)[columns.order], lines.template >= 0)
        odd = np.flatnonzero(columns.odd)
        spans = [
            range(start, start + size)
            for start, size in zip(
                columns.starts[odd].tolist(), columns.size[odd].tolist(), strict=True
            )
        ]
        self.scalar.read(block, odd.tolist(), spans, out, sure)
        return out


def names_of(tables: Compiled) -> Names:
    """Return what compiled tables know by name."""
    return Names(
        countries=tables.countries,
        goods=tables.goods,
        currencies=tables.digits,
        known=tables.known_names,
        market=tables.market,
    )
