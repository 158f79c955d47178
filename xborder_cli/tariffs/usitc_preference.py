"""The Special column of the United States schedule to lines of programme `preference`."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from xborder_cli.tariffs.line import Line, Unread
from xborder_cli.tariffs.usitc_prefixes import ANY, AnyValue, fewest
from xborder_cli.tariffs.usitc_special import claims, segments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xborder_cli.core.rule import Day
    from xborder_cli.tariffs.line import Tariff
    from xborder_cli.tariffs.usitc_columns import RateLine
    from xborder_cli.tariffs.usitc_special import Claimed, Key


class Offer(NamedTuple):
    """What a country may claim, as far as rows can be the same."""

    rate: str
    until: Day | None


def preferences(lines: Mapping[str, RateLine], tariff: Tariff) -> None:
    """Add the rows of programme `preference`: as few as the longest prefix needs.

    A line within a quota has none: its preference is open within the quota alone, and a row can ask
    for one claim only. Where column 1 is free it does not matter what a row says.
    """
    counts: Counter[str] = Counter()
    offers: dict[str, dict[Key, Claimed]] = {}
    for hs, line in lines.items():
        node = line.node
        own = bool(node.row.general or node.row.special)
        found = claims(node.special, counts if own else Counter())
        if own and node.special:
            counts["lines"] += 1
            _report(line, tariff)
        if node.quota or line.torn:
            counts["within a quota: left out"] += bool(own and found)
            found = {}
        offers[hs] = found
    tariff.forms["special"] = dict(counts.most_common())
    for (claim, countries), column in _classes(offers, lines).items():
        _add(claim, countries, column, offers, lines, tariff)


def _report(line: RateLine, tariff: Tariff) -> None:
    _, lost = segments(line.node.special)
    if lost:
        tariff.unread.append(
            Unread(row=line.node.row.number, hs=line.hs, text=lost, why="words, special")
        )


Column = "dict[str, Offer | AnyValue | None]"


def _classes(
    offers: Mapping[str, Mapping[Key, Claimed]], lines: Mapping[str, RateLine]
) -> dict[tuple[str, tuple[str, ...]], dict[str, Offer | AnyValue | None]]:
    """Return countries that have the same offers on every line, with these offers by code."""
    by_key: dict[Key, dict[str, Offer]] = defaultdict(dict)
    for hs, found in offers.items():
        for key, one in found.items():
            by_key[key][hs] = Offer(one.rate, one.until)
    alike: dict[tuple[str, frozenset[tuple[str, Offer]]], list[str]] = defaultdict(list)
    for (country, claim), column in by_key.items():
        alike[claim, frozenset(column.items())].append(country)
    free = {
        hs
        for hs, line in lines.items()
        if line.general.free and not line.node.quota and not offers[hs]
    }
    found_classes: dict[tuple[str, tuple[str, ...]], dict[str, Offer | AnyValue | None]] = {}
    for (claim, column_of), countries in alike.items():
        whole: dict[str, Offer | AnyValue | None] = {
            hs: ANY if hs in free else None for hs in lines
        }
        whole.update(column_of)
        named = tuple(sorted(country for country in countries if country))
        found_classes[claim, named] = whole
    return found_classes


def _add(
    claim: str,
    countries: tuple[str, ...],
    column: Mapping[str, Offer | AnyValue | None],
    offers: Mapping[str, Mapping[Key, Claimed]],
    lines: Mapping[str, RateLine],
    tariff: Tariff,
) -> None:
    key: Key = (countries[0] if countries else "", claim)
    first = _first_codes(column)
    for hs, offer in fewest(column).items():
        if offer is None:  # a line that has no preference below one that has
            rate, until, printed = lines[hs].general.text, None, lines[hs].node.general
            note = "no preference on this line: column 1"
            row = lines[hs].node.row.number
        else:
            rate, until = offer
            source = first[hs, offer]
            printed, row = offers[source][key].printed, lines[source].node.row.number
            note = "special column"
        tariff.lines.append(
            Line(
                hs=hs,
                programme="preference",
                rate=rate,
                printed=printed,
                row=row,
                origins=countries,
                claim=claim,
                until=until,
                note=note,
            )
        )


def _first_codes(
    column: Mapping[str, Offer | AnyValue | None],
) -> dict[tuple[str, Offer], str]:
    first: dict[tuple[str, Offer], str] = {}
    for hs in sorted(column):
        offer = column[hs]
        if isinstance(offer, Offer):
            for end in range(2, len(hs) + 1, 2):
                first.setdefault((hs[:end], offer), hs)
    return first
