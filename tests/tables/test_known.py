"""What a caller may state is what some table tests or takes."""

from __future__ import annotations

import pytest

from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables
from xborder_cli.tables.known import known_names
from xborder_cli.tables.load import load_tables


@pytest.fixture(scope="module")
def names():
    return known_names(load_tables([bundled_folder()]))


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("scheme", "ioss"),
        ("scheme", "none"),
        ("platform", "ozon"),
        ("region", "ON"),
        ("claim", "USMCA"),
        ("trait", "battery"),
        ("assume", "9610-air"),
        ("set", "mfn"),
        ("set", "import_vat"),
    ],
)
def test_names_of_the_tables_are_known(names, kind, name):
    assert name in names[kind]


def test_amounts_cannot_be_set(names):
    assert "customs_value" not in names["set"]


def test_the_cache_keeps_them(names):
    assert dict(open_tables([bundled_folder()]).known_names) == names
