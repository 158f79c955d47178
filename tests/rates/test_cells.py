"""Thousands of cells gathered from the printed lists, as literals, against the shipped tables.

Every `cells_*.py` beside this file holds a list CELLS: service, from, to, weight, the price that
the list prints, and what else the parcel needs: a `code` when the price is that of one charge, for
all cells of a service in CODE. Each cell is priced by its card alone; some of each service also
through a whole quote, as `xb quote --service` does it.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests import freight_side
from xborder_cli.units import parse_day

ON = "2026-11-22"
LISTED = ("freight", "list_freight", "freight_heavy", "registration")  # what lists print as one
QUOTED = 3  # cells of a service that go through a whole quote
PLAIN = {"size": "5x4x1 cm", "value": "10 USD"}
SHIRT = {"hs": "610910", "traits": ("apparel",), "platform": "ozon"}  # what every line takes
BOX = {"hs": "392490"}  # what warehouses have no list of its own for
Cell = tuple[str, str, str, str, dict[str, Any]]


def gathered() -> dict[str, list[Cell]]:
    """Return all cells by service."""
    found: dict[str, list[Cell]] = defaultdict(list)
    for path in sorted(Path(__file__).parent.glob("cells_*.py")):
        module = import_module(f"tests.rates.{path.stem}")
        codes = getattr(module, "CODE", {})
        for service, origin, to, weight, price, *more in module.CELLS:
            given = dict(more[0]) if more else {}
            if service in codes:
                given.setdefault("code", codes[service])
            found[service].append((origin, to, weight, price, given))
    return dict(found)


CELLS = gathered()


@pytest.mark.parametrize("service", sorted(CELLS))
def test_prices_are_those_printed(service: str) -> None:
    wrong = []
    cells = CELLS[service]
    step = max(1, len(cells) // QUOTED)
    for at, (origin, to, weight, price, more) in enumerate(cells):
        more = dict(more)
        on, only = more.pop("on", ON), more.pop("code", None)
        parcel = freight_side.shipment(
            {
                "from": origin,
                "to": to,
                "weight": weight,
                **PLAIN,
                **(BOX if only else SHIRT),
                **more,
            },
            on,
        )
        lone, _ = freight_side.alone(service, parcel)
        found = [] if lone is None else [lone]
        if at % step == 0:
            found += freight_side.quoted(service, parcel)
        codes = (only,) if only else LISTED
        told = {_listed(one, codes) for one in found}
        amount, currency = price.split()
        if told != {(Decimal(amount), currency)}:
            wrong.append((origin, to, weight, more, price, told))
    assert not wrong


def _listed(charged: freight_side.Charged, codes: tuple[str, ...]) -> tuple[Decimal, str]:
    listed = [charged.amounts[code] for code in codes if code in charged.amounts]
    currencies = {own for _, own in listed}
    assert len(currencies) <= 1
    return sum((value for value, _ in listed), Decimal(0)), "".join(currencies)


def test_enough_cells_of_enough_lists() -> None:
    assert sum(map(len, CELLS.values())) >= 2000
    assert len(CELLS) >= 100
    days = {cell[4].get("on", ON) for cells in CELLS.values() for cell in cells}
    assert all(parse_day(day) for day in days)
