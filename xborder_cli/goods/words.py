"""Words of names and of questions: how they are cut, and how far one is from another."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_HAN: Final = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_WORD: Final = re.compile("[a-z0-9\u3400-\u9fff\U00020000-\U0003ffff]+")
_PARTS: Final = re.compile(r"[,/();，、（）]")
# a letter and a hyphen belong to the word behind them: T-shirt, e-bike
_LETTER: Final = re.compile(r"\b([a-z])-(?=[a-z])")
# before them stands what a thing is, behind them what it has: cable with connectors
_BEHIND: Final = frozenset(
    ("by", "covering", "for", "from", "in", "of", "on", "other", "over", "than", "to", "up")
) | {"with", "without"}
_SMALL: Final = _BEHIND | {"a", "an", "and", "or", "the"}
# no tariff asks for them, so that goods without them may be meant all the same
_IDLE: Final = frozenset(
    ("beige", "best", "big", "black", "blue", "brown", "cheap", "gray", "green", "grey", "large")
) | {"medium", "mini", "new", "orange", "pink", "purple", "red", "small", "white", "yellow"}
FAR: Final = 99  # more than any typing error


def is_han(word: str) -> bool:
    """Tell whether a word is written in Chinese, wholly or in part."""
    return bool(_HAN.search(word))


def is_idle(word: str) -> bool:
    """Tell whether goods may be meant that do not have the word, such as a colour."""
    return word in _IDLE


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, in small letters without accents and signs.

    >>> words_of("Men's T-shirt, quick-dry"), words_of("USB充电器 (白)")
    (('men', 'tshirt', 'quick', 'dry'), ('usb充电器', '白'))
    """
    return tuple(_WORD.findall(_folded(text)))


def asked(text: str) -> tuple[str, ...]:
    """Return the words of a question, without those that only join others.

    >>> asked("a case for the phone"), asked("over")
    (('case', 'phone'), ('over',))
    """
    words = words_of(text)
    return tuple(word for word in words if word not in _SMALL) or words


def parts_of(text: str) -> list[str]:
    """Return what stands between commas, strokes and brackets.

    >>> parts_of("Pillow, cushion"), parts_of("LED lamp (bulb)")
    (['Pillow', 'cushion'], ['LED lamp', 'bulb'])
    """
    return [part.strip() for part in _PARTS.split(text) if part.strip()]


def heads_of(part: str) -> tuple[str, ...]:
    """Return the word that says what a thing is, and the same written in one with that before.

    It is the last one, before any "with" or "up to".

    >>> heads_of("USB cable with connectors"), heads_of("pop-up tent"), heads_of("塑料手机壳")
    (('cable', 'usbcable'), ('tent', 'uptent'), ('塑料手机壳',))
    """
    said: list[str] = []
    for piece in part.split():
        if said and piece.lower() in _BEHIND:
            break
        said += words_of(piece)
    return (said[-1], said[-2] + said[-1]) if len(said) > 1 else tuple(said)


@lru_cache(maxsize=65536)
def slips(word: str, other: str) -> int:
    """Return the typing errors between two words, singular or plural; FAR if they are too many.

    Words of up to 3 letters take none, of up to 6 one, longer ones two; one of the first two
    letters has to be right, as it nearly always is.

    >>> slips("knives", "knife"), slips("sneekers", "sneaker"), slips("jens", "jeans")
    (0, 1, 1)
    >>> slips("cheese", "chelsea"), slips("jens", "mens"), slips("lego", "leg")
    (99, 99, 99)
    """
    from rapidfuzz.distance import DamerauLevenshtein

    ones, others = _forms(word), _forms(other)
    if not ones.isdisjoint(others):
        return 0
    least = FAR
    for one in ones:
        for name in others:
            most = _most(min(len(one), len(name)))
            if abs(len(one) - len(name)) > most or not _begin_alike(one, name):
                continue
            found = DamerauLevenshtein.distance(one, name, score_cutoff=most)
            if found <= most and not any(letter.isdigit() for letter in one + name):
                least = min(least, found)
    return least


@lru_cache(maxsize=65536)
def han_slips(word: str, name: str) -> int:
    """Return how many characters of a Chinese word a name lacks; FAR if it is another thing.

    What a thing is stands at the end: a name that lacks characters has to have the last two.

    >>> han_slips("手机壳", "塑料手机壳"), han_slips("电动车", "电动自行车")
    (0, 1)
    >>> han_slips("苹果手机壳", "手机壳"), han_slips("不锈钢刀", "不锈钢锅")
    (2, 99)
    """
    from rapidfuzz.distance import LCSseq

    if word in name:
        return 0
    shared = int(LCSseq.similarity(word, name))
    if shared == len(word) > 1:
        return 1
    alike = len(word) > 2 and name.endswith(word[-2:]) and shared * 2 >= len(word)
    return len(word) - shared if alike else FAR


def _most(letters: int) -> int:
    return 0 if letters <= 3 else 1 if letters <= 6 else 2


def _begin_alike(one: str, other: str) -> bool:
    return one[0] in other[:2] or other[0] in one[:2]


@lru_cache(maxsize=65536)
def _forms(word: str) -> frozenset[str]:
    """Return a word and what may be its singular.

    Several, as spelling does not tell "gloves" from "knives"; wrong ones harm nothing, as no
    other word is written so.
    """
    found = {word}
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        found.add(word[:-1])
        if word.endswith(("ches", "shes", "sses", "xes", "zes", "oes")):
            found.add(word[:-2])
        if word.endswith("ies"):
            found.add(word[:-3] + "y")
        if word.endswith("ves"):
            found |= {word[:-3] + "f", word[:-3] + "fe"}
    return frozenset(found)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("\u2019", "'"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = re.sub(r"'s?\b", "", plain)
    return _LETTER.sub(r"\1", plain)
