"""Tables of kind market: a member's part merged over its union's, then read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from xborder_cli.core.rule import Charge, ChargeSet, Dated, FxRule, Market, Programme, Regime
from xborder_cli.tables.charges import read_charge
from xborder_cli.tables.conditions import read_tests
from xborder_cli.tables.dated import Named, dated, text_spans
from xborder_cli.tables.node import Mapping, Node, Text
from xborder_cli.tables.programme import read_lookup
from xborder_cli.tables.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

EVENTS = ("entry", "sale", "export")
_SET_KEYS = ("select", "charges", "regimes")
_REGIME_KEYS = (
    "id", "name", "when", "unless", "charges", "refuse", "from", "until", "source", "checked",
    "confidence", "drop",
)  # fmt: skip
_FX_KEYS = ("source", "day", "quote")
_FX_DAYS = ("order", "entry", "export", "previous_trading_day", "month")

Part = tuple[Reader, Mapping]  # a charge or regime, and the reader of the file it stands in


@dataclass(slots=True)
class _Event:
    """The charges and regimes of an event by code and id, not yet read."""

    select: str = "first"
    charges: dict[str, Part] = field(default_factory=dict)
    regimes: dict[str, Part] = field(default_factory=dict)


@dataclass(slots=True)
class _Draft:
    """A market with its union's part, not yet read."""

    values: dict[str, Named] = field(default_factory=dict)
    lookups: dict[str, tuple[Reader, Text, Node]] = field(default_factory=dict)
    events: dict[str, _Event] = field(default_factory=dict)
    fx: FxRule = field(default_factory=FxRule)
    default_scheme: tuple[Reader, Node] | None = None
    tariff: str = ""
    first_day: int = 0
    notes: tuple[str, ...] = ()
    compare: tuple[str, ...] = ()


class Markets:
    """Reads all markets of a set of tables; a union is read for each of its members."""

    def __init__(self, parts: dict[str, tuple[Reader, Mapping]]) -> None:
        """Keep the market tables by id."""
        self.parts = parts
        self.unions = {
            value.text.strip()
            for _, node in parts.values()
            if isinstance(value := node.get("extends"), Text)
        }
        self._drafts: dict[str, _Draft] = {}
        self._programmes: dict[tuple[str, str, str], Programme] = {}

    def read(self) -> Iterator[tuple[Market, list[Programme]]]:
        """Return each market and the programmes of its lookups; unions are left out."""
        for identity, (reader, node) in self.parts.items():
            draft = self._draft(identity, ())
            market = self._market(identity, reader, node, draft)
            programmes = [self._lookup(identity, name, draft) for name in draft.lookups]
            if identity not in self.unions:
                reader.places([identity], node.entries["id"])
                yield market, programmes

    def _draft(self, identity: str, path: tuple[str, ...]) -> _Draft:
        if identity in self._drafts:
            return self._drafts[identity]
        reader, node = self.parts[identity]
        parent = node.get("extends")
        draft = _Draft()
        if parent is not None:
            name = reader.text(parent)
            if name in (*path, identity):
                circle = " -> ".join((*path, identity, name))
                what = f"markets extend each other in a circle: {circle}"
                reader.report("cycle", parent, what, "let one of them extend none")
            elif name not in self.parts:
                fix = "write the id of a table of kind: market"
                reader.report("unknown-market", parent, f'no market is "{name}"', fix)
            else:
                draft = _copy(self._draft(name, (*path, identity)))
        _overlay(reader, node, draft)
        self._drafts[identity] = draft
        return draft

    def _market(self, identity: str, reader: Reader, node: Mapping, draft: _Draft) -> Market:
        lenient = identity in self.unions
        sets = {
            name: _charge_set(event, draft.values, lenient) for name, event in draft.events.items()
        }
        scheme: Dated | None = None
        if draft.default_scheme is not None:
            own, value = draft.default_scheme
            scheme = dated(replace(own, named=draft.values, lenient_names=lenient), value, str)
        return Market(
            id=identity,
            name=reader.text(node.get("name")),
            currency=reader.currency,
            tariff=draft.tariff or identity,
            provenance=reader.provenance,
            extends=reader.text(node.get("extends")),
            fx=draft.fx,
            default_scheme=scheme,
            first_day=draft.first_day,
            notes=draft.notes,
            compare=draft.compare,
            **sets,
        )

    def _lookup(self, identity: str, name: str, draft: _Draft) -> Programme:
        """Return a lookup; one that members share with their union is read once."""
        reader, key, node = draft.lookups[name]
        place = (key.page.path, str(key.line), name)
        if place not in self._programmes:
            self._programmes[place] = read_lookup(reader, identity, key, node)
        return replace(self._programmes[place], tariff=identity)


def _copy(draft: _Draft) -> _Draft:
    events = {
        name: _Event(event.select, dict(event.charges), dict(event.regimes))
        for name, event in draft.events.items()
    }
    return replace(draft, values=dict(draft.values), lookups=dict(draft.lookups), events=events)


