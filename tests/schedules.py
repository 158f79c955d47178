"""Random charge schedules and parcels, as the texts that a table and a try would hold."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import strategies as st

Charge = dict[str, Any]
DIGITS = {"AAA": 2, "BBB": 2, "YYY": 0, "KKK": 3}
LEVELS = ("freight", "duty", "tax", "fee")
SHARES = ("0.5 %", "2.5 %", "3.3333 %", "7 %", "10 %", "12.75 %", "19 %", "30 %", "1/3", "22/78")
ROUNDINGS = ("half up to {}", "down to {}", "up to {}")


class Maker:
    """Draws the charges of one schedule, each reading only what stands lower."""

    def __init__(self, draw: Any, currency: str, foreign: str, stated: tuple[str, ...]) -> None:
        self.draw = draw
        self.currency = currency
        self.foreign = foreign
        self.stated = stated
        self.charges: list[Charge] = []
        self.levels: dict[str, int] = {}

    # ---- small texts

    def pick(self, values: Any) -> Any:
        return self.draw(st.sampled_from(list(values)))

    def chance(self, one_in: int) -> bool:
        return bool(self.draw(st.integers(1, one_in)) == one_in)

    def number(self, low: int, high: int, digits: int) -> str:
        whole = self.draw(st.integers(low * 10**digits, high * 10**digits))
        return decimal(whole, digits)

    def money(self, high: int, *, foreign: bool = True) -> str:
        code = self.foreign if foreign and self.chance(4) else self.currency
        return f"{self.number(0, high, DIGITS[code])} {code}"

    def step(self) -> str:
        digits = DIGITS[self.currency]
        step = self.pick(("1", "10", "5", "100", *(("0.05", "0.1") if digits else ())))
        return f"{step} {self.currency}"

    # ---- a charge

    def charge(self, level: int, scopes: tuple[str, ...]) -> Charge:
        code = f"c{len(self.charges)}"
        kind = self.pick((LEVELS[level], LEVELS[level], "amount"))
        one: Charge = {"code": code, "kind": kind}
        scope = self.pick(scopes)
        if scope != "parcel":
            one["scope"] = scope
        if scope == "group":
            one["group_by"] = [self.pick(("hs6", "origin"))]
        if kind in ("duty", "tax") and self.chance(3):
            one["collected"] = "checkout"
        if self.charges and self.chance(4):
            one["spread"] = self.pick(("value", "items", "equal"))
        if (
            "lot" not in scopes
        ):  # whether a limit is the lot's or a parcel's is the table's business
            self.conditions(one, level, scope)
        flat = self.chance(5)
        if not flat:
            names = self.names(level, kind)
            one["base"] = [self.part(self.pick(names)) for _ in range(self.pick((1, 1, 2, 3)))]
            one["base"] = list({part.split()[-1]: part for part in one["base"]}.values())
        if flat or not self.chance(4) or kind != "amount":
            one["rate"] = self.rate(scope, flat=flat)
        self.modifiers(one, level, scope, flat=flat)
        self.charges.append(one)
        self.levels[code] = level
        return one

    def names(self, level: int, kind: str) -> list[str]:
        names = ["goods", *self.stated]
        names += [code for code in self.levels for _ in (1, 2)]
        names += [LEVELS[n] for n in range(1, level)]
        if level == 3:
            names += ["border_dues", "checkout_dues"]
        if kind in ("duty", "tax", "fee"):
            names.append(kind)  # those written above
        return names

    def part(self, name: str) -> str:
        return f"{self.pick(('1.1', '50 %', '1/3'))} x {name}" if self.chance(5) else name

    def rate(self, scope: str, *, flat: bool) -> Any:
        if not flat and scope != "lot" and self.chance(5):
            return {"lookup": self.pick(("p0", "p1"))}
        if scope != "lot" and self.chance(6):
            return self.bands(scope, flat=flat)
        parts = [self.term(scope, flat=flat)]
        if self.chance(4):
            parts.append(self.term(scope, flat=flat))
        text = " + ".join(parts)
        if self.chance(6):
            text += f" min {self.term(scope, flat=True)}"
        if self.chance(6):
            text += f" max {self.term(scope, flat=True)}"
        return text

    def term(self, scope: str, *, flat: bool) -> str:
        if not flat and self.chance(2):
            return str(self.pick(SHARES))
        if self.chance(3):
            return self.money(30)
        if not flat and self.chance(6):
            size = f"{self.pick((1, 20, 100))} {self.currency}"
            free = f" over {self.pick((5, 100))} {self.currency}" if self.chance(2) else ""
            return f"{self.money(3)} / {self.pick(('', 'started '))}{size}{free}"
        unit = self.pick(self.units(scope))
        amount = self.money(9)
        started = "started " if self.chance(3) else ""
        size = self.pick(("", "2 ", "3 ")) if unit in ("item", "line") else ""
        if unit in ("kg", "litre"):
            size = self.pick(("", "0.5 ", "0.3 "))
        over = f" over {self.pick(('1', '2'))} {unit}" if self.chance(4) else ""
        return f"{amount} / {started}{size}{unit}{over}"

    def units(self, scope: str) -> tuple[str, ...]:
        if scope == "parcel":
            return ("item", "line", "hs6", "kg", "litre")
        return ("item", "kg") if scope == "lot" else ("item", "litre")

    def bands(self, scope: str, *, flat: bool) -> Charge:
        by = self.pick(("goods", "items", *(("chargeable",) if scope == "parcel" else ())))
        kind = self.pick(("whole", "portion", *(("deficit",) * (by == "chargeable"))))
        ends = self.pick(("up_to", "from")) if kind != "portion" else "up_to"
        limits = sorted(self.draw(st.sets(st.integers(1, 40), min_size=1, max_size=3)))
        unit = {"items": "item", "chargeable": "kg"}.get(by, "")
        per = unit or "item"
        rows = []
        cells = [self.cell(kind, by, per, flat=flat) for _ in range(len(limits) + 1)]
        if by == "chargeable" and kind != "portion":  # a table whose prices fall is a fault
            size = self.draw(st.integers(10, 99))
            ends_in = self.pick((f" {self.currency}", f" {self.currency} / kg"))
            cells = [f"{size + 5 * n}{ends_in}" for n in range(len(cells))]
        for bound, cell in zip(limits, cells, strict=False):
            rows.append([f"{bound} {unit}" if unit else f"{10 * bound} {self.currency}", cell])
        if ends == "up_to":
            rows.append(["open", cells[-1]])
        else:
            rows[0][0] = f"0 {unit}" if unit else f"0 {self.currency}"
        return {"bands": kind, "by": by, "ends": ends, "rows": rows}

    def cell(self, kind: str, by: str, per: str, *, flat: bool) -> str:
        if kind == "portion":
            return str(self.pick(SHARES)) if by == "goods" else f"{self.money(9)} / {per}"
        choices = [self.money(40), f"{self.money(9)} / {per}"]
        if not flat:
            choices.append(self.pick(SHARES))
        return str(self.pick(choices))

    def modifiers(self, one: Charge, level: int, scope: str, *, flat: bool) -> None:
        based = "base" in one
        codes = list(self.levels)
        scope = "line" if looks_up(one) and scope != "lot" else scope  # as it is worked out
        if based and self.chance(6):
            options: list[Any] = [self.money(60)]
            if codes:
                options.append(self.pick(codes))
            if scope == "line" and one["base"] == ["goods"]:
                options.append({"amount": self.money(60), "fill": "items"})
            one["base_less"] = self.pick(options)
        if based and self.chance(6):
            grossed = [c["code"] for c in self.charges if has_terms(c, scope)]
            if has_terms(one, scope):
                grossed.append(one["code"])
            if grossed:
                one["gross"] = f"{self.pick(('up', 'down'))} {self.pick(grossed)}"
        if "rate" in one and self.chance(6):
            one["less"] = [self.pick((self.money(9), *codes))]
        if self.chance(5):
            one["min"] = self.term(scope, flat=True)
        if self.chance(5):
            one["max"] = self.term(scope, flat=flat)
        if self.chance(6):
            one["times"] = self.pick(("0.7", "11/12", "78 %", "return_rate"))
        if self.chance(3):
            one["round"] = self.round(scope)
        if self.chance(6):
            limit = self.money(30, foreign=False)
            one["waive"] = f"{self.pick(('up to', 'under'))} {limit}"

    def round(self, scope: str) -> Any:
        def rule() -> str:
            return str(self.pick(ROUNDINGS)).format(self.step())

        if self.chance(3):
            return rule()
        stated: dict[str, str] = {}
        if self.chance(2):
            stated["base"] = rule()
        if scope in ("line", "group") and self.chance(2):
            stated["each"] = "exact"
            stated["total"] = rule()
        elif self.chance(2):
            stated["each"] = rule()
        if self.chance(3):
            stated["onward"] = rule()
        if self.chance(3):
            stated["total"] = rule()
        return stated or rule()

    def conditions(self, one: Charge, level: int, scope: str) -> None:
        for key in ("when", "unless"):
            if self.chance(4):
                tests = self.tests(scope)
                if self.chance(3):
                    tests = {"any": [tests, self.tests(scope)]}
                one[key] = tests

    def tests(self, scope: str) -> dict[str, Any]:
        how = self.pick(("over", "at least", "up to", "under"))
        kinds = ["goods", "items", "weight", "some", "ratio"]
        kinds += ["line"] * (scope == "line") + ["code", "due"] * bool(self.levels)
        kinds += ["applied"] * bool(self.looking_up())
        kind = self.pick(kinds)
        if kind == "goods":
            return {"goods": f"{how} {self.money(90)}"}
        if kind == "items":
            return {"items": f"{how} {self.pick((1, 2, 5))}"}
        if kind == "weight":
            return {"weight": f"{how} {self.number(0, 6, 1)} kg"}
        if kind == "ratio":
            return {"goods": f"{how} 2 x {self.pick(('freight', 'insurance'))}"}
        if kind in ("some", "line"):
            inside = self.pick(
                (
                    {"unit_value": f"{how} {self.money(40)}"},
                    {"goods": f"{how} {self.money(60)}"},
                    {"origin": "CC"},
                    {"trait": "liquid"},
                    {"hs": ["6109", "62"]},
                )
            )
            where = self.pick(("some", "every")) if kind == "some" else "line"
            return {where: inside}
        code = self.pick(list(self.levels))
        if kind == "code":
            return {code: f"{how} {self.money(30)}"}
        if kind == "due":
            return {"due": code}
        return {self.pick(("applied", "exempted")): self.pick(self.looking_up())}

    def looking_up(self) -> list[str]:
        return [c["code"] for c in self.charges if looks_up(c)]


def looks_up(charge: Charge) -> bool:
    return isinstance(charge.get("rate"), dict) and "lookup" in charge["rate"]


def has_terms(charge: Charge, scope: str) -> bool:
    """Whether a gross-up may name it: its rate is terms that any row of the scope can read."""
    rate = charge.get("rate")
    if looks_up(charge):
        return scope == "line"
    same = charge.get("scope", "parcel") == scope
    if not isinstance(rate, str) or re.search(r" (min|max) |/ (started )?\d+ [A-Z]{3}\b", rate):
        return False  # a clamp, or a count of the base, has no inverse
    return same


def decimal(whole: int, digits: int) -> str:
    text = str(whole).rjust(digits + 1, "0")
    return f"{text[:-digits]}.{text[-digits:]}" if digits else text


@st.composite
def schedules(
    draw: Any,
    scopes: tuple[str, ...] = ("parcel", "line", "group"),
    most: int = 8,
    regimes: bool = True,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A rule, and what all of its tries share: currency, exchange rates, stated inputs."""
    currency = draw(st.sampled_from(("AAA", "YYY", "KKK")))
    foreign = draw(st.sampled_from(("BBB", "YYY") if currency != "YYY" else ("BBB", "KKK")))
    rate = decimal(draw(st.integers(1, 300_000)), draw(st.sampled_from((1, 3, 4))))
    pair = draw(st.sampled_from((f"{foreign}/{currency}", f"{currency}/{foreign}")))
    maker = Maker(draw, currency, foreign, ("freight", "insurance"))
    levels = sorted(draw(st.lists(st.integers(1, 3), min_size=1, max_size=most)))
    for level in levels:
        maker.charge(level, scopes)
    charges = maker.charges
    for place, one in enumerate(list(charges)):
        if one["kind"] == "amount" and "base" in one and draw(st.integers(1, 4)) == 4:
            for other in charges[:place]:
                if draw(st.integers(1, 3)) == 3:
                    other.setdefault("joins", []).append(one["code"])
    rule: dict[str, Any] = {"charges": charges}
    if regimes and "lot" not in scopes and draw(st.booleans()):
        rule = divided(draw, maker, scopes)
    shared = {
        "currency": currency,
        "foreign": foreign,
        "digits": {code: str(n) for code, n in DIGITS.items()},
        "fx": {pair: rate},
        "return_rate": draw(st.sampled_from(("5 %", "1/3"))),
    }
    return rule, shared


