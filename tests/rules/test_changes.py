"""Changes of invented rules: what opens, ends, says something else, and for whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from xborder_cli.errors import TableError
from xborder_cli.rules.changes import History
from xborder_cli.rules.make import sheet_of
from xborder_cli.rules.programmes import rows_for, rows_on
from xborder_cli.rules.reading import Library
from xborder_cli.rules.thresholds import thresholds_of
from xborder_cli.rules.upcoming import upcoming
from xborder_cli.units import day_text, parse_day

WORLD = Path(__file__).parent / "world"


@pytest.fixture(scope="module")
def library():
    return Library([WORLD])


def _between(library, name, first, last):
    found = History(library.market(name)).between(parse_day(first), parse_day(last))
    return [(one.kind, one.part, one.regime, one.code, one.what, one.old, one.new) for one in found]


def test_ids_names_and_unions(library):
    assert library.ids == ("UN", "XC", "XU", "XV")
    assert library.unions == ("UN",)
    assert library.members("UN") == ("XU", "XV")
    assert library.name("XV") == "Vorland"


def test_what_differs_between_two_days(library):
    assert _between(library, "XU", "2026-02-28", "2026-03-01") == [
        ("ended", "entry", "old", "", "", "", ""),
        ("added", "entry", "full", "", "", "", ""),
        ("added", "programme", "", "mfn", "", "", ""),
        ("changed", "value", "", "free_up_to", "value", "100 UND", "50 UND"),
        (
            *("changed", "entry", "low", "", "when"),
            "goods up to 100 UND and scheme one_stop",
            "goods up to 50 UND and scheme one_stop",
        ),
    ]


def test_backwards_what_was_added_has_ended(library):
    there = _between(library, "XU", "2026-02-28", "2026-03-01")
    back = _between(library, "XU", "2026-03-01", "2026-02-28")
    turned = {"added": "ended", "ended": "added", "changed": "changed"}
    assert sorted((turned[kind], *rest, new, old) for kind, *rest, old, new in there) == sorted(
        back
    )


def test_rows_of_programmes_are_told_one_by_one(library):
    (change,) = History(library.market("XU")).on(parse_day("2026-06-01"))
    assert (change.code, change.what, change.new, change.owner) == (
        "mfn",
        "rows",
        "1 changed",
        "UN",
    )
    (row,) = change.rows
    assert (row.hs, row.origin, row.old, row.new) == ("0902", "", "5 %", "6 %")


def test_announced_without_a_figure(library):
    assert _between(library, "XU", "2026-06-30", "2026-07-01") == [
        ("changed", "value", "", "handling", "value", "2 UND", "announced, not yet known"),
        (
            *("changed", "entry", "", "handling_fee", "rate"),
            *("2 UND", "announced from 2026-07-01, not yet known"),
        ),
    ]


def test_days_of_change(library):
    history = History(library.market("XV"))
    first = parse_day("2025-01-01")
    days = [day_text(day) for day, _ in history.after(first)]
    assert days == ["2026-03-01", "2026-06-01", "2026-07-01"]
    assert [day_text(day) for day, _ in history.before(parse_day("2026-06-15"))] == [
        "2026-06-01",
        "2026-03-01",
    ]
    assert history.on(first) == ()


def test_what_a_union_changes_is_told_once_for_its_members(library):
    first, last = parse_day("2026-02-28"), parse_day("2026-06-01")
    days, read = upcoming(library, ["XC", "XU", "XV"], first, last)
    assert [day_text(one.day) for one in days] == ["2026-03-01", "2026-06-01"]
    assert all(one.markets == ("XU", "XV") for one in days)
    assert all(one.markets == ("XU", "XV") for day in days for one in day.changes)
    assert "XC" not in read


def test_figures_say_what_follows_them(library):
    sheet = sheet_of(library.market("XU"), parse_day("2026-02-01"))
    figures = {one.name: one for one in sheet.values}
    free = figures["free_up_to"]
    assert (free.text, free.later, day_text(free.later_from)) == ("100 UND", "50 UND", "2026-03-01")
    assert figures["handling"].later == "announced, not yet known"
    assert {one.owner for one in sheet.values} == {"UN"}


def test_order_is_that_of_computation(library):
    sheet = sheet_of(library.market("XU"), parse_day("2026-04-01"))
    (full,) = [one for one in sheet.events[0].regimes if one.id == "full"]
    assert [one.charge.code for one in full.charges] == ["duty", "vat"]
    assert [one.place for one in full.charges] == [1, 2]


def test_thresholds_say_how_they_act(library):
    sheet = sheet_of(library.market("XC"), parse_day("2026-04-01"))
    found = {(one.limit, one.kind, one.op, one.per) for one in thresholds_of(sheet)}
    assert found == {
        ("200 XAD", "allowance", "up to", "parcel"),
        ("1000 XAD", "band on its part", "up to", "item line"),
        ("31 kg", "cliff", "up to", "parcel"),
        ("31 kg", "free part", "", "parcel"),
        ("6", "cliff", "under", "parcel"),
    }


def test_goods_and_origin_narrow(library):
    tables, day = library.market("XU"), parse_day("2026-04-01")
    tea = sheet_of(tables, day, hs="090210", origin="XC")
    assert "barred" not in {one.id for one in tea.events[0].regimes}
    wine = sheet_of(tables, day, hs="220421")
    assert "barred" in {one.id for one in wine.events[0].regimes}
    inside = sheet_of(tables, day, origin="XV")
    assert "duty" not in {one.charge.code for one in inside.charges}
    rows = list(rows_on(tables.programmes["mfn"].rows, day).values())
    assert [row.origin for row in rows_for(rows, "090210", "XC")] == ["XC"]
    assert [row.origin for row in rows_for(rows, "090210", "XV")] == [""]
    assert sorted(row.origin for row in rows_for(rows, "0902", "")) == ["", "XC"]
    assert [row.hs for row in rows_for(rows, "9403", "")] == ["94"]


def test_later_folders_take_the_place_of_earlier_ones(tmp_path):
    own = (WORLD / "XV.yaml").read_text().replace("25 %", "30 %").replace("Vorland", "Other")
    (tmp_path / "mine.yaml").write_text(own)
    library = Library([WORLD, tmp_path])
    assert library.name("XV") == "Other"
    (row,) = [one for one in library.market("XV").programmes["vat"].rows if not one.hs]
    assert row.terms.parts[0].amount == (3, 10)
    assert library.world.folders == (str(WORLD), str(tmp_path))


def test_faults_of_a_market_are_told(tmp_path):
    own = (WORLD / "XV.yaml").read_text().replace("25 %", "a lot")
    (tmp_path / "mine.yaml").write_text(own)
    library = Library([WORLD, tmp_path])
    assert library.market("XU")
    with pytest.raises(TableError, match="a lot"):
        library.market("XV")


def test_two_markets_in_one_file_and_words_in_quotes(tmp_path):
    for path in WORLD.glob("*.yaml"):
        if path.stem not in ("XU", "XV"):
            (tmp_path / path.name).write_text(path.read_text())
    both = "\n---\n".join((WORLD / f"{name}.yaml").read_text() for name in ("XU", "XV"))
    (tmp_path / "both.yaml").write_text(both.replace("id: XU", 'id: "XU"   # quoted'))
    library = Library([tmp_path])
    assert library.members("UN") == ("XU", "XV")
    assert library.market("XU").notes == Library([WORLD]).market("XU").notes
