"""Why parcels have no option, in columns: the commonest code among what is out, and its words."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
import numpy.typing as npt

from xborder_cli.core.chains import chains
from xborder_cli.core.columns import any_of, both, negate
from xborder_cli.core.landed_cost import price_route
from xborder_cli.core.limits import refusals
from xborder_cli.core.parcels import Codes
from xborder_cli.core.phrases import Names
from xborder_cli.core.reach import chain_exists
from xborder_cli.core.refusal import (
    LIMITS,
    NOT_OFFERED,
    PAST,
    cut_words,
    cuts,
    incoterm_words,
    limit_words,
    limited,
    past_words,
    plain_words,
    seller_of,
)
from xborder_cli.core.route import build_program
from xborder_cli.core.run import Run
from xborder_cli.core.tile import Tile
from xborder_cli.core.wide import tiles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xborder_cli.core.book import Book
    from xborder_cli.core.chains import Chain
    from xborder_cli.core.columns import BoolColumn, IntColumn, Mask
    from xborder_cli.core.parcels import Parcels
    from xborder_cli.core.refusal import Cut
    from xborder_cli.core.rule import Mode, RateCard
    from xborder_cli.core.tile import Refusal

T = TypeVar("T", bound=np.generic)
NO_CARD: Final = "no-rate-card"


def reasons_of(
    book: Book,
    parcels: Parcels,
    currency: Codes,
    rows: IntColumn,
    modes: Sequence[Mode],
    tile_rows: int,
) -> tuple[Codes, Codes]:
    """Return for parcels without any option the commonest code and the first reason that has it.

    Args:
        book: compiled tables.
        parcels: n of them.
        currency: of each parcel's quote.
        rows: k of them, which no option carries.
        modes: by which they might have travelled.
        tile_rows: rows looked at together.
    """
    codes, words = Names(), Names()
    code, word = np.zeros(rows.size, dtype=np.int64), np.zeros(rows.size, dtype=np.int64)
    if rows.size:
        few, quoted = parcels.take(rows), currency.take(rows)
        for part, tile, markets in tiles(book, few, quoted, modes, tile_rows):
            out = Tally(tile.parcels.n)
            for mode in modes:
                _count_mode(out, tile, mode, markets)
            out.write(part, code, word, codes, words)
    return Codes(tuple(codes.numbers) or ("",), code), Codes(tuple(words.numbers) or ("",), word)


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that is out, and why, in words made of a number of the parcel."""

    told: Callable[[int], str]
    number: IntColumn | int  # one a parcel of the tile


@dataclass(slots=True)
class Tally:
    """What is out of n parcels' reach: how much under each code, and what first."""

    n: int
    reasons: list[Reason] = field(default_factory=list)
    seen: dict[tuple[str, str, str], Mask] = field(default_factory=dict)  # mode, service, code
    counts: dict[str, IntColumn] = field(default_factory=dict)
    firsts: dict[str, IntColumn] = field(default_factory=dict)  # code -> number of its first reason

    def add(self, mode: str, service: str, code: str, rows: BoolColumn, reason: Reason) -> None:
        """Count a service that is out for some rows; a code counts once for each service."""
        key = (mode, service, code)
        fresh = both(rows, negate(self.seen.get(key, False)))
        if not any_of(fresh):
            return
        self.seen[key] = self.seen.get(key, False) | rows
        if code not in self.counts:
            self.counts[code] = np.zeros(self.n, dtype=np.int64)
            self.firsts[code] = np.full(self.n, -1, dtype=np.int64)
        count, first = self.counts[code], self.firsts[code]
        first[both(fresh, count == 0)] = len(self.reasons)
        count += fresh
        self.reasons.append(reason)

    def write(
        self, part: IntColumn, code: IntColumn, word: IntColumn, codes: Names, words: Names
    ) -> None:
        """Write each parcel's code and words where they belong."""
        total = np.zeros(self.n, dtype=np.int64)
        most = np.zeros(self.n, dtype=np.int64)
        first = np.full(self.n, len(self.reasons), dtype=np.int64)
        mine = np.full(self.n, codes.number("no-option"), dtype=np.int64)
        missing = self.counts.pop(NO_CARD, None)
        for name, count in self.counts.items():
            total += count
            # the code met first wins among equals
            better = (count > most) | ((count == most) & (count > 0) & (self.firsts[name] < first))
            most = np.where(better, count, most)
            first = np.where(better, self.firsts[name], first)
            mine = np.where(better, codes.number(name), mine)
        if missing is not None:
            only = (total == 0) & (missing > 0)
            first = np.where(only, self.firsts[NO_CARD], first)
            mine = np.where(only, codes.number(NO_CARD), mine)
            total += missing
        code[part] = mine
        for one in np.flatnonzero(np.bincount(first)).tolist():
            rows = np.flatnonzero(first == one)
            word[part[rows]] = self._told(one, rows, total[rows], words)

    def _told(self, one: int, rows: IntColumn, total: IntColumn, words: Names) -> IntColumn:
        """Return the numbers of the words for some rows; each text is made once."""
        if one == len(self.reasons):
            return np.full(rows.size, words.number("no mode serves this lane"))
        reason = self.reasons[one]
        number = reason.number if isinstance(reason.number, int) else reason.number[rows]
        width = int(total.max()) + 1
        pairs, at = np.unique(number * width + total, return_inverse=True)
        texts = []
        for number_, count in (divmod(pair, width) for pair in pairs.tolist()):
            more = f"; {count - 1} more excluded" if count > 1 else ""
            texts.append(words.number(f"{reason.told(number_)}{more}"))
        return np.array(texts, dtype=np.int64)[at]


