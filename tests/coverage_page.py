"""docs/coverage.md, counted from the bundled tables: `python -m tests.coverage_page`, `make docs`.

Everything is as on one fixed day: the page changes with the tables and not with the calendar.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tests import freight_side
from xborder_cli.cards.issues import Issues
from xborder_cli.cards.lanes import Places, destinations
from xborder_cli.cards.priced import cells, price_known
from xborder_cli.core.chains import chains
from xborder_cli.core.pipeline import quote
from xborder_cli.core.rule import SELLING
from xborder_cli.core.stacking import parcels_of
from xborder_cli.core.zones import EVERYWHERE
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.load import load_tables
from xborder_cli.units import parse_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xborder_cli.core.answer import Excluded, Option, Quote
    from xborder_cli.core.rule import Mode, RateCard
    from xborder_cli.tables.tables import Tables

PAGE = Path(__file__).parent.parent / "docs" / "coverage.md"
DAY = "2026-11-23"
HOME = "CN"
ORIGINS = ("CN", "HK", "US", "GB", "DE", "JP")
LANES = ("US", "GB", "DE", "FR", "JP", "AU", "CA", "BR", "RU", "SA", "KE")
IMPORTS = ("US", "JP", "KR", "HK", "GB", "DE", "FR", "AU")
SHIRTS = {"goods": "t-shirt-cotton"}
PARCELS = {
    "light": ("0.46 kg, 25x20x8 cm, a cotton T-shirt worth 25 USD",
              {**SHIRTS, "weight": "0.46kg", "size": "25x20x8cm", "value": "25USD"}),
    "middling": ("1.25 kg, 30x22x10 cm, three worth 60 USD",
                 {**SHIRTS, "weight": "1.25kg", "size": "30x22x10cm", "value": "60USD",
                  "quantity": "3"}),
    "heavy": ("6 kg, 40x30x25 cm, 24 worth 240 USD",
              {**SHIRTS, "weight": "6kg", "size": "40x30x25cm", "value": "240USD",
               "quantity": "24"}),
}  # fmt: skip
REGIONS = {"CA": "ON"}  # where tax depends on it, the buyer is taken to live here
WAREHOUSE_LEGS = ("receiving", "storage", "handling", "returns", "bonded_entry", "bonded_storage",
                  "bonded_handling")  # fmt: skip
BULK_LEGS = ("first_leg", "line_haul", "bulk_line_haul", "declaration")
MOST_REASONS = 4  # that are told for a mode on a lane
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def page() -> str:
    """Return the text of docs/coverage.md."""
    tables = load_tables([bundled_folder()])
    on = parse_day(DAY)
    issues = Issues(tables.cards)
    living = [card for card in tables.cards if issues.in_force(card, on)]
    parts = [
        "# What the tables cover\n",
        f"Made by `make docs` from the bundled tables as they hold on {DAY}; a test keeps it true."
        " `xb rates list` finds a price list, `xb rates show` prints it, `xb rates stale` tells"
        " which are old.\n",
        _counted(tables, living),
        _by_leg(living),
        _by_mode(tables, living),
        _reached(tables),
        *_exports(tables),
        _imports(tables),
    ]
    return "\n".join(parts)


def _table(heading: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    head = list(heading)
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(str(one) for one in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _services(cards: Iterable[RateCard]) -> int:
    return len({card.id for card in cards})


def _figures(cards: Iterable[RateCard]) -> int:
    return sum(cells(card.charges) for card in cards)


# -- numbers ------------------------------------------------------------------------------------


def _counted(tables: Tables, living: list[RateCard]) -> str:
    known = Counter(price_known(card) for card in living)
    legs = Counter(card.leg for card in {card.id: card for card in living}.values())
    sites = {card.site for card in living if card.site and card.leg in WAREHOUSE_LEGS}
    joined = [charge for one in tables.surcharges for charge in one.charges]
    carrying = [card for card in living if card.leg not in SELLING]
    unpriced = [card for card in carrying if not card.modes]
    rows = [
        ("services that carry, store or handle, with a price list in force", _services(carrying)),
        ("price lists in all, with the old editions, payments and platforms", len(tables.cards)),
        ("price cells in them", _figures(tables.cards)),
        ("price cells in force", _figures(living)),
        ("carriers and providers", len({card.carrier for card in carrying})),
        ("lanes with a price list door to door", len(_lanes(tables, living))),
        ("tables of surcharges that join them", len(tables.surcharges)),
        ("surcharges in these", len(joined)),
        ("figures in these", cells(joined)),
        ("warehouses (sites)", len(sites)),
        ("first legs and bulk legs", sum(legs[leg] for leg in BULK_LEGS)),
        ("means of payment", legs["payment"]),
        ("platforms", legs["platform"]),
        ("price lists in force with every figure that is always due", known["yes"]),
        ("with some of them; the rest is the user's to state", known["part"]),
        ("without any: a `user` gap", known["user"]),
        ("known services in no mode, listed and not quoted", _services(unpriced)),
    ]  # fmt: skip
    how = (
        "A price cell is one printed figure: a term of a band (a band of so much a parcel and so"
        " much a kilogram is two), or of a dated rate. A gap is none. A lane is a country of origin"
        " and another of destination that a price list in force names; a list that names no end"
        " counts none.\n"
    )
    return f"## Numbers\n\n{how}\n{_table(('what', 'number'), rows)}"


def _by_leg(living: list[RateCard]) -> str:
    legs = sorted({card.leg for card in living})
    rows = []
    for leg in legs:
        cards = [card for card in living if card.leg == leg]
        known = Counter(price_known(card) for card in cards)
        rows.append(
            (
                f"`{leg}`",
                _services(cards),
                _figures(cards),
                known["yes"],
                known["part"],
                known["user"],
            )
        )
    words = "`xb rates list --kind LEG` names them.\n"
    heading = ("leg", "services", "price cells", "priced", "in part", "not")
    return f"## By kind of leg\n\n{words}\n{_table(heading, rows)}"


def _lanes(tables: Tables, cards: Iterable[RateCard]) -> set[tuple[str, str]]:
    """Return origins and destinations that door-to-door cards name."""
    found = set()
    for card in cards:
        if card.leg in ("door_to_door", "transhipment") and price_known(card) != "user":
            found |= set(_ends(tables, card))
    return found


def _ends(tables: Tables, card: RateCard) -> Iterator[tuple[str, str]]:
    ends = destinations(card)
    if card.zone_of == "lane":
        for row in card.zones:
            yield from ((*lane.split("-", 1),) for lane in row.countries)
        return
    for end in tables.countries if EVERYWHERE in ends else ends:
        yield from ((origin, end) for origin in card.origins if origin != end)


def _by_mode(tables: Tables, living: list[RateCard]) -> str:
    """Return a row a mode and origin of its legs between countries; alike origins share one."""
    places = Places(tables)
    rows: list[tuple[object, ...]] = []
    for mode in tables.modes.values():
        cards = [card for card in living if mode.id in card.modes]
        crossing = [card for card in cards if places.crosses(card)]
        inside = [card for card in cards if not places.crosses(card)]
        alike: dict[tuple[int, int, object], list[str]] = {}
        for origin in sorted({origin for card in crossing for origin in card.origins}):
            here = [card for card in crossing if origin in card.origins]
            lanes = {end for card in here for start, end in _ends(tables, card) if start == origin}
            found = (_services(here), _figures(here), len(lanes) or "any")
            alike.setdefault(found, []).append(origin)
        for found in sorted(alike, key=lambda one: (-one[0], -one[1])):
            rows.append((mode.name, " ".join(alike[found]), *found))
        if inside:
            countries = sorted({country for card in inside for country in card.origins})
            where = countries[0] if len(countries) == 1 else f"{len(countries)} countries"
            rows.append((mode.name, f"inside {where}", _services(inside), _figures(inside), ""))
    words = (
        "Price lists in force of legs that cross a border, by where they leave, and of those that"
        " work inside a country. A list may be of several modes and origins, and counts in each.\n"
    )
    heading = ("mode", "from", "services", "price cells", "countries named")
    return f"## By mode and origin\n\n{words}\n{_table(heading, rows)}"


# -- what is reached ----------------------------------------------------------------------------


def _reached(tables: Tables) -> str:
    modes = list(tables.modes.values())
    rows = []
    for origin in ORIGINS:
        found = []
        for mode in modes:
            imports = mode.direction == "import"
            ends = [HOME] if imports else tables.countries
            count = 0 if imports and origin == HOME else _count(mode, origin, ends)
            # to the home market there is one country to reach, and an export from elsewhere may too
            found.append(("yes" if count else "-") if imports else count or "-")
        rows.append((origin, *found))
    words = (
        "Countries to which every leg of a mode has a price list in force, whatever the parcel;"
        f" for the modes of import whether {HOME} is one. Clearance is not looked at here.\n"
    )
    heading = ("from", *(mode.name for mode in modes))
    return f"## Countries reached\n\n{words}\n{_table(heading, rows)}"


def _count(mode: Mode, origin: str, ends: Iterable[str]) -> int:
    book = freight_side.book()
    if not any(origin in head.origins and mode.id in head.modes for head in book.cards):
        return 0
    count = 0
    for end in ends:
        if end == origin:
            continue
        given = {**PARCELS["light"][1], "from": origin, "to": end}
        parcels = parcels_of([freight_side.shipment(given, DAY)], digits=book.digits)
        count += bool(chains(book, mode, parcels))
    return count


# -- what is complete ---------------------------------------------------------------------------


def _quotes(origin: str, destination: str) -> dict[str, Quote]:
    return {
        name: quote(
            freight_side.book(),
            freight_side.shipment({**given, **_lane(origin, destination)}, DAY),
        )
        for name, (_, given) in PARCELS.items()
    }


def _lane(origin: str, destination: str) -> dict[str, str]:
    region = {"region": REGIONS[destination]} if destination in REGIONS else {}
    return {"from": origin, "to": destination, **region}


def _exports(tables: Tables) -> Iterator[str]:
    modes = [mode for mode in tables.modes.values() if mode.direction == "export"]
    words = "; ".join(f"{name}: {text}" for name, (text, _) in PARCELS.items())
    yield (
        f"## From {HOME}: modes with a complete option\n\nThree usual parcels, {words}; ordered on"
        f" {DAY} by a consumer (in Canada one in Ontario), nothing else stated. A cell counts the"
        " services (the leg that crosses the border) with a complete option for one of them: it"
        " takes the parcel, the country lets it in, and no figure of the sum is missing, duty and"
        " tax included. Why there is none stands below.\n"
    )
    rows, reasons = [], []
    for end in LANES:
        quotes = _quotes(HOME, end)
        row = []
        lines = []
        for mode in modes:
            complete = _complete(quotes, mode)
            row.append(_cell(complete))
            if not complete:
                lines.append(f"- {mode.name}: {_why(quotes, mode)}")
        rows.append((f"{end} {tables.countries[end]}", *row))
        if lines:
            title = f"### {tables.countries[end]}: why not\n"
            reasons.append("\n".join((title, *lines)) + "\n")
    yield _table(("to", *(mode.name for mode in modes)), rows)
    yield from reasons


def _imports(tables: Tables) -> str:
    modes = [mode for mode in tables.modes.values() if mode.direction == "import"]
    rows = []
    reasons: dict[tuple[str, str], list[str]] = {}
    for origin in IMPORTS:
        quotes = _quotes(origin, HOME)
        found = {mode.name: _complete(quotes, mode) for mode in modes}
        rows.append((f"{origin} {tables.countries[origin]}", *map(_cell, found.values())))
        for mode in modes:
            if not found[mode.name]:
                key = (mode.name, _why(quotes, mode))
                reasons.setdefault(key, []).append(tables.countries[origin])
    lines = [f"- {name}, from {', '.join(of)}: {why}" for (name, why), of in reasons.items()]
    text = f"## To {HOME}: modes with a complete option\n\nThe same parcels.\n\n"
    text += _table(("from", *(mode.name for mode in modes)), rows)
    return text + f"\n### {tables.countries[HOME]}: why not\n\n" + "\n".join(lines) + "\n"


def _complete(quotes: dict[str, Quote], mode: Mode) -> list[Option]:
    return [o for one in quotes.values() for o in one.options if o.mode == mode.id and o.complete]


def _cell(options: list[Option]) -> str:
    names = sorted({option.service for option in options})
    if not names:
        return "-"
    return f"{len(names)}: {names[0]}" if len(names) == 1 else f"{len(names)}, as {names[0]}"


def _why(quotes: dict[str, Quote], mode: Mode) -> str:
    """Return what keeps a mode from a complete option: missing figures first, then refusals."""
    gaps: dict[str, set[str]] = {}
    refused: dict[tuple[str, str], tuple[set[str], set[str]]] = {}
    for size, one in quotes.items():
        for option in one.options:
            if option.mode == mode.id:
                wanted = dict.fromkeys(_gap(line.unknown) for line in option.lines if line.unknown)
                gaps.setdefault(", ".join(f"`{name}`" for name in wanted), set()).add(
                    option.service
                )
        for out in one.excluded:
            if out.mode == mode.id:
                services, sizes = refused.setdefault((out.code, _reason(out)), (set(), set()))
                services.add(out.service)
                sizes.add(size)
    parts = [
        f'"at least" by {_named(services)}: no public figure for {names}'
        for names, services in gaps.items()
    ]
    for (code, reason), (services, sizes) in refused.items():
        of = "" if len(sizes) == len(quotes) else f" ({' and '.join(sorted(sizes))} parcel)"
        who = f"{_named(services)}: " if any(services) else ""
        parts.append(f"{who}{reason}{of} [{code}]")
    more = len(parts) - MOST_REASONS
    if more > 1:
        parts = [*parts[:MOST_REASONS], f"{more} reasons more, which `--why` tells"]
    return "; ".join(part.replace("|", "/") for part in parts)


def _gap(unknown: str) -> str:
    """Return the name of a figure that is wanted, or the words where it has none."""
    found = NAME.match(unknown)
    return found[0] if found and "-" in found[0] else unknown


def _reason(out: Excluded) -> str:
    """Return a reason without the name of the service, and without what to do about it."""
    words = out.reason.removeprefix(f"{out.carrier_name} {out.service_name}").lstrip(": ")
    return words.partition("; write ")[0]


def _named(services: set[str]) -> str:
    first, *rest = sorted(services)
    return f"`{first}` and {len(rest)} more" if rest else f"`{first}`"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
