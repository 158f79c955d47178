"""Goods by words: slug, English and Chinese names, synonyms, HS prefix; typing errors forgiven."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xborder_cli.core.rule import Goods

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SURE: Final = 80  # a hit at or above it shares whole words with what was asked
LEAST: Final = 70  # below it a likeness is an accident of letters
BAND: Final = 14  # sure hits further behind the best are of another kind
NARROW: Final = 3  # the same among unsure ones: the best guess, and its equals
NEAR: Final = 62  # worth proposing when nothing was found
NEAR_BAND: Final = 8  # of those, only the best and their likes
PROPOSED: Final = 3
_CODE: Final = re.compile(r"[0-9][0-9. ]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Goods that were found, and by what."""

    goods: Goods
    by: str  # slug, name, name_zh, also, hs
    score: int  # 0 to 100

    @property
    def slug(self) -> str:
        """What the goods are called in tables."""
        return self.goods.slug


def hs_of(words: str) -> str:
    """Return the digits of an HS code or the beginning of one, "" when the words are none.

    >>> hs_of("6109.10"), hs_of("6109 10"), hs_of("3d printer")
    ('610910', '610910', '')
    """
    text = words.strip()
    return re.sub(r"[. ]", "", text) if _CODE.fullmatch(text) else ""


def find(goods: Mapping[str, Goods], words: str) -> list[Hit]:
    """Return goods that words may mean, the likeliest first; of equals, in order of the table.

    Args:
        goods: the catalogue, by slug.
        words: of a person, in English or Chinese; or an HS code or the beginning of one.
    """
    code = hs_of(words)
    if code:
        return [
            Hit(goods=one, by="hs", score=100)
            for one in goods.values()
            if one.hs.startswith(code[: len(one.hs)])
        ]
    hits = _scored(goods, words)
    if not hits or hits[0].score < LEAST:
        return []
    best = hits[0].score
    floor = max(SURE, best - BAND) if best >= SURE else best - NARROW
    return [hit for hit in hits if hit.score >= floor]


def near(goods: Mapping[str, Goods], words: str, most: int = PROPOSED) -> list[str]:
    """Return slugs that are a little like some words, the likeliest first."""
    hits = _scored(goods, words)[:most]
    return [hit.slug for hit in hits if hit.score >= hits[0].score - NEAR_BAND]


def nameless(hs: str) -> Hit:
    """Return an HS code that no goods of the catalogue have, as goods without a name."""
    return Hit(goods=Goods(slug="", name="", name_zh="", hs=hs, traits=()), by="hs", score=100)


def texts_of(one: Goods) -> Iterator[tuple[str, str]]:
    """Yield what goods are called, and which kind of name it is."""
    yield "slug", one.slug.replace("-", " ")
    yield "name", one.name
    yield "name_zh", one.name_zh
    for synonym in one.also:
        yield "also", synonym


def _scored(goods: Mapping[str, Goods], words: str) -> list[Hit]:
    # WRatio is the scorer for a short question against names of any length: the best of the plain,
    # the partial and the word-order-free likeness, the loose ones worth less. Of those that
    # rapidfuzz has, the set ratios give 100 to any shared word, and the plain ones fail long names.
    from rapidfuzz import fuzz, process, utils

    wanted = utils.default_process(words)
    texts = {
        (slug, kind, place): folded
        for slug, one in goods.items()
        for place, (kind, text) in enumerate(_written(one))
        if (folded := utils.default_process(text))
    }
    best: dict[str, tuple[tuple[int, float], str]] = {}
    scored = process.extract(wanted, texts, scorer=fuzz.WRatio, limit=None, score_cutoff=NEAR)
    for text, score, (slug, kind, _) in scored:
        key = (_exact(wanted, text, kind), score)
        if slug not in best or key > best[slug][0]:
            best[slug] = (key, kind)
    order = {slug: place for place, slug in enumerate(goods)}
    ranked = sorted(best, key=lambda slug: (*(-part for part in best[slug][0]), order[slug]))
    return [
        Hit(goods=goods[slug], by=best[slug][1], score=round(best[slug][0][1])) for slug in ranked
    ]


def _written(one: Goods) -> Iterator[tuple[str, str]]:
    """Yield the names of goods, those with hyphens also without: people write tshirt."""
    for kind, text in texts_of(one):
        yield kind, text
        if "-" in text:
            yield kind, text.replace("-", "")
    if "-" in one.slug:
        yield "slug", one.slug.replace("-", "")


def _exact(wanted: str, text: str, kind: str) -> int:
    """Return how literally a name has the words: all of it, each as a word, or neither."""
    if wanted == text:
        return 3 if kind == "slug" else 2
    return int(set(wanted.split()) <= set(text.split()))
