"""What is too old, as rows, as a table and as one line."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from xborder_cli.cards.age import EXPECTED_END, OLD_LIST, UNCHECKED, age_words
from xborder_cli.cli.render.rows import Row, day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.cards.age import Finding
    from xborder_cli.cli.render.paper import Paper
    from xborder_cli.core.rule import Day

FIELDS = (
    "why", "kind", "id", "what", "day", "age_days", "age", "figures", "checked", "confidence",
    "title", "source", "table", "line",
)  # fmt: skip
SHORT = ("kind", "id", "what", "day", "age", "checked")
HEADINGS = {
    EXPECTED_END: ("A new list was expected", "expected by"),
    OLD_LIST: ("Old price lists and values", "since"),
    UNCHECKED: ("Not compared with the source", "checked"),
}
WIDE = 100  # cells from which there is room for one day more
NAMED = 3  # figures that a table names


def stale_rows(found: Sequence[Finding], on: Day) -> Iterator[Row]:
    """Yield a row a finding."""
    for one in found:
        yield {
            "why": one.why,
            "kind": one.kind,
            "id": one.id,
            "what": " ".join(one.what),
            "day": day(one.day),
            "age_days": str(on - one.day) if one.day else "",
            "age": age_words(one.day, on) if one.day else "never",
            "figures": str(one.figures),
            "checked": day(one.provenance.checked),
            "confidence": one.provenance.confidence,
            "title": one.provenance.title,
            "source": one.provenance.url,
            "table": one.provenance.table,
            "line": str(one.provenance.line or ""),
        }


def stale_text(found: Sequence[Finding], on: Day, paper: Paper) -> str:
    """Return a table for each reason, the oldest first."""
    rows = list(stale_rows(found, on))
    for why, (title, since) in HEADINGS.items():
        of_it = [row for row in rows if row["why"] == why]
        if not of_it:
            continue
        paper.heading(title)
        wide = paper.width >= WIDE and why != UNCHECKED
        fields = [name for name in SHORT if name != "checked" or wide]
        fields = [name for name in fields if any(row[name] for row in of_it)]
        heading = [since if name == "day" else name for name in fields]
        cells = [[_cell(row, name) for name in fields] for row in of_it]
        paper.columns(cells, heading=heading, like=[heading, *cells])
    return paper.text()


def _cell(row: Row, name: str) -> str:
    if name != "what":
        return row[name]
    names = row["what"].split()
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED + 1 else ""
    return ", ".join(names[: NAMED if more else len(names)]) + more


def summary(found: Sequence[Finding], on: Day, before: Day) -> str:
    """Return how much of what is too old."""
    count = Counter(one.why for one in found)
    figures = sum(one.figures for one in found if one.why == UNCHECKED)
    words = (
        (count[EXPECTED_END], "past the day by which a new list was expected"),
        (count[OLD_LIST], f"from before {day(before)}"),
        (figures, f"not checked since {day(before)}"),
    )
    told = [f"{number} {text}" for number, text in words if number]
    return f"{day(on)}: {', '.join(told)}" if told else f"{day(on)}: nothing is stale"
