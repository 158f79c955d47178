"""Products by SKU, for orders whose rows name one and say little else."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from xborder_cli import units
from xborder_cli.adapters.order_cells import SIDES
from xborder_cli.adapters.order_rows import OrderRow
from xborder_cli.adapters.orders import Reading, order_from_rows
from xborder_cli.adapters.stated import Stated
from xborder_cli.batch.headings import meanings_of, sniffed_by
from xborder_cli.batch.presets import fitting
from xborder_cli.errors import OrderError, Problem, Where

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from xborder_cli.adapters.names import Names
    from xborder_cli.adapters.products import Products
    from xborder_cli.batch.headings import Meanings
    from xborder_cli.batch.presets import Preset
    from xborder_cli.core.rule import Ratio
    from xborder_cli.core.shipment import Shipment

OF_PIECE: Final = (
    *("weight", "size", *SIDES, "value", "unit_price", "currency"),
    *("goods", "hs", "origin", "traits", "claims", "units"),
)
NET: Final = {"net_kg": "net", "gross_kg": "gross"}
ZERO: Final = re.compile(r"0+(\.0+)?\s*[A-Za-z]*")  # how shops write a weight nobody entered
PRICES: Final = ("value", "unit_price")
ANY: Final = "AAA"
SHOWN: Final = 20  # faults of a catalogue that are told


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a file of products says; sent to each worker."""

    path: str
    products: Products
    remarks: tuple[str, ...] = ()


def read_catalogue(
    path: str,
    names: Names | None = None,
    *,
    mapped: Mapping[str, str] | None = None,
    preset: Preset | None = None,
    encoding: str = "",
    delimiter: str = "",
) -> Catalogue:
    """Return the products of a CSV, JSON lines or Parquet file, one row a SKU.

    The export of a shop is read as such when its columns tell whose it is; a remark says so.

    Args:
        path: of the file.
        names: what the tables know; None judges nothing.
        mapped: our column -> theirs.
        preset: whose export it is.
        encoding: see `open_source`.
        delimiter: see `open_source`.

    Raises:
        OrderError: it cannot be read, has no column `sku`, or says two things of one SKU.
    """
    from xborder_cli.batch.source import open_source

    known = sniffed_by(mapped or {}, preset)
    currencies = names.currencies if names is not None else ()
    with open_source(path, known=known, encoding=encoding, delimiter=delimiter) as source:
        remarks = source.remarks
        fits = fitting(source.headings, "products") if preset is None and not mapped else None
        if fits is not None:
            remarks.append(f"{path} looks like {fits.title}, and is read as that")
        meanings = meanings_of(
            source.headings,
            path,
            mapped=mapped or {},
            preset=preset or fits,
            currencies=currencies,
            catalogued=True,
        )
        rows: list[OrderRow] = []
        for block in source.blocks(order_id=None, wanted=meanings.wanted):
            columns = {name: column.to_pylist() for name, column in block.cells.items()}
            for row in range(block.rows):
                cells = {name: texts[row] for name, texts in columns.items() if texts[row]}
                broken = block.broken.get(row, "")
                rows.append(OrderRow(int(block.line[row]), cells, "", broken))
    return catalogue_of(rows, path, meanings, names, remarks)


def catalogue_of(
    rows: list[OrderRow],
    path: str,
    meanings: Meanings,
    names: Names | None,
    remarks: Collection[str] = (),
) -> Catalogue:
    """Return the products of rows whose cells stand under their own headings."""
    sku = next((one.heading for one in meanings.columns if one.ours == "sku"), None)
    if sku is None:
        fix = "name yours sku, or with a preset"
        what = 'no column "sku"'
        raise OrderError(Problem(code="no-column", where=Where(path, 1), what=what, fix=fix))
    reader = _Products(path, meanings, names)
    found: dict[str, tuple[int, dict[str, str]]] = {}
    blank = 0
    for row in rows:
        if row.broken:
            reader.fault(row.line, "bad-row", row.broken)
            continue
        name = row.cells.get(sku, "")
        if not name:
            blank += 1
            continue
        told = reader.product(row)
        first = found.setdefault(name, (row.line, told))
        if first[1] != told:
            what = f'"{name}" is told otherwise in line {first[0]}: {_unlike(first[1], told)}'
            reader.fault(row.line, "sku-twice", what, "say of each SKU one thing")
    if reader.problems:
        raise OrderError(reader.problems[:SHOWN])
    said = [*remarks, *(f"{path}: {words}" for words in meanings.remarks)]
    for count, one, words in (
        (blank, "row", "without a SKU, left out"),
        (reader.weightless, "product", "of weight 0, taken as not stated"),
        (reader.unpriced, "price", "without a currency, not used; a column currency would tell it"),
    ):
        if count:
            said.append(f"{path}: {count:,} {one}{'s' * (count > 1)} {words}")
    return Catalogue(path, {name: told for name, (_, told) in found.items()}, tuple(said))


