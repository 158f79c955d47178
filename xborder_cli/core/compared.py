"""The clearances of a market against each other: what each would cost, or why it is not open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from xborder_cli.core.answer import REFUSED, Clearance
from xborder_cli.core.columns import Num
from xborder_cli.core.rule import Money

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xborder_cli.core.answer import ChargeLine, DutyAnswer, Option
    from xborder_cli.core.shipment import Shipment
    from xborder_cli.core.tile import Tile

KINDS: Final = ("duty", "tax", "fee")


def clearances(
    tile: Tile,
    shipment: Shipment,
    channels: Sequence[str],
    options: Sequence[Option],
    work_out: Callable[[Shipment, str], DutyAnswer],
) -> tuple[Clearance, ...]:
    """Return what clearing by each channel costs, in the currency of the quote.

    A channel that options use costs what the best of them pays at the border; any other is worked
    out alone, with the freight of the best option whose price holds no dues.

    Args:
        tile: for exchange rates.
        shipment: what is sent, as stated: a lot that nobody stated is one parcel.
        channels: in the order that the market names them.
        options: ranked.
        work_out: works out the clearance of a shipment by a channel.
    """
    currency = tile.quote_currency.names[0]
    freight = shipment.freight
    # a price that holds the dues is no freight to put into a customs value
    plain = next((one for one in options if _pays_dues_apart(one)), None)
    if freight is None and plain is not None:
        freight = Money(currency, (plain.freight_minor, 10 ** tile.book.digits[currency]))
    found = []
    for channel in channels:
        best = next((o for o in options if o.channel == channel and _pays_dues_apart(o)), None)
        if best is not None:
            found.append(_of_option(best))
        else:
            answer = work_out(replace(shipment, freight=freight), channel)
            found.append(_of_answer(tile, answer, currency))
    return tuple(found)


def _pays_dues_apart(option: Option) -> bool:
    """Tell whether an option pays its clearance as such, not inside the price of its freight."""
    return not any(line.included for line in option.lines if line.kind in KINDS)


def _of_option(option: Option) -> Clearance:
    regime = next((one for one in option.regimes if one.event == "entry" and one.taken), None)
    lines = [line for line in option.lines if line.event == "entry"]
    return Clearance(
        channel=option.channel,
        regime=regime.id if regime else "",
        name=regime.name if regime else "",
        option=option.rank,
        refused="",
        complete=not any(line.unknown for line in lines),
        **_sums(lines, lambda line: line.quote_minor),
    )


def _of_answer(tile: Tile, answer: DutyAnswer, currency: str) -> Clearance:
    def converted(line: ChargeLine) -> int:
        return tile.convert(Num.of(line.quote_minor), answer.currency, currency).first()

    refused = next((flag for flag in answer.flags if flag.startswith(REFUSED)), "")
    regime = next((one for one in answer.regimes if one.taken), None)
    return Clearance(
        channel=answer.channel,
        regime=regime.id if regime else "",
        name=regime.name if regime else "",
        option=0,
        refused=refused.removeprefix(REFUSED),
        complete=answer.complete,
        **_sums(answer.lines, converted),
    )


def _sums(lines: Sequence[ChargeLine], worth: Callable[[ChargeLine], int]) -> dict[str, int]:
    return {
        f"{'fees' if kind == 'fee' else kind}_minor": sum(
            worth(line) for line in lines if line.kind == kind
        )
        for kind in KINDS
    }
