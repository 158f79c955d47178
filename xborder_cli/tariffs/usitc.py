"""The Harmonized Tariff Schedule of the United States, as USITC exports it, to lines of duty."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from xborder_cli.tariffs.line import Programme, Tariff, Unread
from xborder_cli.tariffs.usitc_china import listed
from xborder_cli.tariffs.usitc_columns import PROVISION, column_1, column_2, rated_lines
from xborder_cli.tariffs.usitc_files import read_file
from xborder_cli.tariffs.usitc_hooks import read_hooks
from xborder_cli.tariffs.usitc_preference import preferences
from xborder_cli.tariffs.usitc_tree import SPECIAL_CHAPTERS, grow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from xborder_cli.tariffs.usitc_hooks import Hooks
    from xborder_cli.tariffs.usitc_tree import Node

URL: Final = "https://hts.usitc.gov/reststop/exportList?from=0101&to=9999&format=JSON&styles=false"
MFN: Final = Programme(
    id="mfn", name="United States: most-favoured-nation duty", currency="USD", default="gap"
)
PREFERENCE: Final = Programme(
    id="preference", name="United States: preferences under trade agreements", currency="USD"
)
COLUMN_2: Final = Programme(id="column_2", name="Column 2", currency="USD")
CHINA_LISTS: Final = Programme(id="us_301_cn", name="Section 301: China lists", currency="USD")
_REVISION = re.compile(
    r"(?P<year>20\d\d)[\W_]*(?:hts)?[\W_]*(?:(?P<basic>basic)|rev(?:ision)?[\W_]*(?P<number>\d{1,2}))",
    re.I,
)
_NOT_HERE = (
    "Section 122, Section 301 on forced labour and on Brazil, Section 232 and Section 338 have no "
    "footnotes: their scope is text in the notes of chapter 99, and nothing of them is imported"
)


def read_hts(path: Path) -> Tariff:
    """Return the schedule in a CSV, JSON or XLSX export of USITC, each also packed with gzip.

    Column 1 general is programme `mfn`, the Special column `preference`, column 2 `column_2`, and
    the footnotes of the China lists `us_301_cn`. What no pattern reads stays in words.

    Raises:
        OrderError: the file is no such export.
    """
    file = read_file(path)
    nodes = grow(file.rows)
    hooks = read_hooks(nodes)
    revision = revision_of(path.name)
    tariff = Tariff(
        tariff="US",
        kind="usitc",
        title=f"USITC Harmonized Tariff Schedule {revision}".strip(),
        url=URL,
        revision=revision,
        day=None,
        programmes=(),
        rows=len(file.rows),
    )
    lines = rated_lines(nodes, tariff)
    programmes = [MFN, COLUMN_2]
    column_1(lines, tariff)
    column_2(lines, hooks, tariff)
    if file.has_special:
        programmes.append(PREFERENCE)
        preferences(lines, tariff)
    if _has_lists(file.has_footnotes, hooks, tariff):
        programmes.append(CHINA_LISTS)
        listed(nodes, hooks, tariff)
    tariff.programmes = tuple(programmes)
    _chapters_apart(nodes, tariff)
    _strange_codes(nodes, tariff)
    _told(hooks, tariff)
    tariff.words = {
        node.hs: node.words() for node in nodes if node.hs and node.chapter not in SPECIAL_CHAPTERS
    }
    tariff.unread.sort(key=lambda one: one.row)
    return tariff


def revision_of(name: str) -> str:
    """Return the revision that a file's name tells, empty when it tells none.

    >>> revision_of("hts_2026_rev_10.json.gz"), revision_of("hts_2024_basic_edition_csv.csv")
    ('2026 Revision 10', '2024 Basic Edition')
    """
    found = _REVISION.search(name)
    if found is None:
        return ""
    return f"{found['year']} " + (
        "Basic Edition" if found["basic"] else f"Revision {int(found['number'])}"
    )


def _has_lists(has_footnotes: bool, hooks: Hooks, tariff: Tariff) -> bool:
    """Tell whether the footnotes carry the China lists whole; else a missing one is no 0 %."""
    if not has_footnotes:
        tariff.notes.append(
            "the file has no footnotes, as the CSV and XLSX exports: the China lists of Section "
            "301 are not imported; the JSON export may carry them"
        )
        return False
    if short := hooks.short_of(CHINA_LISTS.id):
        told = ", ".join(f"{heading} {hooks.counts[heading]}" for heading in short)
        tariff.notes.append(
            f"too few footnotes name the China lists of Section 301 for the whole of them ({told} "
            "lines): they are not imported, or every other line would be read as 0 %"
        )
        return False
    return True


def _chapters_apart(nodes: Sequence[Node], tariff: Tariff) -> None:
    """Count chapters 98 and 99: provisions beside the classification, not imported as rates."""
    from xborder_cli.tariffs.us_rate_text import read_rate

    for chapter in SPECIAL_CHAPTERS:
        counts = Counter(
            read_rate(node.row.general).form if node.row.general else "blank"
            for node in nodes
            if node.chapter == chapter and len(node.hs) >= 8
        )
        if counts:
            tariff.forms[f"general, chapter {chapter}"] = dict(counts.most_common())
        rows = [node.row.number for node in nodes if node.chapter == chapter]
        if rows:
            text = f"chapter {chapter}: {len(rows):,} row{'s' * (len(rows) != 1)}"
            one = Unread(row=rows[0], hs=chapter, text=text, why=PROVISION, count=len(rows))
            tariff.not_duties.append(one)
    tariff.notes.append(
        "chapters 98 and 99 are provisions beside the classification of an article: not imported, "
        "but for the headings that the China lists and Russia's column 2 name"
    )


def _strange_codes(nodes: Sequence[Node], tariff: Tariff) -> None:
    for node in nodes:
        row = node.row
        if row.code and not row.hs:
            tariff.unread.append(Unread(row=row.number, hs="", text=row.code, why="unknown-code"))


def _told(hooks: Hooks, tariff: Tariff) -> None:
    tariff.notes.append(_NOT_HERE)
    if lifted := hooks.exclusions():
        told = ", ".join(f"{heading} on {count} lines" for heading, count in lifted.items())
        tariff.notes.append(f"exclusions are told, not applied: {told}")
    if untold := hooks.untold():
        total = sum(untold.values())
        told = ", ".join(f"{heading} {count}" for heading, count in list(untold.items())[:12])
        more = "" if len(untold) <= 12 else f" and {len(untold) - 12} headings more"
        tariff.notes.append(
            f"{total} footnotes name other headings of chapter 99, not imported: {told}{more}"
        )
