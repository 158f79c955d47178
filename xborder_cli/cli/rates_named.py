"""What is named on the command line of `xb rates`: modes, carriers, kinds of legs, lanes, days."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from xborder_cli.core.rule import SELLING
from xborder_cli.errors import Problem, UsageError, Where

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from xborder_cli.core.rule import RateCard
    from xborder_cli.tables.tables import Tables

LISTED = 20  # names that a message lists
YEAR = "1y"
MOST = {"d": 36500, "w": 5200, "y": 100}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which cards are asked for, as typed; what is empty filters nothing."""

    modes: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    legs: tuple[str, ...] = ()
    origin: str = ""
    destination: str = ""
    on: str = ""

    @property
    def flags(self) -> tuple[str, ...]:
        """Return the flags that were given."""
        given = {
            "--mode": self.modes,
            "--carrier": self.carriers,
            "--kind": self.legs,
            "--from": self.origin,
            "--to": self.destination,
            "--on": self.on,
        }
        return tuple(flag for flag, value in given.items() if value)


def cards_wanted(tables: Tables, wanted: Wanted) -> tuple[RateCard, ...]:
    """Return the issues that are asked for, in the order of the tables.

    A lane alone asks for what carries; payments and platforms come with it when asked for by leg.

    Raises:
        UsageError: a name is not known; every one is told.
    """
    from xborder_cli.cards.issues import Issues
    from xborder_cli.cards.lanes import Places
    from xborder_cli.cli.days import day

    places, problems = Places(tables), list[Problem]()
    legs = {*places.legs, *(card.leg for card in tables.cards)}
    modes = _picked(problems, "--mode", "mode", wanted.modes, tables.modes)
    kinds = _picked(problems, "--kind", "kind of leg", wanted.legs, legs)
    carriers = _carriers(problems, tables, wanted.carriers)
    origin = country(problems, tables, "origin", wanted.origin)
    destination = country(problems, tables, "destination", wanted.destination)
    if problems:
        raise UsageError(problems)
    on = day(wanted.on, "--on") if wanted.on else None
    issues = Issues(tables.cards)
    return tuple(
        card
        for card in tables.cards
        if (not modes or modes & set(card.modes))
        and (not kinds or card.leg in kinds)
        and (not carriers or card.carrier in carriers)
        and (not (origin or destination) or places.serves(card, origin, destination))
        and (not (origin or destination) or kinds or card.leg not in SELLING)
        and (on is None or issues.in_force(card, on))
    )


def carriers_wanted(tables: Tables, names: Sequence[str]) -> set[str]:
    """Return the ids of carriers by id or name.

    Raises:
        UsageError: one is not known.
    """
    problems: list[Problem] = []
    found = _carriers(problems, tables, names)
    if problems:
        raise UsageError(problems)
    return found


def _carriers(problems: list[Problem], tables: Tables, names: Sequence[str]) -> set[str]:
    known = {card.carrier: card.carrier for card in tables.cards}
    known |= {one.carrier: one.carrier for one in tables.surcharges}
    known |= {card.carrier_name: card.carrier for card in tables.cards}
    picked = _picked(problems, "--carrier", "carrier", names, known)
    return {known[one] for one in picked}


def _picked(
    problems: list[Problem], flag: str, kind: str, names: Sequence[str], known: Collection[str]
) -> set[str]:
    """Return names as the tables spell them; those that they do not have are noted."""
    folded = {_folded(one): one for one in known}
    found = set()
    for name in names:
        if spelt := folded.get(_folded(name)):
            found.add(spelt)
            continue
        near = [folded[one] for one in difflib.get_close_matches(_folded(name), folded, 3)]
        near = near or [one for part, one in folded.items() if _folded(name) in part][:3]
        some = sorted(known)[:LISTED]
        more = f" and {len(known) - LISTED} more" if len(known) > LISTED else ""
        fix = f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(some)}{more}"
        what = f'no {kind} "{name}" in the tables'
        code = f"unknown-{kind.partition(' ')[0]}"
        problems.append(Problem(code=code, where=Where(flag), what=what, fix=fix))
    return found


def _folded(name: str) -> str:
    return name.strip().casefold().replace("_", "-").replace(" ", "-")


def country(problems: list[Problem], tables: Tables, field: str, text: str) -> str:
    """Return the code of a country by code or name; "" when none is asked for or known."""
    from xborder_cli.adapters.names import Names
    from xborder_cli.adapters.reader import Reader

    if not text:
        return ""
    also = tuple(f"{name}={code}" for name, code in tables.other_names.items())
    names = Names(countries=tables.countries, goods={}, currencies=(), known={"country": also})
    reader = Reader()
    found = names.country(text)
    names.judge_country(reader, field, found)
    problems += reader.problems
    return found


def before(on: int, day: str, older_than: str) -> int:
    """Return the day before which a list or check is too old.

    Args:
        on: the day of asking.
        day: `--before`, "" when not given.
        older_than: `--older-than`: 1y, 26w, 180d.

    >>> from xborder_cli.units import day_text, parse_day
    >>> day_text(before(parse_day("2028-02-29"), "", "1y"))
    '2027-02-28'
    """
    from xborder_cli.cli.days import day as parsed

    if day and older_than:
        what = "says the same as --older-than in another way"
        problem = Problem(code="bad-usage", where=Where("--before"), what=what, fix="keep one")
        raise UsageError(problem)
    if day:
        return parsed(day, "--before")
    found = re.fullmatch(r"([0-9]{1,5}) ?([dwy])", (older_than or YEAR).strip())
    count = int(found[1]) if found else 0
    if not found or not count or count > MOST[found[2]]:
        what, fix = f'"{older_than}" is no stretch of time', "write 180d, 26w or 2y"
        where = Where("--older-than")
        raise UsageError(Problem(code="bad-older-than", where=where, what=what, fix=fix))
    if found[2] != "y":
        return on - count * {"d": 1, "w": 7}[found[2]]
    first = date(1970, 1, 1).toordinal()
    then = date.fromordinal(on + first)
    leap = (then.month, then.day) == (2, 29)
    return date(then.year - count, then.month, 28 if leap else then.day).toordinal() - first
