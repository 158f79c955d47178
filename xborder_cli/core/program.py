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
    asked: bool = False  # somebody tests whether it applied or was exempted
    key: tuple[object, ...] | None = None  # equal keys have equal amounts in every route
    mask_key: tuple[object, ...] | None = None  # equal keys apply to the same rows in every route

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
        facts: dict[str, frozenset[str]] | None = None,
    ) -> None:
        """Resolve references and order the charges.

        Args:
            steps: the chain.
            context: channel, mode, transport, incoterm, scheme of the route.
            priced_freight: False when freight is stated by the caller (clearance alone).
            entry: index of the step where the border is crossed; legs before it are freight to the border.
            tariff_chains: market -> whose programmes its lookups read, nearest first.
            facts: what else is known of all parcels (from, buyer, option, ...): settles conditions once.

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
        self.pruned: list[set[str]] = []  # codes that cannot arise in this context
        self.regime_tests: dict[tuple[int, int], tuple[tuple[Test, ...], tuple[Test, ...]] | None] = {}
        self.regime_keys: dict[int, tuple[object, ...]] = {}  # steps whose choice other routes share
        self.facts = facts or {}
        for number, step in enumerate(self.steps):
            self._add_step(number, step)
        for node in self.nodes:
            self._resolve(node)
        self._wait_for_choices()
        self.order = self._sort()
        self._mark_asked()
        self._trace_context()

    # -- building -------------------------------------------------------------------------------

    def _add_step(self, number: int, step: StepSpec) -> None:
        codes: dict[str, list[int]] = {}
        self.codes.append(codes)
        self.pruned.append(set())
        shared = [(charge, None) for charge in step.charges.charges]
        inner = []
        for at, regime in enumerate(step.charges.regimes):
            tests = self._open_tests(number, regime)
            self.regime_tests[number, at] = tests
            if tests is None:
                self.pruned[number].update(charge.code for charge in regime.charges)
            else:
                inner += [(charge, at) for charge in regime.charges]
        for position, (charge, regime) in enumerate([*shared, *inner]):  # type: ignore[assignment]
            currency = step.currency
            if regime is None and position < len(step.currencies):
                currency = step.currencies[position]
            left = self._settled(number, charge)
            if left is None:
                self.pruned[number].add(charge.code)
                continue
            charge = left
            node = Node(len(self.nodes), number, charge, currency, regime, _level(charge))
            node.included = bool(step.event) and charge.kind in step.includes
            self.nodes.append(node)
            codes.setdefault(charge.code, []).append(node.index)

    def _open_tests(
        self, number: int, regime: Regime
    ) -> tuple[tuple[Test, ...], tuple[Test, ...]] | None:
        """Return what is left to test of a regime's conditions, None when it is closed in this context."""
        when = self._left(number, regime.when)
        unless = self._none_left(number, regime.unless)
        return None if when is None or unless is None else (when, unless)

    def _settled(self, number: int, charge: Charge) -> Charge | None:
        """Return a charge without the conditions that this context settles, None when one fails."""
        when = self._left(number, charge.when)
        unless = self._none_left(number, charge.unless)
        if when is None or unless is None:
            return None
        if when == charge.when and unless == charge.unless:
            return charge
        return replace(charge, when=when, unless=unless)

    def _left(self, number: int, tests: tuple[Test, ...]) -> tuple[Test, ...] | None:
        """Return the tests that only the parcels can settle; None when one of them fails already."""
        out = []
        for test in tests:
            known = self._known(number, test)
            if known is False:
                return None
            if known is None:
                out.append(self._narrowed(number, test))
        return tuple(out)

    def _none_left(self, number: int, tests: tuple[Test, ...]) -> tuple[Test, ...] | None:
        """Return the tests of an `unless` that only the parcels can settle; None when one holds already."""
        out = []
        for test in tests:
            known = self._known(number, test)
            if known is True:
                return None
            if known is None:
                out.append(self._narrowed(number, test))
        return tuple(out)

    def _narrowed(self, number: int, test: Test) -> Test:
        if test.kind != "any":
            return test
        groups = [self._left(number, group) for group in test.groups]
        return replace(test, groups=tuple(group for group in groups if group is not None))

    def _known(self, number: int, test: Test) -> bool | None:
        """Tell what the context says about a test: True, False, or None when it does not settle it."""
        if test.kind == "any":
            groups = [self._left(number, group) for group in test.groups]
            if any(group == () for group in groups):
                return True
            return False if all(group is None for group in groups) else None
        if test.kind != "is":
            return None
        step = self.steps[number]
        if test.name == "scheme":
            return (self.context.get("scheme") or "none") in test.values
        if test.name in CONTEXT:
            value = step.channel if test.name == "channel" and step.channel else ""
            value = value or (step.transport if test.name == "transport" and step.transport else "")
            return (value or self.context.get(test.name, "")) in test.values
        found = self.facts.get(test.name)
        return None if found is None else bool(found & set(test.values))

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
        for at in range(len(self.steps[step].charges.regimes)):
            when, unless = self.regime_tests[step, at] or ((), ())
            for name in _test_names((*when, *unless)):
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
                self.regime_keys[number] = ("regimes", self.steps[number].key, self.steps[number].channel, seen)
        for node in self.nodes:
            self._set_mask_key(node)
    def _mark_asked(self) -> None:
        """Mark charges of which somebody tests whether they applied: others need not know."""
        names = {
            (node.step, name.removeprefix(CODE)) for node in self.nodes for name in node.refs if name.startswith(CODE)
        }
        for (number, _), tests in self.regime_tests.items():
            for name in _test_names((*tests[0], *tests[1])) if tests else ():
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
        for name in _test_names((*node.charge.when, *node.charge.unless)):
            ref = node.refs[name]
            if ref.kind == "sum" or any(self.nodes[index].route_bound for index in ref.nodes):
                return
        seen = tuple(self.context_of(node, name) for name in CONTEXT)
        node.mask_key = ("mask", step.key, step.channel, node.charge.code, node.regime, node.index if not step.event else 0, seen)

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
        return (step.key, node.charge.code, node.regime, node.included, node.asked, seen)

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
    # rates by HS differ from line to line: they are found by line whatever the sum is kept by
    if charge.scope in ("parcel", "group") and isinstance(charge.rate, Lookup):
        return LINE
    if charge.scope == "group":
        return GROUP
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
            yield from (limit.name for limit in _limits(test.limit) if limit.name)
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
    key = node.key
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
    key = run.program.regime_keys.get(number)
    found = run.tile.cache.get(key) if key is not None else None
    if found is None:
        said = len(run.refusals), len(run.notes)
        found = _choices(run, number)
        if key is not None:
            run.tile.cache[key] = found
            run.tile.said[key] = (run.refusals[said[0] :], run.notes[said[1] :])
    elif key is not None:
        refusals, notes = run.tile.said[key]
        run.refusals.extend(refusals)
        run.notes.extend(notes)
    for at, mask in enumerate(found):  # type: ignore[arg-type, var-annotated]
        run.chosen[number, at] = mask


def _choices(run: Run, number: int) -> list[Mask]:
    step = run.program.steps[number]
    free: Mask = True
    out = []
    for at, regime in enumerate(step.charges.regimes):
        is_open = False if free is False else regime_open(run, number, at, regime)
        if step.charges.select != "cheapest":
            is_open, free = both(is_open, free), both(free, negate(is_open))
        if regime.refuse:
            run.refuse(is_open, "refused", regime.refuse)
        out.append(is_open)
    return out


def regime_open(run: Run, number: int, at: int, regime: Regime) -> Mask:
    """Return which parcels a regime is open for."""
    tests = run.program.regime_tests[number, at]
    if tests is None:
        return False
    when, unless = tests
    probe = Node(-1, number, _PROBE, run.program.steps[number].currency, None)
    for name in _test_names((*when, *unless)):
        probe.refs[name] = run.program._find(
            probe, name.removeprefix(CODE), as_code=name.startswith(CODE)
        )
    mask: Mask = in_force(run, regime.since, regime.until)
    if mask is not False:
        mask = both(mask, holds(run, when, probe))
    if mask is not False and unless:
        mask = both(mask, none_holds(run, unless, probe))
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
