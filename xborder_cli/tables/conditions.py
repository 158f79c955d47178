"""Mappings of conditions to tests: docs/tables.md, section 4."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xborder_cli.core.rule import Dated, Limit, Test
from xborder_cli.tables.dated import dated
from xborder_cli.tables.node import Mapping, Node, Text
from xborder_cli.tables.terms import parse_limit
from xborder_cli.units import Unreadable

if TYPE_CHECKING:
    from xborder_cli.tables.reader import Reader

KNOWN_BEFORE = (
    "channel", "mode", "transport", "incoterm", "buyer", "scheme", "from", "to", "region", "area",
    "option", "claim", "platform", "payment", "category", "paid_in", "seller",
)  # fmt: skip
LINE_NAMES = ("hs", "origin", "goods", "trait", "claim")
ABOUT_LINES = ("line", "every", "some")
ABOUT_CODES = ("applied", "exempted", "due")
FIXED = {
    "transport": ("air", "sea", "rail", "road", "none"),
    "incoterm": ("DAP", "DDP"),
    "buyer": ("consumer", "business", "private"),
    "seller": ("registered",),
}
OPERATORS = ("over", "at least", "up to", "under")
_NUMERIC = re.compile(r"(over|at least|up to|under)\s+(.+)")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def read_tests(reader: Reader, node: Node | None, *, in_line: bool = False) -> tuple[Test, ...]:
    """Return the tests of a mapping of conditions, all of which must hold."""
    if node is None:
        return ()
    mapping = reader.mapping(node, "a condition")
    if mapping is None:
        return ()
    tests: list[Test] = []
    for key, value in mapping:
        tests.extend(_tests(reader, key, value, in_line=in_line))
    return tuple(tests)


def _tests(reader: Reader, key: Text, value: Node, *, in_line: bool) -> list[Test]:
    name = key.text
    if name == "any":
        groups = tuple(
            read_tests(reader, item, in_line=in_line) for item in reader.items(value, "any")
        )
        return [Test("any", groups=groups)]
    if name in ABOUT_LINES:
        if in_line:
            reader.report("bad-condition", key, f'"{name}" stands inside another one', "")
            return []
        return [Test(name, tests=read_tests(reader, value, in_line=True))]
    if name in ABOUT_CODES:
        return [Test(name, values=reader.texts(value))]
    if not _NAME.fullmatch(name):
        reader.report("bad-condition", key, f'"{name}" is not a name', "names are lower case")
        return []
    texts = reader.text_nodes(value)
    if isinstance(value, Mapping) or not texts:
        fix = "write values, or over|at least|up to|under and a limit"
        reader.report("bad-condition", value, f'"{name}" has no value to compare with', fix)
        return []
    if _is_number(texts):
        return _numbers(reader, name, texts, in_line=in_line)
    if [text.text for text in texts] == ["unknown"] and name not in KNOWN_BEFORE:
        return [Test("unknown", name)]
    return _values(reader, name, value, texts, in_line=in_line)


def _is_number(texts: list[Text]) -> bool:
    return any(_NUMERIC.fullmatch(text.text.strip()) for text in texts)


def _numbers(reader: Reader, name: str, texts: list[Text], *, in_line: bool) -> list[Test]:
    tests: list[Test] = []
    for text in texts:
        found = _NUMERIC.fullmatch(text.text.strip())
        if found is None:
            fix = "write over, at least, up to or under before the limit"
            reader.report("bad-condition", text, f'"{text.text}" has no comparison', fix)
            continue
        limit = read_limit(reader, Text(text.page, text.line, text.column, found[2]))
        if limit is None:
            continue
        if in_line and name != "goods" and multiples((Test("number", name, limit=limit),)):
            fix = "compare the line's goods, such as goods: over 2 x table_value"
            what = f'"{name}" of a line is not compared with a multiple'
            reader.report("bad-condition", text, what, fix)
            continue
        tests.append(Test("number", name, op=found[1], limit=limit))
    return tests


def multiples(tests: tuple[Test, ...]) -> bool:
    """Tell whether a condition compares with a multiple of a charge or a measure."""
    return any(
        (test.limit is not None and any(getattr(s.value, "name", "") for s in test.limit.spans))
        or any(multiples(group) for group in test.groups)
        for test in tests
    )


def read_limit(reader: Reader, node: Node) -> Dated | None:
    """Return a dated limit; a plain number without unit is one."""

    def parse(text: str) -> Limit:
        limit = parse_limit(text)
        reader.check_currency(limit.currency, node)
        return limit

    return dated(reader, node, parse)


def read_money(reader: Reader, node: Node) -> Dated | None:
    """Return a dated limit that is money, per unit or flat."""

    def parse(text: str) -> Limit:
        limit = parse_limit(text)
        if not limit.currency:
            fix = "write amount and currency, such as 50 CNY"
            raise Unreadable(f'"{text}" is not an amount of money', fix, "bad-money")
        reader.check_currency(limit.currency, node)
        return limit

    return dated(reader, node, parse)


def _values(
    reader: Reader, name: str, value: Node, texts: list[Text], *, in_line: bool
) -> list[Test]:
    allowed = LINE_NAMES if in_line else KNOWN_BEFORE
    if name not in allowed:
        if not in_line and name in LINE_NAMES:
            fix = f"write line: {{{name}: ...}}, every: or some:"
            reader.report("bad-condition", value, f'"{name}" is about an item line', fix)
        else:
            fix = f"compare a number (over, at least, up to, under), or test {', '.join(allowed)}"
            what = f'"{texts[0].text}" is nothing that "{name}" can be compared with'
            reader.report("bad-condition", texts[0], what, fix)
        return []
    values = tuple(text.text.strip() for text in texts)
    if name in ("from", "to", "origin"):
        places: dict[str, None] = {}
        for text in texts:
            places.update(dict.fromkeys(reader.places([text.text.strip()], text)))
        values = tuple(places)
    elif name == "hs":
        for text in texts:
            if not text.text.strip().isdigit():
                reader.report("bad-hs", text, f'"{text.text}" is not a prefix of HS digits', "")
    elif name in ("mode", "channel"):
        known = reader.world.modes if name == "mode" else reader.world.channels
        if known:
            reader.choices(value, sorted(known))
    elif name in FIXED:
        reader.choices(value, FIXED[name])
    return [Test("is", name, values)]
