"""The steps that routes have settled, kept for other routes, and numbers for what they share."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from xborder_cli.core.graph import StepGraph
from xborder_cli.core.settled import context_read, settle_step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xborder_cli.core.rule import ChargeSet
    from xborder_cli.core.step import StepSpec


class Graphs:
    """Settled steps by what settles them."""

    def __init__(self) -> None:
        """Begin with none."""
        self._known: dict[tuple[object, ...], tuple[StepGraph, object]] = {}
        self._read: dict[int, tuple[tuple[str, ...], ChargeSet]] = {}
        self._numbers: dict[object, int] = {}
        self._next = count(1)
        self.charge_sets: dict[object, ChargeSet] = {}

    def number(self, what: object) -> int:
        """Return a number that equal things share, in this process only."""
        known = self._numbers.get(what)
        if known is None:
            known = self._numbers[what] = next(self._next)
        return known

    def clear(self) -> None:
        """Forget all steps; numbers are never given twice."""
        self._known.clear()
        self._read.clear()
        self._numbers.clear()
        self.charge_sets.clear()

    def graph(
        self,
        step: StepSpec,
        context: Mapping[str, str],
        facts: Mapping[str, frozenset[str]],
        priced_freight: bool,
    ) -> StepGraph:
        """Return a step's charges as far as a context settles them.

        Args:
            step: with all its charges.
            context: channel, mode, transport, incoterm, scheme of the route.
            facts: what all parcels share: from, buyer, option, ...
            priced_freight: False when freight is stated by the caller.
        """
        read = self._read.get(id(step.charges))
        if read is None:
            read = self._read[id(step.charges)] = (context_read(step.charges), step.charges)
        key = (
            id(step.charges),
            id(facts),
            step.key,
            step.value,
            step.market,
            step.includes,
            priced_freight,
            *[(getattr(step, n, "") or context.get(n, "")) for n in read[0]],
        )
        known = self._known.get(key)
        if known is None:
            settled = settle_step(step, context, facts)
            graph = StepGraph(step, settled, priced_freight=priced_freight, number=self.number)
            # the facts are kept beside, as the step is by its graph: their ids are in the key
            known = self._known[key] = (graph, facts)
        return known[0]
