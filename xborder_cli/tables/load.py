"""Folders laid over each other to checked Tables, or every problem at once."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from xborder_cli.core.rule import (
    SELLING,
    Charge,
    ChargeSet,
    Goods,
    Programme,
    Provenance,
    RateCard,
    Surcharge,
)
from xborder_cli.errors import Problem, TableError, Where
from xborder_cli.tables.charges import read_charges
from xborder_cli.tables.document import Document, find_kind, reader_of
from xborder_cli.tables.files import read_folders
from xborder_cli.tables.fx_rows import read_fx
from xborder_cli.tables.lists import (
    ModeTables,
    read_countries,
    read_currencies,
    read_goods,
    read_modes,
)
from xborder_cli.tables.market import Markets, read_set
from xborder_cli.tables.node import Mapping, Page, Text, read_page
from xborder_cli.tables.overlay import left_below
from xborder_cli.tables.programme import KEPT, read_programme, until
from xborder_cli.tables.rate_card import read_rate_card, read_surcharge
from xborder_cli.tables.reader import Reader, World
from xborder_cli.tables.selling import read_selling_card
from xborder_cli.tables.tables import FxRow, Tables

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path


def load_tables(folders: Sequence[Path], kinds: Collection[str] = ()) -> Tables:
    """Return all rules of the folders, later folders over earlier ones.

    Args:
        folders: of tables.
        kinds: of tables that are read; all, when none are named.

    Raises:
        TableError: with every problem of every file, in the order of their places.
    """
    problems: list[Problem] = []
    pages, digest = read_folders(folders, problems)
    if kinds:  # a file that holds none of the words holds no table of these kinds
        pages = [
            [page for page in folder if any(k in page.text for k in kinds)] for folder in pages
        ]
    tables = _tables(pages, problems, kinds)
    return replace(tables, folders=tuple(str(folder) for folder in folders), digest=digest)


def load_text(text: str, path: str = "tables.yaml") -> Tables:
    """Return all rules of one text of tables, as if it were the only file there is.

    Raises:
        TableError: with every problem of the text.
    """
    digest = hashlib.sha256(text.encode()).hexdigest()
    return replace(_tables([[Page(path, path, text)]], []), digest=digest)


def parse_charges(text: str, currency: str, path: str = "charges.yaml") -> tuple[Charge, ...]:
    """Return the charges of a YAML list.

    Raises:
        TableError: with every problem of the text.
    """
    reader, nodes = _text_reader(text, currency, path)
    found = read_charges(reader, nodes[0]) if nodes else ()
    _raise(reader.problems)
    return found


def parse_charge_set(
    text: str, currency: str, path: str = "charges.yaml", values: str = ""
) -> ChargeSet:
    """Return the charges and regimes of a YAML mapping; `values` is YAML for `$name`.

    Raises:
        TableError: with every problem of the texts.
    """
    reader, nodes = _text_reader(text, currency, path)
    named = read_page(Page(path, path, values), reader.problems) if values else []
    found = read_set(reader, nodes[0] if nodes else None, named[0] if named else None)
    _raise(reader.problems)
    return found


def _tables(
    pages: list[list[Page]], problems: list[Problem], kinds: Collection[str] = ()
) -> Tables:
    documents: list[Document] = []
    for number, folder in enumerate(pages):
        for page in folder:
            for node in read_page(page, problems):
                document = find_kind(node, page, number, problems)
                if document is not None and (not kinds or document.kind.name in kinds):
                    documents.append(document)
    tables = _Loading(winners(documents, problems), problems).tables()
    _raise(problems)
    paths = {page.table: page.path for folder in pages for page in folder}
    return replace(tables, warnings=sorted_problems(problems), paths=paths)


def sorted_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems once each, in the order of their places."""
    unique = {(p.where, p.code, p.what): p for p in problems}.values()
    return tuple(sorted(unique, key=lambda p: (p.where.path, p.where.line, p.where.column, p.code)))


def _text_reader(text: str, currency: str, path: str) -> tuple[Reader, list[Mapping]]:
    problems: list[Problem] = []
    page = Page(path, path, text)
    nodes = read_page(page, problems)
    reader = Reader(page, problems, provenance=Provenance(path, 1), currency=currency)
    return reader, nodes  # type: ignore[return-value]


def _raise(problems: list[Problem]) -> None:
    faults = sorted_problems(problem for problem in problems if not problem.warning)
    if faults:
        raise TableError(faults)


def winners(documents: list[Document], problems: list[Problem]) -> list[Document]:
    """Return the documents that no later folder replaces; two of one identity are a fault."""
    winners: dict[tuple[str, ...], list[Document]] = {}
    for number, document in enumerate(documents):
        kind = document.kind
        key = (kind.name, *document.identity)
        if not kind.identity:
            key = (kind.name, str(number))
        rivals = winners.setdefault(key, [])
        if rivals and rivals[-1].folder < document.folder and not _keeps_earlier(document):
            rivals.clear()
        if rivals and not kind.adds_up:
            first = rivals[0].node.where
            what = f"{kind.name} {' '.join(document.identity)} stands in {first} already"
            where = document.node.where
            fix = "keep one, or give this one another id"
            problems.append(Problem(code="duplicate-table", where=where, what=what, fix=fix))
            continue
        rivals.append(document)
    return [document for rivals in winners.values() for document in rivals]


