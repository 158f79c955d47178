"""The table files of a folder: their pages and what their bytes add up to."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from xborder_cli.errors import Problem, Where
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.node import Page
from xborder_cli.tables.unfinished import standing

if TYPE_CHECKING:
    from collections.abc import Iterable

SUFFIXES = (".yaml", ".yml")


def table_files(folder: Path) -> list[Path]:
    """Return the table files under a folder in the order of their relative names."""
    found = [path for suffix in SUFFIXES for path in folder.rglob(f"*{suffix}") if path.is_file()]
    hidden = [path for path in found if _is_hidden(path.relative_to(folder))]
    shown = sorted(set(found) - set(hidden), key=lambda path: path.relative_to(folder).as_posix())
    return standing(folder, shown)


def digest_of(folders: Iterable[Path]) -> str:
    """Return the sha256 over the relative names and bytes of all tables, folder by folder.

    Raises:
        OSError: a file cannot be read.
    """
    total = hashlib.sha256()
    for folder in folders:
        total.update(b"folder\0")
        for path in table_files(folder):
            _add(total, path.relative_to(folder).as_posix(), path.read_bytes())
    return total.hexdigest()


def read_folders(folders: Iterable[Path], problems: list[Problem]) -> tuple[list[list[Page]], str]:
    """Return the pages of each folder and the digest of all; what cannot be read is a problem."""
    total = hashlib.sha256()
    pages: list[list[Page]] = []
    bundled = bundled_folder()
    for folder in folders:
        total.update(b"folder\0")
        if not folder.is_dir():
            what = "there is no such folder of tables"
            fix = "mend --rates, XB_RATES or the rates list of xb.toml"
            where = Where(str(folder))
            problems.append(Problem(code="no-folder", where=where, what=what, fix=fix))
            pages.append([])
            continue
        is_bundled = folder.resolve() == bundled
        pages.append([])
        for path in table_files(folder):
            table = path.relative_to(folder).as_posix()
            page = _page(path, table, total, problems)
            if page is not None:
                page.bundled = is_bundled
                pages[-1].append(page)
    return pages, total.hexdigest()


def _page(path: Path, table: str, total: hashlib._Hash, problems: list[Problem]) -> Page | None:
    where = Where(_shown(path))
    try:
        data = path.read_bytes()
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        problems.append(Problem(code="unreadable-file", where=where, what=what))
        return None
    _add(total, table, data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        place = Where(where.path, line, error.start - data.rfind(b"\n", 0, error.start))
        what, fix = "the file is not UTF-8 text", "save it as UTF-8"
        problems.append(Problem(code="not-utf8", where=place, what=what, fix=fix))
        return None
    return Page(where.path, table, text.replace("\r\n", "\n"))


def _add(total: hashlib._Hash, name: str, data: bytes) -> None:
    total.update(f"{name}\0{len(data)}\0".encode())
    total.update(data)


def _shown(path: Path) -> str:
    """Return the path as people would type it: relative where it lies below the current folder."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
