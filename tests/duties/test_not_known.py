"""What is not known of a duty is said in every format, and never sounds like a rate."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from xborder_cli.core.rule import Money
from xborder_cli.duties.case import case_of
from xborder_cli.duties.entry import work_out
from xborder_cli.duties.printed import Printed
from xborder_cli.duties.usual import BUYER, CHANNEL, QUANTITY, VALUE
from xborder_cli.goods.rates import consignment
from xborder_cli.tables.compile import open_tables
from xborder_cli.tables.lazy import Lazy
from xborder_cli.units import parse_day

WORLD = Path(__file__).parent / "world"
COUNTED = "0.4 XBD / kg + 2 %: the goods do not state what it counts: --unit net=WEIGHT"
SMALL = """\
        - {code: surtax, kind: duty, name: Surtax, scope: line, base: [duty], rate: 10 %}
        - code: small
          kind: duty
          name: Small duty
          scope: line
          base: [duty]
          rate: -100 %
          when: {duty: up to 50 XBD}
"""


def show(xb, *more, folder=WORLD, kind="json"):
    argv = ["duties", "show", *more, "--to", "XB", "--no-bundled", "--rates", str(folder)]
    ran = xb([*argv, "--format", kind], env={"COLUMNS": "100"})
    assert ran.code == 0, ran.stderr
    return ran.stdout


def test_units_that_nobody_stated_make_a_duty_incomplete(xb):
    lamp = ("940521", "--on", "2026-07-01")
    told = json.loads(show(xb, *lamp))
    duty = next(one for one in told["charges"] if one["code"] == "duty")
    for one in (told["total"], duty):
        assert (one["complete"], one["at_least"]) == (False, True)
        assert one["not_known"] == [COUNTED]
    (row,) = [
        row
        for row in csv.DictReader(io.StringIO(show(xb, *lamp, kind="csv")))
        if row["charge"] == "duty" and row["result"] == "applied"
    ]
    assert (row["charge_complete"], row["charge_at_least"]) == ("false", "true")
    assert row["charge_not_known"] == COUNTED
    assert f"not known: {COUNTED}" in " ".join(show(xb, *lamp, kind="table").split())
    # a tax on it is a lower bound too, though its own rate is known
    vat = next(one for one in told["charges"] if one["code"] == "vat")
    assert (vat["complete"], vat["at_least"]) == (False, True)


def test_stated_units_make_it_complete(xb):
    told = json.loads(show(xb, "940521", "--on", "2026-07-01", "--unit", "net=300kg"))
    assert (told["total"]["complete"], told["total"]["at_least"]) == (True, False)
    assert told["total"]["not_known"] == []


@pytest.fixture
def small(tmp_path):
    text = (WORLD / "world.yaml").read_text()
    at = text.index("        - {code: vat,")
    (tmp_path / "world.yaml").write_text(text[:at] + SMALL + text[at:])
    return tmp_path


def test_what_rests_on_an_unknown_duty_names_it(xb, small):
    lamp = ("940521", "--on", "2025-11-01", "--value", "20XBD")
    told = json.loads(show(xb, *lamp, folder=small))
    found = {one["code"]: one for one in told["charges"]}
    assert found["surtax"]["result"] == "not-known"
    assert found["surtax"]["not_known"] == ["10 % of duty, in which duty is not known"]
    assert found["small"]["not_known"] == [
        "Small duty: takes off 100 % of duty, in which duty is not known"
    ]
    assert "-100" not in json.dumps(told)


def test_what_may_be_taken_off_again_is_no_least(xb, small):
    lamp = ("940521", "--on", "2025-11-01", "--value", "20XBD", "--quantity", "1")
    total = json.loads(show(xb, *lamp, folder=small))["total"]
    assert total["duty"] == "0.00"
    assert (total["rate"], total["percent"]) == (None, None)  # not "at least 2.5 %"


def test_only_rows_of_such_goods_are_read():
    """A whole tariff has rows of every heading: those of other headings are never made."""
    open_tables([WORLD])
    tables = open_tables([WORLD])  # from the cache, where rows are made when they are asked for
    made = consignment("XA", parse_day("2026-04-01"), hs="090230")
    item = replace(made.items[0], value=Money("XBD", (10_000, 1)))
    entry = work_out(tables, replace(made, destination="XB", items=(item,)), channel=CHANNEL)
    read: list[str] = []
    real = Lazy.__getitem__

    def noted(self, key):
        read.append(key)
        return real(self, key)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Lazy, "__getitem__", noted)
        case = case_of(entry, Printed([WORLD]))
    assert "09023010" in {row.hs for one in case.charges for p in one.programmes for row in p.rows}
    codes = {key for key in read if key.isdigit()}
    assert "090230" in codes
    assert codes <= {"09", "090", "0902", "09023", "090230", "09023010", "0"}


@pytest.mark.parametrize("command", ["show", "history"])
def test_help_tells_what_is_taken(xb, command):
    told = " ".join(xb(["duties", command, "--help"], env={"COLUMNS": "80"}).stdout.split())
    assert f"default {VALUE}" in told
    assert f"pieces; default {QUANTITY}, beside --value 1" in told
    assert f"default {BUYER}" in told
    assert f"default {CHANNEL}" in told
    assert "default consumer" not in told


def test_a_preference_in_words_is_not_said_to_be_higher(xb):
    argv = ["duties", "show", "640411", "--to", "DE", "--from", "VN", "--preference"]
    ran = xb(
        [*argv, "--on", "2026-11-20", "--format", "csv", "--fields", "programme,programme_why"]
    )
    why = {
        row["programme"]: row["programme_why"] for row in csv.DictReader(io.StringIO(ran.stdout))
    }
    assert why["preference"] == "it is known only in words: mfn is taken, 16.9 %"
