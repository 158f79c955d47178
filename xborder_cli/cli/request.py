"""What a quote is asked beside the shipment: currency, ranking, filters."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xborder_cli import units
from xborder_cli.core.rule import Money
from xborder_cli.errors import Problem, UsageError, Where

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from xborder_cli.cli.flags import RankingFlags
    from xborder_cli.core.answer import Option, Quote
    from xborder_cli.core.shipment import Shipment
    from xborder_cli.tables.compile import Compiled

RANKINGS = ("cost", "speed", "value", "margin")
PLURAL = {"--currency": "currencies", "--mode": "modes"}
SHOWN = 10  # options on a terminal, unless --top or --all


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Currency, ranking and filters of a quote."""

    currency: str = ""
    by: str = "cost"
    day_value: Money | None = None
    modes: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    top: int = 0  # how many are shown; 0 when nobody said

    @classmethod
    def of(cls, flags: RankingFlags, tables: Compiled) -> Request:
        """Return what the flags ask.

        Raises:
            UsageError: with every problem found.
        """
        currency = flags.currency.upper()
        problems = _ranking_problems(flags.by, currency, tables)
        day_value, wrong = _day_value(flags.by, flags.day_value, tables)
        problems += wrong
        top = 0
        try:
            top = read_top(flags.top)
        except UsageError as error:
            problems += error.problems
        problems += _unknown("--mode", flags.modes, tables.modes)
        problems += _unknown("--service", flags.services, {card.id for card in tables.cards})
        problems += unknown_channels(flags.channels, tables)
        if problems:
            raise UsageError(problems)
        return cls(
            currency=currency,
            by=flags.by,
            day_value=day_value,
            modes=flags.modes,
            services=flags.services,
            channels=flags.channels,
            top=top,
        )

    def document(self, shipment: Shipment) -> dict[str, object]:
        """Return this and the shipment as it was stated, as JSON holds them."""
        from xborder_cli.adapters.documents import shipment_document

        worth = self.day_value
        return {
            "shipment": shipment_document(shipment),
            "currency": self.currency or None,
            "by": self.by,
            "day_value": worth
            and {"amount": units.ratio_text(worth.amount), "currency": worth.currency},
            "modes": list(self.modes),
            "services": list(self.services),
            "channels": list(self.channels),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, object]) -> Request:
        """Return what `document` wrote."""
        worth = document.get("day_value")
        day_value = None
        if isinstance(worth, dict):
            day_value = Money(str(worth["currency"]), units.parse_ratio(str(worth["amount"])))

        def texts(name: str) -> tuple[str, ...]:
            found = document.get(name)
            return tuple(str(one) for one in found) if isinstance(found, list) else ()

        return cls(
            currency=str(document.get("currency") or ""),
            by=str(document.get("by") or "cost"),
            day_value=day_value,
            modes=texts("modes"),
            services=texts("services"),
            channels=texts("channels"),
        )

    def ask(self, tables: Compiled, shipment: Shipment) -> Quote:
        """Return the quote."""
        from xborder_cli.core.pipeline import quote

        return quote(
            tables,
            shipment,
            currency=self.currency,
            by=self.by,
            day_value=self.day_value,
            modes=self.modes,
            services=self.services,
            channels=self.channels,
        )


def chosen(quote: Quote, *, top: int, everything: bool, person: bool) -> tuple[Option, ...]:
    """Return the options to show.

    A person who did not say how many sees the best ten, and the best of each mode that is not
    among them: the question is by which modes a parcel can travel. A program sees all.
    """
    if top and not everything:
        return quote.options[:top]
    if everything or not person:
        return quote.options
    shown = list(quote.options[:SHOWN])
    modes = {option.mode for option in shown}
    for option in quote.options[SHOWN:]:
        if option.mode not in modes:
            modes.add(option.mode)
            shown.append(option)
    return tuple(shown)


def read_top(text: str) -> int:
    """Return how many options are wanted, 0 when nobody said.

    Raises:
        UsageError: it is no count.
    """
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and int(text)):
        what, fix = f'"{text}" is not a count', "write 1 or more"
        raise UsageError(Problem(code="bad-top", where=Where("--top"), what=what, fix=fix))
    return int(text)


def read_ranking(by: str, currency: str, day_value: str, tables: Compiled) -> Money | None:
    """Return what a day is worth.

    Raises:
        UsageError: nothing ranks so, no table knows the currency, or the worth is unreadable.
    """
    worth, wrong = _day_value(by, day_value, tables)
    problems = _ranking_problems(by, currency.upper(), tables) + wrong
    if problems:
        raise UsageError(problems)
    return worth


def _day_value(by: str, text: str, tables: Compiled) -> tuple[Money | None, list[Problem]]:
    """Return what a day is worth, and what is wrong with it."""
    where = Where("--day-value")
    if not text:
        if by != "value":
            return None, []
        what, fix = "nothing says what a day is worth", "add --day-value 2USD"
        return None, [Problem(code="missing", where=Where("--by"), what=what, fix=fix)]
    try:
        worth = units.parse_money(text)
    except units.Unreadable as error:
        return None, [Problem(code="bad-money", where=where, what=error.what, fix=error.fix)]
    if worth.currency not in tables.digits:
        what = f'no currency "{worth.currency}"'
        fix = "`xb rates list currencies` names all"
        return None, [Problem(code="unknown-currency", where=where, what=what, fix=fix)]
    return worth, []


def unknown_channels(asked: Collection[str], tables: Compiled) -> list[Problem]:
    """Return a problem for each channel that no mode clears by."""
    steps = (step for mode in tables.modes.values() for one in mode.patterns for step in one)
    return _unknown("--channel", asked, {step.channel for step in steps if step.channel})


def _ranking_problems(by: str, currency: str, tables: Compiled) -> list[Problem]:
    problems = []
    if by not in RANKINGS:
        what, fix = f'"{by}" ranks nothing', f"write {', '.join(RANKINGS)}"
        problems.append(Problem(code="bad-by", where=Where("--by"), what=what, fix=fix))
    return problems + _unknown("--currency", [currency] if currency else [], tables.digits)


def _unknown(place: str, asked: Collection[str], known: Collection[str]) -> list[Problem]:
    problems = []
    for name in asked:
        if name not in known:
            near = difflib.get_close_matches(name, sorted(known), 3)
            if near:
                fix = f"did you mean {' or '.join(near)}?"
            elif len(known) > 20:
                fix = f"`xb rates list {PLURAL.get(place, 'services')}` names all"
            else:
                fix = f"known are {', '.join(sorted(known))}"
            what = f'no {place.removeprefix("--")} "{name}"'
            code = f"unknown-{place.removeprefix('--')}"
            problems.append(Problem(code=code, where=Where(place), what=what, fix=fix))
    return problems
