"""What a sale leaves the seller: what the buyer pays less the goods and all that the seller pays.

The margin of an option is price + shipping - cost of the goods - the seller's charges, those that
he gets back left out. Where the price holds the tax that is collected at checkout, that tax comes
out of it too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core.answer import Sale
from xborder_cli.core.columns import Mask, Num, add, both, either, negate, settle, sub
from xborder_cli.core.condition import things_where
from xborder_cli.core.parcels import LINE
from xborder_cli.core.payers import payer
from xborder_cli.core.shipment import REFUND, WITH_TAX
from xborder_cli.core.step import NO_PRICE
from xborder_cli.core.varying import named_so

if TYPE_CHECKING:
    from xborder_cli.core.parcels import MoneyColumn, Parcels
    from xborder_cli.core.rule import Charge
    from xborder_cli.core.run import Run
    from xborder_cli.core.step import Node
    from xborder_cli.core.tile import Tile

NO_COGS: Final = "cost of the goods not stated: the margin is before it (--cogs)"
COGS_ASSUMED: Final = "cost of the goods taken as the purchase price, without tax (--cogs)"
REFUND_ASSUMED: Final = (
    "the tax that is refunded on export is taken for what was paid with the purchase price:"
    " neither counts (--cogs)"
)
TAX_ASSUMED: Final = (
    "the tax in the price is taken for what is worked out on the declared value and the carriage"
)
TAX_OF_VALUE: Final = (
    "tax at checkout is worked out on the declared value and the carriage, not on the price"
)
DISPUTES_ASSUMED: Final = "disputed payments: no table says what one costs with this provider"
RETURNS_ASSUMED: Final = "orders that come back: only what their way back costs is counted"
NO_SHIPPING: Final = "shipping not stated: taken as nothing (--shipping)"


def sells(parcels: Parcels) -> bool:
    """Tell whether anything is said of what a sale brings."""
    said = any(name in parcels.inputs for name in ("price", "shipping", "cogs"))
    return said or bool(parcels.attributes.payment)


def price_of(parcels: Parcels) -> MoneyColumn:
    """Return what buyers pay for their goods; the value of the goods where it is not stated."""
    return parcels.inputs.get("price", parcels.goods)


def cogs_of(parcels: Parcels) -> MoneyColumn | None:
    """Return what the goods cost the seller, None when nothing says."""
    return parcels.inputs.get("cogs") or parcels.inputs.get("purchase_price")


def revenue(tile: Tile) -> Num:
    """Return price and shipping less the cost of the goods, in the currency of each quote."""
    return tile.once("revenue", _revenue, tile)


def _revenue(tile: Tile) -> Num:
    parcels = tile.parcels
    total = tile.stated(price_of(parcels))
    shipping, cogs = parcels.inputs.get("shipping"), cogs_of(parcels)
    if shipping is not None:
        total = add(total, tile.stated(shipping))
    return total if cogs is None else sub(total, tile.stated(cogs))


def out_of_price(run: Run, node: Node) -> bool:
    """Tell whether a charge comes out of what the seller is paid."""
    charge, options = node.charge, run.parcels.attributes.options
    if run.program.steps[node.step].event == "export" and refund_in_price(run.parcels):
        return charge.kind not in ("duty", "tax")
    if payer(run.program, node) == "seller":
        return True
    return charge.collected == "checkout" and WITH_TAX in options


def refund_in_price(parcels: Parcels) -> bool:
    """Tell whether all that is known of the cost of the goods leaves out what exports refund."""
    return "cogs" not in parcels.inputs and "purchase_price" in parcels.inputs


def note_sale(run: Run) -> None:
    """List what the margin takes for granted."""
    inputs, states = run.parcels.inputs, run.parcels.states
    run.note(negate(states("price")), NO_PRICE)
    run.note(negate(states("shipping")), NO_SHIPPING)
    run.note(negate(states("cogs")), COGS_ASSUMED if "purchase_price" in inputs else NO_COGS)
    attributes = run.parcels.attributes
    if refund_in_price(run.parcels):
        refunded = things_where(run, ("claim", (REFUND,)), lambda thing: REFUND in thing.claims)
        run.note(run.any_row(refunded, LINE), REFUND_ASSUMED)
    if WITH_TAX in attributes.options:
        run.note(True, TAX_ASSUMED)
    elif "price" in inputs:
        run.note(both(_taxed_at_checkout(run), _differs(run)), TAX_OF_VALUE)
    if attributes.return_rate is not None and attributes.return_rate[0]:
        run.note(True, RETURNS_ASSUMED)
    disputed = attributes.dispute_rate is not None and attributes.dispute_rate[0]
    if disputed:
        run.note(negate(_counts_disputes(run)), DISPUTES_ASSUMED)


def _counts_disputes(run: Run) -> Mask:
    """Return of which parcels some table says what a disputed payment costs."""
    out: Mask = False
    for node in run.program.nodes:
        if counts(node.charge, "dispute_rate"):
            step = run.step_of(node)
            named = step.named
            out = either(out, named_so(run.parcels, step.leg, (named,)) if named else True)
    return out


def _taxed_at_checkout(run: Run) -> Mask:
    """Return which parcels owe something that is collected when they are bought."""
    out: Mask = False
    for node in run.program.nodes:
        amount = run.amounts[node.index]
        if node.charge.collected == "checkout" and amount is not None and not amount.included:
            out = either(out, amount.live)
    return out


def _differs(run: Run) -> Mask:
    """Return which parcels are sold at another price than they are declared at."""
    goods, price = run.tile.stated(run.parcels.goods), run.tile.stated(run.parcels.inputs["price"])
    return settle(np.asarray(goods.v != price.v))


def counts(charge: Charge, ratio: str) -> bool:
    """Tell whether a charge is multiplied by a share that callers state."""
    return charge.times is not None and any(span.value == ratio for span in charge.times.spans)


def sale_of(tile: Tile) -> Sale:
    """Return what one parcel's sale brings."""
    parcels = tile.parcels
    shipping, cogs = parcels.inputs.get("shipping"), cogs_of(parcels)
    return Sale(
        price_minor=tile.stated(price_of(parcels)).first(),
        shipping_minor=0 if shipping is None else tile.stated(shipping).first(),
        cogs_minor=None if cogs is None else tile.stated(cogs).first(),
    )
