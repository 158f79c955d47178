"""A route's charges as one graph: who reads whom, and in which order they are worked out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xborder_cli.core.rule import BasePart, RateCard, Test
from xborder_cli.core.settled import SettledStep, settle_step
from xborder_cli.core.step import (
    CODE,
    CONTEXT,
    EVENT_SUMS,
    INPUTS,
    ROUTE_SUMS,
    Node,
    Ref,
    StepSpec,
    context_names,
    test_names,
)
from xborder_cli.errors import Problem, TableError, Where

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Program:
    """The charges of a route in the order in which they are worked out."""

    def __init__(
        self,
        steps: Sequence[StepSpec],
        context: dict[str, str],
        *,
        priced_freight: bool = True,
        entry: int | None = None,
        tariff_chains: dict[str, tuple[str, ...]] | None = None,
        facts: dict[str, frozenset[str]] | None = None,
        settled: dict[object, tuple[SettledStep, object, object]] | None = None,
    ) -> None:
        """Resolve references and order the charges.

        Args:
            steps: the chain.
            context: channel, mode, transport, incoterm, scheme of the route.
            priced_freight: False when freight is stated by the caller (clearance alone).
            entry: step where the border is crossed; legs before it are freight to the border.
            tariff_chains: market -> whose programmes its lookups read, nearest first.
            facts: what all parcels share (from, buyer, option, ...): settles conditions once.
            settled: where steps are kept that other routes have settled in the same context.

        Raises:
            TableError: charges refer to each other in a circle.
        """
        self.steps = tuple(steps)
        self.context = context
        self.priced_freight = priced_freight
        self.entry = entry
        self.tariff_chains = tariff_chains or {}
        self.card: RateCard | None = None
        self.nodes: list[Node] = []
        self.codes: list[dict[str, list[int]]] = []
        self.pruned: list[frozenset[str]] = []  # codes that cannot arise in this context
        self.regime_tests: dict[
            tuple[int, int], tuple[tuple[Test, ...], tuple[Test, ...]] | None
        ] = {}
        self.regime_keys: dict[
            int, tuple[object, ...]
        ] = {}  # steps whose choice other routes share
        self._before_choice: dict[int, set[int]] = {}
        shelf = settled if settled is not None else {}
        known = (tuple(context.items()), id(facts))
        for number, step in enumerate(self.steps):
            found = shelf.get((id(step), known))
            if found is None:
                # the step and the facts are kept beside: their ids are the key
                found = shelf[id(step), known] = (
                    settle_step(step, context, facts or {}),
                    step,
                    facts,
                )
            self._add_step(number, found[0])
        for node in self.nodes:
            self._resolve(node)
        self._wait_for_choices()
        self.order = self._sort()
        self._mark_asked()
        self._trace_context()

    # -- building -------------------------------------------------------------------------------

    def _add_step(self, number: int, step: SettledStep) -> None:
        codes: dict[str, list[int]] = {}
        self.codes.append(codes)
        self.pruned.append(step.pruned)
        for at, tests in enumerate(step.regime_tests):
            self.regime_tests[number, at] = tests
        for one in step.charges:
            node = Node(
                len(self.nodes), number, one.charge, one.currency, one.regime, one.level, one.names
            )
            node.included = one.included
            self.nodes.append(node)
            codes.setdefault(one.charge.code, []).append(node.index)

    def _resolve(self, node: Node) -> None:
        charge = node.charge
        depends: set[int] = set()
        for name in node.reads:
            ref = self.find(node, name.removeprefix(CODE), as_code=name.startswith(CODE))
            node.refs[name] = ref
            depends.update(ref.nodes)
        if charge.kind == "amount":  # charges of other files that join this base
            joined = tuple(
                other.index
                for other in self.nodes
                if other.step == node.step and charge.code in other.charge.joins
            )
            if joined:
                name = f"+{charge.code}"
                node.charge = replace(charge, base=(*charge.base, BasePart(name)))
                node.refs[name] = Ref("nodes", name, joined)
                depends.update(joined)
        if charge.gross:
            target = self.find(node, charge.gross_code, rate_only=True)
            node.gross_node = target.nodes[0] if target.nodes else None
        if node.regime is not None:
            depends.update(self._regime_depends(node.step))
        node.depends = tuple(sorted(depends - {node.index}))
        if node.index in depends:
            node.depends = (*node.depends, node.index)

    def _wait_for_choices(self) -> None:
        """Let readers outside wait for a whole step in which the cheapest regime is kept."""
        for number, step in enumerate(self.steps):
            if step.charges.select != "cheapest":
                continue
            inside = {n.index for n in self.nodes if n.step == number and n.regime is not None}
            for node in self.nodes:
                if node.index not in inside and inside.intersection(node.depends):
                    node.depends = tuple(sorted(inside.union(node.depends)))

    def _regime_depends(self, step: int) -> set[int]:
        """Return the charges that must be worked out before a step's regime can be chosen."""
        found = self._before_choice.get(step)
        if found is None:
            found = self._before_choice[step] = self._named_by_regimes(step)
        return found

    def _named_by_regimes(self, step: int) -> set[int]:
        out: set[int] = set()
        for at in range(len(self.steps[step].charges.regimes)):
            when, unless = self.regime_tests[step, at] or ((), ())
            for name in test_names((*when, *unless)):
                out.update(
                    index
                    for index in self.codes[step].get(name.removeprefix(CODE), ())
                    if self.nodes[index].regime is None
                )
        return out

    def find(self, node: Node, name: str, *, rate_only: bool = False, as_code: bool = False) -> Ref:
        """Return what a name means to a charge: its own step first, then other steps.

        Args:
            node: who asks.
            name: an input, a sum, or a charge's code.
            rate_only: the charge is wanted for its rate, so it may be the asking one.
            as_code: never a sum, also where a sum has that name.
        """
        event = bool(self.steps[node.step].event)
        if name in EVENT_SUMS and event and not rate_only and not as_code:
            return Ref("sum", name, tuple(self._event_sum(node, name)))
        own = self.codes[node.step].get(name)
        if own:
            same = [i for i in own if self.nodes[i].regime == node.regime]
            shared = [i for i in own if self.nodes[i].regime is None]
            chosen = same or (shared if node.regime is not None else own)
            if rate_only or node.index not in chosen or name not in EVENT_SUMS | ROUTE_SUMS:
                return Ref("nodes", name, tuple(chosen or own))
        if name in self.pruned[node.step]:
            return Ref("nodes", name)
        if name in INPUTS or (name in ("freight", "freight_to_border") and not self.priced_freight):
            return Ref("input", name if name in INPUTS else "freight")
        if name in ROUTE_SUMS:
            return Ref("sum", name, tuple(self._route_sum(node, name)))
        if name in EVENT_SUMS:
            return Ref("sum", name, tuple(self._event_sum(node, name)))
        for step in range(len(self.steps) - 1, -1, -1):
            if step != node.step and name in self.codes[step]:
                return Ref("nodes", name, tuple(self.codes[step][name]))
        return Ref("input", name)

    def _route_sum(self, node: Node, name: str) -> Iterable[int]:
        for other in self.nodes:
            step, charge = self.steps[other.step], other.charge
            if other.index == node.index or other.included:
                continue
            if name.startswith("freight"):
                if charge.kind != "freight":
                    continue
                inland = self.entry is not None and other.step > self.entry
                if name == "freight" or (name == "freight_inland") == inland:
                    yield other.index
            elif step.event and charge.kind in ("duty", "tax"):
                at_checkout = charge.collected == "checkout"
                if at_checkout == (name == "checkout_dues"):
                    yield other.index

    def _event_sum(self, node: Node, name: str) -> Iterable[int]:
        above = node.charge.kind == name
        for other in self.nodes:
            if other.step != node.step or other.charge.kind != name or other.index == node.index:
                continue
            if above and other.index > node.index:
                continue
            if node.regime is not None and other.regime not in (None, node.regime):
                continue
            yield other.index

    def _sort(self) -> list[int]:
        order: list[int] = []
        state: dict[int, int] = {}
        path: list[int] = []

        def visit(index: int) -> None:
            if state.get(index) == 2:
                return
            if state.get(index) == 1:
                self._circle([*path[path.index(index) :], index])
            state[index] = 1
            path.append(index)
            for needed in self.nodes[index].depends:
                visit(needed)
            path.pop()
            state[index] = 2
            order.append(index)

        for node in self.nodes:
            visit(node.index)
        return order

    def _circle(self, path: list[int]) -> None:
        names = " -> ".join(self.nodes[index].charge.code for index in path)
        at = self.nodes[path[0]].charge.provenance
        raise TableError(
            Problem(
                code="circle",
                where=Where(at.table, at.line),
                what=f"charges refer to each other in a circle: {names}",
                fix="base one of them on an amount that does not hold the other",
            )
        )

    def _trace_context(self) -> None:
        for index in self.order:
            node = self.nodes[index]
            names = set(context_names(node.charge))
            step = self.steps[node.step]
            bound = False
            for ref in node.refs.values():
                if ref.kind == "sum" and ref.name in ROUTE_SUMS:
                    bound = True
                if ref.kind == "input" and ref.name == "freight":
                    bound = bound or self.priced_freight
                for other in ref.nodes:
                    names |= self.nodes[other].names
                    bound = (
                        bound
                        or self.nodes[other].route_bound
                        or self.nodes[other].step != node.step
                    )
            if node.regime is not None:
                for other in self._regime_depends(node.step):
                    names |= self.nodes[other].names
                    bound = bound or self.nodes[other].route_bound
                if step.charges.select == "cheapest":
                    bound = True
            node.names = frozenset(names)
            node.route_bound = bound
            node.key = None if bound else self.memo_key(node)
        for number in range(len(self.steps)):
            needed = self._regime_depends(number)
            if not any(self.nodes[index].route_bound for index in needed):
                seen = tuple(self.context.get(name, "") for name in CONTEXT)
                self.regime_keys[number] = (
                    "regimes",
                    self.steps[number].key,
                    self.steps[number].channel,
                    seen,
                )
        for node in self.nodes:
            self._set_mask_key(node)

    def _mark_asked(self) -> None:
        """Mark charges of which somebody tests whether they applied: others need not know."""
        names = {
            (node.step, name.removeprefix(CODE))
            for node in self.nodes
            for name in node.refs
            if name.startswith(CODE)
        }
        for (number, _), tests in self.regime_tests.items():
            for name in test_names((*tests[0], *tests[1])) if tests else ():
                names.add((number, name.removeprefix(CODE)))
        asked = {name for _, name in names}
        for node in self.nodes:
            node.asked = node.charge.code in asked

    def _set_mask_key(self, node: Node) -> None:
        step = self.steps[node.step]
        if node.regime is not None and (
            node.step not in self.regime_keys or step.charges.select == "cheapest"
        ):
            return
        for name in test_names((*node.charge.when, *node.charge.unless)):
            ref = node.refs[name]
            if ref.kind == "sum" or any(self.nodes[index].route_bound for index in ref.nodes):
                return
        seen = tuple(self.context_of(node, name) for name in CONTEXT)
        node.mask_key = (
            "mask",
            step.key,
            step.channel,
            node.charge.code,
            node.regime,
            node.index if not step.event else 0,
            seen,
        )

    # -- context --------------------------------------------------------------------------------

    def context_of(self, node: Node | None, name: str) -> str:
        """Return channel, mode, transport, incoterm or scheme as a charge sees it."""
        if node is not None:
            step = self.steps[node.step]
            if name == "channel" and step.channel:
                return step.channel
            if name == "transport" and step.transport:
                return step.transport
        return self.context.get(name, "")

    def memo_key(self, node: Node) -> tuple[object, ...] | None:
        """Return what decides a charge's amounts, or None when they belong to this route alone."""
        if node.route_bound:
            return None
        step = self.steps[node.step]
        # the context has settled conditions of this step: also those that are no longer seen
        seen = (step.includes, *(self.context_of(node, name) for name in CONTEXT))
        return (step.key, node.charge.code, node.regime, node.included, node.asked, seen)

    def tariffs(self, step: StepSpec, destination: str) -> tuple[str, ...]:
        """Return whose programmes a step's lookups read, nearest first."""
        market = destination if step.event in ("entry", "sale", "") else step.market
        return self.tariff_chains.get(market) or self.tariff_chains.get(step.market, (market,))
