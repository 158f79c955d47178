"""`xb rules`: a market's rules on a day in words and numbers, and what changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from xborder_cli import units
from xborder_cli.cli import rules_named as named
from xborder_cli.cli.flags import (
    GroupedCommand,
    OutputFlags,
    PlainGroup,
    TableFlags,
    command_group,
    flag,
    switch,
    takes,
)
from xborder_cli.cli.options import OUTPUT_GROUP, TABLES_GROUP

if TYPE_CHECKING:
    from xborder_cli.cli.session import Session

EXAMPLES = """\b
Examples:
  xb rules DE
  xb rules diff DE --from 2026-06-30 --to 2026-07-01
  xb rules next --within 180d
"""
SHOW_EXAMPLES = """\b
Examples:
  xb rules show DE --on 2026-08-01
  xb rules US --hs 610910 --origin CN
  xb rules GB --format json
"""
DIFF_EXAMPLES = """\b
Examples:
  xb rules diff DE --from 2026-06-30 --to 2026-07-01
  xb rules diff US --from 2024-01-01 --format csv
"""
NEXT_EXAMPLES = """\b
Examples:
  xb rules next --within 180d
  xb rules next US EU --value 120EUR --goods sneakers-textile --from VN
"""
PARCEL, VALUE, GOODS = "Typical parcel", "45USD", "t-shirt-cotton"
MARKET = Annotated[str, typer.Argument(metavar="MARKET", help="a country or union, such as DE")]
WORDS = "A market's rules in words and numbers, as xb rules DE, and what changes."
ON = flag("--on", metavar="DAY", env="XB_ON", help="day of the rules; default today")


class _WithMarket(PlainGroup):
    """A group whose first word may be a market: `xb rules DE` is `xb rules show DE`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  # typer's own
        """Put `show` before what is no command of the group."""
        if args and args[0] not in self.commands and args[0] not in ("--help", "-h"):
            args = ["show", *args]
        return super().parse_args(ctx, args)


app = command_group(WORDS, epilog=EXAMPLES, cls=_WithMarket)


@app.command("show", cls=GroupedCommand, epilog=SHOW_EXAMPLES)
@takes(output=OUTPUT_GROUP, tables=TABLES_GROUP)
def show(
    ctx: typer.Context,
    output: OutputFlags,
    tables: TableFlags,
    *,
    market: MARKET,
    on: Annotated[str, ON] = "",
    hs: Annotated[
        str, flag("--hs", metavar="CODE", help="only what may hold for goods of this HS code")
    ] = "",
    origin: Annotated[
        str, flag("--origin", metavar="COUNTRY", help="only what may hold for goods made there")
    ] = "",
    everything: Annotated[
        bool, switch("--all", help="every code, change and note, also of the union")
    ] = False,
) -> None:
    """Print the rules of a market on a day (`show` may be left out)."""
    from xborder_cli.cli.days import day
    from xborder_cli.cli.output import Form
    from xborder_cli.cli.render.rules_rows import RULE_FIELDS, rule_rows
    from xborder_cli.rules.changes import History
    from xborder_cli.rules.make import sheet_of
    from xborder_cli.rules.reading import Library

    session: Session = ctx.obj
    streams = session.streams
    form = Form(output, streams, RULE_FIELDS)
    library = Library(session.folders(tables))
    found = library.market(named.market(library, market))
    hs, origin = named.goods(library, hs, origin)
    sheet = sheet_of(found, day(on, "--on"), hs=hs, origin=origin)
    if form.kind == "json":
        from xborder_cli.cli.render.rules_json import sheet_document

        form.write_document(sheet_document(sheet, History(found)))
    elif form.page:
        from xborder_cli.cli.render.paper import paper_on
        from xborder_cli.cli.render.rules import sheet_text

        page = sheet_text(sheet, History(found), paper_on(streams), whole=bool(everything))
        streams.data(page)
    else:
        form.write_rows(rule_rows(sheet))


