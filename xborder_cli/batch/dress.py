"""How cells are written in a format, each distinct text once."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xborder_cli.batch.fields import DECIMALS
from xborder_cli.batch.lines import Coded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xborder_cli.batch.lines import Part
    from xborder_cli.core.columns import IntColumn

FEW: Final = 4096  # a column of whole numbers that are so close together is written by code


@dataclass(frozen=True, slots=True)
class Dress:
    """What stands around and between the cells of a row, and how a text is made safe in it."""

    begin: str
    between: str
    end: str
    none: str  # in place of a null
    quote: str  # around every text
    gap: str  # for a null among plain texts, the quotes around it included; "" where there are none
    escaped: Callable[[pa.Array], pa.Array]
    named: bool = False
    colon: str = ""  # between name and value

    def column(self, name: str, cells: pa.Array) -> Iterator[Part]:
        """Yield what a column puts into a line: itself, and what is the same in every row."""
        if pa.types.is_dictionary(cells.type):
            texts = self._quoted(self.escaped(cells.dictionary))
            yield self._coded(cells.indices.fill_null(len(texts)).to_numpy(), texts)
        elif pa.types.is_boolean(cells.type):
            codes = cells.cast(pa.int64()).fill_null(2).to_numpy()
            yield self._coded(codes, pa.array(["false", "true"]))
        elif pa.types.is_integer(cells.type):
            yield self._whole(cells)
        else:
            texts = cells if name in DECIMALS else self.escaped(cells)
            yield self.quote
            yield texts if self.gap or not self.none else texts.fill_null(self.none)
            yield self.quote

    def _whole(self, cells: pa.Array) -> Part:
        ends = pc.min_max(cells)
        low, high = ends["min"].as_py(), ends["max"].as_py()
        if low is None:
            low = high = 0
        if high - low >= FEW:
            return cells.cast(pa.string()).fill_null(self.none)
        texts = pa.array([str(number) for number in range(low, high + 1)])
        return self._coded(cells.fill_null(high + 1).to_numpy() - low, texts)

    def _coded(self, codes: IntColumn, texts: pa.Array) -> Coded:
        texts = pa.concat_arrays([texts, pa.array([self.none])])
        return Coded(codes.astype(np.int64), texts)

    def _quoted(self, texts: pa.Array) -> pa.Array:
        if not self.quote:
            return texts
        return pc.binary_join_element_wise(self.quote, texts, self.quote, "")


def csv_dress(delimiter: str, line_end: str, *, alone: bool) -> Dress:
    """Return the dress of CSV; a null that stands alone in its line is quoted, to be seen."""
    odd = f'["\r\n\\x{ord(delimiter):02x}]'

    def quoted(texts: pa.Array) -> pa.Array:
        doubled = pc.replace_substring(texts, '"', '""')
        return pc.binary_join_element_wise('"', doubled, '"', "")

    def escaped(texts: pa.Array) -> pa.Array:
        return _replaced(texts, odd, quoted)

    return Dress("", delimiter, line_end, '""' if alone else "", "", "", escaped)


def json_dress(begin: str, end: str, between: str, colon: str) -> Dress:
    """Return a dress of JSON objects."""
    return Dress(begin, between, end, "null", '"', "null", _json_escaped, named=True, colon=colon)


def _json_escaped(texts: pa.Array) -> pa.Array:
    def written(odd: pa.Array) -> pa.Array:
        each = odd.dictionary_encode()
        inside = [json.dumps(one, ensure_ascii=False)[1:-1] for one in each.dictionary.to_pylist()]
        return pa.array(inside, pa.string()).take(each.indices)

    return _replaced(texts, r'["\\\x00-\x1f]', written)


def _replaced(texts: pa.Array, odd: str, better: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Return texts with those that match `odd` written otherwise."""
    if not _any(texts, odd):
        return texts
    found = pc.match_substring_regex(texts, odd).fill_null(False)
    if not found.true_count:
        return texts
    return pc.replace_with_mask(texts, found, better(texts.filter(found)))


def _any(texts: pa.Array, odd: str) -> bool:
    """Tell whether there may be anything odd: one look at all bytes is faster than one a text."""
    data = texts.buffers()[2]
    return data is not None and re.search(odd.encode(), memoryview(data)) is not None
