"""A settled step's charges as a graph: all that is known of them before they join a route."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from xborder_cli.core.binding import Binder, Binding
from xborder_cli.core.need import in_order, sorted_by_need
from xborder_cli.core.rule import BasePart, Charge
from xborder_cli.core.step import (
    CODE,
    EVENT_SUMS,
    INPUTS,
    ROUTE_SUMS,
    Node,
    Ref,
    StepSpec,
    test_names,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xborder_cli.core.settled import SettledCharge, SettledStep, Tests

SUMS: Final = EVENT_SUMS | ROUTE_SUMS
NOBODY: Final[frozenset[str]] = frozenset()
Numbering: TypeAlias = "Callable[[object], int]"


@dataclass(slots=True)
class Knot:
    """A charge in its step. Numbers are places among the step's charges, not of a route."""

    place: int
    one: SettledCharge
    charge: Charge
    refs: dict[str, Ref] = field(default_factory=dict)  # what the step itself explains
    outer: tuple[str, ...] = ()  # names that only the route explains
    depends: tuple[int, ...] = ()
    gross: int | None = None
    gross_outer: str = ""


class StepGraph:
    """The charges of a settled step, what their names mean in it, and which routes share them."""

    def __init__(
        self, step: StepSpec, settled: SettledStep, *, priced_freight: bool, number: Numbering
    ) -> None:
        """Resolve all names that the step explains.

        Args:
            step: as it was settled; its `key` stands for what prices it.
            settled: its charges.
            priced_freight: False when freight is stated by the caller.
            number: gives equal things equal numbers.
        """
        self.step = step
        self.settled = settled
        self.event = bool(step.event)
        self.cheapest = step.charges.select == "cheapest"
        self.codes: dict[str, list[int]] = {}
        self._priced_freight = priced_freight
        self.number = number
        self._bindings: dict[tuple[frozenset[str], frozenset[str]], Binding] = {}
        self._placed: dict[tuple[object, ...], list[Node]] = {}
        self.knots = [Knot(place, one, one.charge) for place, one in enumerate(settled.charges)]
        self._joining: dict[str, list[int]] = {}  # code -> charges of other files that join it
        for knot in self.knots:
            self.codes.setdefault(knot.charge.code, []).append(knot.place)
            for code in dict.fromkeys(knot.charge.joins):
                self._joining.setdefault(code, []).append(knot.place)
        self.choice = self._before_choice()
        self.regime_refs = [self._regime_names(tests) for tests in settled.regime_tests]
        for knot in self.knots:
            self._resolve(knot)
        if self.cheapest:
            self._wait_for_choice()
        self.order = self._sort()
        self.reaching = [knot for knot in self.knots if knot.outer or knot.gross_outer]
        self.outer_codes = frozenset(self._outer_codes())
        self.asks = frozenset(self._asks())
        self.freight = [k.place for k in self._priced() if k.charge.kind == "freight"]
        dues = [k for k in self._priced() if self.event and k.charge.kind in ("duty", "tax")]
        self.checkout = [k.place for k in dues if k.charge.collected == "checkout"]
        self.border = [k.place for k in dues if k.charge.collected == "border"]

    def _priced(self) -> Iterator[Knot]:
        return (knot for knot in self.knots if not knot.one.included)

    # -- names ----------------------------------------------------------------------------------

    def _resolve(self, knot: Knot) -> None:
        charge, depends, outer = knot.charge, set[int](), []
        for name in knot.one.names:
            ref = self.find(knot.place, name.removeprefix(CODE), as_code=name.startswith(CODE))
            if ref is None:
                outer.append(name)
            else:
                knot.refs[name] = ref
                depends.update(ref.nodes)
        if charge.kind == "amount":  # charges of other files that join this base
            joined = tuple(self._joining.get(charge.code, ()))
            if joined:
                name = f"+{charge.code}"
                knot.charge = replace(charge, base=(*charge.base, BasePart(name)))
                knot.refs[name] = Ref("nodes", name, joined)
                depends.update(joined)
        if charge.gross:
            target = self.find(knot.place, charge.gross_code, rate_only=True)
            if target is None:
                knot.gross_outer = charge.gross_code
            elif target.nodes:
                knot.gross = target.nodes[0]
        if knot.one.regime is not None:
            depends.update(self.choice)
        knot.outer = tuple(outer)
        knot.depends = in_order(depends, knot.place)

    def find(
        self, place: int, name: str, *, rate_only: bool = False, as_code: bool = False
    ) -> Ref | None:
        """Return what a name means to a charge in its own step, None when others must tell.

        Args:
            place: who asks; -1 is a regime or a card.
            name: an input, a sum, or a charge's code.
            rate_only: the charge is wanted for its rate, so it may be the asking one.
            as_code: never a sum, also where a sum has that name.
        """
        if name in EVENT_SUMS and self.event and not rate_only and not as_code:
            return Ref("sum", name, self._event_sum(place, name))
        regime = self.knots[place].one.regime if place >= 0 else None
        own = self.codes.get(name)
        if own is not None and len(own) == 1 and (rate_only or name not in SUMS):
            return Ref("nodes", name, (own[0],))
        if own:
            same = [i for i in own if self.knots[i].one.regime == regime]
            shared = [i for i in own if self.knots[i].one.regime is None]
            chosen = same or (shared if regime is not None else own)
            if rate_only or place not in chosen or name not in SUMS:
                return Ref("nodes", name, tuple(chosen or own))
        if name in self.settled.pruned:
            return Ref("nodes", name)
        if name in INPUTS:
            return Ref("input", name)
        if name in ("freight", "freight_to_border") and not self._priced_freight:
            return Ref("input", "freight")
        if name in EVENT_SUMS:
            return Ref("sum", name, self._event_sum(place, name))
        return None

    def _event_sum(self, place: int, name: str) -> tuple[int, ...]:
        asking = self.knots[place].one if place >= 0 else None
        above = asking is not None and asking.charge.kind == name
        regime = asking.regime if asking is not None else None
        return tuple(
            other.place
            for other in self.knots
            if other.charge.kind == name
            and other.place != place
            and not (above and other.place > place)
            and (regime is None or other.one.regime in (None, regime))
        )

    def _before_choice(self) -> tuple[int, ...]:
        """Return the charges that must be worked out before a regime can be chosen."""
        names = {
            name.removeprefix(CODE)
            for tests in self.settled.regime_tests
            for name in test_names((*tests[0], *tests[1]) if tests else ())
        }
        return tuple(
            sorted(
                index
                for name in names
                for index in self.codes.get(name, ())
                if self.knots[index].one.regime is None
            )
        )

    def _regime_names(self, tests: tuple[Tests, Tests] | None) -> dict[str, Ref | None]:
        names = test_names((*tests[0], *tests[1])) if tests else ()
        return {
            name: self.find(-1, name.removeprefix(CODE), as_code=name.startswith(CODE))
            for name in names
        }

    def _wait_for_choice(self) -> None:
        """Let readers outside wait for all regimes where the cheapest is kept."""
        inside = {knot.place for knot in self.knots if knot.one.regime is not None}
        for knot in self.knots:
            if knot.place not in inside and inside.intersection(knot.depends):
                knot.depends = tuple(sorted(inside.union(knot.depends)))

    def _sort(self) -> list[int]:
        """Return the charges in an order in which none reads a later one of its own step."""
        return sorted_by_need([knot.depends for knot in self.knots], lambda circle: None)

    def _outer_codes(self) -> Iterator[str]:
        for knot in self.knots:
            yield from (name.removeprefix(CODE) for name in knot.outer)
            if knot.gross_outer:
                yield knot.gross_outer
        for refs in self.regime_refs:
            yield from (name.removeprefix(CODE) for name, ref in refs.items() if ref is None)

    def _asks(self) -> Iterator[str]:
        """Yield the codes of which somebody here tests whether they applied."""
        for knot in self.knots:
            yield from (n.removeprefix(CODE) for n in knot.one.names if n.startswith(CODE))
        for refs in self.regime_refs:
            yield from (name.removeprefix(CODE) for name in refs)

    # -- what routes share ----------------------------------------------------------------------

    def binding(self, found: frozenset[str], asked: frozenset[str]) -> Binding:
        """Return what is shared between routes.

        Args:
            found: outer names that other steps of the route explain.
            asked: codes of which somebody tests whether they applied.
        """
        known = self._bindings.get((found, asked))
        if known is None:
            known = self._bindings[found, asked] = Binder(self, found, asked).bind()
        return known

    # -- joining a route ------------------------------------------------------------------------

    def placed(
        self, number: int, offset: int, found: frozenset[str], asked: frozenset[str]
    ) -> list[Node]:
        """Return the charges as nodes of a route, those that only the route explains unfinished.

        Args:
            number: of the step in the route.
            offset: index of its first charge.
            found: outer names that other steps of the route explain.
            asked: codes of which somebody tests whether they applied.
        """
        key = (number, offset, found, asked)
        known = self._placed.get(key)
        if known is None:
            binding = self.binding(found, asked)
            known = self._placed[key] = [
                self._node(knot, number, offset, binding, asked) for knot in self.knots
            ]
        return known

    def _node(
        self, knot: Knot, number: int, offset: int, binding: Binding, asked: frozenset[str]
    ) -> Node:
        one = knot.one
        return Node(
            index=offset + knot.place,
            step=number,
            charge=knot.charge,
            currency=one.currency,
            regime=one.regime,
            level=one.level,
            refs={name: moved(ref, offset) for name, ref in knot.refs.items()},
            gross_node=None if knot.gross is None else knot.gross + offset,
            depends=tuple([place + offset for place in knot.depends]),
            included=one.included,
            asked=knot.charge.code in asked,
            key=binding.keys[knot.place],
            mask_key=binding.masks[knot.place],
        )


def moved(ref: Ref, offset: int) -> Ref:
    """Return a reference by places as one by nodes of a route."""
    if not ref.nodes or not offset:
        return ref
    return Ref(ref.kind, ref.name, tuple([place + offset for place in ref.nodes]))
