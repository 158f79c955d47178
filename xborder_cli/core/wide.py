"""Many parcels at once: every route of every parcel, wide and in tiles, no line materialised."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core.alike import kinds_of, split
from xborder_cli.core.chains import Chain, chains
from xborder_cli.core.columns import IntColumn, Mask, either, union
from xborder_cli.core.landed_cost import Priced, price_route
from xborder_cli.core.limits import refusals
from xborder_cli.core.route import build_program
from xborder_cli.core.run import Run
from xborder_cli.core.tile import Tile
from xborder_cli.core.varying import not_this_way, present

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xborder_cli.core.book import Book
    from xborder_cli.core.parcels import Codes, Parcels
    from xborder_cli.core.program import Program
    from xborder_cli.core.rule import Mode

TILE: Final = 8192  # rows whose columns fit the cache of a core
WORTH_NARROWING: Final = 0.25  # a route that takes fewer of the rows is priced for those alone


@dataclass(frozen=True, slots=True)
class RouteColumn:
    """One route priced for some rows of a batch."""

    rows: IntColumn  # of the batch
    chain: Chain
    program: Program
    priced: Priced


def price_all(
    book: Book,
    parcels: Parcels,
    *,
    currency: Codes,
    modes: Sequence[Mode] | None = None,
    tile_rows: int = TILE,
) -> Iterator[RouteColumn]:
    """Yield every route of parcels that share their attributes, tile by tile.

    Parcels are grouped by how their markets charge, never by lane and day: what differs between
    those is a column.

    Args:
        book: compiled tables.
        parcels: any number; destinations, days and currencies may differ from row to row.
        currency: of each row's sums.
        modes: export or import modes as `parcels.attributes.direction` says, when left out.
        tile_rows: rows priced together.
    """
    wanted = modes_of(book, parcels, modes)
    for part, tile, markets in tiles(book, parcels, currency, wanted, tile_rows):
        for chain, program in routes(book, tile.parcels, wanted, markets):
            inner, inside = narrowed(tile, program)
            if inner is not None:
                taken = part if inside is None else part[inside]
                yield RouteColumn(taken, chain, program, price_route(inner, program))


def modes_of(book: Book, parcels: Parcels, modes: Sequence[Mode] | None = None) -> tuple[Mode, ...]:
    """Return the modes that parcels can travel by: of all, or of some, those of their direction."""
    direction = parcels.attributes.direction or "export"
    found = modes if modes is not None else book.modes.values()
    return tuple(mode for mode in found if mode.direction == direction)


def tiles(
    book: Book, parcels: Parcels, currency: Codes, modes: Sequence[Mode], tile_rows: int
) -> Iterator[tuple[IntColumn, Tile, tuple[str, ...]]]:
    """Yield parcels in tiles that can be priced in one go: their rows, columns, and markets."""
    kinds = kinds_of(book, parcels, currency, modes)
    for rows, markets in market_groups(book, parcels):
        for same in split(rows, kinds):
            for start in range(0, same.size, tile_rows):
                part = same[start : start + tile_rows]
                taken = parcels.take(part)
                # names that no row has would look for cards that no row can take
                taken = replace(
                    taken,
                    destination=present(taken.destination),
                    varying={name: present(codes) for name, codes in taken.varying.items()},
                )
                yield part, Tile(taken, book, quote_currency=present(currency.take(part))), markets


def narrowed(tile: Tile, program: Program) -> tuple[Tile | None, IntColumn | None]:
    """Return a tile of the rows that a route's cards take, when few, and which; None when none.

    Routes that take the same rows share the smaller tile, and what is worked out once for it.
    """
    run = Run(tile, program)
    out: Mask = not_this_way(tile.parcels, program.absent)
    if out is True:
        return None, None
    for number, step in enumerate(program.steps):
        if step.card is not None:
            out = either(out, union(refusal.mask for refusal in refusals(run, number)))
            if out is True:
                return None, None
    if out is False:
        return tile, None
    inside = np.flatnonzero(~out)
    if not inside.size:
        return None, None
    if inside.size > tile.parcels.n * WORTH_NARROWING:
        return tile, None
    currency = tile.quote_currency
    found = tile.kept(
        ("narrow", inside.tobytes()),
        lambda: Tile(
            tile.parcels.take(inside),
            tile.book,
            quote_currency=currency.take(inside),
            margin=tile.margin,
        ),
    )
    return found, inside


def market_groups(book: Book, parcels: Parcels) -> Iterator[tuple[IntColumn, tuple[str, ...]]]:
    """Yield the rows whose markets charge alike, and those markets."""
    names = parcels.destination.names
    groups: dict[tuple[str, ...], list[int]] = {}
    for code, name in enumerate(names):
        head = book.market_heads.get(name)
        if head is not None:
            groups.setdefault((head.currency, head.entry_key, head.sale_key), []).append(code)
    for codes in groups.values():
        if parcels.destination.codes is None:
            rows = np.arange(parcels.n)
        else:
            rows = np.flatnonzero(np.isin(parcels.destination.codes, codes))
            order = np.argsort(parcels.destination.codes[rows], kind="stable")
            rows = rows[order]
        if rows.size:
            yield rows, tuple(names[code] for code in codes)


def routes(
    book: Book, parcels: Parcels, modes: Sequence[Mode], markets: tuple[str, ...]
) -> Iterator[tuple[Chain, Program]]:
    """Yield the chains that can serve some of the parcels, with their charges."""
    attributes = parcels.attributes
    for mode in modes:
        for chain in chains(book, mode, parcels):
            if attributes.incoterm and attributes.incoterm not in chain.main.incoterms:
                continue
            yield chain, build_program(book, chain, parcels, markets)
