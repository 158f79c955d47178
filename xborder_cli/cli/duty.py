"""`xb duty`: clearance alone, with overrides so that an authority's own example can be typed in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer  # noqa: TC002 - read when the program starts

from xborder_cli.adapters.stated import Stated
from xborder_cli.cli.flags import OutputFlags, TableFlags, flag, takes
from xborder_cli.cli.options import CLEARANCE_GROUP, KNOWN, OUTPUT_GROUP, SALE, TABLES_GROUP

if TYPE_CHECKING:
    from xborder_cli.cli.session import Session
    from xborder_cli.errors import Problem

EXAMPLES = """\b
Examples:
  xb duty --to GB --from CN --value 100GBP --freight 12GBP --hs 610910
  xb duty --to GB --from CN --value 200USD --freight 20USD --duty 12% --vat 20% --fx USD/GBP=0.79
  xb duty --to JP --from CN --item 'hs=420221, value=23456JPY' --item 'hs=640391, value=45678JPY'
"""

TRANSPORTS = ("air", "sea", "rail", "road")


@takes(shipment=CLEARANCE_GROUP, output=OUTPUT_GROUP, tables=TABLES_GROUP)
def duty(
    ctx: typer.Context,
    shipment: Stated,
    output: OutputFlags,
    tables: TableFlags,
    *,
    channel: Annotated[
        str,
        flag(
            "--channel",
            metavar="NAME",
            group=SALE,
            help="postal, express, commercial, freight, 9610, 1210 or personal",
        ),
    ] = "",
    transport: Annotated[
        str,
        flag(
            "--transport",
            metavar="air|sea|rail|road",
            group=SALE,
            help="how it comes, where fees depend on it",
        ),
    ] = "",
    duty_rate: Annotated[
        str,
        flag(
            "--duty",
            metavar="RATE",
            group=KNOWN,
            help="rate of the ordinary duty (column 1, third country) instead of the tables';"
            " additional duties stay",
        ),
    ] = "",
    vat_rate: Annotated[
        str, flag("--vat", metavar="RATE", group=KNOWN, help="import tax rate, likewise")
    ] = "",
) -> None:
    """Work out duty, import tax and fees of one clearance."""
    from xborder_cli.adapters.shipments import read_shipment
    from xborder_cli.cli.output import Form
    from xborder_cli.cli.render import rows
    from xborder_cli.cli.request import unknown_channels
    from xborder_cli.cli.session import names_of, today
    from xborder_cli.core.pipeline import duty as work_out
    from xborder_cli.errors import ExitCode, Problem, UsageError, Where

    session: Session = ctx.obj
    streams = session.streams
    form = Form(output, streams, rows.DUTY_FIELDS)
    known = session.open_tables(tables)
    wrong = unknown_channels([channel] if channel else [], known)
    if transport and transport not in TRANSPORTS:
        what, fix = f'"{transport}" is no way to travel', f"write {', '.join(TRANSPORTS)}"
        wrong.append(Problem(code="bad-transport", where=Where("--transport"), what=what, fix=fix))
    rates = {name: text for name, text in (("duty", duty_rate), ("vat", vat_rate)) if text}
    wrong += [problem for name, text in rates.items() for problem in _unreadable(name, text)]
    if wrong:
        raise UsageError(wrong)
    named = tuple(f"{name}={text}" for name, text in rates.items())
    shipment = replace(shipment, overrides=(*shipment.overrides, *named))
    shipment = shipment.filled_from(Stated(assume=session.settings.assume))
    parcel = read_shipment(shipment, today=today(), names=names_of(known))
    given = {"transport": transport} if transport else {}
    answer = work_out(known, parcel, channel=channel, **given)
    streams.detail("worked out")
    refused = rows.refusals(answer)
    if refused:
        session.status = ExitCode.TABLES if rows.silent(answer) else ExitCode.PARTLY
    digits = known.digits
    if form.kind == "json":
        from xborder_cli.adapters.documents import shipment_document
        from xborder_cli.cli.render import json

        request: dict[str, object] = {
            "shipment": shipment_document(parcel),
            "channel": channel or None,
            "transport": transport or None,
        }
        form.write_document(json.duty_document(answer, request, digits))
    elif form.page:
        from xborder_cli.cli.render import tree

        page = tree.Page(
            width=min(streams.width, tree.WIDEST),
            colour=streams.colour(streams.out),
            digits=digits,
            currency=answer.currency,
            items=len(answer.shipment.items),
        )
        streams.data(tree.duty_text(answer, page))
    else:
        form.write_rows(rows.duty_rows(answer, digits))
        for reason in refused:
            streams.warn(f"no total: {reason} [refused]")


def _unreadable(name: str, text: str) -> list[Problem]:
    """Return what is wrong with a rate that a flag of its own states."""
    from xborder_cli.adapters.terms import parse_rate
    from xborder_cli.errors import Problem, Where
    from xborder_cli.units import Unreadable

    try:
        parse_rate(text)
    except Unreadable as error:
        what = f'"{text}" is not a rate'
        return [Problem(code="bad-rate", where=Where(f"--{name}"), what=what, fix=error.fix)]
    return []
