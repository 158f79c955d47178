"""`xb goods`: what people sell, found by words or HS, with the duty it pays beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from xborder_cli.cli.flags import (
    GroupedCommand,
    OutputFlags,
    TableFlags,
    command_group,
    flag,
    takes,
)
from xborder_cli.cli.options import OUTPUT_GROUP, TABLES_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xborder_cli.cli.session import Session
    from xborder_cli.core.rule import Day
    from xborder_cli.goods.find import Hit
    from xborder_cli.tables.compile import Compiled

SEARCH_EXAMPLES = """\b
Examples:
  xb goods search phone case
  xb goods search 运动鞋 --to US,DE
  xb goods search sneekers --from VN
  xb goods search --hs 6109 --on 2026-03-01 --format csv
"""
SHOW_EXAMPLES = """\b
Examples:
  xb goods show t-shirt-cotton
  xb goods show t-shirt-cotton --to US,MX,BR --from VN
"""
MARKETS = "US,GB,DE,JP,AU,CA"  # where goods are most often sent; --to names others
TOP = "10"
LEAST_DIGITS, MOST_DIGITS = 6, 10  # of a code that has a duty of its own
WORDS = Annotated[
    list[str] | None,
    typer.Argument(metavar="[WORDS]...", help="what it is, in English or Chinese, or its HS code"),
]
TO = flag("--to", metavar="A,B", help=f"markets to show the duty in; default {MARKETS}")
FROM = flag(
    "--from", metavar="COUNTRY", env="XB_FROM", help="where it is made; default the home market"
)
ON = flag("--on", metavar="DAY", env="XB_ON", help="day of the entry; default today")

app = command_group("Find goods by words or HS code, with the duty that they pay.")


@app.command("search", cls=GroupedCommand, epilog=SEARCH_EXAMPLES)
@takes(output=OUTPUT_GROUP, tables=TABLES_GROUP)
def search(
    ctx: typer.Context,
    output: OutputFlags,
    tables: TableFlags,
    *,
    words: WORDS = None,
    to: Annotated[list[str] | None, TO] = None,
    origin: Annotated[str, FROM] = "",
    on: Annotated[str, ON] = "",
    hs: Annotated[
        str, flag("--hs", metavar="PREFIX", help="only goods of HS codes that begin so")
    ] = "",
    top: Annotated[str, flag("--top", metavar="N", help=f"show the best N; default {TOP}")] = TOP,
) -> None:
    """Find goods by what people call them, typing errors forgiven."""
    from xborder_cli.cli.request import read_top
    from xborder_cli.errors import ExitCode, Problem, UsageError, Where
    from xborder_cli.goods.find import find, hs_of, nameless, near

    session: Session = ctx.obj
    text, prefix = " ".join(words or ()).strip(), hs_of(hs)
    place = "--hs" if hs else "WORDS"
    if not hs and hs_of(text):
        text, prefix = "", hs_of(text)
    if (hs and not prefix) or len(prefix) > MOST_DIGITS:
        what = f'"{hs}" is not an HS code'
        if prefix:
            what = f'"{prefix}" has {len(prefix)} digits; an HS code has 6 to {MOST_DIGITS}'
        fix = "write its first digits, such as 6109"
        raise UsageError(Problem(code="bad-hs", where=Where(place), what=what, fix=fix))
    if not text and not prefix:
        fix = "say what it is, as in `xb goods search phone case`, or --hs 6109"
        raise UsageError(
            Problem(code="missing", where=Where("WORDS"), what="nothing to search for", fix=fix)
        )
    most = read_top(top)
    book = session.open_tables(tables)
    hits = find(book.goods, text or prefix)
    if prefix and text:
        hits = [hit for hit in hits if hit.goods.hs.startswith(prefix[: len(hit.goods.hs)])]
    if not hits and len(prefix) >= LEAST_DIGITS:
        hits = [nameless(prefix)]
    finer = prefix if len(prefix) > LEAST_DIGITS else ""
    _answer(session, output, book, hits[:most], to or (), origin, on, hs=finer)
    more = len(hits) - most
    if more > 0:
        session.streams.say(f"{more} more: --top {len(hits)} shows all")
    if hits and min(hit.slips for hit in hits) > 0:
        session.streams.say(f'nothing is called "{text}": these are written most like it')
    if not hits:
        session.status = ExitCode.PARTLY
        found = near(book.goods, text) if text else ()
        begins = f"an HS code that begins with {hs or ' '.join(words or ())}" if prefix else ""
        asked = f'are called "{text}"' if text else f"have {begins}"
        asked += f" and have {begins}" if text and begins else ""
        session.streams.warn(f"no goods {asked} [not-found]")
        likely = f"did you mean {', '.join(found)}? " if found else ""
        needless = f"a code of {LEAST_DIGITS} to {MOST_DIGITS} digits needs no name"
        session.streams.warn(f"  fix: {likely}`xb rates list goods` names all; {needless}")


@app.command("show", cls=GroupedCommand, epilog=SHOW_EXAMPLES)
@takes(output=OUTPUT_GROUP, tables=TABLES_GROUP)
def show(
    ctx: typer.Context,
    output: OutputFlags,
    tables: TableFlags,
    *,
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="goods of the catalogue")],
    to: Annotated[list[str] | None, TO] = None,
    origin: Annotated[str, FROM] = "",
    on: Annotated[str, ON] = "",
) -> None:
    """Print what the tables know of one kind of goods, and the duty that it pays."""
    from xborder_cli.cli.goods_named import judge_slug
    from xborder_cli.goods.find import Hit

    session: Session = ctx.obj
    book = session.open_tables(tables)
    judge_slug(book, slug, "SLUG")
    hit = Hit(goods=book.goods[slug], by="slug", score=100)
    _answer(session, output, book, [hit], to or (), origin, on, whole=True)


def _answer(
    session: Session,
    output: OutputFlags,
    book: Compiled,
    hits: list[Hit],
    to: Iterable[str],
    origin: str,
    on: str,
    *,
    hs: str = "",
    whole: bool = False,
) -> None:
    """Write the duty of goods in the markets asked for; `hs` is a finer code than their own."""
    from xborder_cli.cli.days import day
    from xborder_cli.cli.output import Form
    from xborder_cli.cli.render import goods as render
    from xborder_cli.cli.render.paper import paper_on
    from xborder_cli.goods.rates import consignment, duties

    streams = session.streams
    form = Form(output, streams, render.FIELDS)
    markets = _markets(book, to)
    home = _country(book, origin or book.home)
    asked: Day = day(on, "--on")
    found = render.Found(
        hits=tuple(hits),
        duties=tuple(
            duties(book, consignment(home, asked, goods=hit.slug, hs=hs or _own(hit)), markets)
            for hit in hits
        ),
        markets=markets,
        origin=home,
        on=asked,
        book=book,
    )
    if form.kind == "json":
        form.write_document(render.document(found))
    elif form.page:
        if hits:
            streams.data(render.page(found, paper_on(streams), whole=whole))
    else:
        form.write_rows(render.rows(found))


def _own(hit: Hit) -> str:
    """Return the code asked by number alone; goods with a name know their own in each market."""
    return "" if hit.slug else hit.goods.hs


def _markets(book: Compiled, texts: Iterable[str]) -> tuple[str, ...]:
    """Return the markets that were named, or the usual ones."""
    from xborder_cli.cli.session import names_of
    from xborder_cli.errors import Problem, UsageError, Where

    named = [part.strip() for text in texts for part in text.split(",") if part.strip()]
    if not named:
        return tuple(one for one in MARKETS.split(",") if one in book.market_heads)
    names = names_of(book)
    found = tuple(dict.fromkeys(names.country(text) for text in named))
    known = ", ".join(one for one in sorted(book.market_heads) if one in book.countries)
    problems = [
        Problem(
            code="unknown-market",
            where=Where("--to"),
            what=f"no table has the rules of {book.countries.get(one, one)}",
            fix=f"known are {known}",
        )
        for one in found
        if one not in book.market_heads
    ]
    if problems:
        raise UsageError(problems)
    return found


def _country(book: Compiled, text: str) -> str:
    from xborder_cli.adapters.reader import Reader
    from xborder_cli.cli.session import names_of
    from xborder_cli.errors import UsageError

    reader, names = Reader(), names_of(book)
    code = names.country(text)
    names.judge_country(reader, "origin", code)
    if reader.problems:
        raise UsageError(reader.problems)
    return code
