"""A charge in a few plain words: what it is called and its rate, where that is one or a span."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xborder_cli.core.rule import Bands, Lookup
from xborder_cli.rules.formula import (
    clamp_words,
    lessened_words,
    readable,
    short_rate,
    terms_words,
)
from xborder_cli.rules.programmes import rows_of, span_of
from xborder_cli.rules.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.core.rule import ProgrammeRow, Rate
    from xborder_cli.rules.sheet import ChargeOfDay, EventOfDay, RegimeOfDay, Sheet

MOST_FEES = 2  # fees of a regime that are named one by one; more have their own table
FEW_ORIGINS = 3
UNKNOWN = "not known"
MEMBERS = "each member's own rate"
TAKEN_OFF = "-100 %"  # of a charge that takes another one off whole, as its name says


class Briefs:
    """Puts the charges of a sheet in short; the rows of programmes are gone through once."""

    def __init__(self, sheet: Sheet) -> None:
        """Keep the programmes that lookups read."""
        self._unknown = MEMBERS if sheet.tables.members else UNKNOWN
        self._narrowed = bool(sheet.hs or sheet.origin)
        self._programmes = {one.id: one for one in sheet.programmes}
        self._rows: dict[str, tuple[ProgrammeRow, ...]] = {}

    def regime(self, one: RegimeOfDay) -> str:
        """Return what a regime charges, or that it refuses."""
        if one.refuse:
            return f"refused: {one.refuse}"
        return self.charges(one.charges) or "nothing"

    def shared(self, event: EventOfDay) -> str:
        """Return what an event charges in every case."""
        return self.charges(event.charges)

    def charges(self, charges: Sequence[ChargeOfDay]) -> str:
        """Return what several charges are and come to; many fees are left to their own table."""
        due = [one for one in charges if one.charge.kind != "amount"]
        fees = [one for one in due if one.charge.kind == "fee"]
        many = len(fees) > MOST_FEES
        told = [self.charge(one) for one in due if not (many and one in fees)]
        if many:
            told.append(f"{len(fees)} fees, listed below")
        return "; ".join(one for one in dict.fromkeys(told) if one)

    def charge(self, one: ChargeOfDay) -> str:
        """Return a charge's name and rate; a rate that the name says already is not repeated.

        "" of a charge that never falls on the goods that the sheet is narrowed to.
        """
        if isinstance(one.charge.rate, Lookup) and not self._any(one.lookups):
            return ""
        parts = [] if one.gap else list(self._parts(one))
        kept = [readable(part) for part in parts if part not in one.name and part != TAKEN_OFF]
        if one.gap:
            return f"{one.name} ({UNKNOWN})"
        return f"{one.name}: {', '.join(kept)}" if kept else one.name

    def _parts(self, one: ChargeOfDay) -> Iterator[str]:
        charge = one.charge
        if isinstance(charge.rate, Lookup):
            yield self._looked_up(charge.rate, one.lookups)
        elif isinstance(charge.rate, Bands):
            yield "in bands"
        elif charge.rate is not None:
            yield short_rate(charge.rate)
        if charge.less:
            yield f"less {listed([lessened_words(part) for part in charge.less], 'and')}"
        if charge.low is not None:
            yield f"at least {clamp_words(charge.low)}"
        if charge.high is not None:
            yield f"at most {clamp_words(charge.high)}"

    def _any(self, names: Sequence[str]) -> bool:
        """Tell whether a lookup may find anything, or asks for what it does not find."""
        read = [self._programmes[name] for name in names if name in self._programmes]
        return not read or any(
            one.programme.default == "gap" or self._rows_of(one.id) for one in read
        )

    def _looked_up(self, rate: Lookup, names: Sequence[str]) -> str:
        """Return the rate of all goods and how those of others spread."""
        read = [self._programmes[name] for name in names if name in self._programmes]
        # the tariff itself; what only lowers a rate for some goods is told further down
        base = [one for one in read if one.programme.default == "gap"] or read
        rows = [row for one in base for row in self._rows_of(one.id)]
        if not rows:
            return self._unknown
        usual = [row for row in rows if not (row.hs or row.origin or row.when or row.key)]
        others = [row for row in rows if row not in usual]
        if self._narrowed and len({row.terms for row in rows}) == 1:
            return _spread(rows)
        if not usual:
            return f"{_spread(rows)} {_by(rate, rows)}".strip().replace(" ,", ",")
        told = self._unknown if usual[-1].terms.words else terms_words(usual[-1].terms)
        spread = _spread(others) if others else ""
        if spread in ("", told):
            return told
        keyed = [row for row in others if row.key]
        return f"{told} ({f'{spread} {_by(rate, keyed)}' if keyed else f'listed goods {spread}'})"

    def _rows_of(self, name: str) -> tuple[ProgrammeRow, ...]:
        if name not in self._rows:
            self._rows[name] = rows_of(self._programmes[name])
        return self._rows[name]


def _spread(rows: Sequence[ProgrammeRow]) -> str:
    """Return from where to where plain rates go."""
    known = {row.terms: None for row in rows if not row.terms.words}
    told = span_of(known).split(", ")[0] if known else UNKNOWN
    return told if "%" in told or not known else "by quantity"


def _by(rate: Rate, rows: Sequence[ProgrammeRow]) -> str:
    """Return what the rate of an item depends on."""
    by = ["HS code"] if any(row.hs for row in rows) else []
    origins = sorted({row.origin for row in rows})
    if any(origins):
        if "" not in origins and len(origins) <= FEW_ORIGINS:
            made_in = f", goods made in {listed(origins)}"
            return f"by {listed(by, 'and')}{made_in}" if by else made_in
        by.append("origin")
    by += _keys(rate)
    return f"by {listed(by, 'and')}" if by else ""


def _keys(rate: Rate) -> list[str]:
    if not isinstance(rate, Lookup):
        return []
    inner = [key for one in (*rate.pick, *rate.least) for key in _keys(one)]
    return list(dict.fromkeys([*rate.by, *inner]))
