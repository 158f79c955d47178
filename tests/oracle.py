"""An exact, slow, row-by-row evaluator of the charge vocabulary, to compare the core with.

Fractions of major units, no numpy, nothing from xborder_cli: it works on the raw texts of the YAML
and was written from the specification alone, so that one mistake is not made twice.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from fractions import Fraction as F  # noqa: N817 - stands in every line
from typing import TYPE_CHECKING, Any

from tests.oracle_parcel import PARTS, NoPrice, Parcel, parcel
from tests.oracle_text import (
    Limit,
    Money,
    Term,
    Terms,
    comparison,
    half_up,
    holds,
    limit,
    quantity,
    ratio,
    rounded,
    terms,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["NoPrice", "Outcome", "parcel", "price"]

Charge = dict[str, Any]
Row = tuple[int, ...]  # the lines that a row is made of
INPUTS = ("insurance", "transfer_value", "purchase_price")
COUNTERS = ("used_this_year", "used_this_half_year", "declared_this_day")
FREIGHTS = ("freight", "freight_to_border", "freight_inland")
DUES = {"border_dues": "border", "checkout_dues": "checkout"}
KINDS = ("duty", "tax", "fee")
SUMS = (*FREIGHTS, *DUES, *KINDS)
FACTS = (
    "channel", "mode", "transport", "incoterm", "buyer", "scheme", "from", "to", "region", "area",
    "option", "platform", "seller",
)  # fmt: skip


@dataclass
class Outcome:
    """What came out: each charge's total in major units, and the regime taken."""

    amounts: dict[str, F]
    regime: str = ""
    refused: str = ""
    lines: dict[str, list[F]] = field(default_factory=dict)  # of line-scope charges, as each row


@dataclass
class Done:
    """A charge that has been worked out."""

    scope: str
    rows: list[Row]
    onward: list[F]  # what later bases read, by row; of a lot: the whole
    total: F  # of one parcel, after round.total and waive
    sum: F  # of all rows: of a lot, before its share is taken
    own_onward: bool
    each: list[F]
    applied: list[bool]
    exempted: list[bool]
    spread: str
    group_by: tuple[str, ...]


def price(rule: dict[str, Any], one: Parcel) -> Outcome:
    """Every charge of a step for one parcel, with the regime that is taken."""
    shared = rule.get("charges", [])
    regimes = rule.get("regimes", [])
    elsewhere = {c["code"] for regime in regimes for c in regime.get("charges", ())}
    elsewhere |= set(rule.get("codes", ()))  # of other days
    alone = _Step(one, shared, elsewhere)
    opened = [regime for regime in regimes if alone.open(regime)]
    if not opened:
        return alone.outcome()
    if rule.get("select", "first") == "first":
        return _taken(one, shared, opened[0], elsewhere)
    refusing = [regime for regime in opened if "refuse" in regime]
    if refusing:
        return _taken(one, shared, refusing[0], elsewhere)
    best: tuple[F, Outcome] | None = None
    for regime in opened:
        outcome = _taken(one, shared, regime, elsewhere)
        charges = [*shared, *regime["charges"]]
        cost = sum((outcome.amounts[c["code"]] for c in charges if c["kind"] in KINDS), F(0))
        if best is None or cost < best[0]:
            best = cost, outcome
    assert best is not None
    return best[1]


def _taken(
    one: Parcel, shared: list[Charge], regime: dict[str, Any], elsewhere: set[str]
) -> Outcome:
    if "refuse" in regime:
        return Outcome({}, regime["id"], regime["refuse"])
    outcome = _Step(one, [*shared, *regime["charges"]], elsewhere).outcome()
    outcome.regime = regime["id"]
    return outcome


