"""Names in the examples of --help are names of bundled tables, and a union can be shown."""

from __future__ import annotations

import re

import pytest

from xborder_cli.cli import quote, rates
from xborder_cli.cli.render.card import shown
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.load import load_tables


@pytest.fixture(scope="module")
def tables():
    return load_tables([bundled_folder()])


def test_examples_name_tables_that_exist(tables):
    text = rates.SHOW_EXAMPLES + quote.QUOTE_EXAMPLES + quote.EXPLAIN_EXAMPLES
    names = re.findall(r"(?:xb rates show|--service) (\S+)", text)
    assert names
    assert [name for name in names if not shown(tables, name)] == []


def test_a_union_lists_its_members(tables):
    text = shown(tables, "EU")
    assert "EU is a union" in text
    assert "xb rates show AT" in text
