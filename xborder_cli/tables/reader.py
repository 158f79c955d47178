"""What is needed to read one table: its defaults, the codes that exist, and where faults go."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from xborder_cli.core.rule import Day, Provenance, Terms
from xborder_cli.errors import Problem, Where
from xborder_cli.tables.grid import Grid, read_grid
from xborder_cli.tables.node import Listing, Mapping, Node, Page, Text
from xborder_cli.tables.terms import currencies_of, parse_terms
from xborder_cli.units import Unreadable, parse_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from xborder_cli.tables.dated import Named

T = TypeVar("T")
CONFIDENCES = ("high", "medium", "low")
FICTIONAL = "fictional"


@dataclass(slots=True)
class World:
    """The codes that exist; an empty one is not checked against."""

    countries: dict[str, str] = field(default_factory=dict)
    unions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    currencies: dict[str, int] = field(default_factory=dict)
    modes: frozenset[str] = frozenset()
    legs: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()


@dataclass(slots=True)
class Reader:
    """Reads the nodes of one document; a fault is noted and reading goes on."""

    page: Page
    problems: list[Problem]
    world: World = field(default_factory=World)
    provenance: Provenance = field(default_factory=lambda: Provenance("", 0))
    sources: dict[str, tuple[str, str]] = field(default_factory=dict)  # name -> title, url
    currency: str = ""
    since: Day = 0
    named: dict[str, Named] = field(default_factory=dict)  # values for $name
    lenient_names: bool = False  # a union may leave a $name to its members
    allow_fall: bool = False
    columns: dict[tuple[str, int], int] = field(default_factory=dict)  # where charges begin

    def report(
        self, code: str, where: Where | Node, what: str, fix: str = "", *, warning: bool = False
    ) -> None:
        """Note a problem."""
        place = where.where if isinstance(where, Node) else where
        self.problems.append(Problem(code=code, where=place, what=what, fix=fix, warning=warning))

    def attempt(self, where: Where | Node, parse: Callable[[], T]) -> T | None:
        """Return what `parse` makes, or note why it cannot and return None."""
        try:
            return parse()
        except Unreadable as fault:
            self.report(fault.code, where, fault.what, fault.fix)
            return None

    def mapping(self, node: Node | None, what: str, keys: Iterable[str] = ()) -> Mapping | None:
        """Return the node as a mapping with no keys but these (any, when none are given)."""
        if node is None:
            return None
        if not isinstance(node, Mapping):
            self.report("not-a-mapping", node, f"{what} must be a mapping of keys and values")
            return None
        known = tuple(keys)
        if known:
            for key, _ in node:
                if key.text not in known:
                    fix = _nearest(key.text, known)
                    self.report("unknown-key", key, f'{what} has no key "{key.text}"', fix)
        return node

    def require(self, node: Mapping, what: str, *keys: str) -> bool:
        """Note the keys that are missing; return whether none is."""
        missing = [key for key in keys if key not in node.entries]
        for key in missing:
            self.report("missing-key", node, f'{what} has no "{key}"', f"add {key}: ...")
        return not missing

    def text(self, node: Node | None, default: str = "") -> str:
        """Return the node as a text."""
        if node is None:
            return default
        if not isinstance(node, Text):
            self.report("not-a-text", node, "a text is expected here")
            return default
        return node.text.strip()

    def texts(self, node: Node | None) -> tuple[str, ...]:
        """Return the texts of a list; a single text is a list of one."""
        return tuple(text.text.strip() for text in self.text_nodes(node))

    def text_nodes(self, node: Node | None) -> list[Text]:
        """Return the text nodes of a list or of a single text."""
        if node is None:
            return []
        if isinstance(node, Text):
            return [node] if node.text.strip() else []
        if isinstance(node, Listing):
            for item in node.items:
                if not isinstance(item, Text):
                    self.report("not-a-text", item, "a list of texts is expected here")
            return [item for item in node.items if isinstance(item, Text)]
        self.report("not-a-text", node, "a text or a list of texts is expected here")
        return []

    def items(self, node: Node | None, what: str) -> list[Node]:
        """Return the items of a list."""
        if node is None:
            return []
        if not isinstance(node, Listing):
            self.report("not-a-list", node, f"{what} must be a list")
            return []
        return node.items

    def choice(self, node: Node | None, allowed: Iterable[str], default: str = "") -> str:
        """Return a text that is one of the allowed ones."""
        if node is None:
            return default
        found = self.text(node)
        words = tuple(allowed)
        if found not in words:
            fix = f"write one of: {', '.join(words)}"
            self.report("unknown-value", node, f'"{found}" is not known here', fix)
            return default
        return found

    def choices(self, node: Node | None, allowed: Iterable[str]) -> tuple[str, ...]:
        """Return texts that are all among the allowed ones."""
        words = tuple(allowed)
        return tuple(self.choice(text, words) for text in self.text_nodes(node))

    def flag(self, node: Node | None) -> bool:
        """Return a true or false."""
        return self.choice(node, ("true", "false"), "false") == "true"

    def day(self, node: Node | None, default: Day | None = None) -> Day | None:
        """Return a day; the default when there is none."""
        if node is None:
            return default
        text = self.text(node)
        found = self.attempt(node, lambda: parse_day(text))
        return default if found is None else found

    def grid(self, node: Node | None) -> Grid | None:
        """Return a printed grid."""
        if node is None:
            return None
        if not isinstance(node, Text):
            self.report("not-a-grid", node, "a grid must be a literal block", "put | after the key")
            return None
        grid, faults = read_grid(node)
        for fault in faults:
            self.report(fault.code, fault.where, fault.what, fault.fix)
        return grid

    def check_currency(self, code: str, where: Where | Node) -> None:
        """Note a currency that no table of currencies knows."""
        known = self.world.currencies
        if code and known and code not in known:
            fix = "add it to a table of kind: currencies, or mend the code"
            self.report("unknown-currency", where, f'"{code}" is not a known currency', fix)

    def terms(self, text: str, where: Where | Node) -> Terms | None:
        """Return the terms of a rate, their currencies checked."""
        found = self.attempt(where, lambda: parse_terms(text))
        if found is not None and self.world.currencies:
            for code in currencies_of(found):
                self.check_currency(code, where)
        return found

    def places(self, codes: Iterable[str], where: Where | Node) -> tuple[str, ...]:
        """Return countries, unions put as their members and `*` as every country."""
        found: dict[str, None] = {}
        for code in codes:
            if code == "*":
                found.update(dict.fromkeys(self.world.countries or ("*",)))
            elif code in self.world.unions:
                found.update(dict.fromkeys(self.world.unions[code]))
            else:
                if self.world.countries and code not in self.world.countries:
                    fix = "write a two-letter code of a table of kind: countries, or a union's name"
                    self.report("unknown-country", where, f'"{code}" is not a known country', fix)
                found[code] = None
        return tuple(found)

    def sourced(self, node: Mapping) -> Reader:
        """Return a reader whose provenance begins at this node and has what the node states."""
        start = replace(self.provenance, line=node.line)
        if not node.entries.keys() & {"source", "checked", "confidence", "from"}:
            return replace(self, provenance=start)
        found = self.provenance_of(node, start)
        since = self.day(node.get("from"))
        return replace(self, provenance=found if since is None else replace(found, since=since))

    def provenance_of(self, node: Mapping, start: Provenance) -> Provenance:
        """Return the provenance, with source, checked and confidence from the node where stated."""
        found = start
        source = node.get("source")
        if isinstance(source, Mapping):
            title, url = self.source(source)
            found = replace(found, title=title, url=url)
        elif source is not None:
            title, url = self.source_named(self.text(source), source)
            found = replace(found, title=title, url=url)
        checked = self.day(node.get("checked"))
        if checked is not None:
            found = replace(found, checked=checked)
        confidence = self.choice(node.get("confidence"), CONFIDENCES)
        return replace(found, confidence=confidence) if confidence else found

    def source(self, node: Mapping) -> tuple[str, str]:
        """Return title and address of a source."""
        self.mapping(node, "a source", ("title", "url", "retrieved"))
        self.require(node, "a source", "title")
        title, url = self.text(node.get("title")), self.text(node.get("url"))
        self.day(node.get("retrieved"))
        if title == FICTIONAL:
            if self.page.bundled:
                fix = "give the public source, or leave the figure out"
                what = "the bundled tables hold no invented figures"
                self.report("fictional-source", node, what, fix)
        elif title and not url:
            fix = "add url: https://..."
            what = f'the source "{title}" has no address'
            self.report("missing-url", node, what, fix, warning=True)
        return title, url

    def source_named(self, name: str, where: Where | Node) -> tuple[str, str]:
        """Return title and address of a source that the table names under `sources`."""
        if name in self.sources:
            return self.sources[name]
        if name == FICTIONAL and not self.page.bundled:
            return FICTIONAL, ""
        fix = f"add it under sources: {{{name or 'name'}: {{title: ..., url: ...}}}}"
        self.report("unknown-source", where, f'no source is named "{name}"', fix)
        return name, ""


def _nearest(word: str, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches  # only faults need it

    found = get_close_matches(word, known, 1)
    return f"did you mean {found[0]}?" if found else f"keys are {', '.join(known)}"
