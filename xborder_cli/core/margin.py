"""What a sale leaves the seller: what the buyer pays less the goods and all that the seller pays.

The margin of an option is price + shipping - cost of the goods - the seller's charges, those that
he gets back left out. Where the price holds the tax that is collected at checkout, that tax comes
out of it too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xborder_cli.core.answer import Sale
from xborder_cli.core.columns import Num, add, sub
from xborder_cli.core.shipment import WITH_TAX
from xborder_cli.core.step import NO_PRICE

if TYPE_CHECKING:
    from xborder_cli.core.parcels import Attributes, MoneyColumn, Parcels
    from xborder_cli.core.rule import Charge
    from xborder_cli.core.run import Run
    from xborder_cli.core.tile import Tile

NO_COGS: Final = "cost of the goods not stated: the margin is before it (--cogs)"
COGS_ASSUMED: Final = "cost of the goods taken as the purchase price, without tax (--cogs)"
NO_SHIPPING: Final = "shipping not stated: taken as nothing (--shipping)"


def sells(parcels: Parcels) -> bool:
    """Tell whether anything is said of what a sale brings."""
    return "price" in parcels.inputs or "cogs" in parcels.inputs or bool(parcels.attributes.payment)


def price_of(parcels: Parcels) -> MoneyColumn:
    """Return what buyers pay for their goods; the value of the goods where it is not stated."""
    return parcels.inputs.get("price", parcels.goods)


def cogs_of(parcels: Parcels) -> MoneyColumn | None:
    """Return what the goods cost the seller, None when nothing says."""
    return parcels.inputs.get("cogs") or parcels.inputs.get("purchase_price")


def revenue(tile: Tile) -> Num:
    """Return price and shipping less the cost of the goods, in the currency of each quote."""
    return tile.kept("revenue", _revenue, tile)


def _revenue(tile: Tile) -> Num:
    parcels = tile.parcels
    total = tile.stated(price_of(parcels))
    shipping, cogs = parcels.inputs.get("shipping"), cogs_of(parcels)
    if shipping is not None:
        total = add(total, tile.stated(shipping))
    return total if cogs is None else sub(total, tile.stated(cogs))


def out_of_price(charge: Charge, who: str, attributes: Attributes) -> bool:
    """Tell whether a charge comes out of what the seller is paid.

    Args:
        charge: of a route.
        who: pays it.
        attributes: of the parcels; their options say whether tax is in the price.
    """
    return who == "seller" or (charge.collected == "checkout" and WITH_TAX in attributes.options)


def note_sale(run: Run) -> None:
    """List what the margin takes for granted."""
    inputs = run.parcels.inputs
    if "price" not in inputs:
        run.note(True, NO_PRICE)
    if "shipping" not in inputs:
        run.note(True, NO_SHIPPING)
    if "cogs" not in inputs:
        run.note(True, COGS_ASSUMED if "purchase_price" in inputs else NO_COGS)


def sale_of(tile: Tile) -> Sale:
    """Return what one parcel's sale brings."""
    parcels = tile.parcels
    shipping, cogs = parcels.inputs.get("shipping"), cogs_of(parcels)
    return Sale(
        price_minor=tile.stated(price_of(parcels)).first(),
        shipping_minor=0 if shipping is None else tile.stated(shipping).first(),
        cogs_minor=None if cogs is None else tile.stated(cogs).first(),
    )
