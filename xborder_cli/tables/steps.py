"""What is worked out together: a card with its surcharges, an event of a market with a regime."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xborder_cli.tables.names import EVENT_SUMS, uses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xborder_cli.core.rule import Charge, Market, RateCard, Surcharge
    from xborder_cli.tables.tables import Tables


@dataclass(frozen=True, slots=True)
class StepCharges:
    """The charges of one step in file order, and what they may name beside the common names."""

    words: str  # how to call the step in a message
    charges: tuple[Charge, ...]
    codes: frozenset[str]  # of this step, whichever regime is taken
    card: RateCard | None = None
    market: Market | None = None


def steps(tables: Tables) -> Iterator[StepCharges]:
    """Return every step of every card and market."""
    for card in tables.cards:
        charges = (*card.charges, *(c for s in surcharges_of(tables, card) for c in s.charges))
        codes = frozenset(charge.code for charge in charges)
        yield StepCharges(f"rate card {card.id}", charges, codes, card=card)
    for market in tables.markets.values():
        for event in ("entry", "sale", "export"):
            found = getattr(market, event)
            inner = [charge for regime in found.regimes for charge in regime.charges]
            codes = frozenset(charge.code for charge in (*found.charges, *inner))
            if not codes:
                continue
            words = f"{event} of {market.id}"
            if not found.regimes:
                yield StepCharges(words, found.charges, codes, market=market)
            for regime in found.regimes:
                charges = (*found.charges, *regime.charges)
                yield StepCharges(f"{words}, regime {regime.id}", charges, codes, market=market)


def surcharges_of(tables: Tables, card: RateCard) -> Iterator[Surcharge]:
    """Return the surcharges that join a card."""
    for surcharge in tables.surcharges:
        if surcharge.carrier == card.carrier and (
            not surcharge.applies_to or card.id in surcharge.applies_to
        ):
            yield surcharge


def readings(step: StepCharges) -> dict[int, list[int]]:
    """Return for every charge of a step the numbers of those whose amounts it reads.

    A gross-up reads a rate and no amount; `joins` makes the named amount read the charge.
    """
    by_code: dict[str, list[int]] = {}
    by_kind: dict[str, list[int]] = {}
    for number, charge in enumerate(step.charges):
        by_code.setdefault(charge.code, []).append(number)
        by_kind.setdefault(charge.kind, []).append(number)
    found: dict[int, list[int]] = {number: [] for number in range(len(step.charges))}
    for number, charge in enumerate(step.charges):
        for use in uses(charge):
            if use.how in ("rate", "ratio"):
                continue
            if use.name in by_code:
                found[number].extend(by_code[use.name])
            elif use.name in EVENT_SUMS:
                others = by_kind.get(use.name, [])
                same = charge.kind == use.name
                found[number].extend(other for other in others if not same or other < number)
        for code in charge.joins:
            for reader in by_code.get(code, ()):
                found[reader].append(number)
    return found


def circle(step: StepCharges) -> list[Charge]:
    """Return charges that read each other in a circle, the first again at the end; or none."""
    edges = readings(step)
    done: set[int] = set()
    for start in edges:
        path: list[int] = []
        stack = [(start, iter(edges[start]))]
        path.append(start)
        while stack:
            number, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                done.add(number)
                stack.pop()
                path.pop()
            elif following in path:
                around = path[path.index(following) :]
                return [step.charges[n] for n in (*around, following)]
            elif following not in done:
                path.append(following)
                stack.append((following, iter(edges[following])))
    return []
