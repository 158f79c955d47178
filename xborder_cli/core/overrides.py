"""Rates and fees that the caller states instead of, or beside, those of the tables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xborder_cli.core.lower import flat_rate
from xborder_cli.core.rule import (
    Charge,
    Lookup,
    Money,
    Provenance,
    Term,
    Terms,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def stated_fee(code: str, money: Money) -> Charge:
    """Return a fee that the caller states, as a charge like any other."""
    source = Provenance("", 0, title="stated by the caller")
    terms = Terms((Term(money.amount, currency=money.currency),))
    return Charge(
        code=code, kind="fee", provenance=source, name="stated fee", rate=flat_rate(terms, source)
    )


def override(charge: Charge, overrides: Mapping[str, Terms]) -> Charge:
    """Return a charge with the rate that the caller states instead of the table's.

    A name is what the table says the charge is set by (`duty`, `vat`), the charge's code, or the
    programme that its rate is looked up in.
    """
    if not overrides:
        return charge
    for name in _names(charge):
        terms = overrides.get(name)
        if terms is not None:
            return replace(charge, rate=flat_rate(terms, charge.provenance))
    return charge


def unused(charges: Iterable[Charge], overrides: Mapping[str, Terms]) -> tuple[str, ...]:
    """Return the stated names that no charge takes its rate from."""
    if not overrides:
        return ()
    taken = {name for charge in charges for name in _names(charge)}
    return tuple(name for name in overrides if name not in taken)


def _names(charge: Charge) -> list[str]:
    names = [charge.code]
    if isinstance(charge.rate, Lookup):
        names += [charge.rate.programme, *_programmes(charge.rate)]
    return [*names, charge.set_by] if charge.set_by else names


def _programmes(lookup: Lookup) -> list[str]:
    found = []
    for inner in (*lookup.pick, *lookup.least):
        found += [inner.programme, *_programmes(inner)]
    return [name for name in found if name]
