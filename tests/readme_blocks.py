"""Console blocks of the pages, made by running them: `python -m tests.readme_blocks`, `make docs`.

A block is fenced as `console`; what follows `$ ` is run in the root of the repository, as on a
terminal of 80 columns without colour, and what it prints stands below. `make quote` is priced as on
a fixed day, for a page cannot print today's. Blocks that need a program which is missing are kept.
`--with-tests` runs `make test` as well and writes its last line into the README, if all passed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", ROOT / "docs" / "how-a-price-comes-about.md")
DAY = "2026-10-30"  # the exchange rates of a day that is past stay what they are
BLOCK = re.compile(r"(?<=^```console\n)(.*?)(?=^```$)", re.M | re.S)
TOOLS = ("jq",)


def fresh(page: str) -> str:
    """Return the text of a page with every console block made anew."""
    with TemporaryDirectory() as cache:
        return BLOCK.sub(lambda found: _block(found[0], cache), page)


def _block(block: str, cache: str) -> str:
    parts: list[str] = []
    for command, printed in _commands(block):
        parts.append(f"$ {command}\n")
        parts.append(printed if missing_tools(command) else _run(command, cache))
    return "".join(parts)


def _commands(block: str) -> list[tuple[str, str]]:
    """Return the commands of a block, lines that end in a backslash joined, and what they print."""
    found = re.findall(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", block, re.M)
    return [(command, printed) for command, printed in found]


def missing_tools(text: str) -> list[str]:
    """Return the programs that a text runs and that are not there."""
    return [tool for tool in TOOLS if re.search(rf"\b{tool}\b", text) and not shutil.which(tool)]


def _run(command: str, cache: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XB_")}
    surroundings = {
        **kept,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "80",
        "NO_COLOR": "1",
        "XB_CACHE": cache,
        "XB_CONFIG": "",
    }
    if "|" not in command:
        surroundings["XB_FORMAT"] = "table"  # what a terminal gets
    shown = ""
    if command == "make quote":
        shown = recipe("quote") + "\n"
        command = recipe("quote").replace(".venv/bin/", "") + f" --on {DAY}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=ROOT,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
        check=False,
    )
    printed = done.stdout.decode()
    return shown + "".join(line.rstrip() + "\n" for line in printed.splitlines())


def recipe(target: str) -> str:
    """Return the one line that the Makefile runs for a target, as make prints it."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    (line,) = re.findall(rf"^{target}:.*\n\t(.*)$", text, re.M)
    return line.replace("$(BIN)", ".venv/bin")


def record_tests() -> int:
    """Run `make test` and keep its last line in the README; a failure is shown and not kept."""
    done = subprocess.run(["make", "test"], cwd=ROOT, capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        print(done.stdout[-4000:] + done.stderr[-4000:], file=sys.stderr)
        return 1
    page = PAGES[0].read_text(encoding="utf-8")
    shown = f"$ make test\n{recipe('test')}\n{lines[-1]}\n"
    page = re.sub(r"(?<=^```text\n)\$ make test\n(?:.*\n)*?(?=^```$)", shown, page, flags=re.M)
    PAGES[0].write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    for path in PAGES:
        path.write_text(fresh(path.read_text(encoding="utf-8")), encoding="utf-8")
    if "--with-tests" in sys.argv[1:]:
        sys.exit(record_tests())