@app.command("diff", cls=GroupedCommand, epilog=DIFF_EXAMPLES)
@takes(output=OUTPUT_GROUP, tables=TABLES_GROUP)
def diff(
    ctx: typer.Context,
    output: OutputFlags,
    tables: TableFlags,
    *,
    market: MARKET,
    first: Annotated[str, flag("--from", metavar="DAY", help="the earlier day")] = "",
    last: Annotated[str, flag("--to", metavar="DAY", help="the later day; default today")] = "",
) -> None:
    """Tell what a market's rules say on one day and not on another."""
    from xborder_cli.cli.days import day, in_order
    from xborder_cli.cli.output import Form
    from xborder_cli.cli.render.rules_rows import CHANGE_FIELDS, change_rows
    from xborder_cli.errors import Problem, UsageError, Where
    from xborder_cli.rules.changes import History
    from xborder_cli.rules.reading import Library

    session: Session = ctx.obj
    streams = session.streams
    form = Form(output, streams, CHANGE_FIELDS)
    if not first:
        fix = "add --from DAY, the day to compare with"
        raise UsageError(
            Problem(code="missing", where=Where("--from"), what="no earlier day", fix=fix)
        )
    begin, end = day(first, "--from"), day(last, "--to")
    in_order(begin, end, "--from")
    library = Library(session.folders(tables))
    found = library.market(named.market(library, market))
    named.not_before(found, begin, "--from")
    changes = History(found).dated(begin, end)
    if form.kind == "json":
        from xborder_cli.cli.render.rules_json import diff_document

        form.write_document(diff_document(found, begin, end, changes))
    elif form.page:
        from xborder_cli.cli.render.paper import paper_on
        from xborder_cli.cli.render.rules_changes import diff_text

        streams.data(diff_text(found, begin, end, changes, paper_on(streams)))
    else:
        form.write_rows(change_rows(found.market.id, end, changes))


@app.command("next", cls=GroupedCommand, epilog=NEXT_EXAMPLES)
@takes(output=OUTPUT_GROUP, tables=TABLES_GROUP)
def coming(
    ctx: typer.Context,
    output: OutputFlags,
    tables: TableFlags,
    *,
    markets: Annotated[
        list[str] | None,
        typer.Argument(metavar="[MARKET]...", help="countries and unions; default all"),
    ] = None,
    within: Annotated[
        str, flag("--within", metavar="DAYS", help="how far to look: 180d, 26w, 2y; default 180d")
    ] = "180d",
    on: Annotated[str, ON] = "",
    value: Annotated[
        str, flag("--value", metavar="MONEY", group=PARCEL, help=f"default {VALUE}")
    ] = VALUE,
    goods: Annotated[
        str, flag("--goods", metavar="SLUG", group=PARCEL, help=f"default {GOODS}")
    ] = GOODS,
    origin: Annotated[
        str,
        flag("--from", metavar="COUNTRY", group=PARCEL, help="default the home market"),
    ] = "",
    freight: Annotated[
        str, flag("--freight", metavar="MONEY", group=PARCEL, help="default not stated")
    ] = "",
) -> None:
    """Tell what changes soon, and how much a typical parcel moves."""
    from xborder_cli.adapters.stated import Stated
    from xborder_cli.cli.days import day
    from xborder_cli.cli.output import Form
    from xborder_cli.cli.render import rules_next
    from xborder_cli.cli.session import names_of
    from xborder_cli.rules.moves import Mover
    from xborder_cli.rules.reading import Library
    from xborder_cli.rules.upcoming import upcoming

    session: Session = ctx.obj
    streams = session.streams
    form = Form(output, streams, rules_next.NEXT_FIELDS)
    first = day(on, "--on")
    last = first + named.days(within)
    library = Library(session.folders(tables))
    looked = named.markets(library, markets or ())
    days, _ = upcoming(library, looked, first, last)
    book = session.open_tables(tables)
    stated = Stated(origin=origin or book.home, value=value, goods=goods, freight=freight)
    mover = Mover(book, stated, names_of(book), first)
    moves = {(one.day, name): mover.move(name, one.day) for one in days for name in one.markets}
    thing = book.goods[goods].name if goods in book.goods else goods
    look = rules_next.Outlook(
        first=first,
        last=last,
        days=days,
        moves=moves,
        names={name: library.name(name) for name in library.ids},
        looked=looked,
        parcel=f"{value}, {thing} ({goods}), sent from {stated.origin} (--value, --goods, --from)",
        assumptions=(*mover.assumptions, f"exchange rates of {units.day_text(first)} throughout"),
        digits=book.digits,
        world=library.world,
    )
    if form.kind == "json":
        form.write_document(rules_next.next_document(look))
    elif form.page:
        from xborder_cli.cli.render.paper import paper_on

        streams.data(rules_next.next_text(look, paper_on(streams)))
    else:
        form.write_rows(rules_next.next_rows(look))
