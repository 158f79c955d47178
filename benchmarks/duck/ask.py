"""Three questions to a lane's routes, as queries over `source`: its orders and what tables say.

- `shared`: the best route; all routes side by side, what they share worked out once
- `apart`: the best route; one SELECT a route, UNION ALL, arg_min: as one would write it by hand
- `every`: the total of every route, for comparing answers
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.duck.expr import ZERO, X, add, compare, greatest, least, mul, negate, num, sub
from benchmarks.duck.query import layered
from xborder_cli.core.winners import GAPS_MOST

if TYPE_CHECKING:
    from collections.abc import Callable

    from xborder_cli.core.chains import Chain
    from xborder_cli.core.program import Program

ROUTES = 256  # more than any lane has
SUMS = ("freight", "duty", "tax", "fee", "seller", "buyer", "recoverable")
ANSWERS = (*SUMS, "total", "weight", "incomplete")
Dims = dict[str, list[X]]


@dataclass
class Written:
    """One route of a lane."""

    chain: Chain
    program: Program
    days: tuple[int, int] | None
    sums: dict[str, X]
    chargeable: X
    refused: X
    gaps: X  # charges of which something is not known

    @property
    def incomplete(self) -> X:
        """Whether sums are lower bounds."""
        return compare("<", ZERO, self.gaps)

    def answer(self, name: str) -> X:
        """Return what the route answers under a name."""
        own = {"weight": self.chargeable, "incomplete": self.incomplete}
        return own[name] if name in own else self.sums[name]


def shared(written: list[Written]) -> tuple[str, Dims]:
    """Return the best route of each order, what routes share worked out once."""
    roots: dict[str, X] = {}
    places: dict[str, list[int]] = {}
    for number, one in enumerate(written):
        roots[f"k{number}"] = _key(one, number, written)
        roots[f"ok{number}"] = negate(one.refused)
    for name in ANSWERS:
        values = [one.answer(name) for one in written]
        different = list(dict.fromkeys(values))
        for at, value in enumerate(different):
            roots[f"{name}_{at}"] = value
        places[name] = [different.index(value) for value in values]
    dims: Dims = {}
    sql = layered(roots, dims)
    keys = ", ".join(f"CASE WHEN ok{number} THEN k{number} END" for number in range(len(written)))
    best = f"SELECT *, (least({keys}, NULL) % {ROUTES})::INTEGER AS route FROM ({sql})"
    out = []
    for name in ANSWERS:
        columns = ", ".join(f"{name}_{at}" for at in range(max(places[name]) + 1))
        row = ",".join(str(place + 1) for place in places[name])
        out.append(f"([{columns}])[('[{row}]'::INTEGER[])[route + 1]] AS {name}")
    return f"SELECT no, route, {', '.join(out)}\nFROM ({best})", dims


def apart(written: list[Written]) -> tuple[str, Dims]:
    """Return the best route of each order: one SELECT a route, all of them, the least key."""
    dims: Dims = {}
    parts = []
    for number, one in enumerate(written):
        roots = {name: one.answer(name) for name in ANSWERS}
        roots |= {"k": _key(one, number, written), "ok": negate(one.refused)}
        row = ", ".join(ANSWERS)
        parts.append(
            f"SELECT no, k::HUGEINT AS k, {number} AS route, {row}"
            f" FROM ({layered(roots, dims)}) WHERE ok"
        )
    whole = "\nUNION ALL ".join(parts)
    fields = ", ".join(f"{name} := {name}" for name in ("route", *ANSWERS))
    best = f"SELECT no, arg_min(struct_pack({fields}), k) AS best FROM ({whole}) GROUP BY no"
    taken = ", ".join(f"best.{name} AS {name}" for name in ("route", *ANSWERS))
    return f"SELECT no, {taken} FROM ({best})", dims


def every(written: list[Written]) -> tuple[str, Dims]:
    """Return every route that carries an order, and what it costs."""
    roots: dict[str, X] = {}
    for number, one in enumerate(written):
        roots[f"ok{number}"] = negate(one.refused)
        roots[f"t{number}"] = one.sums["total"]
        roots[f"incomplete{number}"] = one.incomplete
    dims: Dims = {}
    sql = layered(roots, dims)
    parts = [
        f"SELECT no, {number} AS route, t{number} AS total, incomplete{number} AS incomplete"
        f" FROM wide WHERE ok{number}"
        for number in range(len(written))
    ]
    return f", wide AS MATERIALIZED ({sql})\n" + "\nUNION ALL ".join(parts), dims


ASK: dict[str, Callable[[list[Written]], tuple[str, Dims]]] = {
    "shared": shared,
    "apart": apart,
    "every": every,
}


def _key(one: Written, number: int, written: list[Written]) -> X:
    """Return what the best route has least of: gaps, cost, total, then days and name."""
    total, back = one.sums["total"], one.sums["recoverable"]
    plain = all(other.sums["recoverable"] is ZERO for other in written)
    cost = sub(total, back)
    most = 1 << max(_bound(other).bit_length() for other in written)
    if any(x.lo < 0 for other in written for x in other.sums.values()):
        cost, total = add(cost, num(most)), add(total, num(most))  # a key is never below 0
        most *= 2
    key = add(mul(least(one.gaps, num(GAPS_MOST)), num(most)), _below(cost, most))
    if not plain:
        key = add(mul(key, num(most)), _below(total, most))
    return add(mul(key, num(ROUTES)), num(number))


def _below(value: X, most: int) -> X:
    """Return a part of a key, which leaves no bits over for the next."""
    return greatest(least(value, num(most - 1)), ZERO)


def _bound(one: Written) -> int:
    """Return what no total reaches: forty bits are plenty for a parcel."""
    return min(2**40, sum(abs(x.hi) for x in one.sums.values()))
