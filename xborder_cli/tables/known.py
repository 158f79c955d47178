"""Names that tables test or take: what a caller may state, and how it is spelt."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Final

from xborder_cli.core.rule import (
    CATEGORY,
    SELLING,
    Charge,
    Goods,
    Lookup,
    Programme,
    Provenance,
    RateCard,
    Term,
    Test,
    ZoneRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xborder_cli.tables.tables import Tables

TESTED: Final = (
    "scheme", "option", "platform", "payment", "category", "area", "region", "claim", "trait",
)  # fmt: skip
ALWAYS: Final = {"scheme": ("none",), "set": ("duty", "vat")}


def known_names(tables: Tables) -> dict[str, tuple[str, ...]]:
    """Return the names that callers may state, sorted, by what they are stated for.

    Keys: scheme, option, platform, payment, category, area, region, claim, trait, assume (unknown
    charges), set (charges and programmes whose rate may be stated) and country (other names, as
    UK=GB). What a platform or a payment goes by are its provider and the ids of its tables.
    """
    found: dict[str, set[str]] = {name: set() for name in (*TESTED, "assume", "set")}
    for name, values in ALWAYS.items():
        found[name].update(values)
    roots = (
        *tables.cards,
        *tables.surcharges,
        *tables.markets.values(),
        *tables.programmes.values(),
        *tables.goods.values(),
    )
    for rule in _rules(roots):
        _note(rule, found)
    found["set"].update(programme for _, programme in tables.programmes)
    for card in tables.cards:
        if card.leg in SELLING:
            found[card.leg].update((card.carrier, card.id))
            found["assume"].add(f"{card.carrier}-fee")  # where no table tells it
            found[CATEGORY].update(row.code for row in card.classes.get(CATEGORY, ()))
    for market in tables.markets.values():
        for span in market.default_scheme.spans if market.default_scheme else ():
            if isinstance(span.value, str):
                found["scheme"].add(span.value)
    found["country"] = {f"{name}={code}" for name, code in tables.other_names.items()}
    return {name: tuple(sorted(values - {""})) for name, values in found.items()}


def _note(rule: object, found: dict[str, set[str]]) -> None:
    match rule:
        case Test(kind="is", name=name, values=values) if name in found:
            found[name].update(values)
        case Test(kind="is", name="traits", values=values):
            found["trait"].update(values)
        case Term(user=user) if user:
            found["assume"].add(user)
        case Charge(code=code, kind=kind) if kind != "amount":
            found["set"].add(code)
        case Lookup(programme=programme):
            found["set"].add(programme)
        case ZoneRow(zone=zone, areas=areas):
            found["area"].update((zone, *areas))
        case RateCard(refuses=traits) | Goods(traits=traits):
            found["trait"].update(traits)


def _rules(roots: tuple[object, ...]) -> Iterator[object]:
    """Yield every rule inside others, each once where it is shared."""
    stack: list[object] = list(roots)
    seen: set[int] = set()
    while stack:
        rule = stack.pop()
        kind: type = type(rule)
        if isinstance(rule, (Provenance, str, int)) or rule is None:
            continue
        if isinstance(rule, Programme):  # hundreds of thousands of rows, with few rates
            stack.extend({id(row.terms): row.terms for row in rule.rows}.values())
            stack.extend({id(row.when): row.when for row in rule.rows}.values())
        elif isinstance(rule, (tuple, list)):
            stack.extend(rule)
        elif isinstance(rule, dict):
            stack.extend(rule.values())
        elif (names := _fields(kind)) and id(rule) not in seen:
            seen.add(id(rule))
            yield rule
            stack.extend([getattr(rule, name) for name in names])


@functools.cache
def _fields(kind: type) -> tuple[str, ...]:
    """Return the names of what a rule holds; none of what is no rule."""
    if not dataclasses.is_dataclass(kind):
        return ()
    return tuple(field.name for field in dataclasses.fields(kind))