def _keeps_earlier(document: Document) -> bool:
    """Tell whether a table leaves what folders before it say, of other days or of other codes."""
    return document.kind.adds_up and (_says(document, "earlier") or _says(document, "others"))


def _says(document: Document, key: str) -> bool:
    said = document.node.get(key)
    return isinstance(said, Text) and said.text.strip() == KEPT


class _Loading:
    """Reads documents kind by kind: first the codes that others speak of, then the rest."""

    def __init__(self, documents: list[Document], problems: list[Problem]) -> None:
        self.documents = documents
        self.problems = problems
        self.world = World()
        self.columns: dict[tuple[str, int], int] = {}
        self.modes = ModeTables()
        self.goods: dict[str, Goods] = {}
        self.fx: list[FxRow] = []
        self.cards: list[RateCard] = []
        self.surcharges: list[Surcharge] = []
        self.programmes: dict[tuple[str, str], Programme] = {}

    def tables(self) -> Tables:
        """Return what all documents say."""
        unions: dict[str, dict[str, None]] = {}
        also: dict[str, str] = {}
        for reader, node in self._of("countries"):
            read_countries(reader, node, self.world.countries, unions, also)
        self.world.unions = {name: tuple(members) for name, members in unions.items()}
        for reader, node in self._of("currencies"):
            read_currencies(reader, node, self.world.currencies)
        for reader, node in self._of("modes"):
            read_modes(reader, node, self.modes)
        steps = [s for mode in self.modes.modes.values() for p in mode.patterns for s in p]
        self.world.modes = frozenset(self.modes.modes)
        self.world.legs = frozenset(step.leg for step in steps if step.leg)
        self.world.channels = frozenset(step.channel for step in steps if step.channel)
        for reader, node in self._of("goods"):
            read_goods(reader, node, self.goods)
        for reader, node in self._of("fx"):
            self.fx.extend(read_fx(reader, node))
        for reader, node in self._of("rate_card"):
            if (card := read_rate_card(reader, node)) is not None:
                self.cards.append(card)
        for leg in SELLING:
            for reader, node in self._of(leg):
                if (card := read_selling_card(reader, node, leg)) is not None:
                    self.cards.append(card)
        for reader, node in self._of("surcharge"):
            if (surcharge := read_surcharge(reader, node)) is not None:
                self.surcharges.append(surcharge)
        self._read_programmes()
        markets = Markets(
            {
                document.identity[0]: (reader, document.node)
                for document, reader in self._read("market")
                if document.identity[0]
            }
        )
        found = {}
        for market, programmes in markets.read():
            found[market.id] = market
            for programme in programmes:
                self.programmes[programme.tariff, programme.id] = programme
        return Tables(
            cards=tuple(sorted(self.cards, key=lambda card: (card.id, card.since))),
            surcharges=tuple(sorted(self.surcharges, key=lambda one: one.id)),
            markets=dict(sorted(found.items())),
            unions=self.world.unions,
            programmes=dict(sorted(self.programmes.items())),
            modes=self.modes.modes,
            home=self.modes.home,
            defaults=self.modes.defaults,
            goods=self.goods,
            fx_rows=tuple(sorted(self.fx, key=lambda row: (row.base, row.quote, row.day))),
            currencies=self.world.currencies,
            countries=self.world.countries,
            other_names=also,
            columns=self.columns,
        )

    def _read(self, kind: str) -> Iterable[tuple[Document, Reader]]:
        for document in self.documents:
            if document.kind.name == kind:
                yield document, reader_of(document, self.world, self.problems, self.columns)

    def _of(self, kind: str) -> Iterable[tuple[Reader, Mapping]]:
        return ((reader, document.node) for document, reader in self._read(kind))

    def _read_programmes(self) -> None:
        """Read the duty programmes, each folder's laid over those of the folders before it."""
        folders: dict[tuple[str, str], int] = {}
        below: dict[tuple[str, str], int] = {}  # rows of lower folders: the first ones
        for document, reader in self._read("programme"):
            programme = read_programme(reader, document.node)
            if programme is None:
                continue
            key = (programme.tariff, programme.id)
            others = _says(document, "others")
            if key in folders and folders[key] < document.folder:
                if not others:
                    self.programmes[key] = until(self.programmes[key], reader.since - 1)
                below[key] = len(self.programmes[key].rows)
            folders[key] = document.folder
            if others and key in below:
                first = self.programmes[key]
                kept = left_below(first.rows[: below[key]], programme.rows)
                self.programmes[key] = replace(first, rows=(*kept, *first.rows[below[key] :]))
                below[key] = len(kept)
            self._add(reader, programme)

    def _add(self, reader: Reader, programme: Programme) -> None:
        """Add a programme, or its rows to those of another file of the same programme."""
        key = (programme.tariff, programme.id)
        first = self.programmes.get(key)
        if first is None:
            self.programmes[key] = programme
            return
        if first.default != programme.default:
            where = Where(reader.page.path, programme.provenance.line)
            what = (
                f"default is {programme.default} here and {first.default} in "
                f"{first.provenance.table}"
            )
            fix = "let all parts of a programme say the same"
            self.problems.append(Problem(code="default-differs", where=where, what=what, fix=fix))
        self.programmes[key] = replace(first, rows=(*first.rows, *programme.rows))
