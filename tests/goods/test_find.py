"""Goods are found by every name they have, with errors of typing, and nothing by nonsense."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from xborder_cli.core.rule import Goods
from xborder_cli.goods.find import find, hs_of, near, texts_of
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables


@cache
def catalogue():
    return open_tables([bundled_folder()]).goods


def slugs(words):
    return [hit.slug for hit in find(catalogue(), words)]


@pytest.mark.parametrize("slug", sorted(catalogue()))
def test_each_name_finds_its_goods(slug):
    one = catalogue()[slug]
    assert slugs(slug)[0] == slug
    for kind, name in texts_of(one):
        found = slugs(name)
        # a synonym may be the name of other goods too
        assert slug in found if kind == "also" else found[0] == slug, (kind, name)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("phone case", "phone-case"),
        ("手机壳", "phone-case"),
        ("sneekers", "sneakers-textile"),
        ("运动鞋", "sneakers-textile"),
        ("power bnk", "power-bank"),
        ("tshirt", "t-shirt-cotton"),
        ("cotten tshirt", "t-shirt-cotton"),
        ("T恤", "t-shirt-cotton"),
        ("jeens", "jeans-cotton-mens"),
        ("bycicle", "bicycle"),
        ("green tea", "tea-green"),
        ("leather hand bag", "handbag-leather"),
        ("耳机", "headphones"),
        ("VACUUM CLEANER", "vacuum-cleaner"),
    ],
)
def test_what_people_type(words, first):
    assert slugs(words)[0] == first


@pytest.mark.parametrize("words", ["xyzzy", "zzz", "qqqq www", "?!", "一二三四五六"])
def test_nonsense_finds_nothing(words):
    assert find(catalogue(), words) == []


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(catalogue())), st.data())
def test_one_letter_too_few_or_swapped_is_forgiven(slug, data):
    words = slug.replace("-", " ")
    assume(len(words) >= 7)
    at = data.draw(st.integers(1, len(words) - 2))
    swapped = words[:at] + words[at + 1] + words[at] + words[at + 2 :]
    for typed in (words[:at] + words[at + 1 :], swapped):
        assert slug in slugs(typed) or slug in near(catalogue(), typed), typed


def test_a_slug_is_near_though_a_search_leaves_out_one_of_its_words():
    assert near(catalogue(), "hair crae other")[0] == "hair-care-other"


@given(st.integers(0, 99_999_999).map(str))
def test_a_prefix_finds_the_goods_of_its_codes(digits):
    expected = [
        slug for slug, one in catalogue().items() if one.hs.startswith(digits[: len(one.hs)])
    ]
    assert slugs(digits) == expected


def test_an_exact_slug_comes_first_then_an_exact_name():
    goods = {
        one.slug: one
        for one in (
            Goods("lamp-desk", "Desk lamp", "台灯", "940521", ()),
            Goods("bulb", "Lamp", "灯泡", "853952", ()),
            Goods("lamp", "Oil burner", "油灯", "940550", ()),
        )
    }
    assert [hit.slug for hit in find(goods, "lamp")] == ["lamp", "bulb", "lamp-desk"]
    assert [hit.by for hit in find(goods, "lamp")] == ["slug", "name", "slug"]


@pytest.mark.parametrize(
    ("text", "code"),
    [("6109.10", "610910"), ("6109 10 00", "61091000"), ("61", "61"), ("3d printer", ""), ("", "")],
)
def test_codes_are_told_from_words(text, code):
    assert hs_of(text) == code


def test_a_synonym_finds_as_a_name_does():
    pan = Goods("pan", "Frying pan", "煎锅", "732393", (), also=("skillet", "平底锅"))
    goods = {"pot": Goods("pot", "Cooking pot", "汤锅", "732393", ()), "pan": pan}
    for words in ("skillet", "平底锅", "skilet"):
        (hit,) = find(goods, words)
        assert (hit.slug, hit.by) == ("pan", "also")
