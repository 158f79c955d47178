"""Days as they are typed on a command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xborder_cli.core.rule import Day


def day(text: str, name: str) -> Day:
    """Return a day that was typed; today when none was.

    Args:
        text: "" when it was left out.
        name: of the flag.

    Raises:
        UsageError: it is not a day.
    """
    from xborder_cli.cli.session import today
    from xborder_cli.errors import Problem, UsageError, Where
    from xborder_cli.units import Unreadable, parse_day

    if not text:
        return today()
    try:
        return parse_day(text)
    except Unreadable as fault:
        problem = Problem(code=fault.code, where=Where(name), what=fault.what, fix=fault.fix)
        raise UsageError(problem) from None


def in_order(first: Day, last: Day, name: str) -> None:
    """Refuse a first day that comes after the last.

    Args:
        first: of a span.
        last: of the span.
        name: of the flag that states the first.

    Raises:
        UsageError: the days are the wrong way round.
    """
    from xborder_cli.errors import Problem, UsageError, Where
    from xborder_cli.units import day_text

    if first > last:
        what = f"{day_text(first)} comes after {day_text(last)}"
        fix = "put the earlier day first"
        raise UsageError(Problem(code="dates-order", where=Where(name), what=what, fix=fix))
