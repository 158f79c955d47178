"""Why a route cannot carry a parcel, in words, with the smallest change that would let it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core.answer import Excluded
from xborder_cli.core.bands import band_key
from xborder_cli.core.limits import refusals
from xborder_cli.core.measures import LENGTH_MEASURES, LENGTH_UNITS, WEIGHT_UNITS
from xborder_cli.core.rates import BandTable
from xborder_cli.core.varying import named_so
from xborder_cli.core.weight import chargeable, measure
from xborder_cli.core.wording import number
from xborder_cli.units import day_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xborder_cli.core.chains import Chain
    from xborder_cli.core.columns import BoolColumn, IntColumn, Num
    from xborder_cli.core.landed_cost import Priced
    from xborder_cli.core.rule import Day, Mode, RateCard
    from xborder_cli.core.run import Run
    from xborder_cli.core.tile import Refusal


LIMITS: Final = frozenset({"too-heavy", "too-large", "value-limit", "limit"})
PAST: Final = "past-last-band"
NOT_OFFERED: Final = "incoterm-not-offered"


def excluded_of(chain: Chain, priced: Priced) -> Excluded:
    """Return the first reason why a route is out, in words."""
    run = priced.run
    refusal = next(
        r for r in run.refusals if (r.mask if isinstance(r.mask, bool) else bool(r.mask.any()))
    )
    card = _refusing(run, refusal) or chain.main
    reason, fix = _words(run, refusal, card)
    return Excluded(
        mode=chain.mode.id,
        service=card.id,
        carrier_name=card.carrier_name,
        service_name=card.service,
        code=refusal.code,
        reason=reason,
        fix=fix,
    )


def incoterm_words(card: RateCard, incoterm: str) -> str:
    """Say under which terms a service is sold instead."""
    return f"{seller_of(card)} is sold {' or '.join(card.incoterms)}, not {incoterm}"


def _refusing(run: Run, refusal: Refusal) -> RateCard | None:
    """Return the card of the leg that does not take the parcel, None when no single one does."""
    for number_, step in enumerate(run.program.steps):
        if step.card is not None and any(one is refusal for one in refusals(run, number_)):
            return step.card
    found = _cut(run) if refusal.code == PAST else None
    return found[0] if found else None


def _words(run: Run, refusal: Refusal, card: RateCard) -> tuple[str, str]:
    who = seller_of(card)
    if refusal.code in LIMITS:
        return _limit(run, refusal, card, who)
    if refusal.code == PAST:
        return _past(run, refusal, card, who)
    return plain_words(refusal, who)


def seller_of(card: RateCard) -> str:
    """Return the name by which a card's service is sold."""
    return f"{card.carrier_name} {card.service}"


def plain_words(refusal: Refusal, who: str) -> tuple[str, str]:
    """Return why a refusal is one and what would undo it, where no measure of the parcel tells."""
    match refusal.code:
        case "no-price" | "no-price-for-zone":
            return f"{who} prints no price for this weight or zone", ""
        case "fits-no-class":
            return (
                f"{who} has no {refusal.what} class for this parcel",
                "see its limits: xb rates show",
            )
        case "not-served":
            return f"{who} does not go there", ""
        case "goods-refused":
            return f"{who} refuses goods of the kind {refusal.what}", f"send without {refusal.what}"
        case "not-for-this":
            return f"{who} is only for: {refusal.what}", ""
        case "not-in-force":
            return f"{who}: {refusal.what}", ""
        case "before-first-value":
            return f"{who} has no {refusal.what} yet on that day", "ask for a later day"
        case "no-exchange-rate":
            return f"no exchange rate {refusal.what} near that day is known", "state one with --fx"
        case "refused":
            return f"the market refuses this: {refusal.what}", ""
    return f"{who}: {refusal.what}", refusal.fix


def _limit(run: Run, refusal: Refusal, card: RateCard, who: str) -> tuple[str, str]:
    value = limited(run, refusal, card)
    size = None if value is None else int(value.full(run.parcels.n)[0])
    return limit_words(refusal.what, refusal.fix, who, size)


def limited(run: Run, refusal: Refusal, card: RateCard) -> Num | None:
    """Return what each parcel measures of what is limited, in quanta; None: it is not measured."""
    lot = any(step.card is card and step.lot for step in run.program.steps)
    return measure(run, refusal.what, card, lot)


def limit_words(name: str, bound: str, who: str, size: int | None) -> tuple[str, str]:
    """Return what is limited, how far and what this one measures; and the change that lets it in.

    Args:
        name: of the measure.
        bound: the limit in words.
        who: limits it.
        size: in quanta, None when it is no measure of the box.
    """
    words = name.replace("_", " ")
    if size is None:
        return f"{who} wants {words} {bound}", ""
    shown = (
        f"{number((size, 100))} cm" if name in LENGTH_MEASURES else f"{number((size, 10**6))} kg"
    )
    return f"{who} takes {words} {bound}; this is {shown}", _change(size, bound, name)


