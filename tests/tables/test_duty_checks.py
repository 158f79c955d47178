"""Duty rows against each other: what is told, and that dropping what is told changes no duty."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xborder_cli.core import rule
from xborder_cli.core.rule import Programme, ProgrammeRow, Provenance, Term, Terms
from xborder_cli.tables.checks import check_tables
from xborder_cli.tables.duty_checks import check_duties
from xborder_cli.tables.load import load_tables, load_text
from xborder_cli.tables.place import Place
from xborder_cli.tables.tables import Tables

if TYPE_CHECKING:
    from pathlib import Path

CLAIMED = (rule.Test("is", "claim", ("preference",)),)
CODES = ("", "6", "61", "62", "610", "6109")
ASKED = ("6109", "6108", "6102", "6201", "7101")
ORIGINS = ("", "XA", "XB")
LAST = 8  # day


def row_at(
    hs: str, percent: int, origin: str = "", since: int = 0, until: int | None = None,
    when: tuple[rule.Test, ...] = (),
) -> ProgrammeRow:  # fmt: skip
    terms = Terms((Term((percent, 100), "base"),))
    return ProgrammeRow(hs, origin, terms, since, until, Provenance("", 1), when)


@st.composite
def lists_of_rows(draw: st.DrawFn) -> list[ProgrammeRow]:
    row = st.builds(
        row_at,
        st.sampled_from(CODES),
        st.sampled_from((5, 5, 8)),
        st.sampled_from(ORIGINS),
        st.integers(0, LAST),
        st.none() | st.integers(0, LAST),
        st.sampled_from(((), (), CLAIMED)),
    )
    rows = draw(
        st.lists(row, max_size=10, unique_by=lambda one: (one.hs, one.origin, one.since, one.when))
    )
    right = [one for one in rows if one.until is None or one.until >= one.since]
    # every row in a file of its own: a programme and file are told of once
    return [replace(one, provenance=Provenance(f"{n}.yaml", n + 1)) for n, one in enumerate(right)]


def told(rows: list[ProgrammeRow], *codes: str) -> list[str]:
    """Return the files of rows that the checks tell of."""
    programme = Programme("XB", "mfn", "XBY", Provenance("", 1), tuple(rows))
    tables = Tables(programmes={("XB", "mfn"): programme})
    return [p.where.path for p in check_duties(Place(tables), tables) if p.code in codes]


def answer(rows: list[ProgrammeRow], hs: str, origin: str, day: int, claim: bool) -> Terms | None:
    """Return the rate as docs/tables.md says: longest prefix, named origin, condition, day."""
    fit = [
        row
        for row in rows
        if hs.startswith(row.hs)
        and row.origin in ("", origin)
        and row.since <= day <= (LAST + 1 if row.until is None else row.until)
        and (claim or not row.when)
    ]
    best = max(
        fit, key=lambda row: (len(row.hs), row.origin, bool(row.when), row.since), default=None
    )
    return best and best.terms


@given(lists_of_rows())
def test_rows_told_as_shadowed_change_no_answer(rows: list[ProgrammeRow]) -> None:
    dropped = told(rows, "row-shadowed")
    kept = [row for row in rows if row.provenance.table not in dropped]
    for asked in product(ASKED, ("XA", "XB", "XC"), range(LAST + 2), (False, True)):
        assert answer(rows, *asked) == answer(kept, *asked), asked


@given(st.dictionaries(st.sampled_from(CODES), st.sampled_from((5, 8))))
def test_every_shadowed_row_of_plain_tables_is_told(rates: dict[str, int]) -> None:
    rows = [
        replace(row_at(hs, percent), provenance=Provenance(f"{hs}.yaml", 1))
        for hs, percent in rates.items()
    ]
    expected = []
    for hs, percent in rates.items():
        shorter = [hs[:n] for n in range(len(hs)) if hs[:n] in rates]
        below = {rates[longer] for longer in rates if shorter and longer.startswith(shorter[-1])}
        if below == {percent}:
            expected.append(f"{hs}.yaml")
    assert sorted(told(rows, "row-shadowed")) == sorted(expected)


def test_lines_listed_beside_one_that_differs_are_not_told() -> None:
    rows = [
        replace(row_at(hs, percent), provenance=Provenance("XB", line))
        for line, (hs, percent) in enumerate((("080212", 3), ("08021210", 0), ("08021290", 3)))
    ]
    assert told(rows, "row-shadowed") == []
    assert len(told([rows[0], rows[2]], "row-shadowed")) == 1


@given(lists_of_rows())
def test_days_that_two_rows_claim_are_told(rows: list[ProgrammeRow]) -> None:
    def days(row: ProgrammeRow) -> set[int]:
        return set(range(row.since, (row.since if row.until is None else row.until) + 1))

    pairs = [
        (one, other)
        for one, other in combinations(rows, 2)
        if (one.hs, one.origin, one.when) == (other.hs, other.origin, other.when)
        and days(one) & days(other)
    ]
    differ = [pair for pair in pairs if pair[0].terms != pair[1].terms]
    assert bool(told(rows, "row-overlap")) == bool(differ)
    assert bool(told(rows, "row-overlap", "row-repeated")) == bool(pairs)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # the rate of XA follows from 61 only while 6109 says nothing of any origin
        ([row_at("61", 5, "XA"), row_at("6109", 5, "XA")], 1),
        ([row_at("61", 5, "XA"), row_at("6109", 8), row_at("6109", 5, "XA")], 0),
        ([row_at("61", 5), row_at("61", 8, "XA"), row_at("6109", 5)], 0),
        # between 61 and 6109 stands another rate
        ([row_at("61", 5), row_at("610", 8), row_at("6109", 5)], 0),
        # 61 says it only later, or no longer
        ([row_at("61", 5, since=3), row_at("6109", 5, since=2)], 0),
        ([row_at("61", 5, until=7), row_at("6109", 5)], 0),
        # before and after a change both say the same
        (
            [
                row_at("61", 8), row_at("61", 5, since=4),
                row_at("6109", 5, since=4),
            ],
            1,
        ),
        ([row_at("61", 5), row_at("6109", 5, when=CLAIMED)], 0),
        ([row_at("61", 5, when=CLAIMED), row_at("6109", 5, when=CLAIMED)], 1),
        # who does not follow the longer code: XA has 61, a claim is answered by 6109 without one
        ([row_at("", 5), row_at("61", 8, "XA"), row_at("6109", 5)], 0),
        (
            [
                row_at("61", 5, when=CLAIMED),
                row_at("6109", 8, since=3),
                row_at("6109", 5, when=CLAIMED),
            ],
            0,
        ),
        # a later row under a condition does not end the one without
        (
            [
                row_at("61", 5, until=5),
                row_at("6109", 5),
                row_at("6109", 8, since=4, when=CLAIMED),
            ],
            0,
        ),
    ],
)  # fmt: skip
def test_shadows(rows: list[ProgrammeRow], expected: int) -> None:
    placed = [replace(row, provenance=Provenance("a", n)) for n, row in enumerate(rows, start=1)]
    assert len(told(placed, "row-shadowed")) == expected


@pytest.mark.parametrize(
    ("rows", "overlaps"),
    [
        ([row_at("61", 5, since=1, until=4), row_at("61", 8, since=5)], 0),
        ([row_at("61", 5, since=1, until=5), row_at("61", 8, since=5)], 1),
        ([row_at("61", 5, since=1), row_at("61", 8, since=5)], 0),  # the first ends on day 4
        ([row_at("61", 5, since=5), row_at("61", 8, since=5, until=6)], 1),
        # the second is over, the first is not
        (
            [
                row_at("61", 5, since=1, until=9),
                row_at("61", 5, since=2, until=3),
                row_at("61", 8, since=6),
            ],
            1,
        ),
        ([row_at("61", 5, since=1, until=9), row_at("61", 8, "XA", since=2)], 0),
        ([row_at("61", 5, since=1, until=9), row_at("61", 8, since=2, when=CLAIMED)], 0),
    ],
)  # fmt: skip
def test_overlaps(rows: list[ProgrammeRow], overlaps: int) -> None:
    placed = [replace(row, provenance=Provenance("a", n)) for n, row in enumerate(rows, start=1)]
    assert len(told(placed, "row-overlap")) == overlaps


def test_a_row_of_a_better_source_is_no_shadow() -> None:
    guess = replace(row_at("61", 5), provenance=Provenance("a", 1, confidence="low"))
    sure = replace(row_at("6109", 5), provenance=Provenance("a", 2, confidence="high"))
    assert told([guess, sure], "row-shadowed") == []


def test_shadows_of_a_file_are_told_once_with_their_lines() -> None:
    rows = [
        replace(row_at(hs, 5), provenance=Provenance("a.yaml", n))
        for n, hs in enumerate(("61", *(f"61{n:02}" for n in range(1, 9))), start=20)
    ]
    programme = Programme("XB", "mfn", "XBY", Provenance("", 1), tuple(rows))
    tables = Tables(programmes={("XB", "mfn"): programme})
    found = [p for p in check_duties(Place(tables), tables) if p.code == "row-shadowed"]
    assert [(p.where.line, p.what) for p in found] == [
        (
            21,
            "6101 any origin says what 61 says in a.yaml:20; so do 7 more rows of this programme "
            "here: lines 22, 23, 24, 25, 26, ...",
        )
    ]


def test_a_line_of_several_origins_is_told_when_none_of_them_says_anything_new() -> None:
    both = [
        replace(row_at("6109", 5, origin), provenance=Provenance("a", 2)) for origin in ("XA", "XB")
    ]
    assert told([row_at("61", 5, "XA"), *both], "row-shadowed") == []
    assert len(told([row_at("61", 5, "XA"), row_at("61", 5, "XB"), *both], "row-shadowed")) == 1


MARKET = """
kind: market
id: XB
name: Betania
currency: XBY
tariff: XU
source: {title: fictional}
checked: 2026-03-01
entry:
  charges:
    - {code: duty, kind: duty, scope: line, base: [goods], rate: RATE}
