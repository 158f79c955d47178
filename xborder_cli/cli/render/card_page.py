"""A price list as its carrier prints it: how it travels, zones, prices, surcharges, sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.cards.age import age_words
from xborder_cli.cards.lanes import Places
from xborder_cli.cards.priced import price_known, wanted
from xborder_cli.cards.sheet import sources
from xborder_cli.cards.weights import weight_words
from xborder_cli.cli.render.card_charges import Charges
from xborder_cli.cli.render.card_zones import zone_section
from xborder_cli.cli.render.rows import day
from xborder_cli.core.rule import SELLING
from xborder_cli.core.zones import EVERYWHERE
from xborder_cli.rules.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xborder_cli.cards.sheet import CardSheet, Issue
    from xborder_cli.cli.render.paper import Paper

FEW = 4  # countries that are written by name
SHOWN_SOURCES = 8
MOST_CLASSES = 12  # that stand among the facts
NO_PRICE = "known, but no price is published"
NOT_PUBLISHED = "not published"


def card_text(sheet: CardSheet, paper: Paper, *, whole: bool = False) -> str:
    """Return the page of a service.

    Args:
        sheet: the issue and what joins it.
        paper: an empty page.
        whole: fold nothing.
    """
    _heading(sheet, paper)
    paper.blank()
    paper.columns(list(_facts(sheet)), indent=2)
    if sheet.card.note:
        paper.heading("Note")
        paper.words(sheet.card.note, 2, hang=0)
    zone_section(sheet, paper, whole=whole)
    charges = Charges(sheet.day, sheet.words, paper)
    charges.own(sheet)
    charges.joined(sheet)
    if _many_classes(sheet):
        paper.heading("Classes: the first that fits")
        paper.columns(list(_classes(sheet)), indent=2)
    _sources(sheet, paper, whole=whole)
    return paper.text()


def _heading(sheet: CardSheet, paper: Paper) -> None:
    card = sheet.card
    paper.words(f"{card.service}, {card.carrier_name}", style="bold")
    age = f"list of {day(card.since)}, {age_words(card.since, sheet.on)} old"
    if card.since > sheet.on:
        age = f"list of {day(card.since)}"
    state = f"in force on {day(sheet.on)}" if sheet.in_force else _not_in_force(sheet)
    last = next((one.last for one in sheet.issues if one.card.since == card.since), None)
    until = f", until {day(last)}" if last is not None else ""
    paper.words(f"{card.id}: prices in {card.currency}, {age}; {state}{until}")
    if card.expected_until is not None:
        paper.words(f"a new list was expected after {day(card.expected_until)}")
    others = [_issue(one) for one in sheet.issues if one.card.since != card.since]
    if others:
        paper.words(f"other issues (--on DAY): {', '.join(others)}")
    for flag in sheet.flags:
        paper.words(f"! {flag}", style="yellow")
    names = wanted(sheet.all_charges)
    if names:
        known = NO_PRICE if price_known(sheet.card) == "user" else NOT_PUBLISHED
        paper.words(f"! {known}: {', '.join(names)} (state yours with --assume NAME=RATE)")


def _not_in_force(sheet: CardSheet) -> str:
    if sheet.card.since > sheet.on:
        return f"not yet in force on {day(sheet.on)}"
    return f"NOT in force on {day(sheet.on)}"


def _issue(one: Issue) -> str:
    until = f" to {day(one.last)}" if one.last is not None else " on"
    return f"{day(one.card.since)}{until}"


def _facts(sheet: CardSheet) -> Iterator[tuple[str, str]]:
    """Yield a name and words a line."""
    card, words = sheet.card, sheet.words
    if card.leg in SELLING:
        yield from _selling(sheet)
        return
    modes = [sheet.tables.modes[one].name for one in card.modes if one in sheet.tables.modes]
    leg = card.leg.replace("_", " ")
    by = f" by {card.transport}" if card.transport not in ("", "none") else ""
    yield "for", "; ".join(modes) if modes else "no mode: known, not offered in a chain"
    yield "what", f"{leg}{by}"
    yield "from", _countries(sheet, card.origins)
    if card.site_name or card.site:
        yield "place", card.site_name or card.site
    if Places(sheet.tables).crosses(card):
        usual = " (default)" if len(card.incoterms) > 1 else ""
        yield "terms", listed([f"{card.incoterms[0]}{usual}", *card.incoterms[1:]])
    if card.channel:
        yield "clearance", card.channel
    days, moves = card.transit_days, card.transport not in ("", "none")
    by_zone = any(row.transit_days for row in card.zones)
    stated = "see zones" if by_zone else "not stated"
    if days or moves:
        yield "days", days_words(days) if days else stated
    if card.weight or moves:
        yield "weight", weight_words(card.weight, words)
    for name, rule in card.measures.items():
        yield name.replace("_", " "), weight_words(rule, words)
    for number, limit in enumerate(card.limits):
        where = f", where {words.all_of(limit.when)}" if limit.when else ""
        yield "" if number else "takes", f"{words.all_of(limit.tests)}{where}"
    if card.refuses:
        yield "refuses", listed([one.replace("_", " ") for one in card.refuses], "and")
    if card.only:
        yield "only where", words.all_of(card.only)
    if card.includes:
        yield "price holds", listed([one.replace("_", " ") for one in card.includes], "and")
    if not _many_classes(sheet):
        yield from _classes(sheet)


def _selling(sheet: CardSheet) -> Iterator[tuple[str, str]]:
    """Yield what there is to say of a means of payment or a platform: it carries nothing."""
    card = sheet.card
    flag = f"--{card.leg} {card.carrier}"
    by_id = "" if card.carrier == card.id else f" or --{card.leg} {card.id}"
    yield "for", f"what it takes of a sale: {flag}{by_id}"
    yield "accounts in" if card.leg == "payment" else "buyers in", _countries(sheet, card.origins)
    if card.only:
        yield "only where", sheet.words.all_of(card.only)
    if not _many_classes(sheet):
        yield from _classes(sheet)


def _many_classes(sheet: CardSheet) -> bool:
    """Tell whether the classes want a section of their own, below the prices."""
    return sum(map(len, sheet.card.classes.values())) > MOST_CLASSES


def _classes(sheet: CardSheet) -> Iterator[tuple[str, str]]:
    for name, rows in sheet.card.classes.items():
        for number, row in enumerate(rows):
            text = sheet.words.all_of(row.tests) if row.tests else "all else"
            yield "" if number else name.replace("_", " "), f"{row.code}: {text}"


def days_words(days: tuple[int, int]) -> str:
    """Return a range of days."""
    first, last = days
    return str(first) if first == last else f"{first}-{last}"


def _countries(sheet: CardSheet, codes: tuple[str, ...]) -> str:
    if EVERYWHERE in codes:
        named = [sheet.country(code) for code in codes if code != EVERYWHERE]
        return listed([*named, "every country"])
    if len(codes) <= FEW:
        return listed([sheet.country(code) for code in codes])
    return sheet.words.places(codes)


def _sources(sheet: CardSheet, paper: Paper, *, whole: bool) -> None:
    """Add who says the figures, when somebody compared them, how sure they are."""
    paper.heading("Sources")
    found = sources(sheet)
    for number, ((title, url), figures) in enumerate(found.items()):
        if number == SHOWN_SOURCES and not whole and len(found) > SHOWN_SOURCES + 1:
            paper.words(f"and {len(found) - number} more (--all)", 2)
            break
        names = list(dict.fromkeys(what for what, _ in figures if what))
        own = any(not what for what, _ in figures)
        of = "" if own or not names else f" ({', '.join(names)})"
        last = min(one.checked for _, one in figures)
        checked = f"checked {day(last)}, {_ago(sheet, last)}" if last else "never checked"
        first = figures[0][1]
        place = f"{first.table}:{first.line}"
        paper.words(f"{title or 'no source'}{of}", 2)
        if url:
            paper.lines.append(f"    {url}")  # whole, so that it can be followed
        paper.words(f"{checked}; confidence {first.confidence}; {place}", 4)


def _ago(sheet: CardSheet, checked: int) -> str:
    if checked == sheet.on:
        return "the same day"
    return f"{age_words(checked, sheet.on)} ago" if checked < sheet.on else "after that day"
