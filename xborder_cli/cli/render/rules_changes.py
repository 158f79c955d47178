"""Changes of rules in words: what opens, ends, or says something else, and from when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.cli.render.rows import day
from xborder_cli.cli.render.rules_sources import Sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from xborder_cli.cli.render.paper import Paper
    from xborder_cli.core.rule import Day, Provenance
    from xborder_cli.rules.changes import Change, RowChange
    from xborder_cli.rules.model import MarketTables

    Mark = Callable[[Provenance, str], str]

EXAMPLES = 3  # rows of a programme that a page names
VERBS = {"added": "new", "ended": "ends", "changed": "changed"}
EVENTS = {"entry": "", "sale": "domestic sale, ", "export": "export, "}


def change_lines(
    on: Day | None, changes: Iterable[Change], tables: MarketTables, mark: Mark, paper: Paper
) -> None:
    """Add the changes of a day under its date."""
    if on is not None:
        paper.words(day(on), 2, style="bold")
    for change in folded(changes):
        paper.words(words_of(change), 4, mark=mark(change.provenance, change.owner))
        for row in change.rows[:EXAMPLES]:
            paper.words(row_words(row), 8, style="dim")
        if len(change.rows) > EXAMPLES:
            paper.words(f"and {len(change.rows) - EXAMPLES} more", 8, style="dim")


def diff_text(
    tables: MarketTables, first: Day, last: Day, changes: Iterable[Change], paper: Paper
) -> str:
    """Return what differs between two days as a page."""
    market = tables.market
    found = list(changes)
    sources = Sources(market.id)
    paper.words(f"{market.name} ({market.id}): from {day(first)} to {day(last)}", style="bold")
    if not found:
        paper.words("the rules of the two days are the same", 2)
        return paper.text()
    for kind, title in (("added", "Added"), ("ended", "Ended"), ("changed", "Changed")):
        some = [one for one in found if one.kind == kind]
        if some:
            paper.heading(title)
            change_lines(None, some, tables, sources.mark, paper)
    sources.lines(paper)
    return paper.text()


def words_of(change: Change) -> str:
    """Return one change in words."""
    where = EVENTS.get(change.part, "")
    if change.part == "programme":
        if change.what == "rows":
            return f"{change.code} ({change.name}): rows {change.new}"
        return f"{VERBS[change.kind]}: programme {change.code} ({change.name})"
    if change.part == "value":
        name = change.name
        if change.kind == "changed":
            return f"{name}: {change.old} -> {change.new}"
        return f"{VERBS[change.kind]}: {name} {change.new or change.old}"
    if change.regime and not change.code:
        thing = f"regime {change.regime} ({change.name})"
    else:
        regime = f" in {change.regime}" if change.regime else ""
        thing = f"{change.code}{regime} ({change.name})" if change.code else change.what
    if change.kind != "changed":
        text = change.new or change.old
        return f"{where}{VERBS[change.kind]}: {thing}{f': {text}' if text else ''}"
    what = change.what.replace("_", " ")
    return f"{where}{thing}, {what}: {change.old or 'none'} -> {change.new or 'none'}"


def row_words(row: RowChange) -> str:
    """Return what happens to a row of a programme."""
    origin = f" from {row.origin}" if row.origin else ""
    key = f" {row.key}" if row.key else ""
    return f"HS {row.hs}{origin}{key}: {row.old or 'none'} -> {row.new or 'none'}"


def folded(changes: Iterable[Change]) -> list[Change]:
    """Return changes without those that only repeat the change of a named value."""
    found = list(changes)
    values = [(c.old, c.new) for c in found if c.part == "value" and c.kind == "changed"]
    return [
        c
        for c in found
        if c.part == "value"
        or c.kind != "changed"
        or c.rows
        or not any(old and new and c.old.replace(old, new) == c.new for old, new in values)
    ]
