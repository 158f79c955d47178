"""One block priced: a pure function of its rows, the tables and what the run asks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xborder_cli.batch.alike_blocks import Numbering
from xborder_cli.batch.answer import answer_table
from xborder_cli.batch.encode import encoded
from xborder_cli.batch.job import Done, Job, Task
from xborder_cli.batch.stale import stale_orders
from xborder_cli.batch.tally import tally_of
from xborder_cli.batch.understand import Understanding
from xborder_cli.core.best import options_of

if TYPE_CHECKING:
    from xborder_cli.batch.headings import Meanings
    from xborder_cli.batch.orders import OrderGroup
    from xborder_cli.core.picked import Picked
    from xborder_cli.tables.compile import Compiled

# what a field of the output is made of, where that is not a column of its own name
MADE_OF = {
    "landed_cost": ("total", "recoverable"),
    "chargeable_weight_kg": ("chargeable_mg",),
    "order_id": (),
    "currency": (),
    "problem": (),
    "reason": (),
}
COUNTED = ("rank", "mode", "total", "recoverable", "complete")  # what the summary adds up


class Worker:
    """Prices blocks; what it has learnt of tables and texts serves the next one."""

    def __init__(self, job: Job, tables: Compiled) -> None:
        """Keep what the whole run shares."""
        self.job = job
        self.tables = tables
        self.wanted = frozenset(
            column for field in job.fields for column in MADE_OF.get(field, (field,))
        ).union(COUNTED)
        self._numbering = Numbering()
        self._readers: dict[int, tuple[Meanings, Understanding]] = {}

    def work(self, task: Task) -> Done:
        """Return what the orders of a block cost, as bytes, and what kept others out."""
        job, block = self.job, task.block
        orders = self._reader(task).read(block)
        self._numbering.learn(group.parcels for group in orders.groups)
        picked = [self._picked(group) for group in orders.groups]
        stale = sum(stale_orders(self.tables, group) for group in orders.groups)
        tally = tally_of(block, orders, picked, digits=self.tables.digits, stale=stale)
        rejects = tuple(sorted(orders.rejects, key=lambda one: one.row))
        table = answer_table(
            block, orders, picked, fields=job.fields, keep=job.keep, digits=self.tables.digits
        )
        del orders, picked  # the bytes to come are as large
        return Done(encoded(table, job.kind, for_excel=job.for_excel), rejects, tally)

    def _reader(self, task: Task) -> Understanding:
        """Return what reads the cells of an input; its headings may grow on the way."""
        found = self._readers.get(task.input)
        if found is None or found[0] != task.meanings:
            job = self.job
            reader = Understanding(
                task.meanings,
                job.defaults,
                self.tables,
                today=job.today,
                currency=job.currency,
                catalogue=job.catalogue,
            )
            found = self._readers[task.input] = (task.meanings, reader)
        return found[1]

    def _picked(self, group: OrderGroup) -> Picked:
        job = self.job
        return options_of(
            self.tables,
            self._numbering.renumbered(group.parcels),
            currency=group.currency,
            by=job.by,
            day_value=job.day_value if job.by == "value" else None,
            top=job.top,
            wanted=self.wanted,
            lot_assumed=group.lot_assumed,
            storage_assumed=group.storage_assumed,
        )


def opened(job: Job) -> Worker:
    """Return a worker on the job's tables.

    Raises:
        TableError: they have changed since the run began.
    """
    from xborder_cli.errors import Problem, TableError
    from xborder_cli.tables.compile import open_tables

    tables = open_tables(job.folders)
    if tables.digest != job.digest:
        what = f"the tables changed while the run was going on: {job.digest}, now {tables.digest}"
        raise TableError(Problem(code="tables-changed", what=what, fix="start the run again"))
    return Worker(replace(job), tables)
