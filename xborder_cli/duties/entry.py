"""One clearance worked out and kept open: what each charge found, not only what it came to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from xborder_cli.core.answer import REFUSED
from xborder_cli.core.clearance import clear
from xborder_cli.core.explain import charge_lines
from xborder_cli.core.flags import refused_flags
from xborder_cli.core.outline import regime_choices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xborder_cli.core.answer import ChargeLine, RegimeChoice
    from xborder_cli.core.book import Book
    from xborder_cli.core.run import Run
    from xborder_cli.core.shipment import Shipment
    from xborder_cli.core.step import Node

CUSTOMS_VALUE: Final = "customs_value"


@dataclass(slots=True)
class Entry:
    """A clearance with the run that worked it out."""

    shipment: Shipment  # as understood
    market: str
    market_name: str
    currency: str
    channel: str
    run: Run
    lines: tuple[ChargeLine, ...]
    regimes: tuple[RegimeChoice, ...]
    refused: tuple[str, ...]
    assumptions: tuple[str, ...]

    @property
    def nodes(self) -> Iterator[Node]:
        """The charges of the entry that its regime or all regimes have, in the order of tables."""
        for node in self.run.program.nodes:
            if node.regime is None or self.run.chosen.get((node.step, node.regime), False):
                yield node

    @property
    def duty_minor(self) -> int:
        """Return the duty, in minor units of the market's currency: that of `xb duty`."""
        return sum(line.quote_minor for line in self.lines if line.kind == "duty")

    @property
    def customs_value_minor(self) -> int | None:
        """Return the value that duty is taken of, None where the market names none."""
        found = (line.amount_minor for line in self.lines if line.code == CUSTOMS_VALUE)
        return next(found, None)

    def line(self, node: Node) -> ChargeLine | None:
        """Return the line of a charge that arose."""
        for one in self.lines:
            if one.code == node.charge.code and one.step == node.step:
                return one
        return None


def work_out(book: Book, shipment: Shipment, *, channel: str) -> Entry:
    """Return a clearance of one item line, as `pipeline.duty` prices it.

    Args:
        book: compiled tables.
        shipment: with a single item line.
        channel: "" is the market's usual one for parcels.

    Raises:
        UsageError: the shipment cannot be understood.
        TableError: no table knows the destination, or none on that day.
    """
    cleared = clear(book, shipment, channel=channel)
    market, priced = cleared.market, cleared.priced
    return Entry(
        shipment=cleared.shipment,
        market=market.id,
        market_name=market.name,
        currency=market.currency,
        channel=cleared.channel,
        run=priced.run,
        lines=charge_lines(priced, legs={}),
        regimes=regime_choices(priced),
        refused=tuple(flag.removeprefix(REFUSED) for flag in refused_flags(priced)),
        assumptions=cleared.assumptions,
    )


def with_day(shipment: Shipment, day: int) -> Shipment:
    """Return the same shipment of another day."""
    return replace(shipment, on=day)
