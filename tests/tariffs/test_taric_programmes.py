"""Lines of programmes against a reading of the measures day by day, without spans or grouping."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from xborder_cli.tables.terms import parse_terms
from xborder_cli.tariffs.taric_areas import Areas, union_members
from xborder_cli.tariffs.taric_measures import Measure, Reading, goods_code
from xborder_cli.units import day_text, parse_day

CODES = ["6100000000", "6109000000", "6109100000", "6109100010", "6110000000"]
COUNTRIES = ["CN", "RU", "VN"]
FIRST = parse_day("2026-01-01")
DAYS = range(FIRST - 1, FIRST + 12)
RANKS = {"103": 2, "112": 3, "105": 0, "552": 1, "551": 0, "554": 1, "553": 0, "142": 1, "145": 0,
         "695": 0, "696": 0}  # fmt: skip


@st.composite
def measures(draw, types):
    found = []
    for number in range(draw(st.integers(1, 7))):
        since = draw(st.integers(0, 10))
        until = draw(st.none() | st.integers(since, 11))
        area = draw(st.sampled_from(["1011", "1011", *COUNTRIES]))
        out = draw(st.sets(st.sampled_from(COUNTRIES), max_size=2)) if area == "1011" else ()
        found.append(
            Measure(
                row=number + 2,
                code=draw(st.sampled_from(CODES)),
                type=draw(st.sampled_from(types)),
                area=area,
                duty=f"{number + 1}.5 %",  # no two alike
                since=day_text(FIRST + since),
                until="" if until is None else day_text(FIRST + until),
                excluded=tuple(sorted(out)),
            )
        )
    return found


def lines_of(found):
    reading = Reading(Areas.known())
    reading.take(found)
    assert sum(reading.counts.values()) == reading.rows == len(found)
    return reading.lines()


def looked_up(lines, hs, origin, day):
    """Return what the tables would find: longest prefix, named origin, rate of the day."""
    best = None
    for line in lines:
        fits = not line.origins or origin in line.origins
        runs = (line.since is None or line.since <= day) and (
            line.until is None or day <= line.until
        )
        if fits and runs and hs.startswith(line.hs):
            key = (len(line.hs), bool(line.origins))
            assert best is None or best[0] != key, f"two rows for {hs} {origin} {day}"
            if best is None or key > best[0]:
                best = key, line
    return None if best is None else best[1]


def covers(one, origin):
    return origin not in one.excluded if one.area == "1011" else one.area == origin


def due(found, hs, origin, day):
    """Return the measures that share the first place for goods, an origin and a day."""
    best, places = [], None
    for one in found:
        code = goods_code(one.code)[0]
        until = parse_day(one.until) if one.until else 10**9
        if not (hs.startswith(code) and covers(one, origin)):
            continue
        if not parse_day(one.since) <= day <= until:
            continue
        place = (len(code), one.area != "1011", RANKS[one.type], parse_day(one.since))
        if places is None or place > places:
            best, places = [one], place
        elif place == places:
            best.append(one)
    return best


@given(measures(["103", "112", "105"]))
@settings(max_examples=300, deadline=None)
def test_one_duty_counts_for_each_code_origin_and_day(found):
    lines = lines_of(found)
    for hs in ("6109100010", "6109100099", "61102000"):
        for origin in (*COUNTRIES, "DE"):
            for day in DAYS:
                want = due(found, hs, origin, day)
                line = looked_up(lines, hs, origin, day)
                if len(want) == 1:
                    assert line is not None
                    assert line.printed == want[0].duty
                elif want:  # two rates that nothing puts in order
                    assert line is not None
                    assert line.rate.startswith('"words: two rates')
                else:  # none, or the table says that it leaves this origin out
                    assert line is None or line.rate.startswith('"words: ')


@given(measures(["551", "552", "553", "554"]) | measures(["552", "554", "695", "696"]))
@settings(max_examples=500, deadline=None)
def test_dumping_subsidy_safeguard_and_additional_duties_are_due_together(found):
    lines = lines_of(found)
    kinds = {"dumping": ("551", "552"), "subsidy": ("553", "554"), "additional": ("695",),
             "safeguard": ("696",)}  # fmt: skip
    for hs in ("6109100010", "6109100099", "61102000"):
        for origin in (*COUNTRIES, "DE"):
            for day in DAYS:
                want = [
                    due([one for one in found if one.type in types], hs, origin, day)
                    for types in kinds.values()
                ]
                line = looked_up(lines, hs, origin, day)
                if any(len(some) > 1 for some in want):
                    assert line is not None
                    assert line.rate.startswith('"words: ')
                    continue
                total = sum(Fraction(some[0].duty.removesuffix(" %")) for some in want if some)
                if line is None:
                    assert total == 0
                else:
                    parts = parse_terms(line.rate).parts
                    assert sum(Fraction(*part.amount) for part in parts) * 100 == total


@given(measures(["142", "145"]))
@settings(max_examples=150, deadline=None)
def test_of_two_preferences_at_once_the_claim_takes_the_lower(found):
    lines = lines_of([one for one in found if one.area != "1011"])
    for hs in ("6109100010", "61102000"):
        for origin in COUNTRIES:
            for day in DAYS:
                want = due([one for one in found if one.area != "1011"], hs, origin, day)
                line = looked_up(lines, hs, origin, day)
                assert (line is None) == (not want)
                if line is not None:
                    assert line.claim == "preference"
                    rates = [Fraction(one.duty.removesuffix(" %")) for one in want]
                    assert Fraction(line.printed.removesuffix(" %")) == min(rates)


def test_all_members_of_a_union_are_written_as_the_union():
    one = Measure(row=2, code="6109100000", type="142", area="1013", duty="0.00 %")
    (line,) = lines_of([one])
    assert line.origins == ("EU",)
    assert set(union_members()["EU"]) >= {"DE", "FR"}
    (line,) = lines_of([Measure(row=2, code="6109100000", type="142", area="1013", duty="0.00 %",
                                excluded=("FR",))])  # fmt: skip
    assert "FR" not in line.origins
    assert len(line.origins) == 26
