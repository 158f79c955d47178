"""Which exchange rates an answer used, as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.core.answer import FxUse

if TYPE_CHECKING:
    from xborder_cli.core.tile import Tile


def fx_uses(tile: Tile) -> tuple[FxUse, ...]:
    """Return the exchange rates that an answer used."""
    uses = []
    for source, target, day in tile.fx_used:
        rate = tile.book.fx.pair(source, target, day)
        if rate is not None:
            uses.append(
                FxUse(
                    base=source,
                    quote=target,
                    rate=_six_digits(rate.num, rate.den),
                    on=rate.on,
                    source=rate.source,
                    until=rate.until,
                    spans=rate.spans,
                )
            )
    return tuple(sorted(set(uses), key=lambda use: (use.base, use.quote, use.on)))


def _six_digits(num: int, den: int) -> str:
    """Return a rate with six or seven significant digits, for reading: the core divides exactly.

    >>> [_six_digits(*pair) for pair in ((2, 3), (20, 3), (20_000, 3), (1, 26_337), (5, 2))]
    ['0.666667', '6.666667', '6666.667', '0.0000379694', '2.5']
    """
    places = 6
    while num * 10**places < den * 10**5 and places < 15:
        places += 1
    while places > 0 and num >= den * 10 ** max(0, 7 - places):
        places -= 1
    scaled = (2 * num * 10**places + den) // (2 * den)
    if not places:
        return str(scaled)
    text = str(scaled).rjust(places + 1, "0")
    return f"{text[:-places]}.{text[-places:]}".rstrip("0").rstrip(".")
