"""Whole-number expressions that become SQL: folded where constant, shared where equal.

An expression is a constant, a column of a small dimension table (rates by day and currency, what
a tariff says of kinds of goods), or something worked out for every order. Arithmetic between
constants and columns of one dimension is done here, ahead, as one would who fills such a table.
Bounds travel along: a result that fits BIGINT stays BIGINT, others become HUGEINT.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

BIG: Final = 2**63 - 1
HUGE: Final = 2**126


GOODS: Final = ("goods", "price")  # the price is the value of the goods: orders state none


class Unsupported(Exception):  # noqa: N818 - reads as what it is
    """A rule that this translation has no SQL for."""


class X:
    """An expression; equal ones are the same object."""

    __slots__ = ("args", "hi", "lo", "op", "value")

    def __init__(self, op: str, args: tuple[Any, ...], lo: int, hi: int, value: Any = None) -> None:
        self.op, self.args, self.lo, self.hi, self.value = op, args, lo, hi, value

    @property
    def const(self) -> bool:
        """Tell whether it is a plain number."""
        return self.op == "const"

    @property
    def dim(self) -> str:
        """Return the dimension that it is a column of, "" when it is none."""
        return str(self.args[0]) if self.op == "dim" else ""

    def __repr__(self) -> str:
        return f"{self.op}{self.args if self.op != 'dim' else self.args[0]}"


_known: dict[tuple[object, ...], X] = {}


def reset() -> None:
    """Forget all expressions: those of one lane are of no use to the next."""
    _known.clear()
    _known["const", 0, 0] = ZERO
    _known["const", 1, 1] = ONE


def _make(
    op: str,
    args: tuple[Any, ...],
    lo: int,
    hi: int,
    value: Any = None,
    key: tuple[object, ...] = (),
) -> X:
    if max(abs(lo), abs(hi)) > HUGE:
        raise Unsupported(f"{op} leaves 128 bits")
    key = key or (op, *(id(a) if isinstance(a, X) else a for a in args))
    found = _known.get(key)
    if found is None:
        found = _known[key] = X(op, args, lo, hi, value)
    return found


ZERO: Final = X("const", (0,), 0, 0, 0)
ONE: Final = X("const", (1,), 1, 1, 1)
reset()


def num(value: int | bool) -> X:
    """Return a constant; True is 1."""
    value = int(value)
    return _make("const", (value,), value, value, value, ("const", value, value))


def column(name: str, lo: int, hi: int) -> X:
    """Return a column of the orders."""
    return _make("col", (name,), lo, hi)


def dimension(family: str, values: Iterable[int | bool]) -> X:
    """Return a column of a dimension table; a constant where all rows agree."""
    row = tuple(int(v) for v in values)
    if len(set(row)) == 1:
        return num(row[0])
    return _make("dim", (family,), min(row), max(row), row, ("dim", family, row))


def _folded(fn: Callable[..., int], *args: X) -> X | None:
    """Return the result where all are constants, of one dimension, or lists of one lookup."""
    if all(a.op == "const" for a in args):
        return num(fn(*(a.value for a in args)))
    if any(a.op == "take" for a in args):
        return _folded_lists(fn, *args)
    families = {a.args[0] for a in args if a.op == "dim"}
    if len(families) != 1 or any(a.op not in ("const", "dim") for a in args):
        return None
    size = next(len(a.value) for a in args if a.op == "dim")
    rows = zip(*(a.value if a.op == "dim" else (a.value,) * size for a in args), strict=True)
    return dimension(families.pop(), [fn(*row) for row in rows])


def _folded_lists(fn: Callable[..., int], *args: X) -> X | None:
    lists = {(id(a.args[0]), len(a.value)): a for a in args if a.op == "take"}
    if len(lists) != 1 or any(a.op not in ("const", "take") for a in args):
        return None
    like = next(iter(lists.values()))
    size = len(like.value)
    rows = zip(*(a.value if a.op == "take" else (a.value,) * size for a in args), strict=True)
    return take([fn(*row) for row in rows], like.args[0])


# -- numbers ----------------------------------------------------------------------------------


def add(a: X, b: X) -> X:
    """Return a + b."""
    if a is ZERO:
        return b
    if b is ZERO:
        return a
    folded = _folded(lambda x, y: x + y, a, b)
    return folded or _make("+", _sorted(a, b), a.lo + b.lo, a.hi + b.hi)


def sub(a: X, b: X) -> X:
    """Return a - b."""
    if b is ZERO:
        return a
    folded = _folded(lambda x, y: x - y, a, b)
    return folded or _make("-", (a, b), a.lo - b.hi, a.hi - b.lo)


def mul(a: X, b: X) -> X:
    """Return a * b."""
    if a is ZERO or b is ZERO:
        return ZERO
    if a is ONE:
        return b
    if b is ONE:
        return a
    folded = _folded(lambda x, y: x * y, a, b)
    ends = [p * q for p in (a.lo, a.hi) for q in (b.lo, b.hi)]
    return folded or _make("*", _sorted(a, b), min(ends), max(ends))


def _sorted(a: X, b: X) -> tuple[X, X]:
    return (a, b) if id(a) <= id(b) else (b, a)


def _half_up(a: int, b: int) -> int:
    size = (abs(a) + b // 2) // b
    return size if a >= 0 else -size


def half_up(a: X, b: X) -> X:
    """Return a / b rounded half away from zero; b above 0."""
    if b is ONE or a is ZERO:
        return a
    folded = _folded(_half_up, a, b)
    least = max(1, b.lo)
    return folded or _make(
        "half_up",
        (a, b),
        min(0, _half_up(a.lo, least)),
        max(0, _half_up(a.hi, least)),
    )


def _ceil(a: int, b: int) -> int:
    return -(-abs(a) // b) * (1 if a >= 0 else -1)


def ceil_div(a: X, b: X) -> X:
    """Return a / b rounded away from zero; b above 0."""
    if b is ONE or a is ZERO:
        return a
    folded = _folded(_ceil, a, b)
    least = max(1, b.lo)
    return folded or _make("ceil", (a, b), min(0, _ceil(a.lo, least)), max(0, _ceil(a.hi, least)))


def _floor(a: int, b: int) -> int:
    return abs(a) // b * (1 if a >= 0 else -1)


def floor_div(a: X, b: X) -> X:
    """Return a / b rounded toward zero; b above 0."""
    if b is ONE or a is ZERO:
        return a
    folded = _folded(_floor, a, b)
    least = max(1, b.lo)
    return folded or _make(
        "floor", (a, b), min(0, _floor(a.lo, least)), max(0, _floor(a.hi, least))
    )


def greatest(a: X, b: X) -> X:
    """Return the larger."""
    if a is b or a.lo >= b.hi:
        return a
    if b.lo >= a.hi:
        return b
    return _folded(max, a, b) or _make("greatest", _sorted(a, b), max(a.lo, b.lo), max(a.hi, b.hi))


def least(a: X, b: X) -> X:
    """Return the smaller."""
    if a is b or a.hi <= b.lo:
        return a
    if b.hi <= a.lo:
        return b
    return _folded(min, a, b) or _make("least", _sorted(a, b), min(a.lo, b.lo), min(a.hi, b.hi))


def above(a: X, b: X) -> X:
    """Return max(0, a - b)."""
    return greatest(sub(a, b), ZERO)


def choose(mask: X, a: X, b: X) -> X:
    """Return a where the mask holds, else b."""
    if mask is ONE or a is b:
        return a
    if mask is ZERO:
        return b
    folded = _folded(lambda m, x, y: x if m else y, mask, a, b)
    return folded or _make("case", (mask, a, b), min(a.lo, b.lo), max(a.hi, b.hi))


def masked(a: X, mask: X) -> X:
    """Return a where the mask holds, else 0."""
    return choose(mask, a, ZERO)


def take(values: Iterable[int | bool], index: X) -> X:
    """Return values[index]; an index that is looked up itself is looked through."""
    row = tuple(int(v) for v in values)
    if len(set(row)) == 1:
        return num(row[0])
    folded = _folded(lambda i: row[i], index)
    if folded is not None:
        return folded
    return _make("take", (index,), min(row), max(row), row, ("take", id(index), row))


# -- truth: 1 and 0 ---------------------------------------------------------------------------


def compare(op: str, a: X, b: X) -> X:
    """Return where a op b: <, <=, =."""
    if (op == "<" and a.lo >= b.hi) or (op == "<=" and a.lo > b.hi):
        return ZERO
    if (op == "<" and a.hi < b.lo) or (op == "<=" and a.hi <= b.lo):
        return ONE
    if op == "=" and (a.hi < b.lo or a.lo > b.hi):
        return ZERO
    tests = {"<": int.__lt__, "<=": int.__le__, "=": int.__eq__}
    folded = _folded(lambda x, y: int(tests[op](x, y)), a, b)
    if folded is not None:
        return folded
    return _make(op, (a, b), 0, 1)


def both(a: X, b: X) -> X:
    """Return a and b."""
    if a is ZERO or b is ZERO:
        return ZERO
    if a is ONE or a is b:
        return b
    if b is ONE:
        return a
    return _folded(lambda x, y: x and y, a, b) or _make("and", _sorted(a, b), 0, 1)


def either(a: X, b: X) -> X:
    """Return a or b."""
    if a is ONE or b is ONE:
        return ONE
    if a is ZERO or a is b:
        return b
    if b is ZERO:
        return a
    return _folded(lambda x, y: x or y, a, b) or _make("or", _sorted(a, b), 0, 1)


def negate(a: X) -> X:
    """Return not a."""
    if a.op == "not":
        inner: X = a.args[0]
        return inner
    return _folded(lambda x: 1 - x, a) or _make("not", (a,), 0, 1)
