"""What `xb batch` does once its flags are read: open, understand, price, write, tell."""

from __future__ import annotations

import io
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from xborder_cli import __version__
from xborder_cli.adapters.stated import Stated
from xborder_cli.cli import batch_flags, batch_open
from xborder_cli.errors import ExitCode, OrderError, Problem, TableError, UsageError, Where

if TYPE_CHECKING:
    from collections.abc import Sequence

    import typer

    from xborder_cli.batch.catalogue import Catalogue
    from xborder_cli.batch.job import Job
    from xborder_cli.batch.outfile import Output
    from xborder_cli.batch.run import Input, Reached, Rejected
    from xborder_cli.batch.tally import Tally
    from xborder_cli.cli.batch import ReadFlags, RunFlags, WriteFlags
    from xborder_cli.cli.flags import OutputFlags, TableFlags
    from xborder_cli.cli.session import Session
    from xborder_cli.cli.streams import Streams
    from xborder_cli.tables.compile import Compiled

TOLD: Final = 5  # faults shown when no file keeps them
MANY: Final = 16  # options an order has, about, when all are asked for
LONG: Final = 1000  # orders from which it matters how long they took


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The command line."""

    files: tuple[str, ...]
    shipment: Stated
    reading: ReadFlags
    writing: WriteFlags
    running: RunFlags
    output: OutputFlags
    tables: TableFlags
    currency: str
    by: str
    day_value: str
    top: str
    everything: bool


def price_files(ctx: typer.Context, asked: Asked) -> None:
    """Do what the command line asks."""
    from xborder_cli.cli.session import today

    session: Session = ctx.obj
    if asked.writing.out == "-":  # as for the input
        asked = replace(asked, writing=replace(asked.writing, out=""))
    writing, running = asked.writing, asked.running
    kind, fields = _format(asked, session)
    _judge_files(asked)
    batch_flags.judge_report(writing.report)
    workers = batch_flags.workers_of(running.workers)
    block_bytes = batch_flags.block_bytes_of(running.block_size)
    preset = batch_open.preset_of(asked.reading)
    paths = batch_open.paths_of(ctx, asked.files)
    if running.resume and ("-" in paths or not writing.out):
        what = "only a run from files into a file can go on where it stopped"
        fix = "name the input, and --out FILE"
        raise UsageError(Problem(code="cannot-resume", where=Where("--resume"), what=what, fix=fix))
    tables = session.open_tables(asked.tables)
    batch_flags.judge_tables(tables)
    batch_flags.judge_shipment(asked.shipment, tables, today())
    mapped = batch_flags.mapped_of(asked.reading.maps, tables.digits)
    catalogue = batch_open.catalogue_of(asked.reading, tables, session)
    with ExitStack() as stack:
        inputs = batch_open.inputs_of(
            paths, asked, tables, mapped, preset, catalogue, stack, session
        )
        job = _job(asked, session, tables, inputs, kind, fields, catalogue)
        if running.check:
            from xborder_cli.cli.batch_check import show_check

            show_check(inputs, job, tables, session)
            return
        ran = _priced(job, inputs, asked, session, tables, workers, block_bytes)
        _tell(inputs, ran, job, asked, session)
    if ran.tally.rejected or ran.tally.unpriceable:
        session.status = ExitCode.PARTLY


def _format(asked: Asked, session: Session) -> tuple[str, tuple[str, ...]]:
    from xborder_cli.cli.output import fields_of, format_of
    from xborder_cli.cli.render.rows import ORDER_FIELDS

    default = batch_flags.default_format(asked.writing.out)
    kind = format_of(asked.output, session.streams, batch_flags.FORMATS, default)
    if asked.writing.for_excel and kind != "csv":
        what, fix = f"{kind} is not what a spreadsheet opens", "leave out --for-excel, or write CSV"
        where = Where("--for-excel")
        raise UsageError(Problem(code="bad-format", where=where, what=what, fix=fix))
    return kind, fields_of(asked.output, ORDER_FIELDS)


def _judge_files(asked: Asked) -> None:
    writing = asked.writing
    if writing.rejects == "-":
        what, fix = "stdout is for the priced orders", "name a file"
        raise UsageError(Problem(code="needs-a-file", where=Where("--rejects"), what=what, fix=fix))
    batch_flags.judge_files(
        [
            *(("FILE", path) for path in asked.files),
            ("--catalog", asked.reading.catalog),
            ("--out", writing.out),
            ("--rejects", writing.rejects),
            ("--report", writing.report),
        ]
    )


def _job(
    asked: Asked,
    session: Session,
    tables: Compiled,
    inputs: list[Input],
    kind: str,
    fields: tuple[str, ...],
    catalogue: Catalogue | None,
) -> Job:
    from xborder_cli.batch.job import Job
    from xborder_cli.cli.request import read_ranking, read_top
    from xborder_cli.cli.session import today

    worth = read_ranking(asked.by, asked.currency, asked.day_value, tables)
    count = read_top(asked.top) or 1
    return Job(
        folders=session.folders(asked.tables),
        digest=tables.digest,
        defaults=asked.shipment.filled_from(Stated(assume=session.settings.assume)),
        today=today(),
        currency=asked.currency.upper(),
        by=asked.by,
        day_value=worth if asked.by == "value" else None,
        top=None if asked.everything else count,
        kind="rows" if kind == "table" else kind,
        fields=fields,
        keep=_keep(asked.writing.keep, inputs),
        for_excel=asked.writing.for_excel,
        catalogue=catalogue,
    )


def _keep(asked: tuple[str, ...], inputs: list[Input]) -> tuple[str, ...]:
    """Return the columns to carry through; * is all that are there at the beginning."""
    there = list(dict.fromkeys(name for one in inputs for name in one.source.headings))
    if "*" in asked:
        return tuple(there)
    late = all(one.source.kind == "jsonl" for one in inputs)  # keys that come later may be asked
    problems = [
        Problem(
            code="no-column",
            where=Where("--keep"),
            what=f'no column "{name}"',
            fix=f"columns are {', '.join(there)}",
        )
        for name in asked
        if name not in there and not late
    ]
    if problems:
        raise UsageError(problems)
    return tuple(dict.fromkeys(asked))


def _priced(
    job: Job,
    inputs: list[Input],
    asked: Asked,
    session: Session,
    tables: Compiled,
    workers: int,
    block_bytes: int,
) -> _Ran:
    """Run, and return what became of the rows and how long that took."""
    from xborder_cli.batch.memory import give_back
    from xborder_cli.batch.run import reached_of, run
    from xborder_cli.batch.worker import Worker
    from xborder_cli.cli.progress import Progress

    begin = time.monotonic()
    give_back()
    held = io.BytesIO() if job.kind == "rows" else None
    output = _output(job, inputs, asked, session, tables, held)
    state = None
    try:
        if asked.running.resume:
            job = _as_begun(job, output)
            state = output.resume()
        else:
            output.begin()
        reached = reached_of(state) if state else None
        if reached is not None:
            session.streams.say(f"going on after {reached.tally.orders:,} orders")
        progress = Progress(session.streams, _bytes(inputs))

        filed = bool(asked.writing.rejects)
        told = Told(session.streams, room=0 if filed else TOLD, wanted=not filed)

        def tell(now: Reached, rejected: Sequence[Rejected]) -> None:
            told.some(rejected)
            progress.step(now.tally.orders, sum(one.source.position() for one in inputs))

        tally = run(
            job,
            inputs,
            output,
            Worker(job, tables),
            workers=workers,
            block_bytes=block_bytes // min(job.top or MANY, MANY),  # bound what comes out, too
            reached=reached,
            tell=tell,
        )
        progress.end()
        told.rest()
        output.finish()
    except BaseException as error:
        if kept := output.abandon(resumable=not isinstance(error, OrderError | TableError)):
            session.streams.warn(kept)
        raise
    if held is not None:
        from xborder_cli.cli.batch_rows import show_rows

        show_rows(held.getvalue(), asked.output.fields, session.streams)
    earlier = reached_of(state).tally.orders if state else 0
    return _Ran(tally, time.monotonic() - begin, earlier)


@dataclass(frozen=True, slots=True)
class _Ran:
    """A run that came to its end."""

    tally: Tally
    seconds: float
    earlier: int  # orders that a run before this one had done


@dataclass(slots=True)
class Told:
    """Shows the first rows that cannot be read, when no file keeps them."""

    streams: Streams
    room: int
    wanted: bool
    more: int = 0

    def some(self, rejected: Sequence[Rejected]) -> None:
        """Show some faults, as long as there is room."""
        for line, column, code, words, _, path in rejected[: self.room]:
            place = f"{column}: " if column else ""
            self.streams.warn(f"{path}:{line}: {place}{words} [{code}]")
        self.more += len(rejected[self.room :])
        self.room = max(0, self.room - len(rejected))

    def rest(self) -> None:
        """Say how many were not shown."""
        if self.more and self.wanted:
            self.streams.warn(f"{self.more:,} more; --rejects FILE keeps all")


def _as_begun(job: Job, output: Output) -> Job:
    """Return the job with the day of the run that stopped: orders without a day keep theirs."""
    begun = output.journal.run if output.journal is not None else None
    first_day = begun.get("today") if isinstance(begun, dict) else None
    if not isinstance(first_day, int):
        return job
    output.run["today"] = first_day
    return replace(job, today=first_day)


def _bytes(inputs: list[Input]) -> int | None:
    """Return the size of all inputs, None when one is a pipe."""
    sizes = [one.source.size for one in inputs]
    known = [size for size in sizes if size is not None]
    return sum(known) if len(known) == len(sizes) else None


def _output(
    job: Job,
    inputs: list[Input],
    asked: Asked,
    session: Session,
    tables: Compiled,
    held: BinaryIO | None,
) -> Output:
    from xborder_cli.batch.encode import csv_heading
    from xborder_cli.batch.fields import headings, number_schema
    from xborder_cli.batch.outfile import Output

    writing = asked.writing
    columns = headings(job.fields, job.keep)
    stream = held or session.streams.out.buffer
    return Output(
        writing.out,
        job.kind,
        run=_identity(job, inputs, asked),
        heading=csv_heading(columns, for_excel=job.for_excel) if job.kind == "csv" else b"",
        rejects=writing.rejects,
        for_excel=job.for_excel,
        schema=number_schema(job.fields, job.keep, tables.digits),
        stream=stream,
    )


def _identity(job: Job, inputs: list[Input], asked: Asked) -> dict[str, object]:
    """Return what the bytes of the output depend on; another run may go on only with the same."""
    from dataclasses import asdict

    from xborder_cli.batch.identity import fingerprint

    reading = asdict(asked.reading)
    catalogue = asked.reading.catalog
    return {
        "xb": __version__,
        "tables": job.digest,
        "today": job.today,
        "inputs": [
            fingerprint(Path(one.source.path)) for one in inputs if one.source.path != "stdin"
        ],
        "catalogue": fingerprint(Path(catalogue)) if catalogue else None,
        "arguments": {
            **{name: list(v) if isinstance(v, tuple) else v for name, v in reading.items()},
            "shipment": {
                name: list(v) if isinstance(v, tuple) else v
                for name, v in asdict(job.defaults).items()
                if v
            },
            "currency": job.currency,
            "by": job.by,
            "day_value": asked.day_value,
            "top": job.top,
            "format": job.kind,
            "fields": list(job.fields),
            "keep": list(job.keep),
            "for_excel": job.for_excel,
            "rejects": bool(asked.writing.rejects),
        },
    }


def _tell(inputs: list[Input], ran: _Ran, job: Job, asked: Asked, session: Session) -> None:
    """Say what became of the rows, on stderr and in the report."""
    from xborder_cli.batch.report import report_json, summary_lines

    streams = session.streams
    for one in inputs:
        unnamed = one.source.unnamed
        if unnamed.count:
            count = f"{unnamed.count} rows have" if unnamed.count > 1 else "1 row has"
            column = one.meanings.order_id
            streams.say(f"{count} no {column}: named by line, as {unnamed.first}")
    tally = ran.tally
    seconds = ran.seconds if tally.orders >= LONG else 0
    lines = summary_lines(tally, seconds, earlier=ran.earlier)
    for number, line in enumerate(lines):
        # what was left out is said even when nobody asked
        (streams.warn if tally.rejected and not number else streams.say)(line)
    if asked.writing.report:
        facts = {
            "xb": __version__,
            "tables": job.digest,
            "inputs": [one.source.path for one in inputs],
            "out": asked.writing.out or None,
            "rejects": asked.writing.rejects or None,
            "seconds": round(ran.seconds, 3),
        }
        _report(report_json(tally, facts), asked.writing.report, session)


def _report(text: str, path: str, session: Session) -> None:
    from xborder_cli.adapters.files import whole_file
    from xborder_cli.batch.partfile import Straight, is_device

    if path == "-":
        session.streams.warn(text)
        return
    if is_device(Path(path)):
        straight = Straight(Path(path))
        straight.append(f"{text}\n".encode())
        straight.close()
        return
    with whole_file(Path(path)) as file:
        file.write(text + "\n")
