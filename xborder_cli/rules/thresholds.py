"""Every limit that the rules of a day compare something with: what, how, and for whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xborder_cli.core.rule import Band, Bands, Charge, ChargeSet, Dated, Limit, Terms
from xborder_cli.core.wording import limit_text
from xborder_cli.rules.formula import base_words
from xborder_cli.rules.on_day import lasts, tests_on
from xborder_cli.rules.words import grouped, listed, measure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xborder_cli.core.rule import Day, ProgrammeRow, Provenance, Regime, Test
    from xborder_cli.rules.sheet import Sheet

_COUNTED = ("unit_value",)  # compared piece by piece
_SAME_SIDE = {"up to": "up to", "over": "up to", "under": "under", "at least": "under"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A limit that decides about a parcel: what is compared with it, and what it does."""

    limit: str  # as a table writes it: 150 EUR, 31 kg
    raw: Limit
    op: str  # up to, over, under, at least
    measure: str  # words: what is compared
    kind: str  # cliff, allowance, waiver, deduction, band
    per: str  # parcel, item line, piece, ...
    made_of: str  # what the measure adds up, where it is not an input itself
    decides: tuple[str, ...]  # names of the regimes and charges that ask
    money: bool
    since: Day
    provenance: Provenance
    owner: str


@dataclass(slots=True)
class _Found:
    """One limit and who asks for it."""

    limit: Limit
    op: str
    name: str
    kind: str
    per: str
    since: int
    provenance: Provenance
    decides: list[str] = field(default_factory=list)


def thresholds_of(sheet: Sheet) -> tuple[Threshold, ...]:
    """Return the limits of all events of a day, money first, each with all who ask for it."""
    tables = sheet.tables
    found: dict[tuple[object, ...], _Found] = {}
    made_of: dict[str, str] = {}
    every: list[_Found] = []
    for charges in sheet.sets.values():
        for charge in (*charges.charges, *(c for r in charges.regimes for c in r.charges)):
            if charge.kind == "amount" and charge.base:
                made_of.setdefault(charge.code, base_words(charge))
        every += _all(charges)
    for programme in sheet.programmes:
        for row in programme.programme.rows:
            asks = any(test.kind == "number" for test in row.when)
            if asks and lasts(row.since, row.until, sheet.day):
                when = tests_on(row.when, sheet.day)
                every += _of_tests(when, f"{programme.id} rates", row, "item line")
    for one in every:
        key = (one.limit, _SAME_SIDE.get(one.op, one.op), one.name, one.kind, one.per)
        kept = found.setdefault(key, one)
        kept.decides += [name for name in one.decides if name not in kept.decides]
    thresholds = [
        Threshold(
            limit=grouped(limit_text(one.limit)),
            raw=one.limit,
            op=_SAME_SIDE.get(one.op, one.op),
            measure=measure(one.name),
            kind=one.kind,
            per=one.per,
            made_of=made_of.get(one.name, ""),
            decides=tuple(one.decides),
            money=bool(one.limit.currency),
            since=one.since,
            provenance=one.provenance,
            owner=tables.owner(one.provenance),
        )
        for one in found.values()
    ]
    return tuple(sorted(thresholds, key=lambda one: not one.money))


def _all(charges: ChargeSet) -> Iterator[_Found]:
    for charge in charges.charges:
        yield from _of_charge(charge)
    for regime in charges.regimes:
        name = regime.name or regime.id.replace("_", " ")
        yield from _of_tests((*regime.when, *regime.unless), name, regime)
        for charge in regime.charges:
            yield from _of_charge(charge)


def _of_charge(charge: Charge) -> Iterator[_Found]:
    name = charge.name or charge.code.replace("_", " ")
    yield from _of_tests((*charge.when, *charge.unless), name, charge)
    base = listed([measure(part.name) for part in charge.base], "and")
    if charge.base_less is not None:
        kind = "allowance, whole items" if charge.fill_items else "allowance"
        yield from _of_dated(charge.base_less, "", base, kind, "parcel", name, charge)
    for one in charge.less:
        if isinstance(one, Dated):
            yield from _of_dated(one, "", charge.code, "deduction", "parcel", name, charge)
    if charge.waive:
        kind = "waiver"
        yield from _of_dated(
            charge.waive_limit, charge.waive, charge.code, kind, "parcel", name, charge
        )
    if isinstance(charge.rate, Bands):
        for row in charge.rate.rows.values():
            yield from _of_bands(charge, charge.rate, row, name)
    for value in (charge.rate, charge.low, charge.high):
        if isinstance(value, Dated):
            yield from _of_rate(value, charge, name)


def _of_bands(charge: Charge, bands: Bands, row: Iterable[Band], name: str) -> Iterator[_Found]:
    per = "parcel" if charge.scope in ("parcel", "lot") else "item line"
    how = "up to" if bands.ends == "up_to" else "at least"
    kind = "band on its part" if bands.kind == "portion" else "band"
    for band in row:
        if band.limit is not None:
            unit = f"{band.limit.per} of an item line" if band.limit.per else per
            source = charge.provenance
            yield _Found(band.limit, how, bands.by, kind, unit, source.since, source, [name])


def _of_rate(rate: Dated, charge: Charge, name: str) -> Iterator[_Found]:
    """Yield the amounts and quantities that a rate lets go free: `/ kg over 31 kg`."""
    for span in rate.spans:
        terms = span.value
        if not isinstance(terms, Terms):
            continue
        for part in terms.parts:
            if part.over[0] and part.units:
                unit = part.units[0]
                money = unit.isupper()
                limit = Limit(part.over, unit if money else "", "" if money else unit)
                what = base_words(charge) if money else unit
                since = max(span.since, charge.provenance.since)
                yield _Found(limit, "", what, "free part", "parcel", since, span.provenance, [name])


def _of_dated(
    dated: Dated | None, op: str, what: str, kind: str, per: str, name: str, charge: Charge
) -> Iterator[_Found]:
    for span in dated.spans if dated else ():
        if isinstance(span.value, Limit) and not span.value.name:
            source = span.provenance if span.provenance.table else charge.provenance
            yield _Found(span.value, op or "up to", what, kind, per, span.since, source, [name])


def _of_tests(
    tests: Iterable[Test], name: str, asker: Charge | Regime | ProgrammeRow, per: str = "parcel"
) -> Iterator[_Found]:
    for test in tests:
        inner = "item line" if test.kind in ("line", "every", "some") else per
        yield from _of_tests(test.tests, name, asker, inner)
        for group in test.groups:
            yield from _of_tests(group, name, asker, per)
        if test.kind != "number" or test.limit is None:
            continue
        for span in test.limit.spans:
            if not isinstance(span.value, Limit):
                continue
            unit = "piece" if test.name in _COUNTED else per
            unit = f"{span.value.per}" if span.value.per else unit
            source = span.provenance if span.provenance.table else asker.provenance
            yield _Found(span.value, test.op, test.name, "cliff", unit, span.since, source, [name])
