"""One table printed as its carrier or authority prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli import units
from xborder_cli.cards.sheet import sheet_of
from xborder_cli.cli.render.card_page import card_text
from xborder_cli.cli.render.card_surcharge import newest_day, surcharge_text
from xborder_cli.cli.render.paper import Paper
from xborder_cli.cli.render.plain import plain_table
from xborder_cli.cli.render.rows import day
from xborder_cli.cli.render.text import wrap
from xborder_cli.core.rule import Band, Bands, Dated, Limit, Lookup, Terms
from xborder_cli.tables.words import limit_words, rate_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from xborder_cli.core.rule import (
        Charge,
        ChargeSet,
        Day,
        Market,
        Mode,
        Programme,
        Provenance,
        Rate,
        Test,
    )
    from xborder_cli.tables.tables import Tables


PAGE = 100  # cells that words take
ROWS = 200  # of a programme, unless all are asked for


def shown(
    tables: Tables,
    name: str,
    *,
    on: Day | None = None,
    paper: Paper | None = None,
    whole: bool = True,
) -> str:
    """Return the tables of a name as text, "" when there is none.

    Args:
        tables: all that there are.
        name: of a service, surcharge, market, union, programme or mode.
        on: the day of surcharges; the newest values when left out.
        paper: an empty page for them.
        whole: every row of a programme, however many.
    """
    parts: list[str] = []
    newest = max((card.since for card in tables.cards if card.id == name), default=None)
    if newest is not None and (sheet := sheet_of(tables, name, newest)):
        parts.append(card_text(sheet, Paper(PAGE), whole=whole))
    for one in tables.surcharges:
        if one.id == name:
            page = paper or Paper(PAGE)
            parts.append(surcharge_text(tables, one, newest_day(one) if on is None else on, page))
    if name in tables.markets:
        parts.append(_market(tables.markets[name]))
    for (_, programme_id), programme in tables.programmes.items():
        if programme_id == name:
            parts.append(_programme(programme, None if whole else ROWS))
    if name in tables.unions and name not in tables.markets:
        parts.append(_union(tables, name))
    if name in tables.modes:
        parts.append(_mode(tables.modes[name]))
    return "\n".join(parts)


def _market(market: Market) -> str:
    text = f"{market.name} ({market.id}), {market.currency}, tariff {market.tariff}\n"
    text += _source(market.provenance) + "\n"
    for name, charges in (
        ("entry", market.entry),
        ("sale", market.sale),
        ("export", market.export),
    ):
        text += _set(name, charges)
    return text + "".join(f"note: {note}\n" for note in market.notes)


def _union(tables: Tables, name: str) -> str:
    """Return who is in a union; what its members share stands in the market of each."""
    members = tables.unions[name]
    priced = [one for one in members if one in tables.markets]
    lines = [f"{name} is a union: {' '.join(members)}"]
    if priced:
        lines.append(f"members with tables of their own: {' '.join(priced)}")
        lines.append(f"what they share stands in each: xb rates show {priced[0]}")
    return "".join(f"{part}\n" for line in lines for part in wrap(line, PAGE, indent="  "))


def _set(name: str, charges: ChargeSet) -> str:
    text = f"\n== {name}\n{_charges(charges.charges)}" if charges.charges else ""
    for regime in charges.regimes:
        conditions = _conditions(regime.when, regime.unless)
        text += f"\n== {name}, regime {regime.id} ({charges.select}){conditions}\n"
        text += f"refused: {regime.refuse}\n" if regime.refuse else _charges(regime.charges)
    return text


def _programme(programme: Programme, most: int | None) -> str:
    rows = [
        {
            "hs": row.hs or "*",
            "origin": row.origin,
            "rate": rate_words(row.terms),
            "when": _tests(row.when),
            "from": day(row.since),
            "until": day(row.until or 0),
            "source": row.provenance.title,
        }
        for row in programme.rows[:most]
    ]
    name = programme.name or programme.id
    head = f"{name} of {programme.tariff}, no row means {programme.default}\n"
    sources = {row["source"] for row in rows}
    fields = ("hs", "origin", "rate", "when", "from", "until", *(["source"] * (len(sources) > 1)))
    more = len(programme.rows) - len(rows)
    left = f"and {more} more rows (--all)\n" if more else ""
    return head + _source(programme.provenance) + "\n\n" + _filled(rows, fields) + left


def _mode(mode: Mode) -> str:
    text = f"{mode.name} ({mode.id}), {mode.direction}\n"
    for pattern in mode.patterns:
        steps = (f"{step.leg or step.event} {step.channel}".strip() for step in pattern)
        text += "  " + " > ".join(steps) + "\n"
    return text


def _charges(charges: Iterable[Charge]) -> str:
    """Return a line a charge; grids stand apart."""
    return "\n" + "".join(line for charge in charges for line in _charge(charge))


def _charge(charge: Charge) -> Iterator[str]:
    base = " + ".join(
        part.name if part.factor == (1, 1) else f"{units.ratio_text(part.factor)} x {part.name}"
        for part in charge.base
    )
    of = f" of {base}" if base else ""
    head = f"{charge.code} [{charge.kind}]{of}{_conditions(charge.when, charge.unless)}"
    if isinstance(charge.rate, Bands):
        yield f"{head}, {charge.rate.kind} bands by {charge.rate.by or 'key'}\n\n"
        yield _grid(charge.rate) + "\n"
    else:
        rate = _rate(charge.rate)
        yield f"{head}: {rate}\n" if rate else f"{head}\n"


def _rate(rate: Rate | None) -> str:
    if isinstance(rate, Lookup):
        return _lookup(rate)
    if isinstance(rate, Dated):
        return "; ".join(_span(span.since, span.value) for span in rate.spans)
    return ""


def _span(since: int, value: object) -> str:
    text = (
        rate_words(value) if isinstance(value, Terms) else "none" if value is None else str(value)
    )
    return f"{text} from {day(since)}" if since else text


def _lookup(lookup: Lookup) -> str:
    if lookup.programme:
        return f"by HS in {lookup.programme}"
    if lookup.least:
        return f"least of ({', '.join(map(_lookup, lookup.least))})"
    return f"first found of ({', '.join(map(_lookup, lookup.pick))})"


def _grid(bands: Bands) -> str:
    """Return limits down and keys across when every cell is one price; else one row a band."""
    word = "up to" if bands.ends == "up_to" else "from"
    limits = list(dict.fromkeys(_limit(band.limit) for row in bands.rows.values() for band in row))
    simple = all(
        len(band.terms.parts) == 1 and not band.terms.low and not band.terms.high
        for row in bands.rows.values()
        for band in row
    )
    if simple and len(bands.keys) <= 1 and len(limits) > 1:
        keys = list(bands.rows)
        cells = {key: {_limit(b.limit): _amount(b) for b in row} for key, row in bands.rows.items()}
        rows = [
            {word: one, **{key or "price": cells[key].get(one, "") for key in keys}}
            for one in limits
        ]
        unit = {_unit(band) for row in bands.rows.values() for band in row}
        words = f"{', '.join(sorted(unit))}\n" if len(unit) == 1 else ""
        return words + plain_table(rows, [word, *(key or "price" for key in keys)])
    rows = [
        {
            **dict(zip(bands.keys, key.split("|"), strict=False)),
            word: _limit(band.limit),
            "price": rate_words(band.terms),
        }
        for key, row in bands.rows.items()
        for band in row
    ]
    return _filled(rows, (*bands.keys, word, "price"))


def _amount(band: Band) -> str:
    term = band.terms.parts[0]
    return units.ratio_text(term.amount, 2) if term.currency else units.percent_text(term.amount)


def _unit(band: Band) -> str:
    term = band.terms.parts[0]
    return term.currency and " / ".join((term.currency, *term.units[:1]))


def _limit(limit: Limit | None) -> str:
    if limit is None:
        return "open"
    return limit_words(limit)


def _conditions(when: Sequence[Test], unless: Sequence[Test]) -> str:
    text = f" when {_tests(when)}" if when else ""
    return text + (f" unless {_tests(unless)}" if unless else "")


def _tests(tests: Sequence[Test]) -> str:
    return " and ".join(_test(test) for test in tests)


def _test(test: Test) -> str:
    if test.kind == "number" and test.limit is not None:
        ends = [s.value for s in test.limit.spans if isinstance(s.value, Limit)]
        return f"{test.name} {test.op} {_limit(ends[-1]) if ends else '?'}"
    if test.kind in ("line", "every", "some"):
        return f"{test.kind}({_tests(test.tests)})"
    if test.kind == "any":
        return f"({' or '.join(_tests(group) for group in test.groups)})"
    return f"{test.name or test.kind} {'/'.join(test.values)}".strip()


def _filled(rows: Sequence[Mapping[str, str]], fields: Sequence[str]) -> str:
    """Return a table of those columns that hold something."""
    kept = [name for name in fields if any(row[name] for row in rows)]
    return plain_table(rows, kept)


def _source(provenance: Provenance) -> str:
    checked = f", checked {day(provenance.checked)}" if provenance.checked else ""
    link = f" {provenance.url}" if provenance.url else ""
    place = f"{provenance.table}:{provenance.line}"
    return f"{provenance.title}{link}{checked}, {provenance.confidence} ({place})"
