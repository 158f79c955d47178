"""What a name in a condition is worth as it was declared, before anything is converted.

A customs value of 40 USD of goods and 10 USD of freight is 50 USD, whatever the rounded parts come
to in the currency of the market: a limit of 50 USD looks at the parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.core.columns import Mask, Num, add, both, is_zero, masked, negate
from xborder_cli.core.parcels import PARCEL, Codes, MoneyColumn
from xborder_cli.core.step import ASKED, NO_PRICE, Ref

if TYPE_CHECKING:
    from xborder_cli.core.rule import Charge, Test
    from xborder_cli.core.run import Run
    from xborder_cli.core.step import Node

PART_OF_LINES = frozenset({"line", "applied", "exempted"})  # tests that differ by item line


def declared(run: Run, name: str, node: Node | None, lot: bool) -> list[MoneyColumn]:
    """Return the amounts that a name stands for, each by parcel and in its own currency.

    Args:
        run: what was worked out so far.
        name: an input, a kept sum or the code of a charge.
        node: who asks; None before any charge.
        lot: whether the whole lot is meant.
    """
    found: list[MoneyColumn] = []
    _gather(run, name, node, lot, True, found)
    same: dict[str, Num] = {}
    for column in found:
        currency = column.currency.one
        if currency is None:
            return found
        same[currency] = add(same[currency], column.minor) if currency in same else column.minor
    return [MoneyColumn(minor, Codes((currency,))) for currency, minor in same.items()]


def _gather(
    run: Run, name: str, node: Node | None, lot: bool, within: Mask, found: list[MoneyColumn]
) -> None:
    step = run.step_of(node) if node else None
    if name == "goods" and step and step.value != "goods" and step.value in run.parcels.inputs:
        name = step.value
    ref = node.refs.get(name) if node else None
    if ref is None or ref.kind == "input" or node is None:
        found.append(_stated(run, ref.name if ref else name, node, lot, within))
        return
    for index in ref.nodes:
        amount = run.amounts[index]
        if amount is None or amount.included:
            continue
        child = run.program.nodes[index]
        if is_sum(child.charge) and not amount.lot:
            for part in child.charge.base:
                _gather(run, part.name, child, lot, both(within, amount.live), found)
        else:
            value = run.read(Ref(ref.kind, name, (index,)), child, PARCEL, lot).rounded()
            if not is_zero(value):
                found.append(MoneyColumn(masked(value, within), Codes((child.currency,))))


def _stated(run: Run, name: str, node: Node | None, lot: bool, within: Mask) -> MoneyColumn:
    parcels = run.parcels
    if name in parcels.line_parts and node is not None:  # stated by line, some lines not at all
        value = run.money_input(name, node, PARCEL, lot)
        return MoneyColumn(masked(value, within), Codes((node.currency,)))
    if name == "price" and name not in parcels.inputs:
        run.note(True, NO_PRICE)
        name = "goods"
    column = parcels.goods if name == "goods" else parcels.inputs.get(name)
    if column is None:
        if name in ASKED:
            run.note_unstated(name)
        return MoneyColumn(Num(0, 0), Codes((parcels.goods.currency.names[0],)))
    if name in parcels.unstated and name in ASKED:
        run.note_unstated(name, negate(parcels.states(name)))
    column = run.lotted(column, lot, by_line=False)
    return MoneyColumn(masked(column.minor, within), column.currency)


def is_sum(charge: Charge) -> bool:
    """Tell whether a charge only adds up its bases, so that nothing of its own is rounded.

    >>> from xborder_cli.tables.load import parse_charges
    >>> texts = "{code: a, kind: amount, base: [goods]}", "{code: b, kind: fee, rate: 2 EUR}"
    >>> [is_sum(charge) for charge in parse_charges(f"[{', '.join(texts)}]", "EUR")]
    [True, False]
    """
    own = (charge.rate, charge.base_less, charge.low, charge.high, charge.times, charge.waive)
    rounded = (charge.round_base, charge.round_each, charge.round_onward, charge.round_total)
    return (
        charge.kind == "amount"
        and bool(charge.base)
        and not any((*own, *rounded, charge.less, charge.gross))
        and all(part.factor == (1, 1) for part in charge.base)
        and not any(map(_by_line, (*charge.when, *charge.unless)))
    )


def _by_line(test: Test) -> bool:
    own = test.kind in PART_OF_LINES or (test.kind == "is" and test.name == "claim")
    return own or any(map(_by_line, sum(test.groups, ())))
