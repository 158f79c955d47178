"""What routes share of a settled step: equal numbers for what the same things decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xborder_cli.core.step import CODE, ROUTE_SUMS, Ref, test_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xborder_cli.core.graph import Knot, StepGraph


@dataclass(slots=True)
class Binding:
    """What is shared between routes, given which outer names other steps explain."""

    keys: list[int | None]  # of amounts, by place; None: belongs to one route
    masks: list[int | None]  # of conditions
    regimes: int | None  # of the choice among regimes


class Binder:
    """Numbers the charges of a step."""

    def __init__(self, graph: StepGraph, found: frozenset[str], asked: frozenset[str]) -> None:
        """Begin with no charge numbered.

        Args:
            graph: the step.
            found: outer names that other steps of the route explain.
            asked: codes of which somebody tests whether they applied.
        """
        self.graph = graph
        self.found = found | ROUTE_SUMS
        self.asked = asked
        charges = len(graph.knots)
        self.binding = Binding([None] * charges, [None] * charges, None)

    def bind(self) -> Binding:
        """Number what decides each charge, in an order in which what it reads comes first."""
        graph, binding = self.graph, self.binding
        chosen = False  # regimes are chosen when the first of their charges comes
        for place in graph.order:
            knot = graph.knots[place]
            in_regime = knot.one.regime is not None
            if in_regime and not chosen:
                binding.regimes, chosen = self._regimes(), True
            choice = binding.regimes if in_regime else 0
            if choice is not None and not (in_regime and graph.cheapest):
                binding.masks[place] = self._mask(knot, choice)
                binding.keys[place] = self._amount(knot, choice)
        if not chosen:
            binding.regimes = self._regimes()
        return binding

    def _regimes(self) -> int | None:
        graph = self.graph
        parts: list[object] = ["regimes", graph.step.key, id(graph.step.charges)]
        for tests, refs in zip(graph.settled.regime_tests, graph.regime_refs, strict=True):
            read = self._numbers(refs, refs)
            if read is None:
                return None
            parts += (tests, read)
        return graph.number(tuple(parts))

    def _mask(self, knot: Knot, choice: int) -> int | None:
        charge = knot.charge
        read = self._numbers(test_names((*charge.when, *charge.unless)), knot.refs)
        if read is None:
            return None
        return self.graph.number(("mask", *self._what(knot), choice, read))

    def _amount(self, knot: Knot, choice: int) -> int | None:
        read = self._numbers((*knot.refs, *knot.outer), knot.refs)
        if read is None or knot.gross_outer in self.found:
            return None
        told = knot.charge.code in self.asked
        gross = self._what(self.graph.knots[knot.gross]) if knot.gross is not None else ()
        return self.graph.number(
            ("amount", *self._what(knot), knot.one.included, told, choice, read, gross)
        )

    def _what(self, knot: Knot) -> tuple[object, ...]:
        """Return what a charge is, its references apart."""
        charge, step = knot.charge, self.graph.step
        return (
            step.key,
            step.value,
            knot.one.source,
            charge.when,
            charge.unless,
            knot.one.regime,
            knot.one.currency,
        )

    def _numbers(
        self, names: Iterable[str], refs: dict[str, Ref] | dict[str, Ref | None]
    ) -> tuple[object, ...] | None:
        """Return what decides the amounts that names stand for, None when a route does."""
        out: list[object] = []
        for name in names:
            ref = refs.get(name)
            if ref is None:
                if name.removeprefix(CODE) in self.found:
                    return None
                out.append(name)
                continue
            out += (name, ref.kind)
            for place in ref.nodes:
                if self.graph.knots[place].one.included:
                    continue
                key = self.binding.keys[place]
                if key is None:
                    return None
                out.append(key)
        return tuple(out)
