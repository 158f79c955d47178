"""Reads the tables of one market alone: its own, its union's and those of its tariff.

Nothing is compiled and no other market is read, so that a page of rules needs no cache.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from xborder_cli.core.rule import Dated, Programme, Span
from xborder_cli.errors import Problem, TableError
from xborder_cli.rules.heads import heads_of, text_of
from xborder_cli.rules.model import MarketTables, Note, World
from xborder_cli.tables.dated import Named, text_spans
from xborder_cli.tables.document import Document, find_kind, reader_of
from xborder_cli.tables.files import read_folders
from xborder_cli.tables.lists import (
    ModeTables,
    read_countries,
    read_currencies,
    read_modes,
)
from xborder_cli.tables.load import sorted_problems, winners
from xborder_cli.tables.market import Markets
from xborder_cli.tables.node import Mapping, Page, read_page
from xborder_cli.tables.programme import read_programme
from xborder_cli.tables.reader import World as Codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from xborder_cli.tables.reader import Reader

_KIND = re.compile(r"\bkind[\"']?\s*:\s*[\"']?(\w+)")
_TARIFF = re.compile(r"\btariff[\"']?\s*:\s*[\"']?([\w-]+)")
_DAY = re.compile(r"(?<!checked: )(?<!retrieved: )\b\d{4}-\d{2}-\d{2}\b")
_SHARED = ("countries", "currencies", "modes")


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
        self._named: dict[str, frozenset[str]] = {}  # path of a page -> tariffs that it names
        self._days: dict[str, frozenset[str]] = {}  # and days
        self._codes = Codes()
        self._parsed: dict[str, list[Document]] = {}
        self._read_shared()
        self._heads = heads_of(self._pages.get("market", ()), self._problems)
        self._markets: dict[str, Document] = {}
        self._programmes: dict[str, list[Programme]] = {}
        self._raise()
        self.world = World(
            countries=self._codes.countries,
            unions=self._codes.unions,
            folders=tuple(str(folder) for folder in folders),
            digest=digest,
        )

    @property
    def ids(self) -> tuple[str, ...]:
        """The markets and unions that have a table, in the order of their ids."""
        return tuple(sorted(self._heads))

    @property
    def unions(self) -> tuple[str, ...]:
        """Those of them that others extend: they are no destination themselves."""
        extended = {head.extends for head in self._heads.values()}
        return tuple(name for name in self.ids if name in extended)

    def name(self, identity: str) -> str:
        """Return what a market is called."""
        return self._heads[identity].name if identity in self._heads else ""

    def members(self, union: str) -> tuple[str, ...]:
        """Return the markets that extend a union."""
        return tuple(name for name in self.ids if self._heads[name].extends == union)

    def days_named(self, identity: str) -> frozenset[str]:
        """Return every day that the tables of a market name, as written; nothing is read."""
        pages = [page for name in self._line(identity) for _, page in self._heads[name].places]
        tariffs = {*self._line(identity), *(name for page in pages for name in self._tariffs(page))}
        pages += [
            page
            for _, page in self._pages.get("programme", ())
            if not tariffs.isdisjoint(self._tariffs(page))
        ]
        found: set[str] = set()
        for page in pages:
            if page.path not in self._days:
                self._days[page.path] = frozenset(_DAY.findall(page.text))
            found |= self._days[page.path]
        return frozenset(found)

    def _tariffs(self, page: Page) -> frozenset[str]:
        """Return the tariffs that a page names, and more where a remark speaks of one."""
        if page.path not in self._named:
            self._named[page.path] = frozenset(_TARIFF.findall(page.text))
        return self._named[page.path]

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
        members = self.members(identity)
        chain = dict.fromkeys((identity, *line, market.tariff))
        programmes = {one.id: one for tariff in reversed(chain) for one in self._of_tariff(tariff)}
        programmes |= {one.id: one for one in own}
        owners = {reader.page.table: name for name, reader in readers.items()}
        for tariff in chain:
            for one in self._of_tariff(tariff):
                tables = {one.provenance.table, *(row.provenance.table for row in one.rows)}
                owners |= {table: tariff for table in tables if table not in owners}
        self._raise(but="unknown-name" if members else "")
        return MarketTables(
            market=market,
            values=_values(parts, line),
            programmes=programmes,
            lookups=frozenset(one.id for one in own),
            owners=owners,
            names={name: self.name(name) for name in line},
            notes=_notes(parts, line),
            world=self.world,
            members=members,
        )

    # -- documents --------------------------------------------------------------------------------

    def _read_shared(self) -> None:
        unions: dict[str, dict[str, None]] = {}
        modes = ModeTables()
        for kind in _SHARED:
            for document in self._documents(kind):
                reader, node = self._reader(document), document.node
                if kind == "countries":
                    read_countries(reader, node, self._codes.countries, unions)
                elif kind == "currencies":
                    read_currencies(reader, node, self._codes.currencies)
                else:
                    read_modes(reader, node, modes)
        self._codes.unions = {name: tuple(members) for name, members in unions.items()}
        self._codes.modes = frozenset(modes.modes)
        steps = [step for mode in modes.modes.values() for way in mode.patterns for step in way]
        self._codes.channels = frozenset(step.channel for step in steps if step.channel)

    def _documents(self, kind: str, tariff: str = "") -> list[Document]:
        """Return the documents of a kind, of one tariff where it is named; later folders win."""
        key = f"{kind} {tariff}"
        if key not in self._parsed:
            places = [
                (number, page)
                for number, page in self._pages.get(kind, ())
                if not tariff or tariff in self._tariffs(page)
            ]
            self._parsed[key] = self._parse(kind, places)
        return self._parsed[key]

    def _parse(self, kind: str, places: Iterable[tuple[int, Page]]) -> list[Document]:
        found: list[Document] = []
        for number, page in places:
            for node in read_page(page, self._problems):
                document = find_kind(node, page, number, self._problems)
                if document is not None and document.kind.name == kind:
                    found.append(document)
        return winners(found, self._problems)

    def _reader(self, document: Document) -> Reader:
        return reader_of(document, self._codes, self._problems, {})

    def _part(self, identity: str) -> tuple[Reader, Mapping]:
        if identity not in self._markets:
            parsed = self._parse("market", self._heads[identity].places)
            self._markets |= {one.identity[0]: one for one in parsed if one.identity[0] == identity}
        document = self._markets[identity]
        return self._reader(document), document.node

    def _line(self, identity: str) -> tuple[str, ...]:
        """Return a market, the union it extends, and so on."""
        line = [identity]
        while (above := self._heads[line[-1]].extends) in self._heads and above not in line:
            line.append(above)
        return tuple(line)

    def _of_tariff(self, tariff: str) -> list[Programme]:
        if tariff not in self._programmes:
            found: dict[str, Programme] = {}
            for document in self._documents("programme", tariff):
                if text_of(document.node, "tariff") != tariff:
                    continue
                reader = self._reader(document)
                programme = read_programme(reader, document.node)
                if programme is None:
                    continue
                first = found.get(programme.id)
                rows = (*first.rows, *programme.rows) if first else programme.rows
                found[programme.id] = replace(first or programme, rows=rows)
            self._programmes[tariff] = list(found.values())
        return self._programmes[tariff]

    def _raise(self, but: str = "") -> None:
        faults = [one for one in self._problems if not one.warning and one.code != but]
        self._problems.clear()
        if faults:
            raise TableError(sorted_problems(faults))


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
                    text = f"not known: {text_of(span.node, 'words') or text_of(span.node, 'user')}"
                spans.append(Span(span.since, text, span.provenance, span.expected))
            found[key.text] = Dated(tuple(spans))
    return found


def _notes(parts: dict[str, tuple[Reader, Mapping]], line: Iterable[str]) -> tuple[Note, ...]:
    return tuple(
        Note(text, name)
        for name in line
        for text in parts[name][0].texts(parts[name][1].get("notes"))
    )
