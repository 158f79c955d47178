"""Products by SKU: read strictly, put where rows are silent."""

from __future__ import annotations

import pytest

from tests.batch.block_making import block_of, tables, told
from xborder_cli.adapters.stated import Stated
from xborder_cli.batch.catalogue import Catalogue, read_catalogue
from xborder_cli.batch.headings import meanings_of
from xborder_cli.batch.understand import Understanding, names_of
from xborder_cli.errors import OrderError


def catalogue(tmp_path, text, **more):
    path = tmp_path / "products.csv"
    path.write_text(text, encoding="utf-8")
    return read_catalogue(str(path), names_of(tables()), **more)


def test_products_are_kept_in_words_that_are_sure(tmp_path):
    found = catalogue(
        tmp_path,
        "sku,weight_g,length_cm,width_cm,height_cm,hs,origin,price_usd,units,traits\n"
        "A,120,10,5.5,2,6109.10,vietnam,4.50,ml=750;net=1lb,liquid\n"
        "B,0,,,,,,,,\n"
        ",5,,,,,,,,\n",
    )
    assert found.products == {
        "A": {
            "weight": "120000mg",
            "size": "100.0mmx55.0mmx20.0mm",
            "hs": "610910",
            "origin": "VN",
            "value": "4.5USD",
            "units": "litre=0.75;net=453592mg",
            "traits": "liquid",
        },
        "B": {},
    }
    assert any("1 row without a SKU" in words for words in found.remarks)
    assert any("1 product of weight 0" in words for words in found.remarks)


def test_the_same_product_twice_is_one_and_a_contradiction_is_told(tmp_path):
    assert len(catalogue(tmp_path, "sku,weight\nA,1kg\nA,1000 g\n").products) == 1
    with pytest.raises(OrderError) as error:
        catalogue(tmp_path, "sku,weight\nA,1kg\nB,1kg\nA,2kg\nB,3kg\n")
    assert [(one.code, one.where.line) for one in error.value.problems] == [
        ("sku-twice", 4),
        ("sku-twice", 5),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("weight\n1kg\n", "no-column"),
        ("sku,weight\nA,120\n", "bad-weight"),
        ("sku,hs\nA,61\n", "bad-hs"),
        ("sku,goods\nA,no-such-thing\n", "unknown-goods"),
        ("sku,value\nA,12\n", "bad-value"),
    ],
)
def test_a_catalogue_that_is_wrong_is_not_used(tmp_path, text, code):
    with pytest.raises(OrderError) as error:
        catalogue(tmp_path, text)
    assert error.value.problems[0].code == code


def test_a_shop_s_own_export(tmp_path):
    found = catalogue(
        tmp_path,
        "Handle,Title,Option1 Value,Variant SKU,Variant Grams\nmug,Mug,,M-1,350.0\n",
    )
    assert found.products == {"M-1": {"weight": "350000mg"}}
    assert "is read as that" in found.remarks[0]


PRODUCTS = {
    "A": {"weight": "200g", "size": "10x10x2cm", "hs": "610910", "value": "4.50USD"},
    "B": {"weight": "1kg", "units": "litre=0.75", "hs": "220421", "value": "9USD"},
}


def read(rows, defaults=None):
    block = block_of(rows)
    meanings = meanings_of(
        list(block.cells), "o.csv", mapped={}, currencies=tables().digits, catalogued=True
    )
    reader = Understanding(
        meanings, defaults or Stated(), tables(), today=20_780, catalogue=Catalogue("p", PRODUCTS)
    )
    return reader.read(block), block.orders


LANE = {"from": "CN", "to": "DE"}


def test_weight_is_of_the_pieces_and_size_only_of_one():
    found, count = read(
        [
            {"order_id": "1", **LANE, "sku": "A", "quantity": "3"},
            {"order_id": "1", **LANE, "sku": "B"},
            {"order_id": "2", **LANE, "sku": "A"},
            {"order_id": "3", **LANE, "sku": "A", "weight": "1.2kg"},
        ]
    )
    first, second, third = told(found, count)
    assert first[2][2] == 1_600_000
    assert [line[0] for line in first[3]] == [(1350, "USD"), (900, "USD")]
    assert first[3][1][3] == {"litre": 750_000}
    assert first[2][3] == 0
    assert second[2][2:6] == (200_000, 1000, 1000, 200)
    assert third[2][2] == 1_200_000
    assert "weight summed" in first[2][-1] and "size of the piece" in second[2][-1]
    assert "weight summed" not in third[2][-1]


def test_a_sku_that_the_catalogue_lacks():
    found, _ = read(
        [
            {"order_id": "1", **LANE, "sku": "Z", "value": "3USD"},
            {"order_id": "2", **LANE, "sku": "Z", "value": "3USD", "hs": "610910", "weight": "1kg"},
        ]
    )
    (reject,) = found.rejects
    assert (reject.row, reject.column, reject.code) == (0, "sku", "unknown-sku")
    assert '"Z" is not in the catalogue' in reject.words
    assert sum(group.parcels.n for group in found.groups) == 1
