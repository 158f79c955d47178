"""A run over files of orders: blocks are read, priced and written in order, and every row counted.

A thread reads ahead; this one waits for answers in the order of the blocks and writes them. Two
blocks more than there are workers are held at once, whatever the size of the input.
"""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from xborder_cli.batch.job import Task
from xborder_cli.batch.pool import Pool
from xborder_cli.batch.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from xborder_cli.batch.block import Block
    from xborder_cli.batch.headings import Meanings
    from xborder_cli.batch.job import Done, Job
    from xborder_cli.batch.outfile import Output
    from xborder_cli.batch.source import Source
    from xborder_cli.batch.worker import Worker

AHEAD: Final = 1  # blocks read beyond those that are being priced
Rejected = tuple[str, str, str, str, str, str]  # line, column, code, words, raw row, file


@dataclass(frozen=True, slots=True)
class Input:
    """An input that is open, and what its headings mean."""

    source: Source
    meanings: Meanings


@dataclass(slots=True)
class Reached:
    """How far a run is: what it needs to go on from there."""

    input: int = 0  # the input that is being read
    orders_in_input: int = 0  # of that one
    tally: Tally = field(default_factory=Tally)


@dataclass(frozen=True, slots=True)
class _Read:
    """A block that was read, and what gives its answer."""

    input: int
    block: Block
    raw: Callable[[int], str]
    answer: Callable[[], Done]


def run(
    job: Job,
    inputs: Sequence[Input],
    output: Output,
    here: Worker,
    *,
    workers: int,
    block_bytes: int,
    reached: Reached | None = None,
    tell: Callable[[Reached, Sequence[Rejected]], None] = lambda reached, rejected: None,
) -> Tally:
    """Price every order of the inputs, in their order; return what became of every row.

    Args:
        job: what is asked of each order.
        inputs: open, their headings understood.
        output: takes the bytes of each block, and its rejected rows.
        here: prices small blocks in this process.
        workers: processes for large ones.
        block_bytes: of input, read at a time.
        reached: where an earlier run stopped.
        tell: called after each block, with the faults found in it.

    Raises:
        OrderError: an input ends in the middle; what stands before it has been written.
    """
    reached = reached or Reached()
    pool = Pool(job, here, workers)
    pool.expect(sum(one.source.size or 0 for one in inputs))
    reader = _Reader(inputs, pool, block_bytes, reached)
    try:
        for one in reader.blocks():
            done = one.answer()
            if one.input != reached.input:
                reached.input, reached.orders_in_input = one.input, 0
            reached.orders_in_input += one.block.orders
            reached.tally = reached.tally + done.tally
            rejected = list(_rejected(one, done)) if done.rejects else []
            output.write(done.output, rejected, state_of(reached))
            reader.release()
            tell(reached, rejected)
    finally:
        reader.stop()
        pool.close()
    reached.tally.check()
    return reached.tally


def state_of(reached: Reached) -> dict[str, object]:
    """Return how far a run is, as the journal keeps it."""
    return {
        "input": reached.input,
        "orders_in_input": reached.orders_in_input,
        "tally": reached.tally.to_json(),
    }


def reached_of(state: dict[str, object]) -> Reached:
    """Return what `state_of` wrote."""
    number, orders = state["input"], state["orders_in_input"]
    assert isinstance(number, int) and isinstance(orders, int)
    return Reached(number, orders, Tally.from_json(state["tally"]))


def _rejected(one: _Read, done: Done) -> Iterator[Rejected]:
    """Yield line, column, code, words, raw row and file of every fault."""
    block = one.block
    for reject in done.rejects:
        yield (
            str(int(block.line[reject.row])),
            reject.column,
            reject.code,
            reject.words,
            one.raw(reject.row),
            block.path,
        )


class _Reader:
    """Reads blocks ahead in a thread of its own, never more than are soon wanted."""

    def __init__(
        self, inputs: Sequence[Input], pool: Pool, block_bytes: int, reached: Reached
    ) -> None:
        self.inputs = inputs
        self.pool = pool
        self.block_bytes = block_bytes
        self.keep = frozenset(pool.job.keep)
        self.first, self.skip = reached.input, reached.orders_in_input
        self.number = reached.tally.orders + 1  # of the next order of the whole run
        self.ready: queue.SimpleQueue[_Read | BaseException | None] = queue.SimpleQueue()
        self.slots = threading.Semaphore(pool.workers + AHEAD)
        self.stopped = False

    def blocks(self) -> Iterator[_Read]:
        """Yield what was read, in order; raise here what the thread met."""
        threading.Thread(target=self._read, daemon=True).start()
        while (found := self.ready.get()) is not None:
            if isinstance(found, BaseException):
                raise found
            yield found

    def release(self) -> None:
        """Let another block be read."""
        self.slots.release()

    def stop(self) -> None:
        """Read no more; a thread that waits for a pipe is left to the end of the process."""
        self.stopped = True
        self.slots.release()

    def _read(self) -> None:
        try:
            for number in range(self.first, len(self.inputs)):
                self._read_one(number, self.skip if number == self.first else 0)
        except BaseException as error:
            self.ready.put(error)
        else:
            self.ready.put(None)

    def _read_one(self, number: int, skip: int) -> None:
        source, meanings = self.inputs[number].source, self.inputs[number].meanings
        blocks = source.blocks(
            order_id=meanings.order_id,
            wanted=lambda heading: meanings.wanted(heading) or heading in self.keep,
            items=meanings.items,
            block_bytes=self.block_bytes,
            skip_orders=skip,
            first_number=self.number,
        )
        while True:
            self.slots.acquire()
            if self.stopped:
                return
            block = next(blocks, None)
            if block is None:
                self.slots.release()
                return
            self.number += block.orders
            answer = self.pool.submit(Task(number, meanings, block))
            self.ready.put(_Read(number, block, source.raw(block), answer))