"""
WORLD = """
---
kind: countries
countries: |
  code  name     union
  XA    Atland   XU
  XB    Betania  XU
---
kind: currencies
currencies: |
  code  digits
  XBY   0
"""


def programme_text(
    tariff: str, name: str, rows: str = "  *   5 %\n", head: str = "hs  rate"
) -> str:
    return (
        f"---\nkind: programme\ntariff: {tariff}\nid: {name}\ncurrency: XBY\n"
        f"source: {{title: fictional}}\nchecked: 2026-03-01\nrows: |\n  {head}\n{rows}"
    )


@pytest.mark.parametrize(
    ("rate", "unused"),
    [
        ("{lookup: mfn}", ["XU preference", "XZ mfn"]),
        ("{pick: [preference, {least: [mfn, preference]}]}", ["XZ mfn"]),
        ("5 %", ["XU mfn", "XU preference", "XZ mfn"]),
        ("{lookup: mnf}", ["XZ mfn"]),  # a misspelt name is told instead
    ],
)
def test_programmes_that_no_charge_looks_up(rate: str, unused: list[str]) -> None:
    programmes = [("XU", "mfn"), ("XU", "preference"), ("XZ", "mfn")]
    text = MARKET.replace("RATE", rate) + "".join(programme_text(*one) for one in programmes)
    problems = check_tables(load_text(text + WORLD))
    found = [p for p in problems if p.code == "unused-programme"]
    assert [p.what.split(" looks up ")[1].split(":")[0] for p in found] == unused
    assert all(p.warning for p in found)
    assert found[-1].what.startswith("no market looks up XZ mfn")


def test_a_lookup_of_the_market_hides_the_programme_of_its_tariff() -> None:
    own = "lookups:\n  mfn: |\n    hs  rate\n    *   8 %\n"
    text = MARKET.replace("RATE", "{lookup: mfn}") + own + programme_text("XU", "mfn") + WORLD
    found = [p for p in check_tables(load_text(text)) if p.code == "unused-programme"]
    assert [p.what for p in found] == [
        "no charge of a market of XU looks up XU mfn: nothing of it is ever charged"
    ]


def test_rates_above_the_value_need_a_note(tmp_path: Path) -> None:
    rows = (
        "  22  150 %           -\n"
        '  24  150 %           "meant: heading 24 of the schedule"\n'
        "  25  100 %           -\n"
        "  26  60 % + 40.5 %   -\n"
        "  27  250 XBY / kg    -\n"
    )
    own = "lookups:\n  tax: |\n    hs  rate   note\n    24  120 %  meant\n    25  120 %  -\n"
    (tmp_path / "a.yaml").write_text(
        MARKET.replace("RATE", "{pick: [mfn, tax]}")
        + own
        + programme_text("XU", "mfn", rows, "hs  rate            note")
        + WORLD,
        encoding="utf-8",
    )
    found = [p for p in check_tables(load_tables([tmp_path])) if p.code == "rate-over-value"]
    assert [(p.what, p.warning) for p in found] == [
        ("25 any origin costs 120 %, and no note says why", True),
        ("22 any origin costs 150 %, and no note says why; so does line 29", True),
    ]
