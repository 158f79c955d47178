"""What became of rows, programmes and charges of an entry: the answer of `xb duties show`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xborder_cli.duties.rows import FINER

if TYPE_CHECKING:
    from xborder_cli.core.rule import Provenance
    from xborder_cli.duties.entry import Entry
    from xborder_cli.duties.rate import Rate
    from xborder_cli.duties.rows import Competitor

# what became of a charge
DUE: Final = "due"  # something is taken
FREE: Final = "free"  # a row says 0, or nothing is left of it
NO_ROW: Final = "no-row"  # no row speaks of the goods: nothing is due by it
GAP: Final = "not-known"
REPLACED: Final = "replaced"  # another programme applied and stands in its place
EXEMPTED: Final = "exempted"
CLOSED: Final = "condition-fails"
OUT: Final = "not-in-force"  # the charge itself, on this day
# what became of a programme within its charge
TAKEN: Final = "taken"
LOST: Final = "lost"  # to another programme of the same charge
SILENT: Final = "no-row"
# what became of a row that held within its programme
APPLIED: Final = "applied"
BEATEN: Final = "another-programme"
UNSURE: Final = "longer-code-decides"  # it holds for goods that no longer code has a row of
UNKNOWN: Final = "not-known"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeCase:
    """One programme that a charge looked up."""

    id: str
    name: str
    tariff: str
    default: str  # what no row means: zero, gap
    result: str
    why: str
    rate: str  # of the row that held within it, "" without one
    rows: tuple[Competitor, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeCase:
    """One charge of the entry."""

    code: str
    name: str
    kind: str  # duty, tax
    how: str  # how it is worked out and how it stands to the others
    result: str
    why: str
    rate: Rate  # of the customs value
    amount_minor: int
    at_least: bool  # the amount is a lower bound
    unknown: str  # what its amount counts or rests on that is not known, "" when it is
    programmes: tuple[ProgrammeCase, ...]
    concerns: bool  # it speaks of such goods at all, on some day
    stated: bool  # its rate is the caller's
    provenance: Provenance

    @property
    def not_known(self) -> tuple[str, ...]:
        """What is not known of its rate, and of its amount where the rate is."""
        return self.rate.gaps or ((self.unknown,) if self.unknown else ())

    @property
    def complete(self) -> bool:
        """Tell whether rate and amount are known in full."""
        return not self.at_least and not self.not_known


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An entry explained."""

    entry: Entry
    charges: tuple[ChargeCase, ...]
    total: Rate  # of all duties

    @property
    def duties(self) -> tuple[ChargeCase, ...]:
        """The charges that the total is made of."""
        return tuple(one for one in self.charges if one.kind == "duty")

    @property
    def at_least(self) -> bool:
        """Tell whether the duty is a lower bound."""
        return any(one.at_least for one in self.duties)

    @property
    def not_known(self) -> tuple[str, ...]:
        """What is not known of the duty."""
        return tuple(dict.fromkeys(words for one in self.duties for words in one.not_known))

    @property
    def complete(self) -> bool:
        """Tell whether the duty is known in full."""
        return all(one.complete for one in self.duties)

    @property
    def finer(self) -> tuple[tuple[ProgrammeCase, Competitor], ...]:
        """Rows of codes finer than the one stated that say something else: goods may be theirs."""
        return tuple(
            (programme, row)
            for charge in self.duties
            for programme in charge.programmes
            for row in programme.rows
            if row.result == FINER and row.rate != programme.rate
        )
