"""Which edition a file is: its name, its first day, and whether it was imported before."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from xborder_cli.errors import Problem, UsageError, Where
from xborder_cli.tariffs.kept import Origin, Revision
from xborder_cli.units import day_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xborder_cli.core.rule import Day
    from xborder_cli.tariffs.kept import KeptTable
    from xborder_cli.tariffs.line import Tariff

NO_ADDRESS: Final = "nothing says where the file can be had: --url ADDRESS states it"
OFFICIAL: Final = ("usitc", "uk", "taric")  # kinds of files that authorities publish


@dataclass(frozen=True, slots=True)
class Reading:
    """A tariff that was read, and from which files."""

    tariff: Tariff
    files: tuple[Origin, ...]


def tells_days(tariff: Tariff, today: Day) -> bool:
    """Tell whether a file of somebody's own has first days that are past: its whole history."""
    if tariff.kind in OFFICIAL or tariff.day is not None:
        return False
    return any(line.since is not None and line.since <= today for line in tariff.lines)


def first_day(tariff: Tariff, stated: Day | None, today: Day) -> Day:
    """Return the day from which a file holds: as stated, as it says, or today."""
    if stated is not None:
        return stated
    if tells_days(tariff, today):
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
    url: str = "",
) -> Revision:
    """Return the revision that a file is, under an id that no other revision of the tables has.

    Args:
        tariff: as read.
        files: from which.
        day: on which it begins.
        today: on which it is read.
        tables: as they stand.
        stated: its name, when somebody says it.
        url: where it can be had; blank: as somebody said before of these very files, else what
            its kind knows.
    """
    tables = list(tables)
    before = known_edition(files, tables)
    url = url or (before.url if before is not None else "") or tariff.url
    name = stated or tariff.revision
    words = name if name.lower().startswith(tariff.kind) else f"{tariff.kind} {name}"
    key = re.sub(r"[^a-z0-9.]+", "-", words.lower()).strip("-.")
    taken = {one.id: one.day for table in tables for one in table.revisions}
    if not name or taken.get(key, day) != day:
        key = f"{key}-{day_text(day)}"
    title = tariff.title or ", ".join(file.name for file in files)
    if name and name not in title:
        title = f"{title}, {name}"
    return Revision(id=key, name=name, day=day, retrieved=today, title=title, url=url, files=files)


def comes_before(name: str, other: str) -> bool:
    """Tell whether the numbers in the names of two editions say that the first is the older one.

    >>> comes_before("2026 Revision 9", "2026 Revision 10"), comes_before("spring", "autumn")
    (True, False)
    >>> comes_before("2026 Basic Edition", "2026 Revision 1"), comes_before("4.0.2", "4.0.10")
    (True, True)
    """
    one, two = ([int(number) for number in re.findall(r"\d+", text)] for text in (name, other))
    return bool(one) and bool(two) and one < two


def in_order(readings: Sequence[Reading], stated: Day | None, today: Day) -> list[Reading]:
    """Return editions by their first days; two of one tariff cannot begin on one.

    Raises:
        UsageError: two do.
    """

    def begins(reading: Reading) -> Day:
        return first_day(reading.tariff, stated, today)

    ordered = sorted(joined(readings), key=begins)
    for one, other in pairwise(ordered):
        if begins(one) == begins(other) and one.tariff.tariff == other.tariff.tariff:
            names = [edition.files[0].name for edition in (one, other)]
            what = f"{' and '.join(names)} are two editions that begin on {day_text(begins(one))}"
            fix = "import one at a time, the oldest first, each with its --from DAY"
            problem = Problem(code="same-day", where=Where(names[1]), what=what, fix=fix)
            raise UsageError(problem)
    return ordered


def joined(readings: Sequence[Reading]) -> list[Reading]:
    """Return readings with those of one edition put together: files of some chapters each."""
    found: dict[tuple[str, str, Day | None], Reading] = {}
    for number, reading in enumerate(readings):
        tariff = reading.tariff
        key = (tariff.tariff, tariff.revision or f"{number}", tariff.day)
        found[key] = _both(found[key], reading) if key in found else reading
    return list(found.values())


def _both(one: Reading, other: Reading) -> Reading:
    first, second = one.tariff, other.tariff
    forms = {name: dict(counts) for name, counts in first.forms.items()}
    for name, counts in second.forms.items():
        mine = forms.setdefault(name, {})
        for form, count in counts.items():
            mine[form] = mine.get(form, 0) + count
    tariff = replace(
        first,
        programmes=tuple(dict.fromkeys((*first.programmes, *second.programmes))),
        lines=[*first.lines, *second.lines],
        unread=[*first.unread, *second.unread],
        not_duties=[*first.not_duties, *second.not_duties],
        rows=first.rows + second.rows,
        forms=forms,
        notes=list(dict.fromkeys((*first.notes, *second.notes))),
        words={**first.words, **second.words},
    )
    return Reading(tariff, (*one.files, *other.files))


def remarks(tariff: Tariff, stated: Day | None, today: Day) -> list[str]:
    """Return what to tell about the edition beside the notes of the file's reader."""
    found = list(tariff.notes)
    if stated is not None or tariff.day is not None:
        return found
    if not tells_days(tariff, today):
        found.append(
            f"the file names no first day: its rates are taken from today, {day_text(today)};"
            " --from DAY states another"
        )
    elif any(line.since is None for line in tariff.lines):
        first = day_text(first_day(tariff, stated, today))
        found.append(f"rates without a first day of their own begin with the earliest, {first}")
    return found
