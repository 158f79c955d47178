"""`xb duties import`: a country's whole tariff from its own file into the user's tables."""

from __future__ import annotations

import gc
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xborder_cli.cli.flags import OutputFlags, TableFlags, flag, switch, takes
from xborder_cli.cli.options import OUTPUT_GROUP, TABLES_GROUP
from xborder_cli.errors import ExitCode, Problem, UsageError, Where

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.cli.output import Form
    from xborder_cli.cli.session import Session
    from xborder_cli.cli.streams import Streams
    from xborder_cli.tariffs.brought import Brought

EXAMPLES = """\b
Examples:
  xb duties import hts_2026_revision_21.json --into my-tariffs
  xb duties import measures.csv commodities.csv --into my-tariffs --report report.json
  xb duties import rates.csv --tariff CA --programme mfn --into my-tariffs
  xb duties import hts_2026_revision_22.json --dry-run --format csv
\b
Exit status: 0 kept, every duty taken or kept in words; 1 kept, some left out;
2 refused as asked; 3 unreadable file; 4 the tables refuse it. Unless 0 or 1, nothing is kept.
"""
FILE, SHOWN = "Which file it is", 20
NARROWEST = 20  # cells that words are given, however narrow the terminal says it is


@takes(output=OUTPUT_GROUP, tables=TABLES_GROUP)
def bring_in(
    ctx: typer.Context,
    output: OutputFlags,
    tables: TableFlags,
    *,
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE", help="as the authority publishes it"),
    ],
    into: Annotated[
        str,
        flag(
            "--into",
            metavar="DIR",
            help="your folder of tables; default the last of --rates, XB_RATES and xb.toml",
        ),
    ] = "",
    kind: Annotated[
        str,
        flag("--kind", metavar="usitc|uk|taric|csv", group=FILE, help="default: recognised"),
    ] = "",
    tariff: Annotated[
        str,
        flag("--tariff", metavar="XX", group=FILE, help="of a csv: whose duties, such as CA"),
    ] = "",
    programme: Annotated[
        str,
        flag("--programme", metavar="ID", group=FILE, help="of a csv: default mfn"),
    ] = "",
    revision: Annotated[
        str, flag("--revision", metavar="NAME", group=FILE, help="default: as the file says")
    ] = "",
    since: Annotated[
        str,
        flag("--from", metavar="DAY", group=FILE, help="its first day; default: as the file says"),
    ] = "",
    url: Annotated[
        str,
        flag(
            "--url",
            metavar="ADDRESS",
            group=FILE,
            help="where the file can be had; default: what its kind knows",
        ),
    ] = "",
    report: Annotated[
        str, flag("--report", metavar="FILE", help="what was understood and what not, as JSON")
    ] = "",
    whole: Annotated[
        bool,
        switch(
            "--whole",
            group=FILE,
            help="of a csv: the whole tariff; codes that it has not are unknown",
        ),
    ] = False,
    dry_run: Annotated[bool, switch("--dry-run", help="do everything but keep the tables")] = False,
    force: Annotated[
        bool,
        switch("--force", help="go on from a table edited by hand, or end most of its rates"),
    ] = False,
) -> None:
    """Import a tariff and tell what it changes; nothing is kept unless all reads back."""
    from xborder_cli.cli.days import day
    from xborder_cli.cli.output import Form
    from xborder_cli.cli.render import json
    from xborder_cli.cli.session import today
    from xborder_cli.tariffs.bring import bring
    from xborder_cli.tariffs.brought import Wanted
    from xborder_cli.tariffs.readers import read_files
    from xborder_cli.tariffs.report import FIELDS, document, lines
    from xborder_cli.tariffs.report_file import ReportFile

    session: Session = ctx.obj
    streams = session.streams
    form = Form(output, streams, FIELDS)
    folders = session.folders(tables)
    folder, lower = _folders(into, folders, bundled=not tables.no_bundled)
    wanted = Wanted(
        into=folder,
        lower=lower,
        today=today(),
        revision=revision,
        url=_address(url),
        since=day(since, "--from") if since else None,
        force=bool(force),
        whole=bool(whole),
        dry_run=bool(dry_run),
    )
    place = ReportFile(Path(report), folder) if report else None
    told: dict[str, object] = {}

    def write(done: Sequence[Brought]) -> None:
        told.update(document(done, folder, kept=not wanted.dry_run))
        if place is not None:
            place.write(json.text(told))

    with _nothing_collected():
        readings = read_files([Path(name) for name in files], kind, tariff, programme)
        streams.detail("files read")
        done = bring(readings, wanted, write)
        streams.detail("tables written and read back")
    for brought in done:
        for line in lines(brought):
            streams.say(_fitted(line, streams))
        for warning in brought.warnings:
            streams.warn(_fitted(f"  warning: {warning}", streams))
    _say_where(session, done, wanted.dry_run, folder, folders)
    _show(done, form, told)
    if not wanted.dry_run:
        streams.out.flush()
        _make_ready(folder, folders)
        streams.detail("tables ready for the next command")
    if any(brought.left_out for brought in done):
        session.status = ExitCode.PARTLY


