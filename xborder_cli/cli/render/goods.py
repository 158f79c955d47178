"""Goods that were found, with their duty in several markets: a page, rows, a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xborder_cli.cli.render.rows import yes
from xborder_cli.cli.render.text import cells, pad
from xborder_cli.core.wording import number
from xborder_cli.duties.rate import percent
from xborder_cli.duties.usual import BUYER, CHANNEL, QUANTITY, usual_value
from xborder_cli.units import day_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xborder_cli.cli.render.paper import Paper
    from xborder_cli.cli.render.rows import Row
    from xborder_cli.core.book import Book
    from xborder_cli.core.rule import Day
    from xborder_cli.goods.find import Hit
    from xborder_cli.goods.rates import Duty

# cells of a rate that stands in its market's column, the widest that the page has room for; longer
# ones stand below their goods
ROOMS: Final = (32, 24, 16, 10)
USUAL: Final = (
    "Duty of a usual commercial entry: {}, to a {}, {} in {} pieces, nothing claimed. `?`: not "
    "known; `xb duties show` tells which row decides."
)
FIELDS: Final = (
    "rank",
    "slug",
    "name",
    "name_zh",
    "hs",
    "found_by",
    "score",
    "market",
    "origin",
    "on",
    "duty_percent",
    "duty",
    "complete",
    "words",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An answer."""

    hits: tuple[Hit, ...]
    duties: tuple[list[Duty], ...]  # of each hit, by market
    markets: tuple[str, ...]
    origin: str
    on: Day
    book: Book


def share_text(one: Duty) -> str:
    """Return a duty that is a plain percent, as a number; "" of any other."""
    if one.rate is None or not one.rate.plain:
        return ""
    return percent(one.rate.share).removesuffix(" %")


def rows(found: Found) -> Iterator[Row]:
    """Yield one row a kind of goods and market."""
    for rank, (hit, duties) in enumerate(zip(found.hits, found.duties, strict=True), 1):
        for one in duties:
            known = one.rate is not None and one.text != "?"
            yield {
                "rank": str(rank),
                "slug": hit.slug,
                "name": hit.goods.name,
                "name_zh": hit.goods.name_zh,
                "hs": hit.goods.hs,
                "found_by": hit.by,
                "score": str(hit.score),
                "market": one.market,
                "origin": found.origin,
                "on": day_text(found.on),
                "duty_percent": share_text(one),
                "duty": one.text if known else "",
                "complete": yes(one.rate is not None and not one.rate.gaps),
                "words": one.words,
            }


def document(found: Found) -> dict[str, object]:
    """Return xb.goods.search/1; a duty that is not known is null, with words."""
    return {
        "schema": "xb.goods.search/1",
        "on": day_text(found.on),
        "tables": {"digest": found.book.digest, "overlays": list(found.book.overlays)},
        "origin": found.origin,
        "markets": list(found.markets),
        "goods": [
            {
                "rank": rank,
                "slug": hit.slug,
                "name": hit.goods.name,
                "name_zh": hit.goods.name_zh,
                "also": list(hit.goods.also),
                "hs": hit.goods.hs,
                "lines": dict(hit.goods.lines),
                "traits": list(hit.goods.traits),
                "found_by": hit.by,
                "score": hit.score,
                "duties": [
                    {
                        "market": one.market,
                        "duty_percent": share_text(one) or None,
                        "duty": one.text if one.rate is not None and one.text != "?" else None,
                        "complete": one.rate is not None and not one.rate.gaps,
                        "words": one.words or None,
                    }
                    for one in duties
                ],
            }
            for rank, (hit, duties) in enumerate(zip(found.hits, found.duties, strict=True), 1)
        ],
    }


def page(found: Found, paper: Paper, *, whole: bool) -> str:
    """Return the goods one below the other, the short rates in columns, the long ones below."""
    for most in ROOMS:
        table = [_heading(found), *(_cells(hit, d, most) for hit, d in _pairs(found))]
        wide = [max(cells(row[at]) for row in table) for at in range(len(table[0]))]
        if sum(wide) + 2 * (len(wide) - 1) <= paper.width:
            break
    lines = ["  ".join(_placed(row, wide)).rstrip() for row in table]
    paper.lines.append(paper.style(lines[0], "bold"))
    for line, row, (hit, duties) in zip(lines[1:], table[1:], _pairs(found), strict=True):
        paper.lines.append(line)
        if hit.goods.name:
            paper.words(f"{hit.goods.name} {hit.goods.name_zh}".strip(), 2, style="dim")
        if whole:
            _details(paper, hit)
        for one, shown in zip(duties, row[2:], strict=True):
            if one.text != shown:
                paper.words(f"{one.market}: {one.text}", 2)
            if one.words and (whole or one.rate is None):
                paper.words(f"{one.market}: {one.words}", 2, style="yellow")
    paper.blank()
    worth = dict.fromkeys(usual_value(found.book, market) for market in found.markets)
    told = USUAL.format(CHANNEL, BUYER, " or ".join(worth), QUANTITY)
    paper.words(f"Made in {found.origin}, on {day_text(found.on)}. {told}", hang=0, style="dim")
    return paper.text()


def _pairs(found: Found) -> Iterator[tuple[Hit, list[Duty]]]:
    return zip(found.hits, found.duties, strict=True)


def _heading(found: Found) -> list[str]:
    return ["goods", "hs", *found.markets]


def _cells(hit: Hit, duties: list[Duty], most: int) -> list[str]:
    return [hit.slug or "-", hit.goods.hs, *(_short(one, most) for one in duties)]


def _placed(row: list[str], wide: list[int]) -> Iterator[str]:
    """Yield the cells of a row: what it is to the left, rates to the right."""
    for at, (text, room) in enumerate(zip(row, wide, strict=True)):
        yield pad(text, room, right=at > 1)


def _details(paper: Paper, hit: Hit) -> None:
    if hit.goods.also:
        paper.words(f"also called {', '.join(hit.goods.also)}", 2)
    if hit.goods.traits:
        paper.words(f"traits: {', '.join(hit.goods.traits)}", 2)
    if hit.goods.units:
        measured = ", ".join(f"{number(one)} {name}" for name, one in hit.goods.units)
        paper.words(f"a piece taken as: {measured}", 2)
    if hit.goods.lines:
        codes = ", ".join(f"{market} {code}" for market, code in hit.goods.lines)
        paper.words(f"taken as line: {codes}", 2)


def _short(one: Duty, most: int) -> str:
    """Return a rate for a narrow column; one that does not fit is named below."""
    if cells(one.text) <= most:
        return one.text
    rate = one.rate
    return f">={percent(rate.share)}" if rate is not None and rate.gaps and rate.share else "below"
