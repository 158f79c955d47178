"""Rows found once for codes, origins and days alike are those that a plain search finds."""

from __future__ import annotations

import random

import pytest

from xborder_cli.core.duty_rows import line_of
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