def _change(size: int, bound: str, name: str) -> str:
    """Return how much lighter or shorter the parcel must be."""
    rest = bound.rpartition(" to " if " to " in bound else "under ")[2]
    text, _, unit = rest.partition(" ")
    units = LENGTH_UNITS if name in LENGTH_MEASURES else WEIGHT_UNITS
    if unit not in units or not text.replace(".", "", 1).isdigit():
        return ""
    whole, _, part = text.partition(".")
    quanta = int(whole + part) * units[unit][0] // (units[unit][1] * 10 ** len(part))
    over = size - quanta
    if over <= 0:
        return ""
    if name in LENGTH_MEASURES:
        return f"{number((over, 100))} cm shorter"
    return f"{number((over, 10**6))} kg lighter"


def _past(run: Run, refusal: Refusal, card: RateCard, who: str) -> tuple[str, str]:
    by = refusal.what.partition(" ")[0]
    found = _cut(run) if by == "chargeable" else None
    if found is None or found[0] is not card:
        return past_words(by, who)
    _, cut, mine, edge = found
    return cut_words(cut, who, mine, edge, light=int(run.parcels.weight_mg[0]) <= edge)


def past_words(by: str, who: str) -> tuple[str, str]:
    """Say that there is no band for what a price goes by."""
    return f"{who} has no price for this {by.replace('_', ' ')}", ""


def cut_words(cut: Cut, who: str, mine: int, edge: int, *, light: bool) -> tuple[str, str]:
    """Say where a card's weights end, and what would bring a parcel back.

    Args:
        cut: a table of weights.
        who: charges by it.
        mine: what is charged, in quanta.
        edge: where the table ends.
        light: the parcel itself weighs no more than that.
    """
    per, unit = cut.unit
    shown, charged = f"{number((edge, per))} {unit}", f"{number((mine, per))} {unit}"
    if cut.ends == "from":
        return f"{who} prices from {shown}; this is charged {charged}", ""
    fix = f"{number((mine - edge, per))} {unit} lighter"
    if unit == "kg" and light:
        fix = "a smaller box: its volume is what counts"
    return f"{who} prices up to {shown}; this is charged {charged}", fix


@dataclass(frozen=True, slots=True)
class Cut:
    """A table of weights of a route, and where each parcel's own part of it ends."""

    card: RateCard
    ends: str
    unit: tuple[int, str]  # quanta in one, and its name
    mine: IntColumn  # shape (n,), what each parcel is charged
    edge: IntColumn  # shape (n,)
    past: BoolColumn  # shape (n,), those beyond it


def cuts(run: Run) -> Iterator[Cut]:
    """Yield the tables of weights of a route, in order of its charges."""
    n = run.parcels.n
    for node in run.program.nodes:
        step, table = run.program.steps[node.step], node.rate
        if step.card is None or not isinstance(table, BandTable) or table.by != "chargeable":
            continue
        weight = chargeable(run, step.card, step.lot or node.charge.scope == "lot")
        mine = (weight.mg if weight.unit == "mg" else weight.quanta).full(n)
        key, priced = band_key(run, node, table, False)
        filled = table.starts[1:] > table.starts[:-1]
        begins = table.starts[:-1][filled]
        edges = np.zeros(filled.size, dtype=np.int64)
        if table.ends == "from":
            edges[filled] = np.minimum.reduceat(table.begin, begins)
        else:
            edges[filled] = np.maximum.reduceat(table.limits, begins)
        edge = np.broadcast_to(edges[key], (n,))
        past = (mine < edge if table.ends == "from" else mine > edge) & filled[key] & priced
        if step.named:
            past = past & named_so(run.parcels, step.leg, (step.named,))
        unit = (10**6, "kg") if weight.unit == "mg" else (1600, "lb")
        yield Cut(step.card, table.ends, unit, mine, edge, past)


def _cut(run: Run) -> tuple[RateCard, Cut, int, int] | None:
    """Return the first card whose weights end before the parcel's; the end, both weights."""
    for cut in cuts(run):
        if cut.past[0]:
            return cut.card, cut, int(cut.mine[0]), int(cut.edge[0])
    return None


def missing_words(mode: Mode, begins: Day) -> str:
    """Return why no card serves a mode: none is known on the lane, or none yet on that day.

    Args:
        mode: the mode.
        begins: the day of the first list, where the parcel is sent before it; 0 else.
    """
    if begins:
        words = "holds on this lane on that day: the first begins on"
        return f"no price list of {mode.name} {words} {day_text(begins)}"
    return mode.missing or f"no rate card serves {mode.name} on this lane"
