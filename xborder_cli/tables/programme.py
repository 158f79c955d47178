"""Tables of kind programme, and the lookups of a market: rates by HS, origin and day."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xborder_cli.core.rule import Programme, ProgrammeRow, Provenance, Test
from xborder_cli.errors import Where
from xborder_cli.tables.conditions import multiples, read_tests
from xborder_cli.tables.node import Mapping, Node, Page, Text, read_page
from xborder_cli.tables.reader import CONFIDENCES, Reader
from xborder_cli.units import Unreadable, parse_day

if TYPE_CHECKING:
    from xborder_cli.core.rule import Day, Terms
    from xborder_cli.tables.grid import Grid, Row

COLUMNS = (
    "hs",
    "origin",
    "rate",
    "from",
    "until",
    "confidence",
    "source",
    "checked",
    "when",
    "note",
)
DEFAULTS = ("zero", "gap")
# of what folders before say. `earlier`: it holds up to the day before this table's first.
# `others`: it holds for codes and days of which this table says nothing
KEPT = "kept"


def read_programme(reader: Reader, node: Mapping) -> Programme | None:
    """Return a programme with the rows of this table."""
    tariff, identity = reader.text(node.get("tariff")), reader.text(node.get("id"))
    rows = node.get("rows")
    if not tariff or not identity or rows is None:
        return None
    keys = reader.texts(node.get("keys"))
    usual = "gap" if identity == "mfn" else "zero"
    if reader.choice(node.get("earlier"), (KEPT,)) and not reader.since:
        what = "the table does not say from which day it takes the place of earlier ones"
        reader.report("missing-key", node.entries["earlier"], what, "add from: and its first day")
    reader.choice(node.get("others"), (KEPT,))  # acted on where folders are laid over each other
    return Programme(
        tariff=tariff,
        id=identity,
        currency=reader.currency,
        provenance=reader.provenance,
        rows=read_rows(reader, rows, keys),
        default=reader.choice(node.get("default"), DEFAULTS, usual),
        name=reader.text(node.get("name")),
    )


def until(programme: Programme, day: Day) -> Programme:
    """Return a programme whose rows end on a day; those that begin later are left out."""
    rows = tuple(
        row if row.until is not None and row.until <= day else replace(row, until=day)
        for row in programme.rows
        if row.since <= day
    )
    return replace(programme, rows=rows)


def read_lookup(reader: Reader, tariff: str, name: Text, node: Node) -> Programme:
    """Return a lookup of a market: a grid, or a mapping with `default` and `rows`."""
    usual = "gap" if name.text == "mfn" else "zero"
    words = ""
    rows: Node | None = node
    keys: tuple[str, ...] = ()
    if isinstance(node, Mapping):
        reader.mapping(
            node, "a lookup", ("default", "rows", "name", "keys", "source", "checked", "confidence")
        )
        reader = reader.sourced(node)
        usual = reader.choice(node.get("default"), DEFAULTS, usual)
        words, rows = reader.text(node.get("name")), node.get("rows")
        keys = reader.texts(node.get("keys"))
        reader.require(node, "a lookup", "rows")
    found = read_rows(reader, rows, keys) if rows is not None else ()
    return Programme(tariff, name.text, reader.currency, reader.provenance, found, usual, words)


def read_rows(reader: Reader, node: Node, keys: tuple[str, ...] = ()) -> tuple[ProgrammeRow, ...]:
    """Return the rows of a grid of duties; `keys` names columns beside hs and origin."""
    grid = reader.grid(node)
    if grid is None:
        return ()
    if not _headed(reader, grid, keys):
        return ()
    columns = _Columns(reader, grid, keys)
    found: list[ProgrammeRow] = []
    for row in grid.rows:
        reader.columns[reader.provenance.table, row.line] = row.columns[0]
        found.extend(columns.rows(row))
    _check_twice(reader, grid, found)
    return tuple(found)


def _headed(reader: Reader, grid: Grid, keys: tuple[str, ...]) -> bool:
    good = True
    for place, name in enumerate(grid.heading.cells):
        if name not in COLUMNS and name not in keys:
            fix = f"columns are {', '.join((*COLUMNS, *keys))}"
            reader.report("bad-heading", grid.heading.where(place), f'no column is "{name}"', fix)
            good = False
    for name in ("hs", "rate", *keys):
        if grid.index(name) is None:
            what = f'the grid has no column "{name}"'
            reader.report("bad-heading", grid.heading.where(0), what, f"add {name} to the heading")
            good = False
    return good


class _Columns:
    """Reads the rows of one grid; what repeats from row to row is worked out once."""

    def __init__(self, reader: Reader, grid: Grid, keys: tuple[str, ...]) -> None:
        self.reader = reader
        self.index = {name: grid.index(name) for name in (*COLUMNS, *keys)}
        self.keys = keys
        self.days: dict[str, int] = {}
        self.sources: dict[str, tuple[str, str]] = {}
        # of texts without a fault; one with a fault is told in every row
        self.rates: dict[str, Terms] = {}
        self.origins: dict[str, tuple[str, ...]] = {}
        self.tests: dict[str, tuple[Test, ...]] = {}

    def rows(self, row: Row) -> list[ProgrammeRow]:
        """Return the rules of a row: one, or one for every origin it names."""
        reader = self.reader
        hs = self._cell(row, "hs")
        if hs == "*":
            hs = ""
        elif not hs.isdigit() or not hs.isascii() or len(hs) > 14:
            fix = "write digits without points, or * for every code"
            reader.report("bad-hs", self._where(row, "hs"), f'"{hs}" is not an HS code', fix)
            return []
        terms = self._terms(row)
        if terms is None:
            return []
        since = self._day(row, "from")
        until = self._day(row, "until")
        if since is not None and until is not None and until < since:
            where = self._where(row, "until")
            reader.report("dates-order", where, "it ends before it begins", "")
        if since is None:
            since = reader.since
        provenance = self._provenance(row, since)
        when = self._when(row)
        key = "|".join(self._cell(row, name) for name in self.keys)
        note = self._cell(row, "note")
        return [
            ProgrammeRow(hs, code, terms, since, until, provenance, when, key, note)
            for code in self._origins(row)
        ]

    def _cell(self, row: Row, name: str) -> str:
        place = self.index[name]
        return "" if place is None else row.cells[place]

    def _where(self, row: Row, name: str) -> Where:
        return row.where(self.index[name] or 0)

    def _terms(self, row: Row) -> Terms | None:
        text = self._cell(row, "rate")
        found = self.rates.get(text)
        if found is None:
            before = len(self.reader.problems)
            found = self.reader.terms(text, self._where(row, "rate"))
            if found is not None and len(self.reader.problems) == before:
                self.rates[text] = found
        return found

    def _origins(self, row: Row) -> tuple[str, ...]:
        text = self._cell(row, "origin")
        if not text:
            return ("",)
        found = self.origins.get(text)
        if found is None:
            before = len(self.reader.problems)
            found = self.reader.places(text.split(), self._where(row, "origin"))
            if len(self.reader.problems) == before:
                self.origins[text] = found
        return found

    def _day(self, row: Row, name: str) -> int | None:
        place = self.index[name]
        text = row.cells[place] if place is not None else ""
        if not text or place is None:
            return None
        if text not in self.days:
            try:
                self.days[text] = parse_day(text)
            except Unreadable as fault:
                self.reader.report(fault.code, row.where(place), fault.what, fault.fix)
                return None
        return self.days[text]

    def _provenance(self, row: Row, since: int) -> Provenance:
        start = self.reader.provenance
        title, url, confidence = start.title, start.url, start.confidence
        checked = start.checked
        source = self._cell(row, "source")
        if source:
            if source not in self.sources:
                where = self._where(row, "source")
                self.sources[source] = self.reader.source_named(source, where)
            title, url = self.sources[source]
        stated = self._cell(row, "confidence")
        if stated in CONFIDENCES:
            confidence = stated
        elif stated:
            fix = f"write one of: {', '.join(CONFIDENCES)}"
            where = self._where(row, "confidence")
            self.reader.report("unknown-value", where, f'"{stated}" is not known here', fix)
        if self.index["checked"] is not None:
            checked = self._day(row, "checked") or checked
        return Provenance(start.table, row.line, title, url, since, checked, confidence)

    def _when(self, row: Row) -> tuple[Test, ...]:
        text = self._cell(row, "when")
        if not text:
            return ()
        if text in self.tests:
            return self.tests[text]
        where = self._where(row, "when")
        before = len(self.reader.problems)
        tests = self._read_when(row, text, where)
        if len(self.reader.problems) == before:
            self.tests[text] = tests
        return tests

    def _read_when(self, row: Row, text: str, where: Where) -> tuple[Test, ...]:
        # The page begins at the cell, so that faults inside it show the right place.
        inner = text if text.startswith("{") else f"{{{text}}}"
        shift = where.column - 1 - (inner is not text)
        page = Page(row.page.path, row.page.table, "\n" * (row.line - 1) + " " * shift + inner)
        for node in read_page(page, self.reader.problems):
            tests = read_tests(self.reader, node, in_line=True)
            if multiples(tests):
                what, fix = "a row reads no charges", "compare in the charge that looks it up"
                self.reader.report("bad-condition", where, what, fix)
            return tests
        return ()


def _check_twice(reader: Reader, grid: Grid, rows: list[ProgrammeRow]) -> None:
    seen: dict[tuple[object, ...], int] = {}
    for row in rows:
        identity = (row.hs, row.origin, row.key, row.since, row.when)
        first = seen.setdefault(identity, row.provenance.line)
        if first != row.provenance.line:
            where = Where(grid.heading.page.path, row.provenance.line, grid.heading.columns[0])
            what = f"{row.hs or '*'} {row.origin or 'any origin'} stands on line {first} already"
            reader.report("duplicate-row", where, what, "keep one, or give each its own days")
