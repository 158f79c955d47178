"""Rules as they hold on one day: of every dated value the span in force, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xborder_cli.core.rule import Bands, Charge, ChargeSet, Dated, Regime, Span, Test

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xborder_cli.core.rates import BandTable, DatedTable
    from xborder_cli.core.rule import Clamp, Day, Lookup, Rate


def span_on(dated: Dated | None, day: Day) -> Span | None:
    """Return the span in force on a day, None before the first."""
    holding = [span for span in dated.spans if span.since <= day] if dated else []
    return holding[-1] if holding else None


def next_span(dated: Dated | None, day: Day) -> Span | None:
    """Return the first span that begins after a day."""
    return next((span for span in dated.spans if span.since > day), None) if dated else None


def lasts(since: Day, until: Day | None, day: Day) -> bool:
    """Tell whether a day lies in a span of days, both ends inclusive."""
    return since <= day and (until is None or day <= until)


def dated_on(dated: Dated | None, day: Day) -> Dated | None:
    """Return a value with the span of the day alone; without any before its first day."""
    if dated is None:
        return None
    span = span_on(dated, day)
    return Dated((span,) if span else ())


def set_on(charges: ChargeSet, day: Day) -> ChargeSet:
    """Return the charges and regimes of an event that exist on a day."""
    regimes = tuple(
        replace(
            regime,
            when=tests_on(regime.when, day),
            unless=tests_on(regime.unless, day),
            charges=charges_on(regime.charges, day),
        )
        for regime in charges.regimes
        if lasts(regime.since, regime.until, day)
    )
    return ChargeSet(charges_on(charges.charges, day), regimes, charges.select)


def charges_on(charges: Iterable[Charge], day: Day) -> tuple[Charge, ...]:
    """Return the charges that exist on a day."""
    return tuple(charge_on(one, day) for one in charges if lasts(one.since, one.until, day))


def charge_on(charge: Charge, day: Day) -> Charge:
    """Return a charge with the values of a day."""
    return replace(
        charge,
        when=tests_on(charge.when, day),
        unless=tests_on(charge.unless, day),
        base_less=dated_on(charge.base_less, day),
        rate=_rate_on(charge.rate, day),
        less=tuple(
            one if isinstance(one, str) else dated_on(one, day) or one for one in charge.less
        ),
        low=_clamp_on(charge.low, day),
        high=_clamp_on(charge.high, day),
        times=dated_on(charge.times, day),
        waive_limit=dated_on(charge.waive_limit, day),
    )


def _rate_on(rate: Rate | None, day: Day) -> Rate | None:
    return dated_on(rate, day) if isinstance(rate, Dated) else rate


def _clamp_on(clamp: Clamp | None, day: Day) -> Clamp | None:
    return dated_on(clamp, day) if isinstance(clamp, Dated) else clamp


def tests_on(tests: Iterable[Test], day: Day) -> tuple[Test, ...]:
    """Return conditions with the limits of a day."""
    return tuple(
        replace(
            test,
            limit=dated_on(test.limit, day),
            tests=tests_on(test.tests, day),
            groups=tuple(tests_on(group, day) for group in test.groups),
        )
        for test in tests
    )


# -- days on which something may turn -----------------------------------------------------------


def set_days(charges: ChargeSet) -> Iterator[Day]:
    """Yield every day on which a charge, a regime or a value in them begins or has just ended."""
    for charge in charges.charges:
        yield from _charge_days(charge)
    for regime in charges.regimes:
        yield from _ends(regime)
        yield from _test_days((*regime.when, *regime.unless))
        for charge in regime.charges:
            yield from _charge_days(charge)


def dated_days(dated: Dated | DatedTable | Bands | BandTable | Lookup | str | None) -> set[Day]:
    """Return the days on which a value begins."""
    return {span.since for span in dated.spans} if isinstance(dated, Dated) else set()


def _charge_days(charge: Charge) -> Iterator[Day]:
    yield from _ends(charge)
    yield from _test_days((*charge.when, *charge.unless))
    for value in (charge.base_less, charge.rate, *charge.less, charge.low, charge.high):
        yield from dated_days(value)
    for value in (charge.times, charge.waive_limit):
        yield from dated_days(value)


def _test_days(tests: Iterable[Test]) -> Iterator[Day]:
    for test in tests:
        yield from dated_days(test.limit)
        yield from _test_days(test.tests)
        for group in test.groups:
            yield from _test_days(group)


def _ends(one: Charge | Regime) -> Iterator[Day]:
    if one.since:
        yield one.since
    if one.until is not None:
        yield one.until + 1
