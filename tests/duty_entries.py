"""Random articles, markets, origins and days; and what a duty may be off by its roundings."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache

from hypothesis import strategies as st

from xborder_cli.goods.rates import consignment
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables
from xborder_cli.units import parse_day

FIRST, LAST = parse_day("2024-01-01"), parse_day("2027-06-30")
ORIGINS = ("CN", "VN", "US", "DE", "JP", "KR", "GB", "MX", "CA", "BR", "IN", "CH", "AU", "TR", "KE")
CLAIMS = ((), ("preference",), ("USMCA",), ("preference", "USMCA"))


@cache
def book():
    return open_tables([bundled_folder()])


def markets():
    return sorted(name for name in book().market_heads if name in book().countries)


def shipment(market, article, origin, day, claims=()):
    """Return a usual consignment of goods or of an HS code."""
    named = {"hs": article} if article.isdigit() else {"goods": article}
    made = consignment(origin, day, **named)
    (item,) = made.items
    return replace(made, destination=market, items=(replace(item, claims=claims),))


def articles():
    """Goods of the catalogue, and codes: of the catalogue, finer ones, ones that no table has."""
    codes = sorted({one.hs for one in book().goods.values()})
    finer = st.builds(
        lambda hs, tail: hs + tail, st.sampled_from(codes), st.from_regex(r"[0-9]{2}")
    )
    return st.one_of(
        st.sampled_from(sorted(book().goods)),
        st.sampled_from(codes),
        finer.filter(lambda code: len(code) == 8),
        st.from_regex(r"\A(0[1-9]|[1-8][0-9]|9[0-7])[0-9]{4}\Z"),
    )


def entries(wanted=None):
    return st.tuples(
        st.sampled_from(list(wanted or markets())),
        articles(),
        st.sampled_from(ORIGINS),
        st.integers(FIRST, LAST),
        st.sampled_from(CLAIMS),
    ).filter(lambda one: one[0] != one[2])


def slack(entry):
    """Return how many minor units all roundings of an entry may make: half of each, on and on."""
    total = Fraction(0)
    for node in entry.nodes:
        charge = node.charge
        step = Fraction(1)
        for rounding in (charge.round_base, charge.round_each, charge.round_total):
            if rounding is not None and rounding.step[0]:
                digits = book().digits[node.currency]
                step = max(step, Fraction(*rounding.step) * 10**digits)
        total += step
    return total
