"""Each folder beside this file is a recorded command: cmd, stdout, stderr, code.

`cmd` holds one command line: `NAME=VALUE ... xb ARGUMENTS [< FILE]`. A blank at the end of a line
and a backslash go on in the next. It runs in its folder. `pytest --update` records what it prints;
`git diff` is the review. Files that it writes are compared with those under `expected/`.
"""

from __future__ import annotations

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
    written = {p.name: p.read_text() for p in folder.iterdir() if p.name not in given}
    assert "[bug]" not in ran.stderr, ran.stderr
    if request.config.getoption("--update"):
        for name, text in found.items():
            (case / name).write_text(text)
        shutil.rmtree(case / "expected", ignore_errors=True)
        for name, text in written.items():
            (case / "expected").mkdir(exist_ok=True)
            (case / "expected" / name).write_text(text)
        return
    assert found == {
        name: (case / name).read_text() if (case / name).exists() else "" for name in found
    }
    expected = case / "expected"
    wanted = {p.name: p.read_text() for p in expected.iterdir()} if expected.exists() else {}
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
    return text.replace(str(folder), "")
