"""Changes told by what goods pay: a row that only moves to another prefix changes nothing.

From one revision to the next a rate of all lines of a heading may move to its subheadings, or come
together there. Many rows then end and begin, though no code pays anything else.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from xborder_cli.tariffs.lines import end_of, same_rate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xborder_cli.core.rule import Day
    from xborder_cli.tariffs.kept import KeptRow
    from xborder_cli.tariffs.merge import Change

LINE: Final = 8  # digits of a code that goods are classified in
_SEVERAL: Final = "; "  # rates of several spans


class Codes:
    """All codes of eight digits and more that a tariff is known to have."""

    def __init__(self, codes: Iterable[str]) -> None:
        """Keep them in order; shorter ones are left out."""
        self.order = sorted({code for code in codes if len(code) >= LINE})

    def below(self, prefix: str) -> Sequence[str]:
        """Return the codes that begin with a prefix; itself where none is known."""
        start = bisect_left(self.order, prefix)
        return self.order[start : bisect_left(self.order, f"{prefix}:")] or [prefix]


def told_by_code(
    old: Sequence[KeptRow], new: Sequence[KeptRow], changes: Sequence[Change], words: Iterable[str]
) -> tuple[list[Change], set[str]]:
    """Return the changes after which some code pays something else, and its first eight digits.

    Args:
        old: rows kept before.
        new: rows that are to be kept.
        changes: of rows, from the one to the other.
        words: all codes that the new revision knows.
    """
    if not changes:
        return [], set()
    codes = Codes((*words, *(row.hs for row in old), *(row.hs for row in new)))
    before, after = _Rates(old), _Rates(new)
    told: list[Change] = []
    changed: set[str] = set()
    for change in changes:
        # rates to come are compared as they stand: of several days one alone says nothing
        if _SEVERAL in change.before or _SEVERAL in change.after:
            found = set(codes.below(change.hs))
        else:
            found = {
                hs for hs in codes.below(change.hs) if _differs(before, after, hs, change)
            }  # fmt: skip
        if found:
            told.append(change)
            changed |= {hs[:LINE] for hs in found}
    return told, changed


def _differs(before: _Rates, after: _Rates, hs: str, change: Change) -> bool:
    # a row for any origin, or without a claim, may stand before shorter ones that name some
    origins = change.origins or ("", *sorted(before.origins | after.origins))
    claims = (change.claim,) if change.claim else ("", *sorted(before.claims | after.claims))
    for origin in origins:
        for claim in claims:
            was = before.at(hs, origin, claim, change.since)
            now = after.at(hs, origin, claim, change.since)
            if was != now and (was is None or now is None or not same_rate(was, now)):
                return True
    return False


class _Rates:
    """Rows looked up as tables look them up: the longest prefix, then a named origin."""

    def __init__(self, rows: Sequence[KeptRow]) -> None:
        self.rows: dict[str, list[KeptRow]] = defaultdict(list)
        for row in rows:
            self.rows[row.hs].append(row)
        self.origins = {origin for named in {row.origins for row in rows} for origin in named}
        self.claims = {row.claim for row in rows if row.claim}
        self._said: dict[tuple[str, str, Day], list[tuple[tuple[str, ...], str]]] = {}

    def at(self, hs: str, origin: str, claim: str, day: Day) -> str | None:
        """Return the rate of a code on a day, None when no row says any."""
        for origins, rate in self._of(hs, claim, day):
            if not origins or origin in origins:
                return rate
        return None

    def _of(self, hs: str, claim: str, day: Day) -> list[tuple[tuple[str, ...], str]]:
        """Return origins and rates in the order in which they answer for a code."""
        known = self._said.get((hs, claim, day))
        if known is None:
            known = self._said[hs, claim, day] = []
            for length in range(len(hs), -1, -1):
                found = [
                    row
                    for row in self.rows.get(hs[:length], ())
                    if row.claim in (claim, "") and row.since <= day <= end_of(row)
                ]
                found.sort(key=lambda row: (not row.origins, row.claim != claim))
                known += [(row.origins, row.rate) for row in found]
        return known
