"""The tools of `make check` as tests, so that `make test` and CI run them too."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = {
    "format": ("ruff", "format", "--check"),
    "lint": ("ruff", "check"),
    "types": ("mypy", "xborder_cli", "benchmarks"),
    "tables": ("xb", "rates", "check"),
}


@pytest.mark.parametrize("name", TOOLS)
def test_tool_finds_nothing(name: str):
    program, *arguments = TOOLS[name]
    found = shutil.which(program, path=str(Path(sys.executable).parent))
    if found is None:
        pytest.skip(f"{program} is not installed beside this Python: pip install --group dev")
    done = subprocess.run(
        [found, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode:
        tail = (done.stdout + done.stderr).strip().splitlines()[-40:]
        pytest.fail("\n".join([f"{' '.join(TOOLS[name])}:", *tail]), pytrace=False)


def test_hooks_call_the_commands_of_make_check():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = re.search(r"^check:.*\n((?:\t.*\n)+)", makefile, re.M)
    assert recipe is not None
    checks = [line.strip().removeprefix("$(BIN)/") for line in recipe[1].splitlines()]
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    entries = re.findall(r"entry: \.venv/bin/(.*)", hooks)
    assert entries[:-1] == checks[:-1] == [" ".join(words) for words in TOOLS.values()]
    assert checks[-1].startswith(entries[-1])  # pytest
