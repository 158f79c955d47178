"""Where a rate card works: between countries, or inside one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.core.zones import EVERYWHERE

if TYPE_CHECKING:
    from xborder_cli.core.rule import RateCard
    from xborder_cli.tables.tables import Tables

ELSEWHERE = {"payment": ("origin",), "platform": ("destination",)}  # legs that no mode has


class Places:
    """Where the legs of a world's modes begin."""

    def __init__(self, tables: Tables) -> None:
        """Read it from the patterns of the modes."""
        self._at: dict[str, set[str]] = {leg: set(at) for leg, at in ELSEWHERE.items()}
        for mode in tables.modes.values():
            for step in (step for pattern in mode.patterns for step in pattern if step.leg):
                self._at.setdefault(step.leg, set()).add(step.at)

    @property
    def legs(self) -> tuple[str, ...]:
        """Return the kinds of legs, in order of their names."""
        return tuple(sorted(self._at))

    def crosses(self, card: RateCard) -> bool:
        """Tell whether a card is for the way from country to country."""
        return "lane" in self._at.get(card.leg, {"lane"})

    def serves(self, card: RateCard, origin: str = "", destination: str = "") -> bool:
        """Tell whether a card can have a part in sending something there; "" is anywhere.

        What works inside one country is asked for by that country: where the parcel leaves or
        arrives, as the leg does. With one end alone it is any card at work there.
        """
        found = False
        for at in self._at.get(card.leg, {"lane"}):
            if at == "lane":
                found = found or (leaves(card, origin) and reaches(card, origin, destination))
            elif at == "origin":
                found = found or (bool(origin) and leaves(card, origin))
            else:
                found = found or leaves(card, destination or origin)
        return found


def leaves(card: RateCard, country: str) -> bool:
    """Tell whether a card begins in a country; "" is any."""
    return not country or country in card.origins or EVERYWHERE in card.origins


def reaches(card: RateCard, origin: str, destination: str) -> bool:
    """Tell whether the zones of a card name a lane; "" is any end."""
    named = {country for row in card.zones for country in row.countries}
    if not named or EVERYWHERE in named:
        return True
    if card.zone_of == "origin":
        return not origin or origin in named
    if card.zone_of == "lane":
        return any(
            lane.startswith(f"{origin}-" if origin else "")
            and lane.endswith(f"-{destination}" if destination else "")
            for lane in named
        )
    return not destination or destination in named


def destinations(card: RateCard) -> tuple[str, ...]:
    """Return the countries that a card names as its ends, in their order; * for every country."""
    named = dict.fromkeys(country for row in card.zones for country in row.countries)
    if card.zone_of == "origin":
        return (EVERYWHERE,)
    if card.zone_of == "lane":
        return tuple(dict.fromkeys(lane.partition("-")[2] for lane in named))
    return tuple(named)
