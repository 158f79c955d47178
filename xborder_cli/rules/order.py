"""The order in which the charges of an event are worked out: each after what it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.core.need import sorted_by_need
from xborder_cli.core.rule import Charge, Dated, Limit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from xborder_cli.core.rule import Test

_SUMS = ("duty", "tax", "fee")
_DUES = {"border_dues": "border", "checkout_dues": "checkout"}


def in_order(charges: Sequence[Charge]) -> tuple[Charge, ...]:
    """Return charges so that each comes after those that it reads.

    >>> from xborder_cli.tables.load import parse_charges
    >>> text = "[{code: b, kind: tax, base: [a], rate: 1 %}, {code: a, kind: fee, rate: 2 EUR}]"
    >>> [one.code for one in in_order(parse_charges(text, "EUR"))]
    ['a', 'b']
    """
    needs = [tuple(sorted(_needs(charges, at) - {at})) for at in range(len(charges))]
    return tuple(charges[at] for at in sorted_by_need(list(needs), lambda _: None))


def _needs(charges: Sequence[Charge], at: int) -> set[int]:
    reader = charges[at]
    found: set[int] = set()
    for name in _names(reader):
        if name in _SUMS:
            found |= {
                i
                for i, one in enumerate(charges)
                if one.kind == name and (one.kind != reader.kind or i < at)
            }
        elif name in _DUES:
            found |= {
                i
                for i, one in enumerate(charges)
                if one.kind in ("duty", "tax") and one.collected == _DUES[name]
            }
        else:
            found |= {i for i, one in enumerate(charges) if one.code == name}
    found |= {i for i, one in enumerate(charges) if reader.code in one.joins}
    return found


def _names(charge: Charge) -> Iterator[str]:
    yield from (part.name for part in charge.base)
    yield from (one for one in charge.less if isinstance(one, str))
    for span in charge.base_less.spans if isinstance(charge.base_less, Dated) else ():
        if isinstance(span.value, Limit) and span.value.name:
            yield span.value.name
    yield from _tested((*charge.when, *charge.unless))


def _tested(tests: Iterable[Test]) -> Iterator[str]:
    for test in tests:
        if test.kind == "number":
            yield test.name
        elif test.kind in ("applied", "exempted", "due"):
            yield from test.values
        yield from _tested(test.tests)
        for group in test.groups:
            yield from _tested(group)