def _count_mode(out: Tally, tile: Tile, mode: Mode, markets: tuple[str, ...]) -> None:
    """Count what is out of a mode, in the order in which `pipeline.quote` meets it."""
    n = tile.parcels.n
    served = np.zeros(n, dtype=bool)
    for chain in chains(tile.book, mode, tile.parcels):
        exists = chain_exists(tile.book, chain, tile.parcels)
        if exists is False:
            continue
        here = np.broadcast_to(np.asarray(exists), (n,))
        served |= here
        main, incoterm = chain.main, tile.parcels.attributes.incoterm
        if incoterm and incoterm not in main.incoterms:
            words = incoterm_words(main, incoterm)
            told = partial(_constant, _named(main.service or main.id, words))
            out.add(mode.id, main.id, NOT_OFFERED, here, Reason(told, 0))
            continue
        _count_chain(out, tile, chain, here, markets)
    if not served.all():
        words = mode.missing or f"no rate card serves {mode.name} on this lane"
        told = partial(_constant, _named(mode.name or mode.id.replace("_", " "), words))
        out.add(mode.id, "", NO_CARD, ~served, Reason(told, 0))


def _constant(words: str, _: int) -> str:
    """Return the same words whatever the number."""
    return words


def _named(name: str, words: str) -> str:
    """Return why something is out, naming it once."""
    return words if name in words else f"{name}: {words}"


def _count_chain(
    out: Tally, tile: Tile, chain: Chain, here: BoolColumn, markets: tuple[str, ...]
) -> None:
    """Count the first refusal of each parcel that a chain would be for."""
    program = build_program(tile.book, chain, tile.parcels, markets)
    run = Run(tile, program)
    left = here
    for number, step in enumerate(program.steps):
        for refusal in refusals(run, number) if step.card is not None else ():
            rows = left & refusal.mask
            if rows.any():
                assert step.card is not None
                left = left & ~rows
                count = _Counted(out, chain, run, None)
                count.refusal(refusal, rows, step.card)
    inside = np.flatnonzero(left)
    if not inside.size:
        return
    inner = tile
    if inside.size < tile.parcels.n:
        currency = tile.quote_currency.take(inside)
        inner = Tile(tile.parcels.take(inside), tile.book, quote_currency=currency)
    priced = price_route(inner, program)
    count = _Counted(out, chain, priced.run, inside)
    left = np.ones(inside.size, dtype=bool)
    for refusal in priced.run.refusals:
        rows = left & refusal.mask
        if rows.any():
            left = left & ~rows
            if refusal.code == PAST:
                count.past(refusal, rows)
            else:
                count.refusal(refusal, rows, chain.main)


@dataclass(frozen=True, slots=True)
class _Counted:
    """A chain whose refusals are counted."""

    out: Tally
    chain: Chain
    run: Run
    inside: IntColumn | None  # rows of the tile that the run is of; None: all

    def refusal(self, refusal: Refusal, rows: BoolColumn, card: RateCard) -> None:
        """Count what a card, or a step, does not take."""
        who = seller_of(card)
        if refusal.code not in LIMITS:
            words, _ = plain_words(refusal, who)
            self._add(card, refusal.code, rows, partial(_constant, words))
            return
        measured = limited(self.run, refusal, card)

        def told(size: int) -> str:
            known = None if measured is None else size
            return limit_words(refusal.what, refusal.fix, who, known)[0]

        number = 0 if measured is None else measured.full(self.run.parcels.n)
        self._add(card, refusal.code, rows, told, number)

    def past(self, refusal: Refusal, rows: BoolColumn) -> None:
        """Count what lies past the last band of some table of the route."""
        by = refusal.what.partition(" ")[0]
        for cut in cuts(self.run):
            here = rows & cut.past
            if not here.any():
                continue
            rows = rows & ~here
            light = (self.run.parcels.weight_mg <= cut.edge).astype(np.int64)
            kinds, at = np.unique(
                np.stack((cut.mine, cut.edge, light)), axis=1, return_inverse=True
            )

            told = partial(_past_told, by, cut, seller_of(cut.card), kinds)
            self._add(cut.card, PAST, here, told, at.reshape(-1))
        if rows.any():
            words = past_words(by, seller_of(self.chain.main))[0]
            self._add(self.chain.main, PAST, rows, partial(_constant, words))

    def _add(
        self,
        card: RateCard,
        code: str,
        rows: BoolColumn,
        words: Callable[[int], str],
        number: IntColumn | int = 0,
    ) -> None:
        """Count rows of the run as rows of the tile."""
        if self.inside is not None:
            rows = self._spread(rows)
            number = number if isinstance(number, int) else self._spread(number)
        name = card.service or card.id
        reason = Reason(lambda value: _named(name, words(value)), number)
        self.out.add(self.chain.mode.id, card.id, code, rows, reason)

    def _spread(self, column: npt.NDArray[T]) -> npt.NDArray[T]:
        whole = np.zeros(self.out.n, dtype=column.dtype)
        whole[self.inside] = column
        return whole


def _past_told(by: str, cut: Cut, who: str, kinds: IntColumn, kind: int) -> str:
    """Return why a card has no price, for one kind of weight, end and parcel."""
    if by != "chargeable":
        return past_words(by, who)[0]
    mine, edge, light = kinds[:, kind].tolist()
    return cut_words(cut, who, mine, edge, light=bool(light))[0]
