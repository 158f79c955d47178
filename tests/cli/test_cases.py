"""Each folder beside this file is a recorded command: cmd, stdout, stderr, code.

`cmd` holds one command line: `NAME=VALUE ... xb ARGUMENTS [< FILE]`. A blank at the end of a line
and a backslash go on in the next. It runs in its folder. `pytest --update` records what it prints;
`git diff` is the review. Files that it writes are compared with those under `expected/`.
"""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/cmd"))
SMALL_WORLD = ["--no-bundled", "--rates", "../tables"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, request: pytest.FixtureRequest, tmp_path: Path, xb) -> None:
    folder = tmp_path / case.name
    shutil.copytree(case, folder)
    shutil.copytree(HERE / "tables", tmp_path / "tables")
    env, argv, stdin = _command((case / "cmd").read_text())
    ran = xb(
        argv,
        stdin=(folder / stdin).read_bytes() if stdin else b"",
        folder=folder,
        env=env,
        terminal=env.get("TERMINAL") == "yes",
    )
    found = {
        "stdout": _neutral(ran.stdout, tmp_path),
        "stderr": _neutral(ran.stderr, tmp_path),
        "code": f"{ran.code}\n",
    }
    given = {path.name for path in case.iterdir()}
    written = {
        p.name: _neutral(_text(p), tmp_path) for p in folder.iterdir() if p.name not in given
    }
    assert "[bug]" not in ran.stderr, ran.stderr
    if request.config.getoption("--update"):
        for name, text in found.items():
            (case / name).write_bytes(text.encode())
        shutil.rmtree(case / "expected", ignore_errors=True)
        for name, text in written.items():
            (case / "expected").mkdir(exist_ok=True)
            (case / "expected" / name).write_bytes(text.encode())
        return
    assert found == {name: _text(case / name) if (case / name).exists() else "" for name in found}
    expected = case / "expected"
    wanted = {p.name: _text(p) for p in expected.iterdir()} if expected.exists() else {}
    assert written == wanted


def _command(text: str) -> tuple[dict[str, str], list[str], str]:
    """Return environment, arguments and the file on stdin."""
    words = shlex.split(text.replace("\\\n", " "), comments=True)
    start = words.index("xb")
    env = dict(word.split("=", 1) for word in words[:start])
    argv, stdin = words[start + 1 :], ""
    if "<" in argv:
        at = argv.index("<")
        stdin, argv = argv[at + 1], argv[:at]
    # the word WORLD stands for the small world's tables
    found = []
    for word in argv:
        found += SMALL_WORLD if word == "WORLD" else [word]
    return env, found, stdin


def _neutral(text: str, folder: Path) -> str:
    """Return a text without what differs from run to run: where it ran, and how long."""
    return re.sub(r'"seconds": [\d.]+', '"seconds": 0', text.replace(str(folder), ""))


def _text(path: Path) -> str:
    """Return a file's text with its own ends of lines."""
    return path.read_bytes().decode()
