"""Many parcels at once: their best options in columns, and why some have none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.core.columns import IntColumn, Mask, Num, Value, both, either, negate, settle, sub
from xborder_cli.core.exclusions import Reasons
from xborder_cli.core.fx import with_user_rates
from xborder_cli.core.landed_cost import Priced, price_route
from xborder_cli.core.margin import sells
from xborder_cli.core.option_columns import ALL, ROUTE_FIELDS, WORDS, Priceable, Texts, columns_of
from xborder_cli.core.parcels import Codes
from xborder_cli.core.picked import Picked
from xborder_cli.core.ranking import FICTIONAL
from xborder_cli.core.transit import transit_columns
from xborder_cli.core.varying import named_so
from xborder_cli.core.wide import TILE, modes_of, narrowed, routes, tiles
from xborder_cli.core.winners import (
    KEYS,
    REFUSED,
    Best,
    Front,
    front_of,
    keys_of,
    ordered,
    rank_order,
)
from xborder_cli.units import to_minor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.core.book import Book
    from xborder_cli.core.chains import Chain
    from xborder_cli.core.parcels import Parcels
    from xborder_cli.core.picked import Column
    from xborder_cli.core.rule import Mode, Money
    from xborder_cli.core.tile import Tile

Table = dict[str, IntColumn]


def options_of(
    book: Book,
    parcels: Parcels,
    *,
    currency: Codes,
    by: str = "cost",
    day_value: Money | None = None,
    top: int | None = 1,
    wanted: frozenset[str] | None = None,
    lot_assumed: bool = False,
    storage_assumed: bool = False,
    modes: Sequence[Mode] | None = None,
    tile_rows: int = TILE,
) -> Picked:
    """Return the best options of parcels that share their attributes: what `quote` says of each.

    Args:
        book: compiled tables.
        parcels: n of them, of markets that the tables know on their days.
        currency: of each parcel's sums.
        by: cost, speed, value or margin.
        day_value: what a day in transit is worth, for `value`.
        top: options a parcel, best first; None: every one.
        wanted: names of the columns to make; None: all.
        lot_assumed: nobody stated how many parcels travel together.
        storage_assumed: nobody stated the days in store.
        modes: only these, when given.
        tile_rows: rows priced together; the answer does not depend on it.
    """
    if parcels.attributes.fx:
        book = book.with_fx(with_user_rates(book.fx, dict(parcels.attributes.fx)))
        book.fx_columns = {}  # known by the rates they were made from: none of another's are here
    names = ALL if wanted is None else wanted
    chosen = modes_of(book, parcels, modes)
    texts = Texts(lot_assumed, storage_assumed)
    ask = _Ask(by, day_value, top, names, texts)
    found: list[Table] = []
    reasons, left = Reasons(), []
    margin = by == "margin" or sells(parcels)
    for part, tile, markets in tiles(book, parcels, currency, chosen, tile_rows):
        tile.margin = margin
        offers = _offers(book, tile, chosen, markets, ask)
        table = ask.best(tile, offers) if top == 1 else ask.several(offers)
        none = _others(table["parcel"], part.size)
        if none.size:
            reasons.add(tile, none, chosen, markets)
            left.append(part[none])
        table["parcel"] = part[table["parcel"]]
        found.append(table)
    whole = _stacked(found)
    none, code, reason = reasons.columns(left)
    return Picked(
        parcel=whole["parcel"],
        columns=_columns(whole, names, texts),
        none=none,
        code=code,
        reason=reason,
    )


@dataclass(frozen=True, slots=True)
class _Offer:
    """A route priced for some rows of a tile, and what ranks it."""

    chain: Chain
    priced: Priced
    known: Priceable
    inside: IntColumn | None  # rows of the tile; None: all
    keys: list[Value]
    cost: IntColumn

    def rows_of(self, rows: IntColumn) -> IntColumn:
        """Return rows of the tile for rows of the offer."""
        return rows if self.inside is None else self.inside[rows]


@dataclass(frozen=True, slots=True)
class _Ask:
    """What is asked of every tile."""

    by: str
    day_value: Money | None
    top: int | None
    wanted: frozenset[str]
    texts: Texts

    def best(self, tile: Tile, offers: Iterator[_Offer]) -> Table:
        """Return the best option of each parcel; what is beaten later is never looked at again."""
        n = tile.parcels.n
        pareto = "pareto" in self.wanted
        wanted = self.wanted | {"complete", "transit_days_max"} if pareto else self.wanted
        best, front = Best.of(n, KEYS[self.by]), Front([])
        out: Table = {"cost": np.zeros(n, dtype=np.int64)}
        taken: list[_Offer] = []
        winner = np.full(n, -1, dtype=np.int64)  # of `taken`
        for offer in offers:
            rows = best.improve(offer.inside, offer.keys)
            if pareto:
                complete = negate(either(offer.priced.refused, offer.known.incomplete))
                front.add(offer.inside, complete, offer.cost, offer.known.days[1])
            if not rows.size:
                continue
            winner[offer.rows_of(rows)] = len(taken)
            taken.append(offer)
        for number, offer in enumerate(taken):
            mine = winner if offer.inside is None else winner[offer.inside]
            rows = np.flatnonzero(mine == number)
            if not rows.size:
                continue
            at = offer.rows_of(rows)
            found = columns_of(offer.chain, offer.priced, offer.known, rows, wanted, self.texts)
            out["cost"][at] = offer.cost[rows]
            for name, column in found.items():
                if name not in out:
                    out[name] = np.zeros(n, dtype=np.int64)
                out[name][at] = column
        won = best.found()
        table = {name: column[won] for name, column in out.items()}
        if pareto and won.size:
            unbeaten = front.unbeaten(out["complete"], out["cost"], out["transit_days_max"])
            table["pareto"] = unbeaten[won]
        return {**table, "parcel": won, "rank": np.ones(won.size, dtype=np.int64)}

    def several(self, offers: Iterator[_Offer]) -> Table:
        """Return the best few options of each parcel, or all."""
        pareto = "pareto" in self.wanted
        wanted = self.wanted | {"complete", "transit_days_max"} if pareto else self.wanted
        found: list[Table] = []
        for offer in offers:
            head = offer.keys[0]
            rows = np.flatnonzero(np.broadcast_to(head != REFUSED, offer.cost.shape))
            columns = columns_of(offer.chain, offer.priced, offer.known, rows, wanted, self.texts)
            for number, key in enumerate(offer.keys):
                columns[f"key {number}"] = key if isinstance(key, int) else key[rows]
            table = {name: np.broadcast_to(one, rows.shape) for name, one in columns.items()}
            found.append({**table, "parcel": offer.rows_of(rows), "cost": offer.cost[rows]})
        whole = _joined(found)
        parcel = whole["parcel"]
        if not parcel.size:
            return whole
        if pareto:
            days = whole["transit_days_max"]
            whole["pareto"] = front_of(parcel, whole["complete"], whole["cost"], days)
        keys = [whole.pop(f"key {number}") for number in range(KEYS[self.by])]
        order = rank_order(parcel, keys)
        owner = parcel[order]
        first = np.flatnonzero(np.concatenate(([True], owner[1:] != owner[:-1])))
        rank = np.arange(owner.size) - np.repeat(first, np.diff([*first, owner.size])) + 1
        kept = order if self.top is None else order[rank <= self.top]
        out = {name: column[kept] for name, column in whole.items()}
        out["rank"] = rank if self.top is None else rank[rank <= self.top]
        return out


def _offers(
    book: Book, tile: Tile, modes: Sequence[Mode], markets: tuple[str, ...], ask: _Ask
) -> Iterator[_Offer]:
    """Yield the routes that carry some of a tile's parcels, in the order of equal ones."""
    worth = _worth(tile, ask.day_value) if ask.by == "value" else 0
    found = list(routes(book, tile.parcels, modes, markets))
    for at in ordered(found):
        chain, program = found[at]
        inner, inside = narrowed(tile, program)
        if inner is None:
            continue
        priced = price_route(inner, program)
        if priced.refused is True:
            continue
        n = inner.parcels.n
        gaps = _gaps(priced)
        known = Priceable(
            gaps > 0 if isinstance(gaps, int) else settle(gaps > 0), transit_columns(priced.run)
        )
        total = priced.total.full(n)
        owed = priced.recoverable
        cost = total if owed.hi == 0 else sub(priced.total, owed).full(n)
        keys = keys_of(
            ask.by,
            invented=_invented(inner, chain),
            gaps=gaps,
            refused=priced.refused,
            cost=cost,
            total=total,
            margin=0 if priced.margin is None else priced.margin.full(n),
            days=known.days[1],
            day_minor=worth if isinstance(worth, int) or inside is None else worth[inside],
        )
        yield _Offer(chain, priced, known, inside, keys, cost)