def _unlike(one: Mapping[str, str], other: Mapping[str, str]) -> str:
    return ", ".join(
        f"{name} {other.get(name) or 'none'} and {one.get(name) or 'none'}"
        for name in dict.fromkeys((*one, *other))
        if one.get(name) != other.get(name)
    )


class _Products:
    """Reads rows of a catalogue by the reader of orders, and gathers every fault."""

    def __init__(self, path: str, meanings: Meanings, names: Names | None) -> None:
        self.path = path
        self.meanings = meanings
        self.reading = Reading(path=path, defaults=Stated(), today=0, names=names)
        self.problems: list[Problem] = []
        self.weightless = self.unpriced = 0
        # any will do where a row says none: neither is kept
        self.currency = next(iter(names.currencies), ANY) if names is not None else ANY
        country = next(iter(names.countries), ANY) if names is not None else ANY
        self.stand_in = {"from": country, "to": country, "weight": "1kg"}
        self.told: dict[tuple[tuple[str, str], ...], dict[str, str]] = {}

    def fault(self, line: int, code: str, what: str, fix: str = "") -> None:
        where = Where(self.path, line)
        self.problems.append(Problem(code=code, where=where, what=what, fix=fix))

    def product(self, row: OrderRow) -> dict[str, str]:
        """Return what a row says of a piece, each text as the scalar reader writes it."""
        cells: dict[str, str] = {}
        theirs: dict[str, str] = {}
        unit_of: dict[str, str] = {}
        for heading, text in row.cells.items():
            meaning = self.meanings.of(heading)
            if meaning.ours in OF_PIECE and meaning.ours not in cells:
                cells[meaning.ours] = text
                theirs[meaning.ours] = heading
                if meaning.unit:
                    unit_of[meaning.ours] = meaning.unit
        if ZERO.fullmatch(cells.get("weight", "")):
            del cells["weight"]
            unit_of.pop("weight", None)
            self.weightless += 1
        of_shop = self.meanings.rules.preset_name and "currency" not in cells
        for column in PRICES if of_shop else ():  # in the shop's currency, which is not named
            if column not in unit_of and units.is_decimal(cells.get(column, "")):
                del cells[column]
                self.unpriced += 1
        made = replace(
            row,
            cells={**self.stand_in, **self._valued(cells), **cells},
            theirs=theirs,
            units=unit_of,
        )
        order = order_from_rows("", (made,), self.reading)
        for reject in order.rejects:
            self.fault(row.line, reject.code, f"{reject.column}: {reject.words}")
        return {} if order.shipment is None else _told(order.shipment, cells)

    def _valued(self, cells: Mapping[str, str]) -> dict[str, str]:
        stated = "value" in cells or "unit_price" in cells
        return {} if stated else {"value": f"0{cells.get('currency') or self.currency}"}


def _told(made: Shipment, cells: Mapping[str, str]) -> dict[str, str]:
    """Return what was read of a piece, as texts that are read again without a doubt."""
    (item,) = made.items
    sides = made.length_dmm, made.width_dmm, made.height_dmm
    size = "x".join(f"{units.ratio_text((side, 10))}mm" for side in sides)
    found = {
        "weight": f"{made.weight_mg}mg" if "weight" in cells else "",
        "size": size if all(sides) else "",
        "goods": item.goods,
        "hs": item.hs,
        "origin": item.origin,
        "traits": ";".join(item.traits),
        "claims": ";".join(item.claims),
        "units": ";".join(_units(item.units)),
    }
    if "value" in cells or "unit_price" in cells:
        found["value"] = f"{units.ratio_text(item.value.amount)}{item.value.currency}"
    return {name: text for name, text in found.items() if text}


def _units(measured: Mapping[str, Ratio]) -> Iterator[str]:
    for name, number in measured.items():
        if name in NET:
            yield f"{NET[name]}={units.ratio_text(units.times(number, (1_000_000, 1)))}mg"
        else:
            yield f"{name}={units.ratio_text(number)}"
