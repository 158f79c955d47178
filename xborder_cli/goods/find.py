"""Goods by words: slug, English and Chinese names, synonyms, HS prefix; typing errors forgiven."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from xborder_cli.core.rule import Goods
from xborder_cli.goods.words import (
    FAR,
    asked,
    han_slips,
    heads_of,
    is_han,
    is_idle,
    parts_of,
    slips,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LIKE: Final = 62  # percent of letters from which a name is much alike
NEAR: Final = 40  # worth proposing when nothing was found: half of what was asked
NEAR_BAND: Final = 8  # of those, only the best and their likes
PROPOSED: Final = 3
_CODE: Final = re.compile(r"[0-9][0-9. ]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Goods that were found, and by what."""

    goods: Goods
    by: str  # slug, name, name_zh, also, hs
    score: int  # 0 to 100
    slips: int = 0  # typing errors that were forgiven, and Chinese characters that are missing

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


@dataclass(frozen=True, slots=True)
class _Name:
    """A name of goods, cut into words."""

    kind: str
    words: tuple[str, ...]

    @property
    def run(self) -> str:
        """The words written as one."""
        return "".join(self.words)


@dataclass(frozen=True, slots=True)
class _Known:
    """What goods are called, and which of the words say what they are."""

    names: tuple[_Name, ...]
    heads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """How goods answer a question."""

    slips: int  # typing errors, and characters that are missing
    scattered: bool  # no one name has all the words
    covered: float  # share of the words of the best name that were asked for
    by: str

    @property
    def score(self) -> float:
        """Never 100, which a name in full has."""
        worth = 95 - 12 * self.slips - 10 * self.scattered - 20 * (1 - self.covered)
        return max(worth, 1.0)


