"""No row is left out, and the one that held is the one that an oracle finds in the tables."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings

from tests.duty_entries import book, entries, shipment
from xborder_cli.core.rule import Provenance
from xborder_cli.duties.case import case_of
from xborder_cli.duties.entry import work_out
from xborder_cli.duties.printed import Printed
from xborder_cli.duties.usual import CHANNEL
from xborder_cli.duties.verdicts import APPLIED, LOST, TAKEN, UNKNOWN
from xborder_cli.errors import TableError
from xborder_cli.rules.reading import Library
from xborder_cli.tables.bundled import bundled_folder

PRINTED = Printed([bundled_folder()])
SOME = ("US", "DE", "GB", "JP", "CN", "IN", "AU", "KR")


@cache
def tables(market):
    return LIBRARY.market(market)


LIBRARY = Library([bundled_folder()])


def fits(row, thing):
    """Tell whether a row's conditions hold; None when the oracle cannot say."""
    for test in row.when:
        if test.kind != "is" or test.name not in ("claim", "goods", "trait", "hs", "origin"):
            return None
        values = set(test.values)
        held = {
            "claim": bool(values & thing.claims),
            "goods": thing.goods in values,
            "trait": bool(values & thing.traits),
            "hs": thing.hs.startswith(test.values),
            "origin": thing.origin in values,
        }[test.name]
        if not held:
            return False
    return True


def best_of(rows, thing, day):
    """Return the row that holds: longest prefix, named origin, conditions, the latest."""
    found = [
        row
        for row in rows
        if thing.hs.startswith(row.hs)
        and row.origin in ("", thing.origin)
        and row.since <= day
        and (row.until is None or day <= row.until)
        and row.key == ""
    ]
    verdicts = [fits(row, thing) for row in found]
    if None in verdicts:
        return None
    held = [row for row, verdict in zip(found, verdicts, strict=True) if verdict]
    return max(held, key=lambda r: (len(r.hs), r.origin != "", r.when != (), r.since), default=())


def decided_below(rows, thing, day, best, default):
    """Tell whether some longer code pays otherwise, where no row stands at the code itself."""
    if best and (len(best.hs) == len(thing.hs) or best.when):
        return False
    if not best and default == "gap":
        return False
    held = best.terms if best else None
    below = {}
    for row in rows:
        if (
            len(row.hs) > len(thing.hs)
            and row.hs.startswith(thing.hs)
            and row.origin in ("", thing.origin)
            and row.since <= day
            and (row.until is None or day <= row.until)
            and not any(
                t.name == "claim" and t.kind == "is" and not set(t.values) & thing.claims
                for t in row.when
            )
        ):
            below.setdefault(row.hs, []).append(row)
    for found in below.values():
        found.sort(key=lambda r: (r.origin == "", not r.when, -r.since))
        for row in found:
            nothing = not row.terms.words and not any(p.amount[0] for p in row.terms.parts)
            if row.terms != held and not (nothing and held is None):
                return True
            if not row.when:
                break
    return False


def near_of(rows, thing, day):
    """Return the lines of tables that speak of a code, of a shorter one, or of a finer one."""
    found = set()
    for row in rows:
        finer = len(row.hs) > len(thing.hs) and row.hs.startswith(thing.hs)
        in_force = row.since <= day and (row.until is None or day <= row.until)
        if thing.hs.startswith(row.hs) or (finer and in_force and row.origin in ("", thing.origin)):
            found.add((row.provenance.table, row.provenance.line))
    return found


@settings(max_examples=150, deadline=None)
@given(entries(SOME))
def test_every_row_that_competed_is_there_and_the_best_is_the_oracle_s(one):
    market, article, origin, day, claims = one
    try:
        entry = work_out(book(), shipment(market, article, origin, day, claims), channel=CHANNEL)
    except TableError:
        return
    thing = entry.run.parcels.things[0]
    rules = tables(market)
    for charge in case_of(entry, PRINTED).charges:
        applied = [r for p in charge.programmes for r in p.rows if r.result == APPLIED]
        assert len(applied) <= 1
        assert sum(p.result == TAKEN for p in charge.programmes) <= 1
        for programme in charge.programmes:
            rows = rules.programmes[programme.id].rows
            shown = {(row.provenance.table, row.provenance.line) for row in programme.rows}
            assert shown == near_of(rows, thing, day)
            assert all(row.why or row.result == APPLIED for row in programme.rows)
            best = best_of(rows, thing, day)
            if best is None:
                continue
            if decided_below(rows, thing, day, best, programme.default):
                assert programme.result == UNKNOWN
                continue
            assert (programme.result in (TAKEN, LOST)) == bool(best)
            if best:
                first = programme.rows[0]
                assert first.provenance.line == best.provenance.line
                assert (first.hs, first.since) == (best.hs, best.since)


