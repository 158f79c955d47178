"""What of a row decides its faults, so that rows at fault in the same way are judged once.

A cell that is sure to be right has no part in any fault: of it only counts that it is filled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow.compute as pc

from xborder_cli.adapters.order_cells import OF_PIECE
from xborder_cli.adapters.order_limits import MONEY
from xborder_cli.batch import line_columns, order_columns
from xborder_cli.batch.coded import Coded
from xborder_cli.batch.plain_numbers import TENS
from xborder_cli.batch.readings import NO_CURRENCY, amounts, counts, days, sizes, weights

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from xborder_cli.core.columns import BoolColumn

RIGHT: Final = "+"  # stands for any text that is sure to be right
PRICES: Final = ("unit_price", *OF_PIECE)
PRICE: Final = 1000  # of a piece, below which no quantity leads past what can be reckoned with


@dataclass(frozen=True, slots=True)
class Sure:
    """Which rows have cells that were read as templates; None where none were looked at."""

    order: BoolColumn | None = None  # those of their whole order
    line: BoolColumn | None = None  # those of their line


@dataclass(frozen=True, slots=True)
class FaultKeys:
    """Tells which cells of some rows have a part in their faults."""

    code: Mapping[str, int]  # of each currency
    weighed: bool  # the flags state a weight

    def of(
        self, cells: Mapping[str, pa.Array], units: Mapping[str, str], sure: Sure
    ) -> list[list[str | None]]:
        """Return the columns with cells that are sure to be right as RIGHT.

        Args:
            cells: our columns of n rows, each once.
            units: of their headings.
            sure: of the same n rows.
        """
        out = []
        weight = cells.get("weight")
        heavy = None if weight is None else np.asarray(weight.is_valid())
        for name, column in cells.items():
            coded = Coded.of(column)
            right = self._texts_right(name, coded, units.get(name, ""))[coded.codes]
            if name in order_columns.FEW and sure.order is not None:
                right = sure.order
            elif name in line_columns.FEW and sure.line is not None:
                # goods may tell the weight where nothing else does
                right = sure.line if self.weighed or heavy is None else sure.line & heavy
                right = right if self.weighed or heavy is not None else np.zeros_like(right)
            elif name in ("value", *PRICES) and not units.get(name):
                right = right & self._currency_known(cells)
            elif name == "quantity":
                # a high price of a piece is too much for some numbers of pieces
                right = right & self._low(cells, units)
            out.append(_marked(coded, right))
        return out

    def _texts_right(self, name: str, coded: Coded, unit: str) -> BoolColumn:
        """Return which distinct texts are right, whatever stands beside them; one more row."""
        texts = coded.texts
        ok = np.zeros(len(texts), dtype=bool)
        if name == "weight":
            ok = weights(texts, unit).ok
        elif name == "size":
            ok = sizes(texts, unit).ok
        elif name == "ordered_on":
            ok = days(texts, unit, {}).ok
        elif name == "quantity":
            ok = counts(texts).ok
        elif name == "postcode":
            ok = np.ones(len(texts), dtype=bool)
        elif name in ("value", *PRICES):
            read = amounts(texts, unit, self.code)
            least = PRICE if name in PRICES else MONEY
            ok = read.ok & (read.digits // TENS[read.places] < least)
            ok &= np.asarray(pc.match_substring_regex(texts, "[0-9]$"))
            ok &= (read.currency == NO_CURRENCY) | bool(unit)
        return np.append(ok, False)

    def _low(self, cells: Mapping[str, pa.Array], units: Mapping[str, str]) -> BoolColumn | bool:
        """Return which rows state no price of a piece that is not sure to be low."""
        low: BoolColumn | bool = True
        for name in PRICES:
            if name in cells:
                coded = Coded.of(cells[name])
                right = self._texts_right(name, coded, units.get(name, ""))[coded.codes]
                low = low & (right | ~coded.filled)
        return low

    def _currency_known(self, cells: Mapping[str, pa.Array]) -> BoolColumn | bool:
        if "currency" not in cells:
            return False
        coded = Coded.of(cells["currency"])
        known = [text.upper() in self.code for text in coded.texts.to_pylist()]
        return np.array([*known, False], dtype=bool)[coded.codes]


def _marked(coded: Coded, right: BoolColumn) -> list[str | None]:
    names = [*coded.texts.to_pylist(), RIGHT, None]
    blank = len(names) - 1
    codes = np.where(coded.codes < 0, blank, np.where(right, blank - 1, coded.codes))
    return [names[code] for code in codes.tolist()]
