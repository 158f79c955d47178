"""Steps on a terminal and as SVG: scales from nothing, widths kept, rates where they belong."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xborder_cli.cli.render.steps import Step, drawing, picture
from xborder_cli.units import parse_day

YEAR = parse_day("2025-01-01")


def test_a_picture():
    steps = [
        Step(first=YEAR, last=YEAR + 99, percent=5.0),
        Step(first=YEAR + 100, last=YEAR + 199, percent=20.0),
        Step(first=YEAR + 200, last=YEAR + 399, percent=None),
    ]
    assert picture(steps, 46) == [
        "20 % |          #=========",
        "18 % |          |",
        "16 % |          |",
        "14 % |          |",
        "12 % |          |",
        "10 % |          |",
        " 8 % |          |",
        " 6 % |          |",
        " 4 % |==========#",  # 5 lies between two rows, and is nearest to both
        " 2 % |",
        " 0 % +--------------------????????????????????",
        "      2025-01-01                    2026-02-04",
        "?: not known, or no percent says it",
    ]


@st.composite
def steps_of(draw):
    day, found = YEAR, []
    for length in draw(st.lists(st.integers(1, 900), min_size=1, max_size=12)):
        percent = draw(st.none() | st.integers(0, 3000).map(lambda tenth: tenth / 10))
        found.append(Step(first=day, last=day + length - 1, percent=percent))
        day += length
    return found


@given(steps_of(), st.integers(40, 160))
def test_no_line_is_wider_and_the_scale_begins_at_nothing(steps, width):
    lines = picture(steps, width)
    if not lines:
        assert all(s.percent is None for s in steps) or steps[-1].last == steps[0].first
        return
    assert all(len(line) <= width for line in lines)
    assert all(line.isascii() for line in lines)
    labels = [float(line.split(" %")[0]) for line in lines if re.match(r" *[0-9.]+ % [|+]", line)]
    assert labels[-1] == 0
    assert labels[0] >= max(s.percent for s in steps if s.percent is not None)
    gaps = [round(a - b, 6) for a, b in pairwise(labels)]
    assert len(set(gaps)) <= 1  # equal steps of the scale are equal heights


@given(steps_of(), st.integers(40, 160))
def test_each_rate_stands_within_half_a_row_of_its_height(steps, width):
    lines = picture(steps, width)
    rows = [line for line in lines if re.match(r" *[0-9.]+ % [|+]", line)]
    if not rows:
        return
    margin = re.match(r" *[0-9.]+ % ", rows[0]).end() + 1
    scale = [float(row.split(" %")[0]) for row in rows]
    tick = scale[0] - scale[1]
    known = [s.percent for s in steps if s.percent is not None]
    drawn = [
        value
        for row, value in zip(rows, scale, strict=True)
        for mark in row[margin:]
        if mark in "=#"
    ]
    assert all(min(abs(value - rate) for rate in known) <= tick / 2 + 1e-9 for value in drawn)


@given(steps_of())
def test_the_drawing_is_a_file_that_others_read(steps):
    root = ElementTree.fromstring(drawing(steps, "duty of <goods> & more"))
    assert root.tag.endswith("svg")
    path = next(one for one in root if one.get("stroke-width") == "2").get("d")
    parts = sum(
        now.percent is not None and (before is None or before.percent is None)
        for before, now in zip([None, *steps], steps, strict=False)
    )
    assert path.count("M") == parts  # one line for each stretch of known rates


@pytest.mark.parametrize("percent", [0.0, 0.04, 3000.0])
def test_small_and_large_rates_are_drawn(percent):
    lines = picture([Step(first=YEAR, last=YEAR + 10, percent=percent)], 80)
    assert any("=" in line for line in lines)
