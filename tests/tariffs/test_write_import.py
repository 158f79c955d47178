"""Files imported into a folder: what stands there after it, what is refused, what a lookup finds.

The reader is this file's own, so that nothing here depends on the form of an official file.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xborder_cli.errors import OrderError, TableError, UsageError
from xborder_cli.tables.load import load_tables
from xborder_cli.tables.terms import parse_terms
from xborder_cli.tariffs import place, readers
from xborder_cli.tariffs.bring import bring
from xborder_cli.tariffs.brought import Wanted
from xborder_cli.tariffs.editions import Reading
from xborder_cli.tariffs.kept import Origin
from xborder_cli.tariffs.line import Line, Programme, Tariff, Unread
from xborder_cli.tariffs.read_kept import read_kept
from xborder_cli.units import parse_day

TODAY = parse_day("2026-11-09")
JANUARY, MARCH, JUNE = (parse_day(f"2026-{month:02}-01") for month in (1, 3, 6))
MFN = Programme(id="mfn", name="Column 1", currency="USD", default="gap")
FREE = Programme(id="preference", name="Agreements", currency="USD")
WORLD = """\
kind: countries
source: {title: fictional}
checked: 2026-01-01
countries: |
  code  name    union
  DE    One     EU
  FR    Two     EU
  MX    Three   -
---
kind: currencies
source: {title: fictional}
checked: 2026-01-01
currencies: |
  code  digits  name
  USD   2       Dollar
---
kind: programme
tariff: US
id: mfn
name: Below
currency: USD
default: gap
source: {title: fictional}
checked: 2026-01-01
rows: |
  hs    rate
  6109  16 %
  0101  1 %
