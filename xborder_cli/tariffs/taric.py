"""Sheets of the EU's TARIC -> rates by code."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from xborder_cli.tariffs.line import Programme, Tariff
from xborder_cli.tariffs.taric_areas import Areas, read_composition
from xborder_cli.tariffs.taric_measures import Measure, Reading
from xborder_cli.tariffs.taric_sheet import open_sheet
from xborder_cli.tariffs.uk import add_words, finish

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from xborder_cli.tariffs.taric_sheet import Sheet

TITLE: Final = "TARIC, import duties"
URL: Final = (
    "https://circabc.europa.eu/ui/group/0e5f18c2-4b2f-42e9-aed4-dfe50ae1263b/"
    "library/fdb16dca-3e48-4644-b685-d8ccfd88adfa"
)
CODE: Final = ("goods_code",)
TYPE: Final = ("meas_type_code", "measure_type_code")
_DUTIES: Final = frozenset({"goods_code", "duty", "origin_code"})
_EXCLUDED: Final = ("excluded_country", "excluded_country_code")
_AREA: Final = re.compile(r"[A-Z]{2}|\d{4}")
_REVISION: Final = re.compile(r"(?<!\d)(20\d{2})[-_. ]?(0[1-9]|1[0-2])(?:[-_. ]?([0-3]\d))?(?!\d)")

PROGRAMMES: Final = (
    Programme(id="mfn", name="European Union: third-country duty", currency="EUR", default="gap"),
    Programme(
        id="preference",
        name="European Union: preferences under trade agreements",
        currency="EUR",
    ),
    Programme(
        id="antidumping",
        name="European Union: anti-dumping, countervailing, safeguard and additional duties",
        currency="EUR",
    ),
)

# a measure as an exclusion names it: code, type, area, additional code
_Key = tuple[str, str, str, str]


def read_taric(paths: Sequence[Path]) -> Tariff:
    """Return what sheets of TARIC say together.

    Args:
        paths: "Duties Import 01-99" and, where they are at hand, "Nomenclature EN" (words),
            "Geographical areas composition" (members of groups) and "Measure exclusions"; as XLSX
            or CSV, in any order. All are read before the duties.

    Raises:
        OrderError: a file cannot be read, or is none of these.
    """
    tariff = Tariff(
        tariff="EU",
        kind="taric",
        title=TITLE,
        url=URL,
        revision=next((text for path in paths if (text := revision(path.name))), ""),
        day=None,
        programmes=PROGRAMMES,
    )
    areas = Areas.known(tariff.tariff)
    exclusions: dict[_Key, list[str]] = defaultdict(list)
    duties: list[Sheet] = []
    for path in paths:
        sheet = open_sheet(path, known_heading)
        if sheet.has("member_country"):
            count = read_composition(sheet, areas, None)
            tariff.notes.append(f"{path.name}: {count} members of areas")
        elif sheet.has(*_EXCLUDED):
            count = _exclusions(sheet, exclusions)
            tariff.notes.append(f"{path.name}: {count} exclusions of countries")
        elif sheet.has("duty"):
            duties.append(sheet)
        else:
            _descriptions(sheet, tariff)
    reading = Reading(areas)
    for sheet in duties:
        reading.take(_measures(sheet, exclusions))
    finish(tariff, reading)
    return tariff


def known_heading(names: frozenset[str]) -> bool:
    """Tell whether a heading is that of a sheet of TARIC that is read."""
    return bool(
        (names >= _DUTIES and names & set(TYPE))
        or names >= {"country_group", "member_country"}
        or ("goods_code" in names and names & set(_EXCLUDED))
        or names >= {"goods_code", "description"}
    )


def revision(name: str) -> str:
    """Return the month or day that a file's name tells.

    >>> revision("Duties Import 01-99 2026-09.xlsx"), revision("Duties Import 01-99.xlsx")
    ('2026-09', '')
    """
    found = _REVISION.search(name)
    return "-".join(part for part in found.groups() if part) if found else ""


def _measures(sheet: Sheet, exclusions: dict[_Key, list[str]]) -> Iterator[Measure]:
    code, kind, duty = sheet.reader(*CODE), sheet.reader(*TYPE), sheet.reader("duty")
    area, extra = sheet.reader("origin_code"), sheet.reader("add_code", "additional_code")
    name = sheet.reader("origin")
    since, until = sheet.reader("start_date"), sheet.reader("end_date")
    order = sheet.reader("order_no", "order_number")
    for row in sheet.rows:
        out: dict[str, None] = {}
        for where in dict.fromkeys((area(row), name(row))):
            # an exclusion without an additional code holds for all of them
            for more in dict.fromkeys((extra(row), "")):
                key = (code(row)[:10], kind(row), where, more)
                out.update(dict.fromkeys(exclusions.get(key, ())))
        yield Measure(
            row=row.line,
            code=code(row),
            type=kind(row),
            area=area(row),
            duty=duty(row),
            since=since(row),
            until=until(row),
            excluded=tuple(out),
            additional=extra(row),
            order=order(row),
        )


def _exclusions(sheet: Sheet, found: dict[_Key, list[str]]) -> int:
    """Take the countries that measures leave out; ended exclusions count for nothing.

    Editions differ in which of two columns has the code of the country and which its name; one
    that has no code of the origin is told by the origin's name.
    """
    code, kind = sheet.reader(*CODE), sheet.reader(*TYPE)
    origin, area = sheet.reader("origin_code"), sheet.reader("origin")
    extra = sheet.reader("add_code", "additional_code")
    either = [sheet.reader(name) for name in _EXCLUDED]
    count = 0
    for row in sheet.rows:
        count += 1
        out = next((cell for one in either if _AREA.fullmatch(cell := one(row))), "")
        if out:
            cells = (origin(row), area(row))
            where = next((cell for cell in cells if _AREA.fullmatch(cell)), cells[1])
            found[code(row)[:10], kind(row), where, extra(row)].append(out)
    return count


def _descriptions(sheet: Sheet, tariff: Tariff) -> None:
    code, words = sheet.reader(*CODE), sheet.reader("description")
    language = sheet.reader("language")

    def rows() -> Iterator[tuple[int, str, str, str]]:
        for row in sheet.rows:
            digits, _, suffix = code(row).partition(" ")
            if language(row) in ("", "EN"):
                yield row.line, digits, suffix.strip(), words(row)

    add_words(rows(), tariff)
