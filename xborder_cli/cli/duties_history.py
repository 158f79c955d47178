"""`xb duties history`: the duty of an article through time, and what changed when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer  # noqa: TC002 - read when the program starts

from xborder_cli.adapters.stated import Stated  # noqa: TC001 - read when the program starts
from xborder_cli.cli.duties_named import ENTRY_GROUP
from xborder_cli.cli.duties_show import ARTICLE, CHANNELS
from xborder_cli.cli.flags import OutputFlags, TableFlags, flag, takes
from xborder_cli.cli.options import OUTPUT_GROUP, TABLES_GROUP
from xborder_cli.duties.usual import CHANNEL

if TYPE_CHECKING:
    from xborder_cli.cli.session import Session

EXAMPLES = """\b
Examples:
  xb duties history t-shirt-cotton --to US --from CN
  xb duties history 871160 --to DE --from CN --since 2024-01-01 --until 2026-12-31
  xb duties history 610910 --to US --from CN --format csv
  xb duties history 610910 --to US --from CN --plot t-shirt.svg
"""


@takes(stated=ENTRY_GROUP, output=OUTPUT_GROUP, tables=TABLES_GROUP)
def history(
    ctx: typer.Context,
    stated: Stated,
    output: OutputFlags,
    tables: TableFlags,
    *,
    article: ARTICLE,
    since: Annotated[
        str, flag("--since", metavar="DAY", help="first day; default the first of the tables")
    ] = "",
    until: Annotated[
        str, flag("--until", metavar="DAY", help="last day; default as far as the tables know")
    ] = "",
    channel: Annotated[str, CHANNELS] = "",
    plot: Annotated[
        str, flag("--plot", metavar="FILE.svg", help="draw the steps into a file, too")
    ] = "",
) -> None:
    """Tell what an article's duty was, is and will be by the tables, and what changed it."""
    from xborder_cli.cli.days import day, in_order
    from xborder_cli.cli.duties_named import shipment_of
    from xborder_cli.cli.output import Form
    from xborder_cli.cli.render import duties_history as render
    from xborder_cli.cli.request import unknown_channels
    from xborder_cli.cli.session import today
    from xborder_cli.duties.history import history_of
    from xborder_cli.errors import Problem, UsageError, Where

    session: Session = ctx.obj
    streams = session.streams
    if plot and not plot.lower().endswith(".svg"):
        what, fix = f"the picture is SVG, and {plot} says otherwise", "let its name end in .svg"
        raise UsageError(Problem(code="bad-value", where=Where("--plot"), what=what, fix=fix))
    form = Form(output, streams, render.FIELDS)
    first = day(since, "--since") if since else None
    last = day(until, "--until") if until else None
    if first is not None and last is not None:
        in_order(first, last, "--since")
    book = session.open_tables(tables)
    wrong = unknown_channels([channel] if channel else [], book)
    if wrong:
        raise UsageError(wrong)
    on = min(today(), last) if last is not None else today()
    shipment, told = shipment_of(session, book, stated, article, on)
    found = history_of(book, shipment, channel=channel or CHANNEL, since=first, until=last)
    if plot:
        _write(plot, render.svg(found, today()))
    if form.kind == "json":
        form.write_document(render.document(found, told, book))
    elif form.page:
        from xborder_cli.cli.render.paper import paper_on

        streams.data(render.page(found, told, book, paper_on(streams), today()))
    else:
        form.write_rows(render.rows(found))


def _write(path: str, text: str) -> None:
    from pathlib import Path

    from xborder_cli.errors import Problem, UsageError, Where

    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        what = f"{path} cannot be written: {error.strerror}"
        fix = "name a file in a folder that exists"
        raise UsageError(
            Problem(code="cannot-write", where=Where("--plot"), what=what, fix=fix)
        ) from None
