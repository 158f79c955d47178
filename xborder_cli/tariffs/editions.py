"""Which edition a file is: its name, its first day, and whether it was imported before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xborder_cli.tariffs.kept import Origin, Revision
from xborder_cli.units import day_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xborder_cli.core.rule import Day
    from xborder_cli.tariffs.kept import KeptTable
    from xborder_cli.tariffs.line import Tariff

OFFICIAL: Final = ("usitc", "uk", "taric")  # kinds of files that authorities publish


def tells_days(tariff: Tariff) -> bool:
    """Tell whether a file of somebody's own gives every rate its first day."""
    if tariff.kind in OFFICIAL or tariff.day is not None or not tariff.lines:
        return False
    return all(line.since is not None for line in tariff.lines)


def first_day(tariff: Tariff, stated: Day | None, today: Day) -> Day:
    """Return the day from which a file holds: as stated, as it says, or today."""
    if stated is not None:
        return stated
    if tells_days(tariff):
        return min(line.since for line in tariff.lines if line.since is not None)
    return today if tariff.day is None else tariff.day


def known_edition(files: Sequence[Origin], tables: Iterable[KeptTable]) -> Revision | None:
    """Return the newest revision of the tables, if it was read from these very files."""
    newest = [table.revisions[-1] for table in tables if table.revisions]
    digests = frozenset(file.sha256 for file in files)
    return newest[0] if newest and all(one.digests == digests for one in newest) else None


def edition(
    tariff: Tariff,
    files: tuple[Origin, ...],
    day: Day,
    today: Day,
    tables: Iterable[KeptTable],
    stated: str = "",
) -> Revision:
    """Return the revision that a file is, under an id that no other revision of the tables has."""
    name = stated or tariff.revision
    words = name if name.lower().startswith(tariff.kind) else f"{tariff.kind} {name}"
    key = re.sub(r"[^a-z0-9.]+", "-", words.lower()).strip("-.")
    taken = {one.id: one.day for table in tables for one in table.revisions}
    if not name or taken.get(key, day) != day:
        key = f"{key}-{day_text(day)}"
    title = tariff.title or ", ".join(file.name for file in files)
    if name and name not in title:
        title = f"{title}, {name}"
    return Revision(
        id=key, name=name, day=day, retrieved=today, title=title, url=tariff.url, files=files
    )


def remarks(tariff: Tariff, stated: Day | None, today: Day) -> list[str]:
    """Return what to tell about the edition beside the notes of the file's reader."""
    found = list(tariff.notes)
    if stated is None and tariff.day is None and not tells_days(tariff):
        found.append(
            f"the file names no first day: its rates are taken from today, {day_text(today)};"
            " --from DAY states another"
        )
    return found
