"""Changes of rules in words: what opens, ends, or says something else, and from when."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xborder_cli.cli.render.rows import day
from xborder_cli.cli.render.rules_sources import Sources
from xborder_cli.rules.words import Vocabulary, hs_list, listed

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
NO_ROW = {"gap": "not tabled"}  # nobody says that there was no duty
CODES = 8  # codes that one of them names
VERBS = {"added": "new", "ended": "ends", "changed": "changed"}
EVENTS = {"entry": "", "sale": "domestic sale, ", "export": "export, "}


def change_lines(
    on: Day | None,
    changes: Iterable[Change],
    mark: Mark,
    paper: Paper,
    words: Vocabulary,
    *,
    market: str = "",
    most: int = 0,
) -> None:
    """Add the changes of a day under its date.

    Args:
        on: the day.
        changes: of the day.
        mark: says whose a figure is and its source.
        paper: where to.
        words: of conditions.
        market: whose `xb rules diff` tells what is left out.
        most: changes that are told; 0 for all.
    """
    if on is not None:
        paper.words(day(on), 2, style="bold")
    found = folded(changes)
    for change in found[: most or len(found)]:
        days = f" ({', '.join(map(day, change.days))})" if change.days else ""
        paper.words(f"{words_of(change)}{days}", 4, mark=mark(change.provenance, change.owner))
        if change.regime and not change.code and change.kind == "added":
            for formula in change.charges:
                paper.words(formula, 8, style="dim")
        told = grouped_rows(change.rows, words, NO_ROW.get(change.no_row, "none"))
        for row in told[:EXAMPLES]:
            paper.words(row, 8, style="dim")
        if len(told) > EXAMPLES:
            paper.words(f"and {len(told) - EXAMPLES} more of the kind", 8, style="dim")
    if on is not None and most and len(found) > most:
        days = f"--from {day(on - 1)} --to {day(on)}"
        paper.words(f"and {len(found) - most} more: xb rules diff {market} {days}", 4, style="dim")


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
    """Return one change in words: what it is called first, its code in brackets."""
    where = EVENTS.get(change.part, "")
    if change.part == "programme":
        named = f"{change.name} ({change.code})" if change.name != change.code else change.code
        if change.what == "rows":
            first, _, rest = change.new.partition(" ")
            return f"{named}: {first} row{'s' * (first != '1')} {rest}"
        return f"{VERBS[change.kind]}: programme {named}"
    if change.part == "value":
        name = change.name
        if change.kind == "changed":
            return f"{name}: {change.old} -> {change.new}"
        return f"{VERBS[change.kind]}: {name} {change.new or change.old}"
    if change.regime and not change.code:
        thing = f"{change.name} (regime {change.regime})"
    elif change.code:
        regime = f" in {change.regime}" if change.regime else ""
        thing = f"{change.name} ({change.code}{regime})"
    else:
        thing = change.what
    if change.kind != "changed":
        text = change.new or change.old or "; ".join(change.charges if change.code else ())
        return f"{where}{VERBS[change.kind]}: {thing}{f': {text}' if text else ''}"
    what = change.what.replace("_", " ")
    if change.part == "market":
        return f"{what}: {change.old or 'none'} -> {change.new or 'none'}"
    return f"{where}{thing}, {what}: {change.old or 'none'} -> {change.new or 'none'}"


def grouped_rows(rows: Iterable[RowChange], words: Vocabulary, none: str) -> list[str]:
    """Return what happens to the rows of a programme, those of one rate together.

    `none` is what the absence of a row means.
    """
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
        told.append(f"{keyed}{what}{where}: {old or none} -> {new or none}")
    return told


def folded(changes: Iterable[Change]) -> list[Change]:
    """Return changes without those that repeat each other.

    What only puts a named value in its place is left to the value; a value that begins or ends
    with a charge that says it, to the charge. What a charge does in several regimes is told once.
    """
    found = list(changes)
    values = [(c.old, c.new) for c in found if c.part == "value" and c.kind == "changed"]
    told = [text for c in found if c.kind != "changed" for text in c.charges]
    kept = []
    for one in found:
        if one.part == "value":
            text = one.new or one.old
            if one.kind != "changed" and any(text in words for words in told):
                continue
        elif one.part != "programme" and _repeats(one, values):
            continue
        kept.append(one)
    return _once(kept)


def _once(changes: Iterable[Change]) -> list[Change]:
    """Return changes, those of one charge that differ by their regime alone in one."""
    alike: dict[Change, list[str]] = {}
    for one in changes:
        same = replace(one, regime="", inner=()) if one.code and one.regime else one
        alike.setdefault(same, []).append(one.regime)
    return [
        one if not any(regimes) else replace(one, regime=listed(regimes, "and"))
        for one, regimes in alike.items()
    ]


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
