"""The `weight` and `measures` of a rate card: how a chargeable weight is made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xborder_cli.core.rule import Ratio, WeightFloor, WeightRule
from xborder_cli.tables.conditions import read_tests
from xborder_cli.tables.node import Listing, Mapping, Node
from xborder_cli.units import (
    VOLUME_DMM3,
    WEIGHT_MG,
    Unreadable,
    half_up,
    over,
    parse_decimal,
    parse_length_dmm,
    parse_quantity,
    parse_ratio,
    times,
)

if TYPE_CHECKING:
    from xborder_cli.tables.reader import Reader

KEYS = (
    "divisor", "density", "when", "sides_up_to", "volumetric_up_to", "blend", "at_least", "unit",
    "round_up_to", "of",
)  # fmt: skip
_DENSITY = re.compile(r"(\S+)\s*([a-z]\w*)\s*/\s*([a-z]\w*)")


def read_weight(reader: Reader, item: Node | None) -> WeightRule | None:
    """Return the rule of a weight block, None when there is none."""
    node = reader.mapping(item, "weight", KEYS)
    if node is None:
        return None
    of = reader.choice(node.get("of"), ("cbm",))
    unit = reader.choice(node.get("unit"), ("kg", "lb"), "kg")
    divisor: Ratio | None = None
    for key in ("divisor", "density"):
        value = node.get(key)
        if value is not None:
            text = reader.text(value)
            divisor = reader.attempt(value, lambda text=text: _cm3_per_kg(text))  # type: ignore[misc]
    if "divisor" in node.entries and "density" in node.entries:
        reader.report("bad-weight-rule", node, "divisor and density say the same thing", "keep one")
    weigh = _Scale(divisor if of else None, unit)
    sides_node, step_node = node.get("sides_up_to"), node.get("volumetric_up_to")
    sides = (
        reader.attempt(node, lambda: parse_length_dmm(reader.text(sides_node))) if sides_node else 0
    )
    step: Ratio | None = (0, 1)
    if step_node is not None:
        step = reader.attempt(step_node, lambda: weigh.units(reader.text(step_node)))
    blend_node = node.get("blend")
    blend: Ratio | None = (1, 1)
    if blend_node is not None:
        blend = reader.attempt(blend_node, lambda: parse_ratio(reader.text(blend_node)))
    return WeightRule(
        divisor=divisor,
        when=read_tests(reader, node.get("when")),
        sides_up_to=sides or 0,
        volumetric_up_to=step or (0, 1),
        blend=blend or (1, 1),
        at_least=_floors(reader, node.get("at_least"), weigh),
        unit=unit,
        round_up_to=_steps(reader, node.get("round_up_to"), weigh),
        of=of,
        provenance=reader.sourced(node).provenance,
    )


class _Scale:
    """Turns quantities of a rule into mg, or into the rule's unit; a volume by its density."""

    def __init__(self, cm3_per_kg: Ratio | None, unit: str) -> None:
        self.cm3_per_kg = cm3_per_kg
        self.unit = unit

    def exact_mg(self, text: str) -> Ratio:
        """Return milligrams, not rounded."""
        number, unit = parse_quantity(text, "weight", "0.5 kg")
        if unit in WEIGHT_MG:
            return times(number, WEIGHT_MG[unit])
        if self.cm3_per_kg is not None and unit in VOLUME_DMM3:
            cm3 = over(times(number, VOLUME_DMM3[unit]), VOLUME_DMM3["cm3"])
            return times(over(cm3, self.cm3_per_kg), WEIGHT_MG["kg"])
        raise Unreadable(f'"{text}" is not a weight', "write it like 0.5 kg")

    def mg(self, text: str) -> int:
        """Return whole milligrams."""
        return half_up(*self.exact_mg(text))

    def units(self, text: str) -> Ratio:
        """Return the quantity in the rule's unit, above 0."""
        found = over(self.exact_mg(text), WEIGHT_MG[self.unit])
        if found[0] <= 0:
            raise Unreadable(f'"{text}" is no step', "a step is above 0")
        return found


def _cm3_per_kg(text: str) -> Ratio:
    found = _DENSITY.fullmatch(text)
    fix = "write 5000 cm3/kg, 139 in3/lb or 167 kg/cbm"
    if found is None:
        raise Unreadable(f'"{text}" is neither a divisor nor a density', fix)
    number, above, below = parse_decimal(found[1]), found[2], found[3]
    if number[0] <= 0:
        raise Unreadable(f'"{text}" must be above 0', fix)
    if above in VOLUME_DMM3 and below in WEIGHT_MG:
        volume, weight = times(number, VOLUME_DMM3[above]), WEIGHT_MG[below]
    elif above in WEIGHT_MG and below in VOLUME_DMM3:
        volume, weight = VOLUME_DMM3[below], times(number, WEIGHT_MG[above])
    else:
        raise Unreadable(f'"{text}" is neither a divisor nor a density', fix)
    return over(over(volume, VOLUME_DMM3["cm3"]), over(weight, WEIGHT_MG["kg"]))


def _floors(reader: Reader, node: Node | None, weigh: _Scale) -> tuple[WeightFloor, ...]:
    if node is None:
        return ()
    found: list[WeightFloor] = []
    for item in node.items if isinstance(node, Listing) else [node]:
        amount: Node | None = item
        when: Node | None = None
        if isinstance(item, Mapping):
            reader.mapping(item, "at_least", ("amount", "when"))
            if not reader.require(item, "at_least", "amount"):
                continue
            amount, when = item.get("amount"), item.get("when")
        assert amount is not None
        text = reader.text(amount)
        weight = reader.attempt(amount, lambda text=text: weigh.mg(text))  # type: ignore[misc]
        if weight is not None:
            found.append(WeightFloor(weight, read_tests(reader, when)))
    return tuple(found)


def _steps(
    reader: Reader, node: Node | None, weigh: _Scale
) -> tuple[tuple[Ratio | None, Ratio], ...]:
    if node is None:
        return ()
    if not isinstance(node, Listing):
        text = reader.text(node)
        step = reader.attempt(node, lambda: weigh.units(text))
        return () if step is None else ((None, step),)
    found: list[tuple[Ratio | None, Ratio]] = []
    for item in node.items:
        pair = [reader.text(part) for part in item.items] if isinstance(item, Listing) else []
        if len(pair) != 2:
            fix = "write [[20 kg, 0.5 kg], [open, 1 kg]]"
            reader.report("bad-weight-rule", item, "a step is a limit and a step", fix)
            continue
        upper: Ratio | None = None
        if pair[0] not in ("open", "null"):
            upper = reader.attempt(item, lambda pair=pair: weigh.units(pair[0]))  # type: ignore[misc]
        step = reader.attempt(item, lambda pair=pair: weigh.units(pair[1]))  # type: ignore[misc]
        if step is None:
            continue
        if found and (last := found[-1][0]) is not None and upper is not None:
            if upper[0] * last[1] <= last[0] * upper[1]:
                what = "the limits of the steps do not rise"
                reader.report("bad-weight-rule", item, what, "put them in order")
        elif found and found[-1][0] is None:
            what = "no weight reaches this step, the one before it has no end"
            reader.report("bad-weight-rule", item, what, "put the open step last")
        found.append((upper, step))
    return tuple(found)
