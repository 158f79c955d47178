"""Reads the tables of one market alone: its own, its union's and those of its tariff.

Nothing is compiled and no other market is read, so that a page of rules needs no cache.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from xborder_cli.core.rule import Dated, Programme, Span
from xborder_cli.errors import Problem, TableError
from xborder_cli.rules.model import MarketTables, Note, World
from xborder_cli.tables.dated import Named, text_spans
from xborder_cli.tables.document import Document, find_kind, reader_of
from xborder_cli.tables.files import read_folders
from xborder_cli.tables.lists import (
    ModeTables,
    read_countries,
    read_currencies,
    read_goods,
    read_modes,
)
from xborder_cli.tables.load import _winners as winners
from xborder_cli.tables.load import sorted_problems
from xborder_cli.tables.market import Markets
from xborder_cli.tables.node import Mapping, Page, Text, read_page
from xborder_cli.tables.programme import read_programme
from xborder_cli.tables.reader import World as Codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from xborder_cli.core.rule import Goods
    from xborder_cli.tables.reader import Reader

_KIND = re.compile(r"\bkind[\"']?\s*:\s*[\"']?(\w+)")
_TARIFF = re.compile(r"\btariff[\"']?\s*:\s*[\"']?([\w-]+)")
_SHARED = ("countries", "currencies", "modes", "goods")


class Library:
    """The market tables of some folders; each is read when somebody asks for it."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Read the pages, and from them what all markets share.

        Raises:
            TableError: a folder or file cannot be read, or a shared table is broken.
        """
        self._problems: list[Problem] = []
        pages, digest = read_folders(folders, self._problems)
        self._pages: dict[str, list[tuple[int, Page]]] = {}
        for number, folder in enumerate(pages):
            for page in folder:
                for kind in dict.fromkeys(_KIND.findall(page.text)):
                    self._pages.setdefault(kind, []).append((number, page))
        self._codes = Codes()
        self._parsed: dict[str, list[Document]] = {}
        goods = self._read_shared()
        self._markets = {doc.identity[0]: doc for doc in self._documents("market")}
        self._programmes: dict[str, list[Programme]] = {}
        self._remarks: dict[tuple[str, int], str] = {}
        self._raise()
        self.world = World(
            countries=self._codes.countries,
            unions=self._codes.unions,
            goods={slug: (one.hs, one.name) for slug, one in goods.items()},
            folders=tuple(str(folder) for folder in folders),
            digest=digest,
        )

    @property
    def ids(self) -> tuple[str, ...]:
        """The markets and unions that have a table, in the order of their ids."""
        return tuple(sorted(self._markets))

    @property
    def unions(self) -> tuple[str, ...]:
        """Those of them that others extend: they are no destination themselves."""
        extended = {self._extends(name) for name in self._markets}
        return tuple(name for name in self.ids if name in extended)

    def name(self, identity: str) -> str:
        """Return what a market is called."""
        return _text(self._markets[identity].node, "name") if identity in self._markets else ""

    def days_named(self, identity: str) -> frozenset[str]:
        """Return every day that the tables of a market name anywhere, as written."""
        found: set[str] = set()
        for name in self._line(identity):
            found.update(_DAY.findall(self._markets[name].node.page.text))
        return frozenset(found)

    def market(self, identity: str) -> MarketTables:
        """Return the tables of a market or union.

        Raises:
            KeyError: no table has it.
            TableError: with every problem of its tables.
        """
        line = self._line(identity)
        parts = {name: self._part(name) for name in line}
        readers = {name: part[0] for name, part in parts.items()}
        found = list(Markets(parts).read())
        market, own = next((one, lookups) for one, lookups in found if one.id == identity)
        members = tuple(name for name in self.ids if self._extends(name) == identity)
        chain = dict.fromkeys((identity, *line, market.tariff))
        programmes = {one.id: one for tariff in reversed(chain) for one in self._of_tariff(tariff)}
        programmes |= {one.id: one for one in own}
        owners = {reader.page.table: name for name, reader in readers.items()}
        own_tables = frozenset(owners)
        for tariff in chain:
            for one in self._of_tariff(tariff):
                tables = {one.provenance.table, *(row.provenance.table for row in one.rows)}
                owners |= {table: tariff for table in tables if table not in owners}
        for reader, node in parts.values():
            self._note_rows(reader, _child(node, "lookups"))
        self._raise(but="unknown-name" if members else "")
        return MarketTables(
            market=market,
            values=_values(parts, line),
            programmes=programmes,
            own_tables=own_tables,
            owners=owners,
            names={name: self.name(name) for name in line},
            notes=_notes(parts, line),
            remarks=self._remarks,
            world=self.world,
            members=members,
        )

    # -- documents --------------------------------------------------------------------------------

    def _read_shared(self) -> dict[str, Goods]:
        unions: dict[str, dict[str, None]] = {}
        modes, goods = ModeTables(), dict[str, "Goods"]()
        for kind in _SHARED:
            for document in self._documents(kind):
                reader, node = self._reader(document), document.node
                if kind == "countries":
                    read_countries(reader, node, self._codes.countries, unions)
                elif kind == "currencies":
                    read_currencies(reader, node, self._codes.currencies)
                elif kind == "modes":
                    read_modes(reader, node, modes)
                else:
                    read_goods(reader, node, goods)
        self._codes.unions = {name: tuple(members) for name, members in unions.items()}
        self._codes.modes = frozenset(modes.modes)
        steps = [step for mode in modes.modes.values() for way in mode.patterns for step in way]
        self._codes.channels = frozenset(step.channel for step in steps if step.channel)
        return goods

    def _documents(self, kind: str, tariff: str = "") -> list[Document]:
        """Return the documents of a kind, of one tariff where it is named; later folders win."""
        key = f"{kind} {tariff}"
        if key not in self._parsed:
            found: list[Document] = []
            for number, page in self._pages.get(kind, ()):
                if tariff and tariff not in _TARIFF.findall(page.text):
                    continue
                for node in read_page(page, self._problems):
                    document = find_kind(node, page, number, self._problems)
                    if document is not None and document.kind.name == kind:
                        found.append(document)
            self._parsed[key] = winners(found, self._problems)
        return self._parsed[key]

    def _reader(self, document: Document) -> Reader:
        return reader_of(document, self._codes, self._problems, {})

    def _part(self, identity: str) -> tuple[Reader, Mapping]:
        document = self._markets[identity]
        return self._reader(document), document.node

    def _extends(self, identity: str) -> str:
        return _text(self._markets[identity].node, "extends")

    def _line(self, identity: str) -> tuple[str, ...]:
        """Return a market, the union it extends, and so on."""
        line = [identity]
        self._markets[identity]
        while (above := self._extends(line[-1])) in self._markets and above not in line:
            line.append(above)
        return tuple(line)

    def _of_tariff(self, tariff: str) -> list[Programme]:
        if tariff not in self._programmes:
            found: dict[str, Programme] = {}
            for document in self._documents("programme", tariff):
                if _text(document.node, "tariff") != tariff:
                    continue
                reader = self._reader(document)
                programme = read_programme(reader, document.node)
                if programme is None:
                    continue
                first = found.get(programme.id)
                rows = (*first.rows, *programme.rows) if first else programme.rows
                found[programme.id] = replace(first or programme, rows=rows)
                self._note_grid(reader, document.node.get("rows"))
            self._programmes[tariff] = list(found.values())
        return self._programmes[tariff]

    # -- what the rules leave out -----------------------------------------------------------------

    def _note_rows(self, reader: Reader, lookups: Mapping | None) -> None:
        for _, node in lookups or ():
            self._note_grid(reader, node.get("rows") if isinstance(node, Mapping) else node)

    def _note_grid(self, reader: Reader, node: object) -> None:
        """Keep the notes of a grid's rows, which pricing has no use for."""
        if not isinstance(node, Text) or "note" not in node.text:
            return
        grid = reader.grid(node)
        place = grid.index("note") if grid is not None else None
        if grid is None or place is None:
            return
        for row in grid.rows:
            if row.cells[place]:
                self._remarks[reader.page.table, row.line] = row.cells[place]

    def _raise(self, but: str = "") -> None:
        faults = [one for one in self._problems if not one.warning and one.code != but]
        self._problems.clear()
        if faults:
            raise TableError(sorted_problems(faults))