def _overlay(reader: Reader, node: Mapping, draft: _Draft) -> None:
    for key, value in reader.mapping(node.get("values"), "values") or ():
        own = replace(reader, provenance=replace(reader.provenance, line=key.line))
        draft.values[key.text] = Named(key.text, text_spans(own, value))
    for key, value in reader.mapping(node.get("lookups"), "lookups") or ():
        draft.lookups[key.text] = (reader, key, value)
    if "tariff" in node.entries:
        draft.tariff = reader.text(node.get("tariff"))
    if "from" in node.entries:
        draft.first_day = reader.since
    if (scheme := node.get("default_scheme")) is not None:
        draft.default_scheme = (reader, scheme)
    draft.notes = (*draft.notes, *reader.texts(node.get("notes")))
    draft.compare = _channels(reader, node.get("compare")) or draft.compare
    fx = reader.mapping(node.get("fx"), "fx", _FX_KEYS)
    if fx is not None:
        draft.fx = FxRule(
            source=reader.text(fx.get("source")),
            day=reader.choice(fx.get("day"), _FX_DAYS, "order"),
            quote=reader.choice(fx.get("quote"), ("per_foreign", "per_local"), "per_foreign"),
        )
    for name in EVENTS:
        found = reader.mapping(node.get(name), name, _SET_KEYS)
        if found is not None:
            _overlay_event(reader, found, draft.events.setdefault(name, _Event()))


def _channels(reader: Reader, node: Node | None) -> tuple[str, ...]:
    known = tuple(sorted(reader.world.channels))
    return reader.choices(node, known) if known else reader.texts(node)


def _overlay_event(reader: Reader, node: Mapping, event: _Event) -> None:
    if "select" in node.entries:
        event.select = reader.choice(node.get("select"), ("first", "cheapest"), "first")
    for what, key, into in (("a charge", "code", event.charges), ("a regime", "id", event.regimes)):
        own: dict[str, Part] = {}
        for item in reader.items(node.get(f"{what[2:]}s"), f"{what[2:]}s"):
            part = reader.mapping(item, what)
            if part is None or not reader.require(part, what, key):
                continue
            name = reader.text(part.get(key))
            if name in own:
                fix = "rename one, or put both into one"
                reader.report("duplicate-code", part, f'"{name}" stands twice in this list', fix)
            elif "drop" in part.entries and reader.flag(part.get("drop")):
                if name not in into:
                    what_to = f'the union has no "{name}" to drop'
                    reader.report("bad-drop", part, what_to, "leave the line out")
                into.pop(name, None)
            else:
                own[name] = (reader, part)
        into.update(own)


def _charge_set(event: _Event, values: dict[str, Named], lenient: bool) -> ChargeSet:
    charges = _charges(event.charges.values(), values, lenient)
    regimes: list[Regime] = []
    for own, node in event.regimes.values():
        regime = _regime(replace(own, named=values, lenient_names=lenient), node)
        if regime is not None:
            regimes.append(regime)
    return ChargeSet(charges, tuple(regimes), event.select)


def read_set(reader: Reader, node: Node | None, values: Node | None = None) -> ChargeSet:
    """Return the charges and regimes of one event that stands alone; `values` are for `$name`."""
    draft = _Draft()
    for key, value in reader.mapping(values, "values") or ():
        draft.values[key.text] = Named(key.text, text_spans(reader, value))
    event = _Event()
    found = reader.mapping(node, "an event", _SET_KEYS)
    if found is not None:
        _overlay_event(reader, found, event)
    return _charge_set(event, draft.values, lenient=False)


def _charges(parts: Iterable[Part], values: dict[str, Named], lenient: bool) -> tuple[Charge, ...]:
    found: list[Charge] = []
    for own, node in parts:
        charge = read_charge(replace(own, named=values, lenient_names=lenient), node)
        if charge is not None:
            found.append(charge)
    return tuple(found)


def _regime(outer: Reader, node: Mapping) -> Regime | None:
    outer.mapping(node, "a regime", _REGIME_KEYS)
    reader = outer.sourced(node)
    reader.columns[reader.provenance.table, node.line] = node.column
    if ("charges" in node.entries) == ("refuse" in node.entries):
        fix = "add charges: [...], or refuse: and the reason"
        reader.report("bad-regime", node, "a regime either charges or refuses", fix)
    own: dict[str, Part] = {}
    for item in reader.items(node.get("charges"), "charges"):
        part = reader.mapping(item, "a charge")
        if part is None or not reader.require(part, "a charge", "code"):
            continue
        code = reader.text(part.get("code"))
        if code in own:
            what = f'"{code}" stands twice in this list'
            reader.report("duplicate-code", part, what, "rename one, or put both into one")
        own.setdefault(code, (reader, part))
    return Regime(
        id=reader.text(node.get("id")),
        provenance=reader.provenance,
        when=read_tests(reader, node.get("when")),
        unless=read_tests(reader, node.get("unless")),
        charges=_charges(own.values(), reader.named, reader.lenient_names),
        refuse=reader.text(node.get("refuse")),
        name=reader.text(node.get("name")),
        since=reader.day(node.get("from"), 0) or 0,
        until=reader.day(node.get("until")),
    )
