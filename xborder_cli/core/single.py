"""One step alone, without tables around it: what worked examples and laws are tried on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.core.book import Book
from xborder_cli.core.execute import execute
from xborder_cli.core.fx import FxBook, with_user_rates
from xborder_cli.core.lower import lower_card, lower_charge, lower_set
from xborder_cli.core.overrides import override
from xborder_cli.core.parcels import Codes
from xborder_cli.core.program import Program
from xborder_cli.core.rates import ProgrammeTable, Row
from xborder_cli.core.run import Run
from xborder_cli.core.shipment import Shipment
from xborder_cli.core.stacking import parcels_of
from xborder_cli.core.step import NO_SOURCE, StepSpec
from xborder_cli.core.tile import Tile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.rule import ChargeSet, RateCard, Ratio, Terms


def price_step(
    charges: ChargeSet,
    shipments: Shipment | Sequence[Shipment],
    *,
    currency: str,
    digits: dict[str, int],
    card: RateCard | None = None,
    fx: dict[tuple[str, str], Ratio] | None = None,
    rates: Sequence[dict[str, Terms]] = (),
    context: dict[str, str] | None = None,
    lot: bool = False,
) -> list[dict[str, object]]:
    """Return every charge of one step in minor units of its currency, one mapping a shipment.

    Args:
        charges: charges and regimes as the tables' reader returns them.
        shipments: one or several that share what `parcels_of` asks for.
        currency: of the step's table.
        digits: minor digits by currency.
        card: weights, zones and classes of a leg; None for an event.
        fx: exchange rates, (base, quote) -> rate.
        rates: what lookups find: a mapping (programme -> rate) for each item line of all shipments.
        context: channel, mode, transport, incoterm, scheme.
        lot: the step is worked for the whole lot.

    Returns:
        Keys are charge codes; also `chargeable_mg` and `regime`, the id of the regime taken.
    """
    several = [shipments] if isinstance(shipments, Shipment) else list(shipments)
    if rates:
        several, programmes = _with_lookups(several, rates)
    else:
        programmes = {}
    book = _book(digits, programmes)
    book = book.with_fx(with_user_rates(book.fx, fx or {}))
    parcels = parcels_of(several, digits=digits)
    tile = Tile(parcels, book, quote_currency=Codes((currency,)))
    lowered = lower_set(charges)
    if card is not None:
        card = lower_card(replace(card, charges=()))
        unit = card.weight.unit if card.weight else "kg"
        lowered = replace(
            charges,
            charges=tuple(lower_charge(c, unit) for c in charges.charges),
            regimes=lowered.regimes,
        )
    overrides = dict(parcels.attributes.overrides)
    lowered = replace(lowered, charges=tuple(override(c, overrides) for c in lowered.charges))
    step = StepSpec(
        key=("single",),
        event="" if card else "entry",
        card=card,
        market="",
        charges=lowered,
        currency=currency,
        lot=lot,
    )
    program = Program(
        [step],
        {"scheme": "none", **(context or {})},
        priced_freight=False,
        tariff_chains={"": ("here",), **dict.fromkeys(parcels.destination.names, ("here",))},
    )
    run = Run(tile, program)
    execute(run)
    return [_row(run, row) for row in range(parcels.n)]


def _row(run: Run, row: int) -> dict[str, object]:
    sums: dict[str, int] = {}
    for node in run.program.nodes:
        amount = run.amounts[node.index]
        if amount is None:
            continue
        value = run.tile.paid(amount).full(run.parcels.n)[row]
        sums[node.charge.code] = sums.get(node.charge.code, 0) + int(value)
    out: dict[str, object] = {**sums}
    if run.program.steps[0].card is not None:
        weight = run.chargeable(run.program.nodes[0])
        out["chargeable_mg"] = int(weight.mg.full(run.parcels.n)[row])
    for (_, at), mask in run.chosen.items():
        if mask if isinstance(mask, bool) else bool(np.asarray(mask)[row]):
            out["regime"] = run.program.steps[0].charges.regimes[at].id
    refused = [
        r.code for r in run.refusals if (r.mask if isinstance(r.mask, bool) else bool(r.mask[row]))
    ]
    if refused:
        out["refused"] = refused[0]
    return out


def _with_lookups(
    shipments: list[Shipment], rates: Sequence[dict[str, Terms]]
) -> tuple[list[Shipment], dict[str, ProgrammeTable]]:
    """Give every line goods of its own, and every programme a row for them."""
    found: dict[str, list[tuple[str, Terms]]] = {}
    number = 0
    out = []
    for shipment in shipments:
        items = []
        for item in shipment.items:
            hs = f"{900_000 + number}"
            for name, terms in rates[number].items():
                found.setdefault(name, []).append((hs, terms))
            items.append(item if item.hs else replace(item, hs=hs))
            if item.hs:
                found = {
                    n: [(item.hs if h == hs else h, t) for h, t in rows]
                    for n, rows in found.items()
                }
            number += 1
        out.append(replace(shipment, items=tuple(items)))
    return out, {name: _programme(name, rows) for name, rows in found.items()}


def _programme(name: str, rows: list[tuple[str, Terms]]) -> ProgrammeTable:
    return ProgrammeTable(
        tariff="here",
        id=name,
        name=name,
        currency="",
        default="zero",
        rows={
            hs: (Row(code, "", 0, None, NO_SOURCE, (), ""),) for code, (hs, _) in enumerate(rows)
        },
        rates=tuple(terms for _, terms in rows),
        provenance=NO_SOURCE,
    )


def _book(digits: dict[str, int], programmes: dict[str, ProgrammeTable]) -> Book:
    empty = ProgrammeTable("here", "none", "", "", "zero", {}, (), NO_SOURCE)
    return Book(
        digest="",
        overlays=(),
        digits=digits,
        fx=FxBook({}, ""),
        home="",
        defaults={},
        ratios={"air_share": (1, 1)},
        modes={},
        goods={},
        countries={},
        cards=(),
        market_heads={},
        programmes=_Every(),
        surcharges={},
        take=lambda key: programmes.get(key, empty),
    )


class _Every(Mapping[tuple[str, str], str]):
    """Every programme exists, under its name: one that nobody gave rows for finds nothing."""

    def __getitem__(self, key: tuple[str, str]) -> str:
        return key[1]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(())

    def __len__(self) -> int:
        return 0