def _address(text: str) -> str:
    """Return an address as it is given, once it looks like one."""
    scheme, _, rest = text.partition("://")
    if text and not (scheme.isalpha() and rest and text.isprintable() and " " not in text):
        what, fix = (
            f'"{text}" is no address',
            "write the whole of it, such as https://example.org/a.csv",
        )
        raise UsageError(Problem(code="bad-value", where=Where("--url"), what=what, fix=fix))
    return text


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Look for no garbage: all rows stay to the end, and the search takes a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _folders(into: str, folders: Sequence[Path], *, bundled: bool) -> tuple[Path, tuple[Path, ...]]:
    """Return the folder to import into, and those that lie below it."""
    own = folders[1:] if bundled else folders
    if not into:
        if not own:
            what = "nobody says which folder the tables go to"
            fix = "add --into DIR, or lay a folder of yours over the bundled tables with --rates"
            raise UsageError(Problem(code="missing", where=Where("--into"), what=what, fix=fix))
        into = str(own[-1])
    folder = Path(into)
    if folder.exists() and not folder.is_dir():
        what = f'"{into}" is not a folder'
        fix = "name the folder that holds your tables"
        raise UsageError(Problem(code="no-folder", where=Where("--into"), what=what, fix=fix))
    if bundled and folder.resolve() == folders[0].resolve():
        what, fix = "these are the tables that come with xb", "name a folder of your own"
        raise UsageError(Problem(code="no-folder", where=Where("--into"), what=what, fix=fix))
    places = [path.resolve() for path in folders]
    if folder.resolve() in places:
        return folder, tuple(folders[: places.index(folder.resolve())])
    return folder, tuple(folders)


def _say_where(
    session: Session, done: Sequence[Brought], dry: bool, into: Path, folders: Sequence[Path]
) -> None:
    """Tell which tables were kept, and how they come to hold."""
    paths = list(dict.fromkeys(path for brought in done for path in brought.tables))
    if not paths:
        return
    names = ", ".join(str(path) for path in paths)
    streams = session.streams
    streams.say(_fitted(f"{'a dry run, not kept' if dry else 'kept'}: {names}", streams))
    charged = any(path.stem not in brought.unused for brought in done for path in brought.tables)
    if not dry and charged and into.resolve() not in [path.resolve() for path in folders]:
        how = f"to price with them: --rates {into}, XB_RATES or the rates list of xb.toml"
        streams.say(_fitted(how, streams))


def _make_ready(into: Path, folders: Sequence[Path]) -> None:
    """Compile the tables as the next quote will look for them: after a whole tariff it takes time.

    What stands in the way is that quote's to tell: the import is done.
    """
    from xborder_cli.errors import TableError
    from xborder_cli.tables.compile import open_tables

    own = into.resolve() not in [path.resolve() for path in folders]
    with suppress(TableError), _nothing_collected():
        open_tables([*folders, into] if own else folders)


def _fitted(line: str, streams: Streams) -> str:
    """Return a line in as many as a terminal needs, cut at blanks; as it is in a pipe."""
    from xborder_cli.cli.render.text import cells, wrap

    if not streams.err.isatty() or cells(line) <= streams.width:
        return line
    words = line.lstrip()
    start = line[: len(line) - len(words)]
    room = max(streams.width - len(start), NARROWEST)
    return "\n".join(start + part for part in wrap(words, room, indent="  "))


def _show(done: Sequence[Brought], form: Form, told: dict[str, object]) -> None:
    """Print what changed: everything for programs, the first few for people."""
    from itertools import islice

    from xborder_cli.cli.render.tariff_changes import changes_text
    from xborder_cli.tariffs.report import change_rows

    if form.kind == "json" and not form.picked:
        form.write_document(told)
        return
    if form.kind != "table":
        form.write_rows(change_rows(done))
        return
    later = [brought for brought in done if not brought.first]
    total = sum(len(brought.changes) for brought in later)
    if total:
        few = list(islice(change_rows(later), SHOWN))
        if form.page:
            streams = form.streams
            bold = streams.colour(streams.out)
            streams.data(changes_text(few, form.fields, streams.width, bold=bold))
        else:
            form.write_rows(few)
    if total > SHOWN:
        form.streams.say(f"and {total - SHOWN:,} more; --format csv lists all")
