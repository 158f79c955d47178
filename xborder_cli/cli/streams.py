"""Standard output and error: which is a terminal, how wide, in colour or not, how talkative."""

from __future__ import annotations

import io
import os
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TextIO, cast

from xborder_cli.cli.no_reader import Answers, Nowhere, OutputError


@dataclass(kw_only=True)
class Streams:
    """Where data and words go; each stream may be a terminal without the other."""

    out: TextIO = field(default_factory=lambda: sys.stdout)
    err: TextIO = field(default_factory=lambda: sys.stderr)
    quiet: bool = False
    verbose: bool = False
    no_color: bool = False
    started: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        """Write UTF-8 and bare newlines, whatever the machine's habit is."""
        for stream in (self.out, self.err):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(encoding="utf-8", errors="surrogateescape", newline="\n")
        out, err = cast("TextIO | None", self.out), cast("TextIO | None", self.err)
        # Python sets what the caller closed to None; typer writes the help to it by itself
        if not isinstance(out, Answers):
            self.out = cast("TextIO", Answers(out))
            if out is sys.stdout:
                sys.stdout = self.out
        if err is None:
            self.err = sys.stderr = cast("TextIO", Nowhere())
        if cast("TextIO | None", sys.stdin) is None:
            sys.stdin = io.StringIO()

    @property
    def on_terminal(self) -> bool:
        """Tell whether data goes to a person."""
        return self.out.isatty()

    @property
    def width(self) -> int:
        """Return the columns of the terminal; COLUMNS wins, 80 when nobody says."""
        import shutil

        return shutil.get_terminal_size((80, 24)).columns

    def colour(self, stream: TextIO) -> bool:
        """Tell whether a stream takes colour: a terminal, and nobody objected."""
        return (
            stream.isatty()
            and not self.no_color
            and not os.environ.get("NO_COLOR")
            and os.environ.get("TERM") != "dumb"
        )

    def data(self, text: str) -> None:
        """Write an answer."""
        self.out.write(text)

    def say(self, text: str) -> None:
        """Write a remark for a person; -q keeps it back."""
        if not self.quiet:
            self.warn(text)

    def detail(self, text: str) -> None:
        """Write what only -v asks for, with the time since the start."""
        if self.verbose:
            self.warn(f"[{time.monotonic() - self.started:6.3f} s] {text}")

    def warn(self, text: str) -> None:
        """Write what even -q lets through, below what was answered so far."""
        with suppress(OutputError):  # told when the answer is complete
            self.out.flush()
        self.err.write(text + "\n")

    def discard(self) -> None:
        """Drop the rest of an answer that could not be written."""
        if isinstance(self.out, Answers):
            self.out.discard()
