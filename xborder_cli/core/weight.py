"""Volumetric and chargeable weight, and the other measures of a box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core.card_key import card_key
from xborder_cli.core.columns import (
    Mask,
    Num,
    add,
    both,
    ceil_div,
    half_up,
    maximum,
    mul,
    negate,
    scale,
    where,
)
from xborder_cli.core.condition import holds
from xborder_cli.core.measures import LB_QUANTA, MG_PER_LB, MICRO
from xborder_cli.core.rule import RateCard, Ratio, WeightRule

if TYPE_CHECKING:
    from xborder_cli.core.run import Run

HALF_MG: Final = 2  # inputs were rounded to whole mg: half a mg is forgiven when pounds are counted


@dataclass(frozen=True, slots=True)
class Chargeable:
    """The weight that is charged: quanta of its unit, and in mg for people."""

    quanta: Num
    unit: str  # mg, lb
    mg: Num

    def per(self, unit: Ratio) -> Ratio:
        """Return quanta per unit, for a unit given in mg."""
        if self.unit == "mg":
            return unit
        return unit[0] * MG_PER_LB[1] * LB_QUANTA, unit[1] * MG_PER_LB[0]


def chargeable(run: Run, card: RateCard | None, lot: bool) -> Chargeable:
    """Return the chargeable weight: the larger of actual and volumetric, rounded up.

    One cm3/kg of divisor is one cubic tenth of a millimetre per mg, so nothing is rounded on the
    way: whole mg are made by rounding up, and steps of whole mg round up to the same step.

    Source: the `weight` block of the carrier's rate card.
    """
    key = ("chargeable", card_key(run, card), lot)
    rule = card.weight if card and card.weight else WeightRule()
    return run.once(key, _chargeable, run, rule, lot)


def _chargeable(run: Run, rule: WeightRule, lot: bool) -> Chargeable:
    parcels = run.parcels
    actual = Num.of(parcels.weight_mg)
    weight = actual
    if rule.divisor is not None and int(parcels.longest_dmm.max(initial=0)) > 0:
        counts: Mask = holds(run, rule.when, None) if rule.when else True
        volume = _volume(run, rule.sides_up_to)
        num, den = rule.divisor
        volumetric = ceil_div(scale(volume, den), num)
        if rule.volumetric_up_to[0]:
            volumetric = _step_up(volumetric, rule.volumetric_up_to, rule.unit)
        heavier = maximum(actual, volumetric)
        if rule.blend != (1, 1):
            share, whole = rule.blend
            mixed = ceil_div(add(scale(actual, whole - share), scale(volumetric, share)), whole)
            heavier = maximum(actual, mixed)
        weight = where(counts, heavier, actual)
    if lot:
        weight = mul(weight, run.lot())
    for floor in rule.at_least:
        floored = maximum(weight, Num(floor.amount, floor.amount))
        weight = where(holds(run, floor.when, None) if floor.when else True, floored, weight)
    if rule.unit == "lb":
        # (2 mg - 1) / 2 in hundredths of an ounce, rounded up
        num = MG_PER_LB[1] * LB_QUANTA
        quanta = ceil_div(
            scale(add(scale(weight, HALF_MG), Num(-1, 1, False)), num), HALF_MG * MG_PER_LB[0]
        )
        quanta = _round_up(quanta, rule, LB_QUANTA)
        return Chargeable(
            quanta, "lb", half_up(scale(quanta, MG_PER_LB[0]), MG_PER_LB[1] * LB_QUANTA)
        )
    weight = _round_up(weight, rule, MICRO)
    return Chargeable(weight, "mg", weight)


def _volume(run: Run, sides_up_to: int) -> Num:
    return run.tile.kept(("volume", sides_up_to), lambda: _product_of_sides(run, sides_up_to))


def _product_of_sides(run: Run, sides_up_to: int) -> Num:
    parcels = run.parcels
    sides = [
        Num.of(side) for side in (parcels.longest_dmm, parcels.middle_dmm, parcels.shortest_dmm)
    ]
    if sides_up_to:
        sides = [scale(ceil_div(side, sides_up_to), sides_up_to) for side in sides]
    return mul(mul(sides[0], sides[1]), sides[2])


def _round_up(weight: Num, rule: WeightRule, per_unit: int) -> Num:
    if not rule.round_up_to:
        return weight
    out: Num | None = None
    below: Mask = False
    for upto, step in rule.round_up_to:
        stepped = _quanta_up(weight, step, per_unit)
        if upto is None:
            inside: Mask = negate(below)
        else:
            limit = upto[0] * per_unit // upto[1]
            inside = both(_at_most(weight, limit), negate(below))
        out = stepped if out is None else where(inside, stepped, out)
        below = inside if below is False else below | inside
        if below is True:
            break
    return out if out is not None else weight


def _at_most(weight: Num, limit: int) -> Mask:
    if isinstance(weight.v, int):
        return weight.v <= limit
    if weight.hi <= limit:
        return True
    return weight.v <= limit


def _quanta_up(weight: Num, step: Ratio, per_unit: int) -> Num:
    num, den = step[0] * per_unit, step[1]
    if num % den == 0:
        return scale(ceil_div(weight, num // den), num // den)
    return half_up(scale(ceil_div(scale(weight, den), num), num), den)


def _step_up(weight: Num, step: Ratio, unit: str) -> Num:
    if unit == "lb":
        num, den = step[0] * MG_PER_LB[0], step[1] * MG_PER_LB[1]
        return half_up(scale(ceil_div(scale(weight, den), num), num), den)
    return _quanta_up(weight, step, MICRO)


def measure(run: Run, name: str, card: RateCard | None, lot: bool) -> Num | None:
    """Return a measure of each parcel in quanta, or None when the name is not a measure.

    Weights in mg, lengths in tenths of mm, volume in their cube, counts in ones.
    """
    key = ("measure", name, card_key(run, card), lot)
    return run.once(key, _measure, run, name, card, lot)


def _measure(run: Run, name: str, card: RateCard | None, lot: bool) -> Num | None:
    parcels = run.parcels
    longest, middle, shortest = parcels.longest_dmm, parcels.middle_dmm, parcels.shortest_dmm
    count = run.lot() if lot else Num(1, 1)
    if card is not None and name in card.measures:
        return _named(run, card.measures[name], lot)
    match name:
        case "weight" | "gross":
            return mul(Num.of(parcels.weight_mg), count)
        case "chargeable":
            return chargeable(run, card, lot).mg
        case "cbm" | "volume":
            return mul(_volume(run, 0), count)
        case "longest":
            return Num.of(longest)
        case "middle":
            return Num.of(middle)
        case "shortest":
            return Num.of(shortest)
        case "sides_sum":
            return Num.of(longest + middle + shortest)
        case "girth":
            return Num.of(2 * (middle + shortest))
        case "length_plus_girth":
            return Num.of(longest + 2 * (middle + shortest))
        case "longest_plus_shortest":
            return Num.of(longest + shortest)
        case "items":
            return mul(Num.of(parcels.items), count)
        case "lines":
            return Num.of(parcels.line_count)
        case "package" | "parcels":
            return count
        case "days" | "storage_days":
            days = parcels.storage_days
            return Num(days, days) if isinstance(days, int) else Num.of(days)
        case "lot":
            return run.lot()
        case "parcels_this_year":
            return _counted(run, name, parcels.attributes.parcels_this_year)
        case "parcels_this_half_year":
            return _counted(run, name, parcels.attributes.parcels_this_half_year)
        case "hs6":
            return Num.of(_distinct(run))
        case "sides":
            return Num.of(np.minimum(longest, 1))
    return None


def _counted(run: Run, name: str, stated: int | None) -> Num:
    if stated is None:
        run.note_unstated(name)
    return Num(stated or 0, stated or 0)


def _distinct(run: Run) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    if run.parcels.single:
        return np.ones(run.parcels.n, dtype=np.int64)
    _, owners = run.groups(("hs6",))
    return np.bincount(owners, minlength=run.parcels.n).astype(np.int64)


def _named(run: Run, rule: WeightRule, lot: bool) -> Num:
    """Return a measure that a card names: revenue tonnes, or a weight by another rule."""
    if rule.of != "cbm" or rule.divisor is None:
        return _chargeable(run, rule, lot).mg
    num, den = rule.divisor
    by_weight = ceil_div(scale(Num.of(run.parcels.weight_mg), num), den)
    value = maximum(_volume(run, 0), by_weight)
    if lot:
        value = mul(value, run.lot())
    for floor in rule.at_least:
        value = maximum(value, Num(floor.amount, floor.amount))
    return value
