"""`xb rates list` and `xb rates stale`, mostly in an invented world that never changes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from xborder_cli.cli.render.text import cells

ATLAS = ["--no-bundled", "--rates", str(Path(__file__).parent / "atlas")]
ON = ["--on", "2026-11-23"]


@pytest.fixture
def atlas(xb):
    """Runs a command of `xb rates` in the invented world."""

    def run(*argv: str, width: int = 80, terminal: bool = False):
        return xb([*argv, *ATLAS, "--no-color"], env={"COLUMNS": str(width)}, terminal=terminal)

    return run


def rows(ran) -> list[dict[str, str]]:
    assert ran.code == 0, ran.stderr
    return list(csv.DictReader(io.StringIO(ran.stdout)))


def ids(ran) -> list[str]:
    return [row["id"] for row in rows(ran)]


@pytest.mark.parametrize(
    ("flags", "found"),
    [
        (["--mode", "warehouse"], ["depot-ab"]),
        (["--mode", "warehouse", "--mode", "post", "--to", "AE", *ON], ["atlas-world"]),
        (["--carrier", "robots"], ["robot-ab"]),
        (["--carrier", "atlas post", *ON], ["atlas-packet", "atlas-world"]),
        (["--kind", "last_mile"], ["robot-ab"]),
        (["--kind", "last-mile", "--to", "AC"], []),
        (["--kind", "storage", "--kind", "last_mile", "--to", "ab"], ["depot-ab", "robot-ab"]),
        (["--from", "AA", "--to", "AD", *ON], ["atlas-packet", "atlas-world"]),
        (["--from", "Homeland", "--to", "Land AT", *ON], ["atlas-world"]),
        (["--from", "BA"], ["atlas-packet"]),
        (["--from", "BA", "--to", "AB"], ["atlas-packet", "depot-ab", "robot-ab"]),
        (["--from", "AB"], ["depot-ab", "robot-ab"]),
        (["--to", "AA"], []),
        (["--on", "2023-01-01"], ["atlas-world"]),
        (["--on", "2021-12-31"], []),
    ],
)  # fmt: skip
def test_filters(atlas, flags, found):
    assert ids(atlas("rates", "list", *flags)) == found


def test_issues_and_their_days(atlas):
    first, second = rows(atlas("rates", "list", "--carrier", "atlas", "--mode", "post"))[1:]
    assert (first["from"], first["until"]) == ("2022-01-05", "2024-02-29")
    assert (second["from"], second["until"], second["expected_until"]) == (
        "2024-03-01", "", "2025-12-31",
    )  # fmt: skip
    assert (second["transit_days_min"], second["transit_days_max"]) == ("4", "9")
    assert first["transit_days_min"] == ""
    assert len(second["to"].split()) == 39


def test_what_is_known_of_a_price(atlas):
    found = {row["id"]: (row["price"], row["wanted"]) for row in rows(atlas("rates", "list"))}
    assert found == {
        "atlas-packet": ("yes", ""),
        "atlas-world": ("yes", ""),
        "depot-ab": ("part", "depot-peak"),
        "robot-ab": ("user", "robot-ride"),
    }


def test_surcharges_of_a_carrier(atlas):
    assert ids(atlas("rates", "list", "surcharges", "--carrier", "atlas")) == ["atlas-fuel"]
    assert ids(atlas("rates", "list", "surcharges", "--carrier", "robots")) == []


def test_nothing_found_is_said(atlas):
    ran = atlas("rates", "list", "--to", "AA")
    assert (ran.code, ran.stdout.count("\n")) == (0, 1)
    assert "none of 5 price lists" in ran.stderr


def test_every_wrong_name_is_told_at_once(atlas):
    ran = atlas(
        "rates", "list", "--mode", "pots", "--kind", "lastmile", "--carrier", "atlass", "--to", "XX"
    )
    assert (ran.code, ran.stdout) == (2, "")
    for words in ("did you mean post?", "did you mean last_mile?", "did you mean atlas", "--to:"):
        assert words in ran.stderr, ran.stderr


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["markets", "--to", "AB"], "--to: does not go with markets"),
        (["surcharges", "--mode", "post"], "--mode: does not go with surcharges"),
        (["last_mile"], "--kind last_mile"),
        (["--on", "2026-13-01"], "[bad-day]"),
        (["--fields", "id,prise"], "did you mean price?"),
    ],
)
def test_wrong_usage(atlas, flags, words):
    ran = atlas("rates", "list", *flags)
    assert (ran.code, ran.stdout) == (2, "")
    assert words in ran.stderr


@pytest.mark.parametrize("width", [60, 80, 120, 160])
def test_a_table_fits_the_terminal(atlas, width):
    ran = atlas("rates", "list", width=width, terminal=True)
    assert max(map(cells, ran.stdout.splitlines())) <= width
    assert all(name in ran.stdout for name in ("atlas-packet", "robot-ab", "user"))
    assert ("AB AC AD AE +35" in ran.stdout) == (width >= 120)


def test_json_has_the_columns_of_csv(atlas):
    table = rows(atlas("rates", "list"))
    document = json.loads(atlas("rates", "list", "--format", "json").stdout)
    lines = atlas("rates", "list", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == document
    assert [list(one) for one in document] == [list(row) for row in table]


def test_bundled_payments_come_when_asked_for(xb):
    """A lane asks for what carries; a means of payment by its accounts, a platform by its site."""
    lane = ["--from", "CN", "--to", "US", *ON, "--fields", "id,leg,origins"]
    carrying = rows(xb(["rates", "list", *lane]))
    assert carrying
    assert not {row["leg"] for row in carrying} & {"payment", "platform"}
    for leg, country in (("payment", "CN"), ("platform", "US")):
        found = rows(xb(["rates", "list", *lane, "--kind", leg]))
        assert found
        assert all({country, "*"} & set(row["origins"].split()) for row in found)


# -- stale --------------------------------------------------------------------------------------


def test_what_is_stale_and_why(atlas):
    ran = atlas("rates", "stale", *ON)
    found = [(row["why"], row["kind"], row["id"], row["what"]) for row in rows(ran)]
    assert found == [
        ("expected-end", "service", "atlas-world", ""),
        ("old-list", "service", "atlas-world", ""),
        ("old-list", "service", "depot-ab", ""),
        ("old-list", "surcharge", "atlas-fuel", "fuel"),
        ("old-list", "service", "robot-ab", ""),
        ("unchecked", "mode", "post", ""),
        ("unchecked", "mode", "warehouse", ""),
        ("unchecked", "surcharge", "atlas-fuel", ""),
        ("unchecked", "service", "atlas-world", ""),
    ]
    assert ran.stderr == (
        "2026-11-23: 1 past the day by which a new list was expected, 4 from before 2025-11-23, "
        "9 not checked since 2025-11-23\n"
    )


def test_an_issue_that_another_followed_is_history(atlas):
    old = rows(atlas("rates", "stale", *ON, "--before", "2024-01-01"))
    assert [(row["why"], row["id"]) for row in old] == [
        ("expected-end", "atlas-world"), ("unchecked", "post"), ("unchecked", "warehouse"),
    ]  # fmt: skip
    then = rows(atlas("rates", "stale", "--on", "2023-06-01"))
    assert ("old-list", "atlas-world", "2022-01-05", "1 year 4 months") in [
        (row["why"], row["id"], row["day"], row["age"]) for row in then
    ]


def test_how_far_back(atlas):
    def day(*flags: str) -> str:
        return atlas("rates", "stale", *ON, *flags).stderr.rpartition(" ")[2].strip()

    assert day("--older-than", "2y") == day("--before", "2024-11-23") == "2024-11-23"
    assert day("--older-than", "26w") == "2026-05-25"
    nothing = atlas("rates", "stale", "--on", "2024-03-01", "--older-than", "100y")
    assert nothing.stderr == "2024-03-01: nothing is stale\n"


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--older-than", "soon"], "[bad-older-than]"),
        (["--older-than", "0d"], "[bad-older-than]"),
        (["--before", "yesterday"], "[bad-day]"),
        (["--before", "2026-01-01", "--older-than", "1y"], "[bad-usage]"),
    ],
)
def test_wrong_stretches_of_time(atlas, flags, words):
    ran = atlas("rates", "stale", *flags)
    assert (ran.code, ran.stdout) == (2, "")
    assert words in ran.stderr


@pytest.mark.parametrize("width", [80, 160])
def test_stale_on_a_terminal(atlas, width):
    ran = atlas("rates", "stale", *ON, width=width, terminal=True)
    assert max(map(cells, ran.stdout.splitlines())) <= width
    assert "2 years 8 months" in ran.stdout
    assert "A new list was expected" in ran.stdout


def test_bundled_lists_are_judged(xb):
    ran = xb(["rates", "stale", *ON])
    assert ran.code == 0
    found = rows(ran)
    assert {row["why"] for row in found} >= {"expected-end", "old-list"}
    assert all(row["age_days"].isdigit() and row["table"] and row["source"] for row in found)