"""


@pytest.fixture
def world(tmp_path):
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "world.yaml").write_text(WORLD)
    return tmp_path


def tariff(rates, *, day=JANUARY, revision="Rev 1", kind="usitc", unread=(), programmes=(MFN,)):
    """A tariff read from nowhere: {hs: rate} or {(hs, origins, claim): rate} by programme."""
    lines = []
    for programme, found in rates.items():
        for key, rate in found.items():
            hs, origins, claim = key if isinstance(key, tuple) else (key, (), "")
            number = len(lines) + 1
            lines.append(
                Line(
                    hs=hs,
                    programme=programme,
                    rate=rate,
                    printed=rate,
                    row=number,
                    origins=origins,
                    claim=claim,
                )
            )
    return Tariff(
        tariff="US", kind=kind, title="Harmonized Tariff Schedule", url="https://hts.usitc.gov",
        revision=revision, day=day, programmes=programmes, lines=lines, unread=list(unread),
        rows=len(lines),
    )  # fmt: skip


def reading(found, name="hts.json"):
    digest = f"{abs(hash((name, found.revision, str(found.lines)))):064x}"[:64]
    return Reading(found, (Origin(name=name, sha256=digest),))


def wanted(world, **more):
    return Wanted(into=world / "mine", lower=(world / "below",), today=TODAY, **more)


def mfn_file(world):
    return world / "mine" / "duties" / "us" / "mfn.yaml"


def found(world, hs, day, origin="", programme="mfn"):
    """Every rate of exactly this code on a day, as loading the folders finds it."""
    tables = load_tables([world / "below", world / "mine"])
    return [
        row.terms
        for row in tables.programmes["US", programme].rows
        if (row.hs, row.origin) == (hs, origin)
        and row.since <= day
        and (row.until is None or day <= row.until)
    ]


# -- what is kept --


def test_the_file_reads_like_a_table(world):
    rates = {"mfn": {"01012100": "0 %", "61091000": "16.5 %", "9101": '"words: See note 3"'}}
    [done] = bring([reading(tariff(rates))], wanted(world))
    text = mfn_file(world).read_text()
    assert text.partition("kind:")[2] == (
        " programme\n"
        "tariff: US\n"
        "id: mfn\n"
        'name: "Column 1"\n'
        "currency: USD\n"
        "default: gap\n"
        "from: 2026-01-01\n"
        "earlier: kept\n"
        "sources:\n"
        '  usitc-rev-1: {title: "Harmonized Tariff Schedule, Rev 1", url: "https://hts.usitc.gov",'
        " retrieved: 2026-11-09}\n"
        "source: usitc-rev-1\n"
        "checked: 2026-11-09\n"
        "confidence: high\n"
        "rows: |\n"
        "  hs        rate                 from        until\n"
        "  # 01\n"
        "  01012100  0 %                  2026-01-01  -\n"
        "  # 61\n"
        "  61091000  16.5 %               2026-01-01  -\n"
        "  # 91\n"
        '  9101      "words: See note 3"  2026-01-01  -\n'
    )
    assert "# revision usitc-rev-1: from 2026-01-01, read 2026-11-09, sha256 " in text
    assert (done.first, len(done.changes), done.lines) == (True, 3, {"mfn": 3})
    assert found(world, "61091000", TODAY) == [parse_terms("16.5 %")]


def test_what_the_folders_below_say_holds_until_the_first_day(world):
    bring([reading(tariff({"mfn": {"6109": "17 %"}}))], wanted(world))
    assert found(world, "6109", JANUARY - 1) == [parse_terms("16 %")]
    assert found(world, "6109", JANUARY) == [parse_terms("17 %")]
    assert found(world, "0101", JANUARY - 1) == [parse_terms("1 %")]
    assert found(world, "0101", JANUARY) == []


def test_a_kept_table_is_read_as_it_was_written(world):
    rates = {
        "mfn": {"": "3 %", "0101": '"words: a "quoted" word,  two blanks"'},
        "preference": {("6109", ("EU", "MX"), "preference"): "0 %"},
    }
    bring([reading(tariff(rates, programmes=(MFN, FREE)), "a b, c.json")], wanted(world))
    kept = read_kept(mfn_file(world))
    assert [(row.hs, row.rate) for row in kept.rows] == [
        ("", "3 %"),
        ("0101", "\"words: a 'quoted' word, two blanks\""),
    ]
    assert kept.revisions[0].files[0].name == "a b, c.json"
    assert not kept.edited
    [row] = read_kept(mfn_file(world).with_name("preference.yaml")).rows
    assert (row.origins, row.claim, row.since) == (("EU", "MX"), "preference", JANUARY)
    assert found(world, "6109", TODAY, "FR", "preference") == [parse_terms("0 %")]


def test_a_rate_in_words_without_words_is_a_gap(world):
    bring([reading(tariff({"mfn": {"0101": '"words: "'}}))], wanted(world))
    assert found(world, "0101", TODAY) == [parse_terms("words: not told")]


# -- a newer edition, the same one, an older one --


def test_a_newer_edition(world):
    first = {"mfn": {"0101": "1 %", "0102": "2 %", "0103": "3 %"}}
    second = {"mfn": {"0101": "1 %", "0102": "2.5 %", "0104": "4 %"}}
    bring([reading(tariff(first))], wanted(world))
    [done] = bring([reading(tariff(second, day=MARCH, revision="Rev 2"))], wanted(world))
    assert [(c.kind, c.hs, c.before, c.after) for c in done.changes] == [
        ("changed", "0102", "2 %", "2.5 %"),
        ("removed", "0103", "3 %", ""),
        ("added", "0104", "", "4 %"),
    ]
    assert mfn_file(world).read_text().partition("rows: |\n")[2] == (
        "  hs    rate   from        until       source\n"
        "  # 01\n"
        "  0101  1 %    2026-01-01  -           -\n"
        "  0102  2 %    2026-01-01  2026-02-28  usitc-rev-1\n"
        "  0102  2.5 %  2026-03-01  -           -\n"
        "  0103  3 %    2026-01-01  2026-02-28  usitc-rev-1\n"
        "  0104  4 %    2026-03-01  -           -\n"
    )
    tables = load_tables([world / "below", world / "mine"])
    titles = {row.hs: row.provenance.title for row in tables.programmes["US", "mfn"].rows}
    assert titles["0103"].endswith("Rev 1")
    assert titles["0101"].endswith("Rev 2")


def test_the_same_file_again_changes_nothing(world):
    bring([reading(tariff({"mfn": {"0101": "1 %"}}))], wanted(world))
    before = mfn_file(world).read_bytes()
    [done] = bring([reading(tariff({"mfn": {"0101": "1 %"}}))], wanted(world))
    assert (done.again, done.changes, done.tables) == (True, [], [])
    assert mfn_file(world).read_bytes() == before


def test_the_same_file_on_another_day_when_it_tells_no_day(world):
    one = tariff({"mfn": {"0101": "1 %"}}, day=None, revision="")
    [done] = bring([reading(one)], wanted(world))
    assert "taken from today, 2026-11-09" in done.notes[0]
    later = Wanted(into=world / "mine", lower=(world / "below",), today=TODAY + 30)
    [done] = bring([reading(one)], later)
    assert done.again


def test_a_reader_that_learnt_more_is_not_held_back_by_the_same_file(world):
    file = (Origin(name="hts.json", sha256="0" * 64),)
    bring([Reading(tariff({"mfn": {"0101": '"words: 1 pct"'}}), file)], wanted(world))
    [done] = bring([Reading(tariff({"mfn": {"0101": "1 %"}}), file)], wanted(world))
    assert not done.again
    assert found(world, "0101", JANUARY) == [parse_terms("1 %")]


def test_an_older_edition_is_refused(world):
    bring([reading(tariff({"mfn": {"0101": "1 %"}}, day=MARCH, revision="Rev 2"))], wanted(world))
    before = mfn_file(world).read_bytes()
    with pytest.raises(UsageError) as caught:
        bring([reading(tariff({"mfn": {"0101": "2 %"}}))], wanted(world))
    [problem] = caught.value.problems
    assert problem.code == "older-revision"
    assert problem.what.startswith("Rev 1 from 2026-01-01 is older than Rev 2 from 2026-03-01")
    assert mfn_file(world).read_bytes() == before


def test_several_editions_in_one_command_go_in_the_order_of_their_days(world):
    both = [
        reading(tariff({"mfn": {"0101": "2 %"}}, day=MARCH, revision="Rev 2"), "b"),
        reading(tariff({"mfn": {"0101": "1 %"}}), "a"),
    ]
    done = bring(both, wanted(world))
    assert [one.revision.name for one in done] == ["Rev 1", "Rev 2"]
    assert found(world, "0101", MARCH - 1) == [parse_terms("1 %")]
    assert found(world, "0101", MARCH) == [parse_terms("2 %")]


def test_an_older_edition_is_known_by_its_name_when_the_file_tells_no_day(world):
    newer = tariff({"mfn": {"0101": "1 %"}}, day=None, revision="2026 Revision 10")
    bring([reading(newer)], wanted(world))
    older = tariff({"mfn": {"0101": "2 %"}}, day=None, revision="2026 Revision 9")
    with pytest.raises(UsageError) as caught:
        bring([reading(older)], wanted(world))
    assert caught.value.problems[0].code == "older-revision"
    [done] = bring([reading(older)], wanted(world, revision="2026 Revision 11"))
    assert "takes the place of 2026 Revision 10, from the same day" in done.notes[-1]


def test_two_editions_of_one_day_are_refused(world):
    both = [
        reading(tariff({"mfn": {"0101": "1 %"}}, revision="Rev 1"), "a.json"),
        reading(tariff({"mfn": {"0101": "2 %"}}, revision="Rev 2"), "b.json"),
    ]
    with pytest.raises(UsageError) as caught:
        bring(both, wanted(world))
    [problem] = caught.value.problems
    assert (problem.code, problem.what) == (
        "same-day",
        "a.json and b.json are two editions that begin on 2026-01-01",
    )


def test_files_of_one_edition_are_parts_of_it(world):
    both = [
        reading(tariff({"mfn": {"0101": "1 %"}}), "chapter-1.csv"),
        reading(tariff({"mfn": {"0201": "2 %"}}), "chapter-2.csv"),
    ]
    [done] = bring(both, wanted(world))
    assert (done.lines, done.reading.tariff.rows) == ({"mfn": 2}, 2)
    assert [file.name for file in done.revision.files] == ["chapter-1.csv", "chapter-2.csv"]
    [done] = bring(list(reversed(both)), wanted(world))
    assert done.again


def test_a_part_of_a_tariff_does_not_end_the_rest(world):
    whole = {"mfn": {f"{code:04}": "1 %" for code in range(101, 131)}}
    bring([reading(tariff(whole))], wanted(world))
    part = tariff({"mfn": {"0101": "1 %"}}, day=MARCH, revision="Chapter 1")
    with pytest.raises(UsageError) as caught:
        bring([reading(part)], wanted(world))
    assert caught.value.problems[0].code == "much-missing"
    assert "29 of 30 rates of mfn" in caught.value.problems[0].what
    [done] = bring([reading(part)], wanted(world, force=True))
    assert len(done.changes) == 29


def test_a_list_with_days_of_its_own_tells_its_whole_history(world):
    def lines(*spans):
        return [
            Line(
                hs="0101", programme="mfn", rate=rate, printed=rate, row=number, since=since,
                until=until,
            )
            for number, (rate, since, until) in enumerate(spans, 1)
        ]  # fmt: skip

    own = tariff({}, day=None, revision="", kind="csv")
    own.lines = lines(("1 %", JANUARY, MARCH - 1), ("2 %", MARCH, None))
    bring([reading(own)], wanted(world))
    assert found(world, "0101", JANUARY) == [parse_terms("1 %")]
    own.lines = lines(("0.5 %", None, MARCH - 1), ("2 %", MARCH, None))
    own.lines.append(replace(own.lines[0], hs="0102", since=JANUARY - 100, until=None))
    [done] = bring([reading(own)], wanted(world))
    assert [(c.before, c.after) for c in done.changes] == [
        ("1 %; 2 %", "0.5 %; 2 %"),
        ("", "0.5 %"),
    ]
    assert done.notes == [
        "rates without a first day of their own begin with the earliest, 2025-09-23",
        "mfn: beside it 1 rate of the tables below holds on 2025-09-23; --whole if the file is the"
        " whole tariff",
    ]
    assert found(world, "0101", JANUARY - 50) == [parse_terms("0.5 %")]
    assert "confidence: medium" in mfn_file(world).read_text()


# -- a list of one's own, and a whole tariff --


def own(rates, **more):
    return tariff(rates, kind="csv", revision=more.pop("revision", ""), **more)


def test_a_list_of_ones_own_lies_over_the_tables_below(world):
    [done] = bring([reading(own({"mfn": {"6109": "17 %"}}))], wanted(world))
    assert "others: kept\n" in mfn_file(world).read_text()
    assert found(world, "6109", JANUARY) == [parse_terms("17 %")]
    assert found(world, "6109", JANUARY - 1) == [parse_terms("16 %")]
    assert found(world, "0101", TODAY) == [parse_terms("1 %")]
    assert done.notes == [
        "mfn: beside it 1 rate of the tables below holds on 2026-01-01; --whole if the file is the"
        " whole tariff"
    ]


def test_the_whole_tariff_takes_the_place_of_the_tables_below(world):
    one = reading(own({"mfn": {"6109": "17 %"}}))
    [done] = bring([one], wanted(world, whole=True))
    assert "earlier: kept\n" in mfn_file(world).read_text()
    assert (found(world, "0101", TODAY), done.notes) == ([], [])
    [done] = bring([one], wanted(world))  # the same file, said to be a part
    assert (done.again, found(world, "0101", TODAY)) == (False, [parse_terms("1 %")])
    [done] = bring([one], wanted(world))
    assert done.again


def test_a_rate_that_a_list_no_longer_has_is_again_the_one_below(world):
    bring([reading(own({"mfn": {"0101": "2 %", "6109": "17 %"}}))], wanted(world))
    bring([reading(own({"mfn": {"0101": "2 %"}}, day=MARCH, revision="2"))], wanted(world))
    assert found(world, "6109", MARCH - 1) == [parse_terms("17 %")]
    assert found(world, "6109", MARCH) == [parse_terms("16 %")]


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize(
    ("rates", "what"),
    [
        ({}, "has a heading and no rows"),
        ({"0101": '"words: 1 pct"'}, "not one of its 1 rows has a rate that is read"),
    ],
)
def test_a_list_without_a_rate_is_refused_whatever_is_forced(world, rates, what, force):
    bring([reading(own({"mfn": {"0101": "2 %"}}))], wanted(world))
    before = mfn_file(world).read_bytes()
    with pytest.raises(OrderError) as caught:
        later = own({"mfn": rates}, day=MARCH, revision="2")
        bring([reading(later, "own.csv")], wanted(world, force=force))
    [problem] = caught.value.problems
    assert (problem.code, problem.what, problem.where.path) == ("no-rates", what, "own.csv")
    assert mfn_file(world).read_bytes() == before


@pytest.mark.parametrize(
    ("kept", "then", "lost"),
    [
        (["0101"], ["0102"], ""),  # of one rate there is no half
        (["0101", "0102"], ["0101"], ""),
        (["0101", "0102"], ["0103"], "2 of 2"),
        (["0101", "0102", "0103"], ["0101"], "2 of 3"),
        (["0101", "0102", "0103", "0104"], ["0101", "0102"], ""),
    ],
)
def test_most_rates_of_a_small_table_end_only_when_forced(world, kept, then, lost):
    bring([reading(own({"mfn": dict.fromkeys(kept, "5 %")}))], wanted(world))
    newer = reading(own({"mfn": dict.fromkeys(then, "5 %")}, day=MARCH, revision="2"))
    if lost:
        with pytest.raises(UsageError, match=f"{lost} rates of mfn are not in it"):
            bring([newer], wanted(world))
    [done] = bring([newer], wanted(world, force=bool(lost)))
    assert done.tables == [mfn_file(world)]


def test_rates_that_only_move_to_other_codes_are_not_lost(world):
    lines = {f"010121{line:02}": "5 %" for line in range(10)}
    bring([reading(own({"mfn": lines}))], wanted(world))
    [done] = bring(
        [reading(own({"mfn": {"010121": "5.0 %"}}, day=MARCH, revision="2"))], wanted(world)
    )
    assert (done.changes, done.regrouped) == ([], 11)


# -- what is refused --


def test_a_table_edited_by_hand_is_refused(world):
    bring([reading(tariff({"mfn": {"0101": "1 %", "0102": "2 %"}}))], wanted(world))
    path = mfn_file(world)
    path.write_text(path.read_text().replace("0102  2 %", "0102  9 %"))
    newer = reading(tariff({"mfn": {"0101": "1 %"}}, day=MARCH, revision="Rev 2"))
    with pytest.raises(TableError) as caught:
        bring([newer], wanted(world))
    assert caught.value.problems[0].code == "edited"
    assert caught.value.problems[0].where.path == str(path)
    bring([newer], wanted(world, force=True))
    assert found(world, "0102", JANUARY) == [parse_terms("9 %")]
    assert found(world, "0102", MARCH) == []


def test_a_table_of_the_users_own_is_not_overwritten(world):
    path = mfn_file(world)
    path.parent.mkdir(parents=True)
    path.write_text(WORLD)
    with pytest.raises(TableError) as caught:
        bring([reading(tariff({"mfn": {"0101": "1 %"}}))], wanted(world))
    assert caught.value.problems[0].code == "not-ours"
    assert path.read_text() == WORLD


def test_another_table_of_the_same_programme_in_the_folder(world):
    (world / "mine").mkdir()
    (world / "mine" / "by-hand.yaml").write_text(WORLD)
    with pytest.raises(TableError) as caught:
        bring([reading(tariff({"mfn": {"0101": "1 %"}}))], wanted(world))
    [problem] = caught.value.problems
    assert (problem.code, problem.where.path) == (
        "duplicate-table",
        str(world / "mine" / "by-hand.yaml"),
    )
    assert not mfn_file(world).exists()


@pytest.mark.parametrize(
    ("rates", "code"),
    [
        ({"0101": "1 XYZ / kg"}, "unknown-currency"),
        ({"7701": "1 %"}, "unknown-hs"),
        ({("0101", ("QQ",), ""): "1 %"}, "unknown-country"),
        ({"0101": "one percent"}, "bad-rate"),
    ],
)
def test_what_does_not_read_back_is_not_kept(world, rates, code):
    with pytest.raises(TableError) as caught:
        bring([reading(tariff({"mfn": {"0102": "1 %", **rates}}))], wanted(world))
    assert code in {problem.code for problem in caught.value.problems}
    problem = next(one for one in caught.value.problems if one.code == code)
    assert problem.where.path == "hts.json"
    assert problem.what.startswith(("row 2, 0101: ", "row 2, 7701: "))
    assert not (world / "mine").exists()


def test_a_rate_that_is_found_otherwise_is_not_kept(world, monkeypatch):
    """A writer with a mistake: the lookup of every line finds it."""
    from xborder_cli.tariffs import bring as module

    honest = module.table_text
    monkeypatch.setattr(
        module, "table_text", lambda table: honest(table).replace("16.5 %", "15.6 %")
    )
    with pytest.raises(TableError) as caught:
        bring([reading(tariff({"mfn": {"0101": "1 %", "6109": "16.5 %"}}))], wanted(world))
    [problem] = caught.value.problems
    assert str(problem) == (
        "hts.json: row 2, 6109: another rate is found in mfn on 2026-01-01, where 16.5 % was"
        " written [read-back]"
    )
    assert not (world / "mine").exists()


def test_a_dry_run_keeps_nothing(world):
    [done] = bring([reading(tariff({"mfn": {"0101": "1 %"}}))], wanted(world, dry_run=True))
    assert done.tables == [mfn_file(world)]
    assert not (world / "mine").exists()


# -- killed --

TWO = {"mfn": {"0101": "1 %"}, "preference": {("0101", ("MX",), "USMCA"): "0 %"}}
NEWER = {"mfn": {"0101": "2 %"}, "preference": {("0101", ("MX",), "USMCA"): "0.5 %"}}


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class Killed(BaseException):
    """Not an Exception: what a signal raises."""


@pytest.mark.parametrize("step", range(9))
def test_an_import_that_fails_leaves_the_old_tables(world, monkeypatch, step):
    both = (MFN, FREE)
    bring([reading(tariff(TWO, programmes=both))], wanted(world))
    before = snapshot(world / "mine")
    calls = iter(range(100))

    def failing(name, error):
        honest = getattr(Path, name)

        def run(self, *rest, **more):
            if str(world) in str(self) and next(calls) == step:
                raise error
            return honest(self, *rest, **more)

        monkeypatch.setattr(Path, name, run)

    failing("replace", OSError(28, "No space left on device"))
    failing("open", Killed())
    newer = reading(tariff(NEWER, day=MARCH, revision="Rev 2", programmes=both))
    try:
        bring([newer], wanted(world))
    except (UsageError, Killed):
        monkeypatch.undo()
        assert snapshot(world / "mine") == before
    else:
        monkeypatch.undo()
        assert next(calls) <= step
        assert found(world, "0101", MARCH) == [parse_terms("2 %")]
        assert not [name for name in snapshot(world / "mine") if "/." in name or name[0] == "."]


KILL = """
import os, sys
from dataclasses import replace
from pathlib import Path
from xborder_cli.tariffs import place

