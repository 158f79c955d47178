"""YAML text to nodes that know their place: texts, lists and mappings, no types yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from xborder_cli.errors import Problem, Where

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the C parser where pyyaml has it
_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map"))


@dataclass(slots=True)
class Page:
    """One file: how it is named to people, its name inside its folder, its text."""

    path: str
    table: str = ""
    text: str = ""
    bundled: bool = False
    _lines: list[str] | None = None

    @property
    def lines(self) -> list[str]:
        """Return the file's lines."""
        if self._lines is None:
            self._lines = self.text.split("\n")
        return self._lines


@dataclass(slots=True)
class Node:
    """A place in a page."""

    page: Page
    line: int
    column: int

    @property
    def where(self) -> Where:
        """Return the place for a problem."""
        return Where(self.page.path, self.line, self.column)


@dataclass(slots=True)
class Text(Node):
    """A scalar, as written; `block` when it is a literal block."""

    text: str
    block: bool = False


@dataclass(slots=True)
class Listing(Node):
    """A sequence."""

    items: list[Node]


@dataclass(slots=True)
class Mapping(Node):
    """A mapping; a second equal key was a problem and is left out."""

    entries: dict[str, Node]
    keys: dict[str, Text]

    def get(self, key: str) -> Node | None:
        """Return the value of a key, None when it is not there."""
        return self.entries.get(key)

    def __iter__(self) -> Iterator[tuple[Text, Node]]:
        """Walk through keys and values in order."""
        for key, value in self.entries.items():
            yield self.keys[key], value


def read_page(page: Page, problems: list[Problem]) -> list[Node]:
    """Return the documents of a page; what YAML cannot read is added to the problems."""
    documents: list[Node] = []
    try:
        for root in yaml.compose_all(page.text, Loader=_LOADER):
            if root is not None:
                documents.append(_Builder(page, problems).build(root))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = Where(page.path, mark.line + 1, mark.column + 1) if mark else Where(page.path)
        what = " ".join(part for part in (error.context, error.problem) if part)
        fix = "see section 1 of docs/tables.md for what must be quoted"
        if "\\t" in what or "'\t'" in what:
            fix = "indent with blanks, not with tabs"
        problems.append(Problem(code="yaml", where=where, what=f"not YAML: {what}", fix=fix))
    except yaml.YAMLError as error:
        what = f"not YAML: {str(error).splitlines()[0]}"
        problems.append(Problem(code="yaml", where=Where(page.path), what=what))
    return documents


class _Builder:
    """Turns composed YAML nodes into ours, reporting duplicate keys, tags and circles."""

    def __init__(self, page: Page, problems: list[Problem]) -> None:
        self.page = page
        self.problems = problems
        self.done: dict[int, Node] = {}
        self.open: set[int] = set()

    def build(self, raw: yaml.Node) -> Node:
        line, column = raw.start_mark.line + 1, raw.start_mark.column + 1
        if isinstance(raw, yaml.ScalarNode):
            if raw.tag not in _PLAIN_TAGS:
                self._report("yaml", line, column, f'the tag "{raw.tag}" is not used in tables')
            return Text(self.page, line, column, raw.value, raw.style in ("|", ">"))
        if id(raw) in self.done:
            return self.done[id(raw)]
        if id(raw) in self.open:
            self._report("yaml", line, column, "an anchor that holds itself")
            return Text(self.page, line, column, "")
        self.open.add(id(raw))
        node: Node
        if isinstance(raw, yaml.SequenceNode):
            items = [self.build(item) for item in raw.value]
            node = Listing(self.page, line, column, items)
        else:
            node = self._mapping(raw, line, column)
        self.open.discard(id(raw))
        self.done[id(raw)] = node
        return node

    def _mapping(self, raw: yaml.Node, line: int, column: int) -> Mapping:
        entries: dict[str, Node] = {}
        keys: dict[str, Text] = {}
        for raw_key, raw_value in raw.value:
            key = self.build(raw_key)
            if not isinstance(key, Text):
                self._report("yaml", key.line, key.column, "a key must be a text")
            elif key.text in entries:
                what = f'"{key.text}" stands twice; the first is on line {keys[key.text].line}'
                self._report("duplicate-key", key.line, key.column, what, "keep one of them")
            else:
                keys[key.text] = key
                entries[key.text] = self.build(raw_value)
        return Mapping(self.page, line, column, entries, keys)

    def _report(self, code: str, line: int, column: int, what: str, fix: str = "") -> None:
        where = Where(self.page.path, line, column)
        self.problems.append(Problem(code=code, where=where, what=what, fix=fix))
