"""Rules narrowed to one kind of goods: what can never hold for it is left out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xborder_cli.core.rule import Charge, ChargeSet, Regime, Test


def to_goods(charges: ChargeSet, hs: str, origin: str) -> ChargeSet:
    """Return the charges and regimes that a parcel of these goods alone may meet.

    Args:
        charges: of a day.
        hs: code of the goods, "" for unknown.
        origin: where they were made, "" for unknown.
    """
    regimes = tuple(
        replace(regime, charges=_open(regime.charges, hs, origin))
        for regime in charges.regimes
        if _may(regime, hs, origin)
    )
    return replace(charges, charges=_open(charges.charges, hs, origin), regimes=regimes)


def _open(charges: Iterable[Charge], hs: str, origin: str) -> tuple[Charge, ...]:
    return tuple(one for one in charges if _may(one, hs, origin))


def _may(one: Charge | Regime, hs: str, origin: str) -> bool:
    if any(_holds(test, hs, origin) is False for test in one.when):
        return False
    return not any(_holds(test, hs, origin) is True for test in one.unless)


def _holds(test: Test, hs: str, origin: str) -> bool | None:
    """Tell whether a condition holds for the goods; None when that is not known."""
    if test.kind in ("line", "every", "some"):
        return _all(test.tests, hs, origin)
    if test.kind == "any":
        found = [_all(group, hs, origin) for group in test.groups]
        return True if True in found else None if None in found else False
    if test.kind != "is":
        return None
    if test.name == "hs" and hs:
        if any(hs.startswith(code) for code in test.values):
            return True
        return None if any(code.startswith(hs) for code in test.values) else False
    if test.name == "origin" and origin:
        return origin in test.values
    return None


def _all(tests: Iterable[Test], hs: str, origin: str) -> bool | None:
    found = [_holds(test, hs, origin) for test in tests]
    return False if False in found else None if None in found else True
