"""A route priced wide: sums by kind for every parcel, and who cannot be carried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xborder_cli.core.columns import ZERO, Mask, Num, add, either, sub, union
from xborder_cli.core.execute import execute
from xborder_cli.core.limits import refusals
from xborder_cli.core.margin import note_sale, out_of_price, revenue
from xborder_cli.core.run import Run
from xborder_cli.core.varying import not_this_way

if TYPE_CHECKING:
    from xborder_cli.core.parcels import Parcels
    from xborder_cli.core.program import Program
    from xborder_cli.core.tile import Tile

KINDS: Final = ("freight", "duty", "tax", "fee")


@dataclass(slots=True)
class Priced:
    """A route worked out: sums in minor units of the quote's currency, one a parcel."""

    run: Run
    freight: Num
    duty: Num
    tax: Num
    fees: Num
    total: Num
    recoverable: Num
    refused: Mask
    incomplete: Mask
    margin: Num | None = None  # what is left to the seller, where it was asked for


def price_route(tile: Tile, program: Program) -> Priced:
    """Return what a route costs for every parcel of a tile."""
    run = Run(tile, program)
    run.refuse(not_this_way(tile.parcels, program.absent), "not-this-way", "")
    for number, step in enumerate(program.steps):
        if step.card is not None:
            run.refusals.extend(refusals(run, number))
    if union(r.mask for r in run.refusals) is True:
        return Priced(run, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, True, False)
    tile.fx_missing.clear()
    execute(run)
    sums = dict.fromkeys(KINDS, ZERO)
    recoverable = spent = ZERO
    incomplete: Mask = False
    for node in program.nodes:
        kind, amount = node.charge.kind, run.amounts[node.index]
        if amount is None or amount.included or amount.live is False:
            continue
        incomplete = either(incomplete, amount.gap) if kind != "amount" else incomplete
        if kind == "amount":
            continue
        paid = tile.quoted(amount)
        sums[kind] = add(sums[kind], paid)
        back = node.charge.recoverable_by
        if back and recovers(tile.parcels, back, stock=amount.lot):
            recoverable = add(recoverable, paid)
        if back and seller_recovers(tile.parcels, back, stock=amount.lot):
            continue
        if tile.margin and out_of_price(run, node):
            spent = add(spent, paid)
    margin = None
    if tile.margin:
        note_sale(run)
        margin = sub(revenue(tile), spent)
    for (source, target), mask in tile.fx_missing.items():
        run.refuse(mask, "no-exchange-rate", f"{source} to {target}")
    tile.fx_missing.clear()
    total = add(add(sums["freight"], sums["duty"]), add(sums["tax"], sums["fee"]))
    refused = union(r.mask for r in run.refusals)
    return Priced(
        run,
        sums["freight"],
        sums["duty"],
        sums["tax"],
        sums["fee"],
        total,
        recoverable,
        refused,
        incomplete,
        margin,
    )


def recovers(parcels: Parcels, by: tuple[str, ...], *, stock: bool) -> bool:
    """Tell whether somebody gets a tax back: a business buyer, or the seller on the entry of stock.

    Who holds stock in a country to sell it there is registered there, unless stated otherwise.
    """
    if "business" in by and parcels.attributes.buyer == "business":
        return True
    return seller_recovers(parcels, by, stock=stock)


def seller_recovers(parcels: Parcels, by: tuple[str, ...], *, stock: bool) -> bool:
    """Tell whether the seller gets a tax back."""
    attributes = parcels.attributes
    return "registered_seller" in by and (
        attributes.seller == "registered" or (stock and not attributes.seller)
    )
