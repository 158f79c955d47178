"""docs/coverage.md is as the tables are, whatever day it is."""

from __future__ import annotations

import pytest

from tests import coverage_page
from xborder_cli.cards.priced import cells
from xborder_cli.core.rule import Bands
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.frames import Frames
from xborder_cli.tables.load import load_tables


@pytest.fixture(scope="module")
def found() -> str:
    return coverage_page.page()


def test_page_is_fresh(found):
    assert coverage_page.PAGE.read_text(encoding="utf-8") == found, "run make docs"


def test_every_lane_and_mode_is_judged(found):
    """Where a row has a dash, the lines below say why."""
    section = found.partition("modes with a complete option")[2].partition("## To CN")[0]
    (heading,) = [line for line in section.splitlines() if line.startswith("| to |")]
    _, *modes = heading.strip("| ").split(" | ")
    for code in coverage_page.LANES:
        (row,) = [line for line in section.splitlines() if line.startswith(f"| {code} ")]
        country, *cells_ = row.strip("| ").split(" | ")
        why = section.partition(f"### {country.partition(' ')[2]}: why not")[2].partition("###")[0]
        for mode, cell in zip(modes, cells_, strict=True):
            assert (cell == "-") == (f"- {mode}: " in why), (code, mode)


def test_cells_of_grids_are_counted_as_the_frames_count_them():
    tables = load_tables([bundled_folder()])
    grids = [
        charge
        for card in tables.cards
        for charge in card.charges
        if isinstance(charge.rate, Bands)
    ]  # fmt: skip
    gaps = sum(
        bool(term.user)
        for charge in grids
        for row in charge.rate.rows.values()
        for band in row
        for term in band.terms.parts
    )
    assert cells(grids) + gaps == len(Frames(tables).prices)