def _invented(tile: Tile, chain: Chain) -> Mask:
    """Return which parcels of a chain rest on made-up figures."""
    out: Mask = False
    for step, card in chain.steps:
        if card is not None and card.provenance.title == FICTIONAL:
            name = step.named
            out = either(out, named_so(tile.parcels, step.leg, (name,)) if name else True)
    return out


def _gaps(priced: Priced) -> Value:
    """Return of how many charges of each parcel something is not known: sums are lower bounds."""
    run = priced.run
    out: Value = 0
    for node in run.program.nodes:
        amount = run.amounts[node.index]
        if amount is None or amount.included or amount.gap is False or node.rate is None:
            continue
        missing = both(amount.live, amount.gap)
        out = out + (int(missing) if isinstance(missing, bool) else missing.astype(np.int64))
    return out


def _worth(tile: Tile, day_value: Money | None) -> Value:
    """Return what a day is worth to each parcel, in minor units of its quote; unknown is 0."""
    if day_value is None:
        return 0
    minor = Num.of(to_minor(day_value.amount, tile.book.digits[day_value.currency]))
    codes, n = tile.quote_currency, tile.parcels.n
    worths = [tile.convert(minor, day_value.currency, name).full(n) for name in codes.names]
    tile.fx_missing.clear()
    if codes.codes is None:
        return worths[0]
    return np.stack(worths)[codes.codes, np.arange(n)]


