"""One document of a file: its kind, its identity, and a reader with its defaults."""

from __future__ import annotations

from dataclasses import dataclass

from xborder_cli.core.rule import Provenance
from xborder_cli.errors import Problem
from xborder_cli.tables.node import Mapping, Node, Page, Text
from xborder_cli.tables.reader import Reader, World
from xborder_cli.tables.schema import KINDS, Kind

_UNSOURCED = frozenset({"modes", "currencies", "countries"})  # facts that need no checking day


@dataclass(slots=True)
class Document:
    """A table as it stands in a file, not yet read."""

    kind: Kind
    node: Mapping
    identity: tuple[str, ...]  # empty when its rows add to those of others
    folder: int  # number of the folder, later ones win


def find_kind(node: Node, page: Page, folder: int, problems: list[Problem]) -> Document | None:
    """Return the document with its kind and identity, or note why it has none."""
    where = node.where
    if not isinstance(node, Mapping):
        what = "a table is a mapping that begins with kind"
        problems.append(Problem(code="not-a-table", where=where, what=what, fix="add kind: ..."))
        return None
    kind_node = node.get("kind")
    name = kind_node.text.strip() if isinstance(kind_node, Text) else ""
    kind = KINDS.get(name)
    if kind is None:
        what = f'"{name}" is no kind of table' if name else "the table does not say its kind"
        fix = f"write kind: and one of {', '.join(KINDS)}"
        place = kind_node.where if kind_node is not None else where
        problems.append(Problem(code="unknown-kind", where=place, what=what, fix=fix))
        return None
    identity: list[str] = []
    for key in kind.identity:
        value = node.get(key)
        identity.append(value.text.strip() if isinstance(value, Text) else "")
    return Document(kind, node, tuple(identity), folder)


def reader_of(
    document: Document, world: World, problems: list[Problem], columns: dict[tuple[str, int], int]
) -> Reader:
    """Return a reader with the document's source, days and currency, its own keys checked."""
    node, kind = document.node, document.kind
    page = node.page
    columns[page.table, node.line] = node.column
    start = Provenance(page.table, node.line)
    reader = Reader(page, problems, world, start, columns=columns)
    reader.mapping(node, f"a table of kind {kind.name}", kind.keys)
    reader.require(node, f"a table of kind {kind.name}", *kind.required)
    sources = reader.mapping(node.get("sources"), "sources")
    if sources is not None:
        for key, value in sources:
            source = reader.mapping(value, "a source")
            if source is not None:
                reader.sources[key.text] = reader.source(source)
    reader.provenance = reader.provenance_of(node, start)
    reader.since = (reader.day(node.get("from"), 0) or 0) if "from" in kind.keys else 0
    if reader.since:
        provenance = reader.provenance
        reader.provenance = Provenance(
            provenance.table, provenance.line, provenance.title, provenance.url, reader.since,
            provenance.checked, provenance.confidence,
        )  # fmt: skip
    currency = node.get("currency")
    if currency is not None:
        reader.currency = reader.text(currency)
        reader.check_currency(reader.currency, currency)
    reader.allow_fall = "allow_fall" in kind.keys and reader.flag(node.get("allow_fall"))
    if kind.name not in _UNSOURCED:
        _check_sourced(reader, node)
    return reader


def _check_sourced(reader: Reader, node: Mapping) -> None:
    if "source" not in node.entries and not reader.sources:
        fix = "add source: {title: ..., url: ..., retrieved: ...}"
        reader.report("missing-source", node, "the table does not say who says so", fix)
    if "checked" not in node.entries and reader.provenance.title != "fictional":
        fix = "add checked: and the day somebody last compared the figures with the source"
        reader.report("missing-checked", node, "nobody says when this was checked", fix)
