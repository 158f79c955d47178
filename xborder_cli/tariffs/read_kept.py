"""The file of a kept table back to its rows and revisions, as the next import finds them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xborder_cli.errors import Problem, TableError, Where
from xborder_cli.tables.grid import read_grid
from xborder_cli.tables.node import Mapping, Node, Page, Text, read_page
from xborder_cli.tables.programme import KEPT
from xborder_cli.tariffs.kept import KeptRow, KeptTable, Origin, Revision
from xborder_cli.tariffs.line import Programme
from xborder_cli.tariffs.write import MADE, SEALED, seal_of
from xborder_cli.units import Unreadable, parse_day

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from xborder_cli.tables.grid import Grid

_FILE: Final = re.compile(
    r"# revision (\S+): from (\S+), read (\S+), sha256 ([0-9a-f]{64}), file (.*)"
)
_NAME: Final = re.compile(r"# revision (\S+) is (.*)")
_CLAIM: Final = re.compile(r"\{?\s*claim:\s*([^,{}\[\]]+?)\s*\}?")


def read_kept(path: Path) -> KeptTable | None:
    """Return the table that an earlier import kept in a file, None when there is no file.

    Raises:
        TableError: it is no table of an import, or its lines cannot be read.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise _foreign(path, 1, "is not UTF-8 text") from None
    except OSError as error:
        raise _foreign(path, 0, f"cannot be read: {error.strerror}") from None
    seal, below = _seal(text)
    if not seal:
        raise _foreign(path, 1, "was not made by xb duties import")
    problems: list[Problem] = []
    pages = read_page(Page(str(path), path.name, text), problems)
    grid, node = None, pages[0] if pages else None
    if isinstance(node, Mapping) and isinstance(rows := node.get("rows"), Text):
        grid, faults = read_grid(rows)
        problems += [Problem(code=f.code, where=f.where, what=f.what, fix=f.fix) for f in faults]
    if problems:
        raise TableError(problems)
    if grid is None or not isinstance(node, Mapping):
        raise _foreign(path, 1, "holds no grid of rows")
    try:
        return KeptTable(
            tariff=_text(node, "tariff"),
            programme=Programme(
                id=_text(node, "id"),
                name=_text(node, "name"),
                currency=_text(node, "currency"),
                default=_text(node, "default"),
            ),
            confidence=_text(node, "confidence"),
            rows=_rows(grid),
            revisions=_revisions(text, node),
            whole=_text(node, "others") != KEPT,
            edited=seal != seal_of(below),
        )
    except Unreadable as fault:
        raise _foreign(path, 0, f"cannot be read: {fault.what}") from None


def _seal(text: str) -> tuple[str, str]:
    """Return the digest noted in a text and what stands below it."""
    first, _, rest = text.partition("\n")
    second, _, below = rest.partition("\n")
    if first != MADE or not second.startswith(SEALED):
        return "", ""
    return second.removeprefix(SEALED).strip(), below


def _foreign(path: Path, line: int, what: str) -> TableError:
    fix = "move it out of the way, or import into another folder"
    return TableError(Problem(code="not-ours", where=Where(str(path), line), what=what, fix=fix))


def _text(node: Mapping, key: str) -> str:
    value: Node | None = node.get(key)
    return value.text.strip() if isinstance(value, Text) else ""


def _rows(grid: Grid) -> list[KeptRow]:
    names = ("hs", "origin", "rate", "from", "until", "source", "when", "note")
    at = {name: grid.index(name) for name in names}
    days: dict[str, int] = {}
    found = []
    for row in grid.rows:
        cells = {name: "" if place is None else row.cells[place] for name, place in at.items()}
        for name in ("from", "until"):
            if cells[name] and cells[name] not in days:
                days[cells[name]] = parse_day(cells[name])
        rate = cells["rate"]
        found.append(
            KeptRow(
                hs=cells["hs"].replace("*", ""),
                rate=f'"{rate}"' if rate.startswith("words:") else rate,
                since=days.get(cells["from"], 0),
                until=days[cells["until"]] if cells["until"] else None,
                origins=tuple(sorted(cells["origin"].split())),
                claim=_claim(cells["when"], grid, row.line),
                note=cells["note"],
                source=cells["source"],
            )
        )
    return found


def _claim(when: str, grid: Grid, line: int) -> str:
    if not when:
        return ""
    found = _CLAIM.fullmatch(when)
    if found is None:
        where = Where(grid.heading.page.path, line)
        what = f'"{when}" is a condition that no import wrote'
        fix = "keep rows of your own in a table of another folder"
        raise TableError(Problem(code="not-ours", where=where, what=what, fix=fix))
    return found[1]


def _revisions(text: str, node: Mapping) -> list[Revision]:
    names: dict[str, str] = {}
    files: dict[str, list[Origin]] = {}
    days: dict[str, tuple[int, int]] = {}
    for line in _remarks(text.split("\n")):
        if found := _FILE.fullmatch(line):
            files.setdefault(found[1], []).append(Origin(name=found[5], sha256=found[4]))
            days[found[1]] = parse_day(found[2]), parse_day(found[3])
        elif found := _NAME.fullmatch(line):
            names[found[1]] = found[2]
    sources = node.get("sources")
    out = []
    for key, (day, read) in days.items():
        source = sources.get(key) if isinstance(sources, Mapping) else None
        inner = source if isinstance(source, Mapping) else None
        out.append(
            Revision(
                id=key,
                name=names.get(key, ""),
                day=day,
                retrieved=read,
                title=_text(inner, "title") if inner else "",
                url=_text(inner, "url") if inner else "",
                files=tuple(files[key]),
            )
        )
    return out


def _remarks(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        if not line.startswith("#"):
            return
        yield line
