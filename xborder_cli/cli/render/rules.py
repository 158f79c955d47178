"""A market's rules on a day as a page: thresholds, rates, fees, regimes, changes, sources."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from xborder_cli.cli.render.rows import day
from xborder_cli.cli.render.rules_changes import change_lines
from xborder_cli.cli.render.rules_charges import Charges
from xborder_cli.cli.render.rules_rates import Rates
from xborder_cli.cli.render.rules_sources import Sources
from xborder_cli.rules.facts import low_figures
from xborder_cli.rules.thresholds import thresholds_of
from xborder_cli.rules.words import Vocabulary, listed, measure

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from xborder_cli.cli.render.paper import Paper
    from xborder_cli.rules.changes import History
    from xborder_cli.rules.sheet import Sheet
    from xborder_cli.rules.thresholds import Threshold

LAST = 3  # days of changes that a page looks back on
NEXT = 8  # and days that it looks forward to
FEW_NOTES = 3  # of a union, that a page of its member repeats
MOST = 8  # changes of a day that are told one by one
ACRONYM = 6  # letters that no word of a bank's name has so few of
EVENTS = {"entry": "At the border", "sale": "A domestic sale from stock", "export": "Export"}
HOW = {
    "cliff": "cliff: above it other rules hold for the whole, not for the part above alone",
    "allowance": "allowance: only the part above it counts",
    "allowance, whole items": "whole items: an item is free or taxed whole, the dearest free first",
    "waiver": "waiver: what comes to no more is not collected",
    "deduction": "deduction: taken off the amount itself",
    "band": "band: one rate for the whole, by where it falls",
    "band on its part": "band on its part: each rate on the part inside it",
    "free part": "free part: only what is above it is counted",
}
FX_DAYS = {
    "order": "of the day of the order",
    "entry": "of the day of entry",
    "export": "of the day of export",
    "previous_trading_day": "of the trading day before",
    "month": "of the month",
}


def sheet_text(sheet: Sheet, history: History, paper: Paper, *, whole: bool = False) -> str:
    """Return the page; `whole` with every row, change and note, else long lists are cut short."""
    sources = Sources(sheet.tables.market.id)
    _head(sheet, paper)
    charges = Charges(sheet, sources, paper)
    rates = Rates(sheet, sources, paper, whole=whole)
    for event in sheet.events:
        if event.event == "entry":
            charges.short(event)
    _thresholds(sheet, sources, paper)
    rates.own()
    charges.fees()
    _schemes(sheet, paper)
    rates.programmes()
    _figures(sheet, sources, paper)
    for event in sheet.events:
        charges.event(event, EVENTS[event.event])
    charges.legend()
    charges.gaps()
    if not (sheet.hs or sheet.origin):
        _changes(sheet, history, sources, paper, most=0 if whole else MOST)
    _low(sheet, sources, paper)
    sources.lines(paper)
    _notes(sheet, paper, whole=whole)
    return paper.text()


def _head(sheet: Sheet, paper: Paper) -> None:
    tables, market = sheet.tables, sheet.tables.market
    kind = " (union)" if tables.members else ""
    paper.words(
        f"{market.name} ({market.id}){kind}, {market.currency}", style="bold", mark=day(sheet.day)
    )
    told = []
    if market.extends:
        union = tables.names.get(market.extends, market.extends)
        told.append(
            f"Extends {union} ({market.extends}): what stands there is marked {market.extends}."
        )
    if tables.members:
        told.append(f"Common part of {listed(tables.members, 'and')}.")
    told.append(f"In the tables from {day(market.first_day) or 'the first day'} on.")
    if market.fx.source:
        name = market.fx.source.replace("_", " ")
        name = name.upper() if len(name) < ACRONYM else name
        told.append(f"Customs convert at the {name} rate {FX_DAYS[market.fx.day]}.")
    if sheet.hs or sheet.origin:
        goods = " ".join(
            part
            for part in (
                f"HS {sheet.hs}" if sheet.hs else "",
                f"made in {sheet.origin}" if sheet.origin else "",
            )
            if part
        )
        told.append(f"Narrowed to goods of {goods}: what can never hold for them is left out.")
    paper.words(" ".join(told), hang=0)


def _thresholds(sheet: Sheet, sources: Sources, paper: Paper) -> None:
    found = thresholds_of(sheet)
    if not found:
        return
    paper.heading("Thresholds")
    codes = {measure(one.charge.code) for one in sheet.charges}
    rows = [_threshold(one, codes, sources) for one in found if one.raw.amount[0]]
    paper.columns(rows, heading=("limit", "of", "how", "decides about", "source"))
    kinds = dict.fromkeys(one.kind for one in found)
    told = [HOW[kind] for kind in kinds if kind in HOW]
    ops = {one.op for one in found}
    if "up to" in ops:
        told.append('"up to" includes the limit itself')
    if "under" in ops:
        told.append('"under" does not include it')
    paper.words(f"{'; '.join(told)}. Per parcel unless another unit is named.", 2, style="dim")


def _threshold(one: Threshold, codes: AbstractSet[str], sources: Sources) -> tuple[str, ...]:
    limit = f"{one.op} {one.limit}".strip()
    if one.per not in ("parcel", "") and "/" not in one.limit:
        limit += f" per {one.per}"
    what = one.measure.replace("hs6", "distinct HS subheadings")
    limit = limit.removesuffix(" hs6")
    if one.made_of and one.made_of != one.measure:
        # the name of a sum of what everybody knows says less than the sum
        plain = codes.isdisjoint(one.made_of.split(" + "))
        what = one.made_of if plain else f"{what} ({one.made_of})"
    return limit, what, one.kind, "; ".join(one.decides), sources.mark(one.provenance, one.owner)


def _figures(sheet: Sheet, sources: Sources, paper: Paper) -> None:
    if not sheet.values or sheet.hs or sheet.origin:
        return
    paper.heading("Figures by name")
    rows = []
    for one in sheet.values:
        later = f"{one.later} from {day(one.later_from)}" if one.later_from else ""
        name, since = one.name.replace("_", " "), day(one.since)
        rows.append((name, one.text, since, later, sources.mark(one.provenance, one.owner)))
    paper.columns(rows, heading=("name", "value", "since", "later", "source"))


def _schemes(sheet: Sheet, paper: Paper) -> None:
    named = [one for one in sheet.schemes if one != "none"]
    if not named and not sheet.scheme:
        return
    paper.heading("Schemes at checkout")
    for name in dict.fromkeys([*([sheet.scheme] if sheet.scheme else []), *named]):
        usual = f"usual, assumed for consumers since {day(sheet.scheme_since)}"
        paper.words(f"{name}: {usual if name == sheet.scheme else 'on request (--scheme)'}", 2)
    paper.words("none: the seller is outside every scheme (--scheme none)", 2)


def _changes(sheet: Sheet, history: History, sources: Sources, paper: Paper, *, most: int) -> None:
    words = Vocabulary(sheet.tables.world.unions)
    market = sheet.tables.market.id
    last = list(islice(history.before(sheet.day), LAST))
    paper.heading("Changed last")
    for on, changes in last:
        change_lines(on, changes, sources.mark, paper, words, market=market, most=most)
    if not last:
        paper.words(f"nothing since {day(sheet.tables.market.first_day)}", 2)
    coming = list(islice(history.after(sheet.day), NEXT))
    paper.heading("Announced next")
    for on, changes in coming:
        change_lines(on, changes, sources.mark, paper, words, market=market, most=most)
    if not coming:
        paper.words("nothing is tabled for later days", 2)


def _low(sheet: Sheet, sources: Sources, paper: Paper) -> None:
    found = [f"{name} {sources.number(source)}" for name, source in low_figures(sheet)]
    if found:
        paper.heading("Low confidence")
        paper.words("; ".join(found), 2, hang=0, style="yellow")


def _notes(sheet: Sheet, paper: Paper, *, whole: bool) -> None:
    own, folded = sheet.tables.market.id, []
    for owner in dict.fromkeys(note.of for note in sheet.notes):
        name = sheet.tables.names.get(owner, owner)
        notes = [note for note in sheet.notes if note.of == owner]
        if owner != own and not whole and len(notes) > FEW_NOTES:
            folded.append(f"{len(notes)} notes of {name}: xb rules {owner}, or --all")
            continue
        paper.heading("Notes" if len(sheet.tables.names) < 2 else f"Notes of {name} ({owner})")
        for note in notes:
            paper.words(f"- {note.text}", 2)
    for words in folded:
        paper.blank()
        paper.words(words, style="bold")
