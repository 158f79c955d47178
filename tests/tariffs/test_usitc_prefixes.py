"""Rows at the shortest prefixes, against a look-up that goes through every prefix of a code."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from xborder_cli.tariffs.usitc_prefixes import ANY, AnyValue, Codes, fewest

pairs = st.sampled_from(["01", "02", "09", "10", "99"])
codes = st.lists(pairs, min_size=2, max_size=5).map("".join)
values = st.sampled_from([None, ANY, 5, 7, 25])


def looked_up(rows, code):
    """The row of the longest prefix."""
    return next((rows[code[:n]] for n in range(len(code), 1, -1) if code[:n] in rows), None)


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(codes, values, max_size=12), st.sets(codes, max_size=4))
def test_each_code_finds_its_value(said, others):
    rows = fewest(Codes({*said, *others}), said)
    for code, value in said.items():
        if not isinstance(value, AnyValue):
            assert looked_up(rows, code) == value, code
    assert len(rows) <= sum(value is not ANY for value in said.values())


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(codes, st.sampled_from([5, 7, 25]), max_size=12))
def test_where_codes_differ_the_prefixes_above_say_so(said):
    rows = fewest(Codes(said), said, 9)
    for code, value in said.items():
        assert looked_up(rows, code) == value
    for prefix in Codes(said).order:
        found = {value for code, value in said.items() if code.startswith(prefix)}
        if len(found) > 1 and not any(prefix.startswith(code) for code in said):
            assert looked_up(rows, prefix) == 9


def test_no_codes_make_no_rows():
    assert fewest(Codes([]), {}) == {}
