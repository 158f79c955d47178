"""`xb rates show`: one table as a page, as rows or as a document."""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xborder_cli.errors import Problem, UsageError, Where

if TYPE_CHECKING:
    from xborder_cli.cards.sheet import CardSheet
    from xborder_cli.cli.flags import OutputFlags
    from xborder_cli.cli.session import Session
    from xborder_cli.tables.tables import Tables

NAMED = 3  # names that are proposed
PART = 3  # letters that are enough to look for a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be shown, as typed."""

    name: str
    on: str
    to: str
    whole: bool
    output: OutputFlags


def show(session: Session, tables: Tables, asked: Asked) -> None:
    """Write the table that was asked for.

    Raises:
        UsageError: no table has the name, or not in that format.
    """
    from xborder_cli.cli.days import day

    on = day(asked.on, "--on")
    service = _service(tables, asked.name)
    if service:
        _service_page(session, tables, service, on, asked)
        return
    _other(session, tables, asked, on)


def _service(tables: Tables, name: str) -> str:
    """Return the id of a service, however its letters are written."""
    known = {card.id.casefold(): card.id for card in tables.cards}
    return known.get(name.strip().casefold(), "")


def _service_page(session: Session, tables: Tables, service: str, on: int, asked: Asked) -> None:
    from xborder_cli.cards.sheet import goes_to, sheet_of
    from xborder_cli.cli.output import Form
    from xborder_cli.cli.rates_named import country
    from xborder_cli.cli.render.card_rows import FIELDS, cell_rows

    streams = session.streams
    form = Form(asked.output, streams, FIELDS)
    problems: list[Problem] = []
    to = country(problems, tables, "destination", asked.to)
    if problems:
        raise UsageError(problems)
    sheet = sheet_of(tables, service, on)
    assert sheet is not None
    if to and not goes_to(sheet.card, to):
        what = f"{sheet.card.service} does not go to {sheet.country(to)}"
        fix = f"`xb rates list --to {to}` names what does"
        raise UsageError(Problem(code="not-served", where=Where("--to"), what=what, fix=fix))
    if to:
        sheet = sheet_of(tables, service, on, to)
        assert sheet is not None
    if not sheet.in_force:
        streams.say(f"{service} has no issue in force on {_day(on)}; {_instead(sheet)} is shown")
    if form.kind == "json":
        from xborder_cli.cli.render.card_json import card_document

        form.write_document(card_document(sheet))
    elif form.page:
        from xborder_cli.cli.render.card_page import card_text
        from xborder_cli.cli.render.paper import paper_on

        streams.data(card_text(sheet, paper_on(streams), whole=asked.whole))
    else:
        form.write_rows(cell_rows(sheet))


def _day(on: int) -> str:
    from xborder_cli.units import day_text

    return day_text(on)


def _instead(sheet: CardSheet) -> str:
    return f"the issue of {_day(sheet.card.since)}"


def _other(session: Session, tables: Tables, asked: Asked, on: int) -> None:
    """Show what is no service, in words."""
    from xborder_cli.cli.output import format_of
    from xborder_cli.cli.render.card import shown
    from xborder_cli.cli.render.paper import paper_on

    paper = paper_on(session.streams)
    text = shown(tables, asked.name, on=on, paper=paper, whole=asked.whole)
    if not text:
        raise UsageError(_unknown(tables, asked.name))
    wanted = format_of(asked.output, session.streams, default="table")
    if wanted == os.environ.get("XB_FORMAT"):
        wanted = "table"  # what is wanted by habit does not forbid a page that is words alone
    given = [("--to", asked.to), ("--fields", asked.output.fields)]
    if wanted != "table":
        given.append(("--format", wanted))
    for name, value in given:
        if value:
            what = f"goes with a service, and {asked.name} is none"
            fix = f"leave it out, or see `xb rules {asked.name} --format {wanted}`"
            if asked.name not in (*tables.markets, *tables.unions):
                fix = "leave it out; `xb rates list KIND` gives rows of every kind of table"
            raise UsageError(Problem(code="bad-usage", where=Where(name), what=what, fix=fix))
    session.streams.data(text)


def _unknown(tables: Tables, name: str) -> Problem:
    ids = sorted(_ids(tables))
    near = [one for one in ids if len(name) >= PART and name.casefold() in one.casefold()][:NAMED]
    near = near or difflib.get_close_matches(name, ids, NAMED)
    carriers = sorted({card.carrier for card in tables.cards})
    fix = f"did you mean {' or '.join(near)}?" if near else "`xb rates list` names the services"
    whose = [one for one in carriers if one == name]
    if not whose and len(name) >= PART and len(near) == NAMED:
        whose = [one for one in carriers if name.casefold() in one]
    if whose:
        lists = " or ".join(f"`xb rates list --carrier {one}`" for one in whose[:NAMED])
        fix = f"{lists} names the services of a carrier"
    what = f'no table "{name}"'
    return Problem(code="unknown-table", where=Where("ID"), what=what, fix=fix)


def _ids(tables: Tables) -> set[str]:
    found = {card.id for card in tables.cards} | {one.id for one in tables.surcharges}
    found |= set(tables.markets) | set(tables.modes) | set(tables.unions)
    return found | {name for _, name in tables.programmes}
