"""Varied parcels over all lanes that the tables serve, the same for every run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from xborder_cli.core.columns import Num
from xborder_cli.core.parcels import Attributes, Codes, MoneyColumn, Parcels, Thing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xborder_cli.core.book import Book
    from xborder_cli.core.columns import IntColumn

CURRENCIES = ("USD", "EUR", "CNY")
FIRST_DAY = 20_680  # 2026-08-15
DAYS = 75


def lanes(book: Book) -> list[tuple[str, str]]:
    """Return every origin and market that some card connects."""
    origins = sorted(
        {origin for head in book.cards if head.leg == "door_to_door" for origin in head.origins}
    )
    markets = [market for market in book.market_heads if market in book.countries]
    return [(a, b) for a in origins for b in markets if a != b and _served(book, a, b)]


def _served(book: Book, origin: str, destination: str) -> bool:
    return any(
        head.leg == "door_to_door"
        and origin in head.origins
        and (not head.countries or destination in head.countries)
        for head in book.cards
    )


def parcels_by_origin(book: Book, n: int, seed: int = 7) -> list[Parcels]:
    """Return n parcels, one value for each origin and direction; single item lines."""
    rng = np.random.default_rng(seed)
    pairs = lanes(book)
    lane = rng.integers(0, len(pairs), n)
    known = sorted(
        slug for slug, goods in book.goods.items() if "battery_loose" not in goods.traits
    )
    groups: dict[tuple[str, str], list[int]] = {}
    for code, (origin, destination) in enumerate(pairs):
        direction = "import" if destination == book.home else "export"
        groups.setdefault((origin, direction), []).append(code)
    out = []
    for (origin, direction), codes in groups.items():
        rows = np.flatnonzero(np.isin(lane, codes))
        if rows.size:
            destinations = [pairs[code][1] for code in codes]
            which = np.searchsorted(np.array(codes), lane[rows])
            out.append(_parcels(book, rng, origin, direction, destinations, which, known))
    return out


def things_of(
    book: Book, places: Sequence[str], goods: Sequence[str], origins: Sequence[str]
) -> tuple[tuple[Thing, ...], IntColumn]:
    """Return kinds of goods under the codes that places have for them.

    Returns:
        The goods, those of each origin together; and for each place where its own begin. Places
        with the same codes share.
    """
    begin: dict[tuple[str, ...], int] = {}
    things: list[Thing] = []
    first = []
    for place in places:
        codes = tuple(book.goods[slug].line(book.chains.get(place, ())) for slug in goods)
        if codes not in begin:
            begin[codes] = len(things)
            things += [
                Thing(hs, origin, slug, frozenset(book.goods[slug].traits), frozenset())
                for origin in origins
                for slug, hs in zip(goods, codes, strict=True)
            ]
        first.append(begin[codes])
    return tuple(things), np.array(first, dtype=np.int64)


def _parcels(
    book: Book,
    rng: np.random.Generator,
    origin: str,
    direction: str,
    destinations: Sequence[str],
    which: IntColumn,
    known: Sequence[str],
) -> Parcels:
    n = which.size
    sides = np.sort(rng.integers(400, 4500, (n, 3)), axis=1)
    things, first = things_of(book, destinations, known, (origin,))
    minor = np.exp(rng.normal(8.2, 1.0, n)).astype(np.int64) + 100
    return Parcels(
        n=n,
        attributes=Attributes(origin=origin, direction=direction, scheme="ioss"),
        destination=Codes(tuple(destinations), which.astype(np.int64))
        if len(destinations) > 1
        else Codes(tuple(destinations)),
        day=FIRST_DAY + rng.integers(0, DAYS, n),
        weight_mg=np.exp(rng.normal(13.4, 0.9, n)).astype(np.int64) // 1000 * 1000 + 10_000,
        longest_dmm=sides[:, 2],
        middle_dmm=sides[:, 1],
        shortest_dmm=sides[:, 0],
        line_parcel=np.arange(n),
        line_goods=MoneyColumn(
            Num.of(minor), Codes(CURRENCIES, rng.integers(0, len(CURRENCIES), n))
        ),
        line_quantity=rng.integers(1, 4, n),
        line_thing=first[which] + rng.integers(0, len(known), n),
        things=things,
        lot=book.default_lot,
        storage_days=30,
    )


def one_day(parcels: Parcels) -> Parcels:
    """Return the same parcels, all on one day."""
    return replace(parcels, day=FIRST_DAY + DAYS)
