"""Counts add up, whatever the blocks; a lost row is an error."""

import json
from collections import Counter
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.batch_side import DIGITS, answers, at
from xborder_cli.batch.answer import answer_table
from xborder_cli.batch.report import report_json, summary_lines
from xborder_cli.batch.spend import Spend
from xborder_cli.batch.tally import MiscountError, Tally, tally_of


@settings(max_examples=50, deadline=None)
@given(answers())
def test_a_tally_counts_as_one_would_by_hand(answer):
    block, orders, picked = answer
    tally = tally_of(block, orders, picked, digits=DIGITS)
    tally.check()
    assert (tally.rows, tally.orders) == (block.order.size, len(block.ids))
    assert tally.reject_codes == Counter(one.code for one in orders.rejects)
    assert tally.rejected_rows == sum(
        int((block.order == order).sum())
        for order in {int(block.order[r.row]) for r in orders.rejects}
    )
    spend = {}
    for group, one in zip(orders.groups, picked, strict=True):
        for m, parcel in enumerate(one.parcel):
            if one.columns["rank"][m] == 1:
                key = at(one.columns["mode"], m), at(group.currency, parcel)
                found = spend.setdefault(key, [0, 0, 0, 0])
                whole = 0 if one.columns["complete"][m] else 2
                found[whole] += 1
                found[whole + 1] += int(one.columns["total"][m]) - int(
                    one.columns["recoverable"][m]
                )
    assert spend == {
        key: [s.orders, s.minor, s.incomplete_orders, s.incomplete_minor]
        for key, s in tally.spend.items()
    }
    table = answer_table(*answer, fields=("rank",), keep=(), digits=DIGITS)
    assert tally.output_rows == table.num_rows


@settings(max_examples=25, deadline=None)
@given(st.lists(answers(), max_size=4))
def test_tallies_add_up_and_survive_the_journal(found):
    tallies = [tally_of(*one, digits=DIGITS) for one in found]
    total = sum(tallies, Tally())
    total.check()
    assert Tally.from_json(json.loads(json.dumps(total.to_json()))) == total
    again = sum(reversed(tallies), Tally())
    assert report_json(again, {}) == report_json(total, {})
    assert list(summary_lines(again, 1.5)) == list(summary_lines(total, 1.5))
    assert all(len(line) <= 80 for line in summary_lines(total, 1.5))


@given(answers().filter(lambda answer: answer[1].refused))
@settings(max_examples=20, deadline=None)
def test_an_order_that_is_lost_or_counted_twice_is_an_error(answer):
    block, orders, picked = answer
    one = orders.refused.pop()
    with pytest.raises(MiscountError, match="is lost"):
        tally_of(block, orders, picked, digits=DIGITS)
    orders.refused += [one, one]
    with pytest.raises(MiscountError, match="has two fates"):
        tally_of(block, orders, picked, digits=DIGITS)


def test_a_sum_that_does_not_hold_is_an_error():
    with pytest.raises(MiscountError, match="5 rows of 3 orders came in, 4 of 3 are"):
        Tally(rows=5, orders=3, priced=3, priced_rows=4).check()


def test_amounts_of_many_orders_do_not_overflow():
    from xborder_cli.batch.spend import spend_of
    from xborder_cli.core.parcels import Codes
    from xborder_cli.core.picked import Picked

    n, amount = 1000, 2**62
    columns = {
        "rank": np.ones(n, np.int64),
        "mode": Codes(("m",)),
        "total": np.full(n, amount),
        "recoverable": np.zeros(n, np.int64),
        "complete": np.ones(n, bool),
    }
    rows, none = np.arange(n), np.empty(0, np.int64)
    picked = Picked(parcel=rows, columns=columns, none=none, code=Codes(("",)), reason=Codes(("",)))
    found = spend_of(Codes(("USD",)), picked, DIGITS)
    assert found == {("m", "USD"): Spend(2, n, n * amount)}


TALLY = Tally(
    rows=1_200_000,
    orders=1_000_000,
    priced=998_000,
    unpriceable=1_500,
    rejected=500,
    priced_rows=1_197_800,
    unpriceable_rows=1_600,
    rejected_rows=600,
    output_rows=999_500,
    reject_codes=Counter({"bad-weight": 400, "bad-country": 210}),
    unpriceable_codes=Counter({"too-heavy": 1_200, "goods-refused": 300}),
    spend={
        ("postal_parcel", "USD"): Spend(2, 600_000, 412_345_678, 8_000, 5_432_100),
        ("dedicated_line", "JPY"): Spend(0, 390_000, 987_654_321),
    },
)


def test_a_summary_reads_well():
    assert "\n".join(summary_lines(TALLY, 41.2)) == "\n".join(
        (
            "1,000,000 orders in 1,200,000 rows: 998,000 priced",
            "1,500 orders without any option:",
            "         1,200  too-heavy",
            "           300  goods-refused",
            "600 rows rejected, faults by code:",
            "           400  bad-weight",
            "           210  bad-country",
            "landed cost of the best option of each order:",
            "       600,000  postal_parcel   4,123,456.78 USD",
            "       390,000  dedicated_line   987,654,321 JPY",
            "         8,000  postal_parcel    >=54,321.00 USD",
            "took 41.2 s, 24,272 orders a second",
        )
    )


def test_a_report_says_it_to_a_program():
    TALLY.check()
    report = json.loads(report_json(TALLY, {"seconds": "41.2"}))
    assert report["schema"] == "xb.batch/1"
    rows = report["rows"]
    assert rows["in"] == rows["priced"] + rows["unpriceable"] + rows["rejected"]
    assert [one["mode"] for one in report["spend"]] == ["dedicated_line", "postal_parcel"]
    assert Decimal(report["spend"][1]["landed_cost"]) == Decimal("4123456.78")
    assert report["rejected"][0] == {"code": "bad-weight", "faults": 400}


def test_a_run_that_went_on_is_not_praised_for_what_another_did():
    *_, last = summary_lines(TALLY, 2.0, earlier=999_000)
    assert last == "took 2.0 s for the last 1,000 orders, 500 orders a second"
