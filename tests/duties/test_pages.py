"""Recorded pages of the invented market: `pytest --update` records them, `git diff` reviews."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

HERE = Path(__file__).parent
WORLD = ["--no-bundled", "--rates", str(HERE / "world")]
TEA = ["tea-green", "--to", "XB"]
PAGES = {
    "show": ["show", *TEA, "--on", "2026-04-01"],
    "show_wide": ["show", *TEA, "--on", "2026-04-01", "COLUMNS=160"],
    "show_all": ["show", *TEA, "--from", "XC", "--on", "2026-04-01", "--all"],
    "show_replaced": ["show", "pan-steel", "--to", "XB", "--on", "2026-04-01"],
    "show_claimed": ["show", *TEA, "--from", "XD", "--claim", "preference", "--on", "2026-01-15"],
    "show_gap": ["show", "940521", "--to", "XB", "--on", "2025-11-01"],
    "show_stated": ["show", *TEA, "--on", "2026-04-01", "--set", "mfn=4%"],
    "history": ["history", "pan-steel", "--to", "XB", "--until", "2026-06-30"],
    "history_wide": ["history", *TEA, "--until", "2026-10-31", "COLUMNS=160"],
    "history_words": [
        "history",
        "lamp-desk",
        "--to",
        "XB",
        "--from",
        "XD",
        "--until",
        "2026-06-30",
    ],
}


def run(xb, name, *more):
    argv = [word for word in PAGES[name] if not word.startswith("COLUMNS=")]
    env = dict(word.split("=") for word in PAGES[name] if word.startswith("COLUMNS="))
    return xb(["duties", *argv, *WORLD, *more], env=env)


@pytest.mark.parametrize("name", PAGES)
def test_page(name, xb, request):
    ran = run(xb, name, "--format", "table")
    assert (ran.code, ran.stderr) == (0, "")
    path = HERE / "pages" / f"{name}.txt"
    if request.config.getoption("--update"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(ran.stdout)
    assert ran.stdout == path.read_text()
    width = 160 if name.endswith("wide") else 80
    assert all(len(line) <= width for line in ran.stdout.splitlines() if "http" not in line)


@pytest.mark.parametrize("name", PAGES)
def test_formats_say_the_same(name, xb):
    told = {kind: run(xb, name, "--format", kind) for kind in ("csv", "json", "jsonl")}
    assert {ran.code for ran in told.values()} == {0}
    assert {ran.stderr for ran in told.values()} == {""}
    document = json.loads(told["json"].stdout)
    assert document["schema"] == f"xb.duties.{PAGES[name][0]}/1"
    rows = list(csv.DictReader(io.StringIO(told["csv"].stdout)))
    lines = [json.loads(line) for line in told["jsonl"].stdout.splitlines()]
    assert [list(line) for line in lines] == [list(row) for row in rows]
    if PAGES[name][0] == "show":
        in_document = [
            (charge["code"], programme["id"], row["rate"], row["result"])
            for charge in document["charges"]
            for programme in charge["programmes"]
            for row in programme["rows"]
        ]
        in_rows = [
            (r["charge"], r["programme"], r["rate"], r["result"]) for r in rows if r["result"]
        ]
        assert in_document == in_rows
    else:
        spans = {(row["from"], row["until"], row["duty"]) for row in rows}
        assert spans == {
            (one["from"], one["until"] or "", one["total"]["rate"] or "")
            for one in document["spans"]
        }


PAST = ["history", "090210", "--to", "XB"]
WRONG = [
    (["show", "tea-gren", "--to", "XB"], 2, "did you mean tea-green"),
    (["show", "0902", "--to", "XB"], 2, "[bad-hs]"),
    (["show", "090210"], 2, "no country of the buyer [missing]"),
    (["show", "090210", "--to", "XZ"], 2, "[unknown-country]"),
    (["show", "090210", "--to", "XC"], 4, "[no-market]"),
    (["show", "090210", "--to", "XB", "--on", "2023-06-01"], 4, "[before-first-value]"),
    (["show", "090210", "--to", "XB", "--on", "June"], 2, "--on: "),
    (["show", "090210", "--to", "XB", "--channel", "drone"], 2, "[unknown-channel]"),
    (["show", "090210", "--to", "XB", "--fields", "hsx"], 2, "[unknown-field]"),
    (["show", "090210", "--to", "XB", "--from", "XE", "--on", "2026-04-01"], 1, "[refused]"),
    ([*PAST, "--since", "2020-01-01"], 4, "ask for 2024-01-01 or later"),
    ([*PAST, "--since", "2026-02-01", "--until", "2026-01-01"], 2, "[dates-order]"),
    ([*PAST, "--plot", "nowhere/at/all.svg"], 2, "[cannot-write]"),
    ([*PAST, "--plot", "steps.png"], 2, "let its name end in .svg"),
]  # fmt: skip


@pytest.mark.parametrize(("argv", "code", "words"), WRONG)
def test_wrong_words(xb, argv, code, words):
    ran = xb(["duties", *argv, *WORLD, "--format", "csv"])
    assert ran.code == code, ran.stderr
    assert words in ran.stderr


def test_a_drawing_is_written(xb, tmp_path):
    ran = xb(["duties", *PAGES["history"], *WORLD, "--plot", str(tmp_path / "steps.svg")])
    assert ran.code == 0
    assert (tmp_path / "steps.svg").read_text().startswith("<svg ")


def test_fields_pick_and_order(xb):
    argv = [*PAGES["show"], *WORLD, "--format", "csv", "--fields", "programme,rate,result"]
    heading, *rows = xb(["duties", *argv]).stdout.splitlines()
    assert heading == "programme,rate,result"
    assert "mfn,6 %,applied" in rows
