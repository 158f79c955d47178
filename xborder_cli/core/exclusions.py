"""Why parcels have no option, in columns: the commonest code among what is out, and its words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
import numpy.typing as npt

from xborder_cli.core.chains import chains, first_list
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
    missing_words,
    past_words,
    plain_words,
    seller_of,
)
from xborder_cli.core.route import build_program
from xborder_cli.core.run import Run
from xborder_cli.core.tally import NO_CARD, Reason, Tally
from xborder_cli.core.tile import Tile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from xborder_cli.core.chains import Chain
    from xborder_cli.core.columns import BoolColumn, IntColumn
    from xborder_cli.core.parcels import Parcels
    from xborder_cli.core.program import Program
    from xborder_cli.core.refusal import Cut
    from xborder_cli.core.rule import Mode, RateCard
    from xborder_cli.core.tile import Refusal

T = TypeVar("T", bound=np.generic)
UNCONVERTED: Final = "no-exchange-rate"


class Reasons:
    """Why the parcels without any option have none, gathered tile by tile."""

    def __init__(self) -> None:
        """Begin with none."""
        self.codes, self.words = Names(), Names()
        self.code: list[IntColumn] = []
        self.word: list[IntColumn] = []

    def add(
        self, tile: Tile, rows: IntColumn, modes: Sequence[Mode], markets: tuple[str, ...]
    ) -> None:
        """Find out about some rows of a tile, which no option carries."""
        none = np.zeros(tile.parcels.n, dtype=bool)
        none[rows] = True
        out = Tally(tile.parcels.n)
        for mode in modes:
            _count_mode(out, tile, mode, markets, none)
        code, word = out.told(rows, self.codes, self.words)
        self.code.append(code)
        self.word.append(word)

    def columns(self, rows: Sequence[IntColumn]) -> tuple[IntColumn, Codes, Codes]:
        """Return parcels, rising, the commonest code of each and the first reason that has it.

        Args:
            rows: which parcels the rows of each call of `add` are.
        """
        if not rows:
            return np.zeros(0, dtype=np.int64), Codes(("",)), Codes(("",))
        whole = np.concatenate(rows)
        order = np.argsort(whole, kind="stable")
        return (
            whole[order],
            Codes(tuple(self.codes.numbers), np.concatenate(self.code)[order]),
            Codes(tuple(self.words.numbers), np.concatenate(self.word)[order]),
        )


def _count_mode(
    out: Tally, tile: Tile, mode: Mode, markets: tuple[str, ...], none: BoolColumn
) -> None:
    """Count what is out of a mode, in the order in which `pipeline.quote` meets it."""
    unserved = none
    for chain in chains(tile.book, mode, tile.parcels):
        exists = chain_exists(tile.book, chain, tile.parcels)
        if exists is False:
            continue
        here = none & exists
        if not here.any():
            continue
        unserved = unserved & ~here
        main, incoterm = chain.main, tile.parcels.attributes.incoterm
        if incoterm and incoterm not in main.incoterms:
            words = incoterm_words(main, incoterm)
            told = partial(_constant, _named(main.service or main.id, words))
            out.add(mode.id, main.id, NOT_OFFERED, here, Reason(told, 0))
            continue
        _count_chain(out, tile, chain, here, markets)
    if unserved.any():
        told = partial(_not_served, mode)
        out.add(mode.id, "", NO_CARD, unserved, Reason(told, _begins(tile, mode)))


def _begins(tile: Tile, mode: Mode) -> IntColumn:
    """Return the day of the first list of a mode on each parcel's lane, 0 where none is to come."""
    where, origin = tile.parcels.destination, tile.parcels.attributes.origin
    days = np.array(
        [first_list(tile.book, mode, origin, place) for place in where.names], dtype=np.int64
    )
    codes = np.zeros(tile.parcels.n, dtype=np.int64) if where.codes is None else where.codes
    return np.where(days[codes] > tile.parcels.day, days[codes], 0)


def _not_served(mode: Mode, begins: int) -> str:
    """Return why no card serves a mode."""
    return _named(mode.name or mode.id.replace("_", " "), missing_words(mode, begins))


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
    currency = tile.quote_currency.take(inside)
    inner = Tile(tile.parcels.take(inside), tile.book, quote_currency=currency)
    _count_worked_out(out, inner, chain, program, inside)


def _count_worked_out(
    out: Tally, tile: Tile, chain: Chain, program: Program, inside: IntColumn
) -> None:
    """Count the parcels that a chain is found not to carry when its charges are worked out.

    Args:
        out: where they are counted.
        tile: parcels that none of the chain's cards refuses.
        chain: that carries none of them.
        program: the chain's.
        inside: rows of the whole tile that they are.
    """
    priced = price_route(tile, program)
    found = priced.run.refusals
    if any(refusal.code == UNCONVERTED and "/" in refusal.what for refusal in found):
        # several currencies at once: each is to be named in its own parcels
        for rows in _by_currency(tile.parcels):
            currency = tile.quote_currency.take(rows)
            part = Tile(tile.parcels.take(rows), tile.book, quote_currency=currency)
            _count_worked_out(out, part, chain, program, inside[rows])
        return
    count = _Counted(out, chain, priced.run, inside)
    free: BoolColumn = np.ones(inside.size, dtype=bool)
    for refusal in found:
        held = free & refusal.mask
        if held.any():
            free = free & ~held
            if refusal.code == PAST:
                count.past(refusal, held)
            else:
                count.refusal(refusal, held, chain.main)


def _by_currency(parcels: Parcels) -> Iterator[IntColumn]:
    """Yield rows whose amounts are in the same currencies."""
    columns = [parcels.goods, *parcels.inputs.values()]
    key = np.zeros(parcels.n, dtype=np.int64)
    for column in columns:
        if column.currency.codes is not None:
            key = key * len(column.currency.names) + column.currency.codes
    for one in np.unique(key).tolist():
        yield np.flatnonzero(key == one)


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
