"""A route's charges as one graph: who reads whom, and in which order they are worked out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core.charge import in_force, work_out
from xborder_cli.core.columns import ZERO, Mask, Num, add, both, either, masked, negate
from xborder_cli.core.condition import holds, none_holds
from xborder_cli.core.parcels import GROUP, LINE, PARCEL, Codes
from xborder_cli.core.rates import BandTable, DatedTable
from xborder_cli.core.rule import (
    Charge,
    ChargeSet,
    Dated,
    Limit,
    Lookup,
    RateCard,
    Regime,
    Test,
)
from xborder_cli.core.run import NOTHING, Amount
from xborder_cli.errors import Problem, TableError, Where

if TYPE_CHECKING:
    from xborder_cli.core.run import Run

INPUTS: Final = frozenset(
    {
        "goods",
        "insurance",
        "transfer_value",
        "purchase_price",
        "used_this_year",
        "used_this_half_year",
        "declared_this_day",
    }
)
ROUTE_SUMS: Final = frozenset(
    {"freight", "freight_to_border", "freight_inland", "border_dues", "checkout_dues"}
)
EVENT_SUMS: Final = frozenset({"duty", "tax", "fee"})
CODE: Final = "="  # before a name: the charge of that code, not the sum of that kind
# what a condition may read of the route; a charge is shared by all routes where these agree
CONTEXT: Final = ("channel", "mode", "transport", "incoterm", "scheme")


@dataclass(frozen=True, slots=True)
class Ref:
    """What a name in a charge stands for: a stated input, charges by code, or a kept sum."""

    kind: str  # input, nodes, sum
    name: str
    nodes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSpec:
    """A step of a route with what prices it."""

    key: tuple[object, ...]  # equal keys price alike
    event: str = ""  # entry, sale, export; "" is a leg
    leg: str = ""
    card: RateCard | None = None
    market: str = ""
    charges: ChargeSet = ChargeSet()
    currencies: tuple[str, ...] = ()  # of each shared charge, when surcharges bring their own
    currency: str = ""
    channel: str = ""
    transport: str = ""
    lot: bool = False
    value: str = "goods"
    includes: frozenset[str] = frozenset()  # kinds that another step's price holds already


@dataclass(slots=True)
class Node:
    """One charge of one step, with its references resolved."""

    index: int
    step: int
    charge: Charge
    currency: str
    regime: int | None
    level: int = PARCEL
    refs: dict[str, Ref] = field(default_factory=dict)
    gross_node: int | None = None
    depends: tuple[int, ...] = ()
    names: frozenset[str] = frozenset()  # context that it or what it reads tests
    route_bound: bool = False  # reads sums of the whole route: not shared between routes
    included: bool = False

    @property
    def rate(self) -> DatedTable | BandTable | Lookup | None:
        """The compiled rate."""
        return self.charge.rate  # type: ignore[return-value]


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
    ) -> None:
        """Resolve references and order the charges.

        Args:
            steps: the chain.
            context: channel, mode, transport, incoterm, scheme of the route.
            priced_freight: False when freight is stated by the caller (clearance alone).
            entry: index of the step where the border is crossed; legs before it are freight to the border.
            tariff_chains: market -> whose programmes its lookups read, nearest first.

        Raises:
            TableError: a charge refers to what does not exist, or charges refer to each other in a circle.
        """
        self.steps = tuple(steps)
        self.context = context
        self.priced_freight = priced_freight
        self.entry = entry
        self.tariff_chains = tariff_chains or {}
        self.card: RateCard | None = None
        self.nodes: list[Node] = []
        self.codes: list[dict[str, list[int]]] = []
        for number, step in enumerate(self.steps):
            self._add_step(number, step)
        for node in self.nodes:
            self._resolve(node)
        self._wait_for_choices()
        self.order = self._sort()
        self._trace_context()

    # -- building -------------------------------------------------------------------------------

    def _add_step(self, number: int, step: StepSpec) -> None:
        codes: dict[str, list[int]] = {}
        self.codes.append(codes)
        shared = [(charge, None) for charge in step.charges.charges]
        inner = [
            (charge, at) for at, regime in enumerate(step.charges.regimes) for charge in regime.charges
        ]
        for position, (charge, regime) in enumerate([*shared, *inner]):
            currency = step.currency
            if regime is None and position < len(step.currencies):
                currency = step.currencies[position]
            node = Node(len(self.nodes), number, charge, currency, regime, _level(charge))
            node.included = bool(step.event) and charge.kind in step.includes
            self.nodes.append(node)
            codes.setdefault(charge.code, []).append(node.index)

    def _resolve(self, node: Node) -> None:
        charge = node.charge
        depends: set[int] = set()
        for name in _names(charge):
            ref = self._find(node, name.removeprefix(CODE), as_code=name.startswith(CODE))
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
                from xborder_cli.core.rule import BasePart

                node.charge = replace(charge, base=(*charge.base, BasePart(name)))
                node.refs[name] = Ref("nodes", name, joined)
                depends.update(joined)
        if charge.gross:
            target = self._find(node, charge.gross_code, rate_only=True)
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
        out: set[int] = set()
        for regime in self.steps[step].charges.regimes:
            for name in _test_names((*regime.when, *regime.unless)):
                out.update(
                    index
                    for index in self.codes[step].get(name.removeprefix(CODE), ())
                    if self.nodes[index].regime is None
                )
        return out

    def _find(
        self, node: Node, name: str, *, rate_only: bool = False, as_code: bool = False
    ) -> Ref:
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
            names = set(_context_names(node.charge))
            step = self.steps[node.step]
            bound = False
            for ref in node.refs.values():
                if ref.kind == "sum" and ref.name in ROUTE_SUMS:
                    bound = True
                if ref.kind == "input" and ref.name == "freight":
                    bound = bound or self.priced_freight
                for other in ref.nodes:
                    names |= self.nodes[other].names
                    bound = bound or self.nodes[other].route_bound or self.nodes[other].step != node.step
            if node.regime is not None:
                for regime in step.charges.regimes:
                    names |= set(_test_names((*regime.when, *regime.unless))) & set(CONTEXT)
                for other in self._regime_depends(node.step):
                    names |= self.nodes[other].names
                    bound = bound or self.nodes[other].route_bound
                if step.charges.select == "cheapest":
                    bound = True
            node.names = frozenset(names)
            node.route_bound = bound

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
        seen = tuple(self.context_of(node, name) for name in sorted(node.names))
        return (step.key, node.charge.code, node.regime, node.included, seen)

    def tariffs(self, step: StepSpec, destination: str) -> tuple[str, ...]:
        """Return whose programmes a step's lookups read, nearest first."""
        market = destination if step.event in ("entry", "sale", "") else step.market
        return self.tariff_chains.get(market) or self.tariff_chains.get(step.market, (market,))

    def key_codes(self, run: Run, node: Node, name: str, card: RateCard | None) -> Codes:
        """Return the zone, or the class of a name, of every parcel."""
        from xborder_cli.core.zones import class_codes, zone_codes

        if card is None:
            return Codes(("",))
        return zone_codes(run, card) if name == "zone" else class_codes(run, card, name)


