"""The best options in columns are those of `quote`, order by order, field by field."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from tests.random_orders import KINDS, groups_of, random_shipment
from xborder_cli.cli.render.rows import told, transport
from xborder_cli.core.best import options_of
from xborder_cli.core.fx import FxBook
from xborder_cli.core.option_columns import ALL
from xborder_cli.core.parcels import Codes
from xborder_cli.core.picked import NOT_SOLD
from xborder_cli.core.pipeline import quote
from xborder_cli.core.rule import Money
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables


@pytest.fixture(scope="module")
def book():
    return open_tables([bundled_folder()])


def fields(option):
    """Return an option of a quote as `Picked` has it."""
    first, last = option.transit_days or (-1, -1)
    return {
        "rank": option.rank,
        "mode": option.mode,
        "direction": option.direction,
        "carrier": option.carrier,
        "carrier_name": option.carrier_name,
        "service": option.service,
        "service_name": option.service_name,
        "transport": transport(option),
        "channel": option.channel,
        "incoterm": option.incoterm,
        "scheme": option.scheme,
        "transit_days_min": first,
        "transit_days_max": last,
        "chargeable_mg": option.chargeable_mg,
        "freight": option.freight_minor,
        "duty": option.duty_minor,
        "tax": option.tax_minor,
        "fees": option.fees_minor,
        "total": option.total_minor,
        "seller_pays": option.seller_minor,
        "buyer_pays": option.buyer_minor,
        "recoverable": option.recoverable_minor,
        "margin": NOT_SOLD if option.margin_minor is None else option.margin_minor,
        "complete": option.complete,
        "confidence": option.confidence,
        "pareto": option.pareto,
        "flags": "; ".join(option.flags),
        "assumptions": "; ".join(option.assumptions),
    }


def reason(answer):
    """Return why an order has no option: the one reason, or the commonest and how many more."""
    excluded = [one for one in answer.excluded if one.code != "no-rate-card"] or answer.excluded
    if not excluded:
        return "no-option", "no mode serves this lane"
    code, _ = Counter(one.code for one in excluded).most_common(1)[0]
    first = next(one for one in excluded if one.code == code)
    more = f"; {len(answer.excluded) - 1} more excluded" if len(answer.excluded) > 1 else ""
    return code, f"{told(first)}{more}"


def one_by_one(book, shipments, *, currency, by, day_value, top):
    """Return the best options of each order, or why it has none, from `quote`."""
    out = []
    for shipment in shipments:
        answer = quote(book, shipment, currency=currency, by=by, day_value=day_value)
        if answer.options:
            out.append([fields(option) for option in answer.options[:top]])
        else:
            out.append(reason(answer))
    return out


def texts(codes, n):
    """Return a column of names as text."""
    if codes.codes is None:
        return [codes.names[0]] * n
    return [codes.names[code] for code in codes.codes.tolist()]


def in_columns(picked, n):
    """Return the same from columns."""
    m = picked.parcel.size
    columns = {
        name: texts(column, m) if isinstance(column, Codes) else column.tolist()
        for name, column in picked.columns.items()
    }
    out = [[] for _ in range(n)]
    for at, parcel in enumerate(picked.parcel.tolist()):
        out[parcel].append({name: column[at] for name, column in columns.items()})
    k = picked.none.size
    told = zip(texts(picked.code, k), texts(picked.reason, k), strict=True)
    for parcel, reason in zip(picked.none.tolist(), told, strict=True):
        assert not out[parcel]
        out[parcel] = reason
    return out


def unlike(book, shipments, *, currency="", by="cost", day_value=None, top=1, tile_rows=8192):
    """Return what differs between columns and one by one: (order, field, columns, one by one)."""
    out = []
    for orders, parcels, quoted, lot, storage in groups_of(book, shipments, currency):
        picked = options_of(
            book,
            parcels,
            currency=quoted,
            by=by,
            day_value=day_value,
            top=top,
            lot_assumed=lot,
            storage_assumed=storage,
            tile_rows=tile_rows,
        )
        mine = in_columns(picked, len(orders))
        theirs = one_by_one(book, orders, currency=currency, by=by, day_value=day_value, top=top)
        for order, one, other in zip(orders, mine, theirs, strict=True):
            if one == other:
                continue
            if isinstance(one, tuple) or isinstance(other, tuple) or len(one) != len(other):
                out.append((order, "options", one, other))
                continue
            for a, b in zip(one, other, strict=True):
                out += [(order, name, a[name], b[name]) for name in b if a[name] != b[name]]
    return out


def orders(book, seed, n):
    """Return random orders, the same for a seed."""
    rng = random.Random(seed)
    return [random_shipment(book, rng, KINDS) for _ in range(n)]


@pytest.mark.parametrize(
    ("seed", "by", "top", "tile_rows"),
    [
        (1, "cost", 1, 8192),
        (2, "cost", None, 8192),
        (3, "speed", 2, 5),
        (4, "speed", 1, 8192),
        (5, "value", 3, 1),
        (6, "value", 1, 64),
    ],
)
def test_columns_say_what_quotes_say(book, seed, by, top, tile_rows):
    day_value = Money("EUR", (3, 2)) if by == "value" else None
    found = unlike(
        book, orders(book, seed, 40), by=by, top=top, day_value=day_value, tile_rows=tile_rows
    )
    assert found == []


def test_a_currency_of_its_own_choice_and_no_rate_for_it(book):
    assert unlike(book, orders(book, 7, 30), currency="GBP", top=2) == []
    assert unlike(book, orders(book, 8, 20), currency="COP") == []


def test_a_market_whose_money_nobody_quotes(book):
    """Several currencies of one tile cannot be turned into it: each is named in its own orders."""
    series = {name: book.fx.series[name] for name in book.fx.series if name != "AUD"}
    silent = replace(book.with_fx(FxBook(series, book.fx.anchor, book.fx.name)), fx_columns={})
    lane = [{**KINDS[0], "lanes": [("CN", "AU")]}]
    rng = random.Random(11)
    assert unlike(silent, [random_shipment(silent, rng, lane) for _ in range(40)]) == []


def test_only_wanted_columns_are_made_and_are_the_same(book):
    for _, parcels, quoted, lot, storage in list(groups_of(book, orders(book, 9, 8)))[:3]:
        ask = {"currency": quoted, "lot_assumed": lot, "storage_assumed": storage}
        whole = options_of(book, parcels, **ask)
        assert set(whole.columns) == ALL
        for name in sorted(ALL):
            some = options_of(book, parcels, wanted=frozenset({name}), **ask)
            assert list(some.columns) == [name]
            n = whole.parcel.size
            one, other = (
                texts(column, n) if isinstance(column, Codes) else column.tolist()
                for column in (some.columns[name], whole.columns[name])
            )
            assert one == other
            np.testing.assert_array_equal(some.parcel, whole.parcel)


def test_many_unpriceable_orders_are_told_why(book):
    """What nothing carries is told in columns too, its own weight in the words."""
    heavy = [
        replace(one, weight_mg=2 * 10**9 + at * 10**6)
        for at, one in enumerate(orders(book, 10, 40))
    ]
    found = 0
    for _, parcels, quoted, _, _ in groups_of(book, heavy):
        picked = options_of(book, parcels, currency=quoted)
        found += picked.none.size
    assert found > 15
    assert unlike(book, heavy) == []
