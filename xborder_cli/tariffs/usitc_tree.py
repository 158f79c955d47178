"""The tree of the schedule, by indent and order: parents, inherited rates, full descriptions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.tariffs.usitc_files import HtsRow

SPECIAL_CHAPTERS = ("98", "99")  # provisions that no article is classified in alone
_PROVISIONS = re.compile(
    r"pursuant to (?:its|the|their) provisions?\b|within (?:the|its) (?:tariff-rate )?quota"
    r"|^described in additional U\.? ?S\.? ?note \d+ to\b",
    re.I,
)
_NOTE_15 = re.compile(r"described in general note 15\b", re.I)
_SEASON = re.compile(
    r"\bentered\b.*\b(?:January|February|March|April|May|June|July|August|September|October"
    r"|November|December|above stated period|any other time)\b"  # "may" is no month
)


@dataclass(slots=True)
class Node:
    """A row in its place; rates are those that hold for it, its own or a parent's."""

    row: HtsRow
    parent: Node | None
    children: list[Node] = field(default_factory=list)
    general: str = ""
    special: str = ""
    other: str = ""
    rated: HtsRow | None = None  # where `general` is printed
    quota: str = ""  # what entry under a quota must claim: quota, general-note-15
    season: bool = False
    hooks: tuple[str, ...] = ()  # headings of chapter 99 in its footnotes and its parents'

    @property
    def hs(self) -> str:
        """Digits, empty for a heading in words."""
        return self.row.hs

    @property
    def chapter(self) -> str:
        """The first two digits."""
        return self.row.hs[:2]

    def line(self) -> Iterator[Node]:
        """Yield the node and its parents, from itself up."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent

    def below(self) -> Iterator[Node]:
        """Yield all nodes below this one, in order."""
        for child in self.children:
            yield child
            yield from child.below()

    def words(self) -> str:
        """Return the full description, from the heading down."""
        parts = [node.row.description.rstrip(" :") for node in self.line()]
        return ": ".join(part for part in reversed(parts) if part)


def grow(rows: Sequence[HtsRow]) -> list[Node]:
    """Return the rows as nodes, in order, each below the last row of a smaller indent.

    A row without a number is a parent like any other. Where a row states no rate at all, it has
    what its parent has; one that states some has no others.
    """
    nodes: list[Node] = []
    open_: list[Node] = []
    rated: dict[str, Node] = {}
    for row in rows:
        while open_ and (open_[-1].row.indent >= row.indent or not _belongs(row, open_[-1])):
            open_.pop()
        parent = open_[-1] if open_ else None
        node = Node(row, parent)
        _rate(node, rated)
        _mark(node)
        if parent is not None:
            parent.children.append(node)
        nodes.append(node)
        open_.append(node)
    return nodes


def _belongs(row: HtsRow, above: Node) -> bool:
    """Tell whether a row may stand below another: a code goes on, or a heading has none."""
    return not row.hs or not above.hs or row.hs.startswith(above.hs) or row.hs[:4] == above.hs[:4]


def _rate(node: Node, rated: dict[str, Node]) -> None:
    """Give a node its own rates, or those above: by indent where codes agree, else by code."""
    row, above = node.row, node.parent
    node.general, node.special, node.other = row.general, row.special, row.other
    if row.general:
        node.rated = row
        if row.hs:
            rated.setdefault(row.hs, node)
        return
    if row.hs and (above is None or not above.rated or not row.hs.startswith(above.rated.hs)):
        above = next((rated[row.hs[:n]] for n in (8, 6, 4) if row.hs[:n] in rated), None)
    if above is None:
        return
    node.general, node.rated = above.general, above.rated
    node.special = row.special or above.special
    node.other = row.other or above.other


def _mark(node: Node) -> None:
    parent, words = node.parent, node.row.description
    node.quota = parent.quota if parent is not None else ""
    node.season = parent.season if parent is not None else False
    if _NOTE_15.search(words):
        node.quota = "general-note-15"
    elif _PROVISIONS.search(words):
        node.quota = "quota"
    if _SEASON.search(words):
        node.season = True
