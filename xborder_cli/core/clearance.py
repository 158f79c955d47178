"""Clearance alone: a market's entry charges for a channel, with freight as the caller states it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from xborder_cli.core.columns import any_of
from xborder_cli.core.intake import understand
from xborder_cli.core.landed_cost import price_route
from xborder_cli.core.program import Program
from xborder_cli.core.route import event_step
from xborder_cli.core.rule import Step
from xborder_cli.core.stacking import tile_of
from xborder_cli.errors import Problem, TableError, Where

if TYPE_CHECKING:
    from xborder_cli.core.book import Book, MarketHead
    from xborder_cli.core.intake import Intake
    from xborder_cli.core.landed_cost import Priced
    from xborder_cli.core.parcels import Parcels
    from xborder_cli.core.shipment import Shipment
    from xborder_cli.core.tile import Tile

DEFAULT_CHANNEL: Final = "express"
TRANSPORT: Final = "air"
FREIGHT: Final = "freight"  # where what carries the goods decides about fees


@dataclass(slots=True)
class Cleared:
    """One clearance worked out and kept open."""

    shipment: Shipment  # as understood
    market: MarketHead
    channel: str
    tile: Tile
    priced: Priced
    assumptions: tuple[str, ...]


def clear(book: Book, shipment: Shipment, *, channel: str, transport: str = "") -> Cleared:
    """Return a clearance, worked out.

    Args:
        book: compiled tables.
        shipment: what crosses the border; `freight` None is unknown.
        channel: "" is the market's usual one for parcels.
        transport: air, sea, rail or road; "" for air.

    Raises:
        UsageError: the shipment cannot be understood.
        TableError: no table knows the destination, or none on that day.
    """
    intake = understand(book, shipment, need_weight=False)
    stated, notes = _understood_freight(intake)
    market = book.market_heads[intake.market]
    tile = tile_of(book, stated, market.currency)
    program, channel, more = _program(book, tile.parcels, intake, channel, transport)
    priced = price_route(tile, program)
    # what is looked up later, only to explain a price, adds nothing to what the price rests on
    said = dict.fromkeys(words for mask, words in priced.run.notes if any_of(mask))
    assumptions = (*intake.assumptions, *notes, *more, *said)
    return Cleared(stated, market, channel, tile, priced, assumptions)


def _understood_freight(intake: Intake) -> tuple[Shipment, tuple[str, ...]]:
    """Return the shipment as one clearance: a lot that nobody stated is what was stated, once.

    Freight and insurance that nobody stated are unknown, which tables may test.
    """
    shipment = intake.shipment
    if intake.lot_assumed:
        shipment = replace(shipment, lot=1)
    notes = []
    if shipment.freight is None:
        notes.append("freight not stated: taken as nothing where the market has no rule for it")
    return shipment, tuple(notes)


def _program(
    book: Book, parcels: Parcels, intake: Intake, channel: str, transport: str
) -> tuple[Program, str, tuple[str, ...]]:
    """Return the program of an entry, its channel, and what was assumed.

    Args:
        book: the tables.
        parcels: what crosses the border.
        intake: what was understood of it.
        channel: "" for the usual one.
        transport: air, sea, rail or road; "" for air.

    Raises:
        TableError: the market has no rules.
    """
    attributes = parcels.attributes
    notes = []
    if not channel:
        channel = _default_channel(book, intake)
        notes.append(f"channel {channel} (--channel otherwise)")
    if not transport:
        transport = TRANSPORT
        if channel == FREIGHT:
            notes.append(f"transport by {transport} (--transport otherwise)")
    lot = intake.shipment.lot if not intake.lot_assumed else 1
    step = Step(event="entry", channel=channel, scope="lot" if lot and lot > 1 else "parcel")
    spec = event_step(book, step, intake.market, channel, transport, frozenset(), attributes)
    if spec is None:
        raise TableError(
            Problem(
                code="no-market",
                where=Where("--to"),
                what=f"no table tells what imports into {intake.market} cost",
                fix="write a table of kind market and name its folder with --rates",
            )
        )
    context = {
        "mode": "",
        "channel": channel,
        "transport": transport,
        "incoterm": attributes.incoterm or "DAP",
        "scheme": attributes.scheme or "none",
    }
    program = Program(
        [replace(spec, channel=channel)],
        context,
        priced_freight=False,
        entry=0,
        tariff_chains=book.chains,
    )
    return program, channel, tuple(notes)


def _default_channel(book: Book, intake: Intake) -> str:
    """Return the channel of the home market's parcels, or express: what a courier would declare."""
    for mode in book.modes.values():
        if mode.direction == intake.direction == "import":
            for pattern in mode.patterns:
                for step in pattern:
                    if step.event == "entry" and step.channel:
                        return step.channel
    return DEFAULT_CHANNEL
