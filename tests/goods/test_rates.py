"""The duty beside a hit is what `xb duties show` says; one that is not known is never free."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.duty_entries import ORIGINS, book, markets
from xborder_cli.core.pipeline import duty
from xborder_cli.duties.usual import CHANNEL
from xborder_cli.goods.rates import consignment, duties
from xborder_cli.units import parse_day

TODAY = parse_day("2026-11-22")


@cache
def one_of(origin, slug, market):
    (found,) = duties(book(), consignment(origin, TODAY, goods=slug), [market])
    return found


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(ORIGINS), st.sampled_from(sorted(book().goods)), st.sampled_from(markets()))
def test_a_duty_that_is_not_known_is_never_free(origin, slug, market):
    found = one_of(origin, slug, market)
    if found.rate is None:
        assert found.reason
        assert found.text == "-"
        return
    made = consignment(origin, TODAY, goods=slug)
    answer = duty(book(), replace(made, destination=market), channel=CHANNEL)
    if any(line.kind == "duty" and line.unknown for line in answer.lines):
        assert found.text != "0 %"
        assert found.words or found.rate.parts
    if found.text == "?":
        assert found.words


@pytest.mark.parametrize(
    ("slug", "market"), [("wine", "US"), ("t-shirt-cotton", "DE"), ("e-bike", "FR")]
)
def test_the_search_says_what_the_explanation_says(xb, slug, market):
    on = ["--on", "2026-11-22", "--format", "json"]
    shown = json.loads(xb(["duties", "show", slug, "--to", market, "--from", "CN", *on]).stdout)
    found = json.loads(xb(["goods", "show", slug, "--to", market, "--from", "CN", *on]).stdout)
    (one,) = found["goods"][0]["duties"]
    assert one["duty"] == shown["total"]["rate"]
    assert one["duty_percent"] == shown["total"]["percent"]


def test_a_code_that_no_table_knows(xb):
    argv = ["goods", "search", "--hs", "840110", "--to", "GB,US", "--on", "2026-11-22"]
    ran = xb([*argv, "--format", "json"])
    assert ran.code == 0
    (one,) = json.loads(ran.stdout)["goods"]
    gb, us = one["duties"]
    assert (gb["duty"], gb["duty_percent"], gb["complete"]) == (None, None, False)
    assert "no mfn rate known for HS 840110" in gb["words"]
    assert us["duty"].startswith("at least ")
