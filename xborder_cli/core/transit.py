"""Days in transit of every parcel on a route, and what a card says about each of its places."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from xborder_cli.core.parcels import NO_NAME
from xborder_cli.core.picked import UNKNOWN_DAYS
from xborder_cli.core.zones import zone_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from xborder_cli.core.columns import IntColumn, Mask, Value
    from xborder_cli.core.rule import RateCard
    from xborder_cli.core.run import Run

T = TypeVar("T")


def transit_columns(run: Run) -> tuple[Value, Value]:
    """Return the least and the most days that the legs of a route state together.

    Storage, handling and the like take no days of their own: only legs that move a parcel to its
    buyer count. UNKNOWN_DAYS where one of them states none, or nothing moves.
    """
    first: Value = 0
    last: Value = 0
    known: Mask = False
    steps = run.program.steps
    sale = any(step.event == "sale" for step in steps)
    for step in steps:
        card = step.card
        if card is None or card.transport == "none":  # the table says that it moves nothing
            continue
        if step.lot and sale:
            continue  # stock travels before anybody orders
        low, high = _card_days(run, card)
        stated = low != UNKNOWN_DAYS
        if isinstance(stated, bool):
            if not stated:
                return UNKNOWN_DAYS, UNKNOWN_DAYS
            known = True if known is False else known
        else:
            known = stated if isinstance(known, bool) else known & stated
        first, last = first + low, last + high
    if isinstance(known, bool):
        return (first, last) if known else (UNKNOWN_DAYS, UNKNOWN_DAYS)
    return np.where(known, first, UNKNOWN_DAYS), np.where(known, last, UNKNOWN_DAYS)


def _card_days(run: Run, card: RateCard) -> tuple[Value, Value]:
    return run.tile.kept(("transit", card.id, card.since), lambda: _find_days(run, card))


def _find_days(run: Run, card: RateCard) -> tuple[Value, Value]:
    origin, area = run.parcels.attributes.origin, run.parcels.attributes.area

    def days(place: str, postcode: str) -> tuple[int, int]:
        row = zone_row(card, origin, place, postcode, area)
        return (row.transit_days if row else None) or card.transit_days or (UNKNOWN_DAYS,) * 2

    if not any(row.transit_days for row in card.zones):
        return card.transit_days or (UNKNOWN_DAYS, UNKNOWN_DAYS)
    found, codes = by_place(run, card, days)
    if codes is None:
        return found[0]
    table = np.array(found, dtype=np.int64)
    return table[codes, 0], table[codes, 1]


def by_place(
    run: Run, card: RateCard, find: Callable[[str, str], T]
) -> tuple[list[T], IntColumn | None]:
    """Return what a card says about each destination and postcode that occurs.

    Args:
        run: the parcels.
        card: whose zones are read.
        find: told a destination and a postcode; asked once for each pair.

    Returns:
        The answers, and which of them each parcel's is; None where it is the only one.
    """
    parcels = run.parcels
    places = parcels.destination
    named = any(row.postcodes for row in card.zones)  # otherwise no postcode makes a difference
    postcodes = parcels.postcode if named else NO_NAME
    if postcodes.codes is None:
        found = [find(place, postcodes.names[0]) for place in places.names]
        return found, places.codes
    at = places.codes if places.codes is not None else 0
    width = len(postcodes.names)
    pairs, codes = np.unique(at * width + postcodes.codes, return_inverse=True)
    found = [
        find(places.names[pair // width], postcodes.names[pair % width]) for pair in pairs.tolist()
    ]
    return found, codes
