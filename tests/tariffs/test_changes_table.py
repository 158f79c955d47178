"""The table of what an import changed: as wide as the terminal, and whole."""

from __future__ import annotations

import csv

import pytest

from xborder_cli.cli.render.tariff_changes import changes_text
from xborder_cli.cli.render.text import cells
from xborder_cli.tariffs.report import FIELDS

ORIGINS = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
WORDS = "words: 4.5 % on the goods named in additional note 3, else the rate of the line beside it"


def row(**more):
    plain = dict.fromkeys(FIELDS, "") | {
        "change": "changed", "tariff": "GB", "programme": "mfn", "hs": "6109100010",
        "rate_before": "12 %", "rate": "10 %", "from": "2026-04-01",
        "revision": "UK Trade Tariff 4.0.1203",
    }  # fmt: skip
    return plain | more


MIXED = [
    row(),
    row(programme="preference", origin=ORIGINS, claim="preference", rate_before=WORDS),
    row(change="removed", programme="antidumping", origin="CN", rate="", rate_before="36.1 %"),
    row(change="added", rate_before="", rate="0.9 USD / kg + 5 % min 3 USD / pair", hs="64"),
]


@pytest.mark.parametrize("width", [72, 80, 100, 120, 160, 200])
@pytest.mark.parametrize(
    "rows",
    [MIXED, MIXED[1:2], [row(revision="4.1"), row(**{"from": "2026-05-01"}), *MIXED]],
    ids=["mixed", "one", "two-revisions"],
)
def test_it_fits_and_loses_no_word(rows, width):
    text = changes_text(rows, FIELDS, width)
    assert max(map(cells, text.splitlines())) <= width
    for one in rows:
        for name in ("change", "programme", "claim", "hs", "rate"):
            for word in one[name].split():
                assert word in text
        assert all(word.strip(":,") in text for word in one["origin"].split())
    assert "2026-04-01" in text


def test_what_all_rows_share_is_said_once():
    assert changes_text(MIXED[2:], FIELDS, 80) == (
        "all of GB, from 2026-04-01, UK Trade Tariff 4.0.1203\n"
        "\n"
        "change   programme        hs          rate_before  rate\n"
        "removed  antidumping, CN  6109100010  36.1 %\n"
        "added    mfn              64                       0.9 USD / kg + 5 % min 3 USD\n"
        "                                                   / pair\n"
    )


def test_a_wide_terminal_shows_every_column():
    text = changes_text(MIXED[2:], FIELDS, 160)
    assert text.splitlines()[0].split() == [
        "change", "tariff", "programme", "hs", "origin", "rate_before", "rate", "from", "revision",
    ]  # fmt: skip
    assert len(text.splitlines()) == 3


@pytest.mark.parametrize("width", ["80", "160"])
def test_the_command_on_a_terminal(xb, tmp_path, width):
    head = "hs,origin,rate,claim\n"
    (tmp_path / "one.csv").write_text(head + f"6109.10,{ORIGINS},4 %,preference\n6110,,12 %,\n")
    (tmp_path / "two.csv").write_text(head + f"6109.10,{ORIGINS},3 %,preference\n6110,,11 %,\n")
    flags = ["--tariff", "CA", "--into", "mine", "--no-color", "--revision"]
    said = ["duties", "import", "one.csv", *flags, "spring list", "--from", "2026-01-01"]
    assert xb(said, folder=tmp_path).code == 0
    said = ["duties", "import", "two.csv", *flags, "autumn list", "--from", "2026-09-01"]
    env = {"COLUMNS": width}
    ran = xb([*said, "--dry-run"], folder=tmp_path, terminal=True, env=env)
    assert ran.code == 0, ran.stderr
    assert max(map(cells, ran.stdout.splitlines())) <= int(width)
    assert "12 %" in ran.stdout
    assert "11 %" in ran.stdout
    piped = xb([*said, "--dry-run"], folder=tmp_path, env=env)
    assert tuple(next(csv.reader(piped.stdout.splitlines()))) == FIELDS
