"""How a rate card weighs, in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xborder_cli.core.wording import number
from xborder_cli.units import length_text, over, times, weight_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xborder_cli.core.rule import Ratio, WeightRule
    from xborder_cli.rules.words import Vocabulary

IN3_IN_CM3 = (16387064, 1000000)
LB_IN_KG = (45359237, 100000000)
MG_IN_100_LB = 45359237
DMM_IN_INCH = 254  # tenths of a millimetre
CM3_IN_CBM = (1000000, 1)
OZ_IN_LB = (16, 1)
_VOLUME = re.compile(r"(\d+)/(\d+) cbm\b")


def weight_words(rule: WeightRule | None, words: Vocabulary) -> str:
    """Return what is charged for as weight.

    >>> from xborder_cli.core.rule import WeightRule
    >>> from xborder_cli.rules.words import Vocabulary
    >>> half = WeightRule(divisor=(5000, 1), round_up_to=((None, (1, 2)),))
    >>> weight_words(half, Vocabulary())
    'the larger of actual weight and volume at 5000 cm3/kg, rounded up to 0.5 kg'
    >>> weight_words(None, Vocabulary())
    'the actual weight'
    """
    if rule is None:
        return "the actual weight"
    text = "; ".join((", ".join((_larger(rule), *_steps(rule))), *_conditions(rule, words)))
    return _VOLUME.sub(_volume, text)


def _volume(found: re.Match[str]) -> str:
    """Return a volume that no decimal of a cubic metre is, in cubic inches where it is whole."""
    inches = over(times((int(found[1]), int(found[2])), CM3_IN_CBM), IN3_IN_CM3)
    return f"{inches[0]} in3" if inches[1] == 1 else found[0]


def divisor_words(cm3_per_kg: Ratio) -> str:
    """Return a divisor in the unit in which it is a round number.

    >>> divisor_words((5000, 1)), divisor_words((227780189600, 45359237))
    ('5000 cm3/kg', '139 in3/lb')
    >>> divisor_words((1000000, 167))
    '167 kg/cbm'
    """
    if cm3_per_kg[1] == 1:
        return f"{cm3_per_kg[0]} cm3/kg"
    inches = over(times(cm3_per_kg, LB_IN_KG), IN3_IN_CM3)
    if inches[1] == 1:
        return f"{inches[0]} in3/lb"
    density = over(CM3_IN_CBM, cm3_per_kg)
    return f"{number(density)} kg/cbm" if density[1] == 1 else f"{number(cm3_per_kg)} cm3/kg"


def _larger(rule: WeightRule) -> str:
    if rule.of == "cbm":
        at = f", {divisor_words(rule.divisor)}" if rule.divisor else ""
        return f"the larger of volume and weight counted as volume{at}"
    if rule.divisor is None:
        return "the actual weight"
    text = f"volume at {divisor_words(rule.divisor)}"
    if rule.sides_up_to:
        text += f" (each side rounded up to {_length(rule)})"
    if rule.volumetric_up_to[0]:
        text += f" (rounded up to {number(rule.volumetric_up_to)} {rule.unit})"
    if rule.blend != (1, 1):
        return (
            f"the actual weight, or where volume is more, {number(rule.blend)} of the way to {text}"
        )
    return f"the larger of actual weight and {text}"


def _length(rule: WeightRule) -> str:
    """Return the step of the sides, in inches where the carrier counts in pounds."""
    inches, rest = divmod(rule.sides_up_to, DMM_IN_INCH)
    if rule.unit == "lb" and not rest:
        return f"{inches} in"
    return f"{length_text(rule.sides_up_to)} cm"


def _weight(milligrams: int, unit: str) -> str:
    """Return a weight in the unit of the rule, where it is a round number of it."""
    pounds, rest = divmod(milligrams * 100 + MG_IN_100_LB // 2, MG_IN_100_LB)
    if unit == "lb" and abs(rest - MG_IN_100_LB // 2) <= 100:  # kept as whole milligrams
        return f"{pounds} lb"
    return f"{weight_text(milligrams)} kg"


def _steps(rule: WeightRule) -> Iterator[str]:
    for upper, step in rule.round_up_to:
        end = f" up to {number(upper)} {rule.unit}" if upper else ""
        beyond = " above" if upper is None and len(rule.round_up_to) > 1 else ""
        if rule.unit == "lb" and (upper is None or upper[0] < upper[1]) and step[0] < step[1]:
            unit = f"{number(times(step, OZ_IN_LB))} oz"
            end = f" up to {number(times(upper, OZ_IN_LB))} oz" if upper else ""
        elif (
            rule.unit == "kg" and step[0] * 1000 < step[1] * 100 and (step[0] * 1000) % step[1] == 0
        ):
            unit = f"{step[0] * 1000 // step[1]} g"
        else:
            unit = f"{number(step)} {rule.unit}"
        yield f"rounded up to {unit}{end}{beyond}"


def _conditions(rule: WeightRule, words: Vocabulary) -> Iterator[str]:
    for floor in rule.at_least:
        when = f" where {words.all_of(floor.when)}" if floor.when else ""
        yield f"at least {_weight(floor.amount, rule.unit)}{when}"
    if rule.when:
        yield f"volume counts only where {words.all_of(rule.when)}"