class _Step:
    """The charges of one step, worked out when somebody reads them."""

    def __init__(self, one: Parcel, charges: list[Charge], elsewhere: set[str]) -> None:
        self.one = one
        self.elsewhere = elsewhere
        self.charges = charges
        self.by_code = {charge["code"]: charge for charge in charges}
        self.order = [charge["code"] for charge in charges]
        self.done: dict[str, Done] = {}
        self.underway: list[str] = []
        self.all: Row = tuple(range(len(one.lines)))

    def outcome(self) -> Outcome:
        found = {code: self.work(code) for code in self.order}
        return Outcome(
            {code: done.total for code, done in found.items()},
            lines={code: done.each for code, done in found.items() if done.scope == "line"},
        )

    def open(self, regime: dict[str, Any]) -> bool:
        return self.mask(regime, self.all, "parcel")

    # ---- one charge

    def work(self, code: str) -> Done:
        if code in self.done:
            return self.done[code]
        if code in self.underway:
            raise RecursionError(" > ".join([*self.underway, code]))
        self.underway.append(code)
        self.done[code] = self._work(self.by_code[code])
        self.underway.pop()
        return self.done[code]

    def _work(self, charge: Charge) -> Done:
        scope = charge.get("scope", "parcel")
        if scope in ("parcel", "group") and _looks_up(charge):
            scope = "line"  # rates that differ by line are applied by line
        group_by = tuple(_texts(charge.get("group_by", ())))
        rows = self.rows(scope, group_by)
        rounding = _roundings(charge)
        minor = self.one.minor
        masks = [self.mask(charge, row, scope) for row in rows]
        sums, bases = self.bases(charge, scope, rows)
        each: list[F] = []
        raw: list[F] = []
        applied: list[bool] = []
        exempted: list[bool] = []
        subtract = [self.amounts(text, scope, rows) for text in _texts(charge.get("less", ()))]
        for n, row in enumerate(rows):
            if not masks[n]:
                each.append(F(0))
                raw.append(F(0))
                applied.append(False)
                exempted.append(False)
                continue
            base = rounded(bases[n], rounding["base"], minor)
            found, amount = self.rate(charge, base, row, scope)
            for less in subtract:
                amount -= less[n]
            if subtract:
                amount = max(F(0), amount)
            if "min" in charge and (not charge.get("base") or sums[n] > 0):
                amount = max(amount, self.terms(terms(charge["min"]), base, row, scope))
            if "max" in charge:
                amount = min(amount, self.terms(terms(charge["max"]), base, row, scope))
            if "times" in charge:
                amount *= self.times(charge["times"])
            raw.append(amount)
            each.append(rounded(amount, rounding["each"], minor))
            applied.append(found is not None and found.above_zero())
            exempted.append(found is not None and not found.above_zero())
        onward = each
        if rounding["onward"]:  # another rounding of the same amount
            onward = [rounded(value, rounding["onward"], minor) for value in raw]
        total = sum(each, F(0))
        if rounding["total"]:
            total = rounded(total, rounding["total"], minor)
        if "waive" in charge:
            how, bound = comparison(charge["waive"]) or ("", Limit(F(0)))
            if holds(total, how, self.one.converted(Money(bound.amount, bound.unit))):
                total = F(0)
                each = [F(0) for _ in each]
                onward = [F(0) for _ in onward]
        whole = total
        if scope == "lot":
            total = half_up(total / self.one.lot, minor)
        return Done(
            sum=whole,
            scope=scope,
            rows=rows,
            onward=onward,
            total=total,
            own_onward=bool(rounding["onward"]),
            each=each,
            applied=applied,
            exempted=exempted,
            spread=charge.get("spread", "value"),
            group_by=group_by,
        )

    def rows(self, scope: str, group_by: tuple[str, ...]) -> list[Row]:
        if scope == "line":
            return [(n,) for n in self.all]
        if scope != "group":
            return [self.all]
        groups: dict[tuple[str, ...], list[int]] = {}
        for n, line in enumerate(self.one.lines):
            hs = line.hs or f"line {n}"  # goods that nobody names are not alike
            keys = {"hs": hs, "hs6": hs[:6] if line.hs else hs, "origin": line.origin}
            groups.setdefault(tuple(keys[key] for key in group_by), []).append(n)
        return [tuple(lines) for lines in groups.values()]

    def bases(self, charge: Charge, scope: str, rows: list[Row]) -> tuple[list[F], list[F]]:
        """The sums of `base`, and what base_less and gross make of them."""
        code = charge["code"]
        parts = [(ratio(f), name) for f, name in map(_factored, _texts(charge.get("base", ())))]
        parts += [
            (F(1), other["code"])
            for other in self.charges
            if code in _texts(other.get("joins", ()))
        ]
        sums = [F(0)] * len(rows)
        for factor, name in parts:
            for n, value in enumerate(self.read(name, scope, rows, charge)):
                sums[n] += factor * value
        bases = list(sums)
        less = charge.get("base_less")
        if isinstance(less, dict):
            bases = self.filled(bases, rows, self.money(less["amount"]))
        elif less:
            bases = self.allowed(bases, less, scope, rows)
        if "gross" in charge:
            how, other = charge["gross"].split()
            for n, row in enumerate(rows):
                percent, specific = self.split(self.by_code[other], row, scope)
                if how == "up":
                    bases[n] = (bases[n] + specific) / (1 - percent)
                else:
                    bases[n] = bases[n] / (1 + percent)
        return sums, bases

    def allowed(self, bases: list[F], less: str, scope: str, rows: list[Row]) -> list[F]:
        """Bases above an allowance; money is shared among rows by what they are worth."""
        if less[0].isalpha() or scope in ("parcel", "lot"):
            taken = self.amounts(less, scope, rows)
        else:
            money = self.money(less)
            if sum(bases, F(0)) <= money:
                return [F(0)] * len(rows)
            taken = self.shared(money, [half_up(base, self.one.minor) for base in bases])
        return [max(F(0), base - part) for base, part in zip(bases, taken, strict=True)]

    def filled(self, bases: list[F], rows: list[Row], left: F) -> list[F]:
        """An allowance that covers whole items only, dearest first."""
        pieces = [sum(self.one.lines[n].qty for n in row) for row in rows]
        found = list(bases)
        for n in sorted(range(len(rows)), key=lambda n: -bases[n] / pieces[n]):
            each = bases[n] / pieces[n]
            covered = min(pieces[n], left // each) if each else pieces[n]
            left -= covered * each
            found[n] -= covered * each
        return found

    # ---- names

    def read(self, name: str, scope: str, rows: list[Row], reader: Charge | None) -> list[F]:
        """What a name is worth to each row."""
        one = self.one
        if name in self.by_code:
            return self.read_done(self.work(name), scope, rows)
        if name == "goods":
            return [self.goods(row, scope) for row in rows]
        if name in PARTS:
            return [self.part(name, row) * (one.lot if scope == "lot" else 1) for row in rows]
        if name in SUMS:
            return self.kept(name, scope, rows, reader)
        if name in INPUTS + COUNTERS:
            given = one.money.get(name)
            return self.share(given or Money(F(0), one.currency), scope, rows)
        if name in self.elsewhere:
            return [F(0)] * len(rows)  # a charge of a regime that was not taken
        raise KeyError(name)

    def goods(self, row: Row, scope: str) -> F:
        """Declared value: a line is converted by itself, a parcel's sum as a whole."""
        one = self.one
        if scope in ("line", "group"):
            return sum((one.converted(one.lines[n].goods) for n in row), F(0))
        lot = one.lot if scope == "lot" else 1
        declared: dict[str, F] = {}
        for line in one.lines:
            amount = declared.get(line.goods.currency, F(0)) + line.goods.amount * lot
            declared[line.goods.currency] = amount
        return sum((one.converted(Money(value, code)) for code, value in declared.items()), F(0))

    def part(self, name: str, row: Row) -> F:
        return sum((self.one.converted(self.one.lines[n].parts[name]) for n in row), F(0))

    def kept(self, name: str, scope: str, rows: list[Row], reader: Charge | None) -> list[F]:
        """A sum that the evaluator keeps: of totals for a parcel, else of what each row has."""
        if name in FREIGHTS and name in self.one.money:
            given = self.one.money[name]
            return self.share(given or Money(F(0), self.one.currency), scope, rows)
        found = [F(0)] * len(rows)
        if name == "freight_inland":
            return found
        for code in self.order:
            if reader is not None and name == reader.get("kind") and code == reader["code"]:
                break  # a reader of that very kind: those written above it
            if self.belongs(self.by_code[code], name):
                done = self.work(code)
                if scope == "parcel":
                    values = [done.total]
                elif scope == "lot":
                    values = [done.sum if done.scope == "lot" else done.total * self.one.lot]
                else:
                    values = self.read_done(done, scope, rows)
                found = [sum_ + value for sum_, value in zip(found, values, strict=True)]
        return found

    def belongs(self, charge: Charge, name: str) -> bool:
        if name in DUES:
            return (
                charge["kind"] in ("duty", "tax")
                and charge.get("collected", "border") == DUES[name]
            )
        return bool(charge["kind"] == ("freight" if name in FREIGHTS else name))

    def read_done(self, done: Done, scope: str, rows: list[Row]) -> list[F]:
        if scope == "lot":
            return [done.onward[0]] if done.scope == "lot" else [self.whole(done) * self.one.lot]
        if scope == "parcel":
            return [self.whole(done)]
        if done.scope == scope and done.rows == rows:
            return list(done.onward)
        by_line = self.by_line(done)
        return [sum((by_line[n] for n in row), F(0)) for row in rows]

    def whole(self, done: Done) -> F:
        """What a parcel reads."""
        if done.scope == "lot":
            return half_up(done.onward[0] / self.one.lot, self.one.minor)
        if done.scope != "parcel" and not done.own_onward:
            return done.total
        return sum(done.onward, F(0))

    def by_line(self, done: Done) -> list[F]:
        if done.scope in ("parcel", "lot"):
            return self.spread(self.whole(done), self.all, done.spread)
        found = [F(0)] * len(self.all)
        for row, value in zip(done.rows, done.onward, strict=True):
            for n, part in zip(row, self.spread(value, row, done.spread), strict=True):
                found[n] = part
        return found

    def share(self, given: Money, scope: str, rows: list[Row]) -> list[F]:
        """A parcel's input as each row reads it, by value; a lot has as many as parcels."""
        if scope == "lot":
            given = Money(given.amount * self.one.lot, given.currency)
        value = self.one.converted(given)
        if scope in ("parcel", "lot"):
            return [value]
        by_line = self.spread(value, self.all, "value")
        return [sum((by_line[n] for n in row), F(0)) for row in rows]

    def spread(self, value: F, lines: Row, key: str) -> list[F]:
        """Shares of lines."""
        return [value] if len(lines) == 1 else self.shared(value, [self.key(n, key) for n in lines])

    def shared(self, value: F, keys: list[F]) -> list[F]:
        """Shares: differences of rounded running sums, so that they add up exactly."""
        whole = sum(keys, F(0))
        if whole == 0:
            keys, whole = [F(1)] * len(keys), F(len(keys))
        running = itertools.accumulate(keys)
        ends = [half_up(value * upto / whole, self.one.minor) for upto in running]
        return [end - start for start, end in zip([F(0), *ends], ends, strict=False)]

    def key(self, n: int, key: str) -> F:
        line = self.one.lines[n]
        if key == "value":
            return self.one.exactly(line.goods, self.one.currency)
        if key == "items":
            return F(line.qty)
        if key == "weight":
            return line.units.get("net_kg", F(0))
        return F(1)

    def amounts(self, text: str, scope: str, rows: list[Row]) -> list[F]:
        """MONEY or a NAME to take off each row."""
        if text[0].isalpha():
            return self.read(text, scope, rows, None)
        return [self.money(text)] * len(rows)

    def money(self, text: str) -> F:
        bound = limit(text)
        return self.one.converted(Money(bound.amount, bound.unit))

    # ---- rates

    def rate(self, charge: Charge, base: F, row: Row, scope: str) -> tuple[Terms | None, F]:
        """The terms that were found, and the raw amount."""
        rate = charge.get("rate")
        if rate is None:
            return None, base
        if isinstance(rate, str):
            found = terms(rate)
            return found, self.terms(found, base, row, scope)
        if "bands" in rate:
            return self.bands(rate, base, row, scope)
        text = self.found(rate, row[0])
        if text is None:
            return None, F(0)
        return terms(text), self.terms(terms(text), base, row, scope)

    def found(self, rate: Any, line: int) -> str | None:
        """The row of a lookup that a line's rates state."""
        rates = self.one.lines[line].rates
        if isinstance(rate, str):
            return rates.get(rate)
        if "lookup" in rate:
            return rates.get(rate["lookup"])
        if "least" in rate:
            texts = [text for text in (self.found(r, line) for r in rate["least"]) if text]
            return min(texts, key=lambda text: terms(text).parts[0].amount, default=None)
        return next((text for text in (self.found(r, line) for r in rate["pick"]) if text), None)

    def split(self, charge: Charge, row: Row, scope: str) -> tuple[F, F]:
        """The percent of a charge's rate, and its specific part, whether it is due or not."""
        rate = charge.get("rate")
        text = rate if isinstance(rate, str) else self.found(rate, row[0])
        if text is None:
            return F(0), F(0)
        parts = terms(text).parts
        percent = sum((part.amount for part in parts if part.of == "base"), F(0))
        rest = tuple(part for part in parts if part.of != "base")
        return percent, self.terms(Terms(rest), F(0), row, scope)

    def terms(
        self,
        found: Terms,
        base: F,
        row: Row,
        scope: str,
        instead: dict[str, F] | None = None,
        start: F = F(0),
    ) -> F:
        """Addends and their clamp; `instead` gives the measure inside a band."""
        amount = sum(
            (self.term(part, base, row, scope, instead or {}, start) for part in found.parts), F(0)
        )
        if found.low is not None:
            amount = max(amount, self.terms(found.low, base, row, scope, instead, start))
        if found.high is not None:
            amount = min(amount, self.terms(found.high, base, row, scope, instead, start))
        return amount

    def term(self, part: Term, base: F, row: Row, scope: str, instead: dict[str, F], start: F) -> F:
        if part.of == "base":
            return part.amount * base
        if part.of:
            rows = [row]
            if scope in ("line", "group"):
                rows = self.rows(scope, ()) if scope == "line" else rows
            values = self.read(part.of, scope, rows, None)
            return part.amount * values[rows.index(row)]
        price = Money(part.amount, part.currency)
        if not part.units:
            return self.one.converted(price)
        first = part.units[0]
        count = self.count(first, base, row, scope, instead)
        free = start if part.over_band else part.over
        step = part.step
        if len(first) == 3 and first.isupper():  # a currency counts the base, exactly
            step = self.one.exactly(Money(step, first), self.one.currency)
            free = self.one.exactly(Money(free, first), self.one.currency)
        steps = max(F(0), count - free) / step
        if part.started:
            steps = F(-(-steps.numerator // steps.denominator))
        for unit in part.units[1:]:
            steps *= self.count(unit, base, row, scope, instead)
        return self.one.exactly(price, self.one.currency) * steps

    def count(self, unit: str, base: F, row: Row, scope: str, instead: dict[str, F]) -> F:
        one = self.one
        if unit in instead:
            return instead[unit]
        lot = one.lot if scope == "lot" else 1
        if len(unit) == 3 and unit.isupper():
            return base
        lines = [one.lines[n] for n in row]
        if unit == "kg" and scope in ("parcel", "lot"):
            return one.chargeable * lot
        if unit == "cbm":
            volume = one.measure("cbm")
            assert volume is not None
            return volume * lot
        if unit == "day":
            return one.days
        if unit == "item":
            return F(sum(line.qty for line in lines)) * lot
        if unit == "line":
            return F(len(lines))
        if unit == "hs6":
            return F(len({line.hs[:6] or id(line) for line in lines}))
        if unit == "package":
            return F(1)
        held = one.stated("net_kg" if unit == "kg" else unit, row)
        if held is None:
            raise NoPrice(f"the goods do not state {unit}")
        return held * lot

    def bands(self, rate: dict[str, Any], base: F, row: Row, scope: str) -> tuple[Terms, F]:
        table = rate["rows"]
        keys = _texts(rate.get("keys", ()))
        if keys:
            place = "|".join((*(self.one.classes.get(key, "") for key in keys),))
            if place not in table:
                raise NoPrice(f"no rates for {place}")
            table = table[place]
        by, ends = rate["by"], rate["ends"]
        limits = [None if end in ("null", "open") else limit(end) for end, _ in table]
        rates = [terms(text) for _, text in table]
        value, bounds = self.against(by, limits, row, scope)
        # each band as (start, end, rate); the last of `from` and an open end have none
        if ends == "up_to":
            starts = [F(0), *(b for b in bounds[:-1] if b is not None)]
            spans = list(zip(starts, bounds, rates, strict=True))
            inside = [n for n, (_, end, _) in enumerate(spans) if end is None or value <= end]
            chosen = inside[0] if inside else None
        else:
            begins = [b if b is not None else F(0) for b in bounds]
            spans = list(zip(begins, [*begins[1:], None], rates, strict=True))
            inside = [n for n, (start, _, _) in enumerate(spans) if value >= start]
            chosen = inside[-1] if inside else None
        if chosen is None:
            raise NoPrice(f"{by} of {float(value)} is in no band")
        unit = {"chargeable": "kg", "weight": "kg", "days": "day", "items": "item", "cbm": "cbm"}
        if rate["bands"] == "portion":
            amount = F(0)
            for start, end, own in spans:
                inner = (value if end is None else min(value, end)) - start
                if inner > 0:
                    counted = {unit[by]: inner} if by in unit else {}
                    part = base if by in unit else inner
                    amount += self.terms(own, part, row, scope, counted)
            return rates[chosen], amount
        amount = self.terms(rates[chosen], base, row, scope, start=spans[chosen][0])
        if rate["bands"] == "deficit":
            for start, _, own in spans[chosen + 1 :]:
                at_start = self.terms(own, base, row, scope, {unit[by]: start}, start)
                amount = min(amount, at_start)
        return rates[chosen], amount

    def against(
        self, by: str, limits: list[Limit | None], row: Row, scope: str
    ) -> tuple[F, list[F | None]]:
        """The value that bands are chosen by, and their limits, in one unit."""
        measured = self.one.measure(by)
        if by == "items":
            measured = F(sum(self.one.lines[n].qty for n in row))
        if measured is not None:
            if by in ("chargeable", "weight", "items", "cbm") and scope == "lot":
                measured *= self.one.lot
            return measured, [quantity(b) if b else None for b in limits]
        value = self.read(by, scope, self.rows(scope, ()) if scope == "line" else [row], None)
        mine = value[row[0]] if scope == "line" else value[0]
        spoken = {b.unit for b in limits if b is not None}
        if scope == "parcel" and by not in self.by_code and len(spoken) == 1:
            # money is compared in the currency of the limit, as declared
            (currency,) = spoken
            mine = self.one.exactly(
                Money(self.in_currency(by, currency), currency), self.one.currency
            )
        bounds: list[F | None] = []
        for bound in limits:
            if bound is None:
                bounds.append(None)
                continue
            end = self.one.exactly(Money(bound.amount, bound.unit), self.one.currency)
            if bound.per:
                end *= self.count(bound.per, F(0), row, scope, {})
            bounds.append(end)
        return mine, bounds

    def times(self, text: str) -> F:
        if text in self.one.ratios:
            return self.one.ratios[text]
        return ratio(text)

    # ---- conditions

    def mask(self, charge: dict[str, Any], row: Row, scope: str) -> bool:
        if not self.hold(charge.get("when", {}), row, scope):
            return False
        tests = charge.get("unless", {})
        return not any(self.holds(name, value, row, scope) for name, value in tests.items())

    def hold(self, tests: dict[str, Any], row: Row, scope: str) -> bool:
        return all(self.holds(name, value, row, scope) for name, value in tests.items())

    def holds(self, name: str, value: Any, row: Row, scope: str) -> bool:
        one = self.one
        if name == "any":
            return any(self.hold(group, row, scope) for group in value)
        if name == "line":
            return all(self.line_holds(key, test, row[0]) for key, test in value.items())
        if name in ("every", "some"):
            lines = (
                all(self.line_holds(key, test, n) for key, test in value.items()) for n in self.all
            )
            return all(lines) if name == "every" else any(lines)
        if name in ("applied", "exempted"):
            return any(self.flag(name, code, row, scope) for code in _texts(value))
        if name == "due":
            return any(self.collected(code) > 0 for code in _texts(value))
        if name in FACTS or name == "claim":
            return bool(set(one.facts.get(name, ())) & set(_texts(value)))
        if value == "unknown":
            return one.money.get(name) is None
        return all(self.number_holds(name, text) for text in _texts(value))

    def collected(self, name: str) -> F:
        """What is paid of a charge or a sum."""
        if name in self.by_code:
            return self.work(name).total
        return self.read(name, "parcel", [self.all], None)[0]

    def flag(self, kind: str, code: str, row: Row, scope: str) -> bool:
        if code not in self.by_code:
            return False
        done = self.work(code)
        flags = done.applied if kind == "applied" else done.exempted
        if scope == "line" and done.scope == "line":
            return flags[row[0]]
        return any(flags)

    def number_holds(self, name: str, text: str) -> bool:
        found = comparison(text)
        assert found, f"{name}: {text}"
        how, bound = found
        if bound.name:
            return holds(self.plain(name), how, bound.amount * self.plain(bound.name))
        if bound.is_money:
            end = bound.amount
            if bound.per:
                end *= self.count(bound.per, F(0), self.all, "parcel", {})
            return holds(self.in_currency(name, bound.unit), how, end)
        return holds(self.plain(name), how, quantity(bound))

    def plain(self, name: str) -> F:
        measured = self.one.measure(name)
        return self.in_currency(name, self.one.currency) if measured is None else measured

    def in_currency(self, name: str, currency: str) -> F:
        """An amount of the parcel in a limit's currency, never rounded on the way."""
        one = self.one
        if name not in self.by_code:
            if name == "goods":
                return one.goods_exact(currency)
            given = one.money.get(name)
            if given is not None:
                return one.exactly(given, currency)
        elif _only_adds(self.by_code[name]):
            charge = self.by_code[name]
            if not self.mask(charge, self.all, "parcel"):
                return F(0)
            parts = (_factored(text)[1] for text in _texts(charge["base"]))
            return sum((self.in_currency(part, currency) for part in parts), F(0))
        asking = self.by_code[self.underway[-1]] if self.underway else None
        value = self.read(name, "parcel", [self.all], asking)[0]
        return one.exactly(Money(value, one.currency), currency)

    def line_holds(self, name: str, value: Any, n: int) -> bool:
        line = self.one.lines[n]
        if name == "hs":
            return any(line.hs.startswith(prefix) for prefix in _texts(value))
        if name == "origin":
            return line.origin in _texts(value)
        if name == "trait":
            return bool(set(line.traits) & set(_texts(value)))
        if name == "claim":
            return bool(set(line.claims) & set(_texts(value)))
        assert name in ("goods", "unit_value"), name
        for text in _texts(value):
            found = comparison(text)
            assert found, text
            how, bound = found
            if bound.name:  # a multiple of what a charge is for this very line
                have = self.one.exactly(line.goods, self.one.currency)
                whole = self.read(bound.name, "line", [(at,) for at in self.all], None)[n]
                if not holds(have, how, bound.amount * whole):
                    return False
                continue
            have = self.one.exactly(line.goods, bound.unit)
            end = bound.amount
            if bound.per:
                end *= self.count(bound.per, F(0), (n,), "line", {})
            elif name == "unit_value":
                end *= line.qty
            if not holds(have, how, end):
                return False
        return True


def _texts(value: Any) -> Sequence[str]:
    return (value,) if isinstance(value, str) else tuple(value)


def _factored(text: str) -> tuple[str, str]:
    factor, sign, name = text.rpartition(" x ")
    return (factor, name.strip()) if sign else ("1", text.strip())


def _only_adds(charge: Charge) -> bool:
    """Whether a charge is the plain sum of its bases: it is compared as declared."""
    plain = {"code", "kind", "base", "scope", "group_by", "when", "unless", "spread", "note"}
    plain |= {"payer", "checked", "from", "until"}
    by_line = {"line", "applied", "exempted"}
    tests = {**charge.get("when", {}), **charge.get("unless", {})}
    inner = {key for group in tests.get("any", ()) for key in group}
    return (
        charge["kind"] == "amount"
        and bool(charge.get("base"))
        and not charge.keys() - plain
        and all(ratio(_factored(text)[0]) == 1 for text in _texts(charge["base"]))
        and not (tests.keys() | inner) & by_line
    )


def _looks_up(charge: Charge) -> bool:
    rate = charge.get("rate")
    return isinstance(rate, dict) and ("lookup" in rate or "pick" in rate)


def _roundings(charge: Charge) -> dict[str, str]:
    stated = charge.get("round", {})
    if isinstance(stated, str):
        stated = {"each": stated}
    return {"base": "exact", "each": "half up", "onward": "", "total": "", **stated}
