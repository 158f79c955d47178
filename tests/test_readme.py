"""The pages show what the program prints, and what they point at exists."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent
LINKED = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def _blocks():
    spec = importlib.util.spec_from_file_location("readme_blocks", HERE / "readme_blocks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BLOCKS = _blocks()


@pytest.mark.parametrize("page", BLOCKS.PAGES, ids=lambda page: page.name)
def test_console_blocks_are_fresh(page: Path):
    text = page.read_text(encoding="utf-8")
    assert BLOCKS.BLOCK.search(text), "a page without a console block needs no check"
    fresh = BLOCKS.fresh(text)
    if text == fresh and (missing := BLOCKS.missing_tools(text)):
        pytest.skip(f"all but the blocks that need {', '.join(missing)}: not installed")
    assert text.splitlines() == fresh.splitlines(), "run make docs"


@pytest.mark.parametrize("page", LINKED, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path):
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    targets = re.findall(r"\]\((?!https?://|#)([^)#\s]+)[^)]*\)", text)
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_arithmetic_on_the_page_is_right():
    """Every `a x b = c` and `a + b = c` of the page holds, rounded half up to the digits of c."""
    from decimal import ROUND_HALF_UP, Decimal

    text = (ROOT / "docs" / "how-a-price-comes-about.md").read_text(encoding="utf-8")
    number = r"\d+(?:\.\d+)?"
    found = re.findall(rf"`([^`=]*\d[^`=]*) = ({number})[^`]*`", text)
    assert len(found) >= 8
    for left, right in found:
        bare = re.sub(r"[A-Za-z]{2,}", "", left).replace("%", "/100").replace(" x ", " * ")
        assert re.fullmatch(r"[\s\d.+*/()-]+", bare), left
        exact = eval(re.sub(number, lambda one: f"Decimal('{one[0]}')", bare))
        assert exact.quantize(Decimal(right), ROUND_HALF_UP) == Decimal(right), f"{left} = {right}"
