"""`xb rates`: which tables there are, what they say, whether they are sound, where they lie."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Annotated

import typer

from xborder_cli.cli.flags import (
    GroupedCommand,
    OutputFlags,
    TableFlags,
    command_group,
    flag,
    switch,
    takes,
)
from xborder_cli.cli.options import OUTPUT_GROUP, TABLES_GROUP

if TYPE_CHECKING:
    from xborder_cli.cli.session import Session

LIST_EXAMPLES = """\b
Examples:
  xb rates list
  xb rates list goods
  xb rates list --from CN --to US --mode postal_parcel
  xb rates list --kind last_mile --to US
  xb rates list --format csv --fields id,carrier,from
"""
SHOW_EXAMPLES = """\b
Examples:
  xb rates show cn-yanwen-special-yw
  xb rates show hk-speedpost --to DE --on 2026-06-01
  xb rates show us-dhl-express-ww --format csv
  xb rates show US
"""
STALE_EXAMPLES = """\b
Examples:
  xb rates stale
  xb rates stale --older-than 2y
  xb rates stale --before 2026-01-01 --format csv
"""
CHECK_EXAMPLES = """\b
Examples:
  xb rates check
  xb rates check --rates my-contracts
"""
WHICH = "Which services"
# kinds of legs that people may write where a kind of table is meant
LEG_WORDS = ("door_to_door", "last_mile", "storage", "handling", "first_leg", "payment", "platform")
app = command_group("List, show and check the tables.")


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
    modes: Annotated[
        list[str] | None,
        flag("--mode", metavar="MODE", group=WHICH, help="by which they travel; repeatable"),
    ] = None,
    carriers: Annotated[
        list[str] | None,
        flag("--carrier", metavar="NAME", group=WHICH, help="whose they are; repeatable"),
    ] = None,
    legs: Annotated[
        list[str] | None,
        flag(
            "--kind",
            metavar="LEG",
            group=WHICH,
            help="what they do: door_to_door, last_mile, storage, first_leg, payment, ...;"
            " repeatable",
        ),
    ] = None,
    origin: Annotated[
        str, flag("--from", metavar="COUNTRY", group=WHICH, help="where the parcel leaves")
    ] = "",
    destination: Annotated[
        str, flag("--to", metavar="COUNTRY", group=WHICH, help="where the buyer is")
    ] = "",
    on: Annotated[
        str,
        flag("--on", metavar="DAY", group=WHICH, help="only issues in force on that day"),
    ] = "",
) -> None:
    """List services, or another kind of table."""
    from xborder_cli.cli.output import Form
    from xborder_cli.cli.rates_named import Wanted, cards_wanted, carriers_wanted
    from xborder_cli.cli.render.catalogue import (
        CATALOGUE,
        SHORT,
        catalogue_rows,
        service_rows,
        surcharge_rows,
    )
    from xborder_cli.errors import Problem, UsageError, Where

    session: Session = ctx.obj
    streams = session.streams
    if kind not in CATALOGUE:
        near = difflib.get_close_matches(kind, CATALOGUE, 1)
        fix = f"did you mean {near[0]}?" if near else f"known are {', '.join(CATALOGUE)}"
        if kind.replace("-", "_") in LEG_WORDS:
            fix = f"for services of one kind write --kind {kind.replace('-', '_')}"
        what = f'no kind of table "{kind}"'
        raise UsageError(Problem(code="unknown-kind", where=Where("KIND"), what=what, fix=fix))
    wanted = Wanted(
        modes=tuple(modes or ()),
        carriers=tuple(carriers or ()),
        legs=tuple(legs or ()),
        origin=origin,
        destination=destination,
        on=on,
    )
    known = {"services": wanted.flags, "surcharges": ("--carrier",)}.get(kind, ())
    for name in wanted.flags:
        if name not in known:
            what = f"does not go with {kind}"
            raise UsageError(
                Problem(code="bad-usage", where=Where(name), what=what, fix="leave it out")
            )
    form = Form(output, streams, CATALOGUE[kind])
    found = session.load_tables(tables)
    if kind == "services":
        cards = cards_wanted(found, wanted)
        rows = service_rows(found, cards)
        if wanted.flags and not cards:
            streams.say(f"none of {len(found.cards)} price lists is as asked for")
    elif kind == "surcharges" and wanted.carriers:
        ids = carriers_wanted(found, wanted.carriers)
        rows = surcharge_rows(one for one in found.surcharges if one.carrier in ids)
    else:
        rows = catalogue_rows(found, kind)
    if form.page and kind == "services":
        from xborder_cli.cli.render.paper import paper_on
        from xborder_cli.cli.render.services import services_text

        streams.data(services_text(rows, paper_on(streams)))
    else:
        form.write_rows(rows, SHORT.get(kind, ()) if form.page else ())


@app.command("show", cls=GroupedCommand, epilog=SHOW_EXAMPLES)
@takes(output=OUTPUT_GROUP, tables=TABLES_GROUP)
def show_table(
    ctx: typer.Context,
    output: OutputFlags,
    tables: TableFlags,
    *,
    name: Annotated[
        str, typer.Argument(metavar="ID", help="a service, surcharge, market, programme or mode")
    ],
    on: Annotated[
        str,
        flag("--on", metavar="DAY", env="XB_ON", help="the issue of that day; default today"),
    ] = "",
    to: Annotated[
        str, flag("--to", metavar="COUNTRY", help="of a service: its zones and prices alone")
    ] = "",
    everything: Annotated[
        bool, switch("--all", help="fold no long list of countries, postcodes or rows")
    ] = False,
) -> None:
    """Print a table the way its carrier or authority prints it."""
    from xborder_cli.cli.rates_show import Asked, show

    session: Session = ctx.obj
    asked = Asked(name=name, on=on, to=to, whole=bool(everything), output=output)
    show(session, session.load_tables(tables), asked)


@app.command("stale", cls=GroupedCommand, epilog=STALE_EXAMPLES)
@takes(output=OUTPUT_GROUP, tables=TABLES_GROUP)
def stale_tables(
    ctx: typer.Context,
    output: OutputFlags,
    tables: TableFlags,
    *,
    before: Annotated[
        str,
        flag(
            "--before", metavar="DAY", help="what was last checked, or published, before that day"
        ),
    ] = "",
    older_than: Annotated[
        str, flag("--older-than", metavar="TIME", help="or longer ago: 180d, 26w, 2y; default 1y")
    ] = "",
    on: Annotated[
        str, flag("--on", metavar="DAY", env="XB_ON", help="as seen on that day; default today")
    ] = "",
) -> None:
    """List price lists and figures that are old, unchecked or past their expected end."""
    from xborder_cli.cards.age import findings
    from xborder_cli.cli import rates_named as named
    from xborder_cli.cli.days import day
    from xborder_cli.cli.output import Form
    from xborder_cli.cli.render import stale

    session: Session = ctx.obj
    streams = session.streams
    form = Form(output, streams, stale.FIELDS)
    seen = day(on, "--on")
    limit = named.before(seen, before, older_than)
    found = findings(session.load_tables(tables), seen, limit)
    if not form.page:
        form.write_rows(stale.stale_rows(found, seen))
    elif found:
        from xborder_cli.cli.render.paper import paper_on

        streams.data(stale.stale_text(found, seen, paper_on(streams)))
    streams.say(stale.summary(found, seen, limit))


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
