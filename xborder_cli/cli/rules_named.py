"""What is named on the command line of `xb rules`: markets, days, goods."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.rules.reading import Library

LONGEST_HS = 14  # digits of any tariff
MOST_DAYS = 36525  # further than this no table looks


def markets(library: Library, texts: Sequence[str]) -> tuple[str, ...]:
    """Return the markets that were named, a union as its members; all when none was."""
    unions = library.unions
    if not texts:
        return tuple(name for name in library.ids if name not in unions)
    found: dict[str, None] = {}
    for text in texts:
        name = market(library, text)
        found.update(dict.fromkeys(library.members(name) if name in unions else (name,)))
    return tuple(found)


def days(text: str) -> int:
    """Return a number of days: 180d, 26w, 2y."""
    from xborder_cli.errors import Problem, UsageError, Where

    found = re.fullmatch(r"([0-9]{1,6}) ?([dwy]?)(?:ays?|eeks?|ears?)?", text.strip())
    count = int(found[1]) * {"": 1, "d": 1, "w": 7, "y": 365}[found[2]] if found else 0
    if not 0 < count <= MOST_DAYS:
        what, fix = f'"{text}" is no stretch of days', "write 180d, 26w or 2y"
        raise UsageError(Problem(code="bad-within", where=Where("--within"), what=what, fix=fix))
    return count


def market(library: Library, text: str) -> str:
    """Return the id of a market that a person names by its id or name.

    Raises:
        TableError: no table has it.
    """
    from xborder_cli.errors import Problem, TableError, Where

    names = {library.name(one).lower(): one for one in library.ids}
    found = text.upper() if text.upper() in library.ids else names.get(text.lower(), "")
    if found:
        return found
    near = [names[one] for one in difflib.get_close_matches(text.lower(), names, 2, 0.7)]
    fix = f"did you mean {' or '.join(near)}?" if near else f"known are {' '.join(library.ids)}"
    country = library.world.countries.get(text.upper(), "")
    what = f"no table has the rules of {country or text}"
    raise TableError(Problem(code="unknown-market", where=Where("MARKET"), what=what, fix=fix))


def goods(library: Library, hs: str, origin: str) -> tuple[str, str]:
    """Return the code and country that rules are narrowed to."""
    from xborder_cli.errors import Problem, UsageError, Where

    problems = []
    code, country = hs.replace(".", ""), origin.upper()
    if code and not (code.isascii() and code.isdigit() and len(code) <= LONGEST_HS):
        what, fix = f'"{hs}" is not an HS code', "write its digits, such as 610910"
        problems.append(Problem(code="bad-hs", where=Where("--hs"), what=what, fix=fix))
    if country and library.world.countries and country not in library.world.countries:
        what, fix = (
            f'"{origin}" is not a country that xb knows',
            "write its two letters, such as CN",
        )
        problems.append(
            Problem(code="unknown-country", where=Where("--origin"), what=what, fix=fix)
        )
    if problems:
        raise UsageError(problems)
    return code, country


def day(text: str, name: str) -> int:
    """Return a day that was typed; today when none was."""
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
