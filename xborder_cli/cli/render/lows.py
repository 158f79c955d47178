"""Which figures of low confidence the options of a quote rest on, named once for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xborder_cli.core.answer import LOW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.answer import Option

NAMED: Final = 4  # figures that a person reads; --why names all


def low_line(options: Sequence[Option]) -> str:
    """Return a line that names the figures and the options that rest on them, "" for none.

    Figures that most options rest on come first.
    """
    ranks: dict[str, list[int]] = {}
    for option in options:
        for flag in option.flags:
            if flag.startswith(LOW):
                for name in flag.removeprefix(LOW).split(", "):
                    ranks.setdefault(name, []).append(option.rank)
    if not ranks:
        return ""
    first = sorted(ranks, key=lambda name: -len(ranks[name]))
    words = [f"{name} ({spans(ranks[name])})" for name in first]
    more = f" and {len(words) - NAMED} more (--why)" if len(words) > NAMED else ""
    return f"low confidence, of options: {', '.join(words[:NAMED])}{more}"


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