def _level(charge: Charge) -> int:
    if charge.scope == "line":
        return LINE
    if charge.scope == "group":
        return GROUP
    # rates by HS differ from line to line: they are found by line whatever the sum is kept by
    if charge.scope == "parcel" and isinstance(charge.rate, Lookup):
        return LINE
    return PARCEL


def _names(charge: Charge) -> Iterable[str]:
    """Yield the names that a charge refers to."""
    for part in charge.base:
        yield part.name
    for limit in _limits(charge.base_less):
        if limit.name:
            yield limit.name
    for less in charge.less:
        if isinstance(less, str):
            yield CODE + less
    yield from _test_names((*charge.when, *charge.unless))
    yield from _rate_names(charge)


def _rate_names(charge: Charge) -> Iterable[str]:
    tables = []
    rate = charge.rate
    if isinstance(rate, BandTable):
        tables.append(rate.table)
        if rate.limit_unit and rate.limit_unit != "lb":
            yield rate.by
    elif isinstance(rate, DatedTable):
        tables.append(rate.table)
    for clamp in (charge.low, charge.high):
        if isinstance(clamp, DatedTable):
            tables.append(clamp.table)
    if isinstance(rate, Lookup):  # parts of an article are named by rows, not by the charge
        yield from ("case", "strap", "battery")
    for table in tables:
        for shape in table.shapes:
            if shape.of not in ("", "base"):
                yield shape.of


def _limits(dated: Dated | None) -> Iterable[Limit]:
    if dated is not None:
        for span in dated.spans:
            if isinstance(span.value, Limit):
                yield span.value


def _test_names(tests: Iterable[Test]) -> Iterable[str]:
    for test in tests:
        if test.kind == "number":
            yield test.name
        elif test.kind in ("applied", "exempted"):
            yield from (CODE + value for value in test.values)
        elif test.kind == "due":
            yield from test.values
        for group in test.groups:
            yield from _test_names(group)


def _context_names(charge: Charge) -> Iterable[str]:
    stack = [*charge.when, *charge.unless]
    while stack:
        test = stack.pop()
        if test.kind == "is" and test.name in CONTEXT:
            yield test.name
        for group in test.groups:
            stack.extend(group)


# -- running ------------------------------------------------------------------------------------


