"""Tables put in their places: whenever the process is killed, readers see all old or all new."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from xborder_cli.tables.files import digest_of, table_files
from xborder_cli.tables.load import load_tables
from xborder_cli.tables.stamps import mark_of
from xborder_cli.tables.unfinished import JOURNAL
from xborder_cli.tariffs import place

if TYPE_CHECKING:
    from pathlib import Path

# every call that changes what stands under a name, and every file made, counted; one kills
KILL = """
import os, sys
from pathlib import Path
from xborder_cli.tariffs import place

into, step = Path(sys.argv[1]), int(sys.argv[2])
calls = iter(range(1000))

def dying(honest):
    def run(*args, **more):
        if next(calls) == step:
            os._exit(9)
        return honest(*args, **more)
    return run

for name in ("replace", "unlink", "fsync"):
    setattr(os, name, dying(getattr(os, name)))
files = {into / name: f"# new\\n{text}".encode() for name, text in eval(sys.argv[3]).items()}
if sys.argv[4:]:
    place.take_back(into)
else:
    place.put(into, files, {path: place.held(path) for path in files})
"""
TABLE = "kind: countries\ncountries: |\n  code  name\n  {}    {}\n"
FILES = {
    "a.yaml": TABLE.format("XA", "Aland"),
    "duties/b.yaml": TABLE.format("XB", "Beland"),
    "duties/c.yaml": TABLE.format("XC", "Celand"),
}
LAST = 14  # the fifteenth call is the last of an import of three files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "duties").mkdir()
    for name in ("a.yaml", "duties/b.yaml"):  # c is new
        (tmp_path / name).write_text(f"# old\n{FILES[name]}")
    (tmp_path / "duties" / "own.yaml").write_text("# own\n" + TABLE.format("XD", "Deland"))
    return tmp_path


def kill(folder: Path, step: int, *more: str) -> int:
    """Run an import that is killed at a step; tell how it ended."""
    args = [sys.executable, "-c", KILL, str(folder), str(step), repr(FILES), *more]
    return subprocess.run(args, check=False).returncode


def seen(folder: Path) -> list[str]:
    """First lines of all tables that a command reads."""
    return [path.read_text().splitlines()[0] for path in table_files(folder)]


OLD, NEW = ["# old", "# old", "# own"], ["# new", "# new", "# new", "# own"]


@pytest.mark.parametrize("step", range(LAST + 2))
def test_readers_see_all_old_or_all_new(folder: Path, step: int) -> None:
    ended = kill(folder, step)
    assert seen(folder) in (OLD, NEW)
    if step > LAST:
        assert ended == 0
        assert seen(folder) == NEW
        return
    assert ended == 9
    names = {"XA", "XB", "XD"} | ({"XC"} if seen(folder) == NEW else set())
    assert set(load_tables([folder]).countries) == names
    standing = seen(folder)
    place.take_back(folder)
    assert seen(folder) == standing
    assert kill(folder, -1) == 0
    assert seen(folder) == NEW
    assert not list(folder.rglob(".*"))


@pytest.mark.parametrize("step", range(8))
def test_killed_again_while_it_is_taken_back(folder: Path, step: int) -> None:
    assert kill(folder, 7) == 9
    assert (folder / JOURNAL).exists()
    assert seen(folder) == OLD
    kill(folder, step, "back")
    assert seen(folder) == OLD
    place.take_back(folder)
    assert seen(folder) == OLD


def test_what_was_edited_since_is_read(folder: Path) -> None:
    assert kill(folder, 6) == 9
    (folder / "a.yaml").write_text("# mine\n" + FILES["a.yaml"])
    assert seen(folder) == ["# mine", "# old", "# own"]


def test_a_cache_made_while_the_journal_stood_is_not_of_the_new_tables(folder: Path) -> None:
    assert kill(folder, -1) == 0
    mark, digest = mark_of([folder]), digest_of([folder])
    (folder / JOURNAL).write_text("[]")
    assert mark_of([folder]) != mark
    assert digest_of([folder]) == digest
    (folder / JOURNAL).unlink()
    assert mark_of([folder]) == mark
