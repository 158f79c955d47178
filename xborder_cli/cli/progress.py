"""How far a long run is: rows done, rate and time left, on a terminal, after one second."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xborder_cli.cli.streams import Streams


class Progress:
    """One line on standard error, written over and taken away at the end."""

    def __init__(self, streams: Streams, total: int) -> None:
        """Count from now to a number of rows."""
        self.clock = time.monotonic
        self.streams = streams
        self.total = total
        self.done = 0
        self.started = self.clock()
        self.shown = False

    def step(self, rows: int) -> None:
        """Count rows, and show where the run stands."""
        self.done += rows
        past = self.clock() - self.started
        if past < 1 or self.streams.quiet or not self.streams.err.isatty() or not self.done:
            return
        rate = self.done / past
        left = (self.total - self.done) / rate
        self.shown = True
        self.streams.err.write(
            f"\r{self.done:,} of {self.total:,} rows,"
            f" {rate:,.0f} a second, {left:,.0f} s left\x1b[K"
        )
        self.streams.err.flush()

    def end(self) -> None:
        """Take the line away."""
        if self.shown:
            self.streams.err.write("\r\x1b[K")
