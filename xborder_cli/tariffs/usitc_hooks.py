"""Footnotes that hook a line to a heading of chapter 99, and what that heading adds."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from xborder_cli.tariffs.us_rate_text import in_words, read_rate
from xborder_cli.tariffs.usitc_data import read_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xborder_cli.tariffs.usitc_tree import Node

_HEADING = re.compile(r"\b(99\d\d\.\d\d\.\d\d)\b")
_ON_TOP = re.compile(
    r"the duty provided (?:for )?in\s*the applicable subheading,?\s*(?:\+|plus)\s*"
    r"(?:an? (?:additional )?duty of )?(\S.*)",
    re.I,
)
_UNCHANGED = re.compile(r"the duty provided (?:for )?in\s*the applicable subheading\.?", re.I)


@dataclass(frozen=True, slots=True)
class Hook:
    """A heading of chapter 99 that lines point at."""

    heading: str
    programme: str
    origin: str
    does: str  # add, none, instead
    rank: int
    since: str
    at_least: int
    name: str


@lru_cache(maxsize=1)
def known_hooks() -> dict[str, Hook]:
    """Return the headings that xb acts on."""
    return {
        row["heading"]: Hook(
            row["heading"],
            row["programme"],
            row["origin"],
            row["does"],
            int(row["rank"]),
            row["since"],
            int(row["at_least"] or 0),
            row["name"],
        )
        for row in read_data("us_hooks.csv")
    }


def hook_of(heading: str) -> Hook | None:
    """Return what xb does with a heading: its own row of the data, or that of its family."""
    return known_hooks().get(heading) or known_hooks().get(heading[:8])


@dataclass(slots=True)
class Hooks:
    """The headings that the footnotes of a file name, and their rates in its chapter 99."""

    rates: dict[str, tuple[str, str]] = field(default_factory=dict)  # heading -> general, other
    counts: Counter[str] = field(default_factory=Counter)  # heading -> rows that name it
    _winning: dict[tuple[tuple[str, ...], str], list[Hook]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def short_of(self, programme: str) -> list[str]:
        """Return the headings of a programme that too few rows name to be the whole list."""
        return [
            hook.heading
            for hook in known_hooks().values()
            if hook.programme == programme and self.counts[hook.heading] < hook.at_least
        ]

    def origins(self, programme: str) -> list[str]:
        """Return the countries that hooks of a programme name."""
        named = {hook.origin for hook in known_hooks().values() if hook.programme == programme}
        return sorted(named)

    def lifts(self, heading: str) -> bool:
        """Tell whether a heading excludes from an additional duty instead of adding one."""
        return _UNCHANGED.fullmatch(self.rates.get(heading, ("", ""))[0]) is not None

    def exclusions(self) -> dict[str, int]:
        """Return the headings that lift an additional duty again, with the rows that name them."""
        return {h: n for h, n in sorted(self.counts.items()) if self.lifts(h)}

    def untold(self) -> dict[str, int]:
        """Return the headings that xb does nothing with, with the rows that name them."""
        return {
            h: n for h, n in sorted(self.counts.items()) if hook_of(h) is None and not self.lifts(h)
        }

    def winning(self, headings: Iterable[str], programme: str) -> list[Hook]:
        """Return the hooks of a programme that hold for a line: those of the lowest rank.

        Where all of them are dated, as the steps of a review are, only the latest.
        """
        headings = tuple(headings)
        known = self._winning.get((headings, programme))
        if known is None:  # lines by the thousand have the same footnotes
            known = self._winning[headings, programme] = self._found(headings, programme)
        return known

    def _found(self, headings: Iterable[str], programme: str) -> list[Hook]:
        by_rank: dict[int, list[tuple[str, Hook]]] = defaultdict(list)
        for heading in headings:
            hook = hook_of(heading)
            if hook is not None and hook.programme == programme and not self.lifts(heading):
                by_rank[hook.rank].append((heading, hook))
        if not by_rank:
            return []
        found = by_rank[min(by_rank)]
        latest = max(hook.since for _, hook in found)
        if all(hook.since for _, hook in found):
            found = [(heading, hook) for heading, hook in found if hook.since == latest]
        return [replace(hook, heading=heading) for heading, hook in found]

    def adds(self, hook: Hook) -> str:
        """Return what a heading adds or sets, read from its own row of the file.

        Words, when the row is not there or says anything but a percent.
        """
        if hook.does == "none":
            return "0 %"
        general, other = self.rates.get(hook.heading, ("", ""))
        if hook.does == "instead":
            printed = other
            rate = read_rate(other)
        else:
            printed = general
            match = _ON_TOP.fullmatch(general)
            rate = read_rate(match[1].rstrip(".") if match else general)
            if match is None:
                return in_words(f"{hook.heading}: {printed or 'its row is not in the file'}")
        if rate.form != "percent":
            return in_words(f"{hook.heading}: {printed or 'its row is not in the file'}")
        return rate.text


def read_hooks(nodes: Sequence[Node]) -> Hooks:
    """Return the rates of the headings that footnotes name, and give each node its hooks.

    A hook may stand on a line, on any of its parents, or on both; a line has them all.
    """
    hooks = Hooks()
    for node in nodes:
        above = node.parent.hooks if node.parent is not None else ()
        node.hooks = above
        if node.row.footnotes:
            own = dict.fromkeys(h for text in node.row.footnotes for h in _HEADING.findall(text))
            hooks.counts.update(list(own))
            node.hooks = tuple(dict.fromkeys((*own, *above)))
        if node.chapter == "99":
            hooks.rates.setdefault(node.row.code, (node.row.general, node.row.other))
    return hooks
