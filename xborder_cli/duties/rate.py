"""What a charge takes of the customs value: an exact share, or words where a share cannot say it.

The amounts of an answer are rounded; a rate is not. It follows from what the charges were found to
be: their bases, the rows that held, what is deducted. Whether a charge is due at all is asked of
the run, never decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from xborder_cli.core.columns import any_of, first_of
from xborder_cli.core.dated import code_of_day
from xborder_cli.core.duty import look_up
from xborder_cli.core.found_rows import named_row
from xborder_cli.core.intake import value_on
from xborder_cli.core.parcels import PARCEL
from xborder_cli.core.rates import DatedTable
from xborder_cli.core.rule import Lookup, Terms
from xborder_cli.core.stay import STAY
from xborder_cli.core.wording import number, term_text, terms_text
from xborder_cli.duties.entry import CUSTOMS_VALUE
from xborder_cli.rules.formula import base_words
from xborder_cli.rules.words import listed

if TYPE_CHECKING:
    from xborder_cli.core.step import Node, Ref
    from xborder_cli.duties.entry import Entry

NOTHING: Final = Fraction(0)
WHOLE: Final = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share of the customs value, and what stands beside it.

    >>> Rate(share=Fraction(33, 200), parts=("0.4 USD / kg",)).text
    '16.5 % + 0.4 USD / kg'
    """

    share: Fraction = NOTHING
    parts: tuple[str, ...] = ()  # addends that are no share: per unit, flat, clamped
    gaps: tuple[str, ...] = ()  # what is not known
    loose: bool = False  # some of that lowers the rate: what is known is no least

    @property
    def plain(self) -> bool:
        """Tell whether the share says all."""
        return not self.parts and not self.gaps

    @property
    def text(self) -> str:
        """Return the rate in words: `?` where nothing of it is known."""
        known = [percent(self.share)] if self.share else []
        known += self.parts
        if self.gaps:
            return f"at least {' + '.join(known)}" if known and not self.loose else "?"
        return " + ".join(known) or percent(NOTHING)

    @property
    def words(self) -> str:
        """Return the rate with what is not known of it."""
        return f"{self.text} ({'; '.join(self.gaps)})" if self.gaps else self.text

    def __add__(self, other: Rate) -> Rate:
        """Return both together."""
        return Rate(
            share=self.share + other.share,
            parts=self.parts + other.parts,
            gaps=self.gaps + other.gaps,
            loose=self.loose or other.loose,
        )


ZERO: Final = Rate()


def percent(share: Fraction) -> str:
    """Return a share as a percent; one that no decimal says is rounded and marked.

    >>> percent(Fraction(73, 200)), percent(Fraction(1, 3))
    ('36.5 %', '~33.3333 %')
    """
    of_hundred = share * 100
    text = number((of_hundred.numerator, of_hundred.denominator))
    if "/" in text:
        return f"~{float(of_hundred):.4f}".rstrip("0").rstrip(".") + " %"
    return f"{text} %"


