"""`xb duties show`: every row that applied to an article and every row that competed and lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from xborder_cli.adapters.stated import Stated  # noqa: TC001 - read when the program starts
from xborder_cli.cli.duties_named import ENTRY_GROUP
from xborder_cli.cli.flags import OutputFlags, TableFlags, flag, switch, takes
from xborder_cli.cli.options import OUTPUT_GROUP, SALE, SALE_FLAGS, TABLES_GROUP
from xborder_cli.duties.usual import CHANNEL

if TYPE_CHECKING:
    from xborder_cli.cli.session import Session

EXAMPLES = """\b
Examples:
  xb duties show t-shirt-cotton --to US --from CN
  xb duties show 732393 --to US --from CN --on 2026-11-22 --all
  xb duties show 610910 --to US --from MX --claim USMCA --format csv
"""
ARTICLE = Annotated[
    str, typer.Argument(metavar="HS|SLUG", help="an HS code of 6 to 10 digits, or goods")
]
CHANNELS = flag(
    "--channel", metavar="NAME", group=SALE, help=f"how it is cleared; default {CHANNEL}"
)


@takes(stated=ENTRY_GROUP, output=OUTPUT_GROUP, tables=TABLES_GROUP)
def show(
    ctx: typer.Context,
    stated: Stated,
    output: OutputFlags,
    tables: TableFlags,
    *,
    article: ARTICLE,
    on: Annotated[str, SALE_FLAGS["on"]] = "",
    channel: Annotated[str, CHANNELS] = "",
    everything: Annotated[
        bool, switch("--all", help="rows that name other origins, and what is not in force, too")
    ] = False,
) -> None:
    """Tell which duties an article pays, row by row, and why no other row does."""
    from xborder_cli.cli.days import day
    from xborder_cli.cli.duties_named import shipment_of
    from xborder_cli.cli.output import Form
    from xborder_cli.cli.render import duties_rows
    from xborder_cli.cli.request import unknown_channels
    from xborder_cli.duties.case import case_of
    from xborder_cli.duties.entry import work_out
    from xborder_cli.duties.printed import Printed
    from xborder_cli.errors import ExitCode, UsageError

    session: Session = ctx.obj
    streams = session.streams
    form = Form(output, streams, duties_rows.ROW_FIELDS)
    book = session.open_tables(tables)
    wrong = unknown_channels([channel] if channel else [], book)
    if wrong:
        raise UsageError(wrong)
    shipment, told = shipment_of(session, book, stated, article, day(on, "--on"))
    entry = work_out(book, shipment, channel=channel or CHANNEL)
    case = case_of(entry, Printed(session.folders(tables)))
    if entry.refused:
        session.status = ExitCode.PARTLY
    if form.kind == "json":
        form.write_document(duties_rows.document(case, told, book))
    elif form.page:
        from xborder_cli.cli.render.duties_show import page
        from xborder_cli.cli.render.paper import paper_on

        streams.data(page(case, told, book, paper_on(streams), whole=bool(everything)))
    else:
        form.write_rows(duties_rows.rows(case))
        for reason in entry.refused:
            streams.warn(f"no duty: {reason} [refused]")
