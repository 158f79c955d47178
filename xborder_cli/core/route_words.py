"""What is to be said of a route, row by row: age of its lists, unsure figures, assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.core.answer import LOW
from xborder_cli.core.columns import settle
from xborder_cli.core.flags import (
    LOT_ASSUMED,
    SELLER_ASSUMED,
    STORAGE_ASSUMED,
    VALUE_ASSUMED,
    YEAR,
    age_flags,
    counts_days,
    held_dues,
    reads_assumed,
    zone_assumed,
)
from xborder_cli.core.phrases import Phrases
from xborder_cli.core.transit import by_place
from xborder_cli.core.wording import terms_text
from xborder_cli.core.zones import zone_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.columns import IntColumn, Mask
    from xborder_cli.core.rule import RateCard
    from xborder_cli.core.run import Run


def flag_words(
    run: Run,
    cards: Sequence[RateCard],
    rows: IntColumn,
    low_legs: Sequence[str],
    low: Sequence[tuple[Mask, str]],
) -> Phrases:
    """Return the flags of a route for some rows: old lists, then figures of low confidence."""
    words = Phrases(rows.size)
    day = run.parcels.day
    turns = sorted({turn for card in cards for turn in _turns(card)})
    if isinstance(day, int):
        at: int | IntColumn = day
    else:
        first, last = run.tile.days
        turns = [turn for turn in turns if first < turn <= last]
        at = np.searchsorted(np.array(turns, dtype=np.int64), day[rows], side="right")
        at = first if not turns else at
    if isinstance(at, int):
        for text in age_flags(cards, at):
            words.say(True, text)
    else:
        told = [age_flags(cards, turn) for turn in (run.tile.days[0], *turns)]
        for place in range(max(map(len, told))):
            words.say_each([one[place] if place < len(one) else "" for one in told], at)
    names = Phrases(rows.size)
    for name in low_legs:
        names.say(True, name)
    for mask, name in low:
        names.say(mask, name)
    texts = [f"{LOW}{text}" if text else "" for text in names.joined(", ")]
    words.say_each(texts, names.code)
    return words


def _turns(card: RateCard) -> list[int]:
    """Return the days from which something else may be said of a list's age."""
    out = [card.since + YEAR + 1]
    if card.expected_until is not None:
        out.append(card.expected_until + 1)
    if card.provenance.checked:
        out.append(card.provenance.checked + YEAR + 1)
    return out


def assumption_words(
    run: Run,
    cards: Sequence[RateCard],
    rows: IntColumn,
    *,
    lot_assumed: bool,
    storage_assumed: bool,
) -> Phrases:
    """Return what was assumed on a route for some rows; `flags.route_assumptions` over columns."""
    words = Phrases(rows.size)
    parcels, attributes = run.parcels, run.parcels.attributes
    for card in cards:
        if card.assumed_zones and not attributes.area:
            texts, codes = _zones(run, card)
            words.say_each(texts, codes if codes is None else codes[rows])
        if held := held_dues(card):
            words.say(True, held)
    steps = run.program.steps
    if any(step.lot for step in steps):
        if lot_assumed:
            _say_number(words, parcels.lot, rows, LOT_ASSUMED)
        if (
            any(step.value == "transfer_value" for step in steps)
            and "transfer_value" not in parcels.inputs
        ):
            words.say(True, VALUE_ASSUMED)
    if storage_assumed and any(counts_days(card) for card in cards):
        _say_number(words, parcels.storage_days, rows, STORAGE_ASSUMED)
    if any(step.lot and step.event for step in steps) and not attributes.seller:
        words.say(True, SELLER_ASSUMED)
    for name, terms in attributes.assume:
        if any(reads_assumed(card, name) for card in cards):
            words.say(True, f"{name} = {terms_text(terms)}, as you assumed")
    for mask, note in run.notes:
        words.say(mask if isinstance(mask, bool) else settle(mask[rows]), note)
    return words


def _say_number(words: Phrases, number: int | IntColumn, rows: IntColumn, text: str) -> None:
    if isinstance(number, int):
        words.say(True, text.format(number))
        return
    values, codes = np.unique(number[rows], return_inverse=True)
    words.say_each([text.format(value) for value in values.tolist()], codes)


def _zones(run: Run, card: RateCard) -> tuple[list[str], IntColumn | None]:
    return run.tile.kept(("assumed", card.id, card.since), lambda: _say_zones(run, card))


def _say_zones(run: Run, card: RateCard) -> tuple[list[str], IntColumn | None]:
    """Return what is said where a zone is taken because nothing tells another, by place."""
    origin = run.parcels.attributes.origin

    def say(place: str, postcode: str) -> str:
        assumed = card.assumed_zones.get(place)
        if assumed is None:
            return ""
        row = zone_row(card, origin, place, postcode, "")
        if row is not None and row.zone != assumed:
            return ""
        return zone_assumed(card, assumed)

    return by_place(run, card, say)
