"""What the options of a quote rest on that is weak or not known, named once for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xborder_cli.core.answer import LOW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.answer import Option

OLD: Final = ("old-list: ", "stale: ")
NAMED: Final = 4  # figures that a person reads; --why names all


def low_line(options: Sequence[Option]) -> str:
    """Return a line that names figures of low confidence and the options that rest on them."""
    found = [
        (name, option.rank)
        for option in options
        for flag in option.flags
        if flag.startswith(LOW)
        for name in flag.removeprefix(LOW).split(", ")
    ]
    return _line("low confidence", found)


def old_line(options: Sequence[Option]) -> str:
    """Return a line that names old lists, why they are old, and the options that rest on them."""
    found = [
        (_aged(flag), option.rank)
        for option in options
        for flag in option.flags
        if flag.startswith(OLD)
    ]
    return _line("old lists", found)


def _aged(flag: str) -> str:
    """Return the service whose list a flag calls old, and since when it is.

    >>> _aged("stale: the list of acme-air was expected to end on 2025-12-31")
    'acme-air, to end 2025-12-31'
    >>> _aged("old-list: acme-air holds since 2020-01-01")
    'acme-air, since 2020-01-01'
    >>> _aged("stale: acme-air was last checked on 2025-06-30")
    'acme-air, checked 2025-06-30'
    """
    told = flag.partition(": ")[2]
    words = "to end" if "expected" in told else "checked" if "checked" in told else "since"
    return f"{told.removeprefix('the list of ').partition(' ')[0]}, {words} {told.split()[-1]}"


def gap_line(options: Sequence[Option]) -> str:
    """Return a line that names charges that are not known and the options that have them."""
    found = [
        (line.code, option.rank) for option in options for line in option.lines if line.unknown
    ]
    return _line("not known", list(dict.fromkeys(found)))


def _line(what: str, found: Sequence[tuple[str, int]]) -> str:
    """Return what is found in which options, that of most options first; "" for nothing."""
    ranks: dict[str, list[int]] = {}
    for name, rank in found:
        ranks.setdefault(name, []).append(rank)
    first = sorted(ranks, key=lambda name: -len(ranks[name]))
    words = [f"{name} ({spans(ranks[name])})" for name in first]
    more = f" and {len(words) - NAMED} more (--why)" if len(words) > NAMED else ""
    return f"{what}, of options: {', '.join(words[:NAMED])}{more}" if words else ""


def spans(numbers: Sequence[int]) -> str:
    """Return numbers with neighbours joined.

    >>> spans([1, 2, 3, 5, 8, 9])
    '1-3, 5, 8-9'
    """
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
