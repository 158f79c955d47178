"""How far a long run is: orders done, rate and time left, on a terminal, after one second."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xborder_cli.cli.streams import Streams


class Progress:
    """One line on standard error, written over and taken away at the end."""

    def __init__(self, streams: Streams, total: int | None) -> None:
        """Count from now; `total` is the bytes of the input, None when nobody knows."""
        self.clock = time.monotonic
        self.streams = streams
        self.total = total
        self.started = self.clock()
        self.first: int | None = None  # orders that an earlier run had done
        self.shown = False

    def step(self, orders: int, past: int) -> None:
        """Show where the run stands.

        Args:
            orders: done so far.
            past: bytes of the input that have been read.
        """
        if self.first is None:
            self.first = orders
        took = self.clock() - self.started
        if took < 1 or self.streams.quiet or not self.streams.err.isatty():
            return
        words = f"{orders:,} orders, {(orders - self.first) / took:,.0f} a second"
        if self.total and past:
            share = min(1.0, past / self.total)
            left = took * (1 - share) / share
            words += f", {share:.0%} read, {left:,.0f} s left"
        self.shown = True
        self.streams.err.write(f"\r{words}\x1b[K")
        self.streams.err.flush()

    def end(self) -> None:
        """Take the line away."""
        if self.shown:
            self.streams.err.write("\r\x1b[K")
