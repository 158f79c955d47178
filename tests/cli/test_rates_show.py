"""`xb rates show` of a service: the page, its rows and its document, in an invented world."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from xborder_cli.cards.priced import cells as figures
from xborder_cli.cards.sheet import sheet_of
from xborder_cli.cards.weights import weight_words
from xborder_cli.cli.render.card_json import card_document
from xborder_cli.cli.render.card_page import card_text
from xborder_cli.cli.render.card_rows import cell_rows
from xborder_cli.cli.render.paper import Paper
from xborder_cli.cli.render.text import cells
from xborder_cli.rules.words import Vocabulary
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.load import load_tables
from xborder_cli.units import parse_day

FOLDER = Path(__file__).parent / "atlas"
ATLAS = ["--no-bundled", "--rates", str(FOLDER)]
ON = ["--on", "2026-11-23"]


@pytest.fixture
def show(xb):
    """Runs `xb rates show` in the invented world."""

    def run(*argv: str, width: int = 80):
        return xb(["rates", "show", *argv, *ATLAS, "--no-color"], env={"COLUMNS": str(width)})

    return run


@pytest.fixture
def page(show):
    """The page of a service as a terminal has it."""

    def run(*argv: str, width: int = 80) -> str:
        ran = show(*argv, "--format", "table", width=width)
        assert ran.code == 0, ran.stderr
        return ran.stdout

    return run


def rows(ran) -> list[dict[str, str]]:
    assert ran.code == 0, ran.stderr
    return list(csv.DictReader(io.StringIO(ran.stdout)))


def joined(text: str) -> str:
    return " ".join(text.split())


def test_heading_says_which_issue_and_how_old(page):
    text = joined(page("atlas-world", *ON))
    assert text.startswith("World Parcel 世界, Atlas Post atlas-world: prices in XAD, list of 2024")
    assert "2 years 8 months old; in force on 2026-11-23" in text
    assert "other issues (--on DAY): 2022-01-05 to 2024-02-29" in text
    assert "a new list was expected after 2025-12-31" in text
    assert "! stale: the list of atlas-world was expected to end on 2025-12-31" in text


def test_facts_of_the_card(page):
    text = joined(page("atlas-world", *ON))
    for words in (
        "for Post what door to door by air from Land AA (AA) terms DAP days 4-9",
        "weight the larger of actual weight and volume at 6000 cm3/kg, rounded up to 0.5 kg",
        "takes chargeable up to 3 kg and longest up to 150 cm",
        "refuses liquid and battery loose price holds tax",
        "Note Sides are not limited in the list; the second page of the list is missing.",
        "AB-far Land AB (AB) 9 80-89",
        "Atlas price list 2024 https://atlas.test/2024.pdf checked 2024-03-01, 2 years",
    ):
        assert words in text


def test_the_issue_of_a_day(page, show):
    old = page("atlas-world", "--on", "2023-06-01")
    assert "list of 2022-01-05" in old
    assert "until 2024-02-29" in old
    assert "days not stated" in joined(old)
    early = show("atlas-world", "--on", "2021-06-01", "--format", "table")
    assert early.code == 0
    assert "no issue in force on 2021-06-01; the issue of 2022-01-05 is shown" in early.stderr
    assert "not yet in force on 2021-06-01" in joined(early.stdout)


@pytest.mark.parametrize("width", [60, 80, 160])
def test_a_wide_table_stands_in_blocks(page, width):
    lines = page("atlas-world", *ON, width=width).splitlines()
    assert max(cells(line) for line in lines if "https:" not in line) <= width
    headings = [line.split()[3:] for line in lines if line.startswith("  up to kg")]
    zones = [zone for heading in headings for zone in heading]
    assert len(zones) == len(set(zones)) == 40
    assert (len(headings) > 1) == (width < 400)
    first = next(i for i, line in enumerate(lines) if line.startswith("  up to kg"))
    assert lines[first + 1].split()[:3] == ["0.5", "20.00", "21.00"]
    assert lines[first + 4].split()[0] == "3"


def test_one_country_of_a_wide_table(page, show):
    text = page("atlas-world", *ON, "--to", "Land AD")
    assert "Zones, of Land AD (AD)" in text
    assert "AD         0.5  23.00" in text
    assert "24.00" not in text
    both = joined(page("atlas-world", *ON, "--to", "AB"))
    assert "up to kg AB-far AB 0.5 20.00 21.00" in both
    wrong = show("atlas-packet", "--to", "AT")
    assert (wrong.code, wrong.stdout) == (2, "")
    assert "does not go to Land AT (AT) [not-served]" in wrong.stderr


def test_a_surcharge_has_its_trigger_and_its_history(page):
    text = joined(page("atlas-world", *ON))
    assert "Fuel surcharge (fuel, freight): 12.5 % of freight not where sent to BS or BT" in text
    assert (
        "values: 10 % from 2024-01-01; 12.5 % from 2025-06-01 <- in force; announced, not yet "
        "known from 2027-01-01"
    ) in text
    assert "Fuel notice 2 (fuel) https://atlas.test/fuel/2 checked 2026-06-02" in text
    assert "10 % of freight" in joined(page("atlas-world", "--on", "2025-01-01"))
    assert "Fuel" not in page("atlas-world", *ON, "--to", "BS")


def test_prices_of_several_terms(page):
    text = page("atlas-packet", *ON)
    assert "Postage (freight) by weight, in XAD" in text
    lines = [line.split() for line in text.splitlines()]
    at = lines.index(["zone", "up", "to", "kg", "XAD", "XAD", "/", "kg"])
    assert lines[at + 1 : at + 4] == [
        ["near", "0.5", "2.00", "30.00"],
        ["2", "4.00", "25.00"],
        ["far", "2", "5.00", "40.00"],
    ]
    assert "where option signature is asked for" in text


def test_a_price_that_nobody_publishes(page):
    text = joined(page("robot-ab", *ON))
    assert "known, but no price is published: robot-ride (state yours with --assume" in text
    assert "for no mode: known, not offered in a chain" in text
    assert "not published: depot-peak" in joined(page("depot-ab", *ON))


def test_rows_have_every_figure(show):
    found = rows(show("atlas-world", *ON, "--format", "csv"))
    freight = [row for row in found if row["charge"] == "freight"]
    assert len(freight) == 40 * 4
    one = next(row for row in freight if (row["zone"], row["limit"]) == ("AD", "2"))
    assert (one["amount"], one["currency"], one["limit_op"], one["limit_unit"]) == (
        "43.00", "XAD", "up to", "kg",
    )  # fmt: skip
    assert one["table"] == "carriers.yaml" and one["line"].isdigit()
    fuel = [row for row in found if row["surcharge"] == "atlas-fuel"]
    assert [(row["since"], row["amount"], row["rate"], row["in_force"]) for row in fuel] == [
        ("2024-01-01", "10", "10 %", "false"),
        ("2025-06-01", "12.5", "12.5 %", "true"),
        ("2027-01-01", "", "expected", "false"),
    ]
    assert rows(show("robot-ab"))[0]["wanted"] == "robot-ride"


def test_fields_of_rows(show):
    ran = show("atlas-packet", *ON, "--fields", "zone,limit,amount,per", "--format", "jsonl")
    assert json.loads(ran.stdout.splitlines()[1]) == {
        "zone": "near", "limit": "0.5", "amount": "30.00", "per": "kg",
    }  # fmt: skip
    assert "did you mean zone?" in show("atlas-packet", "--fields", "zones").stderr


def test_document(show):
    document = json.loads(show("atlas-world", *ON, "--format", "json").stdout)
    assert document["schema"] == "xb.rates.show/1"
    assert document["issue"]["until"] is None
    assert document["issue"]["expected_until"] == "2025-12-31"
    assert [one["until"] for one in document["issues"]] == ["2024-02-29", None]
    assert document["weight"]["divisor_cm3_per_kg"] == "6000"
    assert document["zones"][0]["postcodes"] == ["9", "80-89"]
    freight, fuel = document["charges"]
    assert len(freight["bands"]["cells"]) == 160
    assert freight["bands"]["cells"][0] == {
        "zone": "AB-far",
        "limit": {"amount": "0.5", "unit": "kg", "words": "0.5 kg"},
        "rate": "20.00 XAD",
        "terms": [
            {"amount": "20.00", "currency": "XAD", "percent": None, "of": None, "per": []}
        ],
        "line": freight["bands"]["cells"][0]["line"],
    }  # fmt: skip
    assert fuel["surcharge"] == "atlas-fuel"
    assert [one["in_force"] for one in fuel["values"]] == [False, True, False]
    assert fuel["values"][1]["source"]["url"] == "https://atlas.test/fuel/2"


def test_names(show):
    assert show("ATLAS-Packet", "--format", "table").code == 0
    for name, words in (
        ("atlas-wrld", "did you mean atlas-world"),
        ("world", "did you mean atlas-world?"),
        ("atlas", "`xb rates list --carrier atlas` names the services"),
        ("zzz", "`xb rates list` names the services"),
    ):
        ran = show(name)
        assert (ran.code, ran.stdout) == (2, "")
        assert words in ran.stderr


def test_what_is_no_service_stays_a_page_of_words(show):
    assert show("atlas-fuel").stdout == show("atlas-fuel", "--format", "table").stdout
    assert "steps" not in show("post").stderr
    for flags in (["--format", "csv"], ["--to", "AB"], ["--fields", "zone"]):
        ran = show("atlas-fuel", *flags)
        assert (ran.code, ran.stdout) == (2, "")
        assert f"{flags[0]}: goes with a service" in ran.stderr


def test_a_surcharge_by_itself(show):
    text = joined(show("atlas-fuel", *ON).stdout)
    assert text.startswith("Surcharges of Atlas Post atlas-fuel: in XAD, as on 2026-11-23 joins")
    assert "12.5 % of freight not where sent to BS or BT" in text
    assert "10 % of freight" in joined(show("atlas-fuel", "--on", "2024-06-01").stdout)
    assert "https://atlas.test/fuel/1 checked 2024-01-02, 2 years 10 months ago" in text


def test_ounces_and_inches(bundled):
    """Weights of a carrier that counts in pounds are told in its own units."""
    words = {
        card.id: weight_words(card.weight, Vocabulary()) for card in bundled.cards if card.weight
    }
    told = " ".join(words.values())
    assert "139 in3/lb" in told
    assert "/1953125000" not in told


# -- the bundled lists ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bundled():
    return load_tables([bundled_folder()])


def test_every_bundled_list_has_a_page_that_fits(bundled):
    """No line is too long, no charge in force is silent, rows and document hold each figure."""
    on = parse_day("2026-11-23")
    for service in sorted({card.id for card in bundled.cards}):
        sheet = sheet_of(bundled, service, on)
        assert sheet is not None
        for width in (80, 160):
            text = card_text(sheet, Paper(width))
            wide = [line for line in text.splitlines() if cells(line) > width and "//" not in line]
            assert wide == [], service
            assert "not tabled for this day" not in text, service
        found = [row for row in cell_rows(sheet) if row["amount"]]
        assert len(found) == figures(sheet.all_charges), service
        document = card_document(sheet)
        assert json.loads(json.dumps(document)) == document, service
