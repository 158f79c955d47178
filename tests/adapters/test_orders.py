"""Order files: delimiters, encodings, several rows an order, and nothing lost."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xborder_cli.adapters.names import Names
from xborder_cli.adapters.order_rows import read_rows
from xborder_cli.adapters.orders import KNOWN, read_orders
from xborder_cli.adapters.stated import Stated
from xborder_cli.errors import OrderError

HEAD = "order_id,from,to,weight,value,currency,goods"


def orders(text: str | bytes, *, mapped=None, defaults=None):
    raw = text.encode() if isinstance(text, str) else text
    found, made = read_orders(
        raw, "o.csv", mapped=mapped or {}, defaults=defaults or Stated(), today=20_000, names=None
    )
    return found, list(made)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter):
    text = f"{HEAD}\n1,CN,US,0.5kg,9.90,USD,tea\n".replace(",", delimiter)
    _, (order,) = orders(text)
    assert order.shipment.items[0].value.amount == (99, 10)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(encoding):
    text = f"{HEAD}\n甲一号订单,CN,US,0.5kg,9.90,USD,tea\n"
    _, (order,) = orders(text.encode(encoding))
    assert order.id == "甲一号订单"


def test_neither_encoding():
    with pytest.raises(OrderError, match=r"o.csv:2: byte 0xff is neither") as error:
        orders(f"{HEAD}\n1,CN,US,\xff\xff\n".encode("latin-1"))
    assert error.value.problems[0].code == "bad-encoding"


def test_a_delimiter_inside_quotes_is_text():
    _, (order,) = orders(f'{HEAD},area\n1,CN,US,0.5kg,9.90,USD,tea,"a, b; c"\n')
    assert order.shipment.area == "a, b; c"


def test_a_quoted_line_break_keeps_line_numbers():
    text = f'{HEAD},area\n1,CN,US,0.5kg,9.90,USD,tea,"a\nb"\n2,CN,US,x,9.90,USD,tea,\n'
    _, (first, second) = orders(text)
    assert first.rows[0].line == 2
    assert [(r.line, r.column, r.code) for r in second.rejects] == [(4, "weight", "bad-weight")]
    assert second.rejects[0].raw == "2,CN,US,x,9.90,USD,tea,"


def test_rows_of_one_order_need_not_stand_together():
    text = f"{HEAD}\n1,CN,US,0.5kg,9,USD,tea\n2,CN,US,0.5kg,9,USD,tea\n1,,,,4,USD,lamp\n"
    _, (first, second) = orders(text)
    assert [item.goods for item in first.shipment.items] == ["tea", "lamp"]
    assert len(first.rows) == 2
    assert second.id == "2"


def test_rows_without_a_number_are_orders_of_their_own():
    _, made = orders("from,to,weight,value\nCN,US,1kg,3USD\nCN,US,1kg,4USD\n")
    assert [order.id for order in made] == ["1", "2"]


def test_rows_that_disagree():
    text = f"{HEAD}\n1,CN,US,0.5kg,9,USD,tea\n1,CN,GB,0.5kg,4,USD,lamp\n"
    _, (order,) = orders(text)
    assert order.shipment is None
    assert [(r.line, r.code) for r in order.rejects] == [
        (2, "order-incomplete"),
        (3, "rows-disagree"),
    ]


def test_a_bad_row_takes_its_order_with_it_and_says_so():
    text = f"{HEAD}\n1,CN,US,0.5kg,9,USD,tea\n1,,,,4 pounds,,lamp\n"
    _, (order,) = orders(text)
    assert {(r.line, r.code) for r in order.rejects} == {(2, "order-incomplete"), (3, "bad-value")}


def test_two_currencies():
    _, (order,) = orders(f"{HEAD}\n1,CN,US,0.5kg,9EUR,USD,tea\n")
    assert order.rejects[0].code == "two-currencies"


def test_flags_of_one_kind_of_goods_hold_for_orders_of_one_line():
    text = "order_id,from,to,weight,value\n1,CN,DE,1kg,\n2,CN,DE,1kg,3EUR\n"
    given = Stated(value="9EUR", quantity="2", units=("litre=1",))
    _, made = orders(text, defaults=given)
    assert [order.shipment.items[0].value.amount for order in made] == [(9, 1), (3, 1)]
    assert [order.shipment.items[0].quantity for order in made] == [2, 2]
    assert made[0].shipment.items[0].units == {"litre": (1, 1)}


def test_flags_of_one_kind_of_goods_are_not_shared_by_lines():
    text = "order_id,from,to,weight,value\n1,CN,DE,1kg,\n1,CN,DE,1kg,3EUR\n"
    _, (order,) = orders(text, defaults=Stated(value="9EUR"))
    assert [(r.line, r.column, r.code) for r in order.rejects] == [
        (2, "value", "missing"),
        (3, "order_id", "order-incomplete"),
    ]
    _, (order,) = orders(text.replace("1kg,\n", "1kg,1EUR\n"), defaults=Stated(quantity="2"))
    assert [(r.column, r.code) for r in order.rejects] == [("quantity", "goods-twice")] * 2


def test_items_of_flags_hold_where_a_row_has_no_goods():
    text = "from,to,weight\nCN,DE,1kg\n"
    _, (order,) = orders(text, defaults=Stated(items=("value=1EUR", "value=2EUR")))
    assert [item.value.amount for item in order.shipment.items] == [(1, 1), (2, 1)]


def test_a_missing_value_is_told_of_its_column():
    _, (order,) = orders("from,to,weight,Total\nCN,DE,1kg,\n", mapped={"value": "Total"})
    assert [(r.column, r.code) for r in order.rejects] == [("Total", "missing")]


def test_a_blank_order_id_collides_with_none():
    text = f"{HEAD}\n,CN,US,1kg,3,USD,tea\n1,CN,US,1kg,3,USD,tea\nline-2,CN,US,1kg,3,USD,tea\n"
    found, made = orders(text)
    assert [order.id for order in made] == ["line-2-unnamed", "1", "line-2"]
    assert found.remarks == ["1 row has no order_id: named by line, as line-2-unnamed"]


def test_rows_without_any_id_are_numbered():
    _, made = orders("from,to,weight,value\nCN,DE,1kg,3EUR\nCN,DE,1kg,3EUR\n")
    assert [order.id for order in made] == ["1", "2"]


def test_a_row_with_an_unknown_name_is_rejected():
    names = Names(countries={}, goods={}, currencies=(), known={"scheme": ("ioss", "none")})
    text = "from,to,weight,value,Scheme\nCN,DE,1kg,3EUR,IOSS\nCN,DE,1kg,3EUR,foo\n"
    _, made = read_orders(
        text.encode(), "o.csv", mapped={}, defaults=Stated(), today=20_000, names=names
    )
    first, second = made
    assert first.shipment.scheme == "ioss"
    assert [(one.column, one.code) for one in second.rejects] == [("Scheme", "unknown-scheme")]


def test_defaults_fill_blanks_only():
    defaults = Stated(origin="CN", weight="2kg", goods="tea")
    _, made = orders("to,weight,value\nUS,,3USD\nUS,1kg,3USD\n", defaults=defaults)
    assert [order.shipment.weight_mg for order in made] == [2_000_000, 1_000_000]
    assert made[0].shipment.items[0].goods == "tea"


def test_units_in_headings():
    text = "from,to,weight_g,size_mm,value\nCN,US,850,300x200x100,3USD\n"
    _, (order,) = orders(text)
    assert (order.shipment.weight_mg, order.shipment.length_dmm) == (850_000, 3000)


def test_map_and_headings_in_any_dress():
    text = "Order ID,Ship From,TO,Weight,Total\nA,CN,US,1kg,3USD\n"
    _, (order,) = orders(text, mapped={"from": "Ship From", "value": "Total"})
    assert (order.id, order.shipment.origin) == ("A", "CN")


def test_too_many_cells_are_rejected():
    _, (order,) = orders("from,to,weight,value\nCN,US,1,5kg,3USD\n")
    assert order.rejects[0].words == '5 cells under 4 columns; a cell that holds "," needs quotes'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no-orders"),
        ("\n \n", "no-orders"),
        (f"{HEAD}\n", "no-orders"),
        ("name,country\n1,US\n", "no-column"),
        ("from,to,value,To\nCN,US,3USD,GB\n", "two-columns"),
    ],
)
def test_files_that_cannot_be_read(text, code):
    with pytest.raises(OrderError) as error:
        orders(text)
    assert error.value.problems[0].code == code
    assert error.value.exit_code == 3


def test_map_to_a_column_that_is_not_there():
    with pytest.raises(OrderError, match='no column "Total"'):
        orders(f"{HEAD}\n1,CN,US,1kg,3,USD,tea\n", mapped={"value": "Total"})


def test_json_lines_with_nested_items():
    lane = {"from": "CN", "to": "US", "weight": "1kg"}
    tea = {"goods": "tea", "qty": 2, "value": 3.5, "currency": "USD"}
    rows = [
        {"order_id": 1, **lane, "items": [tea]},
        {"order_id": 2, **lane, "value": 0.1, "currency": "USD", "traits": ["liquid"]},
    ]
    _, (first, second) = orders("\n".join(map(json.dumps, rows)))
    assert (first.shipment.items[0].quantity, first.shipment.items[0].value.amount) == (2, (7, 2))
    assert (second.shipment.items[0].traits, second.shipment.items[0].value.amount) == (
        ("liquid",),
        (1, 10),
    )


def test_a_row_with_items_has_no_goods_of_its_own():
    row = {"from": "CN", "to": "US", "weight": "1kg", "value": "3USD", "items": ["value=3USD"]}
    _, (order,) = orders(json.dumps(row))
    assert [(one.column, one.code) for one in order.rejects] == [("value", "goods-twice")]
    del row["value"]
    _, (order,) = orders(json.dumps({**row, "traits": ["liquid"], "origin": "VN"}))
    (item,) = order.shipment.items
    assert (item.traits, item.origin) == (("liquid",), "VN")


def test_a_broken_json_line_is_one_reject():
    _, (first, second) = orders(
        '{"from": "CN", "to": "US", "weight": "1kg", "value": "3USD"}\n{"from": \n'
    )
    assert first.shipment is not None
    assert second.rejects[0].code == "bad-row"


cell = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@given(st.lists(st.tuples(cell, cell, cell, cell), min_size=1, max_size=12))
def test_no_row_vanishes(rows):
    import csv
    import io

    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerows([("order_id", "to", "weight", "value"), *rows])
    defaults = Stated(origin="CN")
    try:
        found, made = orders(buffer.getvalue(), defaults=defaults)
    except OrderError:
        assert not any(part.strip() for row in rows for part in row)
        return
    assert sum(len(order.rows) for order in made) == len(found.rows)
    for order in made:
        bad = {reject.line for reject in order.rejects}
        assert (order.shipment is None) == bool(bad)
        assert not bad or bad == {row.line for row in order.rows}


def test_lines_end_only_at_line_ends():
    text = f"{HEAD}\n1,CN,US,0.5kg,9,USD,te\x0ca\u2028b\n"
    rows = read_rows(text.encode(), "o.csv", known=KNOWN, mapped={}).rows
    assert len(rows) == 1