def find(goods: Mapping[str, Goods], words: str) -> list[Hit]:
    """Return goods that words may mean, the likeliest first; of equals, in order of the table.

    All the words have to be found among the words of the goods, and one of them has to say what
    the goods are: the last word of a synonym or of the first part of the name. A word that any
    goods have is no typing error of another.

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
    wanted = asked(words)
    if not wanted:
        return []
    run = "".join(words_of(words))
    right = _right(goods, wanted)
    exact: list[tuple[int, Hit]] = []
    found: list[tuple[_Found, Goods]] = []
    for one in goods.values():
        known = _known(one)
        same = next((name.kind for name in known.names if name.run == run), "")
        if same:
            exact.append((int(same != "slug"), Hit(goods=one, by=same, score=100)))
        elif answer := _answer(known, wanted, right):
            found.append((answer, one))
    exact.sort(key=lambda pair: pair[0])
    return [hit for _, hit in exact] + _likeliest(found, none=not exact)


def _likeliest(found: list[tuple[_Found, Goods]], *, none: bool) -> list[Hit]:
    """Return the best and their likes; beside a name in full, only words without an error."""
    best = min(((one.slips, one.scattered) for one, _ in found), default=(0, False))
    if not none and best != (0, False):
        return []
    kept = [(one, goods) for one, goods in found if (one.slips, one.scattered) == best]
    kept.sort(key=lambda pair: -pair[0].score)
    return [
        Hit(goods=goods, by=one.by, score=round(one.score), slips=one.slips) for one, goods in kept
    ]


def near(goods: Mapping[str, Goods], words: str, most: int = PROPOSED) -> list[str]:
    """Return slugs that have some of the words, or are written much alike, the likeliest first."""
    from rapidfuzz import fuzz

    wanted = asked(words)
    if not wanted:
        return []
    run, right = "".join(wanted), _right(goods, wanted)
    # as typed too: a slug or a name may have the words that are left out of a search
    runs = {run, "".join(words_of(words))}
    scores = {}
    for slug, one in goods.items():
        known = _known(one)
        like = max(fuzz.ratio(typed, name.run) for name in known.names for typed in runs)
        has = [word for word in wanted if _least(word, known) < (1 if word in right else FAR)]
        leading = [word for word in has if any(_slips(word, head) < FAR for head in known.heads)]
        letters = sum(len(word) for word in (*has, *leading))
        shared = 50 * letters / len(run)
        scores[slug] = max(like if like >= LIKE else 0, shared)
    ranked = sorted(scores, key=lambda slug: -scores[slug])[:most]
    floor = max(NEAR, scores[ranked[0]] - NEAR_BAND) if ranked else 0
    return [slug for slug in ranked if scores[slug] >= floor]


def nameless(hs: str) -> Hit:
    """Return an HS code that no goods of the catalogue have, as goods without a name."""
    return Hit(goods=Goods(slug="", name="", name_zh="", hs=hs, traits=()), by="hs", score=100)


def texts_of(one: Goods) -> Iterator[tuple[str, str]]:
    """Yield what goods are called, and which kind of name it is."""
    yield "slug", one.slug
    yield "name", one.name
    yield "name_zh", one.name_zh
    for synonym in one.also:
        yield "also", synonym


@lru_cache(maxsize=4096)
def _known(one: Goods) -> _Known:
    texts = list(texts_of(one))
    names = [_Name(kind, words_of(text)) for kind, text in texts if text]
    # a slug of several words may put materials behind: no head is read from it
    said = [parts_of(text)[:1] if kind != "also" else [text] for kind, text in texts[1:]]
    own = words_of(one.slug)
    if len(own) == 1:
        said.append([one.slug])
    heads = dict.fromkeys(head for parts in said for part in parts for head in heads_of(part))
    return _Known(tuple(name for name in names if name.words), tuple(heads))


def _right(goods: Mapping[str, Goods], wanted: tuple[str, ...]) -> frozenset[str]:
    """Return the words that some goods have, so that they are typed as they were meant."""
    known = [_known(one) for one in goods.values()]
    return frozenset(word for word in wanted if any(_least(word, one) == 0 for one in known))


def _answer(known: _Known, wanted: tuple[str, ...], right: frozenset[str]) -> _Found | None:
    """Return how goods answer the words, as typed or with two of them written as one."""
    ways = [wanted]
    for at in range(len(wanted) - 1):
        if not is_han(wanted[at] + wanted[at + 1]):
            ways.append((*wanted[:at], wanted[at] + wanted[at + 1], *wanted[at + 2 :]))
    found = [one for way in ways if (one := _matched(known, way, right)) is not None]
    return max(found, key=lambda one: one.score, default=None)


def _matched(known: _Known, wanted: tuple[str, ...], right: frozenset[str]) -> _Found | None:
    least = {word: _least(word, known) for word in wanted}
    if any(least[word] for word in right.intersection(wanted) if not is_idle(word)):
        return None
    least = {word: FAR if errors and word in right else errors for word, errors in least.items()}
    if all(is_idle(word) for word in wanted):
        needed = wanted
    else:
        needed = tuple(word for word in wanted if least[word] < FAR or not is_idle(word))
    if not needed or any(least[word] == FAR for word in needed):
        return None
    if not any(_leads(word, head, least[word]) for word in needed for head in known.heads):
        return None
    best = max(
        (_cover(name, needed, least) for name in known.names),
        key=lambda pair: (pair[0], pair[1]),
    )
    number, covered, kind = best
    return _Found(
        slips=sum(least[word] for word in needed),
        scattered=number < len(needed),
        covered=covered,
        by=kind,
    )


def _cover(
    name: _Name, wanted: tuple[str, ...], least: Mapping[str, int]
) -> tuple[int, float, str]:
    """Return how many of the words a name has, the share of it that they make, and its kind."""
    taken = {word: at for word in wanted if (at := _places(word, name, least[word]))}
    places = {at for found in taken.values() for at in found}
    whole = len(name.words)
    share = len(places) / whole
    if any(is_han(word) for word in name.words):
        letters = sum(len(word) for word in taken)
        share = min(1.0, letters / len(name.run))
    return len(taken), share, name.kind


def _places(word: str, name: _Name, slips: int) -> set[int]:
    """Return the places of a name's words that are a word with its least errors."""
    found = {at for at, one in enumerate(name.words) if _slips(word, one) <= slips}
    if found or is_han(word):
        return found
    for at in range(len(name.words) - 1):
        if _slips(word, name.words[at] + name.words[at + 1]) <= slips:
            return {at, at + 1}
    return set()


def _least(word: str, known: _Known) -> int:
    """Return the errors of a word against the nearest of all the words of goods."""
    least = FAR
    for name in known.names:
        for at, one in enumerate(name.words):
            least = min(least, _slips(word, one))
            if at and not is_han(word):
                least = min(least, _slips(word, name.words[at - 1] + one))
    return least


def _leads(word: str, head: str, slips: int) -> bool:
    """Tell whether a word is what goods are; in Chinese that stands at the end of a name."""
    end = (word if slips == 0 else word[-1]) if is_han(word) else ""
    return _slips(word, head) <= slips and head.endswith(end)


def _slips(word: str, name: str) -> int:
    if is_han(word) != is_han(name):
        return FAR
    return han_slips(word, name) if is_han(word) else slips(word, name)
