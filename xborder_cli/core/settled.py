"""What a route's context settles about a step before any parcel is seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xborder_cli.core.rule import Charge, ChargeSet, Regime, Test
from xborder_cli.core.step import CONTEXT, StepSpec, level_of, names_of

if TYPE_CHECKING:
    from collections.abc import Mapping

Tests = tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class SettledCharge:
    """A charge that can arise in a context, without the conditions that the context settles."""

    charge: Charge
    source: int  # identity of the charge as its table has it
    regime: int | None
    currency: str
    level: int
    names: tuple[str, ...]
    included: bool


@dataclass(frozen=True, slots=True)
class SettledStep:
    """What is left of a step in a context."""

    charges: tuple[SettledCharge, ...]
    pruned: frozenset[str]  # codes that cannot arise
    regime_tests: tuple[tuple[Tests, Tests] | None, ...]  # what is left to test; None: closed


def settle_step(
    step: StepSpec, context: Mapping[str, str], facts: Mapping[str, frozenset[str]]
) -> SettledStep:
    """Return a step without what cannot arise in a context.

    Args:
        step: with all its charges.
        context: channel, mode, transport, incoterm, scheme of the route.
        facts: what all parcels share: from, buyer, option, ...
    """
    settler = _Settler(step, context, facts)
    pruned: set[str] = set()
    found: list[tuple[Charge, int | None]] = [(charge, None) for charge in step.charges.charges]
    tests = []
    for at, regime in enumerate(step.charges.regimes):
        left = settler.regime(regime)
        tests.append(left)
        if left is None:
            pruned.update(charge.code for charge in regime.charges)
        else:
            found += [(charge, at) for charge in regime.charges]
    charges = []
    for position, (charge, at_regime) in enumerate(found):
        kept = settler.charge(charge)
        if kept is None:
            pruned.add(charge.code)
            continue
        own = at_regime is None and position < len(step.currencies)
        charges.append(
            SettledCharge(
                charge=kept,
                source=id(charge),
                regime=at_regime,
                currency=step.currencies[position] if own else step.currency,
                level=level_of(kept),
                names=tuple(dict.fromkeys(names_of(kept))),
                included=bool(step.event) and kept.kind in step.includes,
            )
        )
    return SettledStep(tuple(charges), frozenset(pruned), tuple(tests))


def context_read(charges: ChargeSet) -> tuple[str, ...]:
    """Return what the conditions of a step read of the route; see CONTEXT."""
    found: set[str] = set()
    stack: list[Test] = []
    for charge in charges.charges:
        stack += (*charge.when, *charge.unless)
    for regime in charges.regimes:
        stack += (*regime.when, *regime.unless)
        for charge in regime.charges:
            stack += (*charge.when, *charge.unless)
    while stack:
        test = stack.pop()
        if test.kind == "is" and test.name in CONTEXT:
            found.add(test.name)
        for group in test.groups:
            stack.extend(group)
    return tuple(sorted(found))


class _Settler:
    """Answers conditions as far as the context can."""

    def __init__(
        self, step: StepSpec, context: Mapping[str, str], facts: Mapping[str, frozenset[str]]
    ) -> None:
        self.facts = dict(facts)
        for name in CONTEXT:
            own = getattr(step, name, "") if name in ("channel", "transport") else ""
            self.facts[name] = frozenset({own or context.get(name, "")})
        self.facts["scheme"] = frozenset({context.get("scheme") or "none"})

    def regime(self, regime: Regime) -> tuple[Tests, Tests] | None:
        """Return what is left to test of a regime, None when it is closed."""
        when, unless = self.left(regime.when), self.none_left(regime.unless)
        return None if when is None or unless is None else (when, unless)

    def charge(self, charge: Charge) -> Charge | None:
        """Return a charge with what is left of its conditions, None when one fails."""
        when, unless = self.left(charge.when), self.none_left(charge.unless)
        if when is None or unless is None:
            return None
        if when == charge.when and unless == charge.unless:
            return charge
        return replace(charge, when=when, unless=unless)

    def left(self, tests: Tests) -> Tests | None:
        """Return the tests that only the parcels can settle; None when one fails already."""
        return self._unsettled(tests, closes=False)

    def none_left(self, tests: Tests) -> Tests | None:
        """Return the tests of an `unless` that are left; None when one holds already."""
        return self._unsettled(tests, closes=True)

    def _unsettled(self, tests: Tests, *, closes: bool) -> Tests | None:
        out = []
        for test in tests:
            known = self.known(test)
            if known is closes:
                return None
            if known is None:
                out.append(self.narrowed(test))
        return tuple(out)

    def narrowed(self, test: Test) -> Test:
        """Return an `any` without the groups that fail already."""
        if test.kind != "any":
            return test
        groups = (self.left(group) for group in test.groups)
        return replace(test, groups=tuple(group for group in groups if group is not None))

    def known(self, test: Test) -> bool | None:
        """Tell what the context says about a test: True, False, or None when it says nothing."""
        if test.kind == "any":
            groups = [self.left(group) for group in test.groups]
            if any(group == () for group in groups):
                return True
            return False if all(group is None for group in groups) else None
        if test.kind != "is":
            return None
        found = self.facts.get(test.name)
        return None if found is None else not found.isdisjoint(test.values)
