"""docs/tables.md and the loader know the same words: keys, choices, columns, units, names."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest

from xborder_cli.core.rule import Provenance
from xborder_cli.errors import TableError
from xborder_cli.tables import (
    bands,
    charges,
    dated,
    lists,
    market,
    names,
    programme,
    weight_rule,
    zones,
)
from xborder_cli.tables.grid import read_grid
from xborder_cli.tables.load import load_text
from xborder_cli.tables.node import Mapping, Page, Text, read_page
from xborder_cli.tables.rate_card import read_rate_card
from xborder_cli.tables.reader import Reader
from xborder_cli.tables.schema import KINDS
from xborder_cli.units import UNITS

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.M | re.S)
SPANS = re.findall(r"`([^`]+)`", re.sub(r"^```.*?^```", "", PAGE, flags=re.M | re.S))
WORDS = {word for text in (*BLOCKS, *SPANS) for word in re.findall(r"[A-Za-z][A-Za-z0-9_]*", text)}

# Where a call of the loader names what a table may say: the arguments that hold the words.
_NAMING = {"mapping": 2, "choice": 1, "choices": 1, "require": 2, "get": 0, "_rows": 2}
_READERS = (
    "bands", "charges", "conditions", "dated", "document", "lists", "market", "programme",
    "rate_card", "reader", "weight_rule", "zones",
)  # fmt: skip
# Names that tables give themselves, in the examples of the page.
_INVENTED = {
    "AU", "size", "small", "large", "vat", "low_value", "overseas_warehouse", "revenue_tonne",
    "JP", "lot", "storage_days", "return_rate", "9610-air", "notice-7", "s301", "hts",
    "NAME", "NUMBER", "clothing",
}  # fmt: skip


def _constants(node: ast.AST, module) -> set[str]:
    """Return the texts that an argument holds, through the module's own constants."""
    found = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            found.add(inner.value)
        elif isinstance(inner, ast.Name):
            value = getattr(module, inner.id, None)
            if isinstance(value, tuple | frozenset | dict):
                found.update(item for item in value if isinstance(item, str))
    return found


