"""What changes soon, as a page, as rows and as a document, with what a typical parcel pays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xborder_cli.cli.render.rows import day, money, yes
from xborder_cli.cli.render.rules_changes import change_lines
from xborder_cli.cli.render.rules_json import change_document, tables_document
from xborder_cli.cli.render.rules_rows import CHANGE_FIELDS, change_rows
from xborder_cli.cli.render.rules_sources import Sources
from xborder_cli.rules.words import Vocabulary, grouped, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xborder_cli.cli.render.paper import Paper
    from xborder_cli.cli.render.rows import Digits, Row
    from xborder_cli.core.rule import Day
    from xborder_cli.rules.model import World
    from xborder_cli.rules.moves import Move
    from xborder_cli.rules.upcoming import DayOfChange

Document = dict[str, object]
PARCEL_FIELDS = ("before", "after", "moves_by", "currency", "complete", "not_priced")
NEXT_FIELDS = (*CHANGE_FIELDS, *PARCEL_FIELDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The changes of some days and how they move a typical parcel."""

    first: Day
    last: Day
    days: tuple[DayOfChange, ...]
    moves: dict[tuple[Day, str], Move]
    names: dict[str, str]  # of markets and unions
    looked: tuple[str, ...]  # markets that were looked at
    parcel: str  # in words
    assumptions: tuple[str, ...]
    digits: Digits
    world: World


def next_text(look: Outlook, paper: Paper) -> str:
    """Return the page."""
    count = len(look.looked)
    paper.words(
        f"What changes in {count} market{'s' * (count != 1)} after {day(look.first)},"
        f" until {day(look.last)}",
        style="bold",
    )
    if not look.days:
        paper.words("nothing is tabled for these days", 2)
    sources = Sources("")
    for one in look.days:
        paper.heading(day(one.day))
        _changes(look, one, sources, paper)
        _moves(look, one, paper)
    if look.days:
        paper.blank()
        paper.words(f"Typical parcel: {look.parcel}.", style="bold")
        for words in look.assumptions:
            paper.words(f"assumed: {words}", 2, style="yellow")
    sources.lines(paper)
    return paper.text()


def _changes(look: Outlook, one: DayOfChange, sources: Sources, paper: Paper) -> None:
    groups: dict[tuple[str, ...], list[object]] = {}
    for coming in one.changes:
        groups.setdefault((coming.change.owner, *coming.markets), [])
    for owner, *markets in groups:
        name = look.names.get(owner) or look.world.countries.get(owner, owner)
        others = [market for market in markets if market != owner]
        where = f", in {Vocabulary(look.world.unions).places(others, 'and')}" if others else ""
        where = ", in all members" if where == f", in {owner}" else where
        paper.words(f"{name} ({owner}){where}", 2)
        changes = [
            coming.change
            for coming in one.changes
            if (coming.change.owner, *coming.markets) == (owner, *markets)
        ]
        words = Vocabulary(look.world.unions)
        change_lines(None, changes, sources.number_of, paper, words)


def _moves(look: Outlook, one: DayOfChange, paper: Paper) -> None:
    rows, still, silent = [], [], dict[str, list[str]]()
    for market in one.markets:
        move = look.moves[one.day, market]
        if move.by_minor is None:
            silent.setdefault(move.reason, []).append(market)
        elif move.by_minor == 0 and same(move):
            still.append(market)
        else:
            rows.append((market, *_sums(move, look.digits)))
    paper.words("a typical parcel", 4, style="dim")
    if rows:
        paper.columns(
            rows, heading=("to", "the day before", "that day", "moves by", "of it"), indent=6
        )
    if still:
        paper.words(f"does not move it: {listed(still, 'and')}", 6)
    for reason, markets in silent.items():
        paper.words(f"not priced: {listed(markets, 'and')} ({reason})", 6)


def same(move: Move) -> bool:
    """Tell whether nothing moves, not even from tax to duty or from known to unknown."""
    before, after = move.before, move.after
    if before is None or after is None:
        return False
    return (before.duty_minor, before.tax_minor, before.fees_minor, before.complete) == (
        after.duty_minor,
        after.tax_minor,
        after.fees_minor,
        after.complete,
    )


def _sums(move: Move, digits: Digits) -> tuple[str, ...]:
    before, after, currency = move.before, move.after, move.currency
    assert before is not None
    assert after is not None
    told = []
    for name, one, other in (
        ("duty", before.duty_minor, after.duty_minor),
        ("tax", before.tax_minor, after.tax_minor),
        ("fees", before.fees_minor, after.fees_minor),
    ):
        if one != other:
            told.append(f"{name} {signed(other - one, currency, digits)}")
    if before.complete != after.complete:
        told.append(f"a charge is {'known' if after.complete else 'not known'} from then on")
    marks = ["" if one.complete else ">=" for one in (before, after)]
    return (
        grouped(f"{marks[0]}{money(before.total_minor, currency, digits)} {currency}"),
        grouped(f"{marks[1]}{money(after.total_minor, currency, digits)} {currency}"),
        signed(move.by_minor or 0, currency, digits),
        ", ".join(told),
    )


def signed(minor: int, currency: str, digits: Digits) -> str:
    """Return a difference with its sign."""
    amount = grouped(f"{money(minor, currency, digits)} {currency}").removesuffix(f" {currency}")
    return f"{'+' if minor > 0 else ''}{amount}"


def next_rows(look: Outlook) -> Iterator[Row]:
    """Yield a row for each change in each market."""
    for one in look.days:
        for coming in one.changes:
            for market in coming.markets:
                cells = _cells(look.moves[one.day, market], look.digits)
                for row in change_rows(market, one.day, [coming.change]):
                    yield {**row, **cells}


def _cells(move: Move, digits: Digits) -> Row:
    before, after = move.before, move.after
    if move.by_minor is None or before is None or after is None:
        blank = dict.fromkeys(PARCEL_FIELDS, "")
        return {**blank, "currency": move.currency, "not_priced": move.reason}
    return {
        "before": money(before.total_minor, move.currency, digits),
        "after": money(after.total_minor, move.currency, digits),
        "moves_by": money(move.by_minor, move.currency, digits),
        "currency": move.currency,
        "complete": yes(before.complete and after.complete),
        "not_priced": "",
    }


def next_document(look: Outlook) -> Document:
    """Return xb.rules.next/1."""
    return {
        "schema": "xb.rules.next/1",
        "after": day(look.first),
        "until": day(look.last),
        "tables": tables_document(look.world),
        "markets": list(look.looked),
        "parcel": {"words": look.parcel, "assumptions": list(look.assumptions)},
        "days": [
            {
                "on": day(one.day),
                "changes": [
                    {"markets": list(coming.markets), **change_document(coming.change)}
                    for coming in one.changes
                ],
                "parcel": [
                    {"market": market, **_move(look.moves[one.day, market], look.digits)}
                    for market in one.markets
                ],
            }
            for one in look.days
        ],
    }


def _move(move: Move, digits: Digits) -> Document:
    cells = _cells(move, digits)
    complete = cells.pop("complete")
    return {
        **{name: text or None for name, text in cells.items()},
        "complete": None if not complete else complete == "true",
    }
