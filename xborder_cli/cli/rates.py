"""`xb rates`: which tables there are, what they say, whether they are sound, where they lie."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Annotated

import typer

from xborder_cli.cli.flags import GroupedCommand, OutputFlags, PlainGroup, TableFlags, takes
from xborder_cli.cli.options import OUTPUT_GROUP, TABLES_GROUP

if TYPE_CHECKING:
    from xborder_cli.cli.session import Session
    from xborder_cli.tables.tables import Tables

LIST_EXAMPLES = """\b
Examples:
  xb rates list
  xb rates list goods
  xb rates list --format csv --fields id,carrier,from
"""
SHOW_EXAMPLES = """\b
Examples:
  xb rates show cn-yanwen-special-yw
  xb rates show US
"""
CHECK_EXAMPLES = """\b
Examples:
  xb rates check
  xb rates check --rates my-contracts
"""
app = typer.Typer(
    cls=PlainGroup,
    help="List, show and check the tables.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list", cls=GroupedCommand, epilog=LIST_EXAMPLES)
@takes(output=OUTPUT_GROUP, tables=TABLES_GROUP)
def list_tables(
    ctx: typer.Context,
    output: OutputFlags,
    tables: TableFlags,
    *,
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            help="services, surcharges, markets, programmes, modes, goods, fx, countries,"
            " currencies or presets",
        ),
    ] = "services",
) -> None:
    """List services, or another kind of table."""
    from xborder_cli.cli.output import fields_of, format_of, write_rows
    from xborder_cli.cli.render.catalogue import CATALOGUE, SHORT, catalogue_rows
    from xborder_cli.errors import Problem, UsageError, Where

    session: Session = ctx.obj
    if kind not in CATALOGUE:
        near = difflib.get_close_matches(kind, CATALOGUE, 1)
        fix = f"did you mean {near[0]}?" if near else f"known are {', '.join(CATALOGUE)}"
        what = f'no kind of table "{kind}"'
        raise UsageError(Problem(code="unknown-kind", where=Where("KIND"), what=what, fix=fix))
    format_ = format_of(output, session.streams)
    fields = fields_of(output, CATALOGUE[kind])
    if format_ == "table" and not output.fields:
        fields = SHORT.get(kind, fields)
    write_rows(catalogue_rows(session.load_tables(tables), kind), fields, format_, session.streams)


@app.command("show", cls=GroupedCommand, epilog=SHOW_EXAMPLES)
@takes(tables=TABLES_GROUP)
def show_table(
    ctx: typer.Context,
    tables: TableFlags,
    *,
    name: Annotated[
        str, typer.Argument(metavar="ID", help="a service, surcharge, market, programme or mode")
    ],
) -> None:
    """Print a table the way its carrier or authority prints it."""
    from xborder_cli.cli.render.card import shown
    from xborder_cli.errors import Problem, UsageError, Where

    session: Session = ctx.obj
    found = session.load_tables(tables)
    text = shown(found, name)
    if not text:
        near = difflib.get_close_matches(name, list(_ids(found)), 3)
        fix = f"did you mean {' or '.join(near)}?" if near else "`xb rates list` names the services"
        what = f'no table "{name}"'
        raise UsageError(Problem(code="unknown-table", where=Where("ID"), what=what, fix=fix))
    session.streams.data(text)


@app.command("check", cls=GroupedCommand, epilog=CHECK_EXAMPLES)
@takes(tables=TABLES_GROUP)
def check_tables(ctx: typer.Context, tables: TableFlags) -> None:
    """Read every table and report every fault with its place and fix."""
    from xborder_cli.cli.problems import show
    from xborder_cli.errors import ExitCode
    from xborder_cli.tables.checks import check_tables as checked
    from xborder_cli.tables.load import load_tables

    session: Session = ctx.obj
    found = load_tables(session.folders(tables))
    problems = checked(found)
    show(problems, session.streams)
    faults = sum(not problem.warning for problem in problems)
    warnings = len(problems) - faults
    session.streams.data(
        f"{len(found.cards)} rate cards, {len(found.surcharges)} surcharges,"
        f" {len(found.markets)} markets, {len(found.programmes)} programmes:"
        f" {faults} faults, {warnings} warnings\n"
    )
    if faults:
        session.status = ExitCode.TABLES


@app.command("where", cls=GroupedCommand)
@takes(tables=TABLES_GROUP)
def where(ctx: typer.Context, tables: TableFlags) -> None:
    """Say which folders of tables, settings and cache are in use."""
    from xborder_cli.tables.compile import cache_folder

    session: Session = ctx.obj
    folders = session.folders(tables)
    out = session.streams
    for number, folder in enumerate(folders):
        bundled = number == 0 and not tables.no_bundled
        out.data(f"{'bundled' if bundled else 'rates':<9} {folder}\n")
    for path in session.settings.files:
        out.data(f"settings  {path}\n")
    out.data(f"cache     {cache_folder()}\n")


def _ids(tables: Tables) -> set[str]:
    found = {card.id for card in tables.cards} | {one.id for one in tables.surcharges}
    return found | set(tables.markets) | set(tables.modes) | {name for _, name in tables.programmes}
