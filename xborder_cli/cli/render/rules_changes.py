"""Changes of rules in words: what opens, ends, or says something else, and from when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.cli.render.rows import day
from xborder_cli.cli.render.rules_sources import Sources
from xborder_cli.rules.words import Vocabulary, hs_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from xborder_cli.cli.render.paper import Paper
    from xborder_cli.core.rule import Day, Provenance
    from xborder_cli.rules.changes import Change, RowChange
    from xborder_cli.rules.model import MarketTables

    Mark = Callable[[Provenance, str], str]

EXAMPLES = 3  # groups of rows of a programme that a page names
# what a named value says, and how the rate begins that reads it
SAME = {"announced, not yet known": "announced from", "ended": "none since"}
CODES = 8  # codes that one of them names
VERBS = {"added": "new", "ended": "ends", "changed": "changed"}
EVENTS = {"entry": "", "sale": "domestic sale, ", "export": "export, "}


def change_lines(
    on: Day | None, changes: Iterable[Change], mark: Mark, paper: Paper, words: Vocabulary
) -> None:
    """Add the changes of a day under its date."""
    if on is not None:
        paper.words(day(on), 2, style="bold")
    for change in folded(changes):
        days = f" ({', '.join(map(day, change.days))})" if change.days else ""
        paper.words(f"{words_of(change)}{days}", 4, mark=mark(change.provenance, change.owner))
        if change.regime and not change.code and change.kind == "added":
            for formula in change.charges:
                paper.words(formula, 8, style="dim")
        told = grouped_rows(change.rows, words)
        for row in told[:EXAMPLES]:
            paper.words(row, 8, style="dim")
        if len(told) > EXAMPLES:
            paper.words(f"and {len(told) - EXAMPLES} more of the kind", 8, style="dim")


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
            change_lines(None, some, sources.mark, paper, Vocabulary(tables.world.unions))
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
        text = change.new or change.old or "; ".join(change.charges if change.code else ())
        return f"{where}{VERBS[change.kind]}: {thing}{f': {text}' if text else ''}"
    what = change.what.replace("_", " ")
    if change.part == "market":
        return f"{what}: {change.old or 'none'} -> {change.new or 'none'}"
    return f"{where}{thing}, {what}: {change.old or 'none'} -> {change.new or 'none'}"


def grouped_rows(rows: Iterable[RowChange], words: Vocabulary) -> list[str]:
    """Return what happens to the rows of a programme, those of one rate together."""
    origins: dict[tuple[str, str, str, str], list[str]] = {}
    for row in rows:
        origins.setdefault((row.old, row.new, row.key, row.hs), []).append(row.origin)
    codes: dict[tuple[str, str, str, tuple[str, ...]], list[str]] = {}
    for (old, new, key, hs), named in origins.items():
        codes.setdefault((old, new, key, tuple(named)), []).append(hs)
    told = []
    for (old, new, key, made_in), group in codes.items():
        where = f" from {words.places(made_in, 'and')}" if any(made_in) else ""
        more = f" and {len(group) - CODES} more" if len(group) > CODES else ""
        what = "every code" if group == ["*"] else f"HS {hs_list(group[:CODES], ',')}{more}"
        keyed = f"{key}, " if key else ""
        told.append(f"{keyed}{what}{where}: {old or 'none'} -> {new or 'none'}")
    return told


def folded(changes: Iterable[Change]) -> list[Change]:
    """Return changes without those that only repeat the change of a named value."""
    found = list(changes)
    values = [(c.old, c.new) for c in found if c.part == "value" and c.kind == "changed"]
    return [c for c in found if c.part in ("value", "programme") or not _repeats(c, values)]


def _repeats(change: Change, values: Iterable[tuple[str, str]]) -> bool:
    """Tell whether a change is that of a named value, put in its place."""
    if change.kind != "changed":
        return False
    for old, new in values:
        if not old or old not in change.old:
            continue
        if new and change.old.replace(old, new) == change.new:
            return True
        if change.old == old and change.new.startswith(SAME.get(new, new)):
            return True
    return False