REASONS = [
    # HS, origin, day, claims, programme -> line of the table's note or rate: the result
    ("090210", "XA", "2026-04-01", (), "mfn", "9 %", "shorter-prefix"),
    ("090210", "XA", "2026-04-01", (), "mfn", "5 %", "no-longer-in-force"),
    ("090210", "XA", "2026-04-01", (), "mfn", "6 %", "applied"),
    ("090210", "XA", "2026-04-01", (), "mfn", "4 %", "not-yet-in-force"),
    ("090210", "XA", "2027-04-01", (), "mfn", "4 %", "applied"),
    ("090210", "XA", "2027-04-01", (), "mfn", "3 %", "finer-code"),
    ("090230", "XA", "2026-04-01", (), "mfn", "6 %", "longer-code-decides"),
    ("090230", "XA", "2026-04-01", (), "mfn", "3 %", "finer-code"),
    ("09023090", "XA", "2026-04-01", (), "mfn", "6 %", "applied"),
    ("0902301000", "XA", "2026-04-01", (), "mfn", "3 %", "applied"),
    ("0902301000", "XA", "2026-04-01", (), "mfn", "6 %", "shorter-prefix"),
    ("090210", "XC", "2026-04-01", (), "preference", "0 %", "claim-not-stated"),
    ("090210", "XC", "2026-04-01", ("preference",), "preference", "0 %", "applied"),
    ("090210", "XC", "2026-04-01", ("preference",), "mfn", "6 %", "another-programme"),
    ("090210", "XA", "2026-04-01", ("preference",), "preference", "0 %", "other-origin"),
    ("732393", "XA", "2026-04-01", (), "mfn", "1 %", "condition-fails"),
    ("732393", "XC", "2026-04-01", (), "mfn", "1.5 %", "applied"),
    ("732393", "XC", "2026-04-01", (), "mfn", "2 %", "origin-not-named"),
    ("732393", "XC", "2026-04-01", ("preference",), "preference", "8 %", "another-programme"),
    ("732393", "XA", "2026-04-01", (), "reprisal", "10 %", "replaced"),
    ("090210", "XD", "2026-04-01", (), "floor", "15 %", "exempted"),
    ("940521", "XD", "2026-04-01", (), "wartime", "100 %", "applied"),
    ("940521", "XD", "2026-04-01", (), "mfn", "0.4 XBD / kg + 2 %", "another-programme"),
]


@pytest.mark.parametrize(("hs", "origin", "on", "claims", "programme", "rate", "result"), REASONS)
def test_why_a_row_lost(world, hs, origin, on, claims, programme, rate, result):
    case = world(hs, origin, on, claims)
    rows = [
        row
        for charge in case.charges
        for one in charge.programmes
        if one.id == programme
        for row in one.rows
        if row.rate == rate
    ]
    assert [row.result for row in rows] == [result]
    assert rows[0].why or result == "applied"


def test_a_cheap_piece_meets_the_condition(world):
    case = world("732393", "XA", "2026-04-01", (), quantity=10_000)  # 1 XBD a piece
    mfn = next(one for one in case.charges[0].programmes if one.id == "mfn")
    assert [(row.rate, row.result) for row in mfn.rows[:2]] == [
        ("1 %", "applied"),
        ("2 %", "condition-comes-first"),
    ]


@pytest.mark.parametrize(
    ("hs", "origin", "on", "results", "total"),
    [
        (
            "090210",
            "XA",
            "2026-04-01",
            {"duty": "due", "metals": "no-row", "reprisal": "due", "floor": "no-row"},
            "16 %",
        ),
        # the floor takes what is missing: 15 less 6
        (
            "090210",
            "XC",
            "2026-04-01",
            {"duty": "due", "metals": "no-row", "reprisal": "no-row", "floor": "due"},
            "15 %",
        ),
        (
            "732393",
            "XA",
            "2026-04-01",
            {"duty": "due", "metals": "due", "reprisal": "replaced", "floor": "no-row"},
            "27 %",
        ),
        # exempt from the reprisal is exempt from the floor
        (
            "090210",
            "XD",
            "2026-04-01",
            {"duty": "due", "metals": "no-row", "reprisal": "free", "floor": "exempted"},
            "6 %",
        ),
        # words alone are a gap, the duty on lamps is known
        (
            "940521",
            "XA",
            "2025-11-01",
            {"duty": "not-known", "reprisal": "due", "lamp_fee": "due"},
            "at least 7.5 % + 0.5 XBD / item",
        ),
        # no row and no default of nothing is a gap too
        ("610910", "XA", "2026-04-01", {"duty": "not-known", "reprisal": "due"}, "at least 10 %"),
        ("090210", "XB", "2025-04-01", {"duty": "due", "surcharge": "due"}, "8 %"),
    ],
)
def test_what_became_of_each_charge(world, hs, origin, on, results, total):
    case = world(hs, origin, on, ())
    found = {one.code: one.result for one in case.duties}
    assert {code: found[code] for code in results} == results
    assert case.total.text == total


def test_a_line_is_read_from_the_folder_that_it_is_of(tmp_path):
    """Two folders with a table of one name: the code of the row tells whose line it is."""
    for name, hs, note in (("below", "0902", "tea"), ("above", "7323", "pans")):
        (tmp_path / name).mkdir()
        text = f"rows: |\n  hs    rate  note\n  {hs}  5 %   {note}\n"
        (tmp_path / name / "mfn.yaml").write_text(text)
    printed = Printed([tmp_path / "below", tmp_path / "above"])
    place = Provenance("mfn.yaml", 3)
    assert printed.cell(place, "7323", "note") == "pans"
    assert printed.cell(place, "0902", "note") == "tea"
    assert printed.cell(place, "61", "note") == ""
    assert printed.cell(Provenance("mfn.yaml", 9), "0902", "note") == ""
    assert printed.cell(Provenance("none.yaml", 3), "0902", "note") == ""
    assert printed.cell(place, "0902", "origin") == ""
