"""A first look: what each column is taken for, how much of it can be read."""

from __future__ import annotations

from tests.batch.block_making import block_of, tables
from xborder_cli.adapters.stated import Stated
from xborder_cli.batch.check import checked
from xborder_cli.batch.headings import meanings_of
from xborder_cli.batch.understand import Understanding


def look(rows, defaults=None):
    block = block_of(rows)
    meanings = meanings_of(list(block.cells), "o.csv", mapped={}, currencies=tables().digits)
    given = defaults or Stated()
    reader = Understanding(meanings, given, tables(), today=20_780)
    return checked(block, meanings, reader, given)


def test_columns_and_their_faults():
    row = {
        "order_id": "1",
        "from": "CN",
        "to": "DE",
        "weight_g": "500",
        "value": "3USD",
        "Who": "x",
    }
    found = look(
        [
            row,
            {**row, "order_id": "2", "weight_g": "heavy"},
            {**row, "order_id": "3", "weight_g": "700"},
            {**row, "order_id": "4", "weight_g": "very", "Who": ""},
        ]
    )
    weight = next(one for one in found.columns if one.meaning.heading == "weight_g")
    assert (weight.meaning.ours, weight.meaning.unit) == ("weight", "g")
    assert (weight.filled, weight.unreadable, weight.samples) == (4, 2, ("500", "heavy", "700"))
    assert weight.first is not None and (weight.first.line, weight.first.code) == (3, "bad-weight")
    who = next(one for one in found.columns if one.meaning.heading == "Who")
    assert (who.meaning.ours, who.filled) == ("", 3)
    assert (found.orders, found.readable, found.missing) == (4, 2, ())
    assert found.sample is not None
    assert found.sample.ids.to_pylist() == ["1", "3"]
    assert found.sample.line.tolist() == [2, 4]


def test_what_is_missing_is_told_and_nothing_is_priced():
    found = look([{"Name": "#1", "to": "DE"}])
    assert [one.what for one in found.missing] == ['no column "from"', 'no column "value"']
    assert found.sample is None
