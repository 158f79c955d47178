"""Every code that tables may raise is in docs/tables.md, and none that they may not."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+|yaml|cycle")
TABLES = ROOT / "xborder_cli/tables"
SOURCES = (ROOT / "xborder_cli/units.py", *TABLES.glob("*.py"))
NOT_CODES = {"utf-8", "utf-8-sig"}
# made of two parts in the source
JOINED = {
    "unknown-mode", "unknown-leg", "unknown-channel", "price-without-zone", "price-without-class",
}  # fmt: skip
OTHERS = {"build.py", "codec.py", "compile.py"}  # the cache has codes of its own


def test_codes_are_documented() -> None:
    section = (ROOT / "docs/tables.md").read_text(encoding="utf-8").split("## 11.")[1]
    documented = set(re.findall(r"`([a-z0-9-]+)`", section))
    used = set(JOINED)
    for path in SOURCES:
        if path.name in OTHERS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and CODE.fullmatch(text):
                used.add(text)
    assert used - NOT_CODES - documented == set()
    assert documented - used == set()