def accepted() -> set[str]:
    """Return every word that the loader accepts as a key, a choice or a column."""
    found = {key for kind in KINDS.values() for key in kind.keys} | set(KINDS)
    for reader in _READERS:
        module = importlib.import_module(f"xborder_cli.tables.{reader}")
        for call in ast.walk(ast.parse(inspect.getsource(module))):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if name in _NAMING and not (name == "get" and len(call.args) > 1):
                for argument in call.args[_NAMING[name] :]:
                    found |= _constants(argument, module)
        for constant in ("COLUMNS", "_COLUMNS", "KEYS", "_ROUND_KEYS", "KINDS", "OPEN"):
            value = getattr(module, constant, ())
            found.update(item for item in value if isinstance(item, str))
    return {word for word in found if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", word)}


def test_every_word_of_the_loader_is_on_the_page():
    assert len(accepted()) > 150, "the loader's words are no longer found where they stood"
    assert sorted(accepted() - WORDS) == []


def test_every_name_that_a_base_or_condition_may_use_is_on_the_page():
    known = names.AMOUNTS | names.MEASURES | names.LINE_MEASURES | names.RATIOS
    assert sorted(known - WORDS) == []


def test_every_unit_is_on_the_page():
    assert sorted(UNITS - WORDS) == []


def test_every_key_on_the_page_is_known_to_the_loader():
    known = accepted() | names.AMOUNTS | names.MEASURES | names.LINE_MEASURES | _INVENTED
    known |= {"any", "line", "every", "some", "applied", "exempted", "due", "kind"}
    known |= {"channel", "mode", "transport", "incoterm", "buyer", "scheme", "region", "area"}
    known |= {"option", "claim", "platform", "seller", "hs", "origin", "goods", "trait", "words"}
    known |= {"category", "paid_in", "payment"}
    keys = set()
    for text in (*BLOCKS, *SPANS):
        bare = re.sub(r'"[^"]*"|#.*|https?://\S+', "", text)
        keys.update(re.findall(r"(?<![\w$/-])([A-Za-z][\w-]*):(?=\s|$)", bare))
    assert len(keys) > 60
    assert sorted(keys - known) == []


def test_fields_of_a_charge_are_the_loader_s():
    section = PAGE.split("## 2. Charges")[1].split("## 3.")[0]
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", section, re.M)
    fields = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert fields == set(charges.KEYS) - {"drop"}  # drop: a member's word about its union


_OF = {
    "a dated value": dated._SPAN_KEYS,
    "bands": bands.KEYS,
    "`round`": charges._ROUND_KEYS,
    "`weight` and each of `measures`": weight_rule.KEYS,
    "columns of `zones`": zones._COLUMNS,
    "`entry`, `sale`, `export`": market._SET_KEYS,
    "a regime": market._REGIME_KEYS,
    "`fx` of a market": market._FX_KEYS,
    "columns of `rows` and of a market's lookup": programme.COLUMNS,
    "a mode": lists._MODE_KEYS,
    "a step": lists._STEP_KEYS,
}
_ROWS = dict(
    re.findall(r"^\| (.+?) \| ([^|]+) \|$", PAGE.split("## Every key")[1].split("## 11.")[0], re.M)
)


@pytest.mark.parametrize("of", _OF)
def test_list_of_keys_is_the_loader_s(of: str):
    assert re.findall(r"`(\w+)`", _ROWS[of]) == list(_OF[of])


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_list_of_keys_of_a_kind_is_the_schema_s(kind):
    row = _ROWS[f"table `{kind.name}`"]
    required = re.findall(r"\*\*`(\w+)`\*\*", row)
    assert required == list(kind.required)
    assert re.findall(r"`(\w+)`", row)[len(required) :] == list(kind.optional)


def _documents() -> list[str]:
    whole = [block for block in BLOCKS if block.startswith("kind:")]
    return [part for block in whole for part in re.split(r"^---\n", block, flags=re.M)]


UNION = """---
kind: market
id: EU
name: European Union
currency: EUR
source: {title: fictional}
"""


@pytest.mark.parametrize("document", _documents(), ids=lambda text: text.split("\n")[0][:40])
def test_whole_tables_on_the_page_load(document: str):
    """Keys may be missing, for the page leaves out what it says elsewhere; nothing may be wrong."""
    lines = document.split("\n")
    problems = []
    try:
        load_text(document + (UNION if "extends: EU" in document else ""))
    except TableError as error:
        problems = error.problems
    assert [
        str(problem)
        for problem in problems
        if problem.code not in ("missing-key", "missing-source", "missing-checked")
        and "..." not in lines[problem.where.line - 1]  # a placeholder
    ] == []


def test_every_block_on_the_page_is_yaml():
    for block in BLOCKS:
        problems = []
        assert read_page(Page("docs/tables.md", "", block), problems)
        assert problems == []


def test_the_page_speaks_of_grids_as_they_are_read():
    page = Page("x", "", 'g: |\n  a    b\n  "x y"  -   # a remark\n  # another\n')
    (node,) = read_page(page, [])
    assert isinstance(node, Mapping)
    text = node.get("g")
    assert isinstance(text, Text)
    grid, faults = read_grid(text)
    assert not faults
    assert [row.cells for row in grid.rows] == [("x y", "")]


def test_keys_of_a_rate_card_are_all_read():
    """A key that the schema lets in and no reader asks for would be ignored in silence."""
    asked = set()

    class Watched(dict):
        def get(self, key, default=None):
            asked.add(key)
            return super().get(key, default)

        def __contains__(self, key):
            asked.add(key)
            return super().__contains__(key)

    entries = Watched(
        {"id": Text(Page("x"), 1, 1, "a"), "from": Text(Page("x"), 1, 1, "2026-01-01")}
    )
    node = Mapping(Page("x"), 1, 1, entries, {})
    read_rate_card(Reader(Page("x"), [], provenance=Provenance("x", 1)), node)
    assert set(KINDS["rate_card"].required + KINDS["rate_card"].optional) - asked == {
        "currency", "allow_fall",  # read for the whole document
    }  # fmt: skip
