"""Runs `xb` inside the test process: the same program, without the start of a new one."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ran:
    """What a run of the program left."""

    code: int
    stdout: str
    stderr: str


class _Stream(io.TextIOWrapper):
    """Text over bytes, which may say that it is a terminal."""

    def __init__(self, raw: bytes = b"", terminal: bool = False) -> None:
        super().__init__(io.BytesIO(raw), encoding="utf-8", newline="\n")
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def text(self) -> str:
        self.flush()
        return self.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]


def run(
    argv: list[str],
    *,
    stdin: bytes = b"",
    folder: Path | None = None,
    env: dict[str, str] | None = None,
    terminal: bool = False,
) -> Ran:
    """Return what `xb ARGV` does in a folder."""
    from xborder_cli.cli.app import run as program

    out, err = _Stream(terminal=terminal), _Stream(terminal=terminal)
    kept_streams = sys.stdin, sys.stdout, sys.stderr
    kept_env, kept_folder = dict(os.environ), Path.cwd()
    try:
        sys.stdin, sys.stdout, sys.stderr = _Stream(stdin), out, err
        os.environ.update(env or {})
        if folder:
            os.chdir(folder)
        code = program(argv)
    finally:
        sys.stdin, sys.stdout, sys.stderr = kept_streams
        os.environ.clear()
        os.environ.update(kept_env)
        os.chdir(kept_folder)
    with contextlib.suppress(ValueError):
        return Ran(int(code), out.text(), err.text())
    raise AssertionError("the program closed its output")
