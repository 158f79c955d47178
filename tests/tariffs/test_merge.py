"""Revisions laid on each other: a day finds the revision of that day, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from xborder_cli.tariffs.kept import KeptRow
from xborder_cli.tariffs.line import Line
from xborder_cli.tariffs.lines import rows_of
from xborder_cli.tariffs.merge import merge

ORIGINS = ("CA", "MX", "KR", "DE", "FR")
UNIONS = {"EU": ("DE", "FR")}
START = 20_000


def line(hs, rate, origins=(), claim="", since=None, until=None, row=1, printed=""):
    return Line(
        hs=hs, programme="mfn", rate=rate, printed=printed or rate, row=row,
        origins=tuple(origins), claim=claim, since=since, until=until,
    )  # fmt: skip


def row(hs, rate, since, until=None, origins=(), claim="", source=""):
    return KeptRow(
        hs=hs, rate=rate, since=since, until=until, origins=tuple(origins), claim=claim,
        source=source,
    )  # fmt: skip


def test_a_rate_that_did_not_change_keeps_its_first_day():
    merged = merge([row("0101", "5 %", 100)], [row("0101", "5.0 %", 200)], 200, "mfn", "r1")
    assert merged.rows == [row("0101", "5.0 %", 100)]
    assert merged.changes == []
    assert merged.unchanged == 1


def test_a_changed_rate_ends_the_day_before():
    merged = merge([row("0101", "5 %", 100)], [row("0101", "6 %", 200)], 200, "mfn", "r1")
    assert merged.rows == [row("0101", "5 %", 100, 199, source="r1"), row("0101", "6 %", 200)]
    [change] = merged.changes
    assert (change.kind, change.before, change.after) == ("changed", "5 %", "6 %")
    assert change.since == 200


def test_a_vanished_code_ends_and_a_new_one_begins():
    merged = merge([row("0101", "5 %", 100)], [row("0102", "6 %", 200)], 200, "mfn", "r1")
    assert merged.rows == [row("0101", "5 %", 100, 199, source="r1"), row("0102", "6 %", 200)]
    assert [(c.kind, c.hs) for c in merged.changes] == [("removed", "0101"), ("added", "0102")]


def test_a_second_edition_of_the_same_day_takes_the_first_ones_place():
    old = [row("0101", "5 %", 100, 199, source="r1"), row("0101", "6 %", 200)]
    merged = merge(old, [row("0101", "5 %", 200)], 200, "mfn", "r1")
    assert merged.rows == [row("0101", "5 %", 100)]
    assert [(c.before, c.after) for c in merged.changes] == [("6 %", "5 %")]


def test_a_rate_to_come_that_is_taken_back():
    old = [row("0101", "5 %", 100, 299), row("0101", "6 %", 300)]
    merged = merge(old, [row("0101", "5 %", 200)], 200, "mfn", "r1")
    assert merged.rows == [row("0101", "5 %", 100)]
    [change] = merged.changes
    assert (change.before, change.after, change.since) == ("6 %", "5 %", 300)


def test_a_country_that_leaves_a_group_ends_alone():
    old = [row("0101", "0 %", 100, origins=("CA", "MX"), claim="USMCA")]
    new = [row("0101", "0 %", 200, origins=("CA",), claim="USMCA")]
    merged = merge(old, new, 200, "preference", "r1")
    assert merged.rows == [
        row("0101", "0 %", 100, origins=("CA",), claim="USMCA"),
        row("0101", "0 %", 100, 199, origins=("MX",), claim="USMCA", source="r1"),
    ]
    assert [(c.kind, c.origins) for c in merged.changes] == [("removed", ("MX",))]


def test_groups_that_change_alike_are_told_as_one():
    old = [row("0101", "0 %", 100, origins=("CA", "MX")), row("0101", "0 %", 100, origins=("KR",))]
    new = [row("0101", "1 %", 200, origins=("CA", "KR", "MX"))]
    [change] = merge(old, new, 200, "preference", "r1").changes
    assert set(change.origins) == {"CA", "KR", "MX"}


def test_two_rates_of_one_code_and_day_are_words():
    lines = [line("0101", "5 %", row=7), line("0101", "6 %", row=9), line("0102", "1 %")]
    made = rows_of(lines, 100, UNIONS)
    assert [(r.hs, r.rate) for r in made.rows] == [
        ("0101", '"words: two rates: 5 %; 6 %"'),
        ("0102", "1 %"),
    ]
    assert [(one.row, one.why) for one in made.torn] == [(7, "two-rates"), (9, "two-rates")]


def test_a_member_beside_its_union_is_put_apart():
    lines = [line("0101", "5 %", ["EU"]), line("0101", "6 %", ["DE"])]
    made = rows_of(lines, 100, UNIONS)
    assert {(r.origins, r.rate) for r in made.rows} == {
        (("DE",), '"words: two rates: 5 %; 6 %"'),
        (("FR",), "5 %"),
    }


def test_notes_for_a_person():
    words = {
        "0101": "Animals: Horses: Of a kind that is ridden, whatever else such animals may be for"
    }
    lines = [
        line("0101", "5 %", printed="5%"),
        line("0102", "0.93 USD / kg", printed="93¢/kg"),
        line("0101", "0 %", ["CA"], "USMCA"),
        line("0103", "106.8 %", printed="106.8%"),
    ]
    notes = {r.rate: r.note for r in rows_of(lines, 100, UNIONS, words=words).rows}
    assert notes == {
        "5 %": "Of a kind that is ridden, whatever else such animals may...",
        "0.93 USD / kg": "printed 93¢/kg",
        "0 %": "",
        "106.8 %": "printed 106.8%",
    }


def test_spans_of_one_file_follow_each_other():
    lines = [line("0101", "5 %", until=150), line("0101", "6 %", since=151)]
    made = rows_of(lines, 100, UNIONS)
    assert made.rows == [row("0101", "5 %", 100, 150), row("0101", "6 %", 151)]
    assert made.torn == []


def test_what_had_ended_is_counted_and_left_out():
    made = rows_of([line("0101", "5 %", until=99)], 100, UNIONS)
    assert (made.rows, made.ended) == ([], 1)


# -- any revisions: an oracle of dictionaries --


@dataclass(frozen=True)
class Said:
    """A revision: what it says of a code, origin and claim from its day on, span by span."""

    day: int
    rates: dict  # (hs, origin, claim) -> [(first, last or None, rate)]
    lines: list


codes = st.sampled_from(["01", "0101", "010121", "6109"])
rates = st.sampled_from(["0 %", "5 %", "5.0 %", "0.30 USD / kg", '"words: see note 3"'])
groups = st.sets(st.sampled_from(["", *ORIGINS]), min_size=1, max_size=4)


@st.composite
def revision(draw, day):
    """A revision whose lines never say two things of one day."""
    found, lines = {}, []
    for _ in range(draw(st.integers(0, 6))):
        hs, claim = draw(codes), draw(st.sampled_from(["", "preference"]))
        free = draw(groups) - {key[1] for key in found if key[0] == hs and key[2] == claim}
        named = tuple(sorted(free - {""}))
        if draw(st.booleans()):
            spans = [(draw(st.none() | st.integers(day - 30, day + 5)), None, draw(rates))]
        else:
            turn = day + draw(st.integers(1, 40))
            first = draw(st.none() | st.integers(day - 30, day))
            spans = [(first, turn - 1, draw(rates))]
            if draw(st.booleans()):
                spans.append((turn + draw(st.integers(0, 3)), None, draw(rates)))
        for origins in ([named] if named else []) + ([()] if "" in free else []):
            for since, until, rate in spans:
                lines.append(line(hs, rate, origins, claim, since, until, row=len(lines) + 1))
            for origin in origins or ("",):
                found[hs, origin, claim] = spans
    return Said(day, found, draw(st.permutations(lines)))


@st.composite
def three_revisions(draw):
    days = sorted(draw(st.sets(st.integers(START, START + 60), min_size=3, max_size=3)))
    return [draw(revision(day)) for day in days]


def oracle(said: list[Said], key, day) -> str | None:
    """The rate that the revision of a day says, looked up in its own dictionary."""
    last = None
    for one in said:
        if one.day <= day:
            last = one
    if last is None:
        return None
    for since, until, rate in last.rates.get(key, ()):
        if (since is None or since <= day) and (until is None or day <= until):
            return rate
    return None


def found_on(rows, key, day) -> list[str]:
    return [
        r.rate
        for r in rows
        if (r.hs, r.claim) == (key[0], key[2])
        and (key[1] in r.origins if key[1] else not r.origins)
        and r.since <= day
        and (r.until is None or day <= r.until)
    ]


def plain(rate: str | None) -> str | None:
    return None if rate is None else rate.replace("5.0 %", "5 %")


@settings(max_examples=400, deadline=None)
@given(three_revisions(), st.data())
def test_a_day_finds_the_revision_of_that_day(said, data):
    rows = []
    for number, one in enumerate(said):
        made = rows_of(one.lines, one.day, UNIONS)
        assert made.torn == []
        before = said[: number + 1]
        merged = merge(rows, made.rows, one.day, "mfn", f"r{number}")
        _check_changes(merged, before, one)
        rows = merged.rows
        again = merge(rows, made.rows, one.day, "mfn", f"r{number}")
        assert again.rows == rows
        assert again.changes == []
    keys = {key for one in said for key in one.rates}
    turns = {d for r in rows for d in (r.since - 1, r.since, r.until, (r.until or 0) + 1) if d}
    turns |= {one.day + shift for one in said for shift in (-1, 0, 1)}
    turns |= {data.draw(st.integers(START - 40, START + 140))}
    for key in keys:
        for day in turns:
            want = oracle(said, key, day)
            found = found_on(rows, key, day)
            assert [plain(one) for one in found] == ([] if want is None else [plain(want)])


def _check_changes(merged, said, now) -> None:
    """A code is told as changed exactly when some day from the revision's on has another rate."""
    told = {
        (change.hs, origin, change.claim)
        for change in merged.changes
        for origin in change.origins or ("",)
    }
    before = said[:-1]
    days = range(now.day, START + 140)
    for key in {key for one in said for key in one.rates}:
        differs = any(
            plain(oracle(before, key, day)) != plain(oracle(said, key, day)) for day in days
        )
        assert (key in told) == differs, key
