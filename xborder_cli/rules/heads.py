"""Which markets there are: what the first lines of their tables say, read without parsing them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xborder_cli.tables.document import find_kind
from xborder_cli.tables.node import Mapping, Page, Text, read_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xborder_cli.errors import Problem

_TOP = re.compile(r"^(id|name|extends):[ \t]*(.*)$", re.MULTILINE)
_KIND = re.compile(r"^[\"']?kind[\"']?[ \t]*:", re.MULTILINE)
Place = tuple[int, Page]  # number of the folder, page


@dataclass(slots=True)
class Head:
    """What a market is called, the union that it extends, and the pages where it stands."""

    id: str
    name: str = ""
    extends: str = ""
    places: list[Place] = field(default_factory=list)


def heads_of(places: Iterable[Place], problems: list[Problem]) -> dict[str, Head]:
    """Return the markets of some pages by id; of several folders the last one speaks."""
    found: dict[str, Head] = {}
    for place in places:
        for identity, name, extends in _told(place, problems):
            head = found.setdefault(identity, Head(identity))
            head.name, head.extends = name, extends
            head.places.append(place)
    return found


def _told(place: Place, problems: list[Problem]) -> Iterator[tuple[str, str, str]]:
    """Yield id, name and union of the markets of a page; an unusual page is parsed for it."""
    number, page = place
    found = {key: _plain(text) for key, text in _TOP.findall(page.text)}
    if len(_KIND.findall(page.text)) == 1 and found.get("id"):
        yield found["id"], found.get("name", found["id"]), found.get("extends", "")
        return
    for node in read_page(page, problems):
        document = find_kind(node, page, number, problems)
        if document is not None and document.kind.name == "market" and document.identity[0]:
            node = document.node
            yield document.identity[0], text_of(node, "name"), text_of(node, "extends")


def text_of(node: Mapping, key: str) -> str:
    """Return the text of a key, "" when there is none."""
    value = node.get(key)
    return value.text.strip() if isinstance(value, Text) else ""


def _plain(text: str) -> str:
    """Return a text of a line of YAML without its remark and quotes."""
    return text.partition(" #")[0].strip().strip("\"'")
