"""Priced orders as a table: the same text in every field as the rows of quotes had."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.batch_side import DIGITS, MINOR, TEXTS, answers, at, part
from xborder_cli import units
from xborder_cli.batch.answer import answer_table
from xborder_cli.batch.decimals import decimal_texts, weight_texts
from xborder_cli.batch.encode import encoded
from xborder_cli.batch.fields import OURS
from xborder_cli.batch.tally import Tally, tally_of
from xborder_cli.cli.render.rows import ORDER_FIELDS, money
from xborder_cli.core.picked import NOT_SOLD, UNKNOWN_DAYS

AMOUNT = st.integers(-(10**17), 10**17) | st.integers(-1200, 1200) | st.just(0)


def test_the_fields_are_those_of_a_row():
    assert set(ORDER_FIELDS) == OURS


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(AMOUNT | st.just(-(2**63)) | st.just(2**63 - 1), st.integers(0, 6))))
def test_amounts_are_written_as_one_by_one(pairs):
    values = np.array([value for value, _ in pairs], dtype=np.int64)
    digits = np.array([d for _, d in pairs], dtype=np.int64)
    expected = [units.minor_text(value, d) for value, d in pairs]
    found = decimal_texts(values, digits)
    found.validate(full=True)
    assert found.to_pylist() == expected
    for d in (0, 2, 3):
        assert decimal_texts(values, d).to_pylist() == [units.minor_text(v, d) for v, _ in pairs]


@given(st.lists(st.integers(0, 10**12) | st.integers(0, 10**6).map(lambda g: g * 1000)))
def test_weights_are_written_as_one_by_one(values):
    found = weight_texts(np.array(values, dtype=np.int64)).to_pylist()
    assert found == [units.weight_text(value) for value in values]


def one_by_one(block, orders, picked, keep):
    """Rows as dicts of text, made the slow and plain way."""
    rows = []
    for group, one in zip(orders.groups, picked, strict=True):
        for m, parcel in enumerate(one.parcel):
            currency = at(group.currency, parcel)
            row = {name: at(one.columns[name], m) for name in TEXTS}
            row |= {c: money(int(one.columns[c][m]), currency, DIGITS) for c in MINOR}
            cost = int(one.columns["total"][m]) - int(one.columns["recoverable"][m])
            row["landed_cost"] = money(cost, currency, DIGITS)
            left = int(one.columns["margin"][m])
            row["margin"] = "" if left == NOT_SOLD else money(left, currency, DIGITS)
            row["rank"] = str(one.columns["rank"][m])
            for name in ("transit_days_min", "transit_days_max"):
                days = int(one.columns[name][m])
                row[name] = "" if days == UNKNOWN_DAYS else str(days)
            row["chargeable_weight_kg"] = units.weight_text(int(one.columns["chargeable_mg"][m]))
            row |= {c: str(bool(one.columns[c][m])).lower() for c in ("complete", "pareto")}
            said = (at(group.said, parcel), row["assumptions"])
            row["assumptions"] = "; ".join(text for text in said if text)
            row |= {"currency": currency, "problem": "", "reason": ""}
            rows.append((int(group.orders[parcel]), row))
        for m, parcel in enumerate(one.none):
            why = {"problem": at(one.code, m), "reason": at(one.reason, m)}
            rows.append((int(group.orders[parcel]), {**dict.fromkeys(OURS, ""), **why}))
    for one in orders.refused:
        why = {"problem": one.code, "reason": one.reason}
        rows.append((one.order, {**dict.fromkeys(OURS, ""), **why}))
    rows.sort(key=lambda pair: pair[0])
    for order, row in rows:
        row["order_id"] = block.ids[order].as_py()
        mine = [
            cell
            for place, cell in zip(block.order, block.cells["SKU"], strict=True)
            if place == order and cell.is_valid
        ]
        row |= {name: mine[0].as_py() if mine else "" for name in keep}
    return [row for _, row in rows]


def text(value):
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@settings(max_examples=50, deadline=None)
@given(answers())
def test_a_table_has_what_rows_made_one_by_one_have(answer):
    block, orders, picked = answer
    table = answer_table(
        block, orders, picked, fields=ORDER_FIELDS, keep=("SKU", "total", "gone"), digits=DIGITS
    )
    table.validate(full=True)
    expected = one_by_one(block, orders, picked, ("SKU", "in_total"))
    found = [{k: text(v) for k, v in row.items()} for row in table.to_pylist()]
    assert found == [{k: row.get(k, "") for k in table.column_names} for row in expected]


@pytest.mark.parametrize("fields", [("rank",), ("order_id", "problem"), ("total", "currency")])
@settings(max_examples=30, deadline=None)
@given(answer=answers())
def test_columns_do_not_depend_on_each_other(fields, answer):
    whole = answer_table(*answer, fields=ORDER_FIELDS, keep=(), digits=DIGITS)
    assert answer_table(*answer, fields=fields, keep=(), digits=DIGITS) == whole.select(fields)


@pytest.mark.parametrize("kind", ["csv", "jsonl", "json"])
@settings(max_examples=25, deadline=None)
@given(answer=answers(), cuts=st.lists(st.integers(0, 9), max_size=3))
def test_the_same_orders_in_other_blocks_are_the_same_bytes(kind, answer, cuts):
    def written(*block):
        table = answer_table(*block, fields=ORDER_FIELDS, keep=("SKU",), digits=DIGITS)
        return encoded(table, kind)

    n = len(answer[0].ids)
    ends = sorted({0, n, *(cut for cut in cuts if cut < n)})
    pieces = [part(answer, first, last) for first, last in pairwise(ends)]
    assert b"".join(written(*piece) for piece in pieces) == (written(*answer) if n else b"")
    tallies = [tally_of(*piece, digits=DIGITS) for piece in pieces]
    assert sum(tallies, Tally()) == tally_of(*answer, digits=DIGITS)
