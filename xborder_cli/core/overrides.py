"""Rates and fees that the caller states instead of, or beside, those of the tables."""

from __future__ import annotations

from dataclasses import replace

from xborder_cli.core.rule import (
    Charge,
)


def stated_fee(market: object, code: str, money: object) -> Charge:
    """Return a fee that the caller states, as a charge like any other."""
    from xborder_cli.core.lower import dated_table
    from xborder_cli.core.rule import Dated, Money, Provenance, Span, Term, Terms

    assert isinstance(money, Money)
    source = Provenance("", 0, title="stated by the caller")
    terms = Terms((Term(money.amount, currency=money.currency),))
    rate = dated_table(Dated((Span(0, terms, source),)))
    return Charge(code=code, kind="fee", provenance=source, name="stated fee", rate=rate)  # type: ignore[arg-type]


def override(charge: Charge, overrides: dict[str, object]) -> Charge:
    """Return a charge with the rate that the caller states instead of the table's.

    `duty` sets the ordinary duty and `vat` the tax on the sale or import, whatever a market calls them;
    any other name is a charge's code, or the programme that its rate is looked up in.
    """
    if not overrides or charge.kind == "amount":
        return charge
    from xborder_cli.core.lower import flat_rate
    from xborder_cli.core.rule import Lookup, Terms

    names = [charge.code]
    if isinstance(charge.rate, Lookup):
        names += [charge.rate.programme, *_programmes(charge.rate)]
    words = set(charge.code.split("_"))
    if charge.kind == "duty" and (
        "mfn" in names or charge.code in ("duty", "basic_duty", "import_duty")
    ):
        names.append("duty")
    if charge.kind == "tax" and words & {"vat", "gst", "hst"}:
        names.append("vat")
    for name in names:
        terms = overrides.get(name)
        if isinstance(terms, Terms):
            return replace(charge, rate=flat_rate(terms, charge))  # type: ignore[arg-type]
    return charge


def _programmes(lookup: object) -> list[str]:
    found = []
    for inner in (*getattr(lookup, "pick", ()), *getattr(lookup, "least", ())):
        found += [inner.programme, *_programmes(inner)]
    return [name for name in found if name]
