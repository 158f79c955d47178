"""A command measured from outside: seconds, processor time, memory of all its processes."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

EVERY = 0.1  # seconds between looks at memory


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took."""

    seconds: float  # by the clock
    processor: float  # seconds, of all its processes
    megabytes: float  # most memory held at once by the process and its children; shared pages once
    said: str = ""  # its last line


def run(command: Sequence[str], *, fine: tuple[int, ...] = (0,)) -> Cost:
    """Run a command to its end.

    Raises:
        RuntimeError: it failed.
    """
    environment = {
        key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"
    }
    before = os.times()
    begin = time.perf_counter()
    process = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    watch = _Watch(process.pid)
    out, err = process.communicate()
    seconds = time.perf_counter() - begin
    megabytes = watch.stop()
    if process.returncode not in fine:
        raise RuntimeError(f"{' '.join(command[:6])} ...: {process.returncode}\n{err[-2000:]}")
    after = os.times()
    used = (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )
    last = out.strip().splitlines()
    return Cost(seconds, used, megabytes, last[-1] if last else "")


def python(*words: str) -> list[str]:
    """Return a command of this interpreter."""
    return [sys.executable, *words]


class _Watch:
    """Looks at the memory of a process and its children, again and again."""

    def __init__(self, pid: int) -> None:
        self.process = psutil.Process(pid)
        self.most = 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._look, daemon=True)
        self.thread.start()

    def _look(self) -> None:
        while not self.ended.wait(EVERY):
            try:
                family = [self.process, *self.process.children(recursive=True)]
                self.most = max(self.most, sum(_held(one) for one in family))
            except psutil.Error:
                continue

    def stop(self) -> float:
        """Return the most megabytes seen."""
        self.ended.set()
        self.thread.join()
        return self.most / 2**20


def _held(process: psutil.Process) -> int:
    """Return the memory of a process, its share of what it has in common with others."""
    try:
        found = process.memory_full_info()
    except psutil.Error:
        return 0
    return getattr(found, "pss", 0) or found.rss


def by_turns(
    runs: dict[str, Callable[[], Cost]], times: int, *, may_fail: tuple[str, ...] = ()
) -> dict[str, Cost]:
    """Return the median of several runs of each, one after the other in turns.

    Args:
        runs: by name.
        times: of each.
        may_fail: runs that are left out of what is returned, and not tried again, when they fail.

    Raises:
        RuntimeError: another one failed.
    """
    found: dict[str, list[Cost]] = {name: [] for name in runs}
    for _ in range(times):
        for name in tuple(found):
            try:
                found[name].append(runs[name]())
            except RuntimeError:
                if name not in may_fail:
                    raise
                del found[name]
    return {
        name: Cost(
            statistics.median(c.seconds for c in costs),
            statistics.median(c.processor for c in costs),
            max(c.megabytes for c in costs),
            costs[-1].said,
        )
        for name, costs in found.items()
    }
