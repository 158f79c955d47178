"""What is named on the command line of `xb rules`: markets, days, goods."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.rule import Day
    from xborder_cli.rules.model import MarketTables
    from xborder_cli.rules.reading import Library

LONGEST_HS = 14  # digits of any tariff
PART = 3  # letters of a name that are enough to look for it
MOST_NEAR = 3  # names that are proposed
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
    within = [one for one in names if len(text) >= PART and text.lower() in one]
    near = within[:MOST_NEAR] or difflib.get_close_matches(text.lower(), names, 2, 0.7)
    meant = [f"{names[one]} ({library.name(names[one])})" for one in near]
    fix = f"did you mean {' or '.join(meant)}?" if meant else f"known are {' '.join(library.ids)}"
    country = library.world.countries.get(text.upper(), "")
    what = f"no table has the rules of {country or text}"
    raise TableError(Problem(code="unknown-market", where=Where("MARKET"), what=what, fix=fix))


def not_before(tables: MarketTables, first: Day, name: str) -> None:
    """Refuse a day before the first of a market's table.

    Raises:
        TableError: the tables of the market begin later.
    """
    from xborder_cli.errors import Problem, TableError, Where
    from xborder_cli.units import day_text

    begin = tables.market.first_day
    if first < begin:
        what = f"the tables of {tables.market.id} begin on {day_text(begin)}"
        problem = Problem(
            code="before-first-value",
            where=Where(name),
            what=f"{what}, asked for {day_text(first)}",
            fix=f"ask for {day_text(begin)} or later",
        )
        raise TableError(problem)


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