def execute(run: Run) -> None:
    """Work out every charge of a program, choosing regimes as soon as their conditions can be read."""
    program = run.program
    undecided = {number for number, step in enumerate(program.steps) if step.charges.regimes}
    open_nodes = {
        number: {n.index for n in program.nodes if n.step == number and n.regime is not None}
        for number in undecided
    }
    for index in program.order:
        node = program.nodes[index]
        if node.step in undecided and node.regime is not None:
            choose_regimes(run, node.step)
            undecided.discard(node.step)
        run.amounts[index] = _node(run, node)
        left = open_nodes.get(node.step)
        if left is not None and index in left:
            left.discard(index)
            if not left and program.steps[node.step].charges.select == "cheapest":
                keep_cheapest(run, node.step)
    for number in undecided:
        choose_regimes(run, number)


def _node(run: Run, node: Node) -> Amount:
    """Return a charge's amount: shared with other routes where nothing of this route enters it."""
    if node.included:
        return Amount(node.level, False, node.currency, NOTHING, ZERO, included=True)
    key = run.program.memo_key(node)
    if key is None:
        found = work_out(run, node)
    else:
        found = run.tile.memo.get(key)
        if found is None:
            said = len(run.refusals), len(run.notes)
            outer, run.tile.fx_missing = run.tile.fx_missing, {}
            found = work_out(run, node)
            _refuse_unconverted(run)
            run.tile.fx_missing = outer
            run.tile.memo[key] = found
            run.tile.said[key] = (run.refusals[said[0] :], run.notes[said[1] :])
        else:
            refusals, notes = run.tile.said[key]
            run.refusals.extend(refusals)
            run.notes.extend(notes)
    _refuse_unconverted(run)
    return found


def _refuse_unconverted(run: Run) -> None:
    """Keep out the parcels for which an exchange rate was missing."""
    for (source, target), mask in run.tile.fx_missing.items():
        run.refuse(mask, "no-exchange-rate", f"{source} to {target}")
    run.tile.fx_missing.clear()


def choose_regimes(run: Run, number: int) -> None:
    """Settle which regime of a step each parcel takes; `cheapest` keeps all that are open for now."""
    step = run.program.steps[number]
    free: Mask = True
    for at, regime in enumerate(step.charges.regimes):
        is_open = regime_open(run, number, regime)
        if step.charges.select == "cheapest":
            run.chosen[number, at] = is_open
        else:
            run.chosen[number, at] = both(is_open, free)
            free = both(free, negate(is_open))
        if regime.refuse:
            run.refuse(run.chosen[number, at], "refused", regime.refuse)


def regime_open(run: Run, number: int, regime: Regime) -> Mask:
    """Return which parcels a regime is open for."""
    probe = Node(-1, number, _PROBE, run.program.steps[number].currency, None)
    for name in _test_names((*regime.when, *regime.unless)):
        probe.refs[name] = run.program._find(
            probe, name.removeprefix(CODE), as_code=name.startswith(CODE)
        )
    mask: Mask = in_force(run, regime.since, regime.until)
    if mask is not False:
        mask = both(mask, holds(run, regime.when, probe))
    if mask is not False and regime.unless:
        mask = both(mask, none_holds(run, regime.unless, probe))
    return mask


_PROBE: Final = Charge(code="", kind="amount", provenance=None)  # type: ignore[arg-type]


def keep_cheapest(run: Run, number: int) -> None:
    """Keep the regime with the least duty, tax and fee for the whole parcel; ties go to the first."""
    program, parcels = run.program, run.parcels
    regimes = program.steps[number].charges.regimes
    worst = np.iinfo(np.int64).max // 4
    costs = []
    for at in range(len(regimes)):
        total: Num = Num(0, 0)
        gap: Mask = False
        for node in program.nodes:
            amount = run.amounts[node.index]
            if node.step == number and node.regime == at and amount and node.charge.kind in ("duty", "tax", "fee"):
                total = add(total, amount.total)
                gap = either(gap, amount.gap)
        closed = np.broadcast_to(np.asarray(negate(run.chosen[number, at])), (parcels.n,))
        # what is not known is not cheap: a regime with a gap is taken only when no complete one is open
        unsure = np.broadcast_to(np.asarray(gap), (parcels.n,)) * (worst // 2)
        costs.append(np.where(closed, worst, total.full(parcels.n) + unsure))
    best = np.argmin(np.stack(costs), axis=0)
    for at in range(len(regimes)):
        taken = best == at
        mask: Mask = both(run.chosen[number, at], bool(taken.all()) or (taken if taken.any() else False))
        run.chosen[number, at] = mask
        for node in program.nodes:
            amount = run.amounts[node.index]
            if node.step == number and node.regime == at and amount is not None:
                rows = run.expand(mask, node.level, node.charge.group_by)
                amount.total = masked(amount.total, mask)
                amount.onward = type(amount.onward)(masked(amount.onward.num, rows), amount.onward.den)
                amount.live = both(amount.live, mask)
                amount.gap = both(amount.gap, mask)
                amount.applied = both(amount.applied, rows)
