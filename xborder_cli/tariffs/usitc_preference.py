"""The Special column of the United States schedule to lines of programme `preference`."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from xborder_cli.tariffs.line import IN_WORDS, Line, Unread
from xborder_cli.tariffs.us_rate_text import read_rate
from xborder_cli.tariffs.usitc_prefixes import ANY, AnyValue, Codes, fewest
from xborder_cli.tariffs.usitc_special import Offer, claims, segments

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xborder_cli.tariffs.line import Tariff
    from xborder_cli.tariffs.usitc_columns import RateLine
    from xborder_cli.tariffs.usitc_special import Claimed, Key


WITHIN = "within a quota: left out"


class Row(NamedTuple):
    """A row of the table but for its countries."""

    hs: str
    claim: str
    offer: Offer
    printed: str
    number: int
    note: str


Column = dict[str, "Offer | AnyValue | None"]


def preferences(lines: Mapping[str, RateLine], tariff: Tariff) -> None:
    """Add the rows of programme `preference`: as few as the longest prefix needs.

    A line within a quota has none: its preference is open within the quota alone, and a row can ask
    for one claim only. Where column 1 is free it does not matter what a row says.
    """
    counts: Counter[str] = Counter()
    own = {hs: line for hs, line in lines.items() if not _repeats(line, lines)}
    offers: dict[str, Mapping[Key, Claimed]] = {}
    for hs, line in own.items():
        found = claims(line.node.special, counts)
        if line.node.special:
            counts["lines"] += 1
            _report(line, tariff)
        if found and (line.node.quota or line.torn):
            counts[WITHIN] += 1
            found = {}
            number, text = line.node.row.number, line.node.special
            why = "quota, special" if line.node.quota else "two-rates, special"
            tariff.unread.append(Unread(row=number, hs=hs, text=text, why=why))
        offers[hs] = found
    tariff.forms["special"] = dict(counts.most_common())
    _tell(counts, tariff)
    codes = Codes(own)
    rows: dict[Row, list[str]] = defaultdict(list)
    usual: Column = {
        hs: ANY if line.general.free and not line.node.quota and not offers[hs] else None
        for hs, line in own.items()
    }
    for claim, countries, claimed in _classes(offers):
        placed = fewest(codes, usual | claimed)
        for row in _rows(placed, claim, countries, claimed, offers, own):
            rows[row] += countries
    for row, countries in rows.items():
        tariff.lines.append(
            Line(
                hs=row.hs,
                programme="preference",
                rate=row.offer.rate,
                printed=row.printed,
                row=row.number,
                origins=tuple(sorted(country for country in countries if country)),
                claim=row.claim,
                until=row.offer.until,
                note=row.note,
            )
        )


def _repeats(line: RateLine, lines: Mapping[str, RateLine]) -> bool:
    """Tell whether a shorter code says the same already."""
    hs, node = line.hs, line.node
    above = next((lines[hs[:n]] for n in range(len(hs) - 2, 3, -2) if hs[:n] in lines), None)
    if above is None or line.torn:
        return False
    one, other = node, above.node
    return (one.general, one.special, one.quota) == (other.general, other.special, other.quota)


def _report(line: RateLine, tariff: Tariff) -> None:
    """Tell what of a cell is no segment, and which segments stay words."""
    found, lost = segments(line.node.special)
    told = [f"{one.printed} ({','.join(one.codes)})" for one in found if read_rate(one.printed).why]
    number, why = line.node.row.number, "words, special"
    for text in told:
        one = Unread(row=number, hs=line.hs, text=text, why=why, became=IN_WORDS)
        tariff.unread.append(one)
    if lost:
        tariff.unread.append(Unread(row=number, hs=line.hs, text=lost, why=why))


def _tell(counts: Counter[str], tariff: Tariff) -> None:
    if lapsed := {form.split()[1]: n for form, n in counts.items() if form.startswith("lapsed ")}:
        told = ", ".join(f"{code} on {n} lines" for code, n in sorted(lapsed.items()))
        tariff.notes.append(f"preferences that have lapsed are left out: {told}")
    if within := counts[WITHIN]:
        tariff.notes.append(
            f"{within} lines within a quota have no preference here: it would ask for two claims"
        )


def _classes(
    offers: Mapping[str, Mapping[Key, Claimed]],
) -> Iterator[tuple[str, list[str], dict[str, Offer]]]:
    """Yield claims, countries that have the same offers on every line, and these by code."""
    by_key: dict[Key, dict[str, Offer]] = defaultdict(dict)
    for hs, found in offers.items():
        for key, one in found.items():
            by_key[key][hs] = one.offer
    alike: dict[tuple[str, frozenset[tuple[str, Offer]]], list[str]] = defaultdict(list)
    for (country, claim), column in by_key.items():
        alike[claim, frozenset(column.items())].append(country)
    for (claim, items), countries in alike.items():
        yield claim, countries, dict(items)


def _rows(
    placed: Mapping[str, Offer | None],
    claim: str,
    countries: list[str],
    claimed: Mapping[str, Offer],
    offers: Mapping[str, Mapping[Key, Claimed]],
    lines: Mapping[str, RateLine],
) -> Iterator[Row]:
    key: Key = (countries[0], claim)
    order = sorted(claimed)
    for hs, offer in placed.items():
        if offer is None:  # a line that has no preference below one that has
            node = lines[hs].node
            column_1 = Offer(lines[hs].general.text, None)
            note = "no preference on this line: column 1"
            yield Row(hs, claim, column_1, node.general, node.row.number, note)
            continue
        at = bisect_left(order, hs)
        while claimed[order[at]] != offer:
            at += 1
        source = order[at]
        printed, number = offers[source][key].printed, lines[source].node.row.number
        yield Row(hs, claim, offer, printed, number, "special column")
