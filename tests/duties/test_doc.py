"""docs/duties.md shows what the program prints; `pytest --update` writes it."""

from __future__ import annotations

import re
from pathlib import Path

from tests import readme_blocks
from xborder_cli.duties import rows, verdicts

PAGE = Path(__file__).parents[2] / "docs" / "duties.md"


def test_console_blocks_are_fresh(request):
    text = PAGE.read_text(encoding="utf-8")
    fresh = readme_blocks.fresh(text)
    if request.config.getoption("--update"):
        PAGE.write_text(fresh, encoding="utf-8")
        text = fresh
    assert text.splitlines() == fresh.splitlines()


def test_every_result_of_a_row_is_explained():
    results = {
        value
        for module, names in (
            (rows, "OTHER_ORIGIN OTHER_KEY FINER NOT_YET ENDED CLAIM CONDITION SHORTER ANY_ORIGIN"),
            (rows, "CONDITIONAL EARLIER SAME"),
            (verdicts, "APPLIED BEATEN UNSURE REPLACED EXEMPTED CLOSED OUT"),
        )
        for name in names.split()
        for value in [getattr(module, name)]
    }
    table = PAGE.read_text(encoding="utf-8").split("| `result` of a row")[1].split("\n\n")[0]
    told = {name for line in table.splitlines() for name in re.findall(r"`([a-z-]+)`", line)}
    assert results == told
