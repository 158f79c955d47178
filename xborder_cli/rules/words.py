"""Conditions, limits and amounts of a day in plain words, with the names that flags have."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xborder_cli.core.rule import Limit
from xborder_cli.core.wording import limit_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xborder_cli.core.rule import Dated, Test

_ONE_DIGIT = re.compile(r"(?<=\d\.\d)(?= [A-Z]{3}\b)")
_LONG = re.compile(r"(?<![\d.])(\d{5,})(?=(?:\.\d+)? [A-Z]{3}\b)")
_BUYERS = {
    "consumer": "the buyer is a consumer",
    "business": "the buyer is a business",
    "private": "it is a gift (buyer private)",
}
_MEASURES = {
    "goods": "goods",
    "unit_value": "price of a piece",
    "sides_sum": "sum of the sides",
    "parcels_this_year": "parcels of the buyer this year before this one",
    "parcels_this_half_year": "parcels of the buyer this half-year before this one",
    "used_this_year": "imports of the buyer this year before this one",
    "used_this_half_year": "imports of the buyer this half-year before this one",
    "declared_this_day": "declared for the buyer on the same day",
    "freight_to_border": "freight to the border",
    "freight_inland": "freight from the border on",
    "border_dues": "duty and tax due at the border",
    "checkout_dues": "duty and tax taken at checkout",
}


_DUES = {
    "border_dues": "duty or tax at the border",
    "checkout_dues": "duty or tax at checkout",
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What names mean here: unions by their members, the words of charges by their codes."""

    unions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def places(self, codes: Sequence[str], joint: str = "or") -> str:
        """Return countries, those of a whole union put as the union.

        >>> Vocabulary({"EU": ("DE", "FR")}).places(("DE", "FR", "CH"))
        'EU or CH'
        """
        left = list(codes)
        found = []
        for union, members in self.unions.items():
            if len(members) > 1 and set(members) <= set(left):
                found.append(union)
                left = [code for code in left if code not in members]
        return listed([*found, *left], joint)

    def all_of(self, tests: Iterable[Test]) -> str:
        """Return conditions that must all hold."""
        found = list(tests)
        words = [self.test(test) for test in found]
        if len(found) > 1:
            words = [
                f"({text})" if test.kind == "any" and len(test.groups) > 1 else text
                for test, text in zip(found, words, strict=True)
            ]
        return " and ".join(words)

    def none_of(self, tests: Iterable[Test]) -> str:
        """Return conditions of which none may hold."""
        return ", nor if ".join(self.test(test) for test in tests)

    def test(self, test: Test) -> str:
        """Return one condition of a day."""
        match test.kind:
            case "is":
                return self._known_before(test)
            case "number":
                return f"{measure(test.name)} {test.op} {bound(test.limit)}"
            case "line":
                return self._about("the item", test)
            case "every":
                return self._about("every item", test)
            case "some":
                return self._about("an item", test)
            case "any":
                groups = [self.all_of(group) for group in test.groups]
                return listed([f"({one})" if " and " in one else one for one in groups])
            case "unknown":
                return f"{measure(test.name)} is not stated"
        codes = listed([_DUES.get(code, code) for code in test.values])
        verb = {"applied": "applies", "exempted": "exempts the goods", "due": "is due"}
        return f"{codes} {verb.get(test.kind, test.kind)}"

    def _known_before(self, test: Test) -> str:
        values = test.values
        match test.name:
            case "buyer":
                return listed([_BUYERS.get(one, f"buyer {one}") for one in values])
            case "from":
                return f"sent from {self.places(values)}"
            case "to":
                return f"sent to {self.places(values)}"
            case "transport":
                return f"it comes by {listed(values)}"
            case "scheme":
                return f"scheme {listed(values)}"
            case "seller":
                return f"the seller is {listed(values)}"
            case "claim":
                return f"claim {listed(values)} is made"
            case "option":
                return f"option {listed(values)} is asked for"
        return f"{test.name} {listed(values)}"

    def _about(self, subject: str, test: Test) -> str:
        return f"{subject} {' and '.join(self._line(one) for one in test.tests)}"

    def _line(self, test: Test) -> str:
        if test.kind == "any":
            return listed([" and ".join(self._line(one) for one in group) for group in test.groups])
        if test.kind == "number" and test.name == "unit_value":
            limit = bound(test.limit)
            return f"costs {test.op} {limit}" + (" a piece" if "/" not in limit else "")
        if test.kind == "number":
            return f"has {measure(test.name)} {test.op} {bound(test.limit)}"
        if test.kind != "is":
            return self.test(test)
        match test.name:
            case "hs":
                return f"is of HS {hs_list(test.values)}"
            case "origin":
                return f"is made in {self.places(test.values)}"
            case "goods":
                return f"is {listed(test.values)}"
        return f"has {test.name} {listed(test.values)}"


def measure(name: str) -> str:
    """Return what a number or a part of a base is called."""
    return _MEASURES.get(name, name.replace("_", " "))


def bound(limit: Dated | None) -> str:
    """Return the limit of a day, or that there is none."""
    if limit is None or not limit.spans:
        return "a limit not tabled for this day"
    span = limit.spans[-1]
    if isinstance(span.value, Limit):
        return grouped(limit_text(span.value))
    return "a limit not yet known" if span.expected else "no limit"


def grouped(text: str) -> str:
    """Return a text with commas in long amounts of money, and no amount with a single decimal.

    >>> grouped("up to 200000 JPY, HS 610910, 1000 CNY, 7.2 USD")
    'up to 200,000 JPY, HS 610910, 1000 CNY, 7.20 USD'
    """
    return _ONE_DIGIT.sub("0", _LONG.sub(lambda found: f"{int(found[1]):,}", text))


def listed(words: Sequence[str], joint: str = "or") -> str:
    """Return words as a list of a sentence.

    >>> listed(["a"]), listed(["a", "b", "c"]), listed([])
    ('a', 'a, b or c', '')
    """
    if len(words) < 2 or joint == ",":
        return ", ".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"


def hs_list(codes: Sequence[str], joint: str = "or") -> str:
    """Return HS codes, neighbours drawn together.

    >>> hs_list(("2203", "2204", "2205", "24", "3303"))
    '2203 to 2205, 24 or 3303'
    """
    runs: list[list[str]] = []
    for code in codes:
        last = runs[-1][-1] if runs else ""
        if len(last) == len(code) and last.isdigit() and int(code) == int(last) + 1:
            runs[-1].append(code)
        else:
            runs.append([code])
    words = []
    for run in runs:
        words += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else run
    return listed(words, joint)
