"""Every figure of a price list as a flat row; the names of the columns are API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.cli.render.card_grid import PER_CENT
from xborder_cli.cli.render.rows import Row, day, yes
from xborder_cli.core.rule import Bands, Dated, Terms
from xborder_cli.rules.formula import formula, lookup_words
from xborder_cli.rules.on_day import charge_on, span_on
from xborder_cli.tables.words import rate_words
from xborder_cli.units import ratio_text, times

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xborder_cli.cards.sheet import CardSheet
    from xborder_cli.core.rule import Band, Charge, Provenance, Term

FIELDS = (
    "service", "issue", "surcharge", "charge", "kind", "name", "zone", "classes", "limit_op",
    "limit", "limit_unit", "term", "amount", "currency", "per", "rate", "wanted", "since",
    "in_force", "base", "when", "unless", "formula", "until", "title", "source", "checked",
    "confidence", "table", "line",
)  # fmt: skip


def cell_rows(sheet: CardSheet) -> Iterator[Row]:
    """Yield a row a term of a band or of a dated value; a charge without figures has one too."""
    for charge in sheet.charges:
        yield from _charge_rows(sheet, charge, "", sheet.card.currency)
    for table, charges in sheet.surcharges:
        for charge in charges:
            yield from _charge_rows(sheet, charge, table.id, table.currency)


def _charge_rows(sheet: CardSheet, charge: Charge, surcharge: str, currency: str) -> Iterator[Row]:
    words = sheet.words
    today = charge_on(charge, sheet.day)
    rate = charge.rate
    own: Row = dict.fromkeys(FIELDS, "") | {
        "service": sheet.card.id,
        "issue": day(sheet.card.since),
        "surcharge": surcharge,
        "charge": charge.code,
        "kind": charge.kind,
        "name": charge.name,
        "base": base_text(charge),
        "when": words.all_of(today.when),
        "unless": words.none_of(today.unless),
        "since": day(charge.since),
        "until": day(charge.until or 0),
        **_source(charge.provenance),
    }
    if isinstance(rate, Bands):
        for key, row in rate.rows.items():
            for band in row:
                yield from _terms(own | _band(rate, key, band), band.terms)
        return
    own["formula"] = formula(today, currency)
    if not isinstance(rate, Dated):
        yield own | {"rate": lookup_words(rate) if rate is not None else ""}  # type: ignore[arg-type]
        return
    now = span_on(rate, sheet.day)
    for span in rate.spans:
        dated = own | {
            "since": day(span.since) or own["since"],
            "in_force": yes(span is now),
            **_source(span.provenance),
        }
        if isinstance(span.value, Terms):
            yield from _terms(dated, span.value)
        else:
            yield dated | {"rate": "expected" if span.expected else "ended"}


def base_text(charge: Charge) -> str:
    """Return the base of a charge as a table writes it."""
    return " + ".join(
        part.name if part.factor == (1, 1) else f"{ratio_text(part.factor)} x {part.name}"
        for part in charge.base
    )


def _band(bands: Bands, key: str, band: Band) -> Row:
    keys = dict(zip(bands.keys, key.split("|"), strict=False))
    zone = keys.pop("zone", "")
    found = {
        "zone": zone,
        "classes": " ".join(f"{name}={value}" for name, value in keys.items()),
        "limit_op": bands.ends.replace("_", " ") if band.limit else "",
        "in_force": "true",
    }
    if band.limit:
        unit = band.limit.currency or band.limit.unit
        found["limit"] = ratio_text(band.limit.amount)
        found["limit_unit"] = f"{unit}/{band.limit.per}" if band.limit.per else unit
    if band.line:
        found["line"] = str(band.line)
    return found


def _terms(own: Row, terms: Terms) -> Iterator[Row]:
    words = rate_words(terms)
    if not terms.parts:
        yield own | {"rate": words}
    for number, term in enumerate(terms.parts, 1):
        yield own | {"term": str(number), "rate": words, "wanted": term.user, **_term(term)}


def _term(term: Term) -> Row:
    per = "base" if term.of == "" else term.of
    if term.currency:
        started = "started " if term.started else ""
        step = "" if term.step == (1, 1) else f"{ratio_text(term.step)} "
        per = f"{started}{step}{' '.join(term.units)}"
        if term.over_band:
            per += " over band"
        elif term.over[0]:
            per += f" over {ratio_text(term.over)} {term.units[0]}"
    amount = ratio_text(term.amount, 2)
    if not term.currency:
        amount = ratio_text(times(term.amount, PER_CENT))
    return {
        "amount": "" if term.user else amount,
        "currency": term.currency or "%",
        "per": per,
    }


def _source(provenance: Provenance) -> Row:
    return {
        "title": provenance.title,
        "source": provenance.url,
        "checked": day(provenance.checked),
        "confidence": provenance.confidence,
        "table": provenance.table,
        "line": str(provenance.line or ""),
    }
