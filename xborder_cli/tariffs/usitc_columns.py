"""Columns 1 and 2 of the United States schedule to lines of duty."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from xborder_cli.tariffs.line import IN_WORDS, LEFT, NOTED, Line, Unread
from xborder_cli.tariffs.us_rate_text import Rate, in_words, read_rate
from xborder_cli.tariffs.usitc_data import read_data
from xborder_cli.tariffs.usitc_prefixes import agreed, own_rows
from xborder_cli.tariffs.usitc_tree import SPECIAL_CHAPTERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xborder_cli.tariffs.line import Tariff
    from xborder_cli.tariffs.usitc_hooks import Hooks
    from xborder_cli.tariffs.usitc_tree import Node

PROVISION = "provision"  # a row of chapters 98 and 99
LINE_DIGITS = 8  # a rate line has 8 digits, or 10


class Value(NamedTuple):
    """What a row of a table says, as far as rows can be the same."""

    rate: str
    claim: str = ""


@dataclass(frozen=True, slots=True)
class RateLine:
    """A code of the schedule with the rates that hold for it."""

    node: Node
    general: Rate
    torn: bool = False  # the file gives the code twice, with other rates

    @property
    def hs(self) -> str:
        """Digits, 8 or 10."""
        return self.node.hs


def rated_lines(nodes: Sequence[Node], tariff: Tariff) -> dict[str, RateLine]:
    """Return all lines of chapters 1 to 97, by code, and report those that have no rate.

    A statistical line that only repeats its parent is among them: what rests on the same words and
    rates is put together later.
    """
    lines: dict[str, RateLine] = {}
    rows: Counter[str] = Counter()
    for node in nodes:
        became = _row(node)
        rows[became] += 1
        if became == "no-rate":
            _unread(tariff, node, node.row.other or node.row.special, "no-rate")
        if became != "read":
            continue
        known = lines.get(node.hs)
        if known is None:
            lines[node.hs] = RateLine(node, read_rate(node.general))
        elif _rates(known.node) != _rates(node):
            lines[node.hs] = RateLine(known.node, read_rate(node.general), torn=True)
            _unread(tariff, node, f"{known.node.general}; {node.general}", "two-rates", IN_WORDS)
    tariff.forms["rows"] = dict(rows.most_common())
    return lines


def _row(node: Node) -> str:
    """Return what becomes of a row: no rate is expected of headings and of words above lines."""
    if not node.hs:
        return "unknown-code" if node.row.code else "words-above-lines"
    if node.chapter in SPECIAL_CHAPTERS:
        return PROVISION
    if len(node.hs) < LINE_DIGITS and not (node.row.general or _is_leaf(node)):
        return "heading"
    if node.general:
        return "read"
    return "no-rate" if _is_leaf(node) else "heading"


def _is_leaf(node: Node) -> bool:
    return not node.children


def _rates(node: Node) -> tuple[str, str, str]:
    return node.general, node.special, node.other


def column_1(lines: Mapping[str, RateLine], tariff: Tariff) -> None:
    """Add the rows of programme `mfn`.

    A rate within a quota asks for a claim. Without it the code is a gap that says so: the goods are
    due the rate of a line beside it.
    """
    counts: Counter[str] = Counter()
    values: dict[str, Value] = {}
    for hs, line in lines.items():
        node, rate = line.node, line.general
        if node.row.general:
            counts[rate.form] += 1
            _report(tariff, node, rate, node.row.general, "")
            if node.quota:
                _unread(tariff, node, node.row.general, "quota-twin", NOTED)
            if node.season:
                _unread(tariff, node, node.row.general, "season", NOTED)
        text = in_words("the file prints this code with two rates") if line.torn else rate.text
        values[hs] = Value(text, node.quota)
    tariff.forms["general"] = dict(counts.most_common())
    for hs, value, node in _placed(values, lines):
        claimed = Line(
            hs=hs,
            programme="mfn",
            rate=value.rate,
            printed=node.general,
            row=(node.rated or node.row).number,
            claim=value.claim,
            note=_note(node, hs),
        )
        tariff.lines.append(claimed)
        if value.claim:
            words = in_words(f"{node.general} if the claim {value.claim} holds, else another line")
            tariff.lines.append(replace(claimed, rate=words, claim=""))


def column_2(lines: Mapping[str, RateLine], hooks: Hooks, tariff: Tariff) -> None:
    """Add the rows of programme `column_2`, for the countries that pay it instead of column 1.

    A chapter has a row in words, so that a code without a rate of its own is a gap for them, never
    column 1. Where a footnote names a heading that takes column 2's place for one country, that
    country has its rate; a file whose footnotes do not carry these hooks leaves it the gap.
    """
    payers = {row["origin"]: row["since"] for row in read_data("us_column_2.csv")}
    counts: Counter[str] = Counter()
    values: dict[str, Value] = {}
    special: dict[str, dict[str, Value]] = {}
    for hs, line in lines.items():
        node = line.node
        if not node.other:
            if node.row.general:
                _unread(tariff, node, "", "no-rate, column 2", IN_WORDS)
            continue
        rate = read_rate(node.other)
        if node.row.other:
            counts[rate.form] += 1
            _report(tariff, node, rate, node.row.other, ", column 2")
        text = in_words("the file prints this code with two rates") if line.torn else rate.text
        values[hs] = Value(text, node.quota)
        for hook in hooks.winning(node.hooks, "column_2"):
            special.setdefault(hook.origin, {})[hs] = Value(hooks.adds(hook), node.quota)
    tariff.forms["column 2"] = dict(counts.most_common())
    _chapters(values, lines, payers, tariff)
    if hooks.short_of("column_2"):
        untold = hooks.origins("column_2")
        payers = {origin: since for origin, since in payers.items() if origin not in untold}
        special = {}
        tariff.notes.append(
            f"column 2 is not imported for {', '.join(untold)}: which lines have a rate of chapter "
            "99 in its place stands in footnotes that the file lacks"
        )
    rows: dict[tuple[str, Value], tuple[Node, list[str]]] = {}
    for origins, part in _by_payer(values, special, payers):
        for hs, value, node in _placed(part, lines):
            rows.setdefault((hs, value), (node, []))[1].extend(origins)
    for (hs, value), (node, origins) in rows.items():
        tariff.lines.append(
            Line(
                hs=hs,
                programme="column_2",
                rate=value.rate,
                printed=node.other,
                row=node.row.number,
                origins=tuple(sorted(origins)),
                claim=value.claim,
                note=_note(node, hs),
            )
        )


def _by_payer(
    values: Mapping[str, Value], special: Mapping[str, Mapping[str, Value]], payers: Iterable[str]
) -> Iterable[tuple[list[str], dict[str, Value]]]:
    """Yield the countries that pay the same, with what they pay by code."""
    alike = [origin for origin in payers if origin not in special]
    yield alike, dict(values)
    for origin, own in special.items():
        if origin in payers:
            yield [origin], {**values, **own}


def _chapters(
    values: Iterable[str],
    lines: Mapping[str, RateLine],
    payers: Iterable[str],
    tariff: Tariff,
) -> None:
    first: dict[str, str] = {}
    for hs in sorted(values):
        first.setdefault(hs[:2], hs)
    for chapter, hs in first.items():
        tariff.lines.append(
            Line(
                hs=chapter,
                programme="column_2",
                rate=in_words("column 2, by the line"),
                printed="",
                row=lines[hs].node.row.number,
                origins=tuple(payers),
            )
        )


def _placed(
    values: Mapping[str, Value], lines: Mapping[str, RateLine]
) -> Iterable[tuple[str, Value, Node]]:
    """Yield rows: at the file's own codes, and at subheadings whose lines all agree."""
    for hs, value in own_rows(values).items():
        yield hs, value, lines[hs].node
    first: dict[str, str] = {}
    for hs in sorted(values):
        first.setdefault(hs[:6], hs)
    for hs, value in agreed(values).items():
        if not value.claim and not value.rate.startswith('"'):
            yield hs, value, lines[first[hs]].node


def _note(node: Node, hs: str) -> str:
    if hs != node.hs:
        return "every line of the subheading"
    notes = []
    if node.quota == "quota":
        notes.append("rate within the quota: claim quota")
    elif node.quota:
        notes.append("outside the quotas under general note 15: claim it")
    if node.season:
        notes.append("by season: the words of the line say which months")
    return "; ".join(notes)


def _report(tariff: Tariff, node: Node, rate: Rate, printed: str, column: str) -> None:
    if rate.why:
        why = "words" if rate.why in ("reference", "other") else f"words: {rate.why}"
        _unread(tariff, node, printed, why + column, IN_WORDS)


def _unread(tariff: Tariff, node: Node, text: str, why: str, became: str = LEFT) -> None:
    row = node.row.number
    tariff.unread.append(Unread(row=row, hs=node.hs, text=text, why=why, became=became))
