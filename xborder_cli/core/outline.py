"""What a route looks like from outside: legs, days in transit, regimes chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.core.answer import Leg, RegimeChoice
from xborder_cli.core.columns import any_of, first_of
from xborder_cli.core.dated import in_force
from xborder_cli.core.picked import UNKNOWN_DAYS
from xborder_cli.core.transit import transit_columns
from xborder_cli.core.weight import chargeable
from xborder_cli.core.wording import test_text
from xborder_cli.core.zones import zone_codes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xborder_cli.core.landed_cost import Priced
    from xborder_cli.core.rule import Day, RateCard
    from xborder_cli.core.run import Run


def legs_of(priced: Priced) -> tuple[tuple[Leg, ...], dict[int, int]]:
    """Return the legs of a route for its one parcel, and each leg's step."""
    run = priced.run
    legs: list[Leg] = []
    places: dict[int, int] = {}
    for number_, step in enumerate(run.program.steps):
        card = step.card
        if card is None:
            continue
        places[number_] = len(legs)
        weight = chargeable(run, card, step.lot)
        zone = zone_codes(run, card).one or ""
        legs.append(
            Leg(
                kind=step.leg,
                carrier=card.carrier,
                carrier_name=card.carrier_name,
                service=card.id,
                service_name=card.service,
                transport=card.transport,
                site=card.site,
                zone=zone,
                chargeable_mg=weight.mg.first(),
                card_from=card.since,
                provenance=card.provenance,
            )
        )
    return tuple(legs), places


def chargeable_of(priced: Priced, card: RateCard) -> int:
    """Return the chargeable mg of the parcel itself, also where a card charges its lot."""
    return chargeable(priced.run, card, False).mg.first()


def shown_transport(found: Iterable[str]) -> str:
    """Return by what a chain of legs travels between countries: that of its long leg."""
    moving = [one for one in found if one not in ("", "none")]
    far = [one for one in moving if one != "road"]
    return next(iter(far or moving), "")


def transit_days(priced: Priced) -> tuple[int, int] | None:
    """Return the days that the legs of a route state together; None when one states none.

    Storage, handling and the like take no days of their own: only legs that move a parcel to its
    buyer count.
    """
    first, last = transit_columns(priced.run)
    days = first_of(first), first_of(last)
    return None if days[0] == UNKNOWN_DAYS else days


def regime_choices(priced: Priced) -> tuple[RegimeChoice, ...]:
    """Return every regime of the day that the route's events had to choose among."""
    run = priced.run
    out = []
    for number_, step in enumerate(run.program.steps):
        for at, regime in enumerate(step.charges.regimes):
            if not any_of(in_force(run, regime.since, regime.until)):
                continue
            taken = any_of(run.chosen.get((number_, at), False))
            out.append(
                RegimeChoice(
                    event=step.event,
                    id=regime.id,
                    name=regime.name or regime.id.replace("_", " "),
                    taken=taken,
                    why=_why(run, number_, at, taken),
                    provenance=regime.provenance,
                )
            )
    return tuple(out)


def _not(words: str) -> str:
    """Return the opposite of a condition."""
    return f"not ({words})" if " or (" in words else f"not {words}"


def _day(run: Run) -> Day:
    """Return the day of the one parcel that is explained."""
    day = run.parcels.day
    return day if isinstance(day, int) else int(day[0])


def _why(run: Run, step: int, at: int, taken: bool) -> str:
    regime = run.program.steps[step].charges.regimes[at]
    day = _day(run)
    wanted = [test_text(test, day) for test in regime.when]
    words = " and ".join([*wanted, *(_not(test_text(test, day)) for test in regime.unless)])
    if taken:
        return words or "nothing before it was open"
    if regime.refuse and not words:
        return f"not reached: {regime.refuse}"
    return f"needs {words}" if words else "another regime came first"
