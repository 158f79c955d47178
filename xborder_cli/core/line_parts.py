"""What a charge whose rate is looked up by goods is worked out from, in all and item by item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.core.answer import LinePart
from xborder_cli.core.duty import look_up
from xborder_cli.core.found_rows import choices_of_lines, rows_of_lines
from xborder_cli.core.frac import Frac
from xborder_cli.core.parcels import PARCEL
from xborder_cli.core.quantities import Quantities
from xborder_cli.core.wording import exact_text, number, terms_text, with_bounds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.core.columns import BoolColumn, Num
    from xborder_cli.core.rule import Lookup, Terms
    from xborder_cli.core.run import Run
    from xborder_cli.core.step import Node
    from xborder_cli.core.tariff_line import Choice
    from xborder_cli.core.tile import Amount


def line_parts(run: Run, node: Node, lookup: Lookup, amount: Amount) -> tuple[LinePart, ...]:
    """Return what the lines of the one parcel add, in their order.

    Lines that add nothing are left out, unless their rate is not known. A parcel of one line has
    no parts: the charge itself says it all.
    """
    parcels = run.parcels
    count = parcels.line_thing.size
    if count == 1:
        return ()
    choices = choices_of_lines(run, node, lookup)
    unknown = _rows(look_up(run, node, lookup).gap, count) & _above(amount.base.num, count)
    digits = run.tile.book.digits[node.currency]
    found = []
    for at in np.flatnonzero(_above(amount.each.num, count) | unknown).tolist():
        thing = parcels.things[int(parcels.line_thing[at])]
        found.append(
            LinePart(
                item=at + 1,
                hs=thing.hs,
                origin=thing.origin,
                base=_line_base(run, node, amount, choices[at], at),
                rate=_rate(choices[at], unknown=bool(unknown[at])),
                amount=_text(amount.each, at, digits),
                currency=node.currency,
                at_least=bool(unknown[at]),
            )
        )
    return tuple(found)


def base_borne(run: Run, node: Node, lookup: Lookup, amount: Amount) -> str:
    """Return what a charge is worked out from, of the lines that bear it; of all when none does."""
    rates = [choice.terms for choice in rows_of_lines(run, node, lookup)]
    due = _above(amount.each.num, run.parcels.line_thing.size)
    if not due.any():
        due = np.ones_like(due)
    texts = []
    if _of_money(node, rates):
        base = amount.base if isinstance(amount.base.den, int) else Frac(amount.base.rounded())
        assert isinstance(base.den, int)
        digits = run.tile.book.digits[node.currency]
        texts.append(f"{exact_text(_sum(base.num, due), base.den, digits)} {node.currency}")
    return ", ".join([*texts, *_counted(run, node, amount, rates, due)])


def counted(run: Run, node: Node, amount: Amount, rate: Terms) -> str:
    """Return how much there is of what a rate by quantity counts; "" where nothing states it."""
    rows = 1 if node.level == PARCEL else run.parcels.line_thing.size
    return ", ".join(_counted(run, node, amount, [rate], np.ones(rows, dtype=bool)))


def _line_base(run: Run, node: Node, amount: Amount, choice: Choice | None, at: int) -> str:
    rates = [choice.terms] if choice is not None else []
    due = np.zeros(run.parcels.line_thing.size, dtype=bool)
    due[at] = True
    digits = run.tile.book.digits[node.currency]
    money = [f"{_text(amount.base, at, digits)} {node.currency}"] if _of_money(node, rates) else []
    return ", ".join([*money, *_counted(run, node, amount, rates, due)])


def _of_money(node: Node, rates: Sequence[Terms]) -> bool:
    """Tell whether the value counts: a rate is a share of it, or there is no rate at all."""
    parts = [part for rate in rates for one in with_bounds(rate) for part in one.parts]
    based = bool(node.charge.base or node.charge.gross)
    return based and (not parts or any(not part.currency for part in parts))


def _counted(
    run: Run, node: Node, amount: Amount, rates: Sequence[Terms], due: BoolColumn
) -> Iterator[str]:
    """Yield how much there is of each unit that rates count, where the goods state it."""
    parts = [part for rate in rates for one in with_bounds(rate) for part in one.parts]
    for unit in dict.fromkeys(unit for part in parts if part.currency for unit in part.units):
        quantities = Quantities(run, node, amount.level, amount.lot, amount.base)
        quanta, per = quantities.quanta(unit)
        stated = not (_rows(quantities.gap, due.size) & due).any()
        if stated and unit not in run.tile.book.digits:
            yield f"{number((_sum(quanta, due) * per[1], per[0]), 6)} {unit}"


def _sum(num: Num, due: BoolColumn) -> int:
    return int(np.broadcast_to(np.asarray(num.v), due.shape)[due].sum())


def _above(num: Num, count: int) -> BoolColumn:
    """Tell of each line whether a column is anything but 0; credits are below."""
    return _rows(np.asarray(num.v) != 0, count)


def _rows(mask: object, count: int) -> BoolColumn:
    return np.broadcast_to(np.asarray(mask, dtype=bool), (count,))


def _text(value: Frac, at: int, digits: int) -> str:
    """Return the amount of a line in major units."""
    if not isinstance(value.den, int):
        value = Frac(value.rounded())
    assert isinstance(value.den, int)
    minor = value.num.v if isinstance(value.num.v, int) else int(value.num.v[at])
    return exact_text(minor, value.den, digits)


def _rate(choice: Choice | None, *, unknown: bool) -> str:
    if choice is None:
        return "" if unknown else "no row"
    text = terms_text(choice.terms)
    return f"at least {text}" if unknown and not choice.terms.words else text