def _others(rows: IntColumn, n: int) -> IntColumn:
    """Return the rows of n that are not among some."""
    free = np.ones(n, dtype=bool)
    free[rows] = False
    return np.flatnonzero(free)


def _stacked(found: Sequence[Table]) -> Table:
    """Return tables one under the other, in order of parcels; each parcel stands in one only."""
    whole = _joined(found)
    parcel = whole["parcel"]
    if bool((parcel[1:] >= parcel[:-1]).all()):
        return whole
    order = np.argsort(parcel, kind="stable")
    return {name: column[order] for name, column in whole.items()}


def _joined(found: Sequence[Table]) -> Table:
    """Return tables one under the other."""
    filled = [table for table in found if table["parcel"].size]
    if not filled:
        return {"parcel": np.zeros(0, dtype=np.int64)}
    if len(filled) == 1:
        return filled[0]
    return {name: np.concatenate([one[name] for one in filled]) for name in filled[0]}


def _columns(whole: Table, wanted: frozenset[str], texts: Texts) -> dict[str, Column]:
    """Return the columns that were asked for: numbers, booleans, and names by code."""
    routes_taken = list(texts.routes)
    none = np.zeros(0, dtype=np.int64)
    out: dict[str, Column] = {}
    for name in sorted(wanted):
        if name in ROUTE_FIELDS:
            at = ROUTE_FIELDS.index(name)
            values = Codes.of([fields[at] for fields in routes_taken])
            out[name] = (
                values
                if values.codes is None
                else Codes(values.names, values.codes[whole.get("route", none)])
            )
        elif name in WORDS:
            out[name] = Codes(tuple(texts.words[name].numbers) or ("",), whole.get(name, none))
        elif name in ("complete", "pareto"):
            out[name] = whole.get(name, none).astype(bool)
        else:
            out[name] = whole.get(name, none)
    return out
