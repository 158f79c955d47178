"""A table of surcharges: what it joins, each charge with its trigger and its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.cards.age import age_words
from xborder_cli.cli.render.card_charges import Charges
from xborder_cli.cli.render.rows import day
from xborder_cli.core.rule import Dated
from xborder_cli.rules.words import Vocabulary, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xborder_cli.cli.render.paper import Paper
    from xborder_cli.core.rule import Day, Provenance, Surcharge
    from xborder_cli.tables.tables import Tables


def surcharge_text(tables: Tables, one: Surcharge, on: Day, paper: Paper) -> str:
    """Return the page of a table of surcharges, with the values of a day."""
    names = {card.carrier: card.carrier_name for card in tables.cards}
    paper.words(f"Surcharges of {names.get(one.carrier, one.carrier)}", style="bold")
    paper.words(f"{one.id}: in {one.currency}, as on {day(on)}")
    services = (
        listed(one.applies_to, "and") if one.applies_to else f"every service of {one.carrier}"
    )
    paper.words(f"joins {services}")
    paper.heading("Charges")
    Charges(on, Vocabulary(tables.unions), paper).add(one.charges, one.currency)
    paper.heading("Sources")
    seen = set()
    for source in _sources(one):
        if (source.title, source.url) in seen:
            continue
        seen.add((source.title, source.url))
        paper.words(source.title or "no source", 2)
        if source.url:
            paper.lines.append(f"    {source.url}")  # whole, so that it can be followed
        ago = f", {age_words(source.checked, on)} ago" if 0 < source.checked < on else ""
        checked = f"checked {day(source.checked)}{ago}" if source.checked else "never checked"
        place = f"{source.table}:{source.line}"
        paper.words(f"{checked}; confidence {source.confidence}; {place}", 4)
    return paper.text()


def newest_day(one: Surcharge) -> Day:
    """Return the first day on which every known value of the charges has begun."""
    days = [span.since for charge in one.charges if isinstance(charge.rate, Dated)
            for span in charge.rate.spans if not span.expected]  # fmt: skip
    return max([0, *days])


def _sources(one: Surcharge) -> Iterator[Provenance]:
    yield one.provenance
    for charge in one.charges:
        yield charge.provenance
        if isinstance(charge.rate, Dated):
            yield from (span.provenance for span in charge.rate.spans)
