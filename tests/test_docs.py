"""Pages that the program makes are as the program is."""

from __future__ import annotations

import importlib.util
from pathlib import Path

HERE = Path(__file__).parent


def _pages():
    spec = importlib.util.spec_from_file_location("docs_pages", HERE / "docs_pages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_commands_page_is_fresh():
    pages = _pages()
    assert pages.PAGE.read_text(encoding="utf-8") == pages.page(), "run make docs"


def test_every_variable_is_documented():
    pages = _pages()
    text = pages.PAGE.read_text(encoding="utf-8")
    used = set()
    for path in (HERE.parent / "xborder_cli").rglob("*.py"):
        for word in path.read_text().replace('"', " ").replace("'", " ").split():
            if word.startswith("XB_") and word.isidentifier():
                used.add(word)
    assert {name for name in used if f"`{name}`" not in text} == set()


def test_codes_of_batch_are_explained():
    pages = _pages()
    found = pages.codes_by_area()
    explained = pages.OF_ROWS.keys() | pages.OF_FILES.keys()
    assert found["batch"] - explained - pages.NO_CODES == set()
    assert explained <= set().union(*found.values())
