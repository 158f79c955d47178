"""What a new revision changes is told by what codes pay, not by where rows stand."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from xborder_cli.tariffs.by_code import told_by_code
from xborder_cli.tariffs.kept import KeptRow
from xborder_cli.tariffs.merge import merge

DAY = 200
CODES = ["61091000", "61099010", "61099080", "62011100", "6201110010"]


def rows(since, **rates):
    return [KeptRow(hs=hs[1:], rate=rate, since=since) for hs, rate in rates.items()]


def told(old, new):
    merged = merge(old, new, DAY, "mfn", "r1")
    changes, codes = told_by_code(old, merged.rows, merged.changes, CODES)
    return [(one.kind, one.hs) for one in changes], codes, len(merged.changes)


def test_prefixes_that_split_change_nothing():
    old = rows(100, _61="5 %", _62="7 %")
    new = rows(DAY, _610910="5 %", _610990="5.0 %", _62="7 %")
    assert told(old, new) == ([], set(), 3)
    assert told(rows(100, _610910="5 %", _610990="5 %"), rows(DAY, _61="5 %")) == ([], set(), 3)


def test_a_code_that_pays_more_is_told_with_the_row_that_says_so():
    old = rows(100, _61="5 %", _62="7 %")
    new = rows(DAY, _61="5 %", _61099080="6 %", _6201="7 %")
    assert told(old, new) == ([("added", "61099080")], {"61099080"}, 3)


def test_a_code_of_ten_digits_is_counted_as_its_line():
    old, new = rows(100, _62="7 %"), rows(DAY, _62="7 %", _6201110010="8 %")
    assert told(old, new) == ([("added", "6201110010")], {"62011100"}, 1)


def test_a_prefix_of_which_no_code_is_known_is_its_own_code():
    assert told(rows(100, _63="5 %"), rows(DAY, _6301="5 %"))[0] == [("removed", "63")]
    assert told(rows(100, _63="5 %"), [])[:2] == ([("removed", "63")], {"63"})


def test_rates_to_come_are_told():
    old = rows(100, _61="5 %")
    new = [
        KeptRow(hs="61", rate="5 %", since=DAY, until=DAY + 9),
        KeptRow(hs="61", rate="6 %", since=DAY + 10),
    ]
    assert told(old, new)[0] == [("changed", "61")]


prefixes = st.sampled_from(["61", "6109", "610990", "61099010", "62", "620111", *CODES])
made = st.dictionaries(
    st.tuples(prefixes, st.sampled_from([(), ("KR",)])),
    st.sampled_from(["5 %", "5.0 %", "6 %", '"words: see note 3"']),
    max_size=6,
)


def pays(said, hs, origin):
    for n in range(len(hs), 0, -1):
        for named in ((origin,) if origin else (), ()):
            if (hs[:n], named) in said:
                return said[hs[:n], named].replace("5.0", "5")
    return None


@settings(max_examples=500, deadline=None)
@given(made, made)
def test_no_code_that_pays_otherwise_is_left_untold(before, after):
    old, new = (
        [
            KeptRow(hs=hs, rate=rate, since=since, origins=named)
            for (hs, named), rate in said.items()
        ]
        for said, since in ((before, 100), (after, DAY))
    )
    merged = merge(old, new, DAY, "mfn", "r1")
    changes, codes = told_by_code(old, merged.rows, merged.changes, CODES)
    differ = {
        hs[:8] for hs in CODES for o in ("", "KR") if pays(before, hs, o) != pays(after, hs, o)
    }
    assert codes == differ
    assert bool(changes) == bool(differ)


def test_both_counts_are_told(tmp_path, xb):
    (tmp_path / "one.csv").write_text("hs,rate\n61091000,5 %\n6109,5 %\n611020,5 %\n")
    (tmp_path / "two.csv").write_text("hs,rate\n61091000,5 %\n610910,5 %\n611020,6 %\n")
    flags = ["--into", "mine", "--tariff", "CA", "--format", "json", "--force"]
    xb(["duties", "import", "one.csv", *flags, "--from", "2026-01-01"], folder=tmp_path)
    ran = xb(["duties", "import", "two.csv", *flags, "--from", "2026-03-01"], folder=tmp_path)
    found = json.loads(ran.stdout)["imports"][0]
    assert found["counts"] == {"added": 0, "changed": 1, "removed": 0, "unchanged": 1}
    assert (found["codes_changed"], found["regrouped"]) == (1, 2)
    assert [one["hs"] for one in found["changes"]] == ["611020"]
    assert "codes that pay something else: 1" in ran.stderr
    assert "2 more rows stand at longer or shorter codes" in ran.stderr
