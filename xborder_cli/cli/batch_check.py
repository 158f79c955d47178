"""`xb batch --check`: what each column is taken for, what is missing, and three orders priced."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from xborder_cli.cli.output import write_rows
from xborder_cli.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.batch.check import Check, ColumnCheck
    from xborder_cli.batch.headings import Meaning
    from xborder_cli.batch.job import Job
    from xborder_cli.batch.run import Input
    from xborder_cli.cli.render.rows import Row
    from xborder_cli.cli.session import Session
    from xborder_cli.tables.compile import Compiled

BLOCK: Final = 4 << 20  # bytes that are looked at
WHOLE: Final = 3  # rows shown that cannot be read at all
WIDE: Final = 24  # of a sample or a heading, on a terminal
FIELDS: Final = ("column", "means", "why", "filled", "unreadable", "samples")
PRICED: Final = ("order_id", "service", "freight", "duty", "tax", "fees", "total", "currency")
WHY: Final = {
    "map": "--map",
    "preset": "--preset",
    "ours": "its name",
    "unit": "its name, with a unit",
    "alias": "a usual name",
}


def show_check(inputs: Sequence[Input], job: Job, tables: Compiled, session: Session) -> None:
    """Print what was understood of the head of each input; status 1 when something is wrong."""
    for number, one in enumerate(inputs):
        if number:
            session.streams.data("\n")
        if _show(one, job, tables, session):
            session.status = ExitCode.PARTLY


def _show(one: Input, job: Job, tables: Compiled, session: Session) -> bool:
    """Print one input; tell whether something is wrong with it."""
    from xborder_cli.batch.check import checked
    from xborder_cli.batch.understand import Understanding
    from xborder_cli.cli.problems import show

    source, meanings = one.source, one.meanings
    blocks = source.blocks(
        order_id=meanings.order_id,
        wanted=lambda heading: True,
        items=meanings.items,
        block_bytes=BLOCK,
    )
    block = next(blocks)
    reader = Understanding(
        meanings,
        job.defaults,
        tables,
        today=job.today,
        currency=job.currency,
        catalogue=job.catalogue,
    )
    found = checked(block, meanings, reader, job.defaults)
    streams = session.streams
    part = "" if next(blocks, None) is None else "the first "
    streams.data(
        f"{source.path}: {source.kind}, {part}{found.rows:,} rows; {found.orders:,} orders,"
        f" {found.readable:,} of them readable\n\n"
    )
    person = session.streams.on_terminal
    write_rows([_row(one, short=person) for one in found.columns], FIELDS, "table", streams)
    faults = [(one.meaning.heading, one.first) for one in found.columns if one.first]
    faults += [("", fault) for fault in found.whole_rows[:WHOLE]]
    if faults:
        streams.data("\nThe first cells that cannot be read:\n")
    for column, fault in sorted(faults, key=lambda pair: pair[1].line):
        place = f"{column}: " if column else ""
        streams.data(f"line {fault.line}: {place}{fault.words} [{fault.code}]\n")
    if found.preset:
        from xborder_cli.batch.presets import presets

        streams.data(f"\nThe columns are those of a known export: --preset {found.preset}\n")
        streams.data("".join(f"note: {note}\n" for note in presets()[found.preset].notes))
    show(found.missing, streams)
    if found.sample is not None and not found.missing:
        streams.data("\n")
        _show_priced(one, found, job, tables, session)
    return bool(found.missing) or found.readable < found.orders


def _row(one: ColumnCheck, *, short: bool) -> Row:
    cut = _cut if short else str
    return {
        "column": cut(one.meaning.heading),
        "means": _means(one.meaning),
        "why": WHY.get(one.meaning.why, ""),
        "filled": f"{one.filled / one.rows:.0%}" if one.rows else "",
        "unreadable": f"{one.unreadable:,}" if one.unreadable else "",
        "samples": " | ".join(cut(text) for text in one.samples),
    }


def _means(meaning: Meaning) -> str:
    if meaning.ours:
        return f"{meaning.ours} in {meaning.unit}" if meaning.unit else meaning.ours
    return f"not used: another column is {meaning.known}" if meaning.known else "not used"


def _cut(text: str) -> str:
    """Return a text that fits a column of a terminal; what was cut is marked."""
    plain = " ".join(text.split())
    return plain if len(plain) <= WIDE else plain[: WIDE - 1] + "…"


def _show_priced(one: Input, found: Check, job: Job, tables: Compiled, session: Session) -> None:
    """Print what the first orders cost."""
    import json

    from xborder_cli.batch.job import Task
    from xborder_cli.batch.worker import Worker

    assert found.sample is not None, "asked for only when there is one"
    fields = (*PRICED, "problem", "reason")
    asked = replace(job, kind="jsonl", fields=fields, keep=(), top=1)
    done = Worker(asked, tables).work(Task(0, one.meanings, found.sample))
    rows = [json.loads(line) for line in done.output.decode().splitlines()]
    texts = [{name: str(row[name] or "") for name in fields} for row in rows]
    shown = fields if any(row["problem"] for row in texts) else PRICED
    write_rows(texts, shown, "table", session.streams)
