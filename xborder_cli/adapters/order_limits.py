"""Numbers that no parcel has: more than whole-number columns are sure to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xborder_cli.core.shipment import MONEY_INPUTS

if TYPE_CHECKING:
    from xborder_cli.adapters.reader import Reader
    from xborder_cli.core.rule import Ratio
    from xborder_cli.core.shipment import Shipment

WEIGHT_MG: Final = 10**12  # 1000 t
SIDE_DMM: Final = 10**7  # 1 km
MONEY: Final = 10**12  # major units
COUNT: Final = 10**9


def judge_limits(shipment: Shipment, reader: Reader) -> None:
    """Note a problem for every number beyond reckoning."""

    def over(name: str, code: str, what: str) -> None:
        reader.problem(name, code, f"{what}: more than xb reckons with", "look at the unit")

    def much(value: Ratio, most: int) -> bool:
        return abs(value[0]) > most * value[1]

    if shipment.weight_mg > WEIGHT_MG:
        over("weight", "bad-weight", "a parcel of more than 1000 t")
    if max(shipment.length_dmm, shipment.width_dmm, shipment.height_dmm) > SIDE_DMM:
        over("size", "bad-size", "a side of more than 1 km")
    if any(much(item.value.amount, MONEY) for item in shipment.items):
        over("value", "bad-value", f"a value above {MONEY}")
    if any(item.quantity > COUNT for item in shipment.items):
        over("quantity", "bad-quantity", f"more than {COUNT} pieces")
    for item in shipment.items:
        if any(much(number, COUNT) for number in item.units.values()):
            over("units", "bad-unit", f"more than {COUNT} of a unit")
        if any(much(number, MONEY) for number in item.parts.values()):
            over("parts", "bad-part", f"a part worth more than {MONEY}")
    amounts = {
        **shipment.counters,
        **{name: money for name in MONEY_INPUTS if (money := getattr(shipment, name)) is not None},
    }
    for name, money in amounts.items():
        if much(money.amount, MONEY):
            over(name, "bad-money", f"an amount above {MONEY}")
    for name in ("lot", "storage_days"):
        if (getattr(shipment, name) or 0) > COUNT:
            over(name, f"bad-{name.replace('_', '-')}", f"a number above {COUNT}")
    for _, money in shipment.fees:
        if much(money.amount, MONEY):
            over("fees", "bad-money", f"a fee above {MONEY}")
