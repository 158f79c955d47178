"""What every block of a run is asked, and what comes back for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from xborder_cli.adapters.stated import Stated
    from xborder_cli.batch.block import Block, Reject
    from xborder_cli.batch.catalogue import Catalogue
    from xborder_cli.batch.headings import Meanings
    from xborder_cli.batch.tally import Tally
    from xborder_cli.core.rule import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The same for the whole run; sent to each worker process once."""

    folders: Sequence[Path]  # of tables
    digest: str  # of those tables: a worker that finds others must not go on
    defaults: Stated  # what holds where a row says nothing
    today: int  # the day of orders that name none, since 1970-01-01
    currency: str = ""  # of the answers; each order's own when ""
    by: str = "cost"
    day_value: Money | None = None
    top: int | None = 1  # options an order; None is all
    kind: str = "csv"  # csv, jsonl, parquet, or rows (a table for a terminal)
    fields: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()  # columns of the input carried through
    for_excel: bool = False
    catalogue: Catalogue | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """Some whole orders to price."""

    input: int  # which of the inputs
    meanings: Meanings
    block: Block


@dataclass(frozen=True, slots=True)
class Done:
    """Those orders priced."""

    output: bytes  # in the format of the run
    rejects: tuple[Reject, ...]  # by row of the block
    tally: Tally
