"""The order of options, and which of them nobody beats on both cost and time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.answer import Option

FICTIONAL: Final = "fictional"
NEVER: Final = 10**9  # days of an option that does not state them: unknown is not zero


def ranked(
    options: Sequence[Option], *, by: str = "cost", day_minor: int = 0
) -> tuple[Option, ...]:
    """Return options best first, numbered, with the Pareto mark.

    Complete options stand before incomplete ones, of those the ones that lack fewer figures, and
    what a source calls fictional after all.
    Ties go to the lower total, the faster, then by name.

    Args:
        options: in any order.
        by: cost, speed, value (cost plus what the days in transit are worth), or margin.
        day_minor: what a day in transit costs, in minor units of the quote.
    """

    def key(option: Option) -> tuple[object, ...]:
        days = latest(option)
        first: int | tuple[int, int] = cost(option)
        if by == "speed":
            first = (days, cost(option))
        elif by == "value":
            first = cost(option) + days * day_minor if days < NEVER else NEVER * max(1, day_minor)
        elif by == "margin":
            first = -(option.margin_minor or 0)
        chain = tuple(leg.service for leg in option.legs)
        return (
            invented(option),
            0 if option.complete else sum(bool(line.unknown) for line in option.lines),
            first,
            cost(option),
            option.total_minor,
            days,
            option.mode,
            chain,
        )

    best = sorted(options, key=key)
    front = pareto(best)
    return tuple(
        replace(option, rank=rank, pareto=rank - 1 in front)
        for rank, option in enumerate(best, start=1)
    )


def invented(option: Option) -> bool:
    """Tell whether an option rests on a rate card that says of itself that it is made up."""
    return any(leg.provenance.title == FICTIONAL for leg in option.legs)


def cost(option: Option) -> int:
    """Return what ranks: the total less what is got back."""
    return option.total_minor - option.recoverable_minor


def latest(option: Option) -> int:
    """Return the most days an option takes, NEVER when nobody says."""
    return option.transit_days[1] if option.transit_days else NEVER


def pareto(options: Sequence[Option]) -> frozenset[int]:
    """Return which options no other complete one beats.

    To beat is to cost less without being slower, or to be faster without costing more.
    """
    complete = [(cost(o), latest(o), i) for i, o in enumerate(options) if o.complete]
    front = set()
    for mine, days, index in complete:
        beaten = any(
            other <= mine and their_days <= days and (other < mine or their_days < days)
            for other, their_days, _ in complete
        )
        if not beaten:
            front.add(index)
    return frozenset(front)
