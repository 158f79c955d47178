"""Zones and classes: which column of a printed grid a parcel belongs to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core.card_key import card_key
from xborder_cli.core.columns import IntColumn, Mask, both, negate, settle
from xborder_cli.core.condition import permits
from xborder_cli.core.parcels import NO_NAME, Codes
from xborder_cli.core.rule import CATEGORY
from xborder_cli.core.varying import named_so

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xborder_cli.core.rule import RateCard, ZoneRow
    from xborder_cli.core.run import Run

NOWHERE: Final = "\0"  # the zone of a place that the card does not serve; no table can name it
EVERYWHERE: Final = "*"
NO_CATEGORY: Final = "{} has no category {}: taken by HS"
SPACES: Final = re.compile(r"\s+")


def zone_codes(run: Run, card: RateCard) -> Codes:
    """Return the zone of every parcel; NOWHERE where the card does not go."""
    key = ("zone", card.id, card.since)
    return run.tile.kept(key, lambda: _zones(run, card))


def _zones(run: Run, card: RateCard) -> Codes:
    parcels = run.parcels
    attributes = parcels.attributes
    places, postcodes = parcels.destination, parcels.postcode
    if postcodes.codes is None:
        zones = [
            find_zone(card, attributes.origin, place, postcodes.names[0], attributes.area)
            for place in places.names
        ]
        if places.codes is None:
            return Codes((zones[0],))
        return _coded(zones, places.codes)
    place_codes = places.codes if places.codes is not None else np.zeros(parcels.n, dtype=np.int64)
    combined = place_codes * len(postcodes.names) + postcodes.codes
    unique, inverse = np.unique(combined, return_inverse=True)
    zones = [
        find_zone(
            card,
            attributes.origin,
            places.names[int(key) // len(postcodes.names)],
            postcodes.names[int(key) % len(postcodes.names)],
            attributes.area,
        )
        for key in unique
    ]
    return _coded(zones, inverse)


def _coded(zones: list[str], codes: IntColumn) -> Codes:
    names = tuple(dict.fromkeys(zones))
    if len(names) == 1:
        return Codes(names)
    index = np.array([names.index(zone) for zone in zones], dtype=np.int64)
    return Codes(names, index[codes])


def find_zone(card: RateCard, origin: str, destination: str, postcode: str, area: str) -> str:
    """Return the zone of a place, the first that fits; NOWHERE when none does."""
    row = zone_row(card, origin, destination, postcode, area)
    if row is not None:
        return row.zone
    return card.assumed_zones.get(destination, NOWHERE) if card.zones else ""


def zone_row(
    card: RateCard, origin: str, destination: str, postcode: str, area: str
) -> ZoneRow | None:
    """Return the first row of the zone list that holds a place."""
    place = {"origin": origin, "lane": f"{origin}-{destination}"}.get(card.zone_of, destination)
    rows = [row for row in card.zones if place in row.countries or EVERYWHERE in row.countries]
    for row in rows:
        if row.postcodes and not any(in_postcodes(postcode, entry) for entry in row.postcodes):
            continue
        if row.areas and area not in row.areas:
            continue
        if (
            not row.postcodes
            and not row.areas
            and len(rows) > 1
            and destination in card.assumed_zones
        ):
            wanted = card.assumed_zones[destination]
            return next((other for other in rows if other.zone == (area or wanted)), row)
        return row
    assumed = card.assumed_zones.get(destination)
    return next((row for row in rows if row.zone == assumed), None)


def in_postcodes(postcode: str, entry: str) -> bool:
    """Tell whether a postcode is a prefix's or lies in a range.

    >>> in_postcodes("90210", "90"), in_postcodes("2600", "2000-2999")
    (True, True)
    """
    code = SPACES.sub("", postcode).upper()
    if not code:
        return False
    low, dash, high = entry.partition("-")
    if not dash:
        return code.startswith(entry.upper())
    part = code[: len(low)]
    return low.upper() <= part <= high.upper()


def key_codes(run: Run, name: str, card: RateCard | None) -> Codes:
    """Return what a key of a band table is for every parcel: its zone, or its class of a name."""
    if card is None:
        return NO_NAME
    return zone_codes(run, card) if name == "zone" else class_codes(run, card, name)


def class_codes(run: Run, card: RateCard, name: str) -> Codes:
    """Return the class of every parcel, first fit; a parcel that fits none is refused."""
    key = ("class", card_key(run, card), name)
    return run.once(key, _classes, run, card, name)


def _categories(run: Run) -> Iterator[tuple[str, Mask]]:
    """Yield the categories that are stated, and of which parcels."""
    column = run.parcels.varying.get(CATEGORY)
    for name in (run.parcels.attributes.category,) if column is None else column.names:
        if name:
            yield name, True if column is None else named_so(run.parcels, CATEGORY, (name,))


def _classes(run: Run, card: RateCard, name: str) -> Codes:
    rows = card.classes.get(name, ())
    n = run.parcels.n
    codes = np.full(n, len(rows), dtype=np.int64)
    free: Mask = True
    known = {row.code: number for number, row in enumerate(rows)}
    for stated, own in _categories(run) if name == CATEGORY else ():
        if stated in known:
            codes[np.broadcast_to(np.asarray(own), (n,))] = known[stated]
            free = both(free, negate(own))
        else:
            run.note(own, NO_CATEGORY.format(card.id, stated))
    previous, run.program.card = run.program.card, card
    for number, row in enumerate(rows if free is not False else ()):
        fits = permits(run, row.tests, (), None, within=free)
        if fits is not False:
            codes[np.broadcast_to(np.asarray(fits), (n,))] = number
        free = both(free, negate(fits))
        if not isinstance(free, bool):
            free = settle(free)
        if free is False:
            break
    run.program.card = previous
    names = (*(row.code for row in rows), "")
    if n and bool((codes == codes[0]).all()):
        return Codes((names[int(codes[0])],))
    return Codes(names, codes)
