"""A route being written down: what its charges read of each other while they become SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from benchmarks.duck.expr import GOODS, ONE, ZERO, X, add, either, half_up, mul, num
from xborder_cli.core.parcels import GROUP, PARCEL

if TYPE_CHECKING:
    from benchmarks.duck.lane import Lane
    from benchmarks.duck.lookup import Found
    from xborder_cli.core.program import Program
    from xborder_cli.core.rule import Lookup, RateCard
    from xborder_cli.core.step import Node, Ref, StepSpec

# what routes of a lane share: what a lookup finds by the tariffs that it reads
Shelf: TypeAlias = "dict[tuple[Lookup, tuple[str, ...]], Found]"


@dataclass(frozen=True, slots=True)
class Frac:
    """An amount over a divisor: not rounded yet."""

    top: X
    bottom: X = ONE

    def rounded(self) -> X:
        """Return whole minor units, half up."""
        return half_up(self.top, self.bottom)


NOTHING = Frac(ZERO)


def frac_add(a: Frac, b: Frac) -> Frac:
    """Return a + b exactly."""
    if a.top is ZERO:
        return b
    if b.top is ZERO:
        return a
    if a.bottom is b.bottom:
        return Frac(add(a.top, b.top), a.bottom)
    return Frac(add(mul(a.top, b.bottom), mul(b.top, a.bottom)), mul(a.bottom, b.bottom))


def frac_times(a: Frac, top: int, bottom: int) -> Frac:
    """Return a * top / bottom exactly."""
    return a if top == bottom else Frac(mul(a.top, num(top)), mul(a.bottom, num(bottom)))


@dataclass(slots=True)
class Amount:
    """A charge written down; orders have one item line, so that all scopes have the same rows."""

    level: int
    lot: bool
    currency: str
    onward: Frac = NOTHING
    total: X = ZERO
    summed_onward: bool = False
    applied: X = ZERO
    exempted: X = ZERO
    live: X = ZERO
    gap: X = ZERO
    group_by: tuple[str, ...] = ()
    included: bool = False


class Route:
    """One chain of cards and events for all orders of a lane."""

    def __init__(self, lane: Lane, program: Program, shelf: Shelf) -> None:
        """Begin with nothing worked out; `shelf` keeps what routes of the lane share."""
        self.lane = lane
        self.program = program
        self.shelf = shelf
        self.amounts: list[Amount | None] = [None] * len(program.nodes)
        self.refused: X = ZERO
        self.chosen: dict[tuple[int, int], X] = {}
        self.card: RateCard | None = None  # whose classes are being told apart

    def refuse(self, mask: X) -> None:
        """Keep orders out of this route."""
        self.refused = either(self.refused, mask)

    def step_of(self, node: Node) -> StepSpec:
        """Return the step of a node."""
        return self.program.steps[node.step]

    @property
    def lot(self) -> X:
        """How many parcels travel together."""
        return num(self.lane.book.default_lot)

    def read(self, ref: Ref, node: Node, level: int, lot: bool) -> Frac:
        """Return what a name stands for, in the reader's currency."""
        if ref.kind == "input":
            return Frac(self.money_input(ref.name, node.currency, lot))
        total = NOTHING
        for index in ref.nodes:
            amount = self.amounts[index]
            if amount is None or amount.included:
                continue
            if amount.onward.top is ZERO and amount.total is ZERO:
                continue
            total = frac_add(total, self._amount(amount, level, lot, node, ref.kind == "sum"))
        return total

    def _amount(self, amount: Amount, level: int, lot: bool, node: Node, paid: bool) -> Frac:
        alike = level == amount.level and (
            level != GROUP or amount.group_by == node.charge.group_by
        )
        if alike:
            value = Frac(amount.total) if paid and level == PARCEL else amount.onward
        elif level == PARCEL:
            value = amount.onward if amount.summed_onward and not paid else Frac(amount.total)
        elif amount.level == PARCEL:
            value = Frac(amount.onward.rounded())
        else:
            value = amount.onward
        if amount.lot and not lot:
            value = Frac(half_up(value.top, mul(value.bottom, self.lot)))
        elif lot and not amount.lot:
            value = Frac(mul(value.top, self.lot), value.bottom)
        if amount.currency != node.currency:
            value = Frac(self.lane.convert(value.rounded(), amount.currency, node.currency))
        return value

    def money_input(self, name: str, currency: str, lot: bool) -> X:
        """Return the value of the goods, which is the price too; orders state nothing else."""
        if name not in GOODS:
            return ZERO
        minor = self.lane.order("minor")
        if lot:
            minor = mul(minor, self.lot)
        return self.lane.convert(minor, "", currency)
