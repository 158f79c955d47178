"""Extra duties of the United States against an oracle of who excludes whom.

The oracle knows the matrix and reads the rows of the programme tables by itself; of the market
file, which says the same to the program, it knows nothing. Percentages only.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

FOLDER = Path(__file__).parents[1] / "rates" / "duties" / "us"
UNION = {"DE", "FR", "IT", "PL"}  # some members, as the tables name the union alone
VALUE = 10_000  # USD: every percentage of the tables is whole cents of it
FIRST_DAY = date(2026, 4, 6)  # before it metals were taxed on their metal content, which is asked
LAST_DAY = date(2026, 11, 22)
TURNS = [
    date(2026, 4, 6),
    date(2026, 6, 8),  # annexes of the metals
    date(2026, 7, 22),  # Brazil
    date(2026, 7, 24),  # Section 122 gives way to the forced-labour action
    date(2026, 8, 22),  # Section 338
    date(2026, 9, 3),  # drones
    date(2026, 9, 29),  # medicines
]
ORIGINS = [
    "CN",
    "HK",
    "VN",
    "TH",
    "GB",
    "BR",
    "KE",
    "IN",
    "NZ",
    "JP",
    "KR",
    "CH",
    "TW",
    "DE",
    "FR",
    "IT",
    "PL",
    "MX",
    "CA",
]
PLAIN, METAL, PHONE, BRAKES, BOOK = [
    "6109100012",
    "7323930045",
    "8517130000",
    "8708305030",
    "49019900",
]


@dataclass(frozen=True)
class Row:
    """One row of a programme: the rate is None where only words tell it."""

    hs: str
    origins: frozenset[str]
    percent: Fraction | None
    since: date
    until: date
    when: str

    def holds(self, code: str, origin: str, day: date, claim: str) -> bool:
        named = not self.origins or origin in self.origins
        stated = not self.when or (bool(claim) and self.when == f"{{claim: {claim}}}")
        return code.startswith(self.hs) and named and self.since <= day <= self.until and stated


@cache
def rows(programme: str) -> tuple[Row, ...]:
    document = yaml.safe_load((FOLDER / f"{programme}.yaml").read_text(encoding="utf-8"))
    lines = [
        re.split(r"\s{2,}", line.strip())
        for line in document["rows"].splitlines()
        if line.strip() and not line.strip().startswith("#")
    ]
    columns = lines[0]
    return tuple(_row(dict(zip(columns, cells, strict=False))) for cells in lines[1:])


def _row(cells: dict[str, str]) -> Row:
    origins = set(cells.get("origin", "-").split()) - {"-"}
    if "EU" in origins:
        origins |= UNION
    percent = re.fullmatch(r"([\d.]+) %", cells["rate"])
    until = cells.get("until", "-")
    when = cells.get("when", "-")
    return Row(
        hs="" if cells["hs"] == "*" else cells["hs"],
        origins=frozenset(origins),
        percent=Fraction(percent[1]) if percent else None,
        since=date.fromisoformat(cells["from"]),
        until=date.max if until == "-" else date.fromisoformat(until),
        when="" if when == "-" else when,
    )


def found(programme: str, code: str, origin: str, day: date, claim: str = "") -> Row | None:
    """Longest prefix, then a named origin, then a row that asks for something."""
    fitting = [row for row in rows(programme) if row.holds(code, origin, day, claim)]
    return max(fitting, key=lambda r: (len(r.hs), bool(r.origins), bool(r.when)), default=None)


def percent_of(row: Row | None) -> Fraction:
    if row is None:
        return Fraction(0)
    assume(row.percent is not None)
    assert row.percent is not None
    return row.percent


def column_1(code: str, origin: str, day: date, claim: str) -> Fraction | None:
    """The lower of the general and the claimed rate; None where no percentage tells it."""
    general, special = (found(one, code, origin, day, claim) for one in ("mfn", "preference"))
    if general is None or general.percent is None or (special and special.percent is None):
        return None
    return min(general.percent, special.percent or Fraction(0)) if special else general.percent


def extras(
    code: str, origin: str, day: date, claim: str, column: Fraction
) -> dict[str, Fraction | None]:
    """What the matrix adds to column 1, in percent by programme; None: known only in words."""

    def rate(programme: str) -> Fraction:
        return percent_of(found(programme, code, origin, day, claim))

    def lift(total: Fraction) -> Fraction:
        return max(Fraction(0), total - column)

    due: dict[str, Fraction | None] = {"us_301_cn": rate("us_301_cn")}
    reach = rate("us_232_floor")
    due["us_232_floor"] = lift(reach)
    due["us_232"] = Fraction(0) if reach else rate("us_232")
    if found("us_338", code, origin, day):
        due["us_338"] = None
    if reach or due["us_232"]:  # goods of Section 232: no forced labour, no Brazil, no surcharge
        return due
    if origin == "BR":
        assume(not code.startswith(("3706", "49", "852349", "852380", "97")))  # not in the matrix
    due["us_301_br"] = rate("us_301_br")
    if claim:
        return due  # goods of the USMCA: neither forced labour nor surcharge
    due["us_122"] = rate("us_122")
    forced = found("us_301_fl", code, origin, day)
    due["us_301_fl"] = percent_of(forced)
    if forced is None:  # an exemption switches the total to reach off as well
        due["us_301_fl_floor"] = lift(rate("us_301_fl_floor"))
    return due


@cache
def codes() -> tuple[str, ...]:
    programmes = ("mfn", "us_301_cn", "us_232", "us_232_floor", "us_301_fl", "us_122")
    return tuple(sorted({row.hs for one in programmes for row in rows(one) if row.hs}))


days = st.one_of(
    st.sampled_from([day + timedelta(step) for day in TURNS for step in (-1, 0, 1)]),
    st.dates(FIRST_DAY, LAST_DAY),
).filter(lambda day: day >= FIRST_DAY)


@st.composite
def goods(draw: st.DrawFn) -> str:
    prefix = draw(st.sampled_from(codes()))
    rest = 10 - len(prefix)
    return (
        prefix + draw(st.one_of(st.just("0" * rest), st.text("0123456789", min_size=rest)))[:rest]
    )


def asked(
    xb, code: str, origin: str, day: date, claim: str = "", base: Fraction | None = None
) -> tuple[dict[str, Fraction], set[str]]:
    """What the program answers: percent of the value by charge, and the duties it does not know."""
    argv = ["duty", "--to", "US", "--from", origin, "--hs", code, "--value", f"{VALUE}USD"]
    argv += ["--channel", "commercial", "--on", day.isoformat(), "--format", "json"]
    argv += ["--claim", claim] if claim else []
    argv += ["--set", f"mfn={float(base)}%"] if base is not None else []
    ran = xb(argv)
    assert ran.stdout, ran.stderr
    charges = [one for one in json.loads(ran.stdout)["charges"] if one["kind"] == "duty"]
    amounts = {one["code"]: Fraction(one["amount"]) * 100 / VALUE for one in charges}
    return amounts, {one["code"] for one in charges if one["unknown"]}


@given(
    code=goods(),
    origin=st.sampled_from(ORIGINS),
    day=days,
    usmca=st.booleans(),
    stated=st.sampled_from([0, 2, 4, Fraction("9.99"), 10, Fraction("12.5"), 15, 33]),
)
@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
def test_duties_add_up_as_the_matrix_says(
    xb, code: str, origin: str, day: date, usmca: bool, stated: Fraction
) -> None:
    claim = "USMCA" if usmca and origin in ("CA", "MX") else ""
    known = column_1(code, origin, day, claim)
    column = Fraction(stated) if known is None else known
    expected = extras(code, origin, day, claim, column)
    amounts, unknown = asked(xb, code, origin, day, claim, column if known is None else None)
    above = {one: rate for one, rate in {"mfn": column, **expected}.items() if rate}
    assert {one: rate for one, rate in amounts.items() if rate} == above
    assert unknown == {one for one, rate in expected.items() if rate is None}
    assert sum(amounts.values()) == column + sum(rate or 0 for rate in expected.values())


# goods, origin, programmes due on 2026-11-22 beside column 1; each line is a cell of the matrix
CELLS = [
    (PLAIN, "CN", {"us_301_cn", "us_301_fl"}),
    (PLAIN, "BR", {"us_301_fl", "us_301_br"}),
    (METAL, "CN", {"us_232"}),  # on no China list
    (BRAKES, "CN", {"us_301_cn", "us_232"}),
    (METAL, "BR", {"us_232"}),
    (METAL, "DE", {"us_232"}),
    (METAL, "VN", {"us_232"}),
    (BRAKES, "DE", {"us_232_floor"}),
    (BRAKES, "BR", {"us_232"}),
    (BRAKES, "GB", {"us_232_floor"}),
    (PHONE, "CN", set()),
    (PHONE, "DE", set()),
    (PHONE, "BR", set()),
    (PHONE, "JP", set()),
    (BOOK, "CN", {"us_301_cn"}),
    (BOOK, "DE", set()),
    (PLAIN, "KE", set()),
    (PLAIN, "HK", {"us_301_fl"}),
]


@pytest.mark.parametrize(("code", "origin", "programmes"), CELLS)
def test_a_cell_of_the_matrix(xb, code: str, origin: str, programmes: set[str]) -> None:
    amounts, unknown = asked(xb, code, origin, LAST_DAY)
    assert {one for one, rate in amounts.items() if rate} - {"mfn"} == programmes
    assert not unknown


@pytest.mark.parametrize("origin", ["DE", "TW", "JP", "KR", "CH"])
@pytest.mark.parametrize("base", ["0", "3.7", "9.99", "10", "12.49", "12.5", "20"])
def test_a_total_is_reached_and_never_passed(xb, origin: str, base: str) -> None:
    total = Fraction("10") if origin in ("DE", "TW") else Fraction("12.5")
    amounts, _ = asked(xb, "8481803010", origin, LAST_DAY, base=Fraction(base))
    assert sum(amounts.values()) == max(total, Fraction(base))


@pytest.mark.parametrize("day", [date(2026, 7, 21) + timedelta(step) for step in range(6)])
@pytest.mark.parametrize("origin", ["CN", "BR", "DE", "KE"])
def test_the_surcharge_and_the_forced_labour_duty_never_meet(xb, origin: str, day: date) -> None:
    amounts, _ = asked(xb, PLAIN, origin, day, base=Fraction(0))
    surcharge = amounts.get("us_122", 0)
    forced = amounts.get("us_301_fl", 0) + amounts.get("us_301_fl_floor", 0)
    assert not (surcharge and forced)
    assert bool(surcharge) == (day < date(2026, 7, 24))
    assert bool(forced) == (day >= date(2026, 7, 24) and origin != "KE")
