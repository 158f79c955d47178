"""Why a card does not take a parcel: day, place, size, weight, goods."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core.chains import named_by_id
from xborder_cli.core.columns import Mask, any_of, both, negate, settle
from xborder_cli.core.condition import holds, things_where
from xborder_cli.core.dated import in_force
from xborder_cli.core.parcels import LINE, Thing
from xborder_cli.core.rule import (
    SELLING,
    Limit,
    RateCard,
    Test,
)
from xborder_cli.core.step import Node, probe
from xborder_cli.core.tile import Refusal
from xborder_cli.core.varying import named_so
from xborder_cli.core.wording import limit_text, tests_text
from xborder_cli.core.zones import NOWHERE, class_codes, zone_codes

if TYPE_CHECKING:
    from xborder_cli.core.run import Run


CODES: Final = {
    "weight": "too-heavy",
    "chargeable": "too-heavy",
    "longest": "too-large",
    "middle": "too-large",
    "shortest": "too-large",
    "sides_sum": "too-large",
    "girth": "too-large",
    "length_plus_girth": "too-large",
    "longest_plus_shortest": "too-large",
    "cbm": "too-large",
    "goods": "value-limit",
}


def refusals(run: Run, number: int) -> list[Refusal]:
    """Return which parcels a leg's card does not take, and why."""
    step = run.program.steps[number]
    card = step.card
    if card is None:
        return []
    asks = probe(number)
    seen = tuple(run.program.context_of(asks, name) for name in ("channel", "mode", "incoterm"))
    if step.named:
        return run.once(("refusals", step.key, seen), _of_named, run, asks, card)
    return run.once(("refusals", step.key, seen), _refusals, run, asks, card)


def _of_named(run: Run, asks: Node, card: RateCard) -> list[Refusal]:
    """Return what a card does not take of the parcels that name it."""
    step, before = run.step_of(asks), run.aside()
    own = named_so(run.parcels, step.leg, (step.named,))
    found = _refusals(run, asks, card)
    run.keep(before, own)
    return [replace(one, mask=kept) for one in found if any_of(kept := both(one.mask, own))]


def _refusals(run: Run, asks: Node, card: RateCard) -> list[Refusal]:
    out: list[Refusal] = []

    def add(mask: Mask, code: str, what: str, fix: str = "") -> None:
        if any_of(mask):
            out.append(Refusal(mask, code, what, fix))

    add(
        negate(in_force(run, card.since, run.tile.book.last_day(card))),
        "not-in-force",
        "this edition of the list does not hold on that day",
    )
    named = card.leg in SELLING and named_by_id(
        run.tile.book,
        card.leg,
        run.step_of(asks).named or getattr(run.parcels.attributes, card.leg),
    )
    if run.step_of(asks).at == "destination" and not named:
        places = run.parcels.destination
        abroad = np.array([name not in card.origins for name in places.names])
        elsewhere = settle(abroad[places.codes]) if places.codes is not None else bool(abroad[0])
        add(elsewhere, "not-served", "does not work there")
    codes = zone_codes(run, card)
    nowhere = np.array([name == NOWHERE for name in codes.names])
    add(
        settle(nowhere[codes.codes]) if codes.codes is not None else bool(nowhere[0]),
        "not-served",
        "does not go there",
    )
    for rule in card.limits:
        applies = holds(run, rule.when, asks) if rule.when else True
        if applies is False:
            continue
        for test in rule.tests:
            fits = holds(run, (test,), asks)
            add(both(applies, negate(fits)), _limit_code(test), test.name, _limit_text(test))
    for name in card.classes:
        classes = class_codes(run, card, name)
        unfit = np.array([code == "" for code in classes.names])
        add(
            settle(unfit[classes.codes]) if classes.codes is not None else bool(unfit[0]),
            "fits-no-class",
            name,
        )
    for trait in card.refuses:
        has = things_where(run, ("trait", (trait,)), partial(_has_trait, trait))
        add(run.any_row(has, LINE), "goods-refused", trait)
    if card.only:
        fits = holds(run, card.only, asks)
        add(negate(fits), "not-for-this", tests_text(card.only))
    return out


def _has_trait(trait: str, thing: Thing) -> bool:
    return trait in thing.traits


def _limit_code(test: Test) -> str:
    """Return the code of a limit: above it is too heavy or too large, else it is just a limit."""
    return CODES.get(test.name, "limit") if test.op in ("up to", "under") else "limit"


def _limit_text(test: Test) -> str:
    limit = test.limit.spans[-1].value if test.limit else None
    return f"{test.op} {limit_text(limit)}" if isinstance(limit, Limit) else ", ".join(test.values)
