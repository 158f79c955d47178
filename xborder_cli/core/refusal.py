"""Why a route cannot carry a parcel, in words, with the smallest change that would let it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.core.answer import Excluded
from xborder_cli.core.bands import band_key
from xborder_cli.core.limits import refusals
from xborder_cli.core.measures import LENGTH_MEASURES, LENGTH_UNITS, WEIGHT_UNITS
from xborder_cli.core.rates import BandTable
from xborder_cli.core.weight import chargeable, measure
from xborder_cli.core.wording import number

if TYPE_CHECKING:
    from xborder_cli.core.chains import Chain
    from xborder_cli.core.landed_cost import Priced
    from xborder_cli.core.rule import RateCard
    from xborder_cli.core.run import Run
    from xborder_cli.core.tile import Refusal


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


def _refusing(run: Run, refusal: Refusal) -> RateCard | None:
    """Return the card of the leg that does not take the parcel, None when no single one does."""
    for number_, step in enumerate(run.program.steps):
        if step.card is not None and any(one is refusal for one in refusals(run, number_)):
            return step.card
    found = _cut(run) if refusal.code == "past-last-band" else None
    return found[0] if found else None


def _words(run: Run, refusal: Refusal, card: RateCard) -> tuple[str, str]:
    who = f"{card.carrier_name} {card.service}"
    match refusal.code:
        case "too-heavy" | "too-large" | "value-limit" | "limit":
            return _limit(run, refusal, card, who)
        case "past-last-band":
            return _past(run, refusal, card, who)
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
    name, bound = refusal.what, refusal.fix
    lot = any(step.card is card and step.lot for step in run.program.steps)
    value = measure(run, name, card, lot)
    words = name.replace("_", " ")
    if value is None:
        return f"{who} wants {words} {bound}", ""
    size = int(value.full(run.parcels.n)[0])
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
        return f"{who} has no price for this {by.replace('_', ' ')}", ""
    _, ends, mine, edge, (per, unit) = found
    shown, charged = f"{number((edge, per))} {unit}", f"{number((mine, per))} {unit}"
    if ends == "from":
        return f"{who} prices from {shown}; this is charged {charged}", ""
    fix = f"{number((mine - edge, per))} {unit} lighter"
    if unit == "kg" and int(run.parcels.weight_mg[0]) <= edge:
        fix = "a smaller box: its volume is what counts"
    return f"{who} prices up to {shown}; this is charged {charged}", fix


def _cut(run: Run) -> tuple[RateCard, str, int, int, tuple[int, str]] | None:
    """Return the first card whose weights end before the parcel's; the end, both weights, unit."""
    for node in run.program.nodes:
        step, table = run.program.steps[node.step], node.rate
        if step.card is None or not isinstance(table, BandTable) or table.by != "chargeable":
            continue
        weight = chargeable(run, step.card, step.lot or node.charge.scope == "lot")
        mine = int((weight.mg if weight.unit == "mg" else weight.quanta).full(run.parcels.n)[0])
        key, priced = band_key(run, node, table, False)
        at = key if isinstance(key, int) else int(key[0])
        cells = slice(int(table.starts[at]), int(table.starts[at + 1]))
        if priced is False or cells.start == cells.stop:
            continue
        unit = (10**6, "kg") if weight.unit == "mg" else (1600, "lb")
        if table.ends == "from":
            edge = int(table.begin[cells].min())
            if mine < edge:
                return step.card, table.ends, mine, edge, unit
        elif mine > (edge := int(table.limits[cells].max())):
            return step.card, table.ends, mine, edge, unit
    return None
