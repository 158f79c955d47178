"""Duty expressions as the tariffs of the EU and the UK print them -> rates of our tables, or words.

    duty    = sum ["MIN" sum] ["MAX" sum]
    sum     = term {"+" term}
    term    = NUM "%" | NUM money ["/"] unit | "NIHIL"
    clauses = "Cond:" clause {";" clause}        only certificates: what is due without one

What this grammar does not read is kept in words; it is never taken for 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from xborder_cli.tariffs.taric_data import table

_BLANKS: Final = re.compile(r"[\s\u200b\u2060\ufeff]+")
_TAGS: Final = re.compile(r"</?(?:span|abbr|sup|sub|strong|b|i|em|br)\b[^<>]*>", re.IGNORECASE)
_NUM: Final = r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,15}(?:\.\d{1,15})?"
_CLAMP: Final = re.compile(r"(?<![A-Za-z])(MIN|MAX)(?![A-Za-z])", re.IGNORECASE)
_PERCENT: Final = re.compile(rf"({_NUM})\s*%")
_BARE: Final = re.compile(_NUM)
# what makes no difference in a unit: blanks, slashes, the comma of "1,000 p/st"
_GLUE: Final = re.compile(r"[\s/]+|(?<=\d),(?=\d{3})")
_CODE: Final = re.compile(r"[A-Z]{3}(?: [A-Z])?")  # TARIC's code of a unit and its qualifier
_CLAUSE: Final = re.compile(
    r"([A-Z]{1,2})\s*(?:cert:\s*([0-9A-Z]\s*-\s*[0-9A-Z]+)\s*)?\((\d\d)\)\s*:\s*(.*)"
)
_APPLY: Final = "01"  # action of a clause: apply the rate that follows
# why a text is kept in words: the first that is found in it
_REASONS: Final = (
    ("agricultural-element", re.compile(r"\b(?:EAR?|AC|ADSZR?|ADFMR?)\b")),
    ("entry-price", re.compile(r"entry price|\bV\s+[\d,.]+\s*[A-Z]{3}\s*/", re.IGNORECASE)),
    ("condition", re.compile(r"^Cond\b", re.IGNORECASE)),
    (
        "season",
        re.compile(
            r"\b\d{1,2}\s*(?:JAN|FEB|MAR|APR|MAY|JUNE?|JULY?|AUG|SEP|OCT|NOV|DEC)", re.IGNORECASE
        ),
    ),
    ("supplementary-unit", re.compile(rf"^{_CODE.pattern}$")),
)
NO_RATE: Final = "no-rate"


@dataclass(frozen=True, slots=True)
class Duty:
    """A rate as our tables write it, and what was printed."""

    rate: str  # TERMS, or words in quotes
    form: str  # free, ad-valorem, specific, compound, min-max, ...; of words: why
    printed: str
    note: str = ""

    @property
    def read(self) -> bool:
        """Tell whether it is a rate and not words."""
        return not self.rate.startswith('"')


class _NotRead(Exception):  # noqa: N818 - no fault: words follow
    """A piece that no pattern reads, and why when that is known."""


@lru_cache(maxsize=65_536)
def read_duty(text: str) -> Duty:
    """Return the rate of a printed duty expression.

    >>> read_duty("10.20% + 93.10 EUR / 100 kg").rate
    '10.2 % + 93.1 EUR / 100 kg'
    >>> read_duty("4.50% MIN 0.30 EUR / item MAX 0.80 EUR / item").rate
    '4.5 % min 0.3 EUR / item max 0.8 EUR / item'
    >>> read_duty("1.75 EUR / % vol / hl").rate
    '1.75 EUR / litre_alcohol'
    >>> read_duty("8.30% +  EA MAX 18.70%  + ADSZ").rate
    '"words: 8.30% + EA MAX 18.70% + ADSZ"'
    """
    printed = _BLANKS.sub(" ", _TAGS.sub("", text)).strip()
    if not printed:
        return Duty(words("no rate printed"), NO_RATE, "")
    try:
        if printed[:5].lower() == "cond:":
            return _without_certificate(printed)
        rate, form = _clamped(printed)
    except _NotRead as fault:
        why = next((name for name, found in _REASONS if found.search(printed)), "")
        return Duty(words(printed), why or str(fault) or "words", printed)
    note = "the percent sign is missing in print" if form == "percent-sign-missing" else ""
    return Duty(rate, form, printed, note)


def words(text: str) -> str:
    """Return a rate in words as a cell of a table: in quotes, without double quotes inside.

    >>> words("see note 3")
    '"words: see note 3"'
    """
    return f'"words: {_BLANKS.sub(" ", text).strip().replace(chr(34), chr(39))}"'


def plus(one: Duty, other: Duty) -> Duty:
    """Return two duties that are due together, as one rate.

    >>> plus(read_duty("62.1 %"), read_duty("17.200 %")).rate
    '62.1 % + 17.2 %'
    """
    printed = f"{one.printed} and {other.printed}"
    if one.read and other.read and "min-max" not in (one.form, other.form):
        return Duty(f"{one.rate} + {other.rate}", "compound", printed)
    return Duty(words(printed), "words", printed)


def _clamped(text: str) -> tuple[str, str]:
    head, *rest = (piece.strip() for piece in _CLAMP.split(text))
    rate, form = _sum(head)
    limits: dict[str, str] = {}
    for which, piece in zip(rest[::2], rest[1::2], strict=True):
        if which.lower() in limits:
            raise _NotRead
        limits[which.lower()] = _sum(piece)[0]
    for which in ("min", "max"):
        if which in limits:
            rate, form = f"{rate} {which} {limits[which]}", "min-max"
    return rate, form


def _sum(text: str) -> tuple[str, str]:
    pieces = [piece.strip() for piece in text.split("+")]
    unsigned = len(pieces) > 1 and _BARE.fullmatch(pieces[0]) is not None
    if unsigned:  # only a percent has no unit: "6.4 + 24.6 EUR/100 kg"
        pieces[0] += " %"
    terms = [_term(piece) for piece in pieces]
    if unsigned and not all("/" in term for term in terms[1:]):
        raise _NotRead
    if len(terms) > 1:
        return " + ".join(terms), "percent-sign-missing" if unsigned else "compound"
    if terms[0].endswith("%"):
        return terms[0], "free" if terms[0] == "0 %" else "ad-valorem"
    return terms[0], "specific"


def _term(text: str) -> str:
    if text.upper() == "NIHIL":
        return "0 %"
    if found := _PERCENT.fullmatch(text):
        return f"{_number(found[1])} %"
    money, unit = _printed()
    found = money.fullmatch(text)
    if found is None:
        raise _NotRead
    amount, sign, per = (found[1], found[2], found[3]) if found[1] else found.group(5, 4, 6)
    ours = unit.get(_GLUE.sub("", per).lower())
    number = _number(amount)
    if ours is None and number == "0" and _CODE.fullmatch(per):
        return "0 %"  # nothing per unit is nothing, whatever the unit counts
    if ours is None:
        raise _NotRead("unknown-unit")
    return f"{number} {_signs()[sign]} / {ours}"


def _without_certificate(text: str) -> Duty:
    """Return what is due when none of the certificates is shown, where clauses ask only for them.

    >>> read_duty("Cond: A cert: D-008 (01):39.900 % ; A (01):54.900 %").rate
    '54.9 %'
    """
    clauses = [_CLAUSE.fullmatch(piece.strip()) for piece in text[5:].split(";")]
    found = [clause for clause in clauses if clause is not None]
    plain = [clause for clause in found if not clause[2]]
    if (
        len(found) < len(clauses)
        or len(plain) != 1
        or plain[0] is not found[-1]
        or len({clause[1] for clause in found}) > 1
        or any(clause[3] != _APPLY for clause in found)
    ):
        raise _NotRead("condition")
    shown = [f"{_clamped(clause[4].strip())[0]} with {clause[2]}" for clause in found[:-1]]
    rate, _ = _clamped(plain[0][4].strip())
    return Duty(rate, "without-certificate", text, "; ".join(shown))


def _number(text: str) -> str:
    """Return a number without needless zeros."""
    text = text.replace(",", "")
    whole, point, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole.lstrip('0') or '0'}{point if fraction else ''}{fraction}"


@cache
def _signs() -> dict[str, str]:
    return {row["printed"]: row["ours"] for row in table("eu_units") if row["kind"] == "money"}


@cache
def _printed() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return the pattern of money per unit, and our units by the printed ones."""
    signs = "|".join(re.escape(sign) for sign in _signs())
    pattern = rf"({_NUM})\s*({signs})[\s/]+(\S.*)|({signs})\s*({_NUM})\s*/\s*(\S.*)"
    units = {row["printed"]: row["ours"] for row in table("eu_units") if row["kind"] == "unit"}
    return re.compile(pattern), units
