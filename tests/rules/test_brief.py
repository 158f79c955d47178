"""The first screen of a page: what is charged in plain words; and what is folded away."""

from __future__ import annotations

from pathlib import Path

import pytest

from xborder_cli.rules.brief import Briefs
from xborder_cli.rules.make import sheet_of
from xborder_cli.rules.reading import Library
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.units import parse_day

HERE = Path(__file__).parent
WORLD = ["--no-bundled", "--rates", str(HERE / "world")]
LIBRARY = Library([bundled_folder()])
TODAY = parse_day("2026-11-23")


def brief(market: str, regime: str, **goods: str) -> str:
    sheet = sheet_of(LIBRARY.market(market), TODAY, **goods)
    briefs = Briefs(sheet)
    (one,) = [r for event in sheet.events for r in event.regimes if r.id == regime]
    return briefs.regime(one)


def test_a_regime_in_plain_words():
    words = brief("SA", "duty_free")
    assert words == "Import VAT: 15 %; Customs service fee, parcel up to 1,000 SAR: 15 SAR"
    assert brief("SA", "alcohol").startswith("refused: ")
    assert brief("NG", "low_value") == "nothing"


def test_a_lookup_tells_the_usual_rate_and_how_others_spread():
    assert "import VAT: 19 % (listed goods 7 %)" in brief("DE", "standard")
    assert "(17 % to 20 % by region)" in brief("BR", "conforme")
    assert "import VAT: each member's own rate" in brief("EU", "standard")


def test_narrowed_to_goods_the_rate_is_theirs():
    words = brief("US", "entry", hs="610910", origin="CN")
    assert "Column 1 or 2: 16.5 %" in words
    assert "Brazil" not in words  # nothing that never falls on them
    assert "not known" not in words


def test_a_rate_that_the_name_says_is_not_repeated():
    assert "0.15 % of CIF: at least 15 SAR" in brief("SA", "entry")


@pytest.mark.parametrize("market", LIBRARY.ids)
def test_no_code_of_a_charge_stands_in_the_first_screen(market):
    sheet = sheet_of(LIBRARY.market(market), TODAY)
    briefs = Briefs(sheet)
    for event in sheet.events:
        told = [briefs.shared(event), *(briefs.regime(one) for one in event.regimes)]
        assert not [words for words in told if "_" in words]


def test_a_page_folds_what_all_prints(xb):
    page = xb(["rules", "DE", "--on", "2026-11-23", "--format", "table"]).stdout
    whole = xb(["rules", "DE", "--on", "2026-11-23", "--all", "--format", "table"]).stdout
    assert "notes of European Union: xb rules EU, or --all" in page
    assert "Notes of European Union (EU)" in whole
    assert len(page.splitlines()) < 0.85 * len(whole.splitlines())


def test_what_an_earlier_regime_said_is_not_said_again(xb):
    page = xb(["rules", "SA", "--on", "2026-11-23", "--format", "table"]).stdout
    assert "duty: Customs duty: as in 2" in page


def test_changes_of_a_day_are_told_once_and_cut_short(xb):
    argv = ["diff", "DE", "--from", "2026-10-31", "--to", "2026-11-01", "--format", "table"]
    page = xb(["rules", *argv]).stdout
    assert "(handling_fee" in page
    assert "in low_value and standard): 2 EUR" in page
    assert "new: union handling fee 2 EUR" not in page  # the charge says it
    argv = ["diff", "TH", "--from", "2025-12-31", "--to", "2026-01-01", "--format", "table"]
    assert "not tabled -> 30 %" in xb(["rules", *argv]).stdout  # nobody says there was no duty


def test_a_part_of_a_name_is_proposed(xb):
    ran = xb(["rules", "saudi"])
    assert (ran.code, ran.stdout) == (4, "")
    assert "did you mean SA (Saudi Arabia)?" in ran.stderr


def test_a_day_before_the_tables_names_its_own_flag(xb):
    ran = xb(["rules", "diff", "XU", "--from", "2024-01-01", *WORLD])
    assert ran.stderr.startswith("--from: the tables of XU begin on 2025-01-01")
