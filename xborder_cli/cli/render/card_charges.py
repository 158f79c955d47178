"""Charges of a price list and those that join it: grids, formulas, triggers, dated values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xborder_cli.cli.render.card_grid import grid_lines
from xborder_cli.cli.render.rows import day
from xborder_cli.core.rule import Bands, Dated, Terms
from xborder_cli.rules.formula import formula, readable, terms_words
from xborder_cli.rules.on_day import charge_on, span_on
from xborder_cli.rules.words import listed, measure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xborder_cli.cards.sheet import CardSheet
    from xborder_cli.cli.render.paper import Paper
    from xborder_cli.core.rule import Charge, Day, Span
    from xborder_cli.rules.words import Vocabulary

KINDS = {
    "portion": "each price for the part inside its band",
    "deficit": "or, where that is cheaper, the start of a heavier band",
}
MOST_VALUES = 6  # of a dated value's history


class Charges:
    """Adds charges to a page, with the values of a day."""

    def __init__(self, day: Day, words: Vocabulary, paper: Paper) -> None:
        """Keep what is written, and where to."""
        self.day = day
        self.words = words
        self.paper = paper

    def own(self, sheet: CardSheet) -> None:
        """Add a card's own charges, the grids first."""
        grids = [one for one in sheet.charges if isinstance(one.rate, Bands)]
        rest = [one for one in sheet.charges if not isinstance(one.rate, Bands)]
        for charge in grids:
            self._grid(charge, sheet.card.currency, heading=True)
        if rest:
            self.paper.heading("Further charges" if grids else "Charges")
        self.add(rest, sheet.card.currency)

    def joined(self, sheet: CardSheet) -> None:
        """Add the surcharges that join a card."""
        if sheet.surcharges:
            self.paper.heading("Surcharges that join it")
        for table, charges in sheet.surcharges:
            self.add(charges, table.currency)

    def add(self, charges: Iterable[Charge], currency: str) -> None:
        """Add charges one after the other."""
        for charge in charges:
            if isinstance(charge.rate, Bands):
                self._grid(charge, currency)
            else:
                self._formula(charge, currency)

    def _grid(self, charge: Charge, currency: str, *, heading: bool = False) -> None:
        bands = charge.rate
        assert isinstance(bands, Bands)
        today = charge_on(charge, self.day)
        unit, lines = grid_lines(bands, self.paper.width - 2)
        by = f" by {'chargeable weight' if bands.by == 'chargeable' else measure(bands.by)}"
        # what acts on the price beside the grid: base, minimum, factor, rounding
        acts = formula(replace(today, rate=None, joins=()), currency).strip(", ")
        words = [f"{_title(charge)}{by if bands.by else ''}, in {unit or currency}"]
        words += [KINDS[bands.kind]] if bands.kind in KINDS else []
        words += [f"of {acts}" if charge.base else acts] if acts else []
        words += [self._joins(charge)] if charge.joins else []
        text = "; ".join(words)
        if heading:
            self.paper.heading(text)
        else:
            self.paper.words(text, 2, hang=4)
        for line in self._conditions(today):
            self.paper.words(line, 4)
        self.paper.lines += [f"  {line}" if line else "" for line in lines]

    def _formula(self, charge: Charge, currency: str) -> None:
        today = charge_on(charge, self.day)
        text = f"{_title(charge)}: {formula(replace(today, joins=()), currency)}"
        if charge.joins:
            text += f"; {self._joins(charge)}"
        self.paper.words(text, 2, hang=4)
        for line in (*self._conditions(today), *self._history(charge)):
            self.paper.words(line, 4)

    def _joins(self, charge: Charge) -> str:
        return f"counted into {listed([measure(one) for one in charge.joins], 'and')}"

    def _conditions(self, charge: Charge) -> list[str]:
        words = self.words
        lines = []
        if charge.since > self.day:
            lines.append(f"from {day(charge.since)} on")
        if charge.until is not None:
            lines.append(f"until {day(charge.until)}")
        if charge.when:
            lines.append(f"where {words.all_of(charge.when)}")
        if charge.unless:
            lines.append(f"not where {words.none_of(charge.unless).replace(', nor if', ', nor')}")
        if charge.payer:
            lines.append(f"paid by the {charge.payer}")
        return ["; ".join(lines)] if lines else []

    def _history(self, charge: Charge) -> list[str]:
        """Return the dated values of a charge, the one in force marked."""
        rate = charge.rate
        if not isinstance(rate, Dated) or len(rate.spans) < 2:
            return []
        now = span_on(rate, self.day)
        spans = _near(rate.spans, now)
        told = [_value(span, in_force=span is now) for span in spans]
        before = len(rate.spans[: rate.spans.index(spans[0])])
        earlier = f"{before} earlier; " if before else ""
        return [f"values: {earlier}{'; '.join(told)}"]


def _near(spans: Sequence[Span], now: Span | None) -> Sequence[Span]:
    """Return the last values of a history, and all that are to come."""
    place = spans.index(now) if now is not None else 0
    return spans[max(0, min(place - 2, len(spans) - MOST_VALUES)) :]


def _value(span: Span, *, in_force: bool) -> str:
    if span.expected:
        text = "announced, not yet known"
    elif isinstance(span.value, Terms) and any(term.user for term in span.value.parts):
        text = "not known"
    elif isinstance(span.value, Terms):
        text = readable(terms_words(span.value))
    else:
        text = "none" if span.value is None else str(span.value)
    return f"{text} {since(span.since)}{' <- in force' if in_force else ''}"


def since(first: Day) -> str:
    """Return from which day something holds."""
    return f"from {day(first)}" if first else "from the list's first day"


def _title(charge: Charge) -> str:
    """Return a charge by its name, and by its code where the name does not say it."""
    kind = {"freight": "freight", "fee": "fee", "amount": "a sum nobody pays"}.get(charge.kind, "")
    name = charge.name or charge.code.replace("_", " ")
    same = name.lower().replace(" ", "_") == charge.code
    facts = [
        fact for fact in ("" if same else charge.code, "" if kind == name.lower() else kind) if fact
    ]
    facts = list(dict.fromkeys(facts))
    title = name[:1].upper() + name[1:]
    return f"{title} ({', '.join(facts)})" if facts else title
