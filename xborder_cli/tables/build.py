"""Checked tables -> the book that the core reads: rules lowered, heads and rates gathered."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from math import lcm
from typing import TYPE_CHECKING, Final

import numpy as np

from xborder_cli.core.book import Book, CardHead, MarketHead
from xborder_cli.core.fx import FxBook, Series
from xborder_cli.core.lower import lower_card, lower_charge, lower_market, lower_programme
from xborder_cli.tables.known import known_names
from xborder_cli.tables.packing import pack
from xborder_cli.tables.selling import with_unknown_fees
from xborder_cli.units import parse_ratio

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xborder_cli.core.rule import ChargeSet, Market, RateCard, Ratio
    from xborder_cli.tables.tables import FxRow, Tables

INT64_MOST: Final = int(np.iinfo(np.int64).max)


def build_book(tables: Tables, published: FxBook) -> tuple[Book, dict[str, object]]:
    """Return the book and every rule by key; the book's `take` reads those.

    Args:
        tables: checked rules.
        published: central-bank rates from outside the tables.
    """
    rules: dict[str, object] = {}
    heads = []
    for card in with_unknown_fees(tables.cards, tables.countries):
        key = f"card:{card.id}@{card.since}"
        rules[key] = lower_card(card)
        heads.append(_card_head(key, card))
    market_heads = {}
    for market in tables.markets.values():
        rules[f"market:{market.id}"] = lower_market(market)
        market_heads[market.id] = _market_head(market, tables)
    programmes = {}
    for (tariff, name), programme in tables.programmes.items():
        key = f"programme:{tariff}:{name}"
        rules[key] = lower_programme(programme)
        programmes[tariff, name] = key
    surcharges: dict[str, list[str]] = {}
    for surcharge in tables.surcharges:
        key = f"surcharge:{surcharge.id}"
        rules[key] = replace(
            surcharge, charges=tuple(lower_charge(charge) for charge in surcharge.charges)
        )
        surcharges.setdefault(surcharge.carrier, []).append(key)
    book = Book(
        digest=tables.digest,
        overlays=tables.folders[1:],
        digits=dict(tables.currencies),
        fx=_fx(tables.fx_rows, published),
        home=tables.home,
        defaults=dict(tables.defaults),
        ratios=_ratios(tables.defaults),
        modes=dict(tables.modes),
        goods=dict(tables.goods),
        countries=dict(tables.countries),
        cards=tuple(heads),
        market_heads=market_heads,
        programmes=programmes,
        surcharges={carrier: tuple(keys) for carrier, keys in surcharges.items()},
        take=_taker(rules),
        default_lot=_whole(tables.defaults.get("lot", "1")),
        default_storage_days=_whole(tables.defaults.get("storage_days", "0")),
        known_names=known_names(tables),
    )
    return book, rules


def _taker(rules: dict[str, object]) -> Callable[[str], object]:
    return rules.__getitem__


def _card_head(key: str, card: RateCard) -> CardHead:
    countries = tuple(dict.fromkeys(c for row in card.zones for c in row.countries))
    return CardHead(
        key=key,
        id=card.id,
        carrier=card.carrier,
        modes=card.modes,
        leg=card.leg,
        origins=card.origins,
        countries=countries,
        zone_of=card.zone_of,
        since=card.since,
        until=card.until,
    )


def _market_head(market: Market, tables: Tables) -> MarketHead:
    chain = tuple(
        dict.fromkeys(name for name in (market.id, market.extends, market.tariff) if name)
    )
    return MarketHead(
        id=market.id,
        name=market.name,
        currency=market.currency,
        first_day=market.first_day,
        chain=chain,
        entry_key=_charges_key(market, market.entry),
        sale_key=_charges_key(market, market.sale),
    )


def _charges_key(market: Market, charges: ChargeSet) -> str:
    """Return equal keys for charge sets that are equal: they are priced in one go."""
    text, arrays = pack((market.currency, charges))
    return hashlib.sha256(text + arrays).hexdigest()[:16]


def _ratios(defaults: dict[str, str]) -> dict[str, Ratio]:
    out = {}
    for name, text in defaults.items():
        number, _, unit = text.partition(" ")
        if unit == "%":
            num, den = parse_ratio(number)
            out[name] = (num, den * 100)
    return out


def _whole(text: str) -> int:
    return int(text.split()[0])


def _fx(rows: tuple[FxRow, ...], published: FxBook) -> FxBook:
    """Return the published series with those of the tables behind them."""
    series = {currency: list(found) for currency, found in published.series.items()}
    grouped: dict[tuple[str, str, bool, bool, str], list[FxRow]] = {}
    for row in rows:
        key = (row.base, row.quote, row.peg, row.until is not None, row.source)
        grouped.setdefault(key, []).append(row)
    for (_, quote, *_), found in grouped.items():
        found.sort(key=lambda row: row.day)
        series.setdefault(quote, []).extend(_series(found))
    return FxBook(
        {currency: tuple(found) for currency, found in series.items()},
        published.anchor,
        published.name,
    )


def _series(rows: Sequence[FxRow]) -> list[Series]:
    """Return rates of one pair and source over one denominator; in halves where it is too big."""
    den = lcm(*(row.rate[1] for row in rows))
    nums = [row.rate[0] * (den // row.rate[1]) for row in rows]
    if max(den, *nums) > INT64_MOST and len(rows) > 1:
        middle = len(rows) // 2
        return _series(rows[:middle]) + _series(rows[middle:])
    first, untils = rows[0], [row.until for row in rows if row.until is not None]
    return [
        Series(
            base=first.base,
            days=np.array([row.day for row in rows], dtype=np.int64),
            nums=np.array(nums, dtype=np.int64),
            den=den,
            source=first.source,
            holds=first.peg,
            untils=np.array(untils, dtype=np.int64) if untils else None,
        )
    ]
