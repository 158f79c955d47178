"""The rules of every market of the tables: printed, whole, and compared rightly."""

from __future__ import annotations

import dataclasses
import re
from functools import cache

import pytest

from xborder_cli.cli.render.paper import Paper
from xborder_cli.cli.render.rules import sheet_text
from xborder_cli.cli.render.rules_json import sheet_document
from xborder_cli.cli.render.rules_rows import RULE_FIELDS, rule_rows
from xborder_cli.core import rule
from xborder_cli.core.rule import Bands, Dated, Limit, Provenance
from xborder_cli.core.wording import limit_text
from xborder_cli.errors import TableError
from xborder_cli.rules.changes import History
from xborder_cli.rules.make import EVENTS, sheet_of
from xborder_cli.rules.on_day import set_on
from xborder_cli.rules.programmes import rows_on
from xborder_cli.rules.reading import Library
from xborder_cli.rules.thresholds import thresholds_of
from xborder_cli.rules.words import grouped
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.units import parse_day

LIBRARY = Library([bundled_folder()])
SINCE = parse_day("2024-01-01")
DAYS = [parse_day(text) for text in ("2025-06-15", "2026-11-23", "2027-03-15")]
COUNTRIES = """
    US CA MX BR CL CO AR PE GB
    AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK
    CH NO IS RS UA TR RU KZ
    CN HK TW JP KR SG MY TH VN ID PH IN PK BD LK AU NZ
    AE SA QA KW BH OM IL ZA NG KE GH EG MA TZ UG ET
"""
ISSUE = COUNTRIES.split()
every_market = pytest.mark.parametrize("name", LIBRARY.ids)


@pytest.fixture(scope="module")
def histories():
    """Each market's rules through time, read once for all tests."""
    return cache(lambda name: History(LIBRARY.market(name)))


@pytest.fixture(scope="module")
def markets(histories):
    return lambda name: histories(name).tables


def test_every_country_of_the_issue_has_rules():
    assert len(ISSUE) == 77
    assert [name for name in (*ISSUE, "EU") if name not in LIBRARY.ids] == []


def _day(tables, day):
    return max(day, tables.market.first_day)


@every_market
def test_rules_are_printed(name, histories):
    history = histories(name)
    tables = history.tables
    for day in DAYS:
        sheet = history.sheet(_day(tables, day))
        for width in (80, 160):
            text = sheet_text(sheet, history, Paper(width))
            assert text.startswith(tables.market.name)
            long = [line for line in text.splitlines() if len(line) > width]
            assert all("://" in line for line in long), long
            assert "None" not in text
        rows = list(rule_rows(sheet))
        assert all(row.keys() == set(RULE_FIELDS) for row in rows)
        assert sheet_document(sheet, history)["schema"] == "xb.rules/1"


@every_market
def test_every_money_limit_is_among_the_thresholds(name, histories):
    history = histories(name)
    tables = history.tables
    for day in DAYS:
        sheet = history.sheet(_day(tables, day))
        shown = {one.limit for one in thresholds_of(sheet)}
        text = " ".join(sheet_text(sheet, history, Paper(4000)).split())
        for event in EVENTS:
            for limit in _limits(set_on(getattr(tables.market, event), sheet.day)):
                words = grouped(limit_text(limit))
                assert words in shown
                assert words in text


def _limits(one):
    """Yield every limit in money that conditions, allowances, waivers and bands name."""
    if isinstance(one, Limit):
        if one.currency and not one.name:
            yield one
    elif isinstance(one, Dated):
        for span in one.spans:
            yield from _limits(span.value)
    elif isinstance(one, Bands):
        for row in one.rows.values():
            for band in row:
                yield from _limits(band.limit)
    elif isinstance(one, tuple):
        for part in one:
            yield from _limits(part)
    elif dataclasses.is_dataclass(one):
        for field in dataclasses.fields(one):
            yield from _limits(getattr(one, field.name))


