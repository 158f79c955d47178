"""Workers: small blocks are priced here, big ones by processes, answers come in order."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Final

from xborder_cli.errors import Problem, XbError

if TYPE_CHECKING:
    from collections.abc import Callable

    from xborder_cli.batch.job import Done, Job, Task
    from xborder_cli.batch.worker import Worker

WORTH_A_PROCESS: Final = 20_000  # rows; fewer are priced before a process has started
WORTH_EXPECTING: Final = 6 << 20  # bytes of input
# the process that cleans up after a killed run does so, and need not speak of it: `| head` kills
QUIET: Final = "ignore:resource_tracker:UserWarning"

_worker: Worker | None = None  # of this process, when it is one of the pool's
_failed: XbError | None = None  # why there is none


class Pool:
    """Prices tasks in this process, and in others once a block is worth them."""

    def __init__(self, job: Job, here: Worker, workers: int) -> None:
        """Start nothing yet."""
        self.job = job
        self.here = here
        self.workers = workers
        self._processes: ProcessPoolExecutor | None = None

    def expect(self, size: int) -> None:
        """Start the processes beforehand for so many bytes of input, when they will be wanted."""
        if self.workers > 1 and size >= WORTH_EXPECTING:
            self._started().submit(_ready)

    def submit(self, task: Task) -> Callable[[], Done]:
        """Return what gives the task's answer when it is called: at once, or after waiting."""
        if self._processes is None and (self.workers < 2 or task.block.rows < WORTH_A_PROCESS):
            return lambda: self.here.work(task)
        waiting = self._started().submit(_work, task)

        def answer() -> Done:
            try:
                return waiting.result()
            except BrokenProcessPool:
                raise XbError(_KILLED) from None

        return answer

    def _started(self) -> ProcessPoolExecutor:
        if self._processes is None:
            if QUIET not in sys.warnoptions:
                sys.warnoptions.append(QUIET)
            self._processes = ProcessPoolExecutor(
                self.workers,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_begin,
                initargs=(self.job,),
            )
        return self._processes

    def close(self) -> None:
        """Let the processes go, whatever they are at."""
        if self._processes is not None:
            running = list((self._processes._processes or {}).values())
            self._processes.shutdown(wait=False, cancel_futures=True)
            for process in running:
                process.terminate()
            self._processes = None


_KILLED: Final = Problem(
    code="worker-killed",
    what="a worker process was killed, perhaps for want of memory",
    fix="try --workers 1 or a smaller --block-size",
)


def _begin(job: Job) -> None:
    """Get ready in a process of the pool; it leaves when the run that started it is gone."""
    global _worker, _failed
    from xborder_cli.batch.memory import give_back
    from xborder_cli.batch.worker import opened

    give_back()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run that started it hears it too
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    try:
        _worker = opened(job)
    except XbError as error:  # raised here it would only tell that a process has gone
        _failed = error


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _ready() -> None:
    """Do nothing: a process that can do so has begun."""


def _work(task: Task) -> Done:
    if _failed is not None:
        raise _failed
    assert _worker is not None, "a process of the pool begins before it works"
    return _worker.work(task)
