"""Rows found once for codes, origins and days alike are those that a plain search finds."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from xborder_cli.core.parcels import Thing
from xborder_cli.core.programme_lines import line_of
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables

DAYS = range(20_400, 20_900, 7)


@pytest.fixture(scope="module")
def book():
    return open_tables([bundled_folder()])


def searched(programme, hs, origin, day, by):
    """Return rows, best first, up to the first without a condition: the longest prefix first."""
    out = []
    for length in range(len(hs), -1, -1):
        rows = [
            row
            for row in programme.rows.get(hs[:length]) or ()
            if row.origin in ("", origin)
            and row.since <= day
            and (row.until is None or day <= row.until)
            and row.key == by
        ]
        for row in sorted(rows, key=lambda row: (row.origin == "", not row.when, -row.since)):
            out.append(row)
            if not row.when:
                return out
    return out


def test_found_once_is_found_each_time(book):
    rng = random.Random(5)
    codes = sorted({goods.hs for goods in book.goods.values()})
    found = 0
    for key in sorted(set(book.programmes.values())):
        programme = book.take(key)
        origins = {row.origin for rows in programme.rows.values() for row in rows} | {"", "ZZ"}
        keys = {row.key for rows in programme.rows.values() for row in rows} | {""}
        for _ in range(40):
            hs, origin = rng.choice(codes), rng.choice(sorted(origins))
            day, by = rng.choice(DAYS), rng.choice(sorted(keys))
            line = line_of(book, programme, hs)
            mine = [] if line is None else [choice.row for choice in line.on(origin, day, by)]
            plain = searched(programme, hs, origin, day, by)
            assert [id(row) for row in mine] == [id(row) for row in plain], (key, hs, origin, day)
            found += bool(plain)
    assert found > 500


def share(terms):
    """Return a rate that is a plain percent, exactly; None of any other."""
    if terms.words or len(terms.parts) > 1 or terms.low or terms.high:
        return None
    if not terms.parts:
        return Fraction(0)
    (part,) = terms.parts
    return None if part.currency or part.of != "base" else Fraction(*part.amount)


def test_what_a_short_code_leaves_open_is_never_more_than_what_any_longer_one_pays(book):
    """Nothing is left open exactly where all ways of writing the code out pay the same."""
    rng = random.Random(11)
    opened = settled = 0
    for key in sorted(set(book.programmes.values())):
        programme = book.take(key)
        longer = sorted(code for code in programme.rows if len(code) > 6)
        if not longer:
            continue
        origins = sorted({row.origin for rows in programme.rows.values() for row in rows} | {"ZZ"})
        for _ in range(60):
            hs, origin, day = rng.choice(longer)[:6], rng.choice(origins), rng.choice(DAYS)
            line = line_of(book, programme, hs)
            thing = Thing(hs, origin, "", frozenset(), frozenset())
            unsure = line.unsure(thing, day, "")
            below = [code for code in longer if code.startswith(hs)]
            ways = [
                [row for row in searched(programme, code, origin, day, "") if claimless(row)]
                for code in [*below, hs + "9999"]
            ]
            if unsure is None:
                own = searched(programme, hs, origin, day, "")
                explicit = any(row in programme.rows.get(hs, ()) and not row.when for row in own)
                unknown = not own and programme.default == "gap"
                rates = {way[0].code if way else None for way in ways}
                zeros = {share(programme.rates[code]) if code is not None else 0 for code in rates}
                assert explicit or unknown or len(rates) == 1 or zeros == {0}, (key, hs, origin)
                settled += 1
                continue
            opened += 1
            if any(row.when for way in ways for row in way):
                continue
            shares = [share(programme.rates[way[0].code]) if way else Fraction(0) for way in ways]
            least = [choice for choice in unsure if not choice.row.when]
            if None not in shares:
                found = share(least[0].terms) if least else Fraction(0)
                assert found == min(shares), (key, hs, origin, day)
    assert opened > 50
    assert settled > 500


def claimless(row):
    return not any(test.kind == "is" and test.name == "claim" for test in row.when)
