"""Recorded pages of the invented world: `pytest --update` records them, `git diff` reviews."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

HERE = Path(__file__).parent
WORLD = ["--no-bundled", "--rates", str(HERE / "world")]
PARCEL = ["--goods", "tea-green", "--value", "80XAD"]
PAGES = {
    "member": ["XU", "--on", "2026-04-01"],
    "member_wide": ["XU", "--on", "2026-04-01", "COLUMNS=160"],
    "narrowed": ["XU", "--on", "2026-04-01", "--hs", "090210", "--origin", "XC"],
    "union": ["un", "--on", "2026-02-01"],
    "own": ["corland", "--on", "2026-04-01"],
    "diff": ["diff", "XU", "--from", "2025-06-01", "--to", "2026-12-01"],
    "diff_same": ["diff", "XC", "--from", "2026-01-01", "--to", "2026-12-01"],
    "next": ["next", "--on", "2026-02-01", "--within", "26w", "--freight", "90XAD", *PARCEL],
    "next_none": ["next", "XC", "--on", "2026-02-01", *PARCEL],
}


@pytest.mark.parametrize("name", PAGES)
def test_page(name, xb, request):
    argv = [word for word in PAGES[name] if "=" not in word]
    env = dict(word.split("=") for word in PAGES[name] if "=" in word)
    ran = xb(["rules", *argv, *WORLD, "--format", "table"], env=env)
    assert (ran.code, ran.stderr) == (0, "")
    path = HERE / "pages" / f"{name}.txt"
    if request.config.getoption("--update"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(ran.stdout)
    assert ran.stdout == path.read_text()


@pytest.mark.parametrize("name", ["own", "diff", "next"])
def test_formats(name, xb):
    argv = [word for word in PAGES[name] if "=" not in word]
    told = {
        kind: xb(["rules", *argv, *WORLD, "--format", kind])
        for kind in ("csv", "json", "jsonl", "table")
    }
    assert {ran.code for ran in told.values()} == {0}
    assert {ran.stderr for ran in told.values()} == {""}
    document = json.loads(told["json"].stdout)
    assert document["schema"].startswith("xb.rules")
    heading, *rows = told["csv"].stdout.splitlines()
    lines = [json.loads(line) for line in told["jsonl"].stdout.splitlines()]
    assert len(lines) == len(rows) > 0
    assert list(lines[0]) == heading.split(",")


def test_a_typical_parcel_moves_with_the_rules(xb):
    argv = ["rules", "next", "XU", "--on", "2026-02-01", "--goods", "tea-green"]
    ran = xb([*argv, "--value", "300XAD", *WORLD, "--format", "json"])
    document = json.loads(ran.stdout)
    (march,) = [one for one in document["days"] if one["on"] == "2026-03-01"]
    # 150 UND: the flat 5 UND before; then 5 % duty, 7.50, and 8 % of 157.50, 12.60
    assert march["parcel"] == [
        {
            "market": "XU",
            "before": "5.00",
            "after": "20.10",
            "moves_by": "15.10",
            "currency": "UND",
            "not_priced": None,
            "complete": True,
        }
    ]
    (june,) = [one for one in document["days"] if one["on"] == "2026-06-01"]
    # 6 % duty, 9.00, and 8 % of 159.00, 12.72
    assert (june["parcel"][0]["before"], june["parcel"][0]["after"]) == ("20.10", "21.72")


@pytest.mark.parametrize(
    ("argv", "code", "words"),
    [
        (["XZ"], 4, "MARKET: no table has the rules of XZ [unknown-market]"),
        (["vorlant"], 4, "did you mean XV"),
        (["XU", "--on", "2024-12-31"], 4, "the tables of XU begin on 2025-01-01"),
        (["XU", "--on", "yesterday"], 2, "[bad-day]"),
        (["XU", "--hs", "tea"], 2, '--hs: "tea" is not an HS code [bad-hs]'),
        (["XU", "--origin", "ZZ"], 2, "[unknown-country]"),
        (["XU", "--fields", "txt"], 2, "did you mean text?"),
        (["XU", "--format", "xml"], 2, "[bad-format]"),
        (["diff", "XU"], 2, "--from: no earlier day [missing]"),
        (["diff", "XU", "--from", "2024-01-01"], 4, "[before-first-value]"),
        (["diff", "XU", "--from", "2026-02-01", "--to", "2026-01-01"], 2, "[dates-order]"),
        (["next", "--within", "soon"], 2, "[bad-within]"),
        (["next", "--within", "0d"], 2, "[bad-within]"),
        (["next", "--within", "²d"], 2, "[bad-within]"),
        (["next", "XZ"], 4, "[unknown-market]"),
        (["next", "--value", "lots", "--goods", "tea-green"], 2, "[bad-value]"),
        (["next", "--goods", "shoe", "--value", "8XAD"], 2, "[unknown-goods]"),
        (["show", "--no-such-thing"], 2, "[unknown-option]"),
        (["--no-such-thing"], 2, "[unknown-option]"),
    ],
)
def test_what_cannot_be_answered_is_told(argv, code, words, xb):
    ran = xb(["rules", *argv, *WORLD])
    assert (ran.code, ran.stdout) == (code, "")
    assert words in ran.stderr


def test_help_names_the_commands(xb):
    ran = xb(["rules", "--help"])
    assert ran.code == 0
    assert all(word in ran.stdout for word in ("show", "diff", "next", "xb rules DE"))
    for command in ("show", "diff", "next"):
        assert f"xb rules {command}" in xb(["rules", command, "--help"]).stdout


def test_rules_read_no_compiled_tables_and_no_pandas():
    import subprocess
    import sys

    argv = [sys.executable, "-X", "importtime", "-m", "xborder_cli", "rules", "XU", *WORLD]
    ran = subprocess.run([*argv, "--on", "2026-04-01"], capture_output=True, text=True)
    assert ran.returncode == 0
    loaded = {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines()}
    assert not loaded & {"numpy", "pandas", "rich", "xborder_cli.tables.compile"}
