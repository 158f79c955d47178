"""Zones of a price list: who lies where, countries of their own together, long lists folded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xborder_cli.rules.words import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.cards.sheet import CardSheet
    from xborder_cli.cli.render.paper import Paper
    from xborder_cli.core.rule import ZoneRow

MOST = {"countries": 40, "postcodes": 12, "areas": 8}  # codes of a cell
NAMED = 3  # countries of a zone that are written by name
HEADING = ("zone", "countries", "postcodes", "areas", "days")


def zone_section(sheet: CardSheet, paper: Paper, *, whole: bool) -> None:
    """Add the zones of a card, or the countries that it goes to."""
    card = sheet.card
    if not card.zones:
        return
    own = [row for row in card.zones if _alone(row)]
    rest = [row for row in card.zones if not _alone(row)]
    unnamed = [row for row in rest if not row.zone]
    if unnamed:
        paper.heading("Goes to")
        for row in unnamed:
            few = len(row.countries) <= NAMED
            told = listed([sheet.country(code) for code in row.countries], ",")
            paper.words(told if few else sheet.words.places(row.countries, ","), 2, hang=0)
        return
    of = {"origin": " by origin", "lane": " by lane"}.get(card.zone_of, "")
    only = f", of {sheet.country(sheet.to)}" if sheet.to else ""
    paper.heading(f"Zones{of}{only}")
    if own:
        names = [sheet.country(row.zone) if len(own) <= NAMED else row.zone for row in own]
        text = f"a zone of its own: {listed(names, ',')}" if len(own) > 1 or rest else names[0]
        paper.words(text, 2)
    rows = [_row(sheet, row, whole=whole) for row in _merged(rest)]
    if rows:
        paper.columns(rows, heading=HEADING)
    taken = [f"{zone} in {country}" for country, zone in card.assumed_zones.items()]
    if taken and not sheet.to:
        paper.words(f"taken where nothing stated tells: {listed(taken, ',')}", 2)
    elif sheet.to in card.assumed_zones:
        paper.words(f"taken where nothing stated tells: {card.assumed_zones[sheet.to]}", 2)


def _alone(row: ZoneRow) -> bool:
    """Tell whether a zone is one whole country and is called by its code."""
    more = row.postcodes or row.areas or row.transit_days
    return not more and row.countries == (row.zone,)


def _merged(rows: Sequence[ZoneRow]) -> list[ZoneRow]:
    """Return rows in which neighbours that say one thing of several postcodes are one."""
    found: list[ZoneRow] = []
    for row in rows:
        last = found[-1] if found else None
        if last and replace(row, postcodes=(), line=0) == replace(last, postcodes=(), line=0):
            found[-1] = replace(last, postcodes=(*last.postcodes, *row.postcodes))
        else:
            found.append(row)
    return found


def _row(sheet: CardSheet, row: ZoneRow, *, whole: bool) -> tuple[str, ...]:
    countries: Sequence[str] = row.countries
    if len(countries) <= NAMED and sheet.card.zone_of != "lane":
        countries = [f"{sheet.country(code)}," for code in countries]
    days = row.transit_days
    return (
        row.zone,
        _folded(countries, "countries", whole=whole).rstrip(","),
        _folded(row.postcodes, "postcodes", whole=whole),
        _folded(row.areas, "areas", whole=whole),
        f"{days[0]}-{days[1]}" if days else "",
    )


def _folded(codes: Sequence[str], kind: str, *, whole: bool) -> str:
    most = len(codes) if whole else MOST[kind]
    more = f" and {len(codes) - most} more (--all)" if len(codes) > most + 1 else ""
    return " ".join(codes[:most] if more else codes) + more