class Rates:
    """The rates of the charges of an entry."""

    def __init__(self, entry: Entry) -> None:
        """Begin with none worked out."""
        self.entry = entry
        self.run = entry.run
        self._known: dict[int, Rate] = {}

    def total(self) -> Rate:
        """Return what all duties of the entry take together."""
        total = ZERO
        for node in self.entry.nodes:
            if node.charge.kind == "duty":
                total += self.of(node)
        return total

    def of(self, node: Node) -> Rate:
        """Return what a charge takes; nothing where it does not arise."""
        if node.index not in self._known:
            self._known[node.index] = self._of(node)
        return self._known[node.index]

    def due(self, node: Node) -> bool:
        """Tell whether a charge arises."""
        amount = self.run.amounts[node.index]
        return amount is not None and any_of(amount.live)

    def gap(self, node: Node) -> str:
        """Return what is not known of a charge's rate; "" when it is known, whatever it counts."""
        if not self.due(node):
            return ""
        rate = node.rate
        line = self.entry.line(node)
        words = line.unknown if line is not None else ""
        if isinstance(rate, Lookup) and any_of(look_up(self.run, node, rate).gap):
            return words or "no rate known"
        terms = self.terms(node)
        if terms is not None and _unknown(terms, dict(self.run.parcels.attributes.assume)):
            return (terms.words if not terms.parts else words) or "not known"
        return ""

    def terms(self, node: Node) -> Terms | None:
        """Return the rate that a charge takes from its table; None without one, or by bands."""
        rate = node.rate
        if isinstance(rate, Lookup):
            named = named_row(self.run, node, rate)
            return named.terms if named is not None else None
        if isinstance(rate, DatedTable) and node.charge.day != STAY:
            return rate.rates[first_of(code_of_day(self.run, rate, PARCEL, node))]
        return None

    def _of(self, node: Node) -> Rate:
        amount, charge = self.run.amounts[node.index], node.charge
        if charge.code == CUSTOMS_VALUE:
            return Rate(share=WHOLE)
        if amount is None or not any_of(amount.live):
            return ZERO
        gap = self.gap(node)
        if not gap and isinstance(node.rate, Lookup) and self.terms(node) is None:
            return ZERO  # no row, and that is no gap: nothing is due by this programme
        if gap:
            return Rate(gaps=(gap,))
        below = self._below(node)
        if below:
            return Rate(gaps=(below,), loose=self._takes_off(node))
        if charge.waive and not amount.total.first():
            return ZERO
        found = self._plain(node)
        return found if found is not None else Rate(parts=(self._words(node),))

    def _below(self, node: Node) -> str:
        """Return what a charge rests on that is not known; "" when all of it is."""
        unknown = self._unknown_of(node)
        if not unknown:
            return ""
        line = self.entry.line(node)
        rate = (line.rate if line is not None else "") or "a rate"
        base = base_words(node.charge) or "an amount"
        rest = f"{base}, in which {listed(unknown, 'and')} {'are' if unknown[1:] else 'is'}"
        if self._takes_off(node):
            named = node.charge.name or node.charge.code
            return f"{named}: takes off {rate.removeprefix('-')} of {rest} not known"
        return f"{rate} of {rest} not known"

    def _unknown_of(self, node: Node) -> tuple[str, ...]:
        """Return the charges that a charge reads, straight or through others, and no rate has."""
        charge = node.charge
        names = [part.name for part in charge.base]
        names += [f"={less}" for less in charge.less if isinstance(less, str)]
        found: list[str] = []
        for name in names:
            ref = node.refs[name]
            for index in ref.nodes if ref.kind != "input" else ():
                below = self.run.program.nodes[index]
                if self.of(below).gaps:
                    found += self._unknown_of(below) or (below.charge.code,)
        return tuple(dict.fromkeys(found))

    def _takes_off(self, node: Node) -> bool:
        """Tell whether a charge lowers what others take."""
        terms = self.terms(node)
        return terms is not None and any(part.amount[0] < 0 for part in terms.parts)

    def _words(self, node: Node) -> str:
        line = self.entry.line(node)
        text = line.rate if line is not None else "a rate of its own"
        base = base_words(node.charge)
        if base and node.charge.base[0].name != CUSTOMS_VALUE:
            text = f"{text} of {base}"
        return f"({text})" if " + " in text or "," in text else text

    def _plain(self, node: Node) -> Rate | None:
        """Return the rate as a sum; None where a limit, a band or a price with it is in the way."""
        charge = node.charge
        if charge.gross or charge.base_less is not None or charge.low or charge.high:
            return None
        base = self._base(node)
        if base is None:
            return None
        if node.rate is None:
            found = base
        else:
            terms = self.terms(node)
            if terms is None:
                return None
            worked = _times(terms, base)
            if worked is None:
                return None
            found = worked
        return self._modified(node, found)

    def _modified(self, node: Node, found: Rate) -> Rate | None:
        charge = node.charge
        for less in charge.less:
            other = self._ref(node.refs[f"={less}"]) if isinstance(less, str) else None
            if other is None or not other.plain or not found.plain:
                return None
            found = Rate(share=max(NOTHING, found.share - other.share))
        if charge.times is not None:
            share = value_on(charge.times, self.entry.shipment.on)
            if not isinstance(share, tuple) or not found.plain:
                return None
            found = Rate(share=found.share * Fraction(*share))
        return found

    def _base(self, node: Node) -> Rate | None:
        total = ZERO
        for part in node.charge.base:
            one = self._ref(node.refs[part.name])
            if one is None or not one.plain:
                return None
            total += Rate(share=one.share * Fraction(*part.factor))
        return total

    def _ref(self, ref: Ref) -> Rate | None:
        """Return what a name takes; an input is a share of the customs value of this shipment."""
        return self._input(ref.name) if ref.kind == "input" else self._sum(ref)

    def _sum(self, ref: Ref) -> Rate:
        total = ZERO
        for index in ref.nodes:
            total += self.of(self.run.program.nodes[index])
        return total

    def _input(self, name: str) -> Rate | None:
        whole = self.entry.customs_value_minor
        node = next(iter(self.run.program.nodes), None)
        if name == "goods" and whole is None:
            return Rate(share=WHOLE)
        if node is None or not whole:
            return None
        minor = self.run.money_input(name, node, PARCEL, lot=False).first()
        return Rate(share=Fraction(minor, whole))


def _unknown(terms: Terms, assumed: dict[str, Terms]) -> bool:
    if terms.words and not terms.parts:
        return True
    return any(part.user and part.user not in assumed for part in terms.parts)


def _times(terms: Terms, base: Rate) -> Rate | None:
    """Return a rate of a table applied to a base that is a share of the customs value."""
    if terms.low or terms.high:
        return Rate(parts=(terms_text(terms),)) if base.share == WHOLE or not base.share else None
    share, parts = NOTHING, []
    for term in terms.parts:
        if term.user:
            return None
        if not term.currency and term.of in ("", "base"):
            share += Fraction(*term.amount) * base.share
        elif term.amount[0]:
            parts.append(term_text(term))
    return Rate(share=share, parts=tuple(parts))
