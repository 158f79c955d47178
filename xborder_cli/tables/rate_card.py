"""Tables of kind rate_card and surcharge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.core.rule import ClassRow, LimitRule, RateCard, Surcharge, WeightRule
from xborder_cli.tables.charges import read_charges
from xborder_cli.tables.conditions import read_tests
from xborder_cli.tables.node import Listing, Mapping, Node
from xborder_cli.tables.weight_rule import read_weight
from xborder_cli.tables.zones import read_assumed, read_destinations, read_transit, read_zones

if TYPE_CHECKING:
    from xborder_cli.tables.reader import Reader

TRANSPORTS = ("air", "sea", "rail", "road", "none")
INCLUDED = ("duty", "tax", "fee", "last_mile")


def read_rate_card(reader: Reader, node: Mapping) -> RateCard | None:
    """Return one issue of a service's tariff, None when it has no identity."""
    identity, carrier = reader.text(node.get("id")), reader.text(node.get("carrier"))
    if not identity or "from" not in node.entries:
        return None
    zone_of = reader.choice(node.get("zone_of"), ("destination", "origin", "lane"), "destination")
    zones = read_zones(reader, node.get("zones"), zone_of)
    if "to" in node.entries and "zones" in node.entries:
        what = "a card with zones serves their countries, so its list of destinations is not read"
        reader.report("bad-zones", node.entries["to"], what, "keep zones or to")
    card = RateCard(
        id=identity,
        carrier=carrier,
        carrier_name=reader.text(node.get("carrier_name"), carrier),
        service=reader.text(node.get("service")),
        modes=_known(reader, node.get("modes"), reader.world.modes, "mode"),
        leg="".join(_known(reader, node.get("leg"), reader.world.legs, "leg")[:1]),
        transport=reader.choice(node.get("transport"), TRANSPORTS, "none"),
        origins=_countries(reader, node.get("origins")),
        currency=reader.currency,
        provenance=reader.provenance,
        since=reader.since,
        until=reader.day(node.get("until")),
        expected_until=reader.day(node.get("expected_until")),
        site=reader.text(node.get("site")),
        site_name=reader.text(node.get("site_name")),
        channel="".join(_known(reader, node.get("channel"), reader.world.channels, "channel")[:1]),
        incoterms=reader.choices(node.get("incoterms"), ("DAP", "DDP")) or ("DAP",),
        transit_days=read_transit(
            reader, reader.text(node.get("transit_days")), node.get("transit_days") or node
        ),
        weight=read_weight(reader, node.get("weight")),
        measures=_measures(reader, node.get("measures")),
        classes=_classes(reader, node.get("classes")),
        zones=zones or read_destinations(reader, node.get("to")),
        zone_of=zone_of,
        assumed_zones=read_assumed(reader, node.get("assumed_zones")),
        limits=_limits(reader, node.get("limits")),
        refuses=reader.texts(node.get("refuses")),
        only=read_tests(reader, node.get("only")),
        includes=reader.choices(node.get("includes"), INCLUDED),
        allow_fall=reader.allow_fall,
        charges=read_charges(reader, node.get("charges")),
        note=reader.text(node.get("note")),
    )
    if card.until is not None and card.until < card.since:
        what = "the card ends before it begins"
        reader.report("dates-order", node.entries["until"], what, "mend from or until")
    return card


def read_surcharge(reader: Reader, node: Mapping) -> Surcharge | None:
    """Return charges that join the cards of a carrier."""
    identity = reader.text(node.get("id"))
    if not identity:
        return None
    return Surcharge(
        id=identity,
        carrier=reader.text(node.get("carrier")),
        applies_to=reader.texts(node.get("applies_to")),
        currency=reader.currency,
        provenance=reader.provenance,
        charges=read_charges(reader, node.get("charges")),
    )


def _known(reader: Reader, node: Node | None, known: frozenset[str], what: str) -> tuple[str, ...]:
    found = reader.text_nodes(node)
    for text in found:
        if known and text.text.strip() not in known:
            fix = f"write one of {', '.join(sorted(known))}, or add it to a table of kind: modes"
            reader.report(f"unknown-{what}", text, f'"{text.text}" is not a {what}', fix)
    return tuple(text.text.strip() for text in found)


def _countries(reader: Reader, node: Node | None) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for text in reader.text_nodes(node):
        found.update(dict.fromkeys(reader.places([text.text.strip()], text)))
    return tuple(found)


def _measures(reader: Reader, item: Node | None) -> dict[str, WeightRule]:
    node = reader.mapping(item, "measures")
    if node is None:
        return {}
    found = {key.text: read_weight(reader, value) for key, value in node}
    return {name: rule for name, rule in found.items() if rule is not None}


def _classes(reader: Reader, item: Node | None) -> dict[str, tuple[ClassRow, ...]]:
    node = reader.mapping(item, "classes")
    found: dict[str, tuple[ClassRow, ...]] = {}
    for key, value in node or ():
        rows: list[ClassRow] = []
        for entry in reader.items(value, "a class list"):
            row = reader.mapping(entry, "a class")
            for code, tests in row or ():
                rows.append(ClassRow(code.text, read_tests(reader, tests)))
        for place, one in enumerate(rows[:-1]):
            if not one.tests:
                what = f'"{one.code}" lets everything in, so the classes after it are never reached'
                reader.report("unreachable-class", value, what, "put it last")
            if one.code in [other.code for other in rows[place + 1 :]]:
                reader.report("duplicate-code", value, f'the class "{one.code}" stands twice', "")
        found[key.text] = tuple(rows)
    return found


def _limits(reader: Reader, node: Node | None) -> tuple[LimitRule, ...]:
    if node is None:
        return ()
    rules: list[LimitRule] = []
    for item in node.items if isinstance(node, Listing) else [node]:
        mapping = reader.mapping(item, "a limit")
        if mapping is None:
            continue
        names = [name for name in mapping.entries if name != "when"]
        entries = {name: mapping.entries[name] for name in names}
        keys = {name: mapping.keys[name] for name in names}
        what_holds = Mapping(mapping.page, mapping.line, mapping.column, entries, keys)
        when = read_tests(reader, mapping.get("when"))
        reader.columns[reader.provenance.table, mapping.line] = mapping.column
        rules.append(LimitRule(read_tests(reader, what_holds), when, mapping.line))
    return tuple(rules)
