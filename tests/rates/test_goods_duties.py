"""Duties drawn by lot and the duty of goods people sell, as literals, against the shipped tables.

Each literal is looked up by the finder of test_duties_against_facts.py; the duty of goods is then
also priced, as a search for goods prices it.
"""

from __future__ import annotations

import pytest

from tests.duty_entries import book
from tests.rates.duty_cells import CELLS, CLAIMED, GOODS
from tests.rates.test_duties_against_facts import find, terms_text
from xborder_cli.goods.rates import consignment, duties
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.load import load_tables
from xborder_cli.units import parse_day

ON = "2026-11-22"
PRICED_IN = {"EU": "DE"}  # a union is no destination itself

# Of the 187 goods, how many have a most-favoured-nation row in what was gathered of each tariff.
GATHERED = {
    "US": 187,
    "EU": 187,
    "GB": 187,
    "JP": 185,
    "AU": 187,
    "CA": 182,
    "CH": 168,
    "KR": 180,
    "IN": 182,
    "BR": 147,
    "SG": 187,
    "AE": 187,
    "SA": 187,
    "NO": 164,
    "NZ": 127,
    "MX": 71,
    "ZA": 78,
}

# Goods that pay more than the ordinary duty, or may not enter: what a search says instead.
FURTHER = {
    ("wine", "SA"): "-",  # refused
    ("whisky", "SG"): "88 SGD / litre_alcohol",  # the excise
    ("baijiu-spirits", "GB"): "?",  # free of duty, the excise is not in the tables
    ("bicycle", "EU"): "62.5 %",  # 14 % and 48.5 % anti-dumping
}


@pytest.fixture(scope="module")
def tables():
    return load_tables([bundled_folder()])


def found(tables, tariff, programme, code, origin, on, line):
    row = find(tables.programmes[tariff, programme].rows, code, origin, on, line)
    return terms_text(row.terms) if row else "-"


@pytest.mark.parametrize(("tariff", "programme", "code", "origin", "on", "rate"), CELLS)
def test_a_rate_drawn_by_lot(tables, tariff, programme, code, origin, on, rate):
    assert found(tables, tariff, programme, code, origin, on, {}) == rate


@pytest.mark.parametrize(("tariff", "code", "origin", "claim", "rate"), CLAIMED)
def test_a_preference_holds_for_who_claims_it(tables, tariff, code, origin, claim, rate):
    line = {"claim": claim}
    assert found(tables, tariff, "preference", code, origin, ON, line) == rate
    assert found(tables, tariff, "preference", code, origin, ON, {}) == "-"


@pytest.mark.parametrize(("goods", "tariff", "programme", "rate"), GOODS)
def test_the_duty_of_goods_by_the_table(tables, goods, tariff, programme, rate):
    code = tables.goods[goods].hs
    assert found(tables, tariff, programme, code, "CN", ON, {"goods": goods}) == rate


@pytest.mark.parametrize(("tariff", "gathered"), GATHERED.items())
def test_goods_have_the_rows_that_were_gathered(tables, tariff, gathered):
    rates = {
        goods: found(tables, tariff, "mfn", one.hs, "CN", ON, {"goods": goods})
        for goods, one in tables.goods.items()
    }
    assert len(rates) == 187
    assert sum(rate != "-" for rate in rates.values()) >= gathered


# Several programmes stack in the first two, so that one literal is not the whole duty.
PRICED = [
    (goods, tariff, rate)
    for goods, tariff, programme, rate in GOODS
    if programme == "mfn" and tariff not in ("US", "IN") and rate != "words"
]


@pytest.mark.parametrize(("goods", "tariff", "rate"), PRICED)
def test_the_duty_of_goods_as_it_is_priced(goods, tariff, rate):
    made = consignment("CN", parse_day(ON), goods=goods)
    (duty,) = duties(book(), made, [PRICED_IN.get(tariff, tariff)])
    assert duty.text == FURTHER.get((goods, tariff), rate)


def test_every_good_has_a_literal(tables):
    assert {goods for goods, *_ in GOODS} == set(tables.goods)


def test_every_good_has_other_words(tables):
    """In both languages, and none that is another good's as well."""
    owner: dict[str, str] = {}
    for slug, goods in tables.goods.items():
        assert 3 <= len(goods.also) <= 16, slug
        assert any(word.isascii() for word in goods.also), slug
        assert any("\u4e00" <= sign <= "\u9fff" for word in goods.also for sign in word), slug
        for word in goods.also:
            assert owner.setdefault(word.lower(), slug) == slug, word