@every_market
def test_every_charge_and_regime_of_the_day_is_printed(name, histories):
    history = histories(name)
    tables = history.tables
    for day in DAYS:
        day = _day(tables, day)
        text = sheet_text(history.sheet(day), history, Paper(4000))
        for event in EVENTS:
            found = getattr(tables.market, event)
            regimes = [one for one in found.regimes if _in_force(one, day)]
            for regime in regimes:
                assert f"({regime.id})" in text
                assert not regime.refuse or regime.refuse in " ".join(text.split())
            for charge in (*found.charges, *(c for r in regimes for c in r.charges)):
                if _in_force(charge, day):
                    assert re.search(rf"^ +{charge.code}\b", text, re.M), charge.code


def _in_force(one, day):
    return one.since <= day and (one.until is None or day <= one.until)


@every_market
def test_the_days_that_are_told_are_those_on_which_rules_differ(name, histories):
    history = histories(name)
    tables, first = history.tables, max(history.tables.market.first_day, SINCE)
    days = [day for day in history.days() if day > first]
    changed = {day for day, _ in history.after(first)}
    signatures = {day: _signature(history, day) for day in (first, *days)}
    before = signatures[first]
    for day in days:
        # between the days that may turn nothing does
        assert _signature(history, day - 1) == before, day
        before = signatures[day]
        same = _signature(history, day - 1) == before
        assert same == (day not in changed), day
        assert bool(history.between(day, day - 1)) == (not same)
    assert _signature(history, (days or [first])[-1] + 9999) == before
    assert tables.market.first_day not in changed


def _signature(history, day):
    """Return all that decides what a parcel pays on a day, without who says so and since when."""
    market, sheet = history.tables.market, history.sheet(day)
    values = [
        (name, _bare(span.text)) for span in sheet.values if span.text for name in [span.name]
    ]
    rows = {
        one.id: {key: row.terms for key, row in rows_on(one.programme.rows, day).items()}
        for one in sheet.programmes
    }
    sets = [_bare(set_on(getattr(market, event), day)) for event in EVENTS]
    return sheet.scheme, values, rows, sets


def _bare(one):
    """Return a rule without provenances and days."""
    if isinstance(one, Provenance):
        return None
    if isinstance(one, Dated):
        return [(_bare(span.value), span.expected) for span in one.spans]
    if isinstance(one, (tuple, list)):
        return [_bare(part) for part in one]
    if isinstance(one, dict):
        return {key: _bare(part) for key, part in one.items()}
    if dataclasses.is_dataclass(one):
        skip = {"since", "until", "provenance", "set_by"}
        return [
            (field.name, _bare(getattr(one, field.name)))
            for field in dataclasses.fields(one)
            if field.name not in skip
        ]
    return one


@every_market
def test_a_day_before_the_tables_is_told(name, markets):
    tables = markets(name)
    if tables.market.first_day:
        with pytest.raises(TableError, match="begin on"):
            sheet_of(tables, tables.market.first_day - 1)


def test_a_member_says_what_comes_from_its_union(markets):
    for union in LIBRARY.unions:
        for name in LIBRARY.members(union):
            tables = markets(name)
            owners = {one.owner for one in sheet_of(tables, DAYS[1]).charges}
            assert owners <= {name, union, LIBRARY.market(union).market.extends}


def test_conditions_of_one_kind_are_all_put_into_words(markets):
    """A test that the words do not know would be printed by its bare kind."""
    kinds = set()

    def walk(tests):
        for test in tests:
            assert isinstance(test, rule.Test)
            kinds.add(test.kind)
            walk(test.tests)
            for group in test.groups:
                walk(group)

    for name in LIBRARY.ids:
        for event in EVENTS:
            found = getattr(markets(name).market, event)
            for one in (*found.charges, *found.regimes):
                walk((*one.when, *one.unless))
            for regime in found.regimes:
                for charge in regime.charges:
                    walk((*charge.when, *charge.unless))
    known = {
        "is",
        "number",
        "line",
        "every",
        "some",
        "any",
        "applied",
        "exempted",
        "due",
        "unknown",
    }
    assert kinds <= known
