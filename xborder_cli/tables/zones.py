"""The `zones` of a rate card: which country, postcode or area lies where."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xborder_cli.core.rule import ZoneRow

if TYPE_CHECKING:
    from xborder_cli.errors import Where
    from xborder_cli.tables.grid import Row
    from xborder_cli.tables.node import Node
    from xborder_cli.tables.reader import Reader

_COLUMNS = ("zone", "countries", "postcodes", "areas", "days")
_DAYS = re.compile(r"(\d{1,3})(?:-(\d{1,3}))?(?:\s*days?)?")
_SPLIT = re.compile(r"[,\s]+")


def read_zones(reader: Reader, node: Node | None, zone_of: str) -> tuple[ZoneRow, ...]:
    """Return the rows of a zone grid, unions put as their members."""
    grid = reader.grid(node)
    if grid is None:
        return ()
    for place, name in enumerate(grid.heading.cells):
        if name not in _COLUMNS:
            fix = f"columns are {', '.join(_COLUMNS)}"
            reader.report("bad-heading", grid.heading.where(place), f'no column is "{name}"', fix)
    index = {name: grid.index(name) for name in _COLUMNS}
    if index["zone"] is None or index["countries"] is None:
        what = "a zone grid has the columns zone and countries"
        reader.report("bad-heading", grid.heading.where(0), what, "head them zone and countries")
        return ()
    rows: list[ZoneRow] = []
    for row in grid.rows:
        reader.columns[reader.provenance.table, row.line] = row.columns[0]

        def cell(name: str, row: Row = row) -> tuple[str, Where]:
            place = index[name]
            return (row.cells[place], row.where(place)) if place is not None else ("", row.where(0))

        countries, where = cell("countries")
        codes = tuple(code for code in _SPLIT.split(countries) if code)
        is_lane = zone_of == "lane"
        found = _lanes(reader, codes, where) if is_lane else reader.places(codes, where)
        if not found:
            reader.report("empty-zone", where, "this zone has no country", "name one, or drop it")
        rows.append(
            ZoneRow(
                zone=cell("zone")[0],
                countries=found,
                postcodes=tuple(code for code in _SPLIT.split(cell("postcodes")[0]) if code),
                areas=tuple(code for code in _SPLIT.split(cell("areas")[0]) if code),
                transit_days=read_transit(reader, *cell("days")),
                line=row.line,
            )
        )
    return tuple(rows)


def read_destinations(reader: Reader, node: Node | None) -> tuple[ZoneRow, ...]:
    """Return the `to` list of a card without zones as one zone without name."""
    if node is None:
        return ()
    found: dict[str, None] = {}
    for text in reader.text_nodes(node):
        found.update(dict.fromkeys(reader.places([text.text.strip()], text)))
    return (ZoneRow("", tuple(found), line=node.line),) if found else ()


def read_transit(reader: Reader, text: str, where: Where | Node) -> tuple[int, int] | None:
    """Return first and last day of `3-5`, `4`, `3-5 days`."""
    if not text:
        return None
    found = _DAYS.fullmatch(text)
    days = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if days[0] > days[1]:
        reader.report("bad-days", where, f'"{text}" is not a range of days', "write 3-5")
        return None
    return days


def read_assumed(reader: Reader, item: Node | None) -> dict[str, str]:
    """Return the zone that is taken where nothing published tells which."""
    node = reader.mapping(item, "assumed_zones")
    if node is None:
        return {}
    found: dict[str, str] = {}
    for key, value in node:
        for country in reader.places([key.text], key):
            found[country] = reader.text(value)
    return found


def _lanes(reader: Reader, codes: tuple[str, ...], where: Where) -> tuple[str, ...]:
    """Return `CN-US` pairs with unions on either side put as their members."""
    found: dict[str, None] = {}
    for code in codes:
        origin, dash, destination = code.partition("-")
        if not dash:
            reader.report("bad-lane", where, f'"{code}" is not a lane', "write CN-US")
            continue
        for start in reader.places([origin], where):
            for end in reader.places([destination], where):
                found[f"{start}-{end}"] = None
    return tuple(found)