into, step = Path(sys.argv[1]), int(sys.argv[2])
honest, calls = Path.replace, iter(range(100))

def replace(self, target):
    if next(calls) == step:
        os._exit(9)
    return honest(self, target)

Path.replace = replace
files = {into / "a.yaml": b"new a", into / "sub" / "b.yaml": b"new b", into / "c.yaml": b"new c"}
place.put(into, files, {path: place.held(path) for path in files})
"""


@pytest.mark.parametrize("step", range(5))
def test_a_killed_process_is_taken_back_by_the_next_import(tmp_path, step):
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.yaml").write_bytes(b"old a")
    (tmp_path / "sub" / "b.yaml").write_bytes(b"old b")
    before = snapshot(tmp_path)
    ran = subprocess.run([sys.executable, "-c", KILL, str(tmp_path), str(step)], check=False)
    if step > 3:
        assert ran.returncode == 0
        after = {"a.yaml": b"new a", "c.yaml": b"new c", "sub/b.yaml": b"new b"}
        assert snapshot(tmp_path) == after
        return
    assert ran.returncode == 9
    place.take_back(tmp_path)
    left = {name: data for name, data in snapshot(tmp_path).items() if not name.endswith("-new")}
    assert {name: data for name, data in left.items() if not name.endswith("-old")} == before


def test_what_was_edited_after_a_kill_stays(tmp_path):
    (tmp_path / "a.yaml").write_bytes(b"old a")
    subprocess.run([sys.executable, "-c", KILL, str(tmp_path), "2"], check=False)
    assert (tmp_path / "a.yaml").read_bytes() == b"new a"
    (tmp_path / "a.yaml").write_bytes(b"mine")
    place.take_back(tmp_path)
    assert (tmp_path / "a.yaml").read_bytes() == b"mine"


def test_a_table_that_changed_meanwhile_is_not_overwritten(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_bytes(b"theirs")
    with pytest.raises(UsageError) as caught:
        place.put(tmp_path, {path: b"ours"}, {path: b"as it was"})
    assert caught.value.problems[0].code == "changed-meanwhile"
    assert snapshot(tmp_path) == {"a.yaml": b"theirs"}


# -- any tariffs --

codes = st.sampled_from(["0101", "010121", "6109", "61091000", "9101"])
some_rates = st.sampled_from(["0 %", "5 %", "16.5 %", "0.30 USD / kg + 2 %", '"words: note 3"'])
origins = st.sampled_from([(), ("DE",), ("EU",), ("MX",), ("EU", "MX")])
rates_of = st.dictionaries(st.tuples(codes, origins), some_rates, max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(rates_of, min_size=3, max_size=3),
    st.lists(st.integers(0, 200), min_size=3, max_size=3, unique=True),
)
def test_any_three_editions(tmp_path_factory, said, shifts):
    """Loaded again, a day finds the edition of that day: the oracle is its own dictionary."""
    world = tmp_path_factory.mktemp("world")
    (world / "below").mkdir()
    (world / "below" / "world.yaml").write_text(WORLD)
    editions = []
    for number, (rates, shift) in enumerate(zip(said, sorted(shifts), strict=True)):
        expanded = {}
        for (hs, named), rate in rates.items():
            for origin in [one for name in named or ("",) for one in members(name)]:
                expanded.setdefault((hs, origin), set()).add(rate)
        editions.append((JANUARY + shift, expanded))
        lines = {(hs, named, ""): rate for (hs, named), rate in rates.items()}
        one = tariff({"mfn": lines}, day=JANUARY + shift, revision=f"Rev {number}")
        bring([reading(one)], wanted(world, force=True))
    tables = load_tables([world / "below", world / "mine"])
    rows = tables.programmes["US", "mfn"].rows
    days = {day + shift for day, _ in editions for shift in (-1, 0, 1)}
    for key in {key for _, expanded in editions for key in expanded}:
        for day in days:
            want = next(
                (e.get(key, set()) for first, e in reversed(editions) if first <= day), None
            )
            hits = [
                row.terms
                for row in rows
                if (row.hs, row.origin) == key
                and row.since <= day
                and (row.until is None or day <= row.until)
            ]
            if want is None:
                continue  # the folders below
            if len(want) > 1:
                assert [hit.words.startswith("two rates") for hit in hits] == [True]
            else:
                assert hits == [parse_terms(rate.strip('"')) for rate in want]


def members(name):
    return {"EU": ("DE", "FR")}.get(name, (name,))


# -- the command --


def fake_reader(path: Path) -> Tariff:
    """A file of this test: a day, then `hs rate` lines; `? text` is not understood."""
    day, *rest = path.read_text().splitlines()
    rates, unread = {}, []
    for number, text in enumerate(rest, 1):
        hs, _, rate = text.partition(" ")
        if hs == "?":
            unread.append(Unread(row=number, hs="", text=rate, why="no-rate"))
        else:
            rates[hs] = rate
    found = tariff({"mfn": rates}, day=parse_day(day), revision=f"of {day}", unread=unread)
    found.rows = len(rest)
    found.forms = {"general": {"percent": len(rates)}}
    return found


@pytest.fixture
def own_reader(monkeypatch):
    monkeypatch.setitem(readers.READERS, "usitc", (__name__, "fake_reader", False))
    monkeypatch.setitem(sys.modules, __name__, sys.modules.get(__name__) or _this())


def _this():
    import types

    module = types.ModuleType(__name__)
    module.fake_reader = fake_reader
    return module


@pytest.mark.usefixtures("own_reader")
def test_the_command(world, xb):
    (world / "one.txt").write_text("2026-01-01\n0101 1 %\n6109 16.5 %\n")
    (world / "two.txt").write_text("2026-03-01\n0101 1.5 %\n6109 16.5 %\n? sugar ladder\n")
    flags = ["--no-bundled", "--rates", "below", "--into", "mine", "--kind", "usitc"]
    ran = xb(["duties", "import", "one.txt", *flags, "--report", "report.json"], folder=world)
    assert ran.code == 0, ran.stderr
    assert ran.stdout.splitlines()[:2] == [
        "change,tariff,programme,hs,origin,claim,rate_before,rate,from,revision",
        "added,US,mfn,0101,,,,1 %,2026-01-01,of 2026-01-01",
    ]
    assert ran.stderr == (
        "one.txt: US (usitc), of 2026-01-01, from 2026-01-01\n"
        "  2 rows; rates: mfn 2\n"
        "  general: percent 2\n"
        "  all 2 rates are new in this folder\n"
        f"kept: {Path('mine/duties/us/mfn.yaml')}\n"
        "to price with them: --rates mine, XB_RATES or the rates list of xb.toml\n"
    )
    report = json.loads((world / "report.json").read_text())
    assert (report["schema"], report["kept"]) == ("xb.import/1", True)
    assert report["imports"][0]["files"][0]["file"] == "one.txt"
    assert report["imports"][0]["lines"] == {"mfn": 2}
    ran = xb(["duties", "import", "two.txt", *flags, "--format", "json"], folder=world)
    assert ran.code == 1
    told = json.loads(ran.stdout)["imports"][0]
    assert told["counts"] == {"added": 0, "changed": 1, "removed": 0, "unchanged": 1}
    assert told["unread"] == {
        "no-rate": {"count": 1, "rows": [{"row": 3, "hs": "", "text": "sugar ladder"}]}
    }
    assert told["changes"][0]["rate_before"] == "1 %"
    ran = xb(["duties", "import", "two.txt", *flags], folder=world, terminal=True)
    assert "nothing changed: imported on " in ran.stderr
    assert ran.stdout == ""
    ran = xb(["duties", "import", "one.txt", *flags], folder=world)
    assert (ran.code, ran.stdout) == (2, "")
    assert "[older-revision]" in ran.stderr


@pytest.mark.usefixtures("own_reader")
def test_a_person_sees_the_first_changes(world, xb):
    (world / "one.txt").write_text(
        "2026-01-01\n" + "".join(f"01{n:02} 1 %\n" for n in range(1, 31))
    )
    (world / "two.txt").write_text(
        "2026-03-01\n" + "".join(f"01{n:02} 2 %\n" for n in range(1, 31))
    )
    flags = ["--no-bundled", "--rates", "below", "--rates", "mine", "--kind", "usitc"]
    (world / "mine").mkdir()
    xb(["duties", "import", "one.txt", *flags], folder=world)
    plain = [*flags, "--no-color"]
    ran = xb(["duties", "import", "two.txt", *plain], folder=world, terminal=True)
    lines = ran.stdout.splitlines()
    assert lines[0].split() == [
        "change",
        "tariff",
        "programme",
        "hs",
        "rate_before",
        "rate",
        "from",
        "revision",
    ]
    assert len(lines) == 21
    assert "and 10 more; --format csv lists all" in ran.stderr
    assert "changed 30" in ran.stderr
    assert "to price with them" not in ran.stderr


def test_no_folder_to_import_into(xb, tmp_path):
    (tmp_path / "one.csv").write_text("hs,rate\n")
    ran = xb(["duties", "import", "one.csv"], folder=tmp_path)
    assert (ran.code, ran.stderr.splitlines()[0]) == (
        2,
        "--into: nobody says which folder the tables go to [missing]",
    )


def test_the_bundled_tables_are_not_written(xb, tmp_path):
    from xborder_cli.tables.bundled import bundled_folder

    (tmp_path / "one.csv").write_text("hs,rate\n")
    ran = xb(["duties", "import", "one.csv", "--into", str(bundled_folder())], folder=tmp_path)
    assert ran.code == 2
    assert "name a folder of your own" in ran.stderr


def test_a_file_that_is_not_there(xb, tmp_path):
    ran = xb(["duties", "import", "none.csv", "--into", "mine", "--kind", "csv"], folder=tmp_path)
    assert ran.code == 3
    assert ran.stderr.startswith("none.csv: cannot be read: No such file")


@pytest.mark.parametrize(
    ("kind", "options", "code"),
    [
        ("csv", {}, "missing"),
        ("usitc", {"tariff": "US"}, "bad-usage"),
        ("uk", {"programme": "mfn"}, "bad-usage"),
        ("tsv", {}, "unknown-value"),
    ],
)
def test_options_that_do_not_go_with_a_kind(tmp_path, kind, options, code):
    path = tmp_path / "one.csv"
    path.write_text("hs,rate\n")
    with pytest.raises(UsageError) as caught:
        readers.read_files([path], kind, **options)
    assert caught.value.problems[0].code == code


def test_files_of_two_kinds(tmp_path, monkeypatch):
    for name in ("one.uk", "two.taric"):
        (tmp_path / name).write_text("")
    monkeypatch.setattr(readers, "_recognised", lambda path: path.suffix[1:])
    with pytest.raises(UsageError) as caught:
        readers.read_files([tmp_path / "one.uk", tmp_path / "two.taric"])
    assert "one.uk is uk, two.taric is taric" in caught.value.problems[0].what


def test_a_tariff_from_file_to_duty(tmp_path, xb):
    """A row of USITC's export changes what a parcel pays, from its first day on."""
    row = {
        "htsno": "6109.10.00",
        "indent": "1",
        "description": "Of cotton",
        "superior": None,
        "units": ["doz.", "kg"],
        "general": "17.25%",
        "special": "",
        "other": "90%",
        "footnotes": [],
    }
    (tmp_path / "hts_2026_rev_22.json").write_text(json.dumps([row]))
    flags = ["--into", "mine", "--from", "2026-12-01"]
    ran = xb(["duties", "import", "hts_2026_rev_22.json", *flags], folder=tmp_path)
    assert ran.code in (0, 1), ran.stderr
    paid = {}
    for day in ("2026-11-30", "2026-12-01"):
        asked = ["--to", "US", "--from", "VN", "--value", "100USD", "--hs", "6109100012"]
        asked += ["--on", day, "--channel", "postal", "--rates", "mine", "--format", "csv"]
        ran = xb(["duty", *asked], folder=tmp_path)
        lines = csv.DictReader(ran.stdout.splitlines())
        paid[day] = [one["amount"] for one in lines if one["code"] == "mfn"]
    assert paid == {"2026-11-30": ["16.50"], "2026-12-01": ["17.25"]}
