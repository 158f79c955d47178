"""Band tables: printed grids or rows in line to Bands, with what is wrong between the bands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xborder_cli.core.rule import Band, Bands, Limit, Term, Terms
from xborder_cli.tables.band_checks import HOLE, Entry, check_falls, check_order
from xborder_cli.tables.node import Listing, Mapping, Node, Text
from xborder_cli.tables.terms import cell_term, heading_term, parse_limit, with_amount
from xborder_cli.units import PLURALS, UNITS, Unreadable, parse_decimal

if TYPE_CHECKING:
    from xborder_cli.errors import Where
    from xborder_cli.tables.grid import Grid, Row
    from xborder_cli.tables.reader import Reader

KEYS = ("bands", "by", "ends", "keys", "grid", "rows", "cell")
KINDS = ("whole", "portion", "deficit")
OPEN = ("open", "null")
_LIMIT_HEADING = re.compile(r"(up_to|from)(?:_(.+))?")


def read_bands(reader: Reader, node: Mapping) -> Bands | None:
    """Return the bands of a rate, None when they cannot be read; faults are noted."""
    reader.mapping(node, "a band table", KEYS)
    kind = reader.choice(node.get("bands"), KINDS, "whole")
    ends = reader.choice(node.get("ends"), ("up_to", "from"))
    keys = reader.texts(node.get("keys"))
    by = reader.text(node.get("by"))
    grid_node, rows_node = node.get("grid"), node.get("rows")
    if (grid_node is None) == (rows_node is None):
        fix = "give grid: | with a heading, or rows"
        reader.report("missing-key", node, "a band table needs either a grid or rows", fix)
        return None
    found: dict[str, list[Entry]]
    if grid_node is not None:
        grid = reader.grid(grid_node)
        if grid is None:
            return None
        layout = _Layout.of(reader, grid, keys, node.get("cell"))
        if layout is None:
            return None
        if layout.ends and ends and layout.ends != ends:
            where = grid.heading.where(layout.limit_column or 0)
            what = f'the heading says "{layout.ends}", the table says ends: {ends}'
            reader.report("ends-differ", where, what, "let both say the same")
        ends = ends or layout.ends or "up_to"
        found = layout.bands(reader, grid)
        limited = layout.limit_column is not None
    else:
        found = _rows(reader, rows_node)
        limited = True
        if not ends:
            reader.report("missing-key", node, 'rows do not say where bands end: no "ends"', "")
            ends = "up_to"
    if limited and not by:
        fix = "add by: chargeable, or another measure or name"
        reader.report("missing-key", node, 'a band table with limits has no "by"', fix)
    for key, entries in found.items():
        check_order(reader, key, entries, ends)
        check_falls(reader, key, entries, kind)
    rows = {key: tuple(band for band, _ in entries) for key, entries in found.items()}
    return Bands(kind, by, ends, keys, rows)


class _Layout:
    """Which column of a grid is what."""

    def __init__(self, keys: tuple[str, ...], limit_column: int | None) -> None:
        self.key_columns: tuple[int, ...] = ()
        self.keys = keys
        self.limit_column = limit_column
        self.ends = ""
        self.limit_mark = ""
        self.limit_per = ""
        self.terms: list[tuple[int, Term | None]] = []  # long: column, template (None: whole rates)
        self.wide: list[tuple[int, str]] = []  # wide: column, last part of the key
        self.cell: Term | None = None

    @classmethod
    def of(
        cls, reader: Reader, grid: Grid, keys: tuple[str, ...], cell: Node | None
    ) -> _Layout | None:
        """Return the layout that a heading shows."""
        names = grid.heading.cells
        is_long = names[: len(keys)] == keys
        leading = len(keys) if is_long else len(keys) - 1
        if keys and not is_long and names[:leading] != keys[:-1]:
            what = f"the heading begins with {names[0]}, not with the keys {', '.join(keys)}"
            reader.report("bad-heading", grid.heading.where(0), what, "name the keys first")
            return None
        layout = cls(keys, None)
        layout.key_columns = tuple(range(leading))
        place = leading
        if place < len(names) and (found := _LIMIT_HEADING.fullmatch(names[place])):
            layout.limit_column, layout.ends = place, found[1]
            if not layout._limit(reader, grid.heading, found[2] or ""):
                return None
            place += 1
        if place >= len(names):
            reader.report("bad-heading", grid.heading.where(place), "no column holds a rate", "")
            return None
        if is_long:
            return layout if layout._long(reader, grid.heading, place) else None
        layout.wide = [(column, names[column]) for column in range(place, len(names))]
        where: Where | Node = cell if cell is not None else grid.heading.where(0)
        template = reader.text(cell) or reader.currency
        if not template:
            fix = "add cell: and what a cell is, such as cell: 'CNY / kg'"
            reader.report("missing-key", where, "nothing says what a cell of this grid is", fix)
            return None
        layout.cell = reader.attempt(where, lambda: cell_term(template))
        return layout if layout.cell is not None else None

    def _limit(self, reader: Reader, heading: Row, mark: str) -> bool:
        unit, _, per = mark.partition("/")
        unit = PLURALS.get(unit, unit)
        known = not unit or unit in UNITS or re.fullmatch(r"[A-Z]{3}", unit)
        if not known or (per and PLURALS.get(per, per) not in UNITS):
            what = f'"{mark}" is no unit of a limit'
            fix = "limits are headed up_to_kg, up_to_days, from_USD, up_to_HKD/litre and the like"
            reader.report("bad-heading", heading.where(self.limit_column or 0), what, fix)
            return False
        self.limit_mark, self.limit_per = unit, PLURALS.get(per, per)
        if unit and unit not in UNITS:
            reader.check_currency(unit, heading.where(self.limit_column or 0))
        return True

    def _long(self, reader: Reader, heading: Row, place: int) -> bool:
        for column in range(place, len(heading.cells)):
            name = heading.cells[column]
            template = None if name == "rate" else heading_term(name)
            if template is None and name != "rate":
                what = f'"{name}" is no term of a rate'
                fix = "columns are headed CNY, CNY/kg, CNY/started_0.01kg_over_band, % or rate"
                reader.report("bad-heading", heading.where(column), what, fix)
                return False
            if template is not None and template.currency:
                reader.check_currency(template.currency, heading.where(column))
            self.terms.append((column, template))
        return True

    def bands(self, reader: Reader, grid: Grid) -> dict[str, list[Entry]]:
        """Return the bands of every key, in the order of the grid."""
        found: dict[str, list[Entry]] = {}
        for row in grid.rows:
            reader.columns[reader.provenance.table, row.line] = row.columns[0]
            limit: Limit | None = None
            if self.limit_column is not None:
                try:
                    limit = self._row_limit(row.cells[self.limit_column])
                except Unreadable as fault:
                    where = row.where(self.limit_column)
                    reader.report(fault.code, where, fault.what, fault.fix)
                    continue
            lead = [row.cells[column] for column in self.key_columns]
            if "" in lead:
                reader.report("empty-key", row.where(lead.index("")), "a key is empty", "")
                continue
            if self.cell is not None:
                self._wide_row(reader, row, lead, limit, found)
            else:
                self._long_row(reader, row, lead, limit, found)
        return found

    def _row_limit(self, text: str) -> Limit | None:
        if text in OPEN:
            return None
        amount = parse_decimal(text, "limit")
        if self.limit_mark and self.limit_mark not in UNITS:
            return Limit(amount, currency=self.limit_mark, per=self.limit_per)
        return Limit(amount, unit=self.limit_mark)

    def _wide_row(
        self, reader: Reader, row: Row, lead: list[str], limit: Limit | None,
        found: dict[str, list[Entry]],
    ) -> None:  # fmt: skip
        assert self.cell is not None
        for column, last in self.wide:
            cell = row.cells[column]
            entries = found.setdefault("|".join((*lead, last)), [])
            if not cell:
                entries.append((Band(limit, HOLE, row.line), row.where(column)))
                continue
            try:
                part = with_amount(self.cell, parse_decimal(cell, "price"))
            except Unreadable as fault:
                reader.report("bad-price", row.where(column), fault.what, fault.fix)
                continue
            entries.append((Band(limit, Terms((part,)), row.line), row.where(column)))

    def _long_row(
        self, reader: Reader, row: Row, lead: list[str], limit: Limit | None,
        found: dict[str, list[Entry]],
    ) -> None:  # fmt: skip
        parts: list[Term] = []
        whole: Terms | None = None
        place = -1
        for column, template in self.terms:
            cell = row.cells[column]
            if not cell:
                continue
            place = column if place < 0 else place
            if template is None:
                whole = reader.terms(cell, row.where(column))
                continue
            try:
                parts.append(with_amount(template, parse_decimal(cell, "price")))
            except Unreadable as fault:
                reader.report("bad-price", row.where(column), fault.what, fault.fix)
        if place < 0:
            what = "this band has no price"
            reader.report("band-gap", row.where(0), what, "drop the line, or fill in the price")
            return
        if whole is not None:
            terms = Terms((*parts, *whole.parts), whole.low, whole.high, whole.words)
        else:
            terms = Terms(tuple(parts))
        band = Band(limit, terms, row.line)
        found.setdefault("|".join(lead), []).append((band, row.where(place)))


def _rows(reader: Reader, node: Node | None) -> dict[str, list[Entry]]:
    if isinstance(node, Mapping):
        return {key.text: _row_list(reader, value) for key, value in node}
    return {"": _row_list(reader, node)}


def _row_list(reader: Reader, node: Node | None) -> list[Entry]:
    entries: list[Entry] = []
    for item in reader.items(node, "rows"):
        cells = item.items if isinstance(item, Listing) else []
        if len(cells) != 2 or not all(isinstance(cell, Text) for cell in cells):
            reader.report("bad-band", item, "a row is a limit and a rate", "write [2 kg, 5 EUR]")
            continue
        text = reader.text(cells[0])
        limit = None
        if text not in OPEN:
            limit = reader.attempt(cells[0], lambda text=text: parse_limit(text))  # type: ignore[misc]
            if limit is None:
                continue
        terms = reader.terms(reader.text(cells[1]), cells[1])
        if terms is not None:
            entries.append((Band(limit, terms, item.line), cells[1].where))
    return entries
