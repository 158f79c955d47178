"""Every broken table is reported at its place and under its code, and for nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from xborder_cli.errors import TableError
from xborder_cli.tables.checks import check_tables
from xborder_cli.tables.load import load_text

FILES = sorted((Path(__file__).parent.parent / "bad_tables").glob("*.yaml"))
EXPECT = re.compile(r"# expect: (\d+):(\d+) ([a-z-]+)\n")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_fault_is_found_at_its_place(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    expected = EXPECT.match(text)
    assert expected, "the first line says what is expected: # expect: LINE:COLUMN code"
    try:
        problems = check_tables(load_text(text, path.name))
    except TableError as error:
        problems = error.problems
    found = [(p.where.line, p.where.column, p.code) for p in problems]
    assert found == [(int(expected[1]), int(expected[2]), expected[3])], problems
    assert problems[0].what


def test_there_are_enough() -> None:
    assert len(FILES) >= 25
