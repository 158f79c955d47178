"""What else the folders hold that an import must know: unions, other tables of a programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.errors import Problem, TableError
from xborder_cli.tables.files import table_files
from xborder_cli.tables.lists import read_countries
from xborder_cli.tables.node import Mapping, Page, Text, read_page
from xborder_cli.tables.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from xborder_cli.tables.node import Node


def unions_of(folders: Sequence[Path]) -> dict[str, tuple[str, ...]]:
    """Return the members of every union that tables of countries name."""
    countries: dict[str, str] = {}
    unions: dict[str, dict[str, None]] = {}
    problems: list[Problem] = []  # loading tells them, with all others
    for folder in folders:
        for node in _tables(folder, b"kind: countries", problems):
            read_countries(Reader(node.page, problems), node, countries, unions)
    return {name: tuple(members) for name, members in unions.items()}


def refuse_rivals(into: Path, own: Sequence[Path], tariff: str, programmes: Sequence[str]) -> None:
    """Refuse other tables of the same programmes in a folder: their rows would add up.

    Args:
        into: the folder.
        own: the files that the import writes.
        tariff: whose programmes.
        programmes: their ids.

    Raises:
        TableError: with the place of each.
    """
    if not into.is_dir():
        return
    problems = []
    for node in _tables(into, b"programme", []):
        identity = _text(node.get("id"))
        if _text(node.get("tariff")) != tariff or identity not in programmes:
            continue
        if node.page.path not in {str(path) for path in own}:
            what = f"holds {tariff} {identity} already, which the import writes"
            fix = "move this table out of the folder, or import into another one"
            where = node.where
            problems.append(Problem(code="duplicate-table", where=where, what=what, fix=fix))
    if problems:
        raise TableError(problems)


def _tables(folder: Path, mark: bytes, problems: list[Problem]) -> Iterator[Mapping]:
    """Yield the documents of files that hold some bytes."""
    for path in table_files(folder):
        data = path.read_bytes()
        if mark in data:
            page = Page(str(path), path.name, data.decode("utf-8-sig", "replace"))
            for node in read_page(page, problems):
                if isinstance(node, Mapping):
                    yield node


def _text(node: Node | None) -> str:
    return node.text.strip() if isinstance(node, Text) else ""
