"""`xb quote` ranks every way to send a parcel; `xb explain` says why each costs what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer  # noqa: TC002 - read when the program starts

from xborder_cli.adapters.stated import Stated
from xborder_cli.cli.flags import OutputFlags, RankingFlags, TableFlags, takes
from xborder_cli.cli.options import OUTPUT_GROUP, RANK_GROUP, SHIPMENT_GROUP, TABLES_GROUP

if TYPE_CHECKING:
    from xborder_cli.cli.render.rows import Digits
    from xborder_cli.cli.session import Session
    from xborder_cli.core.answer import Option, Quote

QUOTE_EXAMPLES = """\b
Examples:
  xb quote --from CN --to US --weight 0.46kg --size 25x20x8cm --value 25USD \\
    --goods t-shirt-cotton
  xb quote --from CN --to DE --weight 1.2kg --hs 610910 --value 60EUR --by speed --top 5
  xb quote --from JP --to CN --weight 1.2kg --size 30x20x15cm --value 60USD --goods lipstick --why
  xb quote ... --format json > quote.json && xb verify quote.json
"""
EXPLAIN_EXAMPLES = """\b
Examples:
  xb explain --from CN --to US --weight 0.46kg --value 25USD --goods t-shirt-cotton
  xb explain --from CN --to US --weight 0.46kg --value 25USD --goods t-shirt-cotton \\
    --service cn-yanwen-special-yw --format csv
"""
EXPLAINED = 3  # trees that a person reads at once


@takes(shipment=SHIPMENT_GROUP, ranking=RANK_GROUP, output=OUTPUT_GROUP, tables=TABLES_GROUP)
def quote(
    ctx: typer.Context,
    shipment: Stated,
    ranking: RankingFlags,
    output: OutputFlags,
    tables: TableFlags,
) -> None:
    """Rank every way to send a parcel, duty and tax included."""
    session: Session = ctx.obj
    _answer(session, shipment, ranking, output, tables, explain=ranking.why)


@takes(shipment=SHIPMENT_GROUP, ranking=RANK_GROUP, output=OUTPUT_GROUP, tables=TABLES_GROUP)
def explain(
    ctx: typer.Context,
    shipment: Stated,
    ranking: RankingFlags,
    output: OutputFlags,
    tables: TableFlags,
) -> None:
    """Show how the price of each option comes about, line by line."""
    session: Session = ctx.obj
    _answer(session, shipment, ranking, output, tables, explain=True, trees=True)


def _answer(
    session: Session,
    stated: Stated,
    ranking: RankingFlags,
    output: OutputFlags,
    flags: TableFlags,
    *,
    explain: bool,
    trees: bool = False,
) -> None:
    from xborder_cli.adapters.shipments import read_shipment
    from xborder_cli.cli.output import Form
    from xborder_cli.cli.render import rows
    from xborder_cli.cli.request import Request, chosen
    from xborder_cli.cli.session import names_of, today
    from xborder_cli.errors import ExitCode

    streams = session.streams
    known = rows.CHARGE_FIELDS if trees else tuple(n for n in rows.OPTION_FIELDS if n != "order_id")
    form = Form(output, streams, known)
    tables = session.open_tables(flags)
    stated = stated.filled_from(Stated(assume=session.settings.assume))
    shipment = read_shipment(stated, today=today(), names=names_of(tables), weighed=True)
    request = Request.of(ranking, tables)
    answer = request.ask(tables, shipment)
    streams.detail("priced")
    digits = tables.digits
    person = form.kind == "table"
    top = request.top or (EXPLAINED if trees and person else 0)
    options = chosen(answer, top=top, everything=ranking.all, person=person)
    if not answer.options:
        session.status = ExitCode.PARTLY
    if form.kind == "json":
        from xborder_cli.cli.render import json

        asked = request.document(shipment)
        form.write_document(json.quote_document(answer, options, asked, digits))
    elif form.page:
        streams.data(_page(session, answer, options, digits, ranking, explain=explain, trees=trees))
    else:
        make = rows.charge_rows if trees else rows.option_rows
        form.write_rows(make(answer, options, digits))
    if form.kind != "json" and not answer.options:
        from xborder_cli.cli.problems import no_option

        no_option(answer, streams)
    elif form.kind in ("csv", "jsonl") and answer.excluded:
        streams.detail(f"{len(answer.excluded)} excluded; --format json or xb explain lists them")


def _page(
    session: Session,
    answer: Quote,
    options: tuple[Option, ...],
    digits: Digits,
    ranking: RankingFlags,
    *,
    explain: bool,
    trees: bool,
) -> str:
    """Return the ranked table, the trees below it with --why, what is excluded with --all."""
    from xborder_cli.cli.render import tree
    from xborder_cli.cli.render.table import Look, quote_table

    streams = session.streams
    colour = streams.colour(streams.out)
    page = tree.Page(
        width=min(streams.width, tree.WIDEST),
        colour=colour,
        digits=digits,
        currency=answer.currency,
        items=len(answer.shipment.items),
    )
    text = (
        ""
        if trees
        else quote_table(answer, options, digits, Look(width=streams.width, colour=colour))
    )
    if explain:
        text += ("\n" if text else "") + tree.explain_text(answer, options, page)
    elif ranking.all:
        lines = tree.excluded_lines(answer.excluded, page)
        text += "\n" + "\n".join(lines) + "\n" if lines else ""
    return text
