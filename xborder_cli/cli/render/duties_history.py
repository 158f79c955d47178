"""The duty of an article through time: a page with its steps, rows, a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xborder_cli.cli.render.duties_rows import rate_document, share_of, source_document
from xborder_cli.cli.render.rows import day, yes
from xborder_cli.cli.render.rules_sources import Sources
from xborder_cli.cli.render.steps import Step, drawing, picture

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.cli.render.paper import Paper
    from xborder_cli.cli.render.rows import Row
    from xborder_cli.core.book import Book
    from xborder_cli.core.rule import Day
    from xborder_cli.duties.history import Change, History, Span

FIELDS: Final = (
    "from",
    "until",
    "days",
    "duty_percent",
    "duty",
    "complete",
    "regime",
    "refused",
    "charge",
    "charge_name",
    "old",
    "new",
    "confidence",
    "source",
    "url",
    "table",
    "line",
)


def rows(history: History) -> Iterator[Row]:
    """Yield one row a change; a span without one, such as the first, has one row of its own."""
    for span in history.spans:
        head = {
            "from": day(span.first),
            "until": day(span.last or 0),
            "days": str(span.last - span.first + 1) if span.last is not None else "",
            "duty_percent": "" if span.refused else share_of(span.total),
            "duty": "" if span.refused or span.total.text == "?" else span.total.text,
            "complete": yes(not span.total.gaps and not span.refused),
            "regime": span.regime,
            "refused": span.refused,
        }
        for change in span.changes or (None,):
            yield {**dict.fromkeys(FIELDS, ""), **head, **_change(change)}


def _change(change: Change | None) -> Row:
    if change is None:
        return {}
    source = change.provenance
    return {
        "charge": change.code,
        "charge_name": change.name,
        "old": change.old,
        "new": change.new,
        "confidence": source.confidence,
        "source": source.title,
        "url": source.url,
        "table": source.table,
        "line": str(source.line or ""),
    }


def document(history: History, told: Sequence[str], book: Book) -> dict[str, object]:
    """Return xb.duties.history/1."""
    item = history.shipment.items[0]
    return {
        "schema": "xb.duties.history/1",
        "tables": {"digest": book.digest, "overlays": list(book.overlays)},
        "market": history.market,
        "market_name": history.market_name,
        "hs": history.hs or None,
        "goods": item.goods or None,
        "origin": item.origin,
        "claims": list(item.claims),
        "channel": history.channel,
        "spans": [
            {
                "from": day(span.first),
                "until": day(span.last or 0) or None,
                "regime": span.regime or None,
                "refused": span.refused or None,
                "total": rate_document(span.total),
                "charges": [
                    {"code": part.code, "name": part.name, **rate_document(part.rate)}
                    for part in span.parts
                ],
                "changes": [
                    {
                        "code": one.code,
                        "name": one.name,
                        "old": one.old or None,
                        "new": one.new or None,
                        "source": source_document(one.provenance),
                    }
                    for one in span.changes
                ],
            }
            for span in history.spans
        ],
        "assumptions": [*told, *history.assumptions],
    }


def steps_of(history: History, now: Day) -> list[Step]:
    """Return the spans as steps; the last one, without an end, runs to today or a little on."""
    first, begins = history.first, history.spans[-1].first
    end = history.last
    if end is None:
        end = max(now, begins + max(30, (begins - first) // 8))
    return [
        Step(
            first=span.first, last=span.last if span.last is not None else end, percent=_share(span)
        )
        for span in history.spans
    ]


def _share(span: Span) -> float | None:
    if span.refused or not span.total.plain:
        return None
    return float(span.total.share * 100)


def svg(history: History, now: Day) -> str:
    """Return the steps as an SVG file."""
    return drawing(steps_of(history, now), _title(history))


def page(history: History, told: Sequence[str], book: Book, paper: Paper, now: Day) -> str:
    """Return the page: the steps as a picture, then one row a span with what changed."""
    item = history.shipment.items[0]
    paper.words(_title(history), style="bold")
    name = book.goods[item.goods].name if item.goods in book.goods else ""
    if name:
        paper.words(f"{name} ({item.goods})")
    claims = f"claims {', '.join(item.claims)}" if item.claims else "nothing claimed"
    paper.words(f"channel {history.channel}; {claims}", style="dim")
    drawn = picture(steps_of(history, now), paper.width)
    if drawn:
        paper.blank()
        paper.lines += drawn
    paper.blank()
    sources = Sources(history.market)
    table: list[tuple[str, ...]] = []
    regime = history.spans[0].regime
    for span in history.spans:
        changes = [_told(change, sources) for change in span.changes]
        if span.regime != regime:
            changes.insert(0, f"regime {span.regime or 'none'}")
        regime = span.regime
        total = "refused" if span.refused else span.total.text
        words = "; ".join([*([span.refused] if span.refused else []), *changes])
        table.append((day(span.first), day(span.last or 0) or "on", total, words))
    paper.columns(table, heading=("from", "until", "duty", "what changed"), indent=0)
    taken = [
        *told,
        *history.assumptions,
        f"exchange rates of {day(history.shipment.on)} throughout",
    ]
    paper.heading("Taken for granted")
    for words in taken:
        paper.words(words, 2)
    sources.lines(paper)
    return paper.text()


def _title(history: History) -> str:
    made_in = history.shipment.items[0].origin
    return f"{history.market_name} ({history.market}): duty of HS {history.hs} made in {made_in}"


def _told(change: Change, sources: Sources) -> str:
    mark = sources.mark(change.provenance)
    if not change.old:
        return f"{change.code} begins: {change.new} {mark}"
    if not change.new:
        return f"{change.code} ends: {change.old} before {mark}"
    return f"{change.code}: {change.old} -> {change.new} {mark}"
