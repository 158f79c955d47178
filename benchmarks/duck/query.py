"""Expressions as one SELECT: what is used more than once becomes a column of an inner query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.duck.expr import BIG, X

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

TRUTHS = frozenset({"<", "<=", "=", "and", "or", "not"})
SIGNS = {"+": "+", "-": "-", "*": "*", "<": "<", "<=": "<=", "=": "="}
SAID = ("ok", "incomplete")  # how names of answers begin that are true or false
LONGEST = 4000  # characters of an expression that is written in place
ALIAS = {"fx": "f", "goods": "g", "post": "p"}


def truth(x: X) -> bool:
    """Tell whether an expression is written as a boolean."""
    if x.op in TRUTHS:
        return True
    if x.op in ("dim", "take", "const"):
        return x.lo >= 0 and x.hi <= 1
    return x.op == "case" and truth(x.args[1]) and truth(x.args[2])


def huge(x: X) -> bool:
    """Tell whether an expression leaves BIGINT."""
    return x.hi > BIG or x.lo < -BIG


def operands(x: X) -> tuple[X, ...]:
    """Return what an expression is made of."""
    return () if x.op in ("const", "col", "dim") else x.args


def in_order(roots: Iterable[X]) -> list[X]:
    """Return all expressions that some need, each after what it is made of."""
    done: dict[int, X] = {}
    for root in roots:
        stack = [(root, False)]
        while stack:
            x, ready = stack.pop()
            if id(x) in done:
                continue
            if ready:
                done[id(x)] = x
            else:
                stack.append((x, True))
                stack.extend((a, False) for a in operands(x) if id(a) not in done)
    return list(done.values())


def layered(roots: dict[str, X], dims: dict[str, list[X]]) -> str:
    """Return a query of the roots by name over `source`; add what it reads to `dims`."""
    order = in_order(roots.values())
    uses: dict[int, int] = {id(x): 1 for x in roots.values()}
    for x in order:
        for a in operands(x):
            uses[id(a)] = uses.get(id(a), 0) + 1
    names: dict[int, str] = {}
    texts: dict[int, str] = {}
    layer: dict[int, int] = {}  # of the columns made; leaves are 0
    needs: dict[int, set[int]] = {}  # columns that a text reads
    columns: dict[int, X] = {}
    for x in order:
        if x.op == "col":
            names[id(x)], layer[id(x)], columns[id(x)] = x.args[0], 0, x
        elif x.op == "dim":
            row = dims.setdefault(x.args[0], [])
            if x not in row:
                row.append(x)
            names[id(x)] = f"{ALIAS[x.args[0]]}{row.index(x)}"
            layer[id(x)], columns[id(x)] = 0, x
        else:
            texts[id(x)] = _text(x, names, texts)
            read = set()
            for a in operands(x):
                read |= {id(a)} if id(a) in names else needs.get(id(a), set())
            needs[id(x)] = read
            if x.op == "const":
                continue
            if uses[id(x)] > 1 or len(texts[id(x)]) > LONGEST:
                names[id(x)] = f"x{len(columns)}"
                layer[id(x)] = 1 + max((layer[r] for r in read), default=0)
                columns[id(x)] = x
    return _written(roots, names, texts, layer, needs, columns)


def _written(
    roots: dict[str, X],
    names: dict[int, str],
    texts: dict[int, str],
    layer: dict[int, int],
    needs: dict[int, set[int]],
    columns: dict[int, X],
) -> str:
    top = 1 + max(layer.values(), default=0)
    last: dict[int, int] = {}  # the last layer that reads a column
    for key in columns:
        for r in needs.get(key, ()):
            last[r] = max(last.get(r, 0), layer[key])
    for x in roots.values():
        for r in {id(x)} if id(x) in names else needs.get(id(x), set()):
            last[r] = top
    by_layer: dict[int, list[int]] = {}
    for key in columns:
        if key in last:
            by_layer.setdefault(layer[key], []).append(key)
    sql = "source"
    kept = list(by_layer.get(0, ()))
    for number in range(1, top):
        fresh = by_layer.get(number, [])
        if not fresh:
            continue
        kept = [key for key in kept if last[key] >= number]
        passed = [names[key] for key in kept if last[key] > number]
        made = [f"{texts[key]} AS {names[key]}" for key in fresh]
        through = ", ".join(["no", *passed])
        sql = f"(SELECT {through},\n  " + ",\n  ".join(made) + f"\nFROM {sql})"
        kept = [key for key in kept if last[key] > number] + fresh
    out = [f"{_root(name, x, names, texts)} AS {name}" for name, x in roots.items()]
    return "SELECT no,\n  " + ",\n  ".join(out) + f"\nFROM {sql}"


def _root(name: str, x: X, names: dict[int, str], texts: dict[int, str]) -> str:
    """Return an expression as the query answers it: truth where its name says so, else a number."""
    text = names.get(id(x)) or texts[id(x)]
    wanted = name.startswith(SAID)
    if wanted == truth(x):
        return text
    return f"({text} <> 0)" if wanted else f"({text})::BIGINT"


def _text(x: X, names: dict[int, str], texts: dict[int, str]) -> str:
    """Return an expression in SQL."""

    def raw(a: X) -> str:
        return names.get(id(a)) or texts[id(a)]

    def number(a: X) -> str:
        text = raw(a)
        if a.op == "const":
            text = str(a.value)
        elif truth(a):
            text = f"({text})::BIGINT"
        return f"{text}::HUGEINT" if wide and not huge(a) else text

    def yes(a: X) -> str:
        return raw(a) if truth(a) else f"({raw(a)} <> 0)"

    def value(a: X) -> str:
        return yes(a) if truth(x) else number(a)

    wide = huge(x) or any(huge(a) for a in operands(x) if x.op not in ("case",))
    if x.op == "case":
        wide = huge(x)
    match x.op:
        case "const":
            return ("true" if x.value else "false") if truth(x) else str(x.value)
        case "+" | "-" | "*" | "<" | "<=" | "=":
            return f"({number(x.args[0])} {SIGNS[x.op]} {number(x.args[1])})"
        case "greatest" | "least":
            return f"{x.op}({number(x.args[0])}, {number(x.args[1])})"
        case "and":
            return f"({yes(x.args[0])} AND {yes(x.args[1])})"
        case "or":
            return f"({yes(x.args[0])} OR {yes(x.args[1])})"
        case "not":
            return f"(NOT {yes(x.args[0])})"
        case "case":
            mask, a, b = x.args
            return f"CASE WHEN {yes(mask)} THEN {value(a)} ELSE {value(b)} END"
        case "take":
            items = ("false", "true") if truth(x) else None
            row = ",".join(items[v] if items else str(v) for v in x.value)
            kind = "BOOLEAN" if items else "BIGINT"
            return f"('[{row}]'::{kind}[])[{number(x.args[0])} + 1]"
    return _divided(x, number, wide)


def _divided(x: X, number: Callable[[X], str], wide: bool) -> str:
    """Return a division; the whole numbers of SQL are cut toward zero."""
    a, b = x.args
    top, bottom = number(a), number(b)
    half = str(b.value // 2) if b.op == "const" else f"({bottom} // 2)"
    less = str(b.value - 1) if b.op == "const" else f"({bottom} - 1)"
    if x.op == "half_up":
        text = f"({top} + {half}) // {bottom}"
        if a.lo < 0:
            text = f"CASE WHEN {top} < 0 THEN -((-{top} + {half}) // {bottom}) ELSE {text} END"
    elif x.op == "ceil":
        text = f"({top} + {less}) // {bottom}"
        if a.lo < 0:
            text = f"CASE WHEN {top} < 0 THEN -((-{top} + {less}) // {bottom}) ELSE {text} END"
    else:
        text = f"{top} // {bottom}"
    if a.hi + (b.hi if b.op != "const" else b.value) > BIG and not wide:
        return f"({text})"
    return f"({text})::BIGINT" if wide and not huge(x) else f"({text})"
