"""Geographical areas of a tariff: every country, one, or a group with its members."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tariffs.taric_data import table
from xborder_cli.tariffs.taric_sheet import Sheet, day_of
from xborder_cli.units import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xborder_cli.core.rule import Day

_CELLS: Final = re.compile(r" {2,}")
EVERY: Final = ("",)  # origins of what holds for all countries


@cache
def _countries() -> dict[str, tuple[str, str, str]]:
    """Return name, union and other names of the countries of the bundled tables.

    The grid is read as it stands, without yaml.
    """
    text = (bundled_folder() / "countries.yaml").read_text(encoding="utf-8")
    _, _, grid = text.partition("\ncountries: |\n")
    found: dict[str, tuple[str, str, str]] = {}
    for line in grid.splitlines()[1:]:
        cells = ["" if cell == "-" else cell for cell in _CELLS.split(line.strip())]
        if len(cells) > 3 and len(cells[0]) == 2:
            found[cells[0]] = cells[1], cells[2], cells[3]
    return found


@cache
def known_countries() -> dict[str, str]:
    """Return the countries that the bundled tables know, with their unions ("" for none).

    Others cannot stand in a table.
    """
    return {code: union for code, (_, union, _) in _countries().items()}


@cache
def country_names() -> dict[str, str]:
    """Return the codes of countries by their names in small letters.

    >>> country_names()["germany"], country_names()["czech republic"]
    ('DE', 'CZ')
    """
    found: dict[str, str] = {}
    for code, (name, _, also) in _countries().items():
        for one in (name, *also.split(",")):
            if one.strip():
                found[one.strip().lower()] = code
    return found


@cache
def union_members() -> dict[str, tuple[str, ...]]:
    """Return the members of the unions of the bundled tables."""
    found: dict[str, list[str]] = {}
    for country, union in known_countries().items():
        if union:
            found.setdefault(union, []).append(country)
    return {union: tuple(members) for union, members in found.items()}


def shortened(countries: Iterable[str]) -> tuple[str, ...]:
    """Return countries with the name of a union in place of all its members.

    >>> shortened([*union_members()["SACU"], "GB"])
    ('GB', 'SACU')
    """
    found = set(countries)
    for union, members in union_members().items():
        if found.issuperset(members):
            found.difference_update(members)
            found.add(union)
    return tuple(sorted(found))


@dataclass(slots=True)
class Areas:
    """Who belongs to which area; what a file says goes before what we know."""

    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    every: frozenset[str] = frozenset()
    alias: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)  # groups without members: how often
    kept: dict[str, int] = field(default_factory=dict)  # the same, of groups that rates leave out
    official: set[str] = field(default_factory=set)  # groups whose members a file told

    @classmethod
    def known(cls, tariff: str = "") -> Areas:
        """Return what the table of areas says of a tariff; "" for what is the same in all."""
        rows = [row for row in table("eu_areas") if row["tariff"] in ("", tariff)]
        areas = cls(
            every=frozenset(row["area"] for row in rows if row["kind"] == "every"),
            alias={row["area"]: row["members"] for row in rows if row["kind"] == "alias"},
        )
        for row in rows:
            if row["kind"] == "group":
                areas.groups[row["area"]] = areas.countries(row["members"].split())
        return areas

    def add(self, group: str, members: Iterable[str]) -> None:
        """Take the members of a group from an official file; more of them may follow."""
        before = self.groups.get(group, ()) if group in self.official else ()
        self.official.add(group)
        self.groups[group] = tuple(sorted({*before, *self.countries(members)}))

    def countries(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Return the codes that are countries of our tables, unions as their members."""
        found: set[str] = set()
        for code in codes:
            if code in union_members():
                found.update(union_members()[code])
            elif self.alias.get(code, code) in known_countries():
                found.add(self.alias.get(code, code))
        return tuple(sorted(found))

    def members(self, area: str) -> tuple[str, ...] | None:
        """Return the countries of an area, ("",) for all of them, None for one nobody knows."""
        if area in self.every:
            return EVERY
        if area in self.groups:
            return self.groups[area]
        return self.countries((area,)) or None


def read_composition(sheet: Sheet, areas: Areas, day: Day | None) -> int:
    """Add the groups of the EU's "Geographical areas composition"; return how many rows it has.

    Members that left before the day are no members; without a day, all that left at all.
    """
    group = sheet.reader("country_group")
    member = sheet.reader("member_country")
    until = sheet.reader("mbship_end_date")
    found: dict[str, set[str]] = {}
    count = 0
    for row in sheet.rows:
        count += 1
        if not group(row) or not member(row):
            continue
        try:
            last = day_of(until(row))
        except Unreadable:
            last = None
        if last is None or (day is not None and last >= day):
            found.setdefault(group(row), set()).add(member(row))
    for one, members in found.items():
        areas.add(one, members)
    return count
