"""What payments and platforms take of a sale, worked by hand from the printed percentages."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest

from tests import freight_side
from tests.rates.fees import CASES
from xborder_cli.core.rule import SELLING

ON = "2026-11-22"


def by_table() -> dict[str, list[tuple[dict[str, Any], dict[str, str]]]]:
    """Return the cases of each table."""
    found = defaultdict(list)
    for table, given, expected in CASES:
        found[table].append((given, expected))
    return found


@pytest.mark.parametrize("table", sorted(by_table()))
def test_fees_are_what_the_list_comes_to(table: str) -> None:
    for given, expected in by_table()[table]:
        words = {"from": "CN", "weight": "0.5 kg", **given}
        charged, _ = freight_side.alone(table, freight_side.shipment(words, words.pop("on", ON)))
        assert charged is not None
        for code, amount in expected.items():
            if amount == "a gap":
                assert code in charged.unknown, (given, code)
            else:
                found = charged.amounts[code][0] if code in charged.amounts else Decimal(0)
                assert found == Decimal(amount), (given, code)


def test_a_table_of_fees_without_a_case_has_no_figure_to_work_with() -> None:
    book = freight_side.book()
    bare = {
        head.id: head.origins
        for head in book.cards
        if head.leg in SELLING and head.origins and "-unknown-" not in head.id
    }
    for name in {table for table, _, _ in CASES}:
        del bare[name]
    for name, places in bare.items():
        given = {"from": "CN" if "US" in places else "US", "to": places[0], "weight": "0.5 kg"}
        charged, _ = freight_side.alone(name, freight_side.shipment(given, ON))
        assert charged is not None
        assert charged.unknown, name