_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def _text(node: Mapping, key: str) -> str:
    value = node.get(key)
    return value.text.strip() if isinstance(value, Text) else ""


def _child(node: Mapping, key: str) -> Mapping | None:
    value = node.get(key)
    return value if isinstance(value, Mapping) else None


def _values(parts: dict[str, tuple[Reader, Mapping]], line: Iterable[str]) -> dict[str, Dated]:
    """Return the named values of a market, its own over its union's."""
    found: dict[str, Dated] = {}
    for name in reversed(tuple(line)):
        reader, node = parts[name]
        for key, value in _child(node, "values") or ():
            own = replace(reader, provenance=replace(reader.provenance, line=key.line))
            named = Named(key.text, text_spans(own, value))
            spans = []
            for span in named.spans:
                text = span.text
                if isinstance(span.node, Mapping):
                    text = f"not known: {_text(span.node, 'words') or _text(span.node, 'user')}"
                spans.append(Span(span.since, text, span.provenance, span.expected))
            found[key.text] = Dated(tuple(spans))
    return found


def _notes(parts: dict[str, tuple[Reader, Mapping]], line: Iterable[str]) -> tuple[Note, ...]:
    return tuple(
        Note(text, name)
        for name in line
        for text in parts[name][0].texts(parts[name][1].get("notes"))
    )