def divided(draw: Any, maker: Maker, scopes: tuple[str, ...]) -> dict[str, Any]:
    """Some charges shared, some in regimes; a regime reads its own charges and the shared ones."""
    shared = list(maker.charges)
    known = dict(maker.levels)
    found = []
    for number in range(draw(st.integers(1, 3))):
        regime: dict[str, Any] = {"id": f"r{number}"}
        if draw(st.integers(1, 3)) > 1:
            regime["when"] = maker.tests("parcel")
        maker.charges, maker.levels = list(shared), dict(known)
        if draw(st.integers(1, 5)) == 5:
            regime["refuse"] = "not this way"
        else:
            top = max(known.values(), default=1)
            for level in sorted(draw(st.lists(st.integers(top, 3), min_size=1, max_size=3))):
                maker.charge(level, scopes)
            regime["charges"] = maker.charges[len(shared) :]
        found.append(regime)
    return {
        "select": draw(st.sampled_from(("first", "cheapest"))),
        "charges": shared,
        "regimes": found,
    }


@st.composite
def parcels(draw: Any, shared: dict[str, Any], most: int = 4, high: int = 300) -> dict[str, Any]:
    """One try for a schedule; lines are told apart by the last digits of their codes."""
    foreign = shared["foreign"]
    own = shared["currency"]
    declared = draw(st.sampled_from((own, own, foreign)))

    def money(code: str, high: int) -> str:
        return f"{decimal(draw(st.integers(0, high * 10 ** DIGITS[code])), DIGITS[code])} {code}"

    lines = []
    for _ in range(draw(st.integers(1, most))):
        rates = {}
        for name in ("p0", "p1"):
            if draw(st.booleans()):
                rates[name] = draw(st.sampled_from(LINE_RATES)).format(own)
        lines.append(
            {
                "goods": money(declared, high),
                "qty": str(draw(st.integers(1, 5))),
                "hs": draw(st.sampled_from(("610910", "610990", "620610", "330300"))),
                "origin": draw(st.sampled_from(("CC", "DD"))),
                "trait": draw(st.sampled_from(("liquid", "apparel"))),
                "litre": f"{decimal(draw(st.integers(0, 40)), 1)} litre",
                "rates": rates,
            }
        )
    return {
        **{key: value for key, value in shared.items() if key != "foreign"},
        "lines": lines,
        "freight": money(draw(st.sampled_from((own, foreign))), high // 6),
        "insurance": money(own, 10),
        "weight": f"{draw(st.integers(1, 40_000))} g",
        "size": "x".join(str(draw(st.integers(1, 80))) for _ in range(3)) + " cm",
    }


LINE_RATES = (
    "0 %", "4 %", "16.5 %", "12.75 %", "0.90 {0} / item", "3 % + 0.44 {0} / item",
    "15 % min 6.7 {0} / litre max 12.5 {0} / litre", "30 % min 2 {0}",
)  # fmt: skip


def numbered(givens: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same tries with a code of its own for every line, so that its rates can be found."""
    number = 0
    out = []
    for given in givens:
        lines = []
        for line in given["lines"]:
            lines.append({**line, "hs": f"{line['hs']}{number:04}"})
            number += 1
        out.append({**given, "lines": lines})
    return out
