"""The footnotes of the China lists to lines of programme `us_301_cn`, for the whole schedule."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xborder_cli.tariffs.line import IN_WORDS, Line, Unread
from xborder_cli.tariffs.us_rate_text import in_words
from xborder_cli.tariffs.usitc_columns import LINE_DIGITS
from xborder_cli.tariffs.usitc_data import read_data
from xborder_cli.tariffs.usitc_hooks import hook_of
from xborder_cli.tariffs.usitc_prefixes import Codes, fewest
from xborder_cli.tariffs.usitc_tree import SPECIAL_CHAPTERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xborder_cli.tariffs.line import Tariff
    from xborder_cli.tariffs.usitc_hooks import Hook, Hooks
    from xborder_cli.tariffs.usitc_tree import Node

PROGRAMME = "us_301_cn"


NONE = "0 %"
UNLISTED = "no list in force"
MIXED = in_words("the China lists differ by line below this code")


@dataclass(frozen=True, slots=True)
class Listed:
    """What a line pays on top, and by which lists."""

    node: Node
    rate: str
    lists: str  # names with their headings


def listed(nodes: Sequence[Node], hooks: Hooks, tariff: Tariff) -> None:
    """Add rows that give every line of chapters 1 to 97 its rate by the longest prefix.

    Where the lines below a short code differ, the code has a row in words: a gap, no guess.
    """
    told = read_data("us_words_only.csv")
    counts: Counter[str] = Counter()
    found: dict[str, Listed] = {}
    for node in nodes:
        if len(node.hs) < LINE_DIGITS or node.chapter in SPECIAL_CHAPTERS or node.hs in found:
            continue
        one = _of_words(node, told, hooks) or _of_hooks(node, hooks)
        if one.lists == UNLISTED and any(child.hs for child in node.below()):
            continue  # what its lines say, it does not
        found[node.hs] = one
        words = one.rate.startswith('"')
        counts["words" if words else one.rate] += 1
        if words:
            why = "words, China lists"
            row = node.row.number
            unread = Unread(row=row, hs=node.hs, text=one.lists, why=why, became=IN_WORDS)
            tariff.unread.append(unread)
    tariff.forms["China lists, lines of 8 and 10 digits"] = dict(counts.most_common())
    origins = tuple(hooks.origins(PROGRAMME))
    below = _below(found)
    rates = {hs: one.rate for hs, one in found.items()}
    for hs, rate in fewest(Codes(rates), rates, MIXED).items():
        if rate is None:
            continue
        alike = below.get((hs, rate), [])
        first = alike[0] if alike else below[hs, ""][0]
        tariff.lines.append(
            Line(
                hs=hs,
                programme=PROGRAMME,
                rate=rate,
                printed=" ".join(alike[0].node.row.footnotes) if alike else "",
                row=first.node.row.number,
                origins=origins,
                note=", ".join(dict.fromkeys(one.lists for one in alike)),
            )
        )


def _of_words(node: Node, told: Sequence[Mapping[str, str]], hooks: Hooks) -> Listed | None:
    """Return what the words of a line say where its footnotes cannot."""
    fits = [row for row in told if node.hs.startswith(row["hs"])]
    if not fits:
        return None
    row = max(fits, key=lambda one: len(one["hs"]))
    hook = hook_of(row["heading"])
    if hook is None or row["heading"] not in hooks.rates:
        return None
    return Listed(node, hooks.adds(hook), f"{_name(hook)}, by its words")


def _of_hooks(node: Node, hooks: Hooks) -> Listed:
    found = hooks.winning(node.hooks, PROGRAMME)
    if not found:
        return Listed(node, NONE, UNLISTED)
    rates = {hooks.adds(hook) for hook in found}
    names = " and ".join(_name(hook) for hook in found)
    rate = rates.pop() if len(rates) == 1 else in_words(f"two China lists: {names}")
    return Listed(node, rate, names)


def _name(hook: Hook) -> str:
    return f"{hook.name}, HTS {hook.heading}"


def _below(found: Mapping[str, Listed]) -> dict[tuple[str, str], list[Listed]]:
    """Return the lines below a prefix that have a rate, and with "" all of them, in order."""
    below: dict[tuple[str, str], list[Listed]] = defaultdict(list)
    for hs in sorted(found):
        for end in range(2, len(hs) + 1, 2):
            below[hs[:end], found[hs].rate].append(found[hs])
            below[hs[:end], ""].append(found[hs])
    return below
