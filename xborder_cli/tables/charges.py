"""Nodes of charges to rules: docs/tables.md, sections 2 and 3."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xborder_cli.core.rule import (
    STAY,
    BasePart,
    Charge,
    Dated,
    Limit,
    Lookup,
    Rate,
    Ratio,
    Rounding,
    Terms,
)
from xborder_cli.tables.bands import read_bands
from xborder_cli.tables.conditions import read_money, read_tests
from xborder_cli.tables.dated import dated
from xborder_cli.tables.node import Listing, Mapping, Node, Text
from xborder_cli.tables.terms import currencies_of, parse_limit, parse_rounding, parse_terms
from xborder_cli.tables.terms import user_terms as make_user_terms
from xborder_cli.units import Unreadable, parse_ratio

if TYPE_CHECKING:
    from xborder_cli.tables.reader import Reader

KEYS = (
    "code", "kind", "name", "payer", "collected", "scope", "group_by", "when", "unless", "base",
    "base_less", "gross", "rate", "less", "min", "max", "times", "round", "waive", "joins",
    "spread", "recoverable_by", "set_by", "day", "from", "until", "source", "checked", "confidence",
    "drop",
)  # fmt: skip
CHARGE_KINDS = ("freight", "duty", "tax", "fee", "amount")
_CODE = re.compile(r"[a-z][a-z0-9_]*")
_BASE = re.compile(r"(?:(.+?)\s+x\s+)?([a-z][a-z0-9_]*)")
_GROSS = re.compile(r"(up|down)\s+([a-z][a-z0-9_]*)")
_WAIVE = re.compile(r"(up to|under)\s+(.+)")
_ROUND_KEYS = ("base", "each", "onward", "total")


def read_charges(reader: Reader, node: Node | None) -> tuple[Charge, ...]:
    """Return the charges of a list; a code that stands twice is a fault."""
    found: dict[str, Charge] = {}
    for item in reader.items(node, "charges"):
        charge = read_charge(reader, item)
        if charge is None:
            continue
        if charge.code in found:
            what = f'"{charge.code}" stands twice in this list'
            reader.report("duplicate-code", item, what, "rename one, or put both into one charge")
            continue
        found[charge.code] = charge
    return tuple(found.values())


def read_charge(outer: Reader, item: Node) -> Charge | None:
    """Return one charge, None when it has no code; every fault in it is noted."""
    node = outer.mapping(item, "a charge", KEYS)
    if node is None or not outer.require(node, "a charge", "code", "kind"):
        return None
    reader = outer.sourced(node)
    reader.columns[reader.provenance.table, node.line] = node.column
    code = reader.text(node.get("code"))
    if not _CODE.fullmatch(code):
        reader.report("bad-code", node.entries["code"], f'"{code}" is not a code', "use a-z 0-9 _")
        return None
    rounds = _rounds(reader, node.get("round"))
    gross, gross_code = _gross(reader, node.get("gross"))
    waive, waive_limit = _waive(reader, node.get("waive"))
    base_less, fill_items = _base_less(reader, node.get("base_less"))
    charge = Charge(
        code=code,
        kind=reader.choice(node.get("kind"), CHARGE_KINDS, "fee"),
        provenance=reader.provenance,
        name=reader.text(node.get("name")),
        payer=reader.choice(node.get("payer"), ("seller", "buyer", "importer")),
        collected=reader.choice(node.get("collected"), ("border", "checkout", "return"), "border"),
        scope=reader.choice(node.get("scope"), ("parcel", "line", "group", "lot"), "parcel"),
        group_by=reader.choices(node.get("group_by"), ("hs6", "hs", "origin")),
        when=read_tests(reader, node.get("when")),
        unless=read_tests(reader, node.get("unless")),
        base=_base(reader, node.get("base")),
        base_less=base_less,
        fill_items=fill_items,
        gross=gross,
        gross_code=gross_code,
        rate=read_rate(reader, node.get("rate")),
        less=_less(reader, node.get("less")),
        low=_terms(reader, node.get("min")),
        high=_terms(reader, node.get("max")),
        times=_times(reader, node.get("times")),
        round_base=rounds["base"],
        round_each=rounds["each"],
        round_onward=rounds["onward"],
        round_total=rounds["total"],
        waive=waive,
        waive_limit=waive_limit,
        joins=reader.texts(node.get("joins")),
        spread=reader.choice(node.get("spread"), ("value", "weight", "items", "equal"), "value"),
        recoverable_by=reader.choices(
            node.get("recoverable_by"), ("business", "registered_seller")
        ),
        set_by=reader.choice(node.get("set_by"), ("duty", "vat")),
        day=reader.choice(node.get("day"), (STAY,)),
        since=reader.day(node.get("from"), 0) or 0,
        until=reader.day(node.get("until")),
    )
    _check_whole(reader, node, charge)
    return charge


def read_rate(reader: Reader, node: Node | None) -> Rate | None:
    """Return a rate: terms with or without days, bands, or a lookup."""
    if node is None:
        return None
    if isinstance(node, Mapping):
        if node.entries.keys() & {"bands", "grid", "rows"}:
            return read_bands(reader, node)
        if node.entries.keys() & {"lookup", "pick", "least"}:
            return _lookup(reader, node)
    return _terms(reader, node)


def _terms(reader: Reader, node: Node | None) -> Dated | None:
    if node is None:
        return None

    def parse(text: str) -> Terms:
        terms = parse_terms(text)
        for code in currencies_of(terms):
            reader.check_currency(code, node)
        return terms

    return dated(reader, node, parse, lambda inner: _user(reader, inner))


def _user(reader: Reader, node: Node) -> Terms | None:
    """Return the terms of a charge without public figure."""
    if not isinstance(node, Mapping) or "user" not in node.entries:
        fix = "write TERMS, days, {user: ...}, {bands: ...}, {lookup: ...} or {pick: [...]}"
        reader.report("bad-rate", node, "this is not a rate", fix)
        return None
    keys = ("user", "unit", "words", "source", "checked", "confidence", "note")
    reader.mapping(node, "a charge without public figure", keys)
    if not reader.require(node, "a charge without public figure", "unit"):
        return None
    unit = node.entries["unit"]
    name, mark = reader.text(node.get("user")), reader.text(unit)
    words = reader.text(node.get("words"))
    return reader.attempt(unit, lambda: make_user_terms(name, mark, words))


def _lookup(reader: Reader, node: Node) -> Lookup | None:
    if isinstance(node, Text):
        return Lookup(reader.text(node))
    mapping = reader.mapping(node, "a lookup", ("lookup", "pick", "least", "by"))
    if mapping is None:
        return None
    choices: dict[str, tuple[Lookup, ...]] = {}
    for key in ("pick", "least"):
        parts = [_lookup(reader, item) for item in reader.items(mapping.get(key), key)]
        choices[key] = tuple(part for part in parts if part is not None)
    name = reader.text(mapping.get("lookup"))
    if bool(name) + bool(choices["pick"]) + bool(choices["least"]) != 1:
        fix = "write one of {lookup: NAME}, {pick: [...]}, {least: [...]}"
        reader.report("bad-lookup", node, "a lookup names one programme or one choice", fix)
        return None
    return Lookup(name, choices["pick"], choices["least"], reader.texts(mapping.get("by")))


def _base(reader: Reader, node: Node | None) -> tuple[BasePart, ...]:
    parts: list[BasePart] = []
    for item in reader.text_nodes(node):
        part = reader.attempt(item, lambda text=item.text: _base_part(text))  # type: ignore[misc]
        if part is not None:
            parts.append(part)
    return tuple(parts)


def _base_part(text: str) -> BasePart:
    found = _BASE.fullmatch(text.strip())
    if found is None:
        fix = "write a name, or a factor and a name: 1.1 x customs_value"
        raise Unreadable(f'"{text}" is not a part of a base', fix, "bad-base")
    return BasePart(found[2], parse_ratio(found[1]) if found[1] else (1, 1))


def _base_less(reader: Reader, node: Node | None) -> tuple[Dated | None, bool]:
    if node is None:
        return None, False
    fill = False
    amount: Node | None = node
    if isinstance(node, Mapping) and node.entries.keys() & {"amount", "fill"}:
        reader.mapping(node, "base_less", ("amount", "fill"))
        fill = reader.choice(node.get("fill"), ("items",)) == "items"
        amount = node.get("amount")
        if amount is None:
            reader.require(node, "base_less", "amount")
            return None, fill
    assert amount is not None
    if isinstance(amount, Text) and _CODE.fullmatch(amount.text.strip()):
        return dated(reader, amount, lambda text: Limit((1, 1), name=text)), fill
    return read_money(reader, amount), fill


def _less(reader: Reader, node: Node | None) -> tuple[Dated | str, ...]:
    if node is None:
        return ()
    found: list[Dated | str] = []
    for item in node.items if isinstance(node, Listing) else [node]:
        if isinstance(item, Text) and _CODE.fullmatch(item.text.strip()):
            found.append(item.text.strip())
        elif (money := read_money(reader, item)) is not None:
            found.append(money)
    return tuple(found)


def _times(reader: Reader, node: Node | None) -> Dated | None:
    def parse(text: str) -> Ratio | str:
        return text if _CODE.fullmatch(text) else parse_ratio(text)

    return None if node is None else dated(reader, node, parse)


def _gross(reader: Reader, node: Node | None) -> tuple[str, str]:
    if node is None:
        return "", ""
    text = reader.text(node)
    found = _GROSS.fullmatch(text)
    if found is None:
        reader.report(
            "bad-gross", node, f'"{text}" is not a gross-up', "write up CODE or down CODE"
        )
        return "", ""
    return found[1], found[2]


def _waive(reader: Reader, node: Node | None) -> tuple[str, Dated | None]:
    if node is None:
        return "", None
    how: set[str] = set()

    def parse(text: str) -> Limit:
        found = _WAIVE.fullmatch(text)
        limit = parse_limit(found[2]) if found else None
        if found is None or limit is None or not limit.currency:
            fix = "write up to 50 CNY, or under 50 CNY"
            raise Unreadable(f'"{text}" does not say what is waived', fix, "bad-waive")
        how.add(found[1])
        reader.check_currency(limit.currency, node)
        return limit

    limits = dated(reader, node, parse)
    if len(how) > 1:
        what = "one waiver says both up to and under"
        reader.report("bad-waive", node, what, "split the charge by from and until")
    return (min(how), limits) if how else ("", None)


def _rounds(reader: Reader, node: Node | None) -> dict[str, Rounding | None]:
    found: dict[str, Rounding | None] = dict.fromkeys(_ROUND_KEYS)
    if node is None:
        return found
    parts: dict[str, Node] = {"each": node}
    if isinstance(node, Mapping):
        reader.mapping(node, "round", _ROUND_KEYS)
        parts = {key: value for key, value in node.entries.items() if key in _ROUND_KEYS}
    for key, value in parts.items():
        text = reader.text(value)
        found[key] = reader.attempt(
            value,
            lambda text=text: parse_rounding(text, reader.currency),  # type: ignore[misc]
        )
    each = found["each"]
    if each is not None and each.how == "exact" and found["total"] is None:
        what = "rows that stay exact need a rounding of their sum"
        reader.report("bad-rounding", node, what, "add total: half up to ...")
    return found


def _check_whole(reader: Reader, node: Mapping, charge: Charge) -> None:
    """Note what fits no charge although each field alone is well formed."""
    if charge.until is not None and charge.until < charge.since:
        what = "the charge ends before it begins"
        reader.report("dates-order", node.entries["until"], what, "mend from or until")
    if charge.rate is None and not charge.base and not charge.joins and "rate" not in node.entries:
        what = f'"{charge.code}" has neither a base nor a rate'
        reader.report("empty-charge", node, what, "add base: [...] or rate: ...")
    if charge.scope == "group" and not charge.group_by:
        fix = "add group_by: [hs6]"
        reader.report("missing-key", node, "scope: group does not say by what", fix)
    if charge.group_by and charge.scope != "group":
        what = "group_by is read with scope: group only"
        reader.report("bad-scope", node.entries["group_by"], what, "add scope: group")
    if charge.day and (charge.scope in ("line", "group") or not _counts_days(charge)):
        what = f'"{charge.code}" has no rate by the day, of the parcel or its lot'
        fix = "write dated rates such as 0.90 USD / cbm day, or leave day out"
        reader.report("bad-scope", node.entries["day"], what, fix)
    if "drop" in node.entries:
        what = "drop is for charges of a union that the market extends"
        reader.report("bad-drop", node.entries["drop"], what, "leave the charge out")


def _counts_days(charge: Charge) -> bool:
    """Tell whether a charge has plain dated rates that all count days."""
    rates = [span.value for span in charge.rate.spans] if isinstance(charge.rate, Dated) else []
    terms = [one for one in rates if isinstance(one, Terms)]
    return bool(terms) and all(
        part.user or any(unit in ("day", "days") for unit in part.units)
        for one in terms
        for part in one.parts
    )
