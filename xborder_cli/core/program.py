"""A route's charges as one graph: who reads whom, and in which order they are worked out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from xborder_cli.core.graph import NOBODY, StepGraph, moved
from xborder_cli.core.graphs import Graphs
from xborder_cli.core.need import in_order, sorted_by_need
from xborder_cli.core.step import CODE, ROUTE_SUMS, Node, Ref, StepSpec, probe
from xborder_cli.errors import Problem, TableError, Where

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.graph import Knot
    from xborder_cli.core.rule import RateCard
    from xborder_cli.core.settled import Tests


@dataclass(frozen=True, slots=True)
class Woven:
    """The charges of a route, joined."""

    graphs: tuple[StepGraph, ...]
    offsets: tuple[int, ...]  # index of each step's first charge
    nodes: list[Node]
    order: list[int]
    regime_keys: dict[int, int]  # steps whose choice other routes share
    sums: dict[str, Ref]  # of the whole route


class Program:
    """The charges of a route in the order in which they are worked out.

    They are joined when first asked for: most routes are refused before that.
    """

    def __init__(
        self,
        steps: Sequence[StepSpec],
        context: dict[str, str],
        *,
        priced_freight: bool = True,
        entry: int | None = None,
        tariff_chains: dict[str, tuple[str, ...]] | None = None,
        facts: dict[str, frozenset[str]] | None = None,
        graphs: Graphs | None = None,
        absent: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Keep what the route is made of.

        Args:
            steps: the chain.
            context: channel, mode, transport, incoterm, scheme of the route.
            priced_freight: False when freight is stated by the caller (clearance alone).
            entry: step where the border is crossed; legs before it are freight to the border.
            tariff_chains: market -> whose programmes its lookups read, nearest first.
            facts: what all parcels share (from, buyer, option, ...): settles conditions once.
            graphs: where steps are kept that other routes have settled in the same context.
            absent: attributes that vary, and names under them that the route is not for.
        """
        self.steps = tuple(steps)
        self.context = context
        self.priced_freight = priced_freight
        self.entry = entry
        self.tariff_chains = tariff_chains or {}
        self.card: RateCard | None = None
        self.absent = absent
        self._facts = facts or {}
        self._graphs = graphs if graphs is not None else Graphs()
        self._asks: dict[tuple[int, int], Node] = {}

    # -- joining --------------------------------------------------------------------------------

    @cached_property
    def nodes(self) -> list[Node]:
        """The charges of all steps, in the order of the tables."""
        return self._woven.nodes

    @cached_property
    def order(self) -> list[int]:
        """The charges in an order in which none reads a later one.

        Raises:
            TableError: charges refer to each other in a circle.
        """
        return self._woven.order

    @cached_property
    def regime_keys(self) -> dict[int, int]:
        """What decides which regime is taken, for steps where routes may share the choice."""
        return self._woven.regime_keys

    @cached_property
    def undecided(self) -> dict[int, frozenset[int]]:
        """Steps with regimes, and the charges that only regimes have."""
        nodes = self.nodes
        return {
            number: frozenset(n.index for n in nodes if n.step == number and n.regime is not None)
            for number, step in enumerate(self.steps)
            if step.charges.regimes
        }

    @cached_property
    def _woven(self) -> Woven:
        graphs = tuple(
            self._graphs.graph(step, self.context, self._facts, self.priced_freight)
            for step in self.steps
        )
        asks = frozenset().union(*(graph.asks for graph in graphs))
        nodes: list[Node] = []
        offsets = [0, *accumulate(len(graph.knots) for graph in graphs)]
        regime_keys: dict[int, int] = {}
        woven = Woven(graphs, tuple(offsets), nodes, [], regime_keys, {})
        for number, graph in enumerate(graphs):
            found = self._found(graphs, number) if graph.outer_codes else NOBODY
            asked = asks.intersection(graph.codes) if asks else NOBODY
            nodes += graph.placed(number, offsets[number], found, asked)
            for knot in graph.reaching:
                at = offsets[number] + knot.place
                nodes[at] = self._reaching(woven, number, nodes[at], knot)
            key = graph.binding(found, asked).regimes
            if key is not None:
                regime_keys[number] = key
        self._wait_for_choices(woven)
        woven.order.extend(sorted_by_need([node.depends for node in nodes], self._circle))
        return woven

    def _found(self, graphs: Sequence[StepGraph], number: int) -> frozenset[str]:
        """Return the outer names of a step that other steps have charges for."""
        return frozenset(
            name
            for name in graphs[number].outer_codes
            if any(name in graph.codes for at, graph in enumerate(graphs) if at != number)
        )

    def _reaching(self, woven: Woven, number: int, node: Node, knot: Knot) -> Node:
        """Return a charge that reads other steps, its references resolved."""
        refs, depends = dict(node.refs), set(node.depends)
        for name in knot.outer:
            ref = refs[name] = self._outer(woven, number, node.index, name.removeprefix(CODE))
            depends.update(ref.nodes)
        gross = node.gross_node
        if knot.gross_outer:
            gross = next(iter(self._outer(woven, number, -1, knot.gross_outer).nodes), None)
        return Node(
            index=node.index,
            step=number,
            charge=node.charge,
            currency=node.currency,
            regime=node.regime,
            level=node.level,
            refs=refs,
            gross_node=gross,
            depends=in_order(depends, node.index),
            included=node.included,
            asked=node.asked,
            key=node.key,
            mask_key=node.mask_key,
        )

    def _outer(self, woven: Woven, number: int, index: int, name: str) -> Ref:
        """Return what a name means that the asking step does not explain: the last step first."""
        if name in ROUTE_SUMS:
            found = woven.sums.get(name)
            if found is None:
                found = woven.sums[name] = Ref("sum", name, tuple(self._route_sum(woven, name)))
            if index not in found.nodes:
                return found
            return Ref("sum", name, tuple([other for other in found.nodes if other != index]))
        for step in range(len(self.steps) - 1, -1, -1):
            own = woven.graphs[step].codes.get(name) if step != number else None
            if own:
                return moved(Ref("nodes", name, tuple(own)), woven.offsets[step])
        return Ref("input", name)

    def _route_sum(self, woven: Woven, name: str) -> list[int]:
        out: list[int] = []
        for number, graph in enumerate(woven.graphs):
            inland = self.entry is not None and number > self.entry
            if name.startswith("freight"):
                wanted = name == "freight" or (name == "freight_inland") == inland
                places = graph.freight if wanted else []
            else:
                places = graph.checkout if name == "checkout_dues" else graph.border
            offset = woven.offsets[number]
            out += [place + offset for place in places]
        return out

    def _wait_for_choices(self, woven: Woven) -> None:
        """Let other steps wait for a whole step in which the cheapest regime is kept."""
        for number, graph in enumerate(woven.graphs):
            if not graph.cheapest:
                continue
            offset = woven.offsets[number]
            inside = {k.place + offset for k in graph.knots if k.one.regime is not None}
            for at, node in enumerate(woven.nodes):
                if node.step != number and inside.intersection(node.depends):
                    depends = tuple(sorted(inside.union(node.depends)))
                    woven.nodes[at] = replace(node, depends=depends)

    def _circle(self, path: list[int]) -> None:
        nodes = self.nodes
        names = " -> ".join(nodes[index].charge.code for index in path)
        at = nodes[path[0]].charge.provenance
        raise TableError(
            Problem(
                code="circle",
                where=Where(at.table, at.line),
                what=f"charges refer to each other in a circle: {names}",
                fix="base one of them on an amount that does not hold the other",
            )
        )

    # -- regimes --------------------------------------------------------------------------------

    def regime_tests(self, number: int, at: int) -> tuple[Tests, Tests] | None:
        """Return what is left to test of a regime of a step, None when it is closed."""
        return self._woven.graphs[number].settled.regime_tests[at]

    def regime_asks(self, number: int, at: int) -> Node:
        """Return who asks when a regime asks about its step."""
        known = self._asks.get((number, at))
        if known is None:
            woven = self._woven
            known = probe(number, self.steps[number].currency)
            for name, ref in woven.graphs[number].regime_refs[at].items():
                known.refs[name] = (
                    moved(ref, woven.offsets[number])
                    if ref is not None
                    else self._outer(woven, number, -1, name.removeprefix(CODE))
                )
            self._asks[number, at] = known
        return known

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

    def tariffs(self, step: StepSpec, destination: str) -> tuple[str, ...]:
        """Return whose programmes a step's lookups read, nearest first."""
        market = destination if step.event in ("entry", "sale", "") else step.market
        return self.tariff_chains.get(market) or self.tariff_chains.get(step.market, (market,))
